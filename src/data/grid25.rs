//! PacGAN's 2D grid, exactly: 25 round Gaussians of σ .05 at {−4, −2, 0, 2, 4}².
//!
//! WGAN-GP's toy of 25 Gaussians is the same, divided by 2.828; that factor is used to scale it for the networks.

use super::mixture::{Component, Mixture, round};
use super::{Dataset, Scale, Source, square};
use crate::text::text;

const SIGMA: f64 = 0.05;

const fn centres() -> [[f64; 2]; 25] {
    let mut centres = [[0.0; 2]; 25];
    let mut k = 0;
    while k < 25 {
        centres[k] = [(k / 5) as f64 * 2.0 - 4.0, (k % 5) as f64 * 2.0 - 4.0];
        k += 1;
    }
    centres
}

static COMPONENTS: [Component; 25] = round(centres(), SIGMA);

static POINTS: Mixture = Mixture {
    components: &COMPONENTS,
    mode_sigma: Some(SIGMA),
    extent: square([0.0; 2], 5.0),
    scale: Scale { centre: [0.0; 2], unit: 2.828 },
};

/// PacGAN's grid.
pub static DATASET: Dataset = Dataset {
    name: "grid25",
    title: text("25-Gaussian grid", "25 高斯网格"),
    about: text(
        "Twenty-five small clouds on a grid, exactly as in PacGAN's experiments: many modes, far apart.",
        "网格上的二十五个小团，与 PacGAN 的实验完全一致：模式多，相距远。",
    ),
    cite: "Lin et al., PacGAN: The power of two samples in generative adversarial networks, 2018; spacing 2, σ 0.05",
    source: Source::Points(&POINTS),
};
