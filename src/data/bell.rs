//! A Gaussian on the line: mean 1.5, σ .5.

use super::normals::Normals;
use super::{Dataset, LineScale, Source};
use crate::text::text;

static LINE: Normals =
    Normals { components: &[(1.0, 1.5, 0.5)], extent: [-1.5, 4.5], scale: LineScale { centre: 1.5, unit: 0.5 } };

/// The dataset.
pub static DATASET: Dataset = Dataset {
    name: "bell",
    title: text("Bell curve", "钟形曲线"),
    about: text(
        "One Gaussian on the line: the picture of the first paper on GANs, alive.",
        "直线上的一个高斯：第一篇 GAN 论文里的那张图，活了起来。",
    ),
    cite: "Goodfellow et al., Generative Adversarial Nets, 2014, figure 1",
    source: Source::Line(&LINE),
};
