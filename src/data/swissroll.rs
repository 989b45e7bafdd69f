//! The Swiss roll in two dimensions, as in WGAN-GP's toy experiments.
//!
//! scikit-learn's `make_swiss_roll` with noise .25, without the roll's depth, divided by 7.5:
//! x = ((t cos t, t sin t) + .25 ε) / 7.5, with t uniform in [1.5π, 4.5π). No closed-form density.

use std::f64::consts::PI;

use super::{Dataset, PointSet, Scale, Source, square};
use crate::rng::Rng;
use crate::text::text;

const NOISE: f64 = 0.25;
const DIVISOR: f64 = 7.5;

struct SwissRoll;

impl PointSet for SwissRoll {
    fn draw(&self, rng: &mut Rng) -> ([f64; 2], u8) {
        let t = 1.5 * PI * (1.0 + 2.0 * rng.uniform());
        let (sin, cos) = libm::sincos(t);
        ([t * cos, t * sin].map(|x| (x + NOISE * rng.normal()) / DIVISOR), 0)
    }

    fn extent(&self) -> [f64; 4] {
        square([0.0; 2], 2.25)
    }

    fn scale(&self) -> Scale {
        Scale { centre: [0.0; 2], unit: 1.0 }
    }
}

/// The Swiss roll.
pub static DATASET: Dataset = Dataset {
    name: "swissroll",
    title: text("Swiss roll", "瑞士卷"),
    about: text(
        "One long thin band, rolled up. Neighbouring turns are close, and the generator must not fill the gaps.",
        "一条卷起来的细长带。相邻的圈靠得很近，生成器不能把间隙填上。",
    ),
    cite: "Gulrajani et al., Improved Training of Wasserstein GANs, 2017 (its toy Swiss roll)",
    source: Source::Points(&SwissRoll),
};
