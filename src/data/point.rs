//! All of the data in one place: what the Dirac-GAN learns (Mescheder et al. 2018). A tiny round cloud, so that it has a density.

use super::mixture::{Component, Mixture};
use super::{Dataset, Scale, Source, square};
use crate::text::text;

const SIGMA: f64 = 0.02;

static POINTS: Mixture = Mixture {
    components: &[Component { weight: 1.0, mean: [0.0; 2], sigma: [SIGMA; 2] }],
    mode_sigma: Some(SIGMA),
    extent: square([0.0; 2], 5.0 * SIGMA),
    scale: Scale { centre: [0.0; 2], unit: SIGMA },
};

/// A point.
pub static DATASET: Dataset = Dataset {
    name: "point",
    title: text("A point", "一个点"),
    about: text(
        "All of the data in one place. Hardly anything to learn, and yet the plain game need not get there: the family of toy games shows why.",
        "所有数据都在一处。几乎没有什么要学的，可普通的博弈却未必能到达那里：玩具博弈这一族展示了原因。",
    ),
    cite: "Mescheder, Geiger and Nowozin, Which Training Methods for GANs do actually Converge?, 2018, the Dirac-GAN's data",
    source: Source::Points(&POINTS),
};
