//! How a run fares: one named state, and what there is to say about it.

use serde::{Deserialize, Serialize};

use crate::message::{Message, Sentence};

/// What the generated samples themselves tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Shape {
    /// Modes held and their number, for data with separate modes.
    pub modes: Option<(usize, usize)>,
    /// Spread of the generated samples relative to the data's (1 is right), if it is known and finite.
    pub spread: Option<f64>,
}

/// What an evaluation tells about the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Signs {
    /// The samples that are shown.
    pub shape: Shape,
    /// Those of G's own weights, where a running mean of them is shown: a mean that lags is no collapse.
    pub own: Option<Shape>,
    /// Share of the samples that lie on a mode, for data with separate modes, in [0, 1].
    pub quality: Option<f64>,
    /// Distance of the samples from the data, in what an ideal generator would score, where that is known.
    pub distance: Option<f64>,
    /// The same distance in what the data spread.
    pub offset: Option<f64>,
    /// D's accuracy on real and on generated samples, in [0, 1], where there is a D and there are such samples.
    pub accuracy: [Option<f64>; 2],
    /// How hard the game pulls at D and at G: the lengths of their losses' gradients.
    pub pulls: [Option<f64>; 2],
    /// The share of samples of which D is all but sure, in [0, 1].
    pub sure: Option<f64>,
    /// Which players are updated: D, G.
    pub turns: [bool; 2],
}

/// The state of a run that is still going.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// Not there yet, and nothing is wrong.
    Learning,
    /// The samples match the data, as far as is measured.
    Good,
    /// The samples lie far from all data.
    Far,
    /// Not there, and no nearer for long.
    Stalled,
    /// A player has no turns.
    Frozen,
    /// D has told every sample apart for long.
    Won,
    /// G has made only few kinds of sample for long.
    Collapsed,
}

impl State {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Learning => "running",
            Self::Good => "good",
            Self::Far => "far",
            Self::Stalled => "stalled",
            Self::Frozen => "frozen",
            Self::Won => "won",
            Self::Collapsed => "collapsed",
        }
    }
}

/// For how many steps a sign must hold before it names the state.
pub const LONG: u64 = 1_000;
/// For how many steps a run that is not there must have come no nearer before it is stalled.
pub const STALLED: u64 = 5_000;
/// A run has come nearer when its distance is less than this share of the least so far.
const NEARER: f64 = 0.95;
/// D has won when its accuracy on both kinds is at least this.
const WON: f64 = 0.97;
/// Samples with less than this share of the data's spread have collapsed, …
const NARROW: f64 = 0.25;
/// … and with more than this one they are far off.
const WIDE: f64 = 3.0;
/// Samples further from the data than so many of its spreads are far off at once, …
const AWAY: f64 = 1.5;
/// … and further than this, if for long.
const APART: f64 = 0.5;
/// The samples match data with modes if every mode is held and this share of them lies on modes, …
const QUALITY: f64 = 0.8;
/// … and other data if they are nearer than so many times an ideal generator.
const CLOSE: f64 = 4.0;
/// Few modes are held well if this share of the samples lies on modes.
const HELD: f64 = 0.5;
/// Evaluations over which D's accuracy is averaged: near the equilibrium D is right by turns on one kind and on the other.
const LOOKS: usize = 8;

/// Watches the evaluations of a run.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Health {
    /// The signs of the last evaluation, with D's accuracy averaged.
    signs: Signs,
    step: u64,
    /// D's accuracy at the last evaluations.
    looks: Vec<[Option<f64>; 2]>,
    /// Since which step the samples have been of few kinds, D has won, and the samples are apart, without a break.
    few_since: Option<u64>,
    won_since: Option<u64>,
    apart_since: Option<u64>,
    held_since: u64,
    /// The most modes that the samples have held at once, and when that was reached.
    most: (usize, u64),
    /// The least distance so far, and when it was reached.
    nearest: Option<(f64, u64)>,
    /// Whether the samples have ever held a mode.
    found: bool,
}

impl Health {
    /// Takes in the evaluation at `step`; gives D's accuracy over the last evaluations.
    pub fn watch(&mut self, step: u64, mut signs: Signs) -> [Option<f64>; 2] {
        if self.looks.len() >= LOOKS {
            self.looks.remove(0);
        }
        self.looks.push(signs.accuracy);
        signs.accuracy = [0, 1].map(|i| {
            let known = || self.looks.iter().filter_map(|look| look[i]);
            let looks = known().count();
            (looks > 0).then(|| known().sum::<f64>() / looks as f64)
        });

        // A generator that has held no mode at all has not found the data yet.
        let Shape { modes, .. } = signs.shape;
        self.found |= modes.is_some_and(|(held, _)| held > 0);
        if let Some((held, _)) = modes.filter(|(held, _)| *held > self.most.0) {
            self.most = (held, step);
        }
        let few = |shape: Shape| self.found && shape.modes.is_some_and(few_modes) || shape.spread.is_some_and(narrow);
        let strays = |own: Shape| few(own) || own.spread.is_some_and(|s| s > WIDE);
        let apart = signs.offset.is_some_and(|offset| offset > APART) && signs.own.is_none_or(strays);
        let few = few(signs.shape) && signs.own.is_none_or(few);
        since(&mut self.few_since, few, step);
        since(&mut self.apart_since, apart, step);
        since(&mut self.won_since, signs.accuracy.iter().all(|share| share.is_some_and(|share| share >= WON)), step);
        if modes.map(|m| m.0) != self.signs.shape.modes.map(|m| m.0) {
            self.held_since = step;
        }
        if let Some(offset) = signs.offset
            && self.nearest.is_none_or(|(least, _)| offset < NEARER * least)
        {
            self.nearest = Some((offset, step));
        }
        self.signs = signs;
        self.step = step;
        signs.accuracy
    }

    /// The state after the last evaluation.
    pub fn state(&self) -> State {
        let Signs { shape, quality, distance, offset, turns, .. } = self.signs;
        let long = |since: Option<u64>| since.is_some_and(|s| self.step - s >= LONG);
        let away = offset.is_some_and(|o| o > AWAY) || shape.spread.is_some_and(|s| s > WIDE);
        let settled = long(self.few_since) && self.step - self.most.1 >= self.search();
        // Those that settled on few modes and lie well on them: what keeps them from the data is what they lack.
        let dropped = settled && quality.is_some_and(|share| share >= HELD);
        let good = match (shape.modes, quality, distance) {
            (Some((held, of)), Some(quality), _) => held == of && quality >= QUALITY,
            (None, _, Some(distance)) => distance <= CLOSE,
            _ => false,
        };
        if self.step == 0 {
            State::Learning
        } else if !turns[0] || !turns[1] {
            State::Frozen
        } else if good {
            State::Good
        } else if long(self.won_since) {
            State::Won
        } else if away || long(self.apart_since) && !dropped {
            State::Far
        } else if settled {
            State::Collapsed
        } else if self.nearest.is_some_and(|(_, at)| self.step - at >= STALLED) {
            State::Stalled
        } else {
            State::Learning
        }
    }

    /// For how many steps a run may look for a further mode before it has collapsed: longer, when it holds half of them.
    fn search(&self) -> u64 {
        let half = self.signs.shape.modes.is_some_and(|(held, of)| 2 * held > of);
        if half { 2 * LONG } else { LONG }
    }

    /// The state for a person: what was measured at the last evaluation.
    pub fn sentence(&self) -> Sentence {
        if self.step == 0 {
            return Sentence(vec![Message::FirstEvaluation]);
        }
        let Signs { shape: Shape { modes, spread }, quality, accuracy, offset, turns, .. } = self.signs;
        let accuracy = match accuracy {
            [Some(real), Some(generated)] => {
                Some(Message::Accuracy { real: percent(real), generated: percent(generated) })
            }
            _ => None,
        };
        let held = modes.map(|(held, of)| match self.step - self.held_since {
            0 => Message::Modes { held, of },
            steps => Message::ModesHeld { held, of, steps },
        });
        let on_modes = quality.map(|share| Message::OnModes { share: percent(share) });
        let far = || match (offset, spread) {
            (_, Some(spread)) if spread > WIDE => Message::Wide { times: tenths(spread) },
            (Some(offset), _) => Message::Far { times: tenths(offset) },
            _ => Message::FarOff,
        };
        let frozen = match turns {
            [false, false] => Message::BothFrozen,
            [false, true] => Message::FrozenD,
            _ => Message::Frozen,
        };
        let figures = || held.clone().into_iter().chain(on_modes.clone());
        let first: Vec<Message> = match self.state() {
            State::Learning | State::Good => figures().collect(),
            State::Frozen => {
                let away = offset.is_some_and(|o| o > APART).then(far);
                std::iter::once(frozen).chain(away).chain(figures()).collect()
            }
            State::Won => vec![Message::Won { steps: self.step - self.won_since.unwrap_or(self.step) }],
            State::Far => vec![far()],
            State::Collapsed => vec![match modes {
                Some((held, of)) if self.found && few_modes((held, of)) && !spread.is_some_and(narrow) => {
                    Message::FewModes { held, of, steps: self.step - self.few_since.unwrap_or(self.step) }
                }
                _ => Message::Narrow { spread: percent(spread.unwrap_or(0.0)) },
            }],
            State::Stalled => {
                let (_, at) = self.nearest.unwrap_or_default();
                std::iter::once(Message::Stalled { steps: self.step - at }).chain(figures()).collect()
            }
        };
        Sentence(first.into_iter().chain(accuracy).collect())
    }
}

/// At most three quarters of them.
fn few_modes((held, of): (usize, usize)) -> bool {
    4 * held <= 3 * of
}

fn narrow(spread: f64) -> bool {
    spread < NARROW
}

fn percent(share: f64) -> u32 {
    (100.0 * share).round() as u32
}

/// A factor with one digit behind the point, as text.
fn tenths(factor: f64) -> String {
    if factor < 100.0 { format!("{factor:.1}") } else { format!("{factor:.0}") }
}

fn since(start: &mut Option<u64>, holds: bool, step: u64) {
    *start = if holds { start.or(Some(step)) } else { None };
}

#[cfg(test)]
mod tests {
    use super::*;

    const FINE: Signs = Signs {
        shape: Shape { modes: Some((8, 8)), spread: Some(1.0) },
        own: None,
        quality: Some(0.9),
        distance: Some(2.0),
        offset: Some(0.03),
        accuracy: [Some(0.6), Some(0.55)],
        pulls: [Some(0.1), Some(0.1)],
        sure: Some(0.0),
        turns: [true; 2],
    };
    const ONE: Signs = Signs { shape: Shape { modes: Some((1, 8)), spread: Some(1.0) }, ..FINE };

    fn watched(signs: impl IntoIterator<Item = Signs>) -> Health {
        let mut health = Health::default();
        for (i, signs) in signs.into_iter().enumerate() {
            health.watch(100 * (i as u64 + 1), signs);
        }
        health
    }

    /// Fine at step 100, then so from step 200 on, for so many steps.
    fn after(signs: Signs, steps: u64) -> Health {
        watched(std::iter::once(FINE).chain((0..=steps / 100).map(|_| signs)))
    }

    #[test]
    fn only_a_run_that_matches_the_data_is_good() {
        assert_eq!(after(FINE, 5_000).state(), State::Good);
        assert_eq!(
            after(FINE, 5_000).sentence().to_string(),
            "8 of 8 modes, for 5100 steps now. 90 % of the samples lie on them. D recognises 60 % of the real and 55 % of \
             the generated samples."
        );
        let off = |signs| watched([signs]).state();
        assert_eq!(off(Signs { quality: Some(0.5), ..FINE }), State::Learning, "eight modes touched by strays");
        assert_eq!(off(Signs { shape: Shape { modes: Some((7, 8)), ..FINE.shape }, ..FINE }), State::Learning);
        let plain = Signs { shape: Shape { modes: None, spread: Some(1.0) }, quality: None, ..FINE };
        assert_eq!(off(plain), State::Good);
        assert_eq!(off(Signs { distance: Some(4.5), ..plain }), State::Learning);
        assert_eq!(off(Signs { distance: None, offset: None, ..plain }), State::Learning, "nothing is known");
    }

    #[test]
    fn few_modes_for_long_is_a_collapse_and_a_recovery_ends_it() {
        assert_eq!(after(ONE, 900).state(), State::Learning);
        let mut health = after(ONE, 1_000);
        assert_eq!(health.state(), State::Collapsed);
        assert_eq!(health.sentence().0[0], Message::FewModes { held: 1, of: 8, steps: 1_000 });
        health.watch(1_300, FINE);
        assert_eq!(health.state(), State::Good);
    }

    #[test]
    fn a_run_that_still_finds_modes_has_not_collapsed() {
        let held = |n| Signs { shape: Shape { modes: Some((n, 25)), spread: Some(1.0) }, quality: Some(0.1), ..FINE };
        assert_eq!(watched((1..=12).flat_map(|n| [held(n); 4])).state(), State::Learning);
        assert_eq!(watched((1..=12).flat_map(|n| [held(n); 4]).chain([held(12); 8])).state(), State::Collapsed);
        // With more than half of them it takes twice as long.
        let most = |n| watched((1..=16).flat_map(|n| [held(n); 2]).chain(std::iter::repeat_n(held(16), n))).state();
        assert_eq!([most(8), most(20)], [State::Learning, State::Collapsed]);
    }

    #[test]
    fn no_mode_yet_is_not_a_collapse_but_a_narrow_cloud_is() {
        let none = Signs { shape: Shape { modes: Some((0, 8)), spread: Some(1.0) }, ..FINE };
        assert_eq!(watched([none; 30]).state(), State::Learning);
        let lost = after(none, 2_000);
        assert_eq!(lost.state(), State::Collapsed, "modes that were found and are lost again");
        assert_eq!(lost.sentence().0[0], Message::FewModes { held: 0, of: 8, steps: 2_000 });
        let narrow = Signs { shape: Shape { modes: None, spread: Some(0.1) }, distance: Some(9.0), ..FINE };
        assert_eq!(after(narrow, 2_000).state(), State::Collapsed);
    }

    #[test]
    fn a_mean_that_lags_is_no_collapse() {
        let lagging = Signs { own: Some(FINE.shape), ..ONE };
        assert_eq!(after(lagging, 2_000).state(), State::Learning);
        assert_eq!(after(Signs { own: Some(ONE.shape), ..ONE }, 2_000).state(), State::Collapsed);
    }

    #[test]
    fn d_has_won_when_it_is_right_on_all_for_long() {
        let won = Signs { accuracy: [Some(1.0), Some(0.996)], quality: Some(0.0), ..ONE };
        assert_eq!(watched([won; 10]).state(), State::Learning, "for 900 steps");
        assert_eq!(watched([won; 11]).state(), State::Won);
        let half = Signs { accuracy: [Some(1.0), Some(0.9)], ..won };
        assert_ne!(watched([half; 11]).state(), State::Won);
        assert_eq!(watched([Signs { shape: FINE.shape, quality: Some(0.9), ..won }; 11]).state(), State::Good);
    }

    #[test]
    fn samples_far_from_the_data_are_far_off() {
        let away = Signs { offset: Some(735.0), ..ONE };
        let health = watched([away]);
        assert_eq!(health.state(), State::Far);
        assert_eq!(health.sentence().0[0], Message::Far { times: "735".into() });
        let wide = Signs { shape: Shape { modes: None, spread: Some(3.5) }, offset: None, distance: None, ..FINE };
        assert_eq!(watched([wide]).sentence().0[0], Message::Wide { times: "3.5".into() });
        // As far as any run begins: only if it stays so.
        let start = Signs { quality: Some(0.1), offset: Some(0.7), ..ONE };
        assert_eq!(watched([start; 10]).state(), State::Learning);
        assert_eq!(watched([start; 11]).state(), State::Far);
    }

    #[test]
    fn few_modes_held_well_are_a_collapse_however_far_the_others_are() {
        let half = |share| Signs {
            shape: Shape { modes: Some((4, 8)), spread: Some(1.0) },
            quality: Some(share),
            offset: Some(0.7),
            ..FINE
        };
        assert_eq!(after(half(0.8), 2_000).state(), State::Collapsed);
        assert_eq!(after(half(0.2), 2_000).state(), State::Far);
        assert_eq!(
            after(Signs { offset: Some(2.0), ..half(0.8) }, 2_000).state(),
            State::Far,
            "half of them lie far away"
        );
    }

    #[test]
    fn a_run_that_comes_no_nearer_has_stalled() {
        let middling = Signs { quality: Some(0.4), offset: Some(0.2), ..FINE };
        assert_eq!(watched([middling; 50]).state(), State::Learning);
        assert_eq!(watched([middling; 51]).state(), State::Stalled);
        let better = Signs { offset: Some(0.18), ..middling };
        assert_eq!(watched([middling; 51].into_iter().chain([better])).state(), State::Learning);
    }

    #[test]
    fn a_player_without_turns_is_frozen() {
        let d = Signs { turns: [false, true], offset: Some(214.0), ..ONE };
        assert_eq!(watched([d]).state(), State::Frozen);
        assert_eq!(watched([d]).sentence().0[..2], [Message::FrozenD, Message::Far { times: "214".into() }]);
        assert_eq!(watched([Signs { turns: [true, false], ..FINE }]).sentence().0[0], Message::Frozen);
        assert_eq!(watched([Signs { turns: [false, false], ..FINE }]).sentence().0[0], Message::BothFrozen);
    }

    #[test]
    fn accuracy_is_that_of_the_last_evaluations() {
        let look = |a| Signs { accuracy: [Some(a), Some(1.0 - a)], ..FINE };
        let mut health = Health::default();
        let seen: Vec<_> = (1..=20).map(|i| health.watch(i, look(f64::from(i as u32 % 2)))).collect();
        assert_eq!(seen[0], [Some(1.0), Some(0.0)]);
        let unknown = Signs { accuracy: [None, Some(1.0)], ..FINE };
        assert_eq!(Health::default().watch(1, unknown), [None, Some(1.0)]);
        assert!(seen[7..].iter().all(|a| *a == [Some(0.5), Some(0.5)]), "{seen:?}");
    }
}
