//! One run. It is pulled: [`Session::advance`] trains until it is told to stop and returns; pausing is not pulling.
//!
//! What a step computes is a function of the experiment and the step's number alone. How steps are grouped into calls,
//! and whether anybody looks, changes nothing: losses are read back in blocks, evaluations come at steps that the
//! experiment fixes, and everything that looks draws from streams of its own.

mod state;

use std::collections::VecDeque;

use burn::tensor::{Device, Tensor};
use serde::Serialize;

use crate::catalog;
use crate::data::Source;
use crate::device;
use crate::evaluation::{self, Evaluation};
use crate::experiment::{Experiment, PlayerSpec};
use crate::message::{Message, Sentence};
use crate::metrics::{Better, Metric};
use crate::nn::{Network, matrix};
use crate::rng::Rng;
use crate::snapshot::{Curve, Panel, Parameters, Snapshot, fingerprint};
use crate::train::adversarial::{Adversarial, Player, PlayerWeights};
use crate::train::health::{Health, State};
use crate::train::history::History;
use crate::train::optimiser::Optimiser;
use crate::train::supply::{Supply, Turns};

/// Losses are read back, and weights kept as known good, every so many steps: a queue of unread work may not grow.
const BLOCK: u64 = 16;
/// How many sets of known good weights are kept; the newest may already hold the damage.
const KEPT: usize = 3;

/// The state of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Learning.
    Running,
    /// G has made few kinds of sample for long; the run goes on.
    Collapsed,
    /// D has won and G's gradient has vanished; the run goes on.
    Saturated,
    /// A piece of the data is needed, see [`Session::needs`].
    Waiting,
    /// The step of `stop` is reached.
    Stopped,
    /// A loss was not a number or not finite; the run has ended.
    Diverged,
}

impl Status {
    /// The word for it on the page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Collapsed => "collapsed",
            Self::Saturated => "saturated",
            Self::Waiting => "waiting",
            Self::Stopped => "stopped",
            Self::Diverged => "diverged",
        }
    }
}

/// What a call has done.
#[derive(Clone, Debug, Serialize)]
pub struct Progress {
    /// Steps done since the beginning.
    pub step: u64,
    /// Steps done in this call.
    pub ran: u64,
    /// The state now.
    pub status: Status,
    /// What there is to say about it.
    pub sentence: Sentence,
}

/// A piece of the data that the run must have before it can go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Need {
    /// Its number.
    pub shard: usize,
    /// Where it lies, relative to the page.
    pub url: String,
}

/// One run of an experiment on a device.
pub struct Session {
    experiment: Experiment,
    device: Device,
    game: Adversarial,
    supply: Supply,
    evaluation: Evaluation,
    every: u64,
    step: u64,
    detour: bool,
    missing: Option<usize>,
    unread: Vec<Unread>,
    gradient: Option<Tensor<1>>,
    losses: [Option<f32>; 2],
    history: History,
    health: Health,
    metrics: Vec<Metric>,
    metrics_step: u64,
    good: VecDeque<Good>,
    diverged: Option<u64>,
}

/// The losses of a step, still on the device; `None` where a player had no turn.
struct Unread {
    step: u64,
    losses: [Option<Tensor<1>>; 2],
}

/// Weights after a step; cheap to keep, since tensors share their memory until one changes.
struct Good {
    step: u64,
    generator: PlayerWeights,
    discriminator: PlayerWeights,
}

impl Session {
    /// A run at step 0.
    ///
    /// # Errors
    /// If the experiment names a family that is not in the catalogue.
    pub fn new(experiment: Experiment, device: Device) -> Result<Self, String> {
        let family = catalog::family(experiment.family).ok_or("this family is not in the catalogue")?;
        let features = experiment.features();
        let player = |net: Box<dyn Network>, spec: &PlayerSpec, average: f64, stream: &str| {
            let mut rng = Rng::stream(experiment.seed, stream);
            Player::new(net, Optimiser::new(spec.rule(), spec.rate, average), &mut rng, &device)
        };
        let game = Adversarial {
            generator: player(
                family.generator(&experiment, features),
                &experiment.generator,
                experiment.average,
                "init g",
            ),
            discriminator: player(
                family.discriminator(&experiment, features),
                &experiment.discriminator,
                0.0,
                "init d",
            ),
            objective: experiment.objective,
        };
        let mut session = Self {
            supply: Supply::new(&experiment, &device),
            evaluation: Evaluation::new(&experiment, &device),
            every: cadence(&experiment, game.generator.size(), game.discriminator.size()),
            step: 0,
            detour: false,
            missing: None,
            unread: Vec::new(),
            gradient: None,
            losses: [None; 2],
            history: History::default(),
            health: Health::default(),
            metrics: Vec::new(),
            metrics_step: 0,
            good: VecDeque::new(),
            diverged: None,
            experiment,
            device,
            game,
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
        if self.experiment.stop > 0 && self.step >= self.experiment.stop {
            return Status::Stopped;
        }
        if self.missing.is_some() {
            return Status::Waiting;
        }
        match self.health.state() {
            State::Learning => Status::Running,
            State::Collapsed => Status::Collapsed,
            State::Saturated => Status::Saturated,
        }
    }

    /// The state for a person.
    pub fn sentence(&self) -> Sentence {
        let mut sentence = self.health.sentence();
        if self.experiment.average > 0.0 && self.metrics_step > 0 {
            sentence.0.push(Message::Averaged { updates: (1.0 / (1.0 - self.experiment.average)).round() as u64 });
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

    /// The piece of the data without which the run cannot go on.
    pub fn needs(&self) -> Option<Need> {
        self.missing.and_then(|shard| Some(Need { shard, url: self.url(shard)? }))
    }

    /// Where a shard lies, relative to the page; `None` if the run has no such shard.
    pub fn url(&self, shard: usize) -> Option<String> {
        self.supply.store().filter(|store| shard < store.shards()).map(|store| store.set().url(shard))
    }

    /// How many shards the whole run will use; 0 if its data need none.
    pub fn shards(&self) -> usize {
        self.supply.store().map_or(0, |store| store.shards())
    }

    /// Provides a shard, as its file holds it. The order does not matter, and doing it twice is harmless.
    ///
    /// # Errors
    /// If the file is truncated or altered, or the run has no such shard; the run is then unchanged.
    pub fn provide(&mut self, shard: usize, bytes: &[u8]) -> Result<(), String> {
        let store = self.supply.store_mut().ok_or("this experiment needs no data files")?;
        store.provide(shard, bytes)?;
        if self.missing == Some(shard) {
            self.missing = None;
        }
        Ok(())
    }

    /// Trains until `go_on` answers no after a step, `max_steps` are done (0: no bound), or the run cannot go on.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn advance(&mut self, mut go_on: impl FnMut() -> bool, max_steps: u64) -> Result<Progress, String> {
        let start = self.step;
        while self.can_step() && (max_steps == 0 || self.step - start < max_steps) {
            if !self.one(Turns::Both) {
                break;
            }
            self.after_step().await?;
            if !go_on() {
                break;
            }
        }
        self.catch_up().await?;
        Ok(self.progress(start))
    }

    /// Exactly one step, or one half of it. A half is a detour: the link alone no longer leads to these weights.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn step_by_hand(&mut self, which: Turns) -> Result<Progress, String> {
        let start = self.step;
        if self.can_step() && self.one(which) {
            self.detour |= which != Turns::Both;
            self.after_step().await?;
        }
        self.catch_up().await?;
        Ok(self.progress(start))
    }

    /// What there is to see now.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn snapshot(&mut self) -> Result<Snapshot, String> {
        self.catch_up().await?;
        let weights = [self.game.generator.parameters.clone(), self.game.discriminator.parameters.clone()];
        let (mut panels, [g, d]) = self.evaluation.panels(&self.game, self.supply.store(), weights).await?;
        let (d_equilibrium, g_equilibrium) = self.game.objective.equilibrium();
        let curve =
            |name, role, player, equilibrium| Curve { name, role, data: self.history.curve(player), equilibrium };
        panels.push(Panel::Series {
            steps: self.history.steps(),
            curves: vec![curve("D", "discriminator", 0, d_equilibrium), curve("G", "generator", 1, g_equilibrium)],
        });
        Ok(Snapshot {
            step: self.step,
            status: self.status().name(),
            sentence: self.sentence(),
            fingerprint: fingerprint([g.as_slice(), &d]),
            detour: self.detour,
            metrics: self.metrics.clone(),
            metrics_step: self.metrics_step,
            parameters: Parameters { g: g.len(), d: d.len() },
            panels,
        })
    }

    /// Evaluates the run as it is now, whatever the cadence, for a final report.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn evaluate(&mut self) -> Result<&[Metric], String> {
        self.catch_up().await?;
        let report = self.evaluation.report(&self.game, self.supply.store()).await?;
        self.metrics = report.metrics;
        self.metrics.extend(self.loss_metrics());
        self.metrics_step = self.step;
        Ok(&self.metrics)
    }

    /// G's samples for the first `count` rows of fresh noise: points in data units, or images 0 to 1, row-major.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn sample(&mut self, count: usize) -> Result<Vec<f32>, String> {
        let mut rng = Rng::stream(self.experiment.seed, "samples");
        let noise = evaluation::noise(&self.experiment, count, &mut rng);
        let fake = self.game.generator.infer_averaged(matrix(noise, self.experiment.latent, &self.device));
        Ok(evaluation::shown(self.experiment.data.source, &device::read(fake).await?))
    }

    /// D's probability that the point (data units) is real; `None` if the data are not points.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn probe(&self, point: [f64; 2]) -> Result<Option<f32>, String> {
        let Source::Points(set) = self.experiment.data.source else { return Ok(None) };
        let x = set.scale().to_network(point).map(|x| x as f32);
        let score = device::read(self.game.discriminator.infer(matrix(x.to_vec(), 2, &self.device))).await?;
        Ok(score.first().map(|&s| self.game.objective.probability(s)))
    }

    fn can_step(&self) -> bool {
        self.diverged.is_none() && (self.experiment.stop == 0 || self.step < self.experiment.stop)
    }

    fn progress(&self, start: u64) -> Progress {
        // A diverged run goes back to its last good step.
        Progress {
            step: self.step,
            ran: self.step.saturating_sub(start),
            status: self.status(),
            sentence: self.sentence(),
        }
    }

    /// Queues one step. False, with nothing consumed, if a piece of the data is missing.
    fn one(&mut self, turns: Turns) -> bool {
        let batches = match self.supply.next(turns) {
            Ok(batches) => batches,
            Err(shard) => {
                self.missing = Some(shard);
                return false;
            }
        };
        self.missing = None;
        let mut losses = [None, None];
        for [real, noise] in batches.discriminator {
            losses[0] = Some(self.game.discriminator_turn(real, noise));
        }
        for noise in batches.generator {
            let (loss, gradient) = self.game.generator_turn(noise);
            losses[1] = Some(loss);
            self.gradient = Some(gradient);
        }
        self.step += 1;
        self.unread.push(Unread { step: self.step, losses });
        true
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
        if self.step == self.experiment.stop {
            self.vouch().await?;
            if self.diverged.is_none() && !evaluate {
                self.evaluate().await?;
            }
        }
        Ok(())
    }

    /// Ends the run if the weights themselves are not finite. A loss is taken before its step's update, so only this
    /// can tell about the last update.
    async fn vouch(&mut self) -> Result<(), String> {
        self.catch_up().await?;
        if self.diverged.is_some() {
            return Ok(());
        }
        let weights = [self.game.generator.parameters.clone(), self.game.discriminator.parameters.clone()];
        for weights in weights {
            if device::read(weights).await?.iter().any(|w| !w.is_finite()) {
                self.end_at(self.step + 1);
                return Ok(());
            }
        }
        Ok(())
    }

    /// The evaluation that belongs to this step.
    async fn watch(&mut self) -> Result<(), String> {
        let report = self.evaluation.report(&self.game, self.supply.store()).await?;
        let mut signs = report.signs;
        if let Some(gradient) = &self.gradient {
            let squares = device::read(gradient.clone().square().sum()).await?;
            signs.gradient = squares.first().map(|s| f64::from(*s).sqrt());
        }
        self.health.watch(self.step, signs);
        self.metrics = report.metrics;
        self.metrics.extend(self.loss_metrics());
        self.metrics_step = self.step;
        Ok(())
    }

    fn loss_metrics(&self) -> Vec<Metric> {
        let (d, g) = self.game.objective.equilibrium();
        let metric = |name, title, loss: Option<f32>, ideal| {
            let of_loss = |value| Metric {
                name,
                title,
                value,
                unit: "",
                of: None,
                ideal: Some(ideal),
                spread: None,
                better: Better::Near,
            };
            loss.map(|value| of_loss(f64::from(value)))
        };
        [metric("loss_d", "loss of D", self.losses[0], d), metric("loss_g", "loss of G", self.losses[1], g)]
            .into_iter()
            .flatten()
            .collect()
    }

    /// Reads the losses of all steps since the last time, and ends the run at the first that is not finite.
    async fn catch_up(&mut self) -> Result<(), String> {
        if self.unread.is_empty() {
            return Ok(());
        }
        let unread = std::mem::take(&mut self.unread);
        let tensors: Vec<Tensor<1>> = unread.iter().flat_map(|u| u.losses.iter().flatten().cloned()).collect();
        let values = if tensors.is_empty() { Vec::new() } else { device::read(Tensor::cat(tensors, 0)).await? };
        let mut values = values.into_iter();
        for Unread { step, losses } in &unread {
            let losses = [0, 1].map(|i| losses[i].as_ref().and_then(|_| values.next()));
            if losses.iter().flatten().any(|loss| !loss.is_finite()) {
                self.end_at(*step);
                return Ok(());
            }
            self.history.push(*step, losses);
            for (last, loss) in self.losses.iter_mut().zip(losses) {
                *last = loss.or(*last);
            }
        }
        Ok(())
    }

    fn keep(&mut self) {
        if self.good.len() == KEPT {
            self.good.pop_front();
        }
        self.good.push_back(Good {
            step: self.step,
            generator: self.game.generator.weights(),
            discriminator: self.game.discriminator.weights(),
        });
    }

    /// Ends the run: the loss of step `at` was not finite. A loss is taken before the update, so the weights of the step
    /// before are suspect; the newest that a later, finite loss has vouched for come back.
    fn end_at(&mut self, at: u64) {
        self.diverged = Some(at);
        let vouched = self.good.iter().rposition(|good| good.step + 1 < at).unwrap_or(0);
        if let Some(good) = self.good.remove(vouched) {
            self.step = good.step;
            self.game.generator.set_weights(good.generator);
            self.game.discriminator.set_weights(good.discriminator);
        }
        self.good.clear();
    }
}

/// Every how many steps a run is evaluated: a function of the experiment, so that every machine evaluates at the same
/// steps, chosen so that evaluations take about a twentieth of the time.
fn cadence(experiment: &Experiment, g: usize, d: usize) -> u64 {
    // Rough times of the CPU engine in WebAssembly: 3 µs an operation, 100 of them an update, and 12 GFLOP/s.
    let e = experiment;
    let (g, d, batch) = (g as f64, d as f64, e.batch as f64);
    let d_turn = batch * (2.0 * g + 12.0 * d);
    let g_turn = batch * (6.0 * g + 4.0 * d);
    let flops = e.discriminator.updates as f64 * d_turn + e.generator.updates as f64 * g_turn;
    let updates = (e.discriminator.updates + e.generator.updates) as f64;
    let step = 300e-6 * updates.max(0.1) + flops / 12e9;
    let (samples, host) = match e.data.source {
        Source::Points(_) => (crate::metrics::points::SAMPLES as f64, 8e-3),
        Source::Images(_) => (256.0, 5e-3),
    };
    let evaluation = host + samples * 2.0 * (g + 0.2 * d) / 12e9;
    let steps = 20.0 * evaluation / step;
    ((steps / 50.0).ceil() * 50.0).clamp(50.0, 1000.0) as u64
}
