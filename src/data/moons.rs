//! Two interleaving half circles: scikit-learn's `make_moons`, with noise .1.
//!
//! With t uniform in [0, π): (cos t, sin t) or, as likely, (1 − cos t, ½ − sin t), plus .1 ε. scikit-learn spaces t
//! evenly over a fixed number of points; here any number is drawn, so t is random. The noise is FFJORD's choice. A half
//! circle convolved with a Gaussian has no closed-form density.

use std::f64::consts::PI;

use super::{Dataset, PointSet, Scale, Source, square};
use crate::rng::Rng;
use crate::text::text;

const NOISE: f64 = 0.1;

struct Moons;

impl PointSet for Moons {
    fn draw(&self, rng: &mut Rng) -> ([f64; 2], u8) {
        let inner = rng.below(2) == 1;
        let (sin, cos) = libm::sincos(PI * rng.uniform());
        let on = if inner { [1.0 - cos, 0.5 - sin] } else { [cos, sin] };
        (on.map(|x| x + NOISE * rng.normal()), u8::from(inner))
    }

    fn classes(&self) -> usize {
        2
    }

    fn extent(&self) -> [f64; 4] {
        square([0.5, 0.25], 2.1)
    }

    fn scale(&self) -> Scale {
        Scale { centre: [0.5, 0.25], unit: 0.75 }
    }
}

/// The two moons.
pub static DATASET: Dataset = Dataset {
    name: "moons",
    title: text("Two moons", "双月"),
    about: text(
        "Two half circles, each reaching into the other: two separate parts with curved shapes.",
        "两个互相嵌入的半圆：两个分离而弯曲的部分。",
    ),
    cite: "Pedregosa et al., scikit-learn, 2011 (make_moons, noise 0.1)",
    source: Source::Points(&Moons),
};
