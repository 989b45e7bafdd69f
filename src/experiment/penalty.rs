//! What keeps D from changing too fast.

use super::field::{Choice, Effect, Field, Group, Kind, Only, Scale, Typed, choice, integer, named, number};
use crate::text::{Text, name, text};

/// A penalty that a person can choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Penalty {
    /// Nothing does.
    None,
    /// Gulrajani et al. 2017.
    Gradient,
    /// Mescheder et al. 2018.
    Real,
    /// The same at generated samples.
    Generated,
    /// The same at both.
    Both,
    /// Kodali et al. 2017.
    Dragan,
    /// Arjovsky et al. 2017.
    Clip,
}

impl Penalty {
    const CHOICES: [Choice; 7] = [
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
            value: "r1",
            title: name("R1"),
            about: text(
                "‖∇D‖² at real samples (Mescheder et al. 2018)",
                "在真实样本处惩罚 ‖∇D‖²（Mescheder 等，2018）",
            ),
        },
        Choice {
            value: "r2",
            title: name("R2"),
            about: text(
                "‖∇D‖² at generated samples (Mescheder et al. 2018)",
                "在生成样本处惩罚 ‖∇D‖²（Mescheder 等，2018）",
            ),
        },
        Choice {
            value: "r1r2",
            title: text("R1 and R2", "R1 与 R2"),
            about: text(
                "‖∇D‖² at real and at generated samples, as R3GAN has it (Huang et al. 2024)",
                "在真实样本和生成样本处都惩罚 ‖∇D‖²，如 R3GAN（Huang 等，2024）",
            ),
        },
        Choice {
            value: "dragan",
            title: name("DRAGAN"),
            about: text(
                "(‖∇D‖ − 1)² around real samples (Kodali et al. 2017)",
                "在真实样本周围惩罚 (‖∇D‖ − 1)²（Kodali 等，2017）",
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

named!(Penalty: None, Gradient, Real, Generated, Both, Dragan, Clip);

/// The score that least squares draw generated samples to, for D.
pub static SQUARE_FAKE: Typed<f64> = number(square(
    "lsa",
    name("a"),
    text("The score that D draws generated samples to.", "D 把生成样本的分数拉向此值。"),
    "0",
));

/// The score that least squares draw real samples to.
pub static SQUARE_REAL: Typed<f64> = number(square(
    "lsb",
    name("b"),
    text("The score that D draws real samples to.", "D 把真实样本的分数拉向此值。"),
    "1",
));

/// The score that least squares draw generated samples to, for G.
pub static SQUARE_G: Typed<f64> = number(square(
    "lsc",
    name("c"),
    text(
        "The score that G draws its samples to. −1, 1 and 0 for a, b and c minimise Pearson's χ² (Mao et al. 2017).",
        "G 把自己样本的分数拉向此值。a、b、c 取 −1、1、0 时最小化 Pearson χ²（Mao 等，2017）。",
    ),
    "1",
));

const fn square(name: &'static str, title: Text, about: Text, default: &'static str) -> Field {
    Field {
        name,
        title,
        about,
        group: Group::Game,
        kind: Kind::Number { min: -10.0, max: 10.0, scale: Scale::Factors },
        default,
        only: &[Only { field: "objective", is: &["leastsquares"] }],
        effect: Effect::Live,
    }
}

/// How much less than 1 the label of real samples is.
pub static SMOOTH: Typed<f64> = number(smooth(
    "smooth",
    text("Label smoothing", "标签平滑"),
    text(
        "D is told that real samples are so much less than real, so that it is never quite sure (Salimans et al. 2016 take 0.1).",
        "告诉 D 真实样本没有那么真，差这么多，使它从不完全确信（Salimans 等 2016 取 0.1）。",
    ),
));

/// How much more than 0 the label of generated samples is.
pub static SMOOTH_FAKE: Typed<f64> = number(smooth(
    "smoothfake",
    text("Smoothing, generated", "对生成样本也平滑"),
    text(
        "D is told that generated samples are so much more than false. The paper warns: the best D then still rewards samples where no data are.",
        "告诉 D 生成样本没有那么假，差这么多。论文提醒：此时最优的 D 仍会奖励没有数据之处的样本。",
    ),
));

const fn smooth(name: &'static str, title: Text, about: Text) -> Field {
    Field {
        name,
        title,
        about,
        group: Group::Game,
        kind: Kind::Number { min: 0.0, max: 0.5, scale: Scale::Factors },
        default: "0",
        only: &[Only { field: "objective", is: &["minimax", "nonsaturating"] }],
        effect: Effect::Live,
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
    only: ON_NORMS,
    effect: Effect::Live,
});

/// The norm that the gradient penalty wants.
pub static TARGET: Typed<f64> = number(Field {
    name: "gpat",
    title: text("Wanted slope", "目标斜率"),
    about: text(
        "The norm of D's gradient that costs nothing: 1 for a critic that estimates a distance.",
        "梯度范数为此值时不受惩罚：估计距离的评分者取 1。",
    ),
    group: Group::Game,
    kind: Kind::Number { min: 0.0, max: 100.0, scale: Scale::Factors },
    default: "1",
    only: ON_NORMS,
    effect: Effect::Live,
});

/// Whether smaller norms cost nothing either.
pub static SIDES: Typed<Sides> = choice(Field {
    name: "sides",
    title: text("Sides", "单侧或双侧"),
    about: text("Whether a gradient smaller than is wanted costs something too.", "比目标小的梯度是否也受惩罚。"),
    group: Group::Game,
    kind: Kind::Choice(|| Sides::CHOICES.to_vec()),
    default: "two",
    only: ON_NORMS,
    effect: Effect::Live,
});

/// Which norms cost something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sides {
    /// Those that are off, either way.
    Two,
    /// Those that are too large.
    One,
}

impl Sides {
    const CHOICES: [Choice; 2] = [
        Choice {
            value: "two",
            title: text("both", "双侧"),
            about: text("smaller ones cost as much as larger ones", "过小与过大同样受惩罚"),
        },
        Choice {
            value: "one", title: text("too large", "单侧"), about: text("only larger ones do", "只惩罚过大的")
        },
    ];
}

named!(Sides: Two, One);

const ON_NORMS: &[Only] = &[Only { field: "penalty", is: &["gp", "dragan"] }];
const ON_SQUARES: &[Only] = &[Only { field: "penalty", is: &["r1", "r2", "r1r2"] }];

/// The weight of R1.
pub static GAMMA: Typed<f64> = number(Field {
    name: "r1",
    title: name("γ"),
    about: text("Twice the weight of ‖∇D‖² in R1 and R2.", "R1 与 R2 中 ‖∇D‖² 的权重的两倍。"),
    group: Group::Game,
    kind: Kind::Number { min: 0.0, max: 1000.0, scale: Scale::Factors },
    default: "1",
    only: ON_SQUARES,
    effect: Effect::Live,
});

/// How lazily R1 is taken.
pub static LAZY: Typed<u64> = integer(Field {
    name: "lazy",
    title: text("Every … updates", "每几次更新一次"),
    about: text(
        "The penalty is taken at every so many updates of D only, with that many times the weight (Karras et al. 2020).",
        "惩罚项只在 D 每这么多次更新时计算一次，权重相应加倍（Karras 等，2020）。",
    ),
    group: Group::Game,
    kind: Kind::Integer { min: 1, max: 64 },
    default: "1",
    only: ON_SQUARES,
    effect: Effect::Live,
});

/// Steps until the penalty has gone.
pub static EASED: Typed<u64> = integer(Field {
    name: "pspan",
    title: text("Penalty gone after … steps", "惩罚在多少步后消失"),
    about: text(
        "The penalty's weight falls to 0 along a line over so many steps; 0: it stays.",
        "惩罚的权重在这么多步内线性降到 0；0 表示一直不变。",
    ),
    group: Group::Game,
    kind: Kind::Integer { min: 0, max: 1_000_000 },
    default: "0",
    only: &[Only { field: "penalty", is: &["gp", "dragan", "r1", "r2", "r1r2"] }],
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
