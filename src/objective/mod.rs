//! What the two players minimise: pure functions of D's scores.
//!
//! A score `s` is D's output before any squashing. For the cross-entropy games D(x) = σ(s), and the losses are written
//! with softplus(s) = log(1 + eˢ) = −log σ(−s), which does not overflow.

use burn::tensor::{Tensor, activation::log_sigmoid};

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

    /// The loss that D minimises.
    ///
    /// # Shapes
    /// - `real`, `fake`: scores `[batch, 1]`
    /// - result: `[1]`
    pub fn discriminator(self, real: Tensor<2>, fake: Tensor<2>) -> Tensor<1> {
        match self {
            Self::Minimax | Self::NonSaturating => softplus(-real).mean() + softplus(fake).mean(),
            Self::LeastSquares => ((real - 1.0).square().mean() + fake.square().mean()) * 0.5,
        }
    }

    /// The loss that G minimises.
    ///
    /// # Shapes
    /// - `fake`: scores `[batch, 1]`
    /// - result: `[1]`
    pub fn generator(self, fake: Tensor<2>) -> Tensor<1> {
        match self {
            Self::Minimax => -softplus(fake).mean(),
            Self::NonSaturating => softplus(-fake).mean(),
            Self::LeastSquares => (fake - 1.0).square().mean() * 0.5,
        }
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

fn softplus(x: Tensor<2>) -> Tensor<2> {
    -log_sigmoid(-x)
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;

    fn losses(objective: Objective, real: [f32; 2], fake: [f32; 2]) -> (f32, f32) {
        let device = Device::flex();
        let column = |v: [f32; 2]| Tensor::<2>::from_floats([[v[0]], [v[1]]], &device);
        let d = objective.discriminator(column(real), column(fake));
        (d.into_scalar::<f32>(), objective.generator(column(fake)).into_scalar::<f32>())
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
