//! Goodfellow et al. 2014, “Generative Adversarial Nets” (arXiv 1406.2661), equation 1: G minimises log(1 − D(G(z))).

use std::f64::consts::LN_2;

use super::{Objective, Score};
use crate::kernel::Curve;

/// The original game.
pub static MINIMAX: Objective = Objective {
    name: "minimax",
    title: "minimax",
    about: "the original game: G minimises log(1 − D(G(z))); its gradient vanishes when D wins",
    real: (1.0, Curve::SoftplusOfMinus),
    fake: (1.0, Curve::Softplus),
    generator: (-1.0, Curve::Softplus),
    equilibrium: (2.0 * LN_2, -LN_2),
    score: Score::Logit,
};
