//! One run. It is pulled: [`Session::advance`] trains until it is told to stop and returns; pausing is not pulling.
//!
//! What a step computes is a function of the experiment and the step's number alone. How steps are grouped into calls,
//! and whether anybody looks, changes nothing: losses are read back in blocks, evaluations come at steps that the
//! experiment fixes, and everything that looks draws from streams of its own.

mod course;
mod files;
mod hand;
mod keep;
mod losses;
mod snapshot;
mod state;
mod status;
mod watch;

pub use files::Need;
pub use hand::{About, Handmade, Near};
pub use snapshot::Snapshot;
pub use state::inspect;
pub use status::Status;
pub use watch::Best;

use std::collections::VecDeque;

use burn::tensor::Device;
use serde::Serialize;

use crate::catalog;
use crate::cost::{self, Cost};
use crate::data::Source;
use crate::experiment::{AVERAGE, Experiment, SEED, STOP};
use crate::look::cures::{self, Cure};
use crate::look::eye::{self, Eye};
use crate::look::health::Health;
use crate::look::metrics::Metric;
use crate::look::panel::{Body, Curve, Panel, Place};
use crate::message::{Message, Sentence};
use crate::rng::Rng;
use crate::text::text;
use crate::train::history::History;
use crate::train::program::{Loss, Program, Worth};
use crate::train::supply::Supply;
use keep::Good;
use losses::Unread;
use snapshot::fingerprint;
use state::Moment;
use watch::{Figures, Seen};

/// Losses are read back, and weights kept as known good, every so many steps: a queue of unread work may not grow.
const BLOCK: u64 = 16;
/// Samples of a final word, and how many are made at once.
const EXAMINED: usize = 10_000;
const AT_ONCE: usize = 1_000;
/// Points kept of the losses, at most.
const LOSSES: usize = 1024;

/// What a call has done.
#[derive(Clone, Debug, Serialize)]
pub struct Progress {
    /// Steps done since the beginning.
    pub step: u64,
    /// Steps done in this call.
    pub ran: u64,
    /// Whether a part of the next one is done, too.
    pub half: bool,
    /// The state now.
    pub status: Status,
    /// What there is to say about it.
    pub sentence: Sentence,
}

/// What a run has just done, when it asks whether to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// A move within a step.
    Move,
    /// The last move of a step.
    Step,
}

/// What is done by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hand<'a> {
    /// What is left of a step, or a whole one.
    Step,
    /// Only the moves of this name.
    Move(&'a str),
}

/// One run of an experiment on a device.
pub struct Session {
    experiment: Experiment,
    /// What holds in the next step, unless `due` is reached.
    now: Experiment,
    /// The step after which something changes next.
    due: Option<u64>,
    device: Device,
    program: Box<dyn Program>,
    supply: Supply,
    eye: Eye,
    every: u64,
    step: u64,
    /// The move that comes next in the step that is under way.
    place: usize,
    /// The losses of its moves so far.
    begun: Vec<Option<Worth>>,
    detour: bool,
    missing: Option<usize>,
    unread: Vec<Unread>,
    /// The last value of each loss.
    losses: Vec<Option<f32>>,
    history: History,
    figures: Figures,
    /// By the evaluations that the experiment fixes, and by no other look.
    health: Health,
    seen: Seen,
    good: VecDeque<Good>,
    /// The best so far.
    finest: Option<Moment>,
    /// It goes on from a state, and has not been evaluated since.
    resumed: bool,
    diverged: Option<u64>,
}

impl Session {
    /// A run at step 0.
    ///
    /// # Errors
    /// If the experiment costs more than any page could bear.
    pub fn new(experiment: Experiment, device: Device) -> Result<Self, String> {
        if let Some(refusal) = Cost::of(&experiment).refusal {
            return Err(refusal.to_string());
        }
        let program = (catalog::family_of(&experiment).build)(&experiment, &device);
        let losses = program.losses().len();
        let mut session = Self {
            supply: Supply::new(&experiment, program.as_ref(), &device),
            eye: Eye::new(&experiment, &device),
            now: experiment.at(0),
            due: Some(0),
            every: cost::cadence(&experiment),
            step: 0,
            place: 0,
            begun: vec![None; losses],
            detour: false,
            missing: None,
            unread: Vec::new(),
            losses: vec![None; losses],
            history: History::new(losses, LOSSES),
            figures: Figures::default(),
            health: Health::default(),
            seen: Seen::default(),
            good: VecDeque::new(),
            finest: None,
            resumed: false,
            diverged: None,
            experiment,
            device,
            program,
        };
        session.keep();
        // Images are needed from the start; say so before the first step is tried.
        session.missing = session.supply.store().filter(|store| !store.has(0)).map(|_| 0);
        Ok(session)
    }

    /// What this run is of.
    pub fn experiment(&self) -> &Experiment {
        &self.experiment
    }

    /// Steps done.
    pub fn step(&self) -> u64 {
        self.step
    }

    /// The state now.
    pub fn status(&self) -> Status {
        if self.diverged.is_some() {
            return Status::Diverged;
        }
        if self.stop() > 0 && self.step >= self.stop() {
            return Status::Stopped;
        }
        if self.missing.is_some() {
            return Status::Waiting;
        }
        Status::Going(self.seen.health.state())
    }

    /// The word for the run's health, also where it has stopped.
    pub fn health_word(&self) -> &'static str {
        self.seen.health.state().name()
    }

    /// The state for a person.
    pub fn sentence(&self) -> Sentence {
        let mut sentence = self.seen.health.sentence();
        let average = self.now.find(&AVERAGE).unwrap_or(0.0);
        if average > 0.0 && self.seen.step > 0 {
            sentence.0.push(Message::Averaged { updates: (1.0 / (1.0 - average)).round() as u64 });
        }
        match (self.status(), self.diverged) {
            (Status::Diverged, Some(at)) => Sentence(vec![Message::Diverged { at, step: self.step }]),
            (Status::Waiting, _) => Sentence(vec![Message::Waiting]),
            (Status::Stopped, _) => {
                // Nothing is still to come.
                sentence.0.retain(|message| *message != Message::FirstEvaluation);
                sentence.0.insert(0, Message::Stopped { step: self.step });
                sentence
            }
            _ => sentence,
        }
    }

    /// What may help now: changes that were measured to.
    pub fn cures(&self) -> Vec<Cure> {
        match self.status() {
            Status::Diverged => cures::of_divergence(&self.now),
            Status::Waiting => Vec::new(),
            Status::Going(_) | Status::Stopped => cures::of(self.seen.health.state(), &self.now),
        }
    }

    /// Trains until `go_on`, asked after each move and after each step, answers no, `max_steps` are done (0: no bound), or the
    /// run cannot go on.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn advance(&mut self, mut go_on: impl FnMut(Done) -> bool, max_steps: u64) -> Result<Progress, String> {
        let start = self.step;
        while self.can_step() && (max_steps == 0 || self.step - start < max_steps) {
            if !self.play() {
                break;
            }
            let done = if self.place == 0 { Done::Step } else { Done::Move };
            if done == Done::Step {
                self.after_step().await?;
            }
            if !go_on(done) {
                break;
            }
        }
        self.catch_up().await?;
        Ok(self.progress(start))
    }

    /// What is left of the step under way, or the next one; or the moves of one name alone. Those that come next in the step
    /// are part of it, and with the last of them it is done. Any other order is a detour: the link alone no longer leads to
    /// these weights, and what is not part of a step is not counted as one.
    ///
    /// # Errors
    /// If there is no such move, or the device fails.
    pub async fn by_hand(&mut self, which: Hand<'_>) -> Result<Progress, String> {
        let start = self.step;
        if let Hand::Move(name) = which {
            let known: Vec<&str> = catalog::family_of(&self.experiment).moves.iter().map(|turn| turn.name).collect();
            if !known.contains(&name) {
                return Err(format!("a move is “step”, “{}”, not “{name}”", known.join("”, “")));
            }
        }
        let named = |session: &Self, place: usize| session.supply.moves().get(place).map(|m| m.name);
        if self.can_step() {
            match which {
                Hand::Step => while self.play() && self.place > 0 {},
                Hand::Move(name) => {
                    if self.place == 0 {
                        self.follow();
                    }
                    if named(self, self.place) == Some(name) {
                        while self.play() && self.place > 0 && named(self, self.place) == Some(name) {}
                    } else {
                        self.detour(name);
                    }
                }
            }
        }
        if self.step > start {
            self.after_step().await?;
        }
        self.look_ahead();
        self.catch_up().await?;
        Ok(self.progress(start))
    }

    /// What there is to see now.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn snapshot(&mut self) -> Result<Snapshot, String> {
        self.catch_up().await?;
        // A run that goes on from a state is seen as it is there, though it may train no further.
        if self.resumed && self.missing.is_none() {
            self.resumed = false;
            self.look().await?;
        }
        self.eye.look_at(self.supply.store());
        let weights = self.weights();
        let (mut panels, weights) = self.program.show(&self.eye).and(weights).answer().await?;
        let losses = self.program.losses();
        let curve = |(i, loss): (usize, &Loss)| Curve {
            name: loss.name.into(),
            role: loss.role,
            data: self.history.curve(i),
            equilibrium: loss.equilibrium,
        };
        let curves = losses.iter().enumerate().map(curve).collect();
        let series =
            |name, title, place, steps, curves| Panel { name, title, place, body: Body::Series { steps, curves } };
        panels.push(series("losses", text("Losses", "损失"), Place::Side, self.history.steps(), curves));
        panels.extend(self.seen.panels.iter().cloned());
        let (steps, curves) = self.figures.curves(&self.seen);
        panels.push(series("metrics", text("Metrics", "指标"), Place::Metrics, steps, curves));
        Ok(Snapshot {
            step: self.step,
            half: self.place > 0,
            status: self.status().name(),
            sentence: self.sentence(),
            cures: self.cures(),
            fingerprint: fingerprint(weights.iter().map(Vec::as_slice)),
            detour: self.detour,
            metrics: self.seen.metrics.clone(),
            metrics_step: self.seen.step,
            best: self.figures.best(),
            best_held: self.holds_best(),
            states: self.health.past().to_vec(),
            parameters: self.program.sizes().into_iter().collect(),
            panels,
        })
    }

    /// Evaluates the run as it is now, whatever the cadence, for a final report.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn evaluate(&mut self) -> Result<&[Metric], String> {
        self.catch_up().await?;
        self.look().await?;
        Ok(&self.seen.metrics)
    }

    /// The same for a final word: of all that the model can be tested on, and of 10,000 images. Takes longer.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn examine(&mut self) -> Result<&[Metric], String> {
        if self.program.beside().tests {
            self.eye.take_all(self.supply.store());
            self.seen.metrics.clear();
        }
        self.evaluate().await?;
        self.eye.look_at(self.supply.store());
        let (Some(judge), Source::Images(set)) = (self.eye.judge(), self.experiment.data.source) else {
            return Ok(&self.seen.metrics);
        };
        let mut rng = Rng::stream(self.experiment.get(&SEED), "samples");
        let mut made = Vec::new();
        for _ in 0..EXAMINED / AT_ONCE {
            let images = self.program.sample(AT_ONCE, &mut rng).answer().await?;
            made.extend(judge.read_features(&images).await?);
        }
        let store = self.supply.store().filter(|store| store.has(0));
        let kept = store.map(|store| store.kept(0)).unwrap_or_default();
        let count = AT_ONCE.min(kept.len());
        let real: Vec<f32> = (0..count)
            .flat_map(|i| store.map(|store| store.pixels(kept[i * kept.len() / count])).unwrap_or_default())
            .map(|&p| set.to_network(p))
            .collect();
        let chosen = store.map_or(&[][..], |store| &store.chosen().classes);
        let found = judge.figures(&made, &judge.read_features(&real).await?, self.program.asked(), chosen);
        self.seen.metrics.retain(|metric| found.iter().all(|better| better.name != metric.name));
        self.seen.metrics.splice(..0, found);
        Ok(&self.seen.metrics)
    }

    /// G's samples for the first `count` rows of fresh noise: points in data units, or images 0 to 1, row-major.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn sample(&mut self, count: usize) -> Result<Vec<f32>, String> {
        let mut rng = Rng::stream(self.experiment.get(&SEED), "samples");
        let samples = self.program.sample(count, &mut rng).answer().await?;
        Ok(eye::shown(self.experiment.data.source, &samples))
    }

    /// What the field shows at a point (data units); `None` if the data are not points.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn probe(&self, point: [f64; 2]) -> Result<Option<f32>, String> {
        let Source::Points(set) = self.experiment.data.source else { return Ok(None) };
        self.program.probe(set.scale().to_network(point).map(|x| x as f32)).answer().await.map(Some)
    }

    /// The step to stop at; 0: none.
    fn stop(&self) -> u64 {
        self.experiment.get(&STOP)
    }

    fn can_step(&self) -> bool {
        self.diverged.is_none() && (self.stop() == 0 || self.step < self.stop())
    }

    fn progress(&self, start: u64) -> Progress {
        // A diverged run goes back to its last good step.
        Progress {
            step: self.step,
            ran: self.step.saturating_sub(start),
            half: self.place > 0,
            status: self.status(),
            sentence: self.sentence(),
        }
    }

    /// Queues the next move; a step without moves is done at once. False, with nothing consumed, if a piece of the data is
    /// missing.
    fn play(&mut self) -> bool {
        if self.place == 0 {
            self.follow();
        }
        let moves = self.supply.moves().len();
        if self.place < moves {
            let batch = match self.supply.next(self.place) {
                Ok(batch) => batch,
                Err(shard) => {
                    self.missing = Some(shard);
                    return false;
                }
            };
            for (loss, value) in self.program.play(self.place, &batch) {
                self.begun[loss] = Some(value);
            }
            self.place += 1;
        }
        self.missing = None;
        if self.place == moves {
            self.place = 0;
            self.step += 1;
            let losses = self.begun.iter_mut().map(Option::take).collect();
            self.unread.push(Unread { step: Some(self.step), losses });
        }
        true
    }

    /// Queues the moves of one name out of turn.
    fn detour(&mut self, name: &str) {
        let places: Vec<usize> =
            (0..self.supply.moves().len()).filter(|&i| self.supply.moves()[i].name == name).collect();
        for place in places {
            match self.supply.alone(place) {
                Ok(batch) => {
                    let mut losses = vec![None; self.begun.len()];
                    for (loss, value) in self.program.play(place, &batch) {
                        losses[loss] = Some(value);
                    }
                    self.detour = true;
                    self.missing = None;
                    self.unread.push(Unread { step: None, losses });
                }
                Err(shard) => self.missing = Some(shard),
            }
        }
    }

    /// Has the losses of a step that is under way read with the others.
    fn look_ahead(&mut self) {
        if self.place > 0 {
            self.unread.push(Unread { step: None, losses: self.begun.clone() });
        }
    }

    async fn after_step(&mut self) -> Result<(), String> {
        let evaluate = self.step.is_multiple_of(self.every);
        if self.step.is_multiple_of(BLOCK) || evaluate {
            self.catch_up().await?;
        }
        if self.diverged.is_some() {
            return Ok(());
        }
        if self.step.is_multiple_of(BLOCK) {
            self.keep();
        }
        if evaluate {
            self.watch().await?;
        }
        if self.step == self.stop() {
            self.vouch().await?;
            if self.diverged.is_none() && !evaluate {
                self.evaluate().await?;
            }
        }
        Ok(())
    }
}
