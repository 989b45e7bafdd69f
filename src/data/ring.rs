//! GAN Lab's ring: an ellipse about (.5, .45) with half-axes .3 and .25, and Gaussian noise of σ .025.
//!
//! x = (.5 + .3 cos 2πu, .45 + .25 sin 2πu) + .025 ε, with u uniform in [0, 1). An ellipse convolved with a Gaussian
//! has no closed-form density (a circle has: [`super::circles`]).

use std::f64::consts::TAU;

use super::{Dataset, PointSet, Scale, Source, square};
use crate::rng::Rng;
use crate::text::text;

const CENTRE: [f64; 2] = [0.5, 0.45];
const HALF_AXES: [f64; 2] = [0.3, 0.25];
const SIGMA: f64 = 0.025;

struct Ring;

impl PointSet for Ring {
    fn draw(&self, rng: &mut Rng) -> ([f64; 2], u8) {
        let (sin, cos) = libm::sincos(TAU * rng.uniform());
        let on = [cos, sin];
        ([0, 1].map(|axis| CENTRE[axis] + HALF_AXES[axis] * on[axis] + SIGMA * rng.normal()), 0)
    }

    fn extent(&self) -> [f64; 4] {
        square([0.5; 2], 0.5)
    }

    fn scale(&self) -> Scale {
        Scale { centre: CENTRE, unit: 0.2 }
    }
}

/// GAN Lab's ring.
pub static DATASET: Dataset = Dataset {
    name: "ring",
    title: text("Ring", "圆环"),
    about: text(
        "A closed band with a hole. The generator has to bend its noise around and join the ends.",
        "中间有洞的闭合带。生成器必须把噪声弯成环，并把两端接上。",
    ),
    cite: "Kahng et al., GAN Lab, 2018 (its \"ring\")",
    source: Source::Points(&Ring),
};
