//! How a run fares: one named state, and what there is to say about it.

use serde::{Deserialize, Serialize};

use crate::message::{Message, Sentence};

/// What an evaluation tells about the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Signs {
    /// Modes covered and their number, for data with separate modes.
    pub modes: Option<(usize, usize)>,
    /// Share of the generated samples that lie on a mode, for data with separate modes, in [0, 1].
    pub quality: Option<f64>,
    /// Spread of the generated samples relative to the data's (1 is right), if it is known and finite.
    pub spread: Option<f64>,
    /// D's accuracy on real samples, in [0, 1].
    pub accuracy_real: f64,
    /// D's accuracy on generated samples, in [0, 1].
    pub accuracy_generated: f64,
    /// Euclidean norm of G's gradient at its last turn; `None` when G has no turns.
    pub gradient: Option<f64>,
}

/// The state of a run that is still going.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// Nothing is wrong.
    Learning,
    /// G has made only few kinds of sample for long.
    Collapsed,
    /// D tells every sample apart, and G's gradient has all but vanished.
    Saturated,
}

/// For how many steps a sign must hold before it names the state.
const LONG: u64 = 1_000;
/// D has won when its accuracy on both kinds is at least this.
const WON: f64 = 0.99;
/// G's gradient has vanished below this share of the largest it has been.
const VANISHED: f64 = 0.01;
/// Samples with less than this share of the data's spread have collapsed.
const NARROW: f64 = 0.25;

/// Watches the evaluations of a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Health {
    signs: Signs,
    step: u64,
    largest_gradient: f64,
    /// Since which step the samples have been of few kinds, and D has won, without a break.
    few_since: Option<u64>,
    won_since: Option<u64>,
    covered_since: u64,
    /// Whether the samples have ever been on a mode.
    found: bool,
}

impl Default for Health {
    fn default() -> Self {
        Self {
            signs: Signs::default(),
            step: 0,
            largest_gradient: 0.0,
            few_since: None,
            won_since: None,
            covered_since: 0,
            found: false,
        }
    }
}

impl Health {
    /// Takes in the evaluation at `step`.
    pub fn watch(&mut self, step: u64, signs: Signs) {
        if let Some(gradient) = signs.gradient.filter(|g| g.is_finite()) {
            self.largest_gradient = self.largest_gradient.max(gradient);
        }
        // A narrow cloud, or at most a quarter of the modes, is few kinds; but a generator that has been on no mode at all
        // has not found the data yet.
        self.found |= signs.modes.is_some_and(|(covered, _)| covered > 0);
        let few_modes = self.found && signs.modes.is_some_and(|(covered, of)| covered * 4 <= of);
        // A G without turns cannot collapse.
        let few = signs.gradient.is_some() && (few_modes || signs.spread.is_some_and(|s| s < NARROW));
        since(&mut self.few_since, few, step);
        let won = signs.accuracy_real >= WON
            && signs.accuracy_generated >= WON
            && signs.gradient.is_some_and(|g| g < VANISHED * self.largest_gradient);
        since(&mut self.won_since, won, step);
        if signs.modes.map(|m| m.0) != self.signs.modes.map(|m| m.0) {
            self.covered_since = step;
        }
        self.signs = signs;
        self.step = step;
    }

    /// The state after the last evaluation.
    pub fn state(&self) -> State {
        let long = |since: Option<u64>| since.is_some_and(|s| self.step - s >= LONG);
        if long(self.won_since) {
            State::Saturated
        } else if long(self.few_since) {
            State::Collapsed
        } else {
            State::Learning
        }
    }

    /// The state for a person.
    pub fn sentence(&self) -> Sentence {
        let Signs { modes, quality, spread, accuracy_real, accuracy_generated, gradient } = self.signs;
        let accuracy = Message::Accuracy { real: percent(accuracy_real), generated: percent(accuracy_generated) };
        Sentence(match self.state() {
            _ if self.step == 0 => vec![Message::FirstEvaluation],
            State::Saturated => vec![accuracy, Message::Saturated { share: percent(VANISHED) }],
            State::Collapsed => vec![match modes {
                Some((covered, of)) if self.found && covered * 4 <= of && spread.is_none_or(|s| s >= NARROW) => {
                    let steps = self.step - self.few_since.unwrap_or(self.step);
                    Message::FewModes { covered, of, steps }
                }
                _ => Message::Narrow { spread: percent(spread.unwrap_or(0.0)) },
            }],
            State::Learning if gradient.is_none() => vec![Message::Frozen, accuracy],
            State::Learning => {
                let modes = modes.map(|(covered, of)| match self.step - self.covered_since {
                    0 => Message::Modes { covered, of },
                    steps => Message::ModesHeld { covered, of, steps },
                });
                let on_modes = quality.map(|share| Message::OnModes { share: percent(share) });
                modes.into_iter().chain(on_modes).chain([accuracy]).collect()
            }
        })
    }
}

fn percent(share: f64) -> u32 {
    (100.0 * share).round() as u32
}

fn since(start: &mut Option<u64>, holds: bool, step: u64) {
    *start = if holds { start.or(Some(step)) } else { None };
}

#[cfg(test)]
mod tests {
    use super::*;

    const FINE: Signs = Signs {
        modes: Some((8, 8)),
        quality: Some(0.9),
        spread: Some(1.0),
        accuracy_real: 0.6,
        accuracy_generated: 0.55,
        gradient: Some(1.0),
    };

    fn after(signs: Signs, steps: u64) -> Health {
        let mut health = Health::default();
        health.watch(100, FINE);
        (200..=200 + steps).step_by(100).for_each(|step| health.watch(step, signs));
        health
    }

    #[test]
    fn a_healthy_run_is_learning() {
        let health = after(FINE, 5_000);
        assert_eq!(health.state(), State::Learning);
        assert_eq!(
            health.sentence().to_string(),
            "8 of 8 modes, for 5100 steps now. 90 % of the samples lie on them. D recognises 60 % of the real and 55 % of \
             the generated samples."
        );
    }

    #[test]
    fn few_modes_for_long_is_a_collapse_and_a_recovery_ends_it() {
        let one = Signs { modes: Some((1, 8)), ..FINE };
        assert_eq!(after(one, 900).state(), State::Learning);
        let mut health = after(one, 1_000);
        assert_eq!(health.state(), State::Collapsed);
        assert_eq!(health.sentence().0, [Message::FewModes { covered: 1, of: 8, steps: 1_000 }]);
        health.watch(1_300, FINE);
        assert_eq!(health.state(), State::Learning);
    }

    #[test]
    fn no_mode_yet_is_not_a_collapse_but_a_narrow_cloud_is() {
        let none = Signs { modes: Some((0, 8)), ..FINE };
        let mut health = Health::default();
        (100..=3_000).step_by(100).for_each(|step| health.watch(step, none));
        assert_eq!(health.state(), State::Learning);
        let lost = after(none, 2_000);
        assert_eq!(lost.state(), State::Collapsed, "modes that were found and are lost again");
        assert_eq!(lost.sentence().0, [Message::FewModes { covered: 0, of: 8, steps: 2_000 }]);
        assert_eq!(after(Signs { modes: None, spread: Some(0.1), ..FINE }, 2_000).state(), State::Collapsed);
    }

    #[test]
    fn saturation_needs_both_a_winning_d_and_a_vanished_gradient() {
        let won = Signs { accuracy_real: 1.0, accuracy_generated: 1.0, ..FINE };
        assert_eq!(after(won, 2_000).state(), State::Learning);
        assert_eq!(after(Signs { gradient: Some(0.001), ..won }, 2_000).state(), State::Saturated);
        assert_eq!(after(Signs { gradient: None, ..won }, 2_000).state(), State::Learning);
    }
}
