//! From what weights start.

use super::field::{Choice, Effect, Field, Group, Kind, Named, Typed, choice};
use crate::nn::Init;
use crate::text::{name, text};

/// From what the weights of both networks start.
pub static INIT: Typed<Begin> = choice(Field {
    name: "init",
    title: text("Weights at first", "权重的初值"),
    about: text(
        "From what the weights of both networks are drawn before the first step.",
        "第一步之前，双方网络的权重从何处抽取。",
    ),
    group: Group::Game,
    kind: Kind::Choice(|| INITS.to_vec()),
    default: "usual",
    only: &[],
    effect: Effect::Anew,
});

/// From what weights are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begin {
    /// As the networks' own papers and programs have it.
    Usual,
    /// This.
    As(Init),
}

impl Begin {
    /// For networks of which this is usual.
    pub fn of(self, usual: Init) -> Init {
        match self {
            Self::Usual => usual,
            Self::As(init) => init,
        }
    }
}

const INITS: [Choice; 6] = [
    Choice {
        value: "usual",
        title: text("as usual", "照惯例"),
        about: text(
            "by fan-in in fully connected networks, N(0, 0.02²) in convolutional ones",
            "全连接网络按输入数，卷积网络用 N(0, 0.02²)",
        ),
    },
    Choice {
        value: "fanin",
        title: text("by fan-in", "按输入数"),
        about: text(
            "uniform in ±1/√inputs, biases too, as in PyTorch",
            "在 ±1/√输入数 内均匀分布，偏置也是，与 PyTorch 相同",
        ),
    },
    Choice {
        value: "glorot",
        title: name("Glorot"),
        about: text(
            "uniform in ±√(6/(inputs + outputs)) (Glorot and Bengio 2010)",
            "在 ±√(6/(输入数 + 输出数)) 内均匀分布（Glorot 和 Bengio，2010）",
        ),
    },
    Choice {
        value: "he",
        title: name("He"),
        about: text(
            "normal with σ = √(2/inputs), made for ReLU (He et al. 2015)",
            "σ = √(2/输入数) 的正态分布，为 ReLU 而设（He 等，2015）",
        ),
    },
    Choice {
        value: "orthogonal",
        title: text("orthogonal", "正交"),
        about: text(
            "matrices that turn and do not stretch (Saxe et al. 2014)",
            "只旋转、不拉伸的矩阵（Saxe 等，2014）",
        ),
    },
    Choice {
        value: "narrow",
        title: name("N(0, 0.02²)"),
        about: text(
            "normal with σ = 0.02, as in DCGAN (Radford et al. 2015)",
            "σ = 0.02 的正态分布，与 DCGAN 相同（Radford 等，2015）",
        ),
    },
];

impl Named for Begin {
    fn name(self) -> &'static str {
        let place = match self {
            Self::Usual => 0,
            Self::As(init) => 1 + ORDER.iter().position(|known| *known == init).expect("all are listed"),
        };
        INITS[place].value
    }

    fn named(name: &str) -> Option<Self> {
        let all = std::iter::once(Self::Usual).chain(ORDER.map(Self::As));
        all.zip(INITS).find(|(_, choice)| choice.value == name).map(|(begin, _)| begin)
    }
}

/// Those of the choices after the first.
const ORDER: [Init; 5] = [Init::FanIn, Init::Glorot, Init::He, Init::Orthogonal, Init::Narrow];
