//! What is told of a batch as a whole beside each of its rows: how much rows differ, or how near each is to the others.

/// Added to a variance beneath the root (Karras et al. 2018, their code).
const TINY: f64 = 1e-8;

/// What is told of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crowd {
    /// The deviation of each number over the rows, its mean over the numbers: one number for all rows. Karras et al. 2018, “Progressive
    /// Growing of GANs” (arXiv 1710.10196), section 3.
    Deviation,
    /// Of rows of `count` matrices: in each, Σⱼ exp(−‖Mᵢ − Mⱼ‖₁) over the other rows of its group. Salimans et al. 2016, “Improved
    /// Techniques for Training GANs” (arXiv 1606.03498), section 3.2.
    Near {
        /// Matrices in a row, one after the other.
        count: usize,
        /// Rows that are compared with each other, one group after the other.
        group: usize,
    },
}

impl Crowd {
    /// Numbers that each row gets.
    pub fn extra(self) -> usize {
        match self {
            Self::Deviation => 1,
            Self::Near { count, .. } => count,
        }
    }
}

/// The mean of each column and its deviation.
fn spread(x: &[f32], columns: usize) -> [Vec<f64>; 2] {
    let rows = (x.len() / columns).max(1) as f64;
    let mut means = vec![0.0_f64; columns];
    for row in x.chunks_exact(columns) {
        means.iter_mut().zip(row).for_each(|(sum, x)| *sum += f64::from(*x));
    }
    means.iter_mut().for_each(|sum| *sum /= rows);
    let mut squares = vec![0.0_f64; columns];
    for row in x.chunks_exact(columns) {
        for ((sum, x), mean) in squares.iter_mut().zip(row).zip(&means) {
            let off = f64::from(*x) - mean;
            *sum += off * off;
        }
    }
    squares.iter_mut().for_each(|sum| *sum = (*sum / rows + TINY).sqrt());
    [means, squares]
}

/// Calls `each` for every pair of rows of a group, with their places, and for every matrix.
fn pairs(rows: usize, group: usize, count: usize, mut each: impl FnMut(usize, usize, usize)) {
    for i in 0..rows {
        let end = (i / group + 1) * group;
        for j in i + 1..end.min(rows) {
            (0..count).for_each(|b| each(i, j, b));
        }
    }
}

/// How near two rows are in a matrix.
fn near(one: &[f32], other: &[f32]) -> f32 {
    libm::expf(-one.iter().zip(other).map(|(a, b)| (a - b).abs()).sum::<f32>())
}

/// What is told of a batch: rows × extra.
///
/// # Shapes
/// - `x`: rows × columns, of matrices that are equally long
///
/// # Panics
/// If `x` does not hold whole rows.
pub fn crowd(of: Crowd, x: &[f32], columns: usize) -> Vec<f32> {
    let rows = x.len() / columns;
    match of {
        Crowd::Deviation => {
            let [_, deviations] = spread(x, columns);
            vec![(deviations.iter().sum::<f64>() / columns as f64) as f32; rows]
        }
        Crowd::Near { count, group } => {
            let long = columns / count;
            let part = |i: usize, b: usize| &x[i * columns + b * long..][..long];
            let mut found = vec![0.0_f32; rows * count];
            pairs(rows, group, count, |i, j, b| {
                let near = near(part(i, b), part(j, b));
                found[i * count + b] += near;
                found[j * count + b] += near;
            });
            found
        }
    }
}

/// The gradient of [`crowd`] in `x`, given that in what it tells.
///
/// # Panics
/// If a slice does not hold whole rows.
pub fn crowd_backward(of: Crowd, x: &[f32], dy: &[f32], columns: usize) -> Vec<f32> {
    let rows = x.len() / columns;
    match of {
        Crowd::Deviation => {
            let [means, deviations] = spread(x, columns);
            let all = dy.iter().map(|&d| f64::from(d)).sum::<f64>() / (rows * columns) as f64;
            let slopes: Vec<f64> = deviations.iter().map(|deviation| all / deviation).collect();
            let place = |(k, x): (usize, &f32)| ((f64::from(*x) - means[k % columns]) * slopes[k % columns]) as f32;
            x.iter().enumerate().map(place).collect()
        }
        Crowd::Near { count, group } => {
            let long = columns / count;
            let mut dx = vec![0.0_f32; x.len()];
            pairs(rows, group, count, |i, j, b| {
                let [one, other] = [i, j].map(|row| row * columns + b * long);
                let near = near(&x[one..one + long], &x[other..other + long]);
                let slope = near * (dy[i * count + b] + dy[j * count + b]);
                for k in 0..long {
                    let apart = x[one + k] - x[other + k];
                    // The absolute value has no slope at 0.
                    let by = if apart > 0.0 {
                        slope
                    } else if apart < 0.0 {
                        -slope
                    } else {
                        0.0 * apart
                    };
                    dx[one + k] -= by;
                    dx[other + k] += by;
                }
            });
            dx
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is told by its definition, in 64 bits.
    fn plain(of: Crowd, x: &[f64], columns: usize) -> Vec<f64> {
        let rows = x.len() / columns;
        match of {
            Crowd::Deviation => {
                let of = |k: usize| x.iter().skip(k).step_by(columns);
                let deviation = |k: usize| {
                    let mean = of(k).sum::<f64>() / rows as f64;
                    (of(k).map(|x| (x - mean).powi(2)).sum::<f64>() / rows as f64 + TINY).sqrt()
                };
                vec![(0..columns).map(deviation).sum::<f64>() / columns as f64; rows]
            }
            Crowd::Near { count, group } => {
                let long = columns / count;
                let far = |i: usize, j: usize, b: usize| -> f64 {
                    (b * long..(b + 1) * long).map(|k| (x[i * columns + k] - x[j * columns + k]).abs()).sum()
                };
                let others = |i: usize| (0..rows).filter(move |&j| j != i && j / group == i / group);
                let near = |i: usize, b: usize| others(i).map(|j| (-far(i, j, b)).exp()).sum();
                (0..rows).flat_map(|i| (0..count).map(move |b| (i, b))).map(|(i, b)| near(i, b)).collect()
            }
        }
    }

    #[test]
    fn what_is_told_and_its_gradient_are_those_of_the_definition() {
        let numbers = |n: usize, salt: usize| -> Vec<f32> {
            (0..n).map(|i| ((i * 37 + i / 7 * 5 + salt * 11) % 101) as f32 / 101.0 - 0.3).collect()
        };
        for (of, rows) in [
            (Crowd::Deviation, 7),
            (Crowd::Deviation, 2),
            (Crowd::Deviation, 1),
            (Crowd::Near { count: 3, group: 6 }, 6),
            (Crowd::Near { count: 3, group: 3 }, 6),
            (Crowd::Near { count: 1, group: 1 }, 2),
        ] {
            let columns = 6;
            let (x, dy) = (numbers(rows * columns, 1), numbers(rows * of.extra(), 3));
            let wide: Vec<f64> = x.iter().map(|&x| f64::from(x)).collect();
            let found = crowd(of, &x, columns);
            for (found, truth) in found.iter().zip(plain(of, &wide, columns)) {
                assert!((f64::from(*found) - truth).abs() < 1e-5, "{of:?}: {found}, not {truth}");
            }
            for (i, found) in crowd_backward(of, &x, &dy, columns).into_iter().enumerate() {
                let at = |h: f64| -> f64 {
                    let mut moved = wide.clone();
                    moved[i] += h;
                    plain(of, &moved, columns).iter().zip(&dy).map(|(y, d)| y * f64::from(*d)).sum()
                };
                let truth = (at(1e-6) - at(-1e-6)) / 2e-6;
                assert!((f64::from(found) - truth).abs() < 1e-4, "{of:?}, {rows} rows: {found}, not {truth}");
            }
        }
        assert!(crowd(Crowd::Deviation, &[f32::NAN, 1.0], 1).iter().all(|x| x.is_nan()), "a NaN stays one");
    }
}
