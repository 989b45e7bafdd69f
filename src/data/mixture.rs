//! Mixtures of axis-aligned Gaussians: the shared part of several datasets.
//!
//! p(x) = Σₖ wₖ N(x₀; μₖ₀, σₖ₀²) N(x₁; μₖ₁, σₖ₁²)

use std::f64::consts::TAU;

use super::{Modes, PointSet, Scale};
use crate::rng::Rng;

/// One Gaussian of a mixture.
pub(super) struct Component {
    /// Its probability.
    pub weight: f64,
    /// Its mean, in data units.
    pub mean: [f64; 2],
    /// Its standard deviation along each axis, in data units.
    pub sigma: [f64; 2],
}

/// A mixture, with all that a [`PointSet`] has to say about it.
pub(super) struct Mixture {
    /// The Gaussians; their weights sum to 1.
    pub components: &'static [Component],
    /// The common standard deviation, if the components are separate, round and equally likely enough to count as
    /// modes.
    pub mode_sigma: Option<f64>,
    /// See [`PointSet::extent`].
    pub extent: [f64; 4],
    /// See [`PointSet::scale`].
    pub scale: Scale,
}

/// Equally likely round Gaussians with one standard deviation.
pub(super) const fn round<const N: usize>(means: [[f64; 2]; N], sigma: f64) -> [Component; N] {
    let mut components = [const { Component { weight: 0.0, mean: [0.0; 2], sigma: [0.0; 2] } }; N];
    let mut k = 0;
    while k < N {
        components[k] = Component { weight: 1.0 / N as f64, mean: means[k], sigma: [sigma; 2] };
        k += 1;
    }
    components
}

impl PointSet for Mixture {
    fn draw(&self, rng: &mut Rng) -> ([f64; 2], u8) {
        let mut left = rng.uniform();
        let mut chosen = 0;
        for (i, component) in self.components.iter().enumerate() {
            chosen = i;
            left -= component.weight;
            if left < 0.0 {
                break;
            }
        }
        let Component { mean, sigma, .. } = &self.components[chosen];
        ([0, 1].map(|axis| mean[axis] + sigma[axis] * rng.normal()), chosen as u8)
    }

    fn classes(&self) -> usize {
        self.components.len()
    }

    fn density(&self, x: [f64; 2]) -> Option<f64> {
        let one = |c: &Component| {
            let [u, v] = [0, 1].map(|axis| (x[axis] - c.mean[axis]) / c.sigma[axis]);
            c.weight * libm::exp(-0.5 * (u * u + v * v)) / (TAU * c.sigma[0] * c.sigma[1])
        };
        Some(self.components.iter().map(one).sum())
    }

    fn modes(&self) -> Option<Modes> {
        let centres = || self.components.iter().map(|c| c.mean).collect();
        self.mode_sigma.map(|sigma| Modes { centres: centres(), sigma })
    }

    fn extent(&self) -> [f64; 4] {
        self.extent
    }

    fn scale(&self) -> Scale {
        self.scale
    }
}
