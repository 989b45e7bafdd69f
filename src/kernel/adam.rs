//! Optimiser updates in one pass over flat slices.

use super::pool;

/// From so many numbers on, an update is worth the time it takes to wake other threads.
const SHARED: usize = 1 << 17;

/// What one update by Adam (Kingma and Ba 2015, algorithm 1) needs, with the bias corrections already in two scalars.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adam {
    /// Decay of the mean of gradients.
    pub beta1: f32,
    /// 1 − β₁, rounded once.
    pub rest1: f32,
    /// Decay of the mean of squared gradients.
    pub beta2: f32,
    /// 1 − β₂, rounded once.
    pub rest2: f32,
    /// α √(1 − β₂ᵗ) / (1 − β₁ᵗ)
    pub rate: f32,
    /// ε √(1 − β₂ᵗ)
    pub epsilon: f32,
}

/// One update in place of `parameters` and of the moments.
///
/// # Panics
/// If the slices are not of one length.
pub fn adam(parameters: &mut [f32], gradient: &[f32], first: &mut [f32], second: &mut [f32], by: Adam) {
    let n = parameters.len();
    assert!(gradient.len() == n && first.len() == n && second.len() == n);
    if n < SHARED || pool::threads() == 1 {
        return one(parameters, gradient, first, second, by);
    }
    let part = n.div_ceil(pool::threads());
    let moments = first.chunks_mut(part).zip(second.chunks_mut(part));
    pool::share(parameters.chunks_mut(part).zip(gradient.chunks(part)).zip(moments), |_, ((p, g), (m, v))| {
        one(p, g, m, v, by);
    });
}

fn one(parameters: &mut [f32], gradient: &[f32], first: &mut [f32], second: &mut [f32], by: Adam) {
    for (((p, &g), m), v) in parameters.iter_mut().zip(gradient).zip(first).zip(second) {
        *m = *m * by.beta1 + g * by.rest1;
        *v = *v * by.beta2 + g * g * by.rest2;
        *p -= *m / (v.sqrt() + by.epsilon) * by.rate;
    }
}

/// θ ← θ − α g, in place.
///
/// # Panics
/// If the slices are not of one length.
pub fn sgd(parameters: &mut [f32], gradient: &[f32], rate: f32) {
    assert_eq!(parameters.len(), gradient.len());
    for (p, &g) in parameters.iter_mut().zip(gradient) {
        *p -= g * rate;
    }
}
