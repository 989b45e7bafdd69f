//! How D looks at samples, besides its layers.

use super::field::{Choice, Effect, Field, Group, Kind, Only, Scale, Typed, choice, integer, named, number};
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

/// What D's last layer is given of the whole batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mingled {
    /// Nothing: each sample is judged alone.
    None,
    /// Karras et al. 2018.
    Deviation,
    /// Salimans et al. 2016.
    Kernels,
}

impl Mingled {
    const CHOICES: [Choice; 3] = [
        Choice {
            value: "none",
            title: text("nothing", "不看"),
            about: text("D judges each sample alone", "D 单独判断每个样本"),
        },
        Choice {
            value: "deviation",
            title: text("its deviation", "标准差"),
            about: text(
                "one number: how much the samples of a batch differ (Karras et al. 2018)",
                "一个数：同批样本之间差多少（Karras 等，2018）",
            ),
        },
        Choice {
            value: "kernels",
            title: text("its neighbours", "邻近程度"),
            about: text(
                "how near each sample is to the others of its batch, in features that are learned (Salimans et al. 2016)",
                "每个样本离同批其他样本有多近，所用的特征是学来的（Salimans 等，2016）",
            ),
        },
    ];
}

named!(Mingled: None, Deviation, Kernels);

/// What D sees of the whole batch.
pub static MINGLED: Typed<Mingled> = choice(Field {
    name: "mb",
    title: text("D sees of the batch", "D 看整批的什么"),
    about: text(
        "What D's last layer is given of the whole batch, real or generated, so that samples which are all alike give themselves away. Where D is looked at, a usual batch stands for it.",
        "D 的最后一层另外得到关于整批样本（真实或生成）的什么信息：彼此雷同的样本会因此露馅。查看 D 时，用平常的一批来代替。",
    ),
    group: Group::Discriminator,
    kind: Kind::Choice(|| Mingled::CHOICES.to_vec()),
    default: "none",
    only: &[],
    effect: Effect::Anew,
});

/// In how many matrices nearness is measured.
pub static KERNELS: Typed<u64> = integer(Field {
    name: "mbk",
    title: text("Measures of nearness", "邻近度的个数"),
    about: text(
        "In so many ways D learns to tell how near two samples are, each by five numbers.",
        "D 学会用这么多种方式衡量两个样本有多近，每种用五个数。",
    ),
    group: Group::Discriminator,
    kind: Kind::Integer { min: 1, max: 64 },
    default: "8",
    only: &[Only { field: "mb", is: &["kernels"] }],
    effect: Effect::Anew,
});

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

/// σ of the noise on what D is shown.
pub static INSTANCE: Typed<f64> = number(Field {
    name: "inoise",
    title: text("Noise on samples", "样本上的噪声"),
    about: text(
        "The σ of Gaussian noise on every sample that D is shown, real or generated, in the networks' units: both laws then overlap (Arjovsky and Bottou 2017).",
        "给 D 看的每个样本（真实或生成）加上的高斯噪声的 σ，以网络单位计：使两个分布相互重叠（Arjovsky 和 Bottou，2017）。",
    ),
    group: Group::Discriminator,
    kind: Kind::Number { min: 0.0, max: 10.0, scale: Scale::Factors },
    default: "0",
    only: &[],
    effect: Effect::Live,
});

/// Steps until it has gone.
pub static INSTANCE_SPAN: Typed<u64> = integer(Field {
    name: "inoisespan",
    title: text("Gone after … steps", "多少步后消失"),
    about: text(
        "The noise falls to 0 along a line over so many steps; 0: it stays.",
        "噪声在这么多步内线性降到 0；0 表示一直不变。",
    ),
    group: Group::Discriminator,
    kind: Kind::Integer { min: 0, max: 1_000_000 },
    default: "0",
    only: &[],
    effect: Effect::Live,
});

/// How often a real and a generated sample change places.
pub static FLIPS: Typed<f64> = number(Field {
    name: "flips",
    title: text("Labels flipped", "标签翻转"),
    about: text(
        "The share of pairs of which D is told that the real sample is generated, and the generated one real (Chintala et al. 2016).",
        "有这么大比例的样本对，告诉 D 真的是生成的、生成的是真的（Chintala 等，2016）。",
    ),
    group: Group::Discriminator,
    kind: Kind::Number { min: 0.0, max: 0.5, scale: Scale::Factors },
    default: "0",
    only: &[Only { field: "objective", is: &["nonsaturating", "minimax", "leastsquares"] }],
    effect: Effect::Live,
});

/// The share of units before D's score that are left out.
pub static DROPOUT: Typed<f64> = number(Field {
    name: "drop",
    title: text("Dropout", "随机失活"),
    about: text(
        "The share of units of D's last hidden layer that are left out, others in each row and update; where D is looked at, all are there (Srivastava et al. 2014).",
        "判别器最后一个隐藏层中随机略去的单元所占的份额，每行每次更新都不同；查看判别器时全部保留（Srivastava 等，2014）。",
    ),
    group: Group::Discriminator,
    kind: Kind::Number { min: 0.0, max: 0.9, scale: Scale::Factors },
    default: "0",
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
