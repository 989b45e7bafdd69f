//! Five narrow Gaussians on the line: means −2 to 2, σ .1.

use super::normals::Normals;
use super::{Dataset, LineScale, Source};
use crate::text::text;

static LINE: Normals = Normals {
    components: &[(0.2, -2.0, 0.1), (0.2, -1.0, 0.1), (0.2, 0.0, 0.1), (0.2, 1.0, 0.1), (0.2, 2.0, 0.1)],
    extent: [-3.0, 3.0],
    scale: LineScale { centre: 0.0, unit: 1.42 },
};

/// The dataset.
pub static DATASET: Dataset = Dataset {
    name: "comb",
    title: text("Comb", "梳子"),
    about: text("Five needles in a row: each one missed is seen at once.", "一排五根针：漏掉任何一根都一眼可见。"),
    cite: "five Gaussians, spacing 1, σ 0.1",
    source: Source::Line(&LINE),
};
