//! Evaluations: when they come, and what is kept of them.

use super::Session;
use crate::data::Source;
use crate::experiment::Experiment;
use crate::look::health::Health;
use crate::look::metrics::{Better, Metric};
use crate::look::panel::Curve;
use crate::train::history::History;

/// Points kept of each metric's history, at most.
const KEPT: usize = 256;

/// What the last evaluation found: figures, D's accuracy and health, all of one step.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    pub step: u64,
    /// Whether only half of the next step was done, too.
    pub half: bool,
    pub metrics: Vec<Metric>,
    pub health: Health,
}

/// The metrics over the run. Their names are those of the first evaluation; later ones have the same or, as long as data
/// are still to come, fewer.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct Figures {
    names: Vec<String>,
    ideals: Vec<Option<f64>>,
    history: Option<History>,
}

impl Figures {
    fn push(&mut self, step: u64, metrics: &[Metric]) {
        if metrics.len() > self.names.len() {
            self.names = metrics.iter().map(|m| m.name.to_string()).collect();
            self.history = None;
        }
        self.ideals = self.names.iter().map(|name| metrics.iter().find(|m| m.name == name)?.ideal).collect();
        let history = self.history.get_or_insert_with(|| History::new(self.names.len(), KEPT));
        history.push(step, self.names.iter().map(|name| Some(metrics.iter().find(|m| m.name == name)?.value)));
    }

    /// Steps, and for each metric its curve beside its ideal; up to what was seen last, also between the evaluations
    /// that the experiment fixes.
    pub fn curves(&self, seen: &Seen) -> (Vec<f64>, Vec<Curve>) {
        let Some(history) = &self.history else {
            // There was no other evaluation yet.
            let alone = |m: &Metric| Curve {
                name: m.name.into(),
                role: "metric",
                data: vec![m.value as f32],
                equilibrium: m.ideal,
            };
            let steps = if seen.metrics.is_empty() { Vec::new() } else { vec![seen.step as f64] };
            return (steps, seen.metrics.iter().map(alone).collect());
        };
        let mut steps = history.steps();
        let further = steps.last().is_none_or(|last| *last < seen.step as f64) && !seen.metrics.is_empty();
        steps.extend(further.then_some(seen.step as f64));
        let value = |name: &str| seen.metrics.iter().find(|m| m.name == name).map_or(f32::NAN, |m| m.value as f32);
        let curve = |(i, (name, ideal)): (usize, (&String, &Option<f64>))| {
            let mut data = history.curve(i);
            data.extend(further.then(|| value(name)));
            Curve { name: name.clone(), role: "metric", data, equilibrium: *ideal }
        };
        (steps, self.names.iter().zip(&self.ideals).enumerate().map(curve).collect())
    }

    /// Whether it could be one of a run: no more memory, as many of all.
    pub fn is_sound(&self) -> bool {
        let (names, ideals) = (self.names.len(), self.ideals.len());
        names == ideals && names <= 32 && self.history.as_ref().is_none_or(|h| h.is_like(&History::new(names, KEPT)))
    }
}

impl Session {
    /// The evaluation that belongs to this step: one of those that the experiment fixes, which health goes by.
    pub(super) async fn watch(&mut self) -> Result<(), String> {
        self.look().await?;
        self.health = self.seen.health.clone();
        self.figures.push(self.step, &self.seen.metrics);
        Ok(())
    }

    /// Evaluates the run as it is. Between the evaluations that the experiment fixes this is a look that leaves no trace.
    pub(super) async fn look(&mut self) -> Result<(), String> {
        let half = self.half.is_some();
        if self.seen.step == self.step && self.seen.half == half && !self.seen.metrics.is_empty() {
            return Ok(());
        }
        let report = self.evaluation.report(&self.game, self.supply.store()).await?;
        let mut signs = report.signs;
        signs.turns = [self.now.discriminator.updates > 0, self.now.generator.updates > 0];
        let mut health = self.health.clone();
        let [real, generated] = health.watch(self.step, signs);
        let mut metrics = report.metrics;
        metrics.extend(report.judged_real.then(|| accuracy("d_real", "D right on real", real)));
        metrics.push(accuracy("d_generated", "D right on generated", generated));
        metrics.extend(self.loss_metrics());
        self.seen = Seen { step: self.step, half, metrics, health };
        Ok(())
    }

    fn loss_metrics(&self) -> Vec<Metric> {
        let (d, g) = self.game.objective.equilibrium;
        let about = "Of the last batch. The dashed line is the loss where D can only guess; a loss beside it is no fault by itself.";
        let metric = |name, title, loss: Option<f32>, ideal| {
            loss.map(|value| near(name, title, f64::from(value), "", ideal, about))
        };
        [metric("loss_d", "loss of D", self.losses[0], d), metric("loss_g", "loss of G", self.losses[1], g)]
            .into_iter()
            .flatten()
            .collect()
    }
}

fn accuracy(name: &'static str, title: &'static str, share: f64) -> Metric {
    let about = "Mean of the last 8 evaluations. At 50 % D can only guess; while the game goes on it is right by turns on one kind and on the other.";
    near(name, title, 100.0 * share, "%", 50.0, about)
}

fn near(
    name: &'static str,
    title: &'static str,
    value: f64,
    unit: &'static str,
    ideal: f64,
    about: &'static str,
) -> Metric {
    Metric { name, title, value, unit, of: None, ideal: Some(ideal), spread: None, better: Better::Near, about }
}

/// Every how many steps a run is evaluated: a function of the experiment, so that every machine evaluates at the same
/// steps, chosen so that evaluations take about a twentieth of the time.
pub(super) fn cadence(experiment: &Experiment, g: usize, d: usize) -> u64 {
    // Rough times of the CPU engine in WebAssembly: 3 µs an operation, 100 of them an update, and 12 GFLOP/s.
    let e = experiment;
    let (g, d, batch) = (g as f64, d as f64, e.batch as f64);
    let d_turn = batch * (2.0 * g + 12.0 * d);
    let g_turn = batch * (6.0 * g + 4.0 * d);
    let flops = e.discriminator.updates as f64 * d_turn + e.generator.updates as f64 * g_turn;
    let updates = (e.discriminator.updates + e.generator.updates) as f64;
    let step = 300e-6 * updates.max(0.1) + flops / 12e9;
    let (samples, host) = match e.data.source {
        Source::Points(_) => (crate::look::metrics::points::SAMPLES as f64, 8e-3),
        Source::Images(_) => (256.0, 5e-3),
    };
    let evaluation = host + samples * 2.0 * (g + 0.2 * d) / 12e9;
    let steps = 20.0 * evaluation / step;
    ((steps / 50.0).ceil() * 50.0).clamp(50.0, 1000.0) as u64
}
