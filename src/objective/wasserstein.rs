//! Arjovsky, Chintala and Bottou 2017, “Wasserstein GAN” (arXiv 1701.07875), algorithm 1: D is a critic f whose difference of
//! means estimates the Wasserstein distance, as far as f is kept from changing faster than 1 in 1; that takes a penalty or
//! clipped weights.

use super::{Against, Objective, Score};
use crate::kernel::Curve;
use crate::text::text;

/// The critic's game.
pub static WASSERSTEIN: Objective = Objective {
    name: "wasserstein",
    title: text("Wasserstein", "Wasserstein"),
    about: text(
        "D is a critic: the difference of its means estimates how far the samples are from the data; it wants a penalty",
        "D 是评分者：两个均值之差估计样本与数据的距离；需要配合惩罚项",
    ),
    real: &[(-1.0, Curve::Identity)],
    fake: &[(1.0, Curve::Identity)],
    generator: &[(-1.0, Curve::Identity)],
    against: Against::Nothing,
    others: &[],
    constant: 0.0,
    equilibrium: [Some(0.0), None],
    score: Score::Critic,
};
