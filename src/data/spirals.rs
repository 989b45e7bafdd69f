//! Two spirals, as in FFJORD's toy data ("2spirals").
//!
//! n = 3π √u, p = (−n cos n + v/2, n sin n + w/2) with u, v, w uniform in [0, 1); x = ±p/3 + .1 ε, both signs equally
//! likely. √u spaces the points evenly along the arms. No closed-form density.

use std::f64::consts::PI;

use super::{Dataset, PointSet, Scale, Source, square};
use crate::rng::Rng;
use crate::text::text;

const NOISE: f64 = 0.1;

struct Spirals;

impl PointSet for Spirals {
    fn draw(&self, rng: &mut Rng) -> ([f64; 2], u8) {
        let which = rng.below(2);
        let sign = if which == 0 { 1.0 } else { -1.0 };
        let n = 3.0 * PI * rng.uniform().sqrt();
        let (sin, cos) = libm::sincos(n);
        let point = [-n * cos, n * sin].map(|x| {
            let shifted = x + 0.5 * rng.uniform();
            sign * shifted / 3.0 + NOISE * rng.normal()
        });
        (point, which as u8)
    }

    fn classes(&self) -> usize {
        2
    }

    fn extent(&self) -> [f64; 4] {
        square([0.0; 2], 4.0)
    }

    fn scale(&self) -> Scale {
        Scale { centre: [0.0; 2], unit: 1.5 }
    }
}

/// The two spirals.
pub static DATASET: Dataset = Dataset {
    name: "spirals",
    title: text("Two spirals", "双螺旋"),
    about: text(
        "Two arms wound around each other, hard for a small discriminator to tell apart from the space between.",
        "两条互相缠绕的旋臂；小的判别器很难把它们与中间的空隙分开。",
    ),
    cite: "Grathwohl et al., FFJORD, 2019 (its \"2spirals\")",
    source: Source::Points(&Spirals),
};
