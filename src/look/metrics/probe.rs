//! How much of the classes a straight cut through some numbers finds: a linear probe (Alain and Bengio 2016, “Understanding
//! intermediate layers using linear classifier probes”, arXiv 1610.01644).

use nalgebra::{DMatrix, DVector};

/// A linear classifier: ridge regression on a 1 in the place of each row's class. Its strength is the one of least generalised
/// cross-validation (Golub, Heath and Wahba 1979).
pub struct Probe {
    mean: DVector<f64>,
    /// `[width, classes]`
    weights: DMatrix<f64>,
    /// The share of each class.
    shares: DVector<f64>,
}

/// Strengths that are tried, as powers of ten of the mean square along an axis.
const STRENGTHS: std::ops::RangeInclusive<i32> = -6..=2;

/// What is less than this share of the largest is 0, but for rounding.
const NOTHING: f64 = 1e-12;

impl Probe {
    /// From labelled rows of `width` numbers, at least two.
    pub fn of(rows: &[f32], width: usize, labels: &[u8], classes: usize) -> Self {
        let count = labels.len();
        let x = DMatrix::from_fn(count, width, |i, j| f64::from(rows[i * width + j]));
        let y = DMatrix::from_fn(count, classes, |i, class| f64::from(u8::from(usize::from(labels[i]) == class)));
        let mean_of = |of: &DMatrix<f64>| of.row_sum_tr() / count as f64;
        let (mean, shares) = (mean_of(&x), mean_of(&y));
        let centred =
            |of: &DMatrix<f64>, by: &DVector<f64>| DMatrix::from_fn(of.nrows(), of.ncols(), |i, j| of[(i, j)] - by[j]);
        let (x, y) = (centred(&x, &mean), centred(&y, &shares));
        let weights = if count > width { Self::by_columns(&x, &y) } else { Self::by_rows(&x, &y) };
        Self { mean, weights, shares }
    }

    /// The weights by the eigenvectors of XᵀX.
    fn by_columns(x: &DMatrix<f64>, y: &DMatrix<f64>) -> DMatrix<f64> {
        let eigen = x.tr_mul(x).symmetric_eigen();
        let mut along = eigen.eigenvectors.tr_mul(&x.tr_mul(y));
        let most = eigen.eigenvalues.amax() * NOTHING;
        let of_y: Vec<f64> = (eigen.eigenvalues.iter().zip(along.row_iter()))
            .map(|(&value, row)| if value > most { row.norm_squared() / value } else { 0.0 })
            .collect();
        let strength = strength(eigen.eigenvalues.as_slice(), &of_y, y);
        for (mut row, value) in along.row_iter_mut().zip(&eigen.eigenvalues) {
            row /= value.max(0.0) + strength;
        }
        eigen.eigenvectors * along
    }

    /// The same by those of XXᵀ, where rows are fewer than columns.
    fn by_rows(x: &DMatrix<f64>, y: &DMatrix<f64>) -> DMatrix<f64> {
        let eigen = (x * x.transpose()).symmetric_eigen();
        let mut along = eigen.eigenvectors.tr_mul(y);
        let of_y: Vec<f64> = along.row_iter().map(|row| row.norm_squared()).collect();
        let strength = strength(eigen.eigenvalues.as_slice(), &of_y, y);
        for (mut row, value) in along.row_iter_mut().zip(&eigen.eigenvalues) {
            row /= value.max(0.0) + strength;
        }
        x.tr_mul(&(eigen.eigenvectors * along))
    }

    /// The share of rows that it names rightly.
    pub fn accuracy(&self, rows: &[f32], labels: &[u8]) -> f64 {
        let width = self.mean.len();
        let right = rows.chunks_exact(width).zip(labels).filter(|(row, label)| self.name(row) == usize::from(**label));
        right.count() as f64 / labels.len().max(1) as f64
    }

    /// The class of a row.
    fn name(&self, row: &[f32]) -> usize {
        let row = DVector::from_iterator(row.len(), row.iter().map(|&x| f64::from(x))) - &self.mean;
        (self.weights.tr_mul(&row) + &self.shares).imax()
    }
}

/// The strength of least generalised cross-validation, from the eigenvalues and how much of y is along each.
fn strength(values: &[f64], of_y: &[f64], y: &DMatrix<f64>) -> f64 {
    let (count, all) = (y.nrows() as f64, y.norm_squared());
    let unit = (values.iter().sum::<f64>() / values.len() as f64).max(f64::MIN_POSITIVE);
    let score = |strength: f64| {
        let kept = values.iter().map(|value| value.max(0.0) / (value.max(0.0) + strength));
        let (mut left, mut free) = (all, 1.0);
        for (kept, of_y) in kept.zip(of_y) {
            left -= of_y * (1.0 - (1.0 - kept).powi(2));
            free += kept;
        }
        let rest = 1.0 - free / count;
        if rest > 0.0 { left / (rest * rest) } else { f64::INFINITY }
    };
    let tried = STRENGTHS.map(|power| unit * 10.0_f64.powi(power));
    tried.min_by(|a, b| score(*a).total_cmp(&score(*b))).expect("some are tried")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    /// Rows of three numbers around the corners of a triangle.
    fn rows(count: usize, spread: f64, rng: &mut Rng) -> (Vec<f32>, Vec<u8>) {
        let labels: Vec<u8> = (0..count).map(|i| (i % 3) as u8).collect();
        let corner = |label: u8, k: usize| if usize::from(label) == k { 2.0 } else { 0.0 };
        let rows = labels.iter().flat_map(|&label| [0, 1, 2].map(|k| corner(label, k)));
        let rows: Vec<f64> = rows.collect();
        (rows.into_iter().map(|x| (x + spread * rng.normal()) as f32).collect(), labels)
    }

    #[test]
    fn what_lies_apart_is_told_apart_and_what_does_not_is_guessed() {
        let mut rng = Rng::stream(5, "probe");
        let ((train, labels), (test, truth)) = (rows(60, 0.2, &mut rng), rows(300, 0.2, &mut rng));
        assert!(Probe::of(&train, 3, &labels, 3).accuracy(&test, &truth) > 0.99);
        let (noise, _) = rows(300, 1e6, &mut rng);
        let guessed = Probe::of(&train, 3, &labels, 3).accuracy(&noise, &truth);
        assert!((guessed - 1.0 / 3.0).abs() < 0.12, "{guessed}");
    }

    #[test]
    fn both_ways_give_the_solution_of_the_normal_equations() {
        let mut rng = Rng::stream(6, "probe");
        for (count, width) in [(12, 4), (5, 9)] {
            let mut draw = |rows, columns| {
                let mut x = DMatrix::from_fn(rows, columns, |_, _| rng.normal());
                let mean = x.row_mean();
                x.row_iter_mut().for_each(|mut row| row -= &mean);
                x
            };
            let (x, y) = (draw(count, width), draw(count, 3));
            let [a, b] = [Probe::by_columns(&x, &y), Probe::by_rows(&x, &y)];
            // The strength that was chosen is the one for which either solves its equations.
            let solves = |found: &DMatrix<f64>| {
                STRENGTHS
                    .flat_map(|power| {
                        let side = [count, width].map(|n| x.norm_squared() / n as f64 * 10.0_f64.powi(power));
                        side.map(|strength| {
                            let square = x.tr_mul(&x) + DMatrix::identity(width, width) * strength;
                            (square * found - x.tr_mul(&y)).norm()
                        })
                    })
                    .fold(f64::INFINITY, f64::min)
            };
            assert!(solves(&a) < 1e-9 && solves(&b) < 1e-9, "{count} {width}: {} {}", solves(&a), solves(&b));
        }
    }

    #[test]
    fn the_strength_is_that_of_least_cross_validation() {
        // By hand: one column, so XᵀX is a number s and Xᵀy another, c; the residual is |y|² − c² (s + 2λ) / (s + λ)².
        let x = DMatrix::from_column_slice(4, 1, &[-1.5, -0.5, 0.5, 1.5]);
        let y = DMatrix::from_column_slice(4, 1, &[-1.0, 1.0, -1.0, 1.0]);
        let (s, c, all) = (5.0, 2.0, 4.0);
        let score = |l: f64| {
            let left = all - c * c * (s + 2.0 * l) / ((s + l) * (s + l));
            left / (1.0 - (1.0 + s / (s + l)) / 4.0_f64).powi(2)
        };
        let best = STRENGTHS.map(|power| s * 10.0_f64.powi(power)).min_by(|a, b| score(*a).total_cmp(&score(*b)));
        assert!((Probe::by_columns(&x, &y)[(0, 0)] - c / (s + best.unwrap())).abs() < 1e-12);
    }
}
