//! Two Gaussians on the line of unequal weight: .9 at −.5, .1 at 1.5, σ .3.

use super::normals::Normals;
use super::{Dataset, LineScale, Source};
use crate::text::text;

static LINE: Normals = Normals {
    components: &[(0.9, -0.5, 0.3), (0.1, 1.5, 0.3)],
    extent: [-2.5, 3.5],
    scale: LineScale { centre: -0.3, unit: 0.67 },
};

/// The dataset.
pub static DATASET: Dataset = Dataset {
    name: "uneven",
    title: text("Uneven bells", "高矮双峰"),
    about: text(
        "A tall bell and a low one with a tenth of the mass: will the low one be remembered?",
        "一个高峰和一个只占十分之一的矮峰：矮的会不会被忘掉？",
    ),
    cite: "two Gaussians of unequal weight",
    source: Source::Line(&LINE),
};
