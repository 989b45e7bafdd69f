//! Mixtures of Gaussians on the line: the shared part of several datasets.

use std::f64::consts::TAU;

use super::{LineScale, LineSet};
use crate::rng::Rng;

/// p(x) = Σₖ wₖ N(x; μₖ, σₖ²), with all that a [`LineSet`] has to say about it.
pub(super) struct Normals {
    /// Weight, mean and standard deviation of each; the weights sum to 1.
    pub components: &'static [(f64, f64, f64)],
    /// See [`LineSet::extent`].
    pub extent: [f64; 2],
    /// See [`LineSet::scale`].
    pub scale: LineScale,
}

impl LineSet for Normals {
    fn sample(&self, rng: &mut Rng) -> f64 {
        let mut left = rng.uniform();
        let mut chosen = &self.components[0];
        for component in self.components {
            chosen = component;
            left -= component.0;
            if left < 0.0 {
                break;
            }
        }
        chosen.1 + chosen.2 * rng.normal()
    }

    fn density(&self, x: f64) -> f64 {
        let one = |&(weight, mean, sigma): &(f64, f64, f64)| {
            let u = (x - mean) / sigma;
            weight * libm::exp(-0.5 * u * u) / (TAU.sqrt() * sigma)
        };
        self.components.iter().map(one).sum()
    }

    fn extent(&self) -> [f64; 2] {
        self.extent
    }

    fn scale(&self) -> LineScale {
        self.scale
    }
}
