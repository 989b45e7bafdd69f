//! PacGAN's 2D ring, exactly: eight round Gaussians of σ .01 on a circle of radius 1.
//!
//! The k-th mode lies at (cos 2πk/8, sin 2πk/8), as in `circle_gaussian_mixture` of PacGAN's code. The narrow modes
//! make the published high-quality shares hard to reach.

use super::mixture::{Component, Mixture, round};
use super::{Dataset, Scale, Source, ring8::CENTRES, square};
use crate::text::text;

const SIGMA: f64 = 0.01;

static COMPONENTS: [Component; 8] = round(CENTRES, SIGMA);

static POINTS: Mixture = Mixture {
    components: &COMPONENTS,
    mode_sigma: Some(SIGMA),
    extent: square([0.0; 2], 1.5),
    scale: Scale { centre: [0.0; 2], unit: 1.0 },
};

/// PacGAN's ring.
pub static DATASET: Dataset = Dataset {
    name: "pacring",
    title: text("PacGAN ring", "PacGAN 环"),
    about: text(
        "Eight needle-sharp clouds on a circle, exactly as in PacGAN's experiments, so that results can be compared.",
        "圆周上八个针尖般的小团，与 PacGAN 的实验完全一致，便于比较结果。",
    ),
    cite: "Lin et al., PacGAN: The power of two samples in generative adversarial networks, 2018; radius 1, σ 0.01",
    source: Source::Points(&POINTS),
};
