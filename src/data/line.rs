//! GAN Lab's line: a segment from (.8, .6) to (.05, .9) with Gaussian noise.
//!
//! x = (.8 − .75u, .6 + .3u) + .01 ε, with u uniform in [0, 1) and ε ~ N(0, I). Along the segment the density is a box
//! convolved with a Gaussian, across it a Gaussian:
//! p = [Φ(s/σ) − Φ((s − L)/σ)] / L · N(t; 0, σ²), with s and t the coordinates along and across, L the length.

use std::f64::consts::{FRAC_1_SQRT_2, TAU};

use super::{Dataset, PointSet, Scale, Source, square};
use crate::rng::Rng;
use crate::text::text;

const START: [f64; 2] = [0.8, 0.6];
const SPAN: [f64; 2] = [-0.75, 0.3];
const SIGMA: f64 = 0.01;

struct Line;

impl PointSet for Line {
    fn draw(&self, rng: &mut Rng) -> ([f64; 2], u8) {
        let u = rng.uniform();
        ([0, 1].map(|axis| START[axis] + SPAN[axis] * u + SIGMA * rng.normal()), 0)
    }

    fn density(&self, x: [f64; 2]) -> Option<f64> {
        let length = (SPAN[0] * SPAN[0] + SPAN[1] * SPAN[1]).sqrt();
        let [dx, dy] = [x[0] - START[0], x[1] - START[1]];
        let along = (dx * SPAN[0] + dy * SPAN[1]) / length;
        let across = (dy * SPAN[0] - dx * SPAN[1]) / length / SIGMA;
        // Φ(a) − Φ(b) from erfc, which keeps its digits in the tails.
        let tail = |s: f64| 0.5 * libm::erfc(s / SIGMA * FRAC_1_SQRT_2);
        let box_part = (tail(along - length) - tail(along)) / length;
        Some(box_part * libm::exp(-0.5 * across * across) / (TAU.sqrt() * SIGMA))
    }

    fn extent(&self) -> [f64; 4] {
        square([0.5; 2], 0.5)
    }

    fn scale(&self) -> Scale {
        Scale { centre: [0.425, 0.75], unit: 0.2 }
    }
}

/// GAN Lab's line.
pub static DATASET: Dataset = Dataset {
    name: "line",
    title: text("Line", "线段"),
    about: text(
        "A thin straight segment: the easiest of all, one dimension folded into two.",
        "一条细直的线段：最容易的一个，把一维折进二维。",
    ),
    cite: "Kahng et al., GAN Lab, 2018 (its \"line\")",
    source: Source::Points(&Line),
};
