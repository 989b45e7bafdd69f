//! Evaluations: when they come, and what is kept of them.

use super::Session;
use crate::look::eye::Report;
use crate::look::health::Health;
use crate::look::metrics::{Better, Metric};
use crate::look::panel::{Curve, Panel};
use crate::train::history::History;

/// Points kept of each metric's history, at most.
const KEPT: usize = 256;
/// Bytes of a run's numbers, up to which the best so far is held: what a module holds it never gives back.
const HELD: usize = 24 << 20;

/// What the last evaluation found: figures, D's accuracy and health, all of one step.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    pub step: u64,
    /// The moves of the next step that were done, too.
    pub place: usize,
    pub metrics: Vec<Metric>,
    pub health: Health,
    pub panels: Vec<Panel>,
}

/// The best that the first of the metrics has been at the evaluations that the experiment fixes.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Best {
    /// After so many steps.
    pub step: u64,
    /// What it was.
    pub value: f64,
    /// The distance of the samples from the data then, which decides between equals.
    #[serde(skip_serializing_if = "Option::is_none")]
    distance: Option<f64>,
}

impl Best {
    /// Whether it is better than another value of the same metric.
    fn beats(&self, other: &Self, metric: &Metric) -> bool {
        let worth = |value: f64| match metric.better {
            Better::Higher => value,
            Better::Lower => -value,
            Better::Near => -(value - metric.ideal.unwrap_or(0.0)).abs(),
        };
        let nearer = || self.distance.zip(other.distance).is_some_and(|(now, before)| now < before);
        worth(self.value) > worth(other.value) || self.value == other.value && nearer()
    }
}

/// The metrics over the run. Their names are those of the first evaluation; later ones have the same or, as long as data
/// are still to come, fewer.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct Figures {
    names: Vec<String>,
    ideals: Vec<Option<f64>>,
    history: Option<History>,
    #[serde(default)]
    best: Option<Best>,
}

impl Figures {
    /// Of a step: what was found, and how far the samples were from the data.
    fn push(&mut self, step: u64, metrics: &[Metric], distance: Option<f64>) {
        if metrics.first().map(|m| m.name) != self.names.first().map(String::as_str) {
            // Another one is looked at first from here on.
            self.best = None;
        }
        if let Some(metric) = metrics.first() {
            let now = Best { step, value: metric.value, distance };
            if self.best.is_none_or(|best| now.beats(&best, metric)) {
                self.best = Some(now);
            }
        }
        if metrics.len() > self.names.len() {
            self.names = metrics.iter().map(|m| m.name.to_string()).collect();
            self.history = None;
        }
        self.ideals = self.names.iter().map(|name| metrics.iter().find(|m| m.name == name)?.ideal).collect();
        let history = self.history.get_or_insert_with(|| History::new(self.names.len(), KEPT));
        history.push(step, self.names.iter().map(|name| Some(metrics.iter().find(|m| m.name == name)?.value)));
    }

    /// The best so far.
    pub fn best(&self) -> Option<Best> {
        self.best
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
        self.figures.push(self.step, &self.seen.metrics, self.health.offset());
        if self.figures.best().is_some_and(|best| best.step == self.step) {
            // The one before gives its memory back first.
            self.finest = None;
            self.finest = Some(self.moment().await?).filter(|moment| moment.size() <= HELD);
        }
        Ok(())
    }

    /// Whether the state of the best so far is held.
    pub(super) fn holds_best(&self) -> bool {
        self.finest.as_ref().is_some_and(|moment| Some(moment.step()) == self.figures.best().map(|best| best.step))
    }

    /// The state after the step at which the first of the metrics was best, to go on from; none where it is too large to be
    /// held, or lies before the state that this run goes on from.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn save_best(&self) -> Result<Option<Vec<u8>>, String> {
        match &self.finest {
            Some(moment) if self.holds_best() => moment.written().await.map(Some),
            _ => Ok(None),
        }
    }

    /// Evaluates the run as it is. Between the evaluations that the experiment fixes this is a look that leaves no trace.
    pub(super) async fn look(&mut self) -> Result<(), String> {
        let place = self.place;
        if self.seen.step == self.step && self.seen.place == place && !self.seen.metrics.is_empty() {
            return Ok(());
        }
        self.eye.look_at(self.supply.store());
        let Report { mut metrics, panels, signs, kinds } = self.program.judge(&self.eye).answer().await?;
        let mut health = self.health.clone();
        let (now, pulls, sure, scored) = (signs.accuracy, signs.pulls, signs.sure, signs.scored);
        health.count(kinds);
        let mean = health.watch(self.step, signs);
        let of = [("d_real", "D right on real"), ("d_generated", "D right on generated")];
        let accuracies = of.into_iter().zip(now).zip(mean);
        metrics
            .extend(accuracies.filter_map(|(((name, title), now), mean)| Some(accuracy(name, title, now.and(mean)?))));
        let of = [("grad_d", "Pull on D"), ("grad_g", "Pull on G")];
        metrics.extend(of.into_iter().zip(pulls).filter_map(|((name, title), pull)| Some(length(name, title, pull?))));
        metrics.extend(sure.map(surety));
        metrics.extend(scored.map(|scored| scores(scored, sure.is_some())));
        metrics.extend(self.loss_metrics());
        self.seen = Seen { step: self.step, place, metrics, health, panels };
        Ok(())
    }

    fn loss_metrics(&self) -> impl Iterator<Item = Metric> {
        self.program.losses().into_iter().zip(&self.losses).filter_map(|(loss, value)| {
            let (name, title) = loss.metric;
            let (value, ideal) = (f64::from((*value)?), loss.equilibrium);
            let better = if ideal.is_some() { Better::Near } else { Better::Lower };
            Some(Metric { name, title, value, unit: "", of: None, ideal, spread: None, better, about: loss.about })
        })
    }
}

fn length(name: &'static str, title: &'static str, value: f64) -> Metric {
    let about = "The length of the gradient of its loss by its weights, on samples that stay the same, without a penalty. Near 0 the player learns nothing more, be it that all is well or that its loss has gone flat; each optimiser makes of it what it will.";
    let (of, ideal, spread) = (None, None, None);
    Metric { name, title, value, unit: "", of, ideal, spread, better: Better::Lower, about }
}

fn surety(share: f64) -> Metric {
    let about = "The share of real and generated samples to which D gives less than 1 % or more than 99 %. Where D is sure, log(1 − D) is flat, and a G that minimises it learns nothing; near the equilibrium D is sure of none.";
    let (name, title, value) = ("d_sure", "D all but sure", 100.0 * share);
    Metric { name, title, value, unit: "%", of: None, ideal: Some(0.0), spread: None, better: Better::Lower, about }
}

/// `says`: whether D's scores tell how likely a sample is real.
fn scores(value: f64, says: bool) -> Metric {
    let about = "The standard deviation of D's scores, before any squashing, over real and generated samples. It is 0 where D tells nothing apart, and grows without a bound where D separates the two and nothing holds it: then its slope, which is all that G learns from, says where it is steep and not where the data are.";
    let (name, title, ideal) = ("d_scores", "Spread of D's scores", says.then_some(0.0));
    Metric { name, title, value, unit: "", of: None, ideal, spread: None, better: Better::Lower, about }
}

fn accuracy(name: &'static str, title: &'static str, share: f64) -> Metric {
    let about = "Mean of the last 8 evaluations. At 50 % D can only guess; while the game goes on it is right by turns on one kind and on the other.";
    let value = 100.0 * share;
    Metric { name, title, value, unit: "%", of: None, ideal: Some(50.0), spread: None, better: Better::Near, about }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metric(name: &'static str, value: f64, better: Better) -> Metric {
        Metric { name, title: "", value, unit: "", of: None, ideal: Some(1.0), spread: None, better, about: "" }
    }

    /// The step of the best of these values, each with its distance.
    fn best(better: Better, values: &[(f64, f64)]) -> Option<u64> {
        let mut figures = Figures::default();
        for (i, (value, distance)) in values.iter().enumerate() {
            figures.push(100 * (i as u64 + 1), &[metric("m", *value, better)], Some(*distance));
        }
        figures.best().map(|best| best.step)
    }

    #[test]
    fn the_best_is_that_of_the_first_metric_and_of_equals_the_nearest() {
        assert_eq!(best(Better::Higher, &[(3.0, 0.5), (8.0, 0.3), (8.0, 0.1), (8.0, 0.2), (7.0, 0.0)]), Some(300));
        assert_eq!(best(Better::Lower, &[(3.0, 0.5), (2.0, 0.5), (8.0, 0.1)]), Some(200));
        assert_eq!(best(Better::Near, &[(3.0, 0.5), (0.5, 0.5), (1.6, 0.1)]), Some(200));
        assert_eq!(best(Better::Near, &[]), None);
    }

    #[test]
    fn a_metric_that_comes_first_later_begins_anew() {
        let mut figures = Figures::default();
        figures.push(100, &[metric("diversity", 9.0, Better::Higher)], None);
        figures.push(200, &[metric("fd", 50.0, Better::Lower), metric("diversity", 1.0, Better::Higher)], None);
        let found = figures.best().unwrap();
        assert_eq!((found.step, found.value), (200, 50.0));
    }
}
