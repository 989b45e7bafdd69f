//! Mao et al. 2017, “Least Squares Generative Adversarial Networks” (arXiv 1611.04076), equation 9 with a = 0, b = c = 1:
//! squared distances of the score to 1 and 0. The optimal score is p / (p + q), a probability.

use super::{Against, Objective, Score};
use crate::kernel::Curve;
use crate::text::text;

/// LSGAN.
pub static LEAST_SQUARES: Objective = Objective {
    name: "leastsquares",
    title: text("least squares", "最小二乘"),
    about: text(
        "LSGAN: squared distance of D's score to 1 for real and 0 for generated",
        "LSGAN：D 的打分与 1（真实）和 0（生成）之间距离的平方",
    ),
    real: &[(0.5, Curve::SquareTo(1.0))],
    fake: &[(0.5, Curve::SquareTo(0.0))],
    generator: &[(0.5, Curve::SquareTo(1.0))],
    against: Against::Nothing,
    others: &[],
    constant: 0.0,
    equilibrium: [Some(0.25), Some(0.125)],
    score: Score::Line { zero: 0.0, one: 1.0 },
};
