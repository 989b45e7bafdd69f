//! How the networks of image families are built.

use super::field::{Choice, Effect, Field, Group, Kind, Only, Typed, choice, integer, named};
use crate::text::{name, text};

const CONVOLUTIONAL: &[Only] = &[Only { field: "body", is: &["conv"] }];

/// What the networks of a family that has both are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// Fully connected layers.
    Mlp,
    /// Convolutions.
    Conv,
}

impl Body {
    const CHOICES: [Choice; 2] = [
        Choice {
            value: "mlp",
            title: text("fully connected", "全连接"),
            about: text("multilayer perceptrons", "多层感知机"),
        },
        Choice {
            value: "conv",
            title: text("convolutional", "卷积"),
            about: text(
                "planes that grow in G and shrink in D, as in DCGAN",
                "G 中平面变大，D 中平面变小，与 DCGAN 相同",
            ),
        },
    ];
}

named!(Body: Mlp, Conv);

/// What both networks are made of.
pub static BODY: Typed<Body> = choice(Field {
    name: "body",
    title: text("Networks", "网络"),
    about: text("What both networks are made of.", "双方网络由什么组成。"),
    group: Group::Game,
    kind: Kind::Choice(|| Body::CHOICES.to_vec()),
    default: "mlp",
    only: &[Only { field: "kind", is: &["images"] }],
    effect: Effect::Anew,
});

/// How G's planes grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Up {
    /// A convolution of stride ½.
    Transposed,
    /// Upsampling and a convolution.
    Resize,
}

impl Up {
    const CHOICES: [Choice; 2] = [
        Choice {
            value: "transposed",
            title: text("transposed convolution", "转置卷积"),
            about: text(
                "4×4 with stride ½, as in DCGAN; uneven overlaps can leave a checkerboard",
                "步幅 ½ 的 4×4 卷积，DCGAN 的做法；重叠不均会留下棋盘纹",
            ),
        },
        Choice {
            value: "resize",
            title: text("resize, then convolution", "先放大再卷积"),
            about: text(
                "each pixel doubled, then 3×3: no checkerboard (Odena et al. 2016)",
                "每个像素先加倍，再做 3×3 卷积：没有棋盘纹（Odena 等，2016）",
            ),
        },
    ];
}

named!(Up: Transposed, Resize);

/// How D's planes shrink.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Down {
    /// A convolution of stride 2.
    Strided,
    /// A convolution and pooling.
    Pool,
}

impl Down {
    const CHOICES: [Choice; 2] = [
        Choice {
            value: "strided",
            title: text("strided convolution", "步幅卷积"),
            about: text(
                "4×4 with stride 2: the network learns how to shrink",
                "步幅 2 的 4×4 卷积：由网络自己学习如何缩小",
            ),
        },
        Choice {
            value: "pool",
            title: text("convolution, then pooling", "卷积后池化"),
            about: text("3×3, then the mean of 2×2", "3×3 卷积，再取 2×2 的平均"),
        },
    ];
}

named!(Down: Strided, Pool);

/// Whether a player's layers normalise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Normal {
    /// By the batch's moments.
    Batch,
    /// By each sample's own.
    Layer,
    /// Not at all.
    None,
}

impl Normal {
    const CHOICES: [Choice; 3] = [
        Choice {
            value: "batch",
            title: text("batch", "批归一化"),
            about: text(
                "each channel to mean 0 and variance 1 over the batch (Ioffe and Szegedy 2015)",
                "每个通道在批内归一到均值 0、方差 1（Ioffe 和 Szegedy，2015）",
            ),
        },
        Choice {
            value: "layer",
            title: text("layer", "层归一化"),
            about: text(
                "each sample's numbers in a layer to mean 0 and variance 1, whatever the rest of the batch (Ba et al. 2016); goes with penalties between samples, as in WGAN-GP",
                "每个样本在一层内的数值归一到均值 0、方差 1，与批内其他样本无关（Ba 等，2016）；可与 WGAN-GP 那样的逐样本惩罚同用",
            ),
        },
        Choice { value: "none", title: text("none", "无"), about: text("layers as they come", "不做处理") },
    ];
}

named!(Normal: Batch, Layer, None);

/// Channels of the smallest planes.
pub static WIDTH: Typed<u64> = integer(Field {
    name: "width",
    title: text("Channels", "通道数"),
    about: text(
        "Channels where the planes are smallest; each doubling of the plane halves them.",
        "平面最小处的通道数；平面每放大一倍，通道减半。",
    ),
    group: Group::Game,
    kind: Kind::Integer { min: 2, max: 256 },
    default: "32",
    only: CONVOLUTIONAL,
    effect: Effect::Anew,
});

/// How G's planes grow.
pub static UP: Typed<Up> = choice(Field {
    name: "up",
    title: text("Upsampling", "放大方式"),
    about: text("How G's planes grow.", "生成器的平面怎样变大。"),
    group: Group::Generator,
    kind: Kind::Choice(|| Up::CHOICES.to_vec()),
    default: "transposed",
    only: CONVOLUTIONAL,
    effect: Effect::Anew,
});

/// Whether G normalises.
pub static G_NORM: Typed<Normal> = choice(Field {
    name: "gnorm",
    title: text("Normalisation", "归一化"),
    about: text("What G's hidden layers are normalised by.", "生成器的隐藏层用什么归一化。"),
    group: Group::Generator,
    kind: Kind::Choice(|| Normal::CHOICES.to_vec()),
    default: "batch",
    only: CONVOLUTIONAL,
    effect: Effect::Anew,
});

/// How D's planes shrink.
pub static DOWN: Typed<Down> = choice(Field {
    name: "down",
    title: text("Downsampling", "缩小方式"),
    about: text("How D's planes shrink.", "判别器的平面怎样变小。"),
    group: Group::Discriminator,
    kind: Kind::Choice(|| Down::CHOICES.to_vec()),
    default: "strided",
    only: CONVOLUTIONAL,
    effect: Effect::Anew,
});

/// Whether D normalises.
pub static D_NORM: Typed<Normal> = choice(Field {
    name: "dnorm",
    title: text("Normalisation", "归一化"),
    about: text(
        "What D's hidden layers but the first are normalised by; real and generated batches each by their own moments.",
        "判别器除第一层外的隐藏层用什么归一化；真假两批各用各的统计量。",
    ),
    group: Group::Discriminator,
    kind: Kind::Choice(|| Normal::CHOICES.to_vec()),
    default: "batch",
    only: CONVOLUTIONAL,
    effect: Effect::Anew,
});

/// The width of a fully connected layer before D's score.
pub static HIDDEN: Typed<u64> = integer(Field {
    name: "hidden",
    title: text("Hidden dense layer", "全连接隐藏层"),
    about: text(
        "The width of a fully connected layer before D's score; 0: none, as in DCGAN.",
        "判别器打分之前全连接层的宽度；0 表示没有，即 DCGAN 的做法。",
    ),
    group: Group::Discriminator,
    kind: Kind::Integer { min: 0, max: 512 },
    default: "0",
    only: CONVOLUTIONAL,
    effect: Effect::Anew,
});

/// What G's pixels pass through at last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Last {
    /// The range of pixels.
    Tanh,
    /// Nothing.
    Linear,
}

impl Last {
    const CHOICES: [Choice; 2] = [
        Choice {
            value: "tanh",
            title: name("tanh"),
            about: text("the range of pixels, −1 to 1", "像素的范围，−1 到 1"),
        },
        Choice { value: "linear", title: text("none", "无"), about: text("any number", "任意数") },
    ];
}

named!(Last: Tanh, Linear);

/// What G's pixels pass through at last.
pub static LAST: Typed<Last> = choice(Field {
    name: "gout",
    title: text("Output", "输出"),
    about: text("What G's pixels pass through at last.", "生成器的像素最后经过什么函数。"),
    group: Group::Generator,
    kind: Kind::Choice(|| Last::CHOICES.to_vec()),
    default: "tanh",
    only: CONVOLUTIONAL,
    effect: Effect::Live,
});
