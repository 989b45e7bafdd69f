//! Nowozin, Cseke and Tomioka 2016, “f-GAN: Training Generative Neural Samplers using Variational Divergence Minimization” (arXiv
//! 1606.00709): for any f-divergence, D raises the bound E g(s) over real samples − E f*(g(s)) over generated ones, with g and the
//! conjugate f* of their tables 1 to 6. G raises E g(s) over its samples (their section 3.2), which does not vanish where D wins.
//!
//! Minus D's loss is the bound: it comes up to the divergence where D is as good as it can be.

use super::{Against, Objective, Score};
use crate::kernel::Curve;
use crate::text::text;

const RISING: Curve = Curve::Exp { rate: 1.0, shift: 0.0 };
const FALLING: Curve = Curve::Exp { rate: -1.0, shift: 0.0 };

/// Kullback–Leibler, of the data from the samples: g = s, f* = exp(t − 1).
pub static KL: Objective = Objective {
    name: "kl",
    title: text("f-GAN: KL", "f-GAN：KL"),
    about: text(
        "minus D's loss is a bound on KL(data ‖ samples): what the data have and the samples lack costs much",
        "D 的损失取负是 KL(数据 ‖ 样本) 的下界：数据有而样本没有的，代价很大",
    ),
    real: &[(-1.0, Curve::Identity)],
    fake: &[(1.0, Curve::Exp { rate: 1.0, shift: -1.0 })],
    generator: &[(-1.0, Curve::Identity)],
    against: Against::Nothing,
    others: &[],
    constant: 0.0,
    equilibrium: [Some(0.0), Some(-1.0)],
    // The best s is 1 + log p/q.
    score: Score::Logit { rate: 1.0, shift: -1.0 },
};

/// Reverse Kullback–Leibler, of the samples from the data: g = −exp(−s), f* = −1 − log(−t).
pub static REVERSE_KL: Objective = Objective {
    name: "reversekl",
    title: text("f-GAN: reverse KL", "f-GAN：反向 KL"),
    about: text(
        "minus D's loss is a bound on KL(samples ‖ data): what the samples have and the data lack costs much",
        "D 的损失取负是 KL(样本 ‖ 数据) 的下界：样本有而数据没有的，代价很大",
    ),
    real: &[(1.0, FALLING)],
    fake: &[(1.0, Curve::Identity)],
    generator: &[(1.0, FALLING)],
    against: Against::Nothing,
    others: &[],
    constant: -1.0,
    equilibrium: [Some(0.0), Some(1.0)],
    score: Score::Logit { rate: 1.0, shift: 0.0 },
};

/// Pearson χ²: g = s, f* = t²/4 + t = (t + 2)²/4 − 1.
pub static PEARSON: Objective = Objective {
    name: "pearson",
    title: text("f-GAN: Pearson χ²", "f-GAN：Pearson χ²"),
    about: text("minus D's loss is a bound on Pearson's χ²", "D 的损失取负是 Pearson χ² 的下界"),
    real: &[(-1.0, Curve::Identity)],
    fake: &[(0.25, Curve::SquareTo(-2.0))],
    generator: &[(-1.0, Curve::Identity)],
    against: Against::Nothing,
    others: &[],
    constant: -1.0,
    equilibrium: [Some(0.0), Some(0.0)],
    // The best s is 2 (p/q − 1).
    score: Score::Ratio { slope: 0.5, at_zero: 1.0 },
};

/// Squared Hellinger: g = 1 − exp(−s), f* = t / (1 − t), so that f*(g) = exp(s) − 1.
pub static HELLINGER: Objective = Objective {
    name: "hellinger",
    title: text("f-GAN: squared Hellinger", "f-GAN：平方 Hellinger"),
    about: text(
        "minus D's loss is a bound on the squared Hellinger distance",
        "D 的损失取负是平方 Hellinger 距离的下界",
    ),
    real: &[(1.0, FALLING)],
    fake: &[(1.0, RISING)],
    generator: &[(1.0, FALLING)],
    against: Against::Nothing,
    others: &[],
    constant: -2.0,
    equilibrium: [Some(0.0), Some(1.0)],
    // The best s is ½ log p/q.
    score: Score::Logit { rate: 2.0, shift: 0.0 },
};

/// Total variation: g = ½ tanh(s), f* = t.
pub static TOTAL_VARIATION: Objective = Objective {
    name: "tv",
    title: text("f-GAN: total variation", "f-GAN：全变差"),
    about: text(
        "minus D's loss is a bound on the total variation, at most 1; its slope vanishes where D is sure, so it wants a penalty",
        "D 的损失取负是全变差的下界，至多为 1；D 确信之处它的斜率消失，因此需要惩罚项",
    ),
    real: &[(-0.5, Curve::Tanh)],
    fake: &[(0.5, Curve::Tanh)],
    generator: &[(-0.5, Curve::Tanh)],
    against: Against::Nothing,
    others: &[],
    constant: 0.0,
    equilibrium: [Some(0.0), None],
    score: Score::Critic,
};
