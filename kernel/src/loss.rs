//! A loss over scores as plain data, and its gradient.

/// A function of one score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Curve {
    /// softplus(s)
    Softplus,
    /// softplus(−s)
    SoftplusOfMinus,
    /// (s − target)²
    SquareTo(f32),
    /// s
    Identity,
}

/// A part of a loss: `weight` times the mean of `curve` over `rows` scores.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Term {
    /// How many of the scores, from where the term before ends.
    pub rows: usize,
    /// The function of a score.
    pub curve: Curve,
    /// Its factor.
    pub weight: f32,
}

/// The loss: the sum of the terms, each the mean of a curve over its rows. Sums are taken in 64 bits.
///
/// # Panics
/// If the terms do not cover the scores exactly.
pub fn loss(scores: &[f32], terms: &[Term]) -> f32 {
    let mut rest = scores;
    let mut loss = 0.0;
    for term in terms {
        let (rows, after) = rest.split_at(term.rows);
        rest = after;
        let sum: f64 = rows.iter().map(|&s| f64::from(value(term.curve, s))).sum();
        loss += f64::from(term.weight) * sum / rows.len() as f64;
    }
    assert!(rest.is_empty(), "the terms cover all scores");
    loss as f32
}

/// The gradient of [`loss`] in each score, times `upstream`.
///
/// # Panics
/// If the terms do not cover the scores exactly.
pub fn loss_gradient(scores: &[f32], terms: &[Term], upstream: f32) -> Vec<f32> {
    let mut gradient = Vec::with_capacity(scores.len());
    let mut rest = scores;
    for term in terms {
        let (rows, after) = rest.split_at(term.rows);
        rest = after;
        let scale = upstream * term.weight / rows.len() as f32;
        gradient.extend(rows.iter().map(|&s| scale * slope(term.curve, s)));
    }
    assert!(rest.is_empty(), "the terms cover all scores");
    gradient
}

fn value(curve: Curve, s: f32) -> f32 {
    match curve {
        Curve::Softplus => softplus(s),
        Curve::SoftplusOfMinus => softplus(-s),
        Curve::SquareTo(target) => (s - target) * (s - target),
        Curve::Identity => s,
    }
}

fn slope(curve: Curve, s: f32) -> f32 {
    match curve {
        Curve::Softplus => sigmoid(s),
        Curve::SoftplusOfMinus => -sigmoid(-s),
        Curve::SquareTo(target) => 2.0 * (s - target),
        Curve::Identity => 1.0,
    }
}

/// log(1 + eˢ) without overflow.
fn softplus(s: f32) -> f32 {
    // Written so that a NaN stays one.
    let above = if s < 0.0 { 0.0 } else { s };
    above + libm::log1pf(libm::expf(-s.abs()))
}

/// 1 / (1 + e⁻ˢ) without overflow.
fn sigmoid(s: f32) -> f32 {
    let e = libm::expf(-s.abs());
    if s >= 0.0 { 1.0 / (1.0 + e) } else { e / (1.0 + e) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slopes_are_those_of_differences() {
        for curve in [Curve::Softplus, Curve::SoftplusOfMinus, Curve::SquareTo(1.0), Curve::Identity] {
            for i in -60..=60 {
                let (s, h) = (i as f32 * 0.1, 1e-2);
                let difference = (value(curve, s + h) - value(curve, s - h)) / (2.0 * h);
                assert!(
                    (slope(curve, s) - difference).abs() < 1e-3,
                    "{curve:?} at {s}: {}, not {difference}",
                    slope(curve, s)
                );
            }
        }
    }

    #[test]
    fn extreme_scores_stay_finite_and_nan_stays_nan() {
        for curve in [Curve::Softplus, Curve::SoftplusOfMinus] {
            for s in [-1e4, 1e4] {
                assert!(value(curve, s).is_finite() && slope(curve, s).is_finite());
            }
            assert!(value(curve, f32::NAN).is_nan() && slope(curve, f32::NAN).is_nan());
        }
    }
}
