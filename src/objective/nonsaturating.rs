//! Goodfellow et al. 2014, “Generative Adversarial Nets” (arXiv 1406.2661), section 3: G maximises log D(G(z)) instead,
//! whose gradient does not vanish when D wins.

use std::f64::consts::LN_2;

use super::{Against, Objective, Score};
use crate::kernel::Curve;
use crate::text::text;

/// The game that is played in practice.
pub static NON_SATURATING: Objective = Objective {
    name: "nonsaturating",
    title: text("non-saturating", "非饱和"),
    about: text(
        "G maximises log D(G(z)): the same fixed point, a gradient that does not vanish",
        "G 最大化 log D(G(z))：不动点相同，梯度不会消失",
    ),
    real: &[(1.0, Curve::SoftplusOfMinus)],
    fake: &[(1.0, Curve::Softplus)],
    generator: &[(1.0, Curve::SoftplusOfMinus)],
    against: Against::Nothing,
    others: &[],
    constant: 0.0,
    equilibrium: [Some(2.0 * LN_2), Some(LN_2)],
    score: Score::LOGIT,
};
