//! Two Gaussians on the line: means ±1, σ .25.

use super::normals::Normals;
use super::{Dataset, LineScale, Source};
use crate::text::text;

static LINE: Normals = Normals {
    components: &[(0.5, -1.0, 0.25), (0.5, 1.0, 0.25)],
    extent: [-2.5, 2.5],
    scale: LineScale { centre: 0.0, unit: 1.0 },
};

/// The dataset.
pub static DATASET: Dataset = Dataset {
    name: "bimodal",
    title: text("Two bells", "双峰"),
    about: text(
        "Two narrow bells: G must tear its one bell of noise in two.",
        "两个窄峰：生成器必须把一整团噪声撕成两半。",
    ),
    cite: "a standard picture of mode collapse in one dimension",
    source: Source::Line(&LINE),
};
