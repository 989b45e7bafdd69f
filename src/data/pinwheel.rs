//! A pinwheel of five bent arms, with FFJORD's parameters.
//!
//! f = (1 + .3 a, .1 b), a, b ~ N(0, 1), turned by the angle θ = 2πk/5 + ¼ exp(f₀) for an arm k, all equally likely:
//! x = 2 (f₀ cos θ + f₁ sin θ, −f₀ sin θ + f₁ cos θ). The angle depends on f₀ through an exponential, so finding f from
//! x takes a transcendental equation: no closed-form density. The arms overlap near the centre, so there are no
//! separate modes either.

use std::f64::consts::TAU;

use super::{Dataset, PointSet, Scale, Source, square};
use crate::rng::Rng;
use crate::text::text;

const ARMS: usize = 5;
const RADIAL_SIGMA: f64 = 0.3;
const TANGENTIAL_SIGMA: f64 = 0.1;
const RATE: f64 = 0.25;

struct Pinwheel;

impl PointSet for Pinwheel {
    fn draw(&self, rng: &mut Rng) -> ([f64; 2], u8) {
        let arm = rng.below(ARMS);
        let radial = 1.0 + RADIAL_SIGMA * rng.normal();
        let tangential = TANGENTIAL_SIGMA * rng.normal();
        let (sin, cos) = libm::sincos(TAU * arm as f64 / ARMS as f64 + RATE * libm::exp(radial));
        ([2.0 * (radial * cos + tangential * sin), 2.0 * (tangential * cos - radial * sin)], arm as u8)
    }

    fn classes(&self) -> usize {
        ARMS
    }

    fn extent(&self) -> [f64; 4] {
        square([0.0; 2], 4.5)
    }

    fn scale(&self) -> Scale {
        Scale { centre: [0.0; 2], unit: 1.5 }
    }
}

/// The pinwheel.
pub static DATASET: Dataset = Dataset {
    name: "pinwheel",
    title: text("Pinwheel", "风车"),
    about: text("Five bent arms that meet near the centre and thin out.", "五条弯曲的臂，在中心附近相会，向外渐稀。"),
    cite: "Johnson et al., Composing graphical models with neural networks, 2016; parameters of FFJORD, 2019",
    source: Source::Points(&Pinwheel),
};
