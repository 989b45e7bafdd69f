//! The law of G's input.

use crate::rng::Rng;

/// The distribution of G's input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noise {
    /// Every coordinate N(0, 1).
    Gaussian,
    /// Every coordinate uniform in [−1, 1).
    Uniform,
}

impl Noise {
    /// Every choice: value in a link, title, explanation.
    pub const CHOICES: [(&'static str, &'static str, &'static str); 2] = [
        ("gaussian", "Gaussian", "every coordinate from N(0, 1)"),
        ("uniform", "uniform", "every coordinate uniform in [−1, 1)"),
    ];

    /// The name in a link.
    pub fn name(self) -> &'static str {
        Self::CHOICES[self as usize].0
    }

    /// The noise of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Gaussian, Self::Uniform].into_iter().find(|n| n.name() == name)
    }

    /// So many numbers of this law.
    pub fn draw(self, count: usize, rng: &mut Rng) -> Vec<f32> {
        let draw = |_| match self {
            Self::Gaussian => rng.normal() as f32,
            Self::Uniform => (2.0 * rng.uniform() - 1.0) as f32,
        };
        (0..count).map(draw).collect()
    }
}
