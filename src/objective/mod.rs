//! What the two players minimise: sums of functions of D's scores, as plain data.
//!
//! A score `s` is D's output before any squashing. For the cross-entropy games D(x) = σ(s), and the losses are written
//! with softplus(s) = log(1 + eˢ) = −log σ(−s), which does not overflow.

use burn::tensor::{Tensor, activation::log_sigmoid};

use crate::fused;
use crate::kernel::{Curve, Term};

/// The game's objective.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Objective {
    /// Goodfellow et al. 2014, equation 1: G minimises log(1 − D(G(z))).
    Minimax,
    /// Goodfellow et al. 2014, section 3: G maximises log D(G(z)) instead, whose gradient does not vanish when D wins.
    NonSaturating,
    /// Mao et al. 2017 (LSGAN), equation 9 with a = 0, b = c = 1: squared distances of the score to 1 and 0.
    LeastSquares,
}

impl Objective {
    /// Every choice: value in a link, title, explanation.
    pub const CHOICES: [(&'static str, &'static str, &'static str); 3] = [
        ("minimax", "minimax", "the original game: G minimises log(1 − D(G(z))); its gradient vanishes when D wins"),
        (
            "nonsaturating",
            "non-saturating",
            "G maximises log D(G(z)): the same fixed point, a gradient that does not vanish",
        ),
        ("leastsquares", "least squares", "LSGAN: squared distance of D's score to 1 for real and 0 for generated"),
    ];
    const ALL: [Self; 3] = [Self::Minimax, Self::NonSaturating, Self::LeastSquares];

    /// The name in a link.
    pub fn name(self) -> &'static str {
        Self::CHOICES[self as usize].0
    }

    /// The title on the page.
    pub fn title(self) -> &'static str {
        Self::CHOICES[self as usize].1
    }

    /// The objective of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|o| o.name() == name)
    }

    /// The loss that D minimises, over `real` scores of real samples and then `fake` ones of generated samples.
    pub fn discriminator(self, real: usize, fake: usize) -> [Term; 2] {
        match self {
            Self::Minimax | Self::NonSaturating => [
                Term { rows: real, curve: Curve::SoftplusOfMinus, weight: 1.0 },
                Term { rows: fake, curve: Curve::Softplus, weight: 1.0 },
            ],
            Self::LeastSquares => [
                Term { rows: real, curve: Curve::SquareTo(1.0), weight: 0.5 },
                Term { rows: fake, curve: Curve::SquareTo(0.0), weight: 0.5 },
            ],
        }
    }

    /// The loss that G minimises, over `fake` scores of generated samples.
    pub fn generator(self, fake: usize) -> [Term; 1] {
        [match self {
            Self::Minimax => Term { rows: fake, curve: Curve::Softplus, weight: -1.0 },
            Self::NonSaturating => Term { rows: fake, curve: Curve::SoftplusOfMinus, weight: 1.0 },
            Self::LeastSquares => Term { rows: fake, curve: Curve::SquareTo(1.0), weight: 0.5 },
        }]
    }

    /// Losses (D's, G's) at the equilibrium, where D cannot tell real from generated.
    pub fn equilibrium(self) -> (f64, f64) {
        let log2 = std::f64::consts::LN_2;
        match self {
            Self::Minimax => (2.0 * log2, -log2),
            Self::NonSaturating => (2.0 * log2, log2),
            Self::LeastSquares => (0.25, 0.125),
        }
    }

    /// The probability that x is real, as D's score tells it.
    pub fn probability(self, score: f32) -> f32 {
        match self {
            Self::Minimax | Self::NonSaturating => 1.0 / (1.0 + (-score).exp()),
            // The optimal score is p/(p+q), a probability; only its range is not enforced.
            Self::LeastSquares => score.clamp(0.0, 1.0),
        }
    }
}

/// The loss of D's scores.
///
/// # Shapes
/// - `scores`: `[rows, 1]`, which the terms cover exactly; result: `[1]`
pub fn loss(scores: Tensor<2>, terms: &[Term]) -> Tensor<1> {
    if fused::available(&scores.device()) { fused::loss(scores, terms) } else { plain_loss(scores, terms) }
}

/// The same, composed from burn's own operations. What the fused operation is checked against.
pub fn plain_loss(scores: Tensor<2>, terms: &[Term]) -> Tensor<1> {
    let mut start = 0;
    let means = terms.iter().map(|term| {
        let rows = start..start + term.rows;
        start = rows.end;
        let s = scores.clone().slice([rows]);
        let values = match term.curve {
            Curve::Softplus => softplus(s),
            Curve::SoftplusOfMinus => softplus(-s),
            Curve::SquareTo(target) => (s - target).square(),
        };
        values.mean() * term.weight
    });
    means.reduce(|sum, mean| sum + mean).expect("a loss has terms")
}

fn softplus(x: Tensor<2>) -> Tensor<2> {
    -log_sigmoid(-x)
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;

    fn losses(objective: Objective, real: [f32; 2], fake: [f32; 2]) -> (f32, f32) {
        let device = Device::flex();
        let column = |v: &[f32]| Tensor::<1>::from_floats(v, &device).reshape([v.len(), 1]);
        let d = loss(column(&[real, fake].concat()), &objective.discriminator(2, 2));
        (d.into_scalar::<f32>(), loss(column(&fake), &objective.generator(2)).into_scalar::<f32>())
    }

    #[test]
    fn at_equal_scores_the_losses_are_those_of_the_equilibrium() {
        for objective in Objective::ALL {
            let score = if objective == Objective::LeastSquares { 0.5 } else { 0.0 };
            let (d, g) = losses(objective, [score; 2], [score; 2]);
            let (de, ge) = objective.equilibrium();
            assert!((f64::from(d) - de).abs() < 1e-6 && (f64::from(g) - ge).abs() < 1e-6, "{objective:?}: {d} {g}");
            assert!((objective.probability(score) - 0.5).abs() < 1e-7);
        }
    }

    #[test]
    fn losses_follow_their_formulas() {
        let (real, fake) = ([0.3_f32, -1.2], [0.8_f32, 2.0]);
        let sigma = |s: f32| 1.0 / (1.0 + (-f64::from(s)).exp());
        let mean = |f: &dyn Fn(f32) -> f64, v: [f32; 2]| (f(v[0]) + f(v[1])) / 2.0;
        let cross_entropy = -mean(&|s| sigma(s).ln(), real) - mean(&|s| (1.0 - sigma(s)).ln(), fake);
        let minimax = mean(&|s| (1.0 - sigma(s)).ln(), fake);
        let (d, g) = losses(Objective::Minimax, real, fake);
        assert!((f64::from(d) - cross_entropy).abs() < 1e-6 && (f64::from(g) - minimax).abs() < 1e-6);
        let (_, g) = losses(Objective::NonSaturating, real, fake);
        assert!((f64::from(g) + mean(&|s| sigma(s).ln(), fake)).abs() < 1e-6);
        let (d, g) = losses(Objective::LeastSquares, real, fake);
        let square = |v: [f32; 2], t: f32| mean(&|s| f64::from(s - t).powi(2), v);
        assert!((f64::from(d) - 0.5 * (square(real, 1.0) + square(fake, 0.0))).abs() < 1e-6);
        assert!((f64::from(g) - 0.5 * square(fake, 1.0)).abs() < 1e-6);
    }

    #[test]
    fn extreme_scores_stay_finite() {
        for objective in [Objective::Minimax, Objective::NonSaturating] {
            let (d, g) = losses(objective, [-200.0, 200.0], [200.0, -200.0]);
            assert!(d.is_finite() && g.is_finite(), "{objective:?}: {d} {g}");
            assert!((d - 200.0).abs() < 1e-3);
        }
    }
}
