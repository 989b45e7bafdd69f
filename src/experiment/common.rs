//! The fields that families share.

use super::field::{
    Choice, Effect, Field, Group, Kind, Named, Only, Scale, Typed, choice, classes, integer, named, number,
};
use super::{EngineChoice, Noise, Schedule};
use crate::objective::{OBJECTIVES, Objective};
use crate::text::text;

const IMAGES_ONLY: &[Only] = &[Only { field: "kind", is: &["images"] }];

/// What is learned.
pub static DATA: Field = Field {
    name: "data",
    title: text("Data", "数据集"),
    about: text("The distribution to learn.", "要学习的分布。"),
    group: Group::Data,
    kind: Kind::Listed,
    default: "",
    only: &[],
    effect: Effect::Anew,
};

/// How many images of an image set are used.
pub static IMAGES: Typed<u64> = integer(Field {
    name: "images",
    title: text("Images", "训练图像数"),
    about: text("How many training images are used, from the first on.", "使用多少张训练图像；越多下载越大。"),
    group: Group::Data,
    kind: Kind::Integer { min: 1, max: 60_000 },
    default: "10000",
    only: IMAGES_ONLY,
    effect: Effect::Anew,
});

/// Of which classes images are.
pub static CLASSES: Typed<Vec<usize>> = classes(Field {
    name: "classes",
    title: text("Classes", "类别"),
    about: text("Only images of these classes are learned.", "只学习这些类别的图像。"),
    group: Group::Data,
    kind: Kind::Classes { count: 10 },
    default: "all",
    only: IMAGES_ONLY,
    effect: Effect::Anew,
});

/// The model family.
pub static FAMILY: Field = Field {
    name: "family",
    title: text("Family", "模型"),
    about: text("The kind of model.", "模型的种类。"),
    group: Group::Game,
    kind: Kind::Listed,
    default: "",
    only: &[],
    effect: Effect::Anew,
};

/// What the players of a game minimise.
pub static OBJECTIVE: Typed<&'static Objective> = choice(Field {
    name: "objective",
    title: text("Objective", "目标函数"),
    about: text("What the two players minimise.", "双方各自最小化的损失。"),
    group: Group::Game,
    kind: Kind::Choice(|| {
        let option = |o: &&'static Objective| Choice { value: o.name, title: o.title, about: o.about };
        OBJECTIVES.iter().map(option).collect()
    }),
    default: "nonsaturating",
    only: &[],
    effect: Effect::Live,
});

impl Named for &'static Objective {
    fn name(self) -> &'static str {
        self.name
    }

    fn named(name: &str) -> Option<Self> {
        Objective::named(name)
    }
}

/// The distribution of G's input.
pub static NOISE: Typed<Noise> = choice(Field {
    name: "noise",
    title: text("Noise", "噪声"),
    about: text("The distribution of G's input.", "生成器输入的随机数的分布。"),
    group: Group::Game,
    kind: Kind::Choice(|| Noise::CHOICES.to_vec()),
    default: "gaussian",
    only: &[],
    effect: Effect::Live,
});

/// The dimension of G's input.
pub static LATENT: Typed<u64> = integer(Field {
    name: "z",
    title: text("Noise dimension", "噪声维数"),
    about: text("How many random numbers G turns into one sample.", "生成器输入的随机数个数。"),
    group: Group::Game,
    kind: Kind::Integer { min: 1, max: 256 },
    default: "2",
    only: &[],
    effect: Effect::Anew,
});

/// Samples in each update.
pub static BATCH: Typed<u64> = integer(Field {
    name: "batch",
    title: text("Batch", "批大小"),
    about: text("Real samples, and generated samples, in each update.", "每次更新用多少个真实样本和多少个生成样本。"),
    group: Group::Game,
    kind: Kind::Integer { min: 1, max: 1024 },
    default: "256",
    only: &[],
    effect: Effect::Live,
});

/// How the learning rates go over the run.
pub static SCHEDULE: Typed<Schedule> = choice(Field {
    name: "schedule",
    title: text("Rate schedule", "学习率方案"),
    about: text(
        "How both learning rates go over the run, from the step at which the schedule was set.",
        "两个学习率在训练中如何变化，从设定方案的那一步起算。",
    ),
    group: Group::Game,
    kind: Kind::Choice(|| Schedule::CHOICES.to_vec()),
    default: "constant",
    only: &[],
    effect: Effect::Live,
});

/// Steps over which they do.
pub static DECAY: Typed<u64> = integer(Field {
    name: "decay",
    title: text("Schedule's span", "方案跨度"),
    about: text("Steps over which the schedule goes; at its end it stays.", "方案历经这么多步；到头之后保持不变。"),
    group: Group::Game,
    kind: Kind::Integer { min: 1, max: 10_000_000 },
    default: "8000",
    only: &[Only { field: "schedule", is: &["linear", "cosine", "stairs", "warmup"] }],
    effect: Effect::Live,
});

/// Decay of the running mean of G's weights that samples and metrics come from; 0: they come from the weights.
pub static AVERAGE: Typed<f64> = number(Field {
    name: "ema",
    title: text("Averaging", "平均"),
    about: text(
        "Samples and metrics come from a running mean of G's weights; at its update t the decay is this, but at most (1 + t) / (10 + t), so that the first pictures follow (in links of version 1, it is this from the start). 0: they come from the weights.",
        "样本和指标取自生成器权重的滑动平均；第 t 次更新时的衰减率为此值，但不超过 (1 + t) / (10 + t)，好让最初的画面跟得上（版本 1 的链接从一开始就用此值）。0 表示直接用权重。",
    ),
    group: Group::Generator,
    kind: Kind::Number { min: 0.0, max: 0.9999, scale: Scale::Decay },
    default: "0",
    only: &[],
    effect: Effect::Live,
});

/// Chooses every random number of the run.
pub static SEED: Typed<u64> = integer(Field {
    name: "seed",
    title: text("Seed", "种子"),
    about: text(
        "Chooses every random number: the same seed gives the same run.",
        "所有随机性的来源：同一链接、同一种子给出同一结果。",
    ),
    group: Group::Run,
    kind: Kind::Seed,
    default: "7",
    only: &[],
    effect: Effect::Anew,
});

/// The run stops at this step; 0: never.
pub static STOP: Typed<u64> = integer(Field {
    name: "stop",
    title: text("Stop at step", "停在第几步"),
    about: text("The run stops by itself at this step; 0: never.", "训练到这一步就停；0 表示不停。"),
    group: Group::Run,
    kind: Kind::Integer { min: 0, max: 1_000_000_000 },
    default: "0",
    only: &[],
    effect: Effect::Free,
});

/// Where to run. Changes no result on the CPU engines.
pub static ENGINE: Typed<EngineChoice> = choice(Field {
    name: "engine",
    title: text("Engine", "引擎"),
    about: text("What computes.", "auto 先用 cpu，若 GPU 在这个实验上更快则换用 GPU。"),
    group: Group::Run,
    kind: Kind::Choice(|| EngineChoice::CHOICES.to_vec()),
    default: "auto",
    only: &[],
    effect: Effect::Free,
});

/// Fields of every experiment that come before its family's own, in the order in which a link and the page show them.
pub(super) static HEAD: [&Field; 3] = [&DATA, &IMAGES.field, &FAMILY];
/// Those that come after them.
pub(super) static TAIL: [&Field; 3] = [&SEED.field, &STOP.field, &ENGINE.field];

/// Through how many updates of D G looks ahead.
pub static UNROLL: Typed<u64> = integer(Field {
    name: "unroll",
    title: text("Looks ahead", "前瞻步数"),
    about: text(
        "G foresees so many updates by which D would answer its samples, and moves by the gradient through all of them (Metz et al. 2017). D itself stays where it is; each takes about as long as five updates.",
        "G 预想 D 对它的样本会作出的这么多次更新，并沿穿过所有这些更新的梯度移动（Metz 等，2017）。D 本身不动；每多看一步，约多花五次更新的时间。",
    ),
    group: Group::Generator,
    kind: Kind::Integer { min: 0, max: 20 },
    default: "0",
    only: &[],
    effect: Effect::Live,
});

/// Whether players look ahead before they move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extragradient {
    /// They move by the slope where they stand.
    Off,
    /// Korpelevich 1976.
    On,
}

impl Extragradient {
    const CHOICES: [Choice; 2] = [
        Choice {
            value: "off",
            title: text("off", "关"),
            about: text("both move by the slope where they stand", "双方按当前位置的坡度走"),
        },
        Choice {
            value: "on",
            title: text("on", "开"),
            about: text("by the slope where a step of both would lead", "按双方各走一步之后的坡度走"),
        },
    ];
}

named!(Extragradient: Off, On);

/// Whether players move by the slope where a step of both would lead.
pub static EXTRAGRADIENT: Typed<Extragradient> = choice(Field {
    name: "extra",
    title: text("Extragradient", "外梯度"),
    about: text(
        "Before each move both look where a step of both would lead, and the player moves by the slope there (Korpelevich 1976; Gidel et al. 2019): a game that circles comes in. A move takes more than four times as long.",
        "每次移动前先看双方各走一步会到哪里，再按那里的坡度走（Korpelevich，1976；Gidel 等，2019）：绕圈的博弈会收进来。每次移动要四倍多的时间。",
    ),
    group: Group::Game,
    kind: Kind::Choice(|| Extragradient::CHOICES.to_vec()),
    default: "off",
    only: &[],
    effect: Effect::Live,
});

/// The weight of consensus.
pub static CONSENSUS: Typed<f64> = number(Field {
    name: "consensus",
    title: text("Consensus", "共识优化"),
    about: text(
        "How much both also want the slopes of both losses to vanish: consensus optimisation (Mescheder et al. 2017).",
        "双方在多大程度上还希望两个损失的坡度都消失：共识优化（Mescheder 等，2017）。",
    ),
    group: Group::Game,
    kind: Kind::Number { min: 0.0, max: 10.0, scale: Scale::Factors },
    default: "0",
    only: &[],
    effect: Effect::Live,
});
