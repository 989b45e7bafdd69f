//! GAN Lab's two Gaussians: a round one, σ .1 about (.3, .7), and a tall one, σ (.05, .2) about (.7, .4).
//!
//! GAN Lab shows the unit square, which cuts off 1 % of the tall one; the extent here is wider.

use super::mixture::{Component, Mixture};
use super::{Dataset, Scale, Source};
use crate::text::text;

static POINTS: Mixture = Mixture {
    components: &[
        Component { weight: 0.5, mean: [0.3, 0.7], sigma: [0.1, 0.1] },
        Component { weight: 0.5, mean: [0.7, 0.4], sigma: [0.05, 0.2] },
    ],
    // Neither round nor alike, so "within 3σ of a mode" has no one meaning.
    mode_sigma: None,
    extent: [-0.25, -0.35, 1.25, 1.15],
    scale: Scale { centre: [0.5, 0.55], unit: 0.2 },
};

/// GAN Lab's two Gaussians.
pub static DATASET: Dataset = Dataset {
    name: "gaussians",
    title: text("Two Gaussians", "两个高斯"),
    about: text(
        "A round cloud and a tall one, the first dataset that GAN Lab shows.",
        "一个圆形的团和一个高形的团，GAN Lab 首先展示的数据集。",
    ),
    cite: "Kahng et al., GAN Lab, 2018 (its \"gaussians\")",
    source: Source::Points(&POINTS),
};
