//! What keeps D from changing too fast.

use super::field::{Choice, Effect, Field, Group, Kind, Named, Only, Scale, Typed, choice, number};
use crate::text::{name, text};

/// A penalty that a person can choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Penalty {
    /// Nothing does.
    None,
    /// Gulrajani et al. 2017.
    Gradient,
    /// Arjovsky et al. 2017.
    Clip,
}

impl Penalty {
    const CHOICES: [Choice; 3] = [
        Choice {
            value: "none",
            title: text("none", "无"),
            about: text("D may change as fast as it will", "D 可以任意快地变化"),
        },
        Choice {
            value: "gp",
            title: text("gradient penalty", "梯度惩罚"),
            about: text(
                "(‖∇D‖ − 1)² between real and generated samples (Gulrajani et al. 2017)",
                "在真实样本与生成样本之间惩罚 (‖∇D‖ − 1)²（Gulrajani 等，2017）",
            ),
        },
        Choice {
            value: "clip",
            title: text("clipped weights", "权重裁剪"),
            about: text(
                "D's weights are cut to a range after each update (Arjovsky et al. 2017)",
                "每次更新后把 D 的权重裁剪到一个范围内（Arjovsky 等，2017）",
            ),
        },
    ];
}

impl Named for Penalty {
    fn name(self) -> &'static str {
        Self::CHOICES[self as usize].value
    }

    fn named(name: &str) -> Option<Self> {
        [Self::None, Self::Gradient, Self::Clip].into_iter().find(|penalty| penalty.name() == name)
    }
}

/// What keeps D from changing too fast.
pub static PENALTY: Typed<Penalty> = choice(Field {
    name: "penalty",
    title: text("Penalty", "惩罚项"),
    about: text("What keeps D from changing too fast.", "用什么限制 D 的变化速度。"),
    group: Group::Game,
    kind: Kind::Choice(|| Penalty::CHOICES.to_vec()),
    default: "none",
    only: &[],
    effect: Effect::Live,
});

/// The weight of the gradient penalty.
pub static LAMBDA: Typed<f64> = number(Field {
    name: "gp",
    title: name("λ"),
    about: text("The weight of the gradient penalty.", "梯度惩罚的权重。"),
    group: Group::Game,
    kind: Kind::Number { min: 0.0, max: 1000.0, scale: Scale::Factors },
    default: "10",
    only: &[Only { field: "penalty", is: &["gp"] }],
    effect: Effect::Live,
});

/// The most that a weight of D may be.
pub static CLIP: Typed<f64> = number(Field {
    name: "clip",
    title: text("Clip at", "裁剪到"),
    about: text("The most that a weight of D may be, up or down.", "D 的权重的绝对值上限。"),
    group: Group::Game,
    kind: Kind::Number { min: 1e-4, max: 10.0, scale: Scale::Factors },
    default: "0.01",
    only: &[Only { field: "penalty", is: &["clip"] }],
    effect: Effect::Live,
});
