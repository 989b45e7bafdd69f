//! How D looks at samples, besides its layers.

use super::field::{Choice, Effect, Field, Group, Kind, Typed, choice, integer, named};
use crate::text::text;

/// Whether D's matrices are normalised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spectral {
    /// They are what is learned.
    Off,
    /// Miyato et al. 2018.
    On,
}

impl Spectral {
    const CHOICES: [Choice; 2] = [
        Choice {
            value: "off",
            title: text("off", "关"),
            about: text("D's layers may stretch what they are given", "D 的各层可以放大输入"),
        },
        Choice {
            value: "on",
            title: text("on", "开"),
            about: text("each matrix by its largest singular value", "每个矩阵除以它的最大奇异值"),
        },
    ];
}

named!(Spectral: Off, On);

/// Whether D's matrices are divided by their largest singular values.
pub static SPECTRAL: Typed<Spectral> = choice(Field {
    name: "sn",
    title: text("Spectral normalisation", "谱归一化"),
    about: text(
        "Divides each of D's matrices by its largest singular value, so that no layer stretches anything (Miyato et al. 2018).",
        "把 D 的每个矩阵除以它的最大奇异值，使任何一层都不放大输入（Miyato 等，2018）。",
    ),
    group: Group::Discriminator,
    kind: Kind::Choice(|| Spectral::CHOICES.to_vec()),
    default: "off",
    only: &[],
    effect: Effect::Live,
});

/// Samples that D sees as one.
pub static PACK: Typed<u64> = integer(Field {
    name: "pac",
    title: text("Samples packed", "打包样本数"),
    about: text(
        "D judges so many samples of a kind as one, so that a lack of variety is easier to tell (PacGAN, Lin et al. 2018).",
        "D 把这么多个同类样本作为一个来判断，缺少多样性就更容易看出来（PacGAN，Lin 等，2018）。",
    ),
    group: Group::Discriminator,
    kind: Kind::Integer { min: 1, max: 8 },
    default: "1",
    only: &[],
    effect: Effect::Anew,
});
