//! The cross entropy of a softmax: how surprising the true classes are to scores.

/// The mean over rows of −Σ t log softmax(s). Sums are taken in 64 bits.
///
/// # Shapes
/// - `scores`, `targets`: rows × classes; a row of targets sums to 1
///
/// # Panics
/// If the two are not of one length, or no whole rows.
pub fn cross_entropy(scores: &[f32], targets: &[f32], classes: usize) -> f32 {
    assert!(scores.len() == targets.len() && scores.len().is_multiple_of(classes), "whole rows of both");
    let rows = (scores.len() / classes).max(1) as f64;
    let sum: f64 = scores
        .chunks_exact(classes)
        .zip(targets.chunks_exact(classes))
        .map(|(s, t)| {
            let (most, total) = total(s);
            let log = f64::from(most) + libm::log(total);
            s.iter().zip(t).map(|(s, t)| f64::from(*t) * (log - f64::from(*s))).sum::<f64>()
        })
        .sum();
    (sum / rows) as f32
}

/// The gradient of [`cross_entropy`] in the scores, times `upstream`: (softmax(s) − t) over the number of rows.
///
/// # Panics
/// If the two are not of one length, or no whole rows.
pub fn cross_entropy_gradient(scores: &[f32], targets: &[f32], classes: usize, upstream: f32) -> Vec<f32> {
    assert!(scores.len() == targets.len() && scores.len().is_multiple_of(classes), "whole rows of both");
    let share = f64::from(upstream) / (scores.len() / classes).max(1) as f64;
    let mut gradient = Vec::with_capacity(scores.len());
    for (s, t) in scores.chunks_exact(classes).zip(targets.chunks_exact(classes)) {
        let (most, total) = total(s);
        gradient.extend(s.iter().zip(t).map(|(s, t)| {
            let p = libm::exp(f64::from(*s) - f64::from(most)) / total;
            (share * (p - f64::from(*t))) as f32
        }));
    }
    gradient
}

/// The largest score of a row, and Σ exp(s − largest).
fn total(row: &[f32]) -> (f32, f64) {
    // A NaN stays one.
    let most = row.iter().copied().fold(f32::NEG_INFINITY, |most, s| if s > most || s.is_nan() { s } else { most });
    (most, row.iter().map(|s| libm::exp(f64::from(*s) - f64::from(most))).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_that_of_the_formula_and_its_gradient_that_of_differences() {
        let scores: Vec<f32> = (0..12).map(|i| ((i * 37) % 11) as f32 / 3.0 - 1.5).collect();
        let mut targets = vec![0.0; 12];
        [2, 4 + 1, 8].iter().for_each(|&i| targets[i] = 1.0);
        let plain = |scores: &[f32]| -> f64 {
            let row = |(s, t): (&[f32], &[f32])| -> f64 {
                let total: f64 = s.iter().map(|s| f64::from(*s).exp()).sum();
                -s.iter().zip(t).map(|(s, t)| f64::from(*t) * (f64::from(*s).exp() / total).ln()).sum::<f64>()
            };
            scores.chunks(4).zip(targets.chunks(4)).map(row).sum::<f64>() / 3.0
        };
        assert!((f64::from(cross_entropy(&scores, &targets, 4)) - plain(&scores)).abs() < 1e-6);
        let gradient = cross_entropy_gradient(&scores, &targets, 4, 2.0);
        for i in 0..12 {
            let at = |h: f32| {
                let mut moved = scores.clone();
                moved[i] += h;
                plain(&moved)
            };
            let truth = (at(1e-2) - at(-1e-2)) / 2e-2 * 2.0;
            assert!((f64::from(gradient[i]) - truth).abs() < 1e-4, "{}, not {truth}", gradient[i]);
        }
    }

    #[test]
    fn extreme_scores_stay_finite_and_nan_stays_nan() {
        let targets = [1.0, 0.0];
        assert_eq!(cross_entropy(&[-500.0, 500.0], &targets, 2), 1000.0);
        assert_eq!(cross_entropy_gradient(&[-500.0, 500.0], &targets, 2, 1.0), [-1.0, 1.0]);
        assert!(cross_entropy(&[f32::NAN, 0.0], &targets, 2).is_nan());
        assert!(cross_entropy_gradient(&[0.0, f32::NAN], &targets, 2, 1.0).iter().all(|g| g.is_nan()));
    }
}
