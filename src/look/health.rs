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
#[serde(default)]
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
    /// The standard deviation of D's scores of real and generated samples.
    pub scored: Option<f64>,
    /// How many classes samples of some code are mostly taken for, and how many there could be, where samples have codes.
    pub named: Option<(usize, usize)>,
    /// How near samples lie to training images, in what these lie to one another, where that is known: 0 for copies.
    pub newness: Option<f64>,
    /// Which players are updated: D, G.
    pub turns: [bool; 2],
}

/// The state of a run that is still going.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Not there yet, and nothing is wrong.
    #[serde(rename = "running")]
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
    /// G's samples have jumped from mode to mode for long.
    Hopping,
    /// The samples are far from the data, and D has hardly told them apart for long.
    Lagging,
    /// The samples have lain too near to training images for long.
    Copying,
    /// Codes have come to stand for the same.
    Doubled,
    /// Some modes have been missing for long.
    Partial,
    /// G has made only few kinds of sample for long: of the modes a quarter at most, or samples that hardly differ.
    Collapsed,
}

/// A state of a run in the past, or the one that it is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// Which.
    pub state: State,
    /// The step at which its sign was first seen.
    pub began: u64,
    /// The step at which it was named: a sign has to last.
    pub named: u64,
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
            Self::Hopping => "hopping",
            Self::Lagging => "lagging",
            Self::Copying => "copying",
            Self::Doubled => "doubled",
            Self::Partial => "partial",
            Self::Collapsed => "collapsed",
        }
    }
}

/// For how many steps a sign must hold before it names the state, and it must be seen in three evaluations.
pub const LONG: u64 = 500;
/// The same of samples that hop, which is a mean over evaluations already.
const HOPPING: u64 = 100;
/// From which step on codes that stand for the same are not expected to part.
const NAMED: u64 = 2_000;
/// For how many steps a run that is not there must have come no nearer before it is stalled.
pub const STALLED: u64 = 5_000;
/// A run has come nearer when its distance is less than this share of the least so far.
const NEARER: f64 = 0.95;
/// D has won when its accuracy on both kinds is at least this.
const WON: f64 = 0.97;
/// D lags behind when it is right on less than this share of samples that lie apart from the data.
const GUESSED: f64 = 0.65;
/// Samples hop when at least this share of them changes its mode between evaluations, on average of the last ones.
const HOPS: f64 = 0.35;
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
/// Samples nearer to training images than this share of what these are to one another are copies of them, or on their way there.
const COPIES: f64 = 0.75;
/// Evaluations over which D's accuracy is averaged: near the equilibrium D is right by turns on one kind and on the other.
const LOOKS: usize = 8;
/// Pairs of evaluations over which the share of samples that change their mode is averaged.
const JUMPS: usize = 4;
/// States that are remembered, at most.
const PAST: usize = 64;

/// Watches the evaluations of a run. A state saved before something was watched lacks it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Health {
    /// The signs of the last evaluation, with D's accuracy averaged.
    signs: Signs,
    step: u64,
    /// The step of the evaluation before.
    before: u64,
    /// D's accuracy at the last evaluations.
    looks: Vec<[Option<f64>; 2]>,
    /// The shares of samples nearest to each mode.
    kinds: Vec<f64>,
    /// The shares of samples that have changed their mode before each of the last evaluations.
    hops: Vec<f64>,
    /// Since which step without a break the samples have been of few kinds, D has won, the samples are apart, they hop, and D lags.
    few_since: Option<u64>,
    won_since: Option<u64>,
    apart_since: Option<u64>,
    hops_since: Option<u64>,
    lags_since: Option<u64>,
    /// The same of samples that lie too near to training images.
    copies_since: Option<u64>,
    held_since: u64,
    /// The most modes that the samples have held at once, and when that was reached.
    most: (usize, u64),
    /// The least distance so far, and when it was reached.
    nearest: Option<(f64, u64)>,
    /// Whether the samples have ever held a mode.
    found: bool,
    /// The states so far, the newest last.
    past: Vec<Passage>,
}

impl Health {
    /// Takes in, before the evaluation that they belong to, the shares of G's own samples that are nearest to each mode; none for
    /// data without modes.
    pub fn count(&mut self, kinds: Vec<f64>) {
        if let Some(changed) = changed(&self.kinds, &kinds) {
            self.hops.push(changed);
            self.hops.drain(..self.hops.len().saturating_sub(JUMPS));
        }
        self.kinds = kinds;
    }

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
        let held = |shape: &Shape| shape.modes.is_some_and(|(held, _)| held > 0);
        self.found |= held(&signs.shape) || signs.own.as_ref().is_some_and(held);
        if let Some((held, _)) = modes.filter(|(held, _)| *held > self.most.0) {
            self.most = (held, step);
        }
        let few = |shape: Shape| self.found && shape.modes.is_some_and(few_modes) || shape.spread.is_some_and(narrow);
        let strays = |own: Shape| few(own) || own.spread.is_some_and(|s| s > WIDE);
        let apart = signs.offset.is_some_and(|offset| offset > APART) && signs.own.is_none_or(strays);
        let few = few(signs.shape) && signs.own.is_none_or(few);
        since(&mut self.few_since, few, step);
        since(&mut self.apart_since, apart, step);
        let hops = few && self.hopped() >= HOPS;
        since(&mut self.hops_since, hops, step);
        let guessed = matches!(signs.accuracy, [Some(real), Some(generated)] if (real + generated) / 2.0 < GUESSED);
        since(&mut self.lags_since, apart && guessed, step);
        since(&mut self.copies_since, signs.newness.is_some_and(|newness| newness < COPIES), step);
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
        self.before = self.step;
        self.step = step;
        let state = self.state();
        if self.past.last().is_none_or(|last| last.state != state) {
            self.past.push(Passage { state, began: self.began(state), named: step });
            self.past.drain(..self.past.len().saturating_sub(PAST));
        }
        self.signs.accuracy
    }

    /// The states so far, each from the step at which it was named to that of the next; of very many the last.
    pub fn past(&self) -> &[Passage] {
        &self.past
    }

    /// Since when there has been a sign of the state that the run is in.
    fn began(&self, state: State) -> u64 {
        let since = match state {
            State::Won => self.won_since,
            State::Far => self.apart_since,
            State::Hopping => self.hops_since,
            State::Lagging => self.lags_since,
            State::Copying => self.copies_since,
            State::Partial | State::Collapsed => self.few_since,
            State::Stalled => self.nearest.map(|(_, at)| at),
            State::Learning | State::Good | State::Frozen | State::Doubled => None,
        };
        since.unwrap_or(self.step)
    }

    /// How far the samples were from the data at the last evaluation, in what the data spread, where that is known.
    pub fn offset(&self) -> Option<f64> {
        self.signs.offset
    }

    /// The share of samples that has changed its mode between the last evaluations, on average.
    fn hopped(&self) -> f64 {
        if self.hops.len() < JUMPS { 0.0 } else { self.hops.iter().sum::<f64>() / JUMPS as f64 }
    }

    /// The state after the last evaluation.
    pub fn state(&self) -> State {
        let Signs { shape, quality, distance, offset, named, turns, .. } = self.signs;
        let lasting = LONG.max(2 * (self.step - self.before));
        let long = |since: Option<u64>| since.is_some_and(|s| self.step - s >= lasting);
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
        } else if away {
            State::Far
        } else if self.hops_since.is_some_and(|since| self.step - since >= HOPPING) {
            State::Hopping
        } else if long(self.lags_since) && !dropped {
            State::Lagging
        } else if long(self.apart_since) && !dropped {
            State::Far
        } else if settled {
            if self.is_whole() { State::Collapsed } else { State::Partial }
        } else if long(self.copies_since) {
            State::Copying
        } else if self.step >= NAMED && named.is_some_and(|(named, of)| named < of) {
            State::Doubled
        } else if self.nearest.is_some_and(|(_, at)| self.step - at >= STALLED) {
            State::Stalled
        } else {
            State::Learning
        }
    }

    /// Whether all but few of the modes are lost, or the samples hardly differ at all.
    fn is_whole(&self) -> bool {
        let Shape { modes, spread } = self.signs.shape;
        spread.is_some_and(narrow) || modes.is_none_or(|(held, of)| 4 * held <= of)
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
            State::Hopping => {
                let steps = self.step - self.hops_since.unwrap_or(self.step);
                std::iter::once(Message::Hops { share: percent(self.hopped()), steps }).chain(figures()).collect()
            }
            State::Lagging => vec![Message::Lags { steps: self.step - self.lags_since.unwrap_or(self.step) }, far()],
            State::Partial | State::Collapsed => vec![match modes {
                Some((held, of)) if self.found && few_modes((held, of)) && !spread.is_some_and(narrow) => {
                    Message::FewModes { held, of, steps: self.step - self.few_since.unwrap_or(self.step) }
                }
                _ => Message::Narrow { spread: percent(spread.unwrap_or(0.0)) },
            }],
            State::Copying => {
                let steps = self.step - self.copies_since.unwrap_or(self.step);
                vec![Message::Copies { share: percent(self.signs.newness.unwrap_or(0.0)), steps }]
            }
            State::Doubled => {
                let (named, of) = self.signs.named.unwrap_or_default();
                vec![Message::Doubled { named, of }]
            }
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

/// The share of samples that have left their kind, between two counts; none where there is nothing to compare.
fn changed(before: &[f64], now: &[f64]) -> Option<f64> {
    let stayed = || before.iter().zip(now).map(|(a, b)| a.min(*b)).sum::<f64>();
    (!now.is_empty() && before.len() == now.len()).then(|| 1.0 - stayed())
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
mod tests;
