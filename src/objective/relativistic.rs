//! Jolicoeur-Martineau 2018, “The relativistic discriminator: a key element missing from standard GAN” (arXiv 1807.00734): D says how
//! much more real a real sample is than a generated one. Its game of pairs (equations 5 and 6) is the one that R3GAN returns to
//! (Huang et al. 2024, arXiv 2501.05441); its game of averages compares with the mean of the others (equations 7 and 8).

use std::f64::consts::LN_2;

use super::{Against, Objective, Score};
use crate::kernel::Curve;
use crate::text::text;

/// Pairs of a real and a generated sample.
pub static RELATIVISTIC: Objective = Objective {
    name: "relativistic",
    title: text("relativistic", "相对式"),
    about: text(
        "D says how much more real a real sample is than a generated one beside it; G turns that round (RpGAN)",
        "D 判断真实样本比旁边的生成样本真实多少；G 要把它反过来（RpGAN）",
    ),
    real: &[(1.0, Curve::SoftplusOfMinus)],
    fake: &[],
    generator: &[(1.0, Curve::SoftplusOfMinus)],
    against: Against::Pairs,
    others: &[],
    constant: 0.0,
    equilibrium: [Some(LN_2), Some(LN_2)],
    score: Score::Critic,
};

/// Each sample and the mean of the others.
pub static RELATIVISTIC_AVERAGE: Objective = Objective {
    name: "average",
    title: text("relativistic average", "相对平均"),
    about: text(
        "D says how much more real a sample is than the average of the other kind (RaGAN)",
        "D 判断一个样本比另一类的平均真实多少（RaGAN）",
    ),
    real: &[(1.0, Curve::SoftplusOfMinus)],
    fake: &[(1.0, Curve::Softplus)],
    generator: &[(1.0, Curve::SoftplusOfMinus)],
    against: Against::Means,
    others: &[(1.0, Curve::Softplus)],
    constant: 0.0,
    equilibrium: [Some(2.0 * LN_2), Some(2.0 * LN_2)],
    score: Score::Critic,
};
