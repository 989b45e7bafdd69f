//! What is set for one player, whichever players a family has.

use super::Experiment;
use super::field::{Choice, Named, Typed, named};
use super::init::{Begin, INIT};
use crate::kernel::Activation;
use crate::text::{name, text};

/// The optimisers that a person can choose from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Plain gradient descent.
    Sgd,
    /// Polyak 1964, as in PyTorch.
    Momentum,
    /// Sutskever et al. 2013, as in PyTorch.
    Nesterov,
    /// Tieleman and Hinton 2012.
    RmsProp,
    /// Kingma and Ba 2015.
    Adam,
    /// Daskalakis et al. 2018.
    Optimistic,
}

impl Method {
    /// Every choice.
    pub const CHOICES: [Choice; 6] = [
        Choice {
            value: "sgd",
            title: name("SGD"),
            about: text(
                "plain gradient descent: the step is the gradient times the rate",
                "普通梯度下降：梯度乘以学习率",
            ),
        },
        Choice {
            value: "momentum",
            title: text("SGD with momentum", "带动量的 SGD"),
            about: text("the step is a running sum of gradients (Polyak 1964)", "更新是梯度的滑动累积（Polyak，1964）"),
        },
        Choice {
            value: "nesterov",
            title: text("Nesterov momentum", "Nesterov 动量"),
            about: text(
                "the same, from where it is about to be (Sutskever et al. 2013)",
                "同上，但从将要到达之处看（Sutskever 等，2013）",
            ),
        },
        Choice {
            value: "rmsprop",
            title: name("RMSProp"),
            about: text(
                "steps scaled by a running mean of the gradient's square (Tieleman and Hinton 2012); β₂ from 0.9 to 0.99 is usual",
                "用梯度平方的滑动平均缩放更新（Tieleman 和 Hinton，2012）；β₂ 常取 0.9 到 0.99",
            ),
        },
        Choice {
            value: "adam",
            title: name("Adam"),
            about: text(
                "steps scaled by running means of the gradient and its square (Kingma and Ba 2015)",
                "用梯度及其平方的滑动平均缩放更新（Kingma 和 Ba，2015）",
            ),
        },
        Choice {
            value: "optimistic",
            title: text("optimistic Adam", "乐观 Adam"),
            about: text(
                "twice Adam's step less the one before, which keeps a game from circling (Daskalakis et al. 2018)",
                "两倍的 Adam 更新减去上一次的更新，使博弈不再绕圈（Daskalakis 等，2018）",
            ),
        },
    ];
}

named!(Method: Sgd, Momentum, Nesterov, RmsProp, Adam, Optimistic);

/// What [`Activation`]s a person can choose from.
pub const ACTIVATIONS: [Choice; 3] = [
    Choice { value: "relu", title: name("ReLU"), about: name("max(0, x)") },
    Choice {
        value: "leaky",
        title: name("leaky ReLU"),
        about: text("x above 0, 0.2 x below: gradients pass on both sides", "0 以上为 x，以下为 0.2 x：两侧都有梯度"),
    },
    Choice {
        value: "tanh", title: name("tanh"), about: text("smooth, between −1 and 1", "光滑，在 −1 与 1 之间")
    },
];

impl Named for Activation {
    fn name(self) -> &'static str {
        ACTIVATIONS[self as usize].value
    }

    fn named(name: &str) -> Option<Self> {
        [Self::Relu, Self::Leaky, Self::Tanh].into_iter().find(|activation| activation.name() == name)
    }
}

/// One side of the game as a person sets it up.
#[derive(Clone, Debug, PartialEq)]
pub struct PlayerSpec {
    /// Widths of the hidden layers.
    pub layers: Vec<usize>,
    /// Between the layers.
    pub activation: Activation,
    /// From what its weights start.
    pub begin: Begin,
    /// What turns its gradients into steps.
    pub method: Method,
    /// Learning rate.
    pub rate: f64,
    /// Decays of the means of the gradient and of its square, for optimisers that keep them.
    pub betas: [f64; 2],
    /// How much of the running sum of gradients stays, for optimisers that keep one.
    pub momentum: f64,
    /// How fast weights fall towards 0, times the rate: decoupled from the gradient (Loshchilov and Hutter 2019).
    pub decay: f64,
    /// The most that a gradient's norm may be (Pascanu et al. 2013); 0: anything.
    pub most: f64,
    /// Updates in each step.
    pub updates: usize,
}

/// The fields of one player.
pub struct PlayerFields {
    pub layers: Typed<Vec<usize>>,
    pub activation: Typed<Activation>,
    pub method: Typed<Method>,
    pub rate: Typed<f64>,
    pub beta1: Typed<f64>,
    pub beta2: Typed<f64>,
    pub momentum: Typed<f64>,
    pub decay: Typed<f64>,
    pub most: Typed<f64>,
    pub updates: Typed<u64>,
}

impl Experiment {
    /// A player as it is set up.
    pub fn player(&self, fields: &PlayerFields) -> PlayerSpec {
        PlayerSpec {
            layers: self.get(&fields.layers),
            activation: self.get(&fields.activation),
            begin: self.get(&INIT),
            method: self.get(&fields.method),
            rate: self.get(&fields.rate),
            betas: [self.get(&fields.beta1), self.get(&fields.beta2)],
            momentum: self.get(&fields.momentum),
            decay: self.get(&fields.decay),
            most: self.get(&fields.most),
            updates: self.get(&fields.updates) as usize,
        }
    }
}

/// The fields of a player as a static, and the list of those of its learning: what begins their names in links, whose they are in both
/// languages, their group, and the default activation.
macro_rules! player {
    ($(#[$about:meta])* $fields:ident, $learning:ident, $layers:literal, $p:literal, $opt:literal, $who:literal, $zh:literal, $group:expr, $activation:literal) => {
        $(#[$about])*
        pub static $fields: $crate::experiment::PlayerFields = {
            use $crate::experiment::{
                ACTIVATIONS, Effect, Field, Kind, Method, Only, PlayerFields, Scale, choice, integer, layers, number,
            };
            use $crate::text::{name, text};
            const ALWAYS: &[Only] = &[];
            const fn beta(name: &'static str, title: $crate::text::Text, about: $crate::text::Text, default: &'static str, only: &'static [Only]) -> Field {
                let kind = Kind::Number { min: 0.0, max: 0.9999, scale: Scale::Decay };
                Field { name, title, about, group: $group, kind, default, only, effect: Effect::Live }
            }
            PlayerFields {
                layers: layers(Field {
                    name: $layers,
                    title: text("Hidden layers", "隐藏层"),
                    about: text(concat!("Widths of ", $who, "'s hidden layers."), concat!($zh, "每个隐藏层的宽度。")),
                    group: $group,
                    kind: Kind::Layers { max_layers: 6, min: 1, max: 1024 },
                    default: "64,64",
                    only: &[Only { field: "body", is: &["mlp"] }],
                    effect: Effect::Anew,
                }),
                activation: choice(Field {
                    name: concat!($p, "act"),
                    title: text("Activation", "激活函数"),
                    about: text(
                        concat!("The non-linearity after each of ", $who, "'s hidden layers."),
                        concat!($zh, "每个隐藏层之后的非线性函数。"),
                    ),
                    group: $group,
                    kind: Kind::Choice(|| ACTIVATIONS.to_vec()),
                    default: $activation,
                    only: ALWAYS,
                    effect: Effect::Live,
                }),
                method: choice(Field {
                    name: $opt,
                    title: text("Optimiser", "优化器"),
                    about: text(
                        concat!("How ", $who, "'s gradient becomes a step."),
                        concat!("怎样由", $zh, "的梯度得到一次更新。"),
                    ),
                    group: $group,
                    kind: Kind::Choice(|| Method::CHOICES.to_vec()),
                    default: "adam",
                    only: ALWAYS,
                    effect: Effect::Live,
                }),
                rate: number(Field {
                    name: concat!($p, "lr"),
                    title: text("Learning rate", "学习率"),
                    about: text(concat!("The size of ", $who, "'s steps."), concat!($zh, "每次更新的幅度。")),
                    group: $group,
                    kind: Kind::Number { min: 1e-6, max: 10.0, scale: Scale::Factors },
                    default: "0.001",
                    only: ALWAYS,
                    effect: Effect::Live,
                }),
                beta1: number(beta(
                    concat!($p, "b1"),
                    name("β₁"),
                    text(
                        concat!("The optimiser's memory of the gradient of ", $who, ", as a decay each update."),
                        concat!("优化器对", $zh, "梯度的记忆：每次更新的衰减率。"),
                    ),
                    "0.5",
                    &[Only { field: $opt, is: &["adam", "optimistic"] }],
                )),
                beta2: number(beta(
                    concat!($p, "b2"),
                    name("β₂"),
                    text(
                        concat!("The optimiser's memory of the squared gradient of ", $who, ", as a decay each update."),
                        concat!("优化器对", $zh, "梯度平方的记忆：每次更新的衰减率。"),
                    ),
                    "0.999",
                    &[Only { field: $opt, is: &["rmsprop", "adam", "optimistic"] }],
                )),
                momentum: number(beta(
                    concat!($p, "mom"),
                    text("Momentum", "动量"),
                    text(
                        concat!("How much of the running sum of ", $who, "'s gradients stays at each update."),
                        concat!("每次更新时保留多少", $zh, "的梯度累积。"),
                    ),
                    "0.9",
                    &[Only { field: $opt, is: &["momentum", "nesterov"] }],
                )),
                decay: number(Field {
                    name: concat!($p, "wd"),
                    title: text("Weight decay", "权重衰减"),
                    about: text(
                        concat!("How fast ", $who, "'s weights fall towards 0, times the rate, beside the step: with Adam this is AdamW (Loshchilov and Hutter 2019)."),
                        concat!($zh, "的权重以多快的速度（乘以学习率）趋向 0，与更新分开：配合 Adam 即 AdamW（Loshchilov 和 Hutter，2019）。"),
                    ),
                    group: $group,
                    kind: Kind::Number { min: 0.0, max: 10.0, scale: Scale::Factors },
                    default: "0",
                    only: ALWAYS,
                    effect: Effect::Live,
                }),
                most: number(Field {
                    name: concat!($p, "max"),
                    title: text("Gradient norm at most", "梯度范数上限"),
                    about: text(
                        concat!("A longer gradient of ", $who, " is shortened to this (Pascanu et al. 2013); 0 shortens none."),
                        concat!($zh, "的梯度超过这个长度时缩短到它（Pascanu 等，2013）；0 表示不缩短。"),
                    ),
                    group: $group,
                    kind: Kind::Number { min: 0.0, max: 1000.0, scale: Scale::Factors },
                    default: "0",
                    only: ALWAYS,
                    effect: Effect::Live,
                }),
                updates: integer(Field {
                    name: concat!($p, "steps"),
                    title: text("Updates a step", "每步更新次数"),
                    about: text(
                        concat!("How often ", $who, " is updated in each step; 0 freezes it."),
                        concat!("每一步里", $zh, "更新几次；0 表示不更新。"),
                    ),
                    group: $group,
                    kind: Kind::Integer { min: 0, max: 10 },
                    default: "1",
                    only: ALWAYS,
                    effect: Effect::Live,
                }),
            }
        };

        /// How it learns, in the order in which a link and the page show it.
        pub static $learning: [&$crate::experiment::Field; 8] = [
            &$fields.method.field,
            &$fields.rate.field,
            &$fields.beta1.field,
            &$fields.beta2.field,
            &$fields.momentum.field,
            &$fields.decay.field,
            &$fields.most.field,
            &$fields.updates.field,
        ];
    };
}

player!(
    /// G, which makes samples.
    GENERATOR, GENERATOR_LEARNING, "g", "g", "gopt", "G", "生成器", super::Group::Generator, "relu"
);
player!(
    /// D, which tells them from real ones.
    DISCRIMINATOR, DISCRIMINATOR_LEARNING, "d", "d", "dopt", "D", "判别器", super::Group::Discriminator, "leaky"
);
player!(
    /// A model that plays against nobody.
    MODEL, MODEL_LEARNING, "layers", "", "opt", "the model", "模型", super::Group::Game, "relu"
);
