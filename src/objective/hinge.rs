//! Lim and Ye 2017, “Geometric GAN” (arXiv 1705.02894), equations 5 and 6: D's scores of real samples are to be above 1 and those of
//! generated ones below −1, and what is beyond costs nothing.

use super::{Against, Objective, Score};
use crate::kernel::Curve;
use crate::text::text;

/// The hinge game.
pub static HINGE: Objective = Objective {
    name: "hinge",
    title: text("hinge", "铰链"),
    about: text(
        "D pushes real scores above 1 and generated ones below −1, and no further; G raises its scores",
        "D 把真实样本的分数推到 1 以上、生成样本推到 −1 以下，到此为止；G 抬高自己的分数",
    ),
    real: &[(1.0, Curve::Hinge(-1.0))],
    fake: &[(1.0, Curve::Hinge(1.0))],
    generator: &[(-1.0, Curve::Identity)],
    against: Against::Nothing,
    others: &[],
    constant: 0.0,
    equilibrium: [Some(2.0), None],
    score: Score::Critic,
};
