//! What the two players minimise, a file each: sums of functions of D's scores, as plain data.
//!
//! A score `s` is D's output before any squashing. For the cross-entropy games D(x) = σ(s), and the losses are written
//! with softplus(s) = log(1 + eˢ) = −log σ(−s), which does not overflow.

mod leastsquares;
mod minimax;
mod nonsaturating;
mod wasserstein;

pub use leastsquares::LEAST_SQUARES;
pub use minimax::MINIMAX;
pub use nonsaturating::NON_SATURATING;
pub use wasserstein::WASSERSTEIN;

use burn::tensor::{Tensor, activation::log_sigmoid};

use crate::fused;
use crate::kernel::{Curve, Term};
use crate::text::Text;

/// Every objective, in the order in which the page shows them.
pub static OBJECTIVES: &[&Objective] = &[&MINIMAX, &NON_SATURATING, &LEAST_SQUARES, &WASSERSTEIN];

/// A part of a loss: a weight, and the function of a score whose mean it multiplies.
pub type Part = (f32, Curve);

/// A game's objective: D minimises `real` over the scores of real samples and `fake` over those of generated ones, G
/// minimises `generator` over those of generated ones.
#[derive(Debug, PartialEq)]
pub struct Objective {
    /// Its name in a link.
    pub name: &'static str,
    /// Its name for people.
    pub title: Text,
    /// What it is.
    pub about: Text,
    /// D's loss on real samples.
    pub real: Part,
    /// D's loss on generated samples.
    pub fake: Part,
    /// G's loss.
    pub generator: Part,
    /// Losses (D's, G's) at the equilibrium, where D cannot tell real from generated; none where any value will do.
    pub equilibrium: [Option<f64>; 2],
    /// What a score means.
    pub score: Score,
}

/// What a score says of the probability that x is real.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Score {
    /// Its logit.
    Logit,
    /// The probability itself; only its range is not enforced.
    Probability,
    /// Nothing: a critic's value, of which only differences count.
    Critic,
}

impl Score {
    /// The probability that x is real, where it is said.
    pub fn probability(self, score: f32) -> Option<f32> {
        match self {
            Self::Logit => Some(1.0 / (1.0 + (-score).exp())),
            Self::Probability => Some(score.clamp(0.0, 1.0)),
            Self::Critic => None,
        }
    }

    /// The score of an x that is as likely real as not.
    pub fn undecided(self) -> f32 {
        match self {
            Self::Logit | Self::Critic => 0.0,
            Self::Probability => 0.5,
        }
    }
}

impl Objective {
    /// The objective of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        OBJECTIVES.iter().find(|objective| objective.name == name).copied()
    }

    /// The loss that D minimises, over `real` scores of real samples and then `fake` ones of generated samples.
    pub fn discriminator(&self, real: usize, fake: usize) -> [Term; 2] {
        [(real, self.real), (fake, self.fake)].map(|(rows, (weight, curve))| Term { rows, curve, weight })
    }

    /// The loss that G minimises, over `fake` scores of generated samples.
    pub fn generator(&self, fake: usize) -> [Term; 1] {
        let (weight, curve) = self.generator;
        [Term { rows: fake, curve, weight }]
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
            Curve::Identity => s,
        };
        values.mean() * term.weight
    });
    means.reduce(|sum, mean| sum + mean).expect("a loss has terms")
}

/// The mean over rows of −Σ t log softmax(s): what classifiers minimise.
///
/// # Shapes
/// - `scores`, `targets`: `[rows, classes]`; a row of targets sums to 1, and no gradient comes to it; result: `[1]`
pub fn cross_entropy(scores: Tensor<2>, targets: Tensor<2>) -> Tensor<1> {
    if fused::has_cross_entropy(&scores.device()) {
        fused::cross_entropy(scores, targets)
    } else {
        plain_cross_entropy(scores, targets)
    }
}

/// The same, composed from burn's own operations. What the fused operation is checked against.
pub fn plain_cross_entropy(scores: Tensor<2>, targets: Tensor<2>) -> Tensor<1> {
    let rows = scores.dims()[0] as f64;
    -(burn::tensor::activation::log_softmax(scores, 1) * targets).sum() / rows
}

fn softplus(x: Tensor<2>) -> Tensor<2> {
    -log_sigmoid(-x)
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;

    fn losses(objective: &Objective, real: [f32; 2], fake: [f32; 2]) -> (f32, f32) {
        let device = Device::flex();
        let column = |v: &[f32]| Tensor::<1>::from_floats(v, &device).reshape([v.len(), 1]);
        let d = loss(column(&[real, fake].concat()), &objective.discriminator(2, 2));
        (d.into_scalar::<f32>(), loss(column(&fake), &objective.generator(2)).into_scalar::<f32>())
    }

    #[test]
    fn at_equal_scores_the_losses_are_those_of_the_equilibrium() {
        for objective in OBJECTIVES {
            let score = objective.score.undecided();
            let (d, g) = losses(objective, [score; 2], [score; 2]);
            for (found, expected) in [d, g].into_iter().zip(objective.equilibrium) {
                assert!(expected.is_none_or(|e| (f64::from(found) - e).abs() < 1e-6), "{}: {d} {g}", objective.name);
            }
            assert!(objective.score.probability(score).is_none_or(|p| (p - 0.5).abs() < 1e-7));
            assert_eq!(Objective::named(objective.name), Some(*objective));
        }
    }

    #[test]
    fn losses_follow_their_formulas() {
        let (real, fake) = ([0.3_f32, -1.2], [0.8_f32, 2.0]);
        let sigma = |s: f32| 1.0 / (1.0 + (-f64::from(s)).exp());
        let mean = |f: &dyn Fn(f32) -> f64, v: [f32; 2]| (f(v[0]) + f(v[1])) / 2.0;
        let cross_entropy = -mean(&|s| sigma(s).ln(), real) - mean(&|s| (1.0 - sigma(s)).ln(), fake);
        let minimax = mean(&|s| (1.0 - sigma(s)).ln(), fake);
        let (d, g) = losses(&MINIMAX, real, fake);
        assert!((f64::from(d) - cross_entropy).abs() < 1e-6 && (f64::from(g) - minimax).abs() < 1e-6);
        let (_, g) = losses(&NON_SATURATING, real, fake);
        assert!((f64::from(g) + mean(&|s| sigma(s).ln(), fake)).abs() < 1e-6);
        let (d, g) = losses(&LEAST_SQUARES, real, fake);
        let square = |v: [f32; 2], t: f32| mean(&|s| f64::from(s - t).powi(2), v);
        assert!((f64::from(d) - 0.5 * (square(real, 1.0) + square(fake, 0.0))).abs() < 1e-6);
        assert!((f64::from(g) - 0.5 * square(fake, 1.0)).abs() < 1e-6);
    }

    #[test]
    fn extreme_scores_stay_finite() {
        for objective in [&MINIMAX, &NON_SATURATING] {
            let (d, g) = losses(objective, [-200.0, 200.0], [200.0, -200.0]);
            assert!(d.is_finite() && g.is_finite(), "{}: {d} {g}", objective.name);
            assert!((d - 200.0).abs() < 1e-3);
        }
    }
}
