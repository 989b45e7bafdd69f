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
    /// max(0, 1 + sign · s)
    Hinge(f32),
    /// exp(rate · s + shift)
    Exp {
        /// The factor of s.
        rate: f32,
        /// What is added to it.
        shift: f32,
    },
    /// tanh(s)
    Tanh,
}

impl Curve {
    /// Its value and its slope in 64 bits: the definition, which everything that computes it is checked against.
    pub fn exact(self, s: f64) -> (f64, f64) {
        let sigmoid = |s: f64| 1.0 / (1.0 + libm::exp(-s));
        match self {
            Self::Softplus => (s.max(0.0) + libm::log1p(libm::exp(-s.abs())), sigmoid(s)),
            Self::SoftplusOfMinus => ((-s).max(0.0) + libm::log1p(libm::exp(-s.abs())), -sigmoid(-s)),
            Self::SquareTo(target) => {
                let off = s - f64::from(target);
                (off * off, 2.0 * off)
            }
            Self::Identity => (s, 1.0),
            Self::Hinge(sign) => {
                let above = 1.0 + f64::from(sign) * s;
                if above > 0.0 { (above, f64::from(sign)) } else { (0.0, 0.0) }
            }
            Self::Exp { rate, shift } => {
                let value = libm::exp(f64::from(rate) * s + f64::from(shift));
                (value, f64::from(rate) * value)
            }
            Self::Tanh => {
                let value = libm::tanh(s);
                (value, 1.0 - value * value)
            }
        }
    }
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
        Curve::Hinge(sign) => {
            let above = 1.0 + sign * s;
            // Written so that a NaN stays one.
            if above <= 0.0 { 0.0 } else { above }
        }
        Curve::Exp { rate, shift } => libm::expf(rate * s + shift),
        Curve::Tanh => libm::tanhf(s),
    }
}

fn slope(curve: Curve, s: f32) -> f32 {
    match curve {
        Curve::Softplus => sigmoid(s),
        Curve::SoftplusOfMinus => -sigmoid(-s),
        Curve::SquareTo(target) => 2.0 * (s - target),
        Curve::Identity => 1.0,
        Curve::Hinge(sign) if s.is_nan() => sign * s,
        Curve::Hinge(sign) => {
            if 1.0 + sign * s > 0.0 {
                sign
            } else {
                0.0
            }
        }
        Curve::Exp { rate, shift } => rate * libm::expf(rate * s + shift),
        Curve::Tanh => {
            let value = libm::tanhf(s);
            1.0 - value * value
        }
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

    const CURVES: [Curve; 9] = [
        Curve::Softplus,
        Curve::SoftplusOfMinus,
        Curve::SquareTo(1.0),
        Curve::Identity,
        Curve::Hinge(1.0),
        Curve::Hinge(-1.0),
        Curve::Exp { rate: 1.0, shift: -1.0 },
        Curve::Exp { rate: -1.0, shift: 0.0 },
        Curve::Tanh,
    ];

    #[test]
    fn values_and_slopes_are_those_of_the_definition() {
        for curve in CURVES {
            for i in -60..=60 {
                // Not on the corner of a hinge.
                let s = i as f32 * 0.1 + 0.013;
                let (exact, exact_slope) = curve.exact(f64::from(s));
                let near = |found: f32, exact: f64| (f64::from(found) - exact).abs() < 1e-6 + 1e-5 * exact.abs();
                assert!(near(value(curve, s), exact), "{curve:?} at {s}: {}, not {exact}", value(curve, s));
                assert!(near(slope(curve, s), exact_slope), "{curve:?} at {s}: {}, not {exact_slope}", slope(curve, s));
                let h = 1e-5;
                let difference = (curve.exact(f64::from(s) + h).0 - curve.exact(f64::from(s) - h).0) / (2.0 * h);
                assert!((exact_slope - difference).abs() < 1e-6 * (1.0 + exact.abs()), "{curve:?} at {s}");
            }
            assert!(value(curve, f32::NAN).is_nan(), "{curve:?}");
            assert!(curve == Curve::Identity || slope(curve, f32::NAN).is_nan(), "{curve:?}");
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
