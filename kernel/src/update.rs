//! Optimiser updates in one pass over flat slices.

use super::pool;

/// From so many numbers on, an update is worth the time it takes to wake other threads.
const SHARED: usize = 1 << 17;
/// So many numbers of each slice are updated before the next ones: they are still near when they are averaged.
const NEAR: usize = 1 << 10;

/// How many numbers change from one update to the next: see [`Update::rates`].
pub const RATES: usize = 4;

/// What one update does to parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Update {
    /// How they follow the gradient.
    pub descent: Descent,
    /// How their running mean follows them, if there is one.
    pub average: Option<Average>,
}

/// How parameters follow a gradient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Descent {
    /// θ ← θ − α g
    Plain {
        /// α
        rate: f32,
    },
    /// By moments of the gradient.
    Adam(Adam),
}

/// What one update by Adam (Kingma and Ba 2015, algorithm 1) needs, with the bias corrections already in two scalars.
/// With β₁ = 0 and no corrections it is RMSProp.
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

impl Update {
    /// What changes from one update to the next: the rate, ε, and the running mean's decay with what is left to 1; 0 where
    /// there is none.
    pub fn rates(self) -> [f32; RATES] {
        let [rate, epsilon] = match self.descent {
            Descent::Plain { rate } => [rate, 0.0],
            Descent::Adam(by) => [by.rate, by.epsilon],
        };
        let [decay, rest] = self.average.map_or([0.0; 2], |by| [by.decay, by.rest]);
        [rate, epsilon, decay, rest]
    }
}

/// The exponential moving average θ̄ ← d θ̄ + (1 − d) θ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Average {
    /// d
    pub decay: f32,
    /// 1 − d, rounded once.
    pub rest: f32,
}

/// What an update moves. All that it uses are of the parameters' length; what it does not use may be empty.
#[derive(Default)]
pub struct Moved<'a> {
    /// θ
    pub parameters: &'a mut [f32],
    /// The mean of gradients, for [`Descent::Adam`].
    pub first: &'a mut [f32],
    /// The mean of squared gradients, for [`Descent::Adam`].
    pub second: &'a mut [f32],
    /// θ̄, for an [`Update::average`].
    pub average: &'a mut [f32],
}

/// One update, in place.
///
/// # Panics
/// If a slice that it uses is not of the parameters' length.
pub fn update(moved: Moved<'_>, gradient: &[f32], by: Update) {
    let n = moved.parameters.len();
    let used = |used: bool, slice: &[f32]| if used { slice.len() == n } else { slice.is_empty() };
    let adam = matches!(by.descent, Descent::Adam(_));
    assert!(gradient.len() == n && used(adam, moved.first) && used(adam, moved.second));
    assert!(used(by.average.is_some(), moved.average));
    let threads = pool::threads();
    if n < SHARED || threads == 1 {
        return parts(moved, gradient, NEAR).for_each(|(part, gradient)| one(part, gradient, by));
    }
    pool::share(parts(moved, gradient, n.div_ceil(threads)), |_, (part, gradient)| {
        parts(part, gradient, NEAR).for_each(|(part, gradient)| one(part, gradient, by));
    });
}

/// So many numbers at a time of every slice that is not empty.
fn parts<'a>(moved: Moved<'a>, gradient: &'a [f32], size: usize) -> impl Iterator<Item = (Moved<'a>, &'a [f32])> {
    let Moved { parameters, first, second, average } = moved;
    let some = |slice: &'a mut [f32]| slice.chunks_mut(size).chain(std::iter::repeat_with(Default::default));
    let others = some(first).zip(some(second)).zip(some(average));
    parameters.chunks_mut(size).zip(gradient.chunks(size)).zip(others).map(
        |((parameters, gradient), ((first, second), average))| (Moved { parameters, first, second, average }, gradient),
    )
}

fn one(moved: Moved<'_>, gradient: &[f32], by: Update) {
    let Moved { parameters, first, second, average } = moved;
    match by.descent {
        Descent::Plain { rate } => {
            for (p, &g) in parameters.iter_mut().zip(gradient) {
                *p -= g * rate;
            }
        }
        Descent::Adam(by) => {
            for (((p, &g), m), v) in parameters.iter_mut().zip(gradient).zip(first).zip(second) {
                *m = *m * by.beta1 + g * by.rest1;
                *v = *v * by.beta2 + g * g * by.rest2;
                *p -= *m / (v.sqrt() + by.epsilon) * by.rate;
            }
        }
    }
    if let Some(by) = by.average {
        for (a, p) in average.iter_mut().zip(parameters) {
            *a = *a * by.decay + *p * by.rest;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_change_no_bit_and_every_number_is_updated() {
        let n = SHARED + 3 * NEAR + 5;
        let numbers = |salt: usize| (0..n).map(|i| ((i * 31 + salt) % 97) as f32 / 97.0).collect::<Vec<_>>();
        let adam = Adam { beta1: 0.5, rest1: 0.5, beta2: 0.75, rest2: 0.25, rate: 0.1, epsilon: 1e-3 };
        for (descent, moments) in [(Descent::Plain { rate: 0.1 }, 0), (Descent::Adam(adam), n)] {
            for average in [None, Some(Average { decay: 0.75, rest: 0.25 })] {
                let run = |threads: usize| {
                    let [mut p, mut m, mut v, mut a] = [1, 2, 3, 4].map(numbers);
                    m.truncate(moments);
                    v.truncate(moments);
                    a.truncate(if average.is_some() { n } else { 0 });
                    pool::announce(threads);
                    let moved = Moved { parameters: &mut p, first: &mut m, second: &mut v, average: &mut a };
                    update(moved, &numbers(5), Update { descent, average });
                    pool::announce(1);
                    [p, m, v, a]
                };
                let [p, .., a] = run(1);
                assert_eq!(run(3), run(1), "{descent:?}, {average:?}");
                let gradient = numbers(5);
                let moved = p.iter().zip(numbers(1)).zip(gradient).all(|((p, before), g)| (*p != before) == (g != 0.0));
                assert!(moved || moments > 0, "plain descent moves all that have a gradient, and no other");
                for (a, (before, p)) in a.iter().zip(numbers(4).iter().zip(&p)) {
                    assert_eq!(*a, before * 0.75 + p * 0.25);
                }
            }
        }
    }
}
