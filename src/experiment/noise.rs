//! The law of G's input.

use super::field::{Choice, named};
use crate::rng::Rng;
use crate::text::text;

/// The distribution of G's input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noise {
    /// Every coordinate N(0, 1).
    Gaussian,
    /// Every coordinate uniform in [−1, 1).
    Uniform,
}

impl Noise {
    /// Every choice.
    pub const CHOICES: [Choice; 2] = [
        Choice {
            value: "gaussian",
            title: text("Gaussian", "高斯"),
            about: text("every coordinate from N(0, 1)", "每个坐标服从 N(0, 1)"),
        },
        Choice {
            value: "uniform",
            title: text("uniform", "均匀"),
            about: text("every coordinate uniform in [−1, 1)", "每个坐标在 [−1, 1) 上均匀分布"),
        },
    ];

    /// So many numbers of this law.
    pub fn draw(self, count: usize, rng: &mut Rng) -> Vec<f32> {
        let draw = |_| match self {
            Self::Gaussian => rng.normal() as f32,
            Self::Uniform => (2.0 * rng.uniform() - 1.0) as f32,
        };
        (0..count).map(draw).collect()
    }
}

named!(Noise: Gaussian, Uniform);
