//! What the two players minimise, a file each: sums of functions of D's scores, as plain data.
//!
//! A score `s` is D's output before any squashing. For the cross-entropy games D(x) = σ(s), and the losses are written
//! with softplus(s) = log(1 + eˢ) = −log σ(−s), which does not overflow.

mod divergences;
mod hinge;
mod leastsquares;
mod minimax;
mod nonsaturating;
mod relativistic;
mod stakes;
mod wasserstein;

pub use divergences::{HELLINGER, KL, PEARSON, REVERSE_KL, TOTAL_VARIATION};
pub use hinge::HINGE;
pub use leastsquares::LEAST_SQUARES;
pub use minimax::MINIMAX;
pub use nonsaturating::NON_SATURATING;
pub use relativistic::{RELATIVISTIC, RELATIVISTIC_AVERAGE};
pub use stakes::{Stakes, Targets};
pub use wasserstein::WASSERSTEIN;

use burn::tensor::{Tensor, activation::log_sigmoid};

use crate::fused;
use crate::kernel::{Curve, Term};
use crate::nn::exp;
use crate::text::Text;

/// Every objective, in the order in which the page shows them.
pub static OBJECTIVES: &[&Objective] = &[
    &MINIMAX,
    &NON_SATURATING,
    &LEAST_SQUARES,
    &HINGE,
    &WASSERSTEIN,
    &RELATIVISTIC,
    &RELATIVISTIC_AVERAGE,
    &KL,
    &REVERSE_KL,
    &PEARSON,
    &HELLINGER,
    &TOTAL_VARIATION,
];

/// A part of a loss: a weight, and the function of a score whose mean it multiplies.
pub type Part = (f32, Curve);

/// A game's objective: D minimises `real` over the scores of real samples and `fake` over those of generated ones, G
/// minimises `generator` over those of generated ones; each the sum of its parts.
#[derive(Debug, PartialEq)]
pub struct Objective {
    /// Its name in a link.
    pub name: &'static str,
    /// Its name for people.
    pub title: Text,
    /// What it is.
    pub about: Text,
    /// D's loss on real samples.
    pub real: &'static [Part],
    /// D's loss on generated samples.
    pub fake: &'static [Part],
    /// G's loss.
    pub generator: &'static [Part],
    /// What a score is compared with before.
    pub against: Against,
    /// G's loss on real samples, where these are compared with generated ones.
    pub others: &'static [Part],
    /// What is added to D's loss.
    pub constant: f64,
    /// Losses (D's, G's) at the equilibrium, where D cannot tell real from generated; none where any value will do.
    pub equilibrium: [Option<f64>; 2],
    /// What a score means.
    pub score: Score,
}

/// What a score is compared with, by subtraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Against {
    /// Nothing.
    Nothing,
    /// The score of a sample of the other kind, the one in the same place.
    Pairs,
    /// The mean of the scores of the other kind.
    Means,
}

/// What a score s says of the probability that x is real.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Score {
    /// Its logit, as `rate` · s + `shift`.
    Logit {
        /// The factor of s.
        rate: f32,
        /// What is added to it.
        shift: f32,
    },
    /// The probability itself, from `zero` to `one`; only its range is not enforced.
    Line {
        /// The score of what is surely not.
        zero: f32,
        /// The score of what surely is.
        one: f32,
    },
    /// How many times as likely it is real as not, as `slope` · s + `at_zero`.
    Ratio {
        /// The factor of s.
        slope: f32,
        /// What is added to it.
        at_zero: f32,
    },
    /// Nothing: a critic's value, of which only differences count.
    Critic,
}

impl Score {
    /// The logit itself, for the cross-entropy games.
    pub const LOGIT: Self = Self::Logit { rate: 1.0, shift: 0.0 };

    /// The probability that x is real, where it is said.
    pub fn probability(self, score: f32) -> Option<f32> {
        match self {
            Self::Logit { rate, shift } => Some(1.0 / (1.0 + (-(rate * score + shift)).exp())),
            Self::Line { zero, one } => Some(((score - zero) / (one - zero)).clamp(0.0, 1.0)),
            Self::Ratio { slope, at_zero } => {
                let ratio = (slope * score + at_zero).max(0.0);
                Some(if ratio.is_infinite() { 1.0 } else { ratio / (1.0 + ratio) })
            }
            Self::Critic => None,
        }
    }

    /// The score of an x that is as likely real as not.
    pub fn undecided(self) -> f32 {
        match self {
            Self::Logit { rate, shift } => -shift / rate,
            Self::Line { zero, one } => 0.5 * (zero + one),
            Self::Ratio { slope, at_zero } => (1.0 - at_zero) / slope,
            Self::Critic => 0.0,
        }
    }
}

impl Objective {
    /// The objective of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        OBJECTIVES.iter().find(|objective| objective.name == name).copied()
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
            Curve::Hinge(sign) => (s * sign + 1.0).clamp_min(0.0),
            Curve::Exp { rate, shift } => (s * rate + shift).exp(),
            Curve::Tanh => s.tanh(),
        };
        values.mean() * term.weight
    });
    means.reduce(|sum, mean| sum + mean).expect("a loss has terms")
}

/// The slope of a curve at each score, and how that changes, of scores without a graph, by arithmetic that is the same everywhere.
///
/// # Shapes
/// - `s`: `[rows, 1]`; results: the same
fn bends(curve: Curve, s: Tensor<2>) -> [Tensor<2>; 2] {
    let sigmoid = |s: Tensor<2>| (exp(-s) + 1.0).recip();
    match curve {
        Curve::Softplus => {
            let p = sigmoid(s);
            [p.clone(), p.clone() * (-p + 1.0)]
        }
        Curve::SoftplusOfMinus => {
            let p = sigmoid(-s);
            [-p.clone(), p.clone() * (-p + 1.0)]
        }
        Curve::SquareTo(target) => [(s.clone() - target) * 2.0, s.zeros_like() + 2.0],
        Curve::Identity => [s.zeros_like() + 1.0, s.zeros_like()],
        Curve::Hinge(sign) => [(s.clone() * sign + 1.0).greater_elem(0.0).float() * sign, s.zeros_like()],
        Curve::Exp { rate, shift } => {
            let value = exp(s * rate + shift);
            [value.clone() * rate, value * (rate * rate)]
        }
        Curve::Tanh => {
            let value = -(exp(s * 2.0) + 1.0).recip() * 2.0 + 1.0;
            let slope = -value.clone() * value.clone() + 1.0;
            [slope.clone(), value * slope * -2.0]
        }
    }
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

    fn losses(stakes: &Stakes, real: [f32; 2], fake: [f32; 2]) -> (f64, f64) {
        let device = Device::flex();
        let column = |v: &[f32]| Tensor::<1>::from_floats(v, &device).reshape([v.len(), 1]);
        let d = stakes.discriminator(column(&[real, fake].concat()), 2);
        let g = stakes.generator(column(&fake), stakes.compares().then(|| column(&real)));
        (f64::from(d.into_scalar::<f32>()), f64::from(g.into_scalar::<f32>()))
    }

    #[test]
    fn at_equal_scores_the_losses_are_those_of_the_equilibrium() {
        for objective in OBJECTIVES {
            let score = objective.score.undecided();
            let (d, g) = losses(&Stakes::of(objective), [score; 2], [score; 2]);
            for (found, expected) in [d, g].into_iter().zip(objective.equilibrium) {
                assert!(expected.is_none_or(|e| (found - e).abs() < 1e-6), "{}: {d} {g}", objective.name);
            }
            assert!(objective.score.probability(score).is_none_or(|p| (p - 0.5).abs() < 1e-7), "{}", objective.name);
            assert_eq!(Objective::named(objective.name), Some(*objective));
        }
    }

    /// Each by its paper's formula, in 64 bits, on scores that are none's equilibrium.
    #[test]
    fn losses_follow_their_formulas() {
        let (real, fake) = ([0.3_f32, -1.2], [0.8_f32, 2.0]);
        let (r, f) = (real.map(f64::from), fake.map(f64::from));
        let sigma = |s: f64| 1.0 / (1.0 + (-s).exp());
        let mean = |g: &dyn Fn(f64) -> f64, v: [f64; 2]| (g(v[0]) + g(v[1])) / 2.0;
        let average = |v: [f64; 2]| (v[0] + v[1]) / 2.0;
        let (ar, af) = (average(r), average(f));
        let entropy = -mean(&|s| sigma(s).ln(), r) - mean(&|s| (1.0 - sigma(s)).ln(), f);
        let square = |v, t: f64| 0.5 * mean(&|s| (s - t).powi(2), v);
        let pairs = |a: [f64; 2], b: [f64; 2]| -average([sigma(a[0] - b[0]).ln(), sigma(a[1] - b[1]).ln()]);
        let averages = |a: [f64; 2], b: [f64; 2]| {
            let (ma, mb) = (average(a), average(b));
            -mean(&|s| sigma(s - mb).ln(), a) - mean(&|s| (1.0 - sigma(s - ma)).ln(), b)
        };
        // −E g(s) over real samples + E f*(g(s)) over generated ones.
        let bound = |g: &dyn Fn(f64) -> f64, conjugate: &dyn Fn(f64) -> f64| {
            (-mean(g, r) + mean(&|s| conjugate(g(s)), f), -mean(g, f))
        };
        let expected = [
            (&MINIMAX, (entropy, mean(&|s| (1.0 - sigma(s)).ln(), f))),
            (&NON_SATURATING, (entropy, -mean(&|s| sigma(s).ln(), f))),
            (&LEAST_SQUARES, (square(r, 1.0) + square(f, 0.0), square(f, 1.0))),
            (&HINGE, (mean(&|s| (1.0 - s).max(0.0), r) + mean(&|s| (1.0 + s).max(0.0), f), -af)),
            (&WASSERSTEIN, (af - ar, -af)),
            (&RELATIVISTIC, (pairs(r, f), pairs(f, r))),
            (&RELATIVISTIC_AVERAGE, (averages(r, f), averages(f, r))),
            (&KL, bound(&|s| s, &|t| (t - 1.0).exp())),
            (&REVERSE_KL, bound(&|s| -(-s).exp(), &|t| -1.0 - (-t).ln())),
            (&PEARSON, bound(&|s| s, &|t| t * t / 4.0 + t)),
            (&HELLINGER, {
                let (d, g) = bound(&|s| 1.0 - (-s).exp(), &|t| t / (1.0 - t));
                // g is 1 less here, which moves nothing.
                (d, g + 1.0)
            }),
            (&TOTAL_VARIATION, bound(&|s| 0.5 * s.tanh(), &|t| t)),
        ];
        assert_eq!(expected.len(), OBJECTIVES.len());
        for (objective, (d, g)) in expected {
            let found = losses(&Stakes::of(objective), real, fake);
            let near = (found.0 - d).abs() < 1e-6 && (found.1 - g).abs() < 1e-6;
            assert!(near, "{}: {found:?}, not {d} and {g}", objective.name);
        }
    }

    /// The bound of an f-divergence comes up to it where D is the best: between two distributions on two points.
    #[test]
    fn the_best_scores_reach_the_divergence() {
        let (p, q) = ([0.7_f64, 0.3], [0.2_f64, 0.8]);
        let sum = |of: &dyn Fn(f64, f64) -> f64| of(p[0], q[0]) + of(p[1], q[1]);
        let divergences = [
            (&KL, sum(&|p, q| p * (p / q).ln())),
            (&REVERSE_KL, sum(&|p, q| q * (q / p).ln())),
            (&PEARSON, sum(&|p, q| (p - q).powi(2) / q)),
            (&HELLINGER, sum(&|p, q| (p.sqrt() - q.sqrt()).powi(2))),
        ];
        for (objective, divergence) in divergences {
            // The score whose probability is the best D's.
            let best = |i: usize| -> f64 {
                let ratio = p[i] / q[i];
                match objective.score {
                    Score::Logit { rate, shift } => (ratio.ln() - f64::from(shift)) / f64::from(rate),
                    Score::Ratio { slope, at_zero } => (ratio - f64::from(at_zero)) / f64::from(slope),
                    _ => unreachable!("a divergence tells the ratio"),
                }
            };
            let part = |parts: &[Part], s: f64| parts.iter().map(|(w, c)| f64::from(*w) * c.exact(s).0).sum::<f64>();
            let loss: f64 =
                (0..2).map(|i| p[i] * part(objective.real, best(i)) + q[i] * part(objective.fake, best(i))).sum();
            let bound = -(loss + objective.constant);
            assert!((bound - divergence).abs() < 1e-6, "{}: {bound}, not {divergence}", objective.name);
            for i in 0..2 {
                let said = f64::from(objective.score.probability(best(i) as f32).unwrap());
                assert!((said - p[i] / (p[i] + q[i])).abs() < 1e-6, "{}", objective.name);
            }
        }
    }

    #[test]
    fn slopes_of_curves_and_their_changes_are_those_of_the_definition() {
        let scores = [-9.0_f32, -1.4, -0.3, 0.0, 0.2, 1.7, 8.0];
        let curves = [
            Curve::Softplus,
            Curve::SoftplusOfMinus,
            Curve::SquareTo(0.7),
            Curve::Identity,
            Curve::Hinge(1.0),
            Curve::Hinge(-1.0),
            Curve::Exp { rate: -0.5, shift: 0.3 },
            Curve::Tanh,
        ];
        for curve in curves {
            let s = Tensor::<1>::from_floats(scores, &Device::flex()).reshape([scores.len(), 1]);
            let [slope, bend] = bends(curve, s).map(|found| found.into_data().try_to_vec::<f32>().unwrap());
            for ((s, slope), bend) in scores.iter().map(|s| f64::from(*s)).zip(slope).zip(bend) {
                let exact = |s: f64| curve.exact(s).1;
                let truth = (exact(s + 1e-6) - exact(s - 1e-6)) / 2e-6;
                let near = |found: f32, truth: f64| (f64::from(found) - truth).abs() < 1e-5 * (1.0 + truth.abs());
                assert!(near(slope, exact(s)) && near(bend, truth), "{curve:?} at {s}: {slope}, {bend}, not {truth}");
            }
        }
        let far = Tensor::<1>::from_floats([-300.0_f32, 300.0], &Device::flex()).reshape([2, 1]);
        for curve in [Curve::Softplus, Curve::SoftplusOfMinus, Curve::Tanh] {
            for found in bends(curve, far.clone()).map(|found| found.into_data().try_to_vec::<f32>().unwrap()) {
                assert!(found.iter().all(|x| x.is_finite()), "{curve:?}: {found:?}");
            }
        }
    }

    #[test]
    fn extreme_scores_stay_finite() {
        for objective in [&MINIMAX, &NON_SATURATING] {
            let (d, g) = losses(&Stakes::of(objective), [-200.0, 200.0], [200.0, -200.0]);
            assert!(d.is_finite() && g.is_finite(), "{}: {d} {g}", objective.name);
            assert!((d - 200.0).abs() < 1e-3);
        }
    }
}
