//! Goodfellow et al. 2014, “Generative Adversarial Nets” (arXiv 1406.2661), equation 1: G minimises log(1 − D(G(z))).

use std::f64::consts::LN_2;

use super::{Against, Objective, Score};
use crate::kernel::Curve;
use crate::text::text;

/// The original game.
pub static MINIMAX: Objective = Objective {
    name: "minimax",
    title: text("minimax", "极小极大"),
    about: text(
        "the original game: G minimises log(1 − D(G(z))); its gradient vanishes when D wins",
        "最初的博弈：G 最小化 log(1 − D(G(z)))；D 胜出时，它的梯度消失",
    ),
    real: &[(1.0, Curve::SoftplusOfMinus)],
    fake: &[(1.0, Curve::Softplus)],
    generator: &[(-1.0, Curve::Softplus)],
    against: Against::Nothing,
    others: &[],
    constant: 0.0,
    equilibrium: [Some(2.0 * LN_2), Some(-LN_2)],
    score: Score::LOGIT,
};
