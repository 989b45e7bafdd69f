//! GAN Lab's three disjoint Gaussians: σ .025 about (.35, .75), (.75, .6) and (.45, .35).
//!
//! GAN Lab chooses with the thresholds .333 and .666, so the third is a hair likelier; that is kept.

use super::mixture::{Component, Mixture};
use super::{Dataset, Scale, Source, square};
use crate::text::text;

const SIGMA: f64 = 0.025;

static POINTS: Mixture = Mixture {
    components: &[
        Component { weight: 0.333, mean: [0.35, 0.75], sigma: [SIGMA; 2] },
        Component { weight: 0.333, mean: [0.75, 0.6], sigma: [SIGMA; 2] },
        Component { weight: 0.334, mean: [0.45, 0.35], sigma: [SIGMA; 2] },
    ],
    mode_sigma: Some(SIGMA),
    extent: square([0.5; 2], 0.5),
    scale: Scale { centre: [0.5, 0.55], unit: 0.2 },
};

/// GAN Lab's disjoint clouds.
pub static DATASET: Dataset = Dataset {
    name: "disjoint",
    title: text("Three islands", "三座孤岛"),
    about: text(
        "Three small clouds far apart. A continuous generator must draw thin bridges between them, or drop one.",
        "三个相距很远的小团。连续的生成器只能在它们之间拉出细桥，或者丢掉一个。",
    ),
    cite: "Kahng et al., GAN Lab, 2018 (its \"disjoint\")",
    source: Source::Points(&POINTS),
};
