//! One run. It is pulled: [`Session::advance`] trains until it is told to stop and returns; pausing is not pulling.
//!
//! What a step computes is a function of the experiment and the step's number alone. How steps are grouped into calls,
//! and whether anybody looks, changes nothing: losses are read back in blocks, evaluations come at steps that the
//! experiment fixes, and everything that looks draws from streams of its own.

mod course;
mod files;
mod keep;
mod losses;
mod snapshot;
mod state;
mod status;
mod watch;

pub use files::Need;
pub use snapshot::{Parameters, Snapshot};
pub use state::inspect;
pub use status::Status;

use std::collections::VecDeque;

use burn::tensor::{Device, Tensor};
use serde::Serialize;

use crate::catalog;
use crate::cost::Cost;
use crate::data::Source;
use crate::device;
use crate::experiment::{Experiment, PlayerSpec};
use crate::look::cures::{self, Cure};
use crate::look::eye::{self, Evaluation};
use crate::look::health::Health;
use crate::look::metrics::Metric;
use crate::look::panel::{Curve, Panel};
use crate::message::{Message, Sentence};
use crate::nn::{Network, matrix};
use crate::rng::Rng;
use crate::train::adversarial::{Adversarial, Player};
use crate::train::history::History;
use crate::train::optimiser::{Mean, Optimiser, Rule};
use crate::train::supply::{Supply, Turns};
use keep::Good;
use losses::Unread;
use snapshot::fingerprint;
use watch::{Figures, Seen};

/// Losses are read back, and weights kept as known good, every so many steps: a queue of unread work may not grow.
const BLOCK: u64 = 16;
/// Points kept of the losses, at most.
const LOSSES: usize = 1024;

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

/// One run of an experiment on a device.
pub struct Session {
    experiment: Experiment,
    /// What holds in the next step, unless `due` is reached.
    now: Experiment,
    /// The step after which something changes next.
    due: Option<u64>,
    device: Device,
    game: Adversarial,
    supply: Supply,
    evaluation: Evaluation,
    every: u64,
    step: u64,
    /// The loss of D's half of a step that G has not completed yet.
    half: Option<Option<Tensor<1>>>,
    detour: bool,
    missing: Option<usize>,
    unread: Vec<Unread>,
    losses: [Option<f32>; 2],
    history: History,
    figures: Figures,
    /// By the evaluations that the experiment fixes, and by no other look.
    health: Health,
    seen: Seen,
    good: VecDeque<Good>,
    diverged: Option<u64>,
}

impl Session {
    /// A run at step 0.
    ///
    /// # Errors
    /// If the experiment costs more than any page could bear, or names a family that is not in the catalogue.
    pub fn new(experiment: Experiment, device: Device) -> Result<Self, String> {
        if let Some(refusal) = Cost::of(&experiment).refusal {
            return Err(refusal.to_string());
        }
        let family = catalog::family(experiment.family).ok_or("this family is not in the catalogue")?;
        let features = experiment.features();
        let player = |net: Box<dyn Network>, spec: &PlayerSpec, mean: Mean, stream: &str| {
            let mut rng = Rng::stream(experiment.seed, stream);
            Player::new(net, Optimiser::new(Rule::of(spec), spec.rate, mean), &mut rng, &device)
        };
        let game = Adversarial {
            generator: player(
                family.generator(&experiment, features),
                &experiment.generator,
                Mean::of_generator(&experiment),
                "init g",
            ),
            discriminator: player(
                family.discriminator(&experiment, features),
                &experiment.discriminator,
                Mean::NONE,
                "init d",
            ),
            objective: experiment.objective,
        };
        let mut session = Self {
            supply: Supply::new(&experiment, &device),
            evaluation: Evaluation::new(&experiment, &device),
            now: experiment.at(0),
            due: Some(0),
            every: watch::cadence(&experiment, game.generator.size(), game.discriminator.size()),
            step: 0,
            half: None,
            detour: false,
            missing: None,
            unread: Vec::new(),
            losses: [None; 2],
            history: History::new(2, LOSSES),
            figures: Figures::default(),
            health: Health::default(),
            seen: Seen::default(),
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
        Status::Going(self.seen.health.state())
    }

    /// The word for the run's health, also where it has stopped.
    pub fn health_word(&self) -> &'static str {
        self.seen.health.state().name()
    }

    /// The state for a person.
    pub fn sentence(&self) -> Sentence {
        let mut sentence = self.seen.health.sentence();
        if self.now.average > 0.0 && self.seen.step > 0 {
            sentence.0.push(Message::Averaged { updates: (1.0 / (1.0 - self.now.average)).round() as u64 });
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

    /// Exactly one step, or one half of it: D's half and then G's are a whole step. Any other order is a detour: the link
    /// alone no longer leads to these weights, and what is not part of a step is not counted as one.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn step_by_hand(&mut self, which: Turns) -> Result<Progress, String> {
        let start = self.step;
        if self.can_step() && self.one(which) && self.step > start {
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
        let (d_equilibrium, g_equilibrium) = self.game.objective.equilibrium;
        let curve = |name: &str, role, player, equilibrium| Curve {
            name: name.into(),
            role,
            data: self.history.curve(player),
            equilibrium: Some(equilibrium),
        };
        panels.push(Panel::Series {
            name: "losses",
            steps: self.history.steps(),
            curves: vec![curve("D", "discriminator", 0, d_equilibrium), curve("G", "generator", 1, g_equilibrium)],
        });
        let (steps, curves) = self.figures.curves(&self.seen);
        panels.push(Panel::Series { name: "metrics", steps, curves });
        Ok(Snapshot {
            step: self.step,
            half: self.half.is_some(),
            status: self.status().name(),
            sentence: self.sentence(),
            cures: self.cures(),
            fingerprint: fingerprint([g.as_slice(), &d]),
            detour: self.detour,
            metrics: self.seen.metrics.clone(),
            metrics_step: self.seen.step,
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
        self.look().await?;
        Ok(&self.seen.metrics)
    }

    /// G's samples for the first `count` rows of fresh noise: points in data units, or images 0 to 1, row-major.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn sample(&mut self, count: usize) -> Result<Vec<f32>, String> {
        let mut rng = Rng::stream(self.experiment.seed, "samples");
        let noise = self.now.noise.draw(count * self.now.latent, &mut rng);
        let fake = self.game.generator.infer_averaged(matrix(noise, self.now.latent, &self.device));
        Ok(eye::shown(self.experiment.data.source, &device::read(fake).await?))
    }

    /// D's probability that the point (data units) is real; `None` if the data are not points.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn probe(&self, point: [f64; 2]) -> Result<Option<f32>, String> {
        let Source::Points(set) = self.experiment.data.source else { return Ok(None) };
        let x = set.scale().to_network(point).map(|x| x as f32);
        let score = device::read(self.game.discriminator.infer(matrix(x.to_vec(), 2, &self.device))).await?;
        Ok(score.first().map(|&s| self.game.objective.score.probability(s)))
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

    /// Queues one step, or half of one. False, with nothing consumed, if a piece of the data is missing.
    fn one(&mut self, turns: Turns) -> bool {
        if self.half.is_none() {
            self.follow();
        }
        // A step that D has begun is completed by G.
        let turns = if turns == Turns::Both && self.half.is_some() { Turns::Generator } else { turns };
        let batches = match self.supply.next(turns) {
            Ok(batches) => batches,
            Err(shard) => {
                self.missing = Some(shard);
                return false;
            }
        };
        self.missing = None;
        let [mut of_d, mut of_g] = [None, None];
        for [real, noise] in batches.discriminator {
            of_d = Some(self.game.discriminator_turn(real, noise));
        }
        for noise in batches.generator {
            of_g = Some(self.game.generator_turn(noise));
        }
        match (turns, self.half.take()) {
            (Turns::Both, _) => self.complete([of_d, of_g]),
            (Turns::Generator, Some(of_d)) => self.complete([of_d, of_g]),
            (Turns::Generator, None) => {
                self.detour = true;
                self.unread.push(Unread { step: None, losses: [None, of_g] });
            }
            (Turns::Discriminator, before) => {
                self.detour |= before.is_some();
                self.unread.push(Unread { step: None, losses: [of_d.clone(), None] });
                self.half = Some(of_d);
            }
        }
        true
    }

    /// A whole step is done, and its losses wait to be read.
    fn complete(&mut self, losses: [Option<Tensor<1>>; 2]) {
        self.step += 1;
        self.unread.push(Unread { step: Some(self.step), losses });
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
}
