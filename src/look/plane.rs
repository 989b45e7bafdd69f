//! Rows of many numbers as points of a plane: the one in which they differ the most (principal components, Pearson 1901).

/// Rounds of looking for it; each brings it nearer by how much the rest is less.
const ROUNDS: usize = 60;

/// Two numbers for each row of `width`; rows of two are what they are. From look to look the same plane is turned the same way.
pub fn flat(rows: &[f32], width: usize) -> Vec<f32> {
    if width == 2 {
        return rows.to_vec();
    }
    let count = (rows.len() / width).max(1) as f64;
    let mean: Vec<f64> =
        (0..width).map(|k| rows.iter().skip(k).step_by(width).map(|&x| f64::from(x)).sum::<f64>() / count).collect();
    let centred: Vec<Vec<f64>> = rows
        .chunks_exact(width)
        .map(|row| row.iter().zip(&mean).map(|(&x, mean)| f64::from(x) - mean).collect())
        .collect();
    let mut covariance = vec![vec![0.0; width]; width];
    for row in &centred {
        for (line, a) in covariance.iter_mut().zip(row) {
            line.iter_mut().zip(row).for_each(|(sum, b)| *sum += a * b);
        }
    }
    // Always from the same directions, none of which is likely to miss what is sought.
    let mut axes =
        [1.0_f64, 2.0].map(|turn| (0..width).map(|k| libm::sin(turn * (k as f64 + 1.0))).collect::<Vec<f64>>());
    for _ in 0..ROUNDS {
        axes = axes.map(|axis| covariance.iter().map(|line| dot(line, &axis)).collect());
        let shared = dot(&axes[0], &axes[1]) / dot(&axes[0], &axes[0]).max(f64::MIN_POSITIVE);
        let [first, second] = &mut axes;
        second.iter_mut().zip(first.iter()).for_each(|(x, other)| *x -= shared * other);
        axes.iter_mut().for_each(|axis| {
            let length = dot(axis, axis).sqrt().max(f64::MIN_POSITIVE);
            axis.iter_mut().for_each(|x| *x /= length);
        });
    }
    centred.iter().flat_map(|row| axes.each_ref().map(|axis| dot(row, axis) as f32)).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// A square that holds these points. It is one of few sizes at one of few places, so that it rests from look to look.
pub fn square(points: &[f32]) -> [f64; 4] {
    let ends = |axis: usize| {
        let along = points.iter().skip(axis).step_by(2).map(|&x| f64::from(x)).filter(|x| x.is_finite());
        along.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)))
    };
    let ends = [ends(0), ends(1)].map(|(low, high)| if low <= high { (low, high) } else { (0.0, 0.0) });
    let most = ends.iter().map(|(low, high)| (high - low) / 2.0).fold(1e-6, f64::max);
    // Its middle is off by an eighth of it at most.
    let wanted = most * 8.0 / 7.0;
    let power = libm::pow(10.0, libm::log10(wanted).floor());
    let size = [1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0].into_iter().find(|k| k * power >= wanted).unwrap_or(10.0) * power;
    let middle = ends.map(|(low, high)| ((low + high) / 2.0 / (size / 4.0)).round() * (size / 4.0));
    [middle[0] - size, middle[1] - size, middle[0] + size, middle[1] + size]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    #[test]
    fn rows_lie_in_the_plane_in_which_they_differ_the_most() {
        // Of five numbers the fourth differs by 5, the second by 3, the others by .1.
        let mut rng = Rng::stream(4, "plane");
        let rows: Vec<f32> =
            (0..400).flat_map(|_| [0.1, 3.0, 0.1, 5.0, 0.1].map(|s| (7.0 + s * rng.normal()) as f32)).collect();
        let found = flat(&rows, 5);
        let column = |of: &[f32], width: usize, k: usize| -> Vec<f64> {
            of.iter().skip(k).step_by(width).map(|&x| f64::from(x)).collect()
        };
        let correlation = |a: &[f64], b: &[f64]| {
            let mean = |x: &[f64]| x.iter().sum::<f64>() / x.len() as f64;
            let centred = |x: &[f64]| x.iter().map(|v| v - mean(x)).collect::<Vec<_>>();
            let (a, b) = (centred(a), centred(b));
            dot(&a, &b) / (dot(&a, &a) * dot(&b, &b)).sqrt()
        };
        for (axis, number) in [(0, 3), (1, 1)] {
            let found = correlation(&column(&found, 2, axis), &column(&rows, 5, number)).abs();
            assert!(found > 0.97, "axis {axis}: {found}");
        }
        assert_eq!(flat(&rows[..4], 2), rows[..4], "what lies in a plane stays");
    }

    #[test]
    fn the_square_holds_all_of_it_and_is_one_of_few() {
        assert_eq!(square(&[0.3, -1.7, -0.3, 1.7]), [-2.0, -2.0, 2.0, 2.0]);
        assert_eq!(square(&[0.35, -1.6, -0.3, 1.7]), [-2.0, -2.0, 2.0, 2.0]);
        let points = [3.0, 9.0, 5.5, f32::NAN, 4.0, 8.0];
        let [x0, y0, x1, y1] = square(&points);
        assert!(x0 <= 3.0 && x1 >= 5.5 && y0 <= 8.0 && y1 >= 9.0, "{x0} {y0} {x1} {y1}");
        assert!((x1 - x0 - (y1 - y0)).abs() < 1e-12 && x1 - x0 <= 4.0);
        assert!(square(&[f32::NAN; 4]).iter().all(|x| x.is_finite()));
    }
}
