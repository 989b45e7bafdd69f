//! Eight round Gaussians on a circle of radius 1, wide enough (σ .05) for a person to see the clouds.
//!
//! The common picture of mode collapse: a generator that has collapsed visits one or few of the clouds. The layout is
//! that of the unrolled GAN paper and of PacGAN ([`super::pacring`] is the strict version of the latter).

use std::f64::consts::FRAC_1_SQRT_2 as H;

use super::mixture::{Component, Mixture, round};
use super::{Dataset, Scale, Source, square};
use crate::text::text;

/// The circle's eight points: (cos 2πk/8, sin 2πk/8).
pub(super) const CENTRES: [[f64; 2]; 8] =
    [[1.0, 0.0], [H, H], [0.0, 1.0], [-H, H], [-1.0, 0.0], [-H, -H], [0.0, -1.0], [H, -H]];

const SIGMA: f64 = 0.05;

static COMPONENTS: [Component; 8] = round(CENTRES, SIGMA);

static POINTS: Mixture = Mixture {
    components: &COMPONENTS,
    mode_sigma: Some(SIGMA),
    extent: square([0.0; 2], 1.5),
    scale: Scale { centre: [0.0; 2], unit: 1.0 },
};

/// The ring of eight Gaussians, σ .05.
pub static DATASET: Dataset = Dataset {
    name: "ring8",
    title: text("8-Gaussian ring", "八高斯环"),
    about: text(
        "Eight small clouds on a circle. The classic test for mode collapse: does the generator visit all eight?",
        "圆周上的八个小团。模式崩塌的经典测试：生成器会不会访问全部八个？",
    ),
    cite: "Metz et al., Unrolled Generative Adversarial Networks, 2017 (layout); radius 1, σ 0.05",
    source: Source::Points(&POINTS),
};
