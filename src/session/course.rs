//! What holds in a step: the experiment's base with its changes so far, and rates that fall.

use super::Session;
use crate::catalog;
use crate::cost::Cost;
use crate::experiment::{EngineChoice, Experiment, link};

/// Rates that fall do so every so many steps, so that those of many updates can be uploaded at once.
const PACE: u64 = 64;
/// The share of a rate at which it falls no further: a run can always be tuned.
const LEAST: f64 = 0.01;

impl Session {
    /// Goes on under another experiment, which must agree with this run as far as it has come: other changes may come
    /// later, and the step to stop at and the engine are free.
    ///
    /// # Errors
    /// If it does not agree, or costs more than any page could bear; the run is then unchanged.
    pub fn tune(&mut self, experiment: Experiment) -> Result<(), String> {
        if let Some(refusal) = Cost::of(&experiment).refusal {
            return Err(refusal.to_string());
        }
        let done = self.begun();
        if identity(&experiment, done) != identity(&self.experiment, done) {
            return Err(format!("this run has come to step {}, and up to there the experiment is another", self.step));
        }
        self.experiment = experiment;
        self.due = Some(done);
        Ok(())
    }

    /// Steps of which at least a half is done.
    pub(super) fn begun(&self) -> u64 {
        self.step + u64::from(self.half.is_some())
    }

    /// Brings what has changed into force for the next step.
    pub(super) fn follow(&mut self) {
        let changed = self.due.is_some_and(|due| due <= self.step);
        if changed {
            self.due = self.experiment.next_change(self.step + 1);
            let now = self.experiment.at(self.step);
            if !same_training(&now, &self.now) {
                self.apply(&now);
            }
            self.now = now;
        }
        if changed || (self.now.half > 0 && self.step.is_multiple_of(PACE)) {
            let [d, g] = ["dlr", "glr"].map(|rate| share(self.now.half, self.step - self.set_at(rate)));
            self.game.generator.optimiser.set_rate(self.now.generator.rate * g);
            self.game.discriminator.optimiser.set_rate(self.now.discriminator.rate * d);
        }
    }

    /// The step at which a rate that falls, or its fall, was set last: it falls from there, so that who sets a rate late in
    /// a run gets that rate.
    fn set_at(&self, rate: &str) -> u64 {
        let changes = self.experiment.changes().iter().take_while(|change| change.step <= self.step);
        changes.filter(|change| change.field == rate || change.field == "half").last().map_or(0, |change| change.step)
    }

    /// What holds after `step` steps were done, for a state that was saved there.
    pub(super) fn stand_at(&mut self, begun: u64, step: u64) {
        let now = self.experiment.at(begun.saturating_sub(1));
        self.apply(&now);
        self.now = now;
        self.step = step;
        self.due = Some(begun);
    }

    /// Sets up players, supply and evaluation for what holds now.
    fn apply(&mut self, now: &Experiment) {
        let Some(family) = catalog::family(now.family) else { return };
        let features = now.features();
        let g = &now.generator;
        self.game.generator.tune(family.generator(now, features), g.rule(), g.rate, now.average);
        let d = &now.discriminator;
        self.game.discriminator.tune(family.discriminator(now, features), d.rule(), d.rate, 0.0);
        self.game.objective = now.objective;
        self.supply.tune(now);
        if now.noise != self.now.noise {
            self.evaluation.tune(now);
        }
        self.every = super::watch::cadence(now, self.game.generator.size(), self.game.discriminator.size());
    }
}

/// What is left, `step` steps later, of a rate that halves every `half` steps; it falls in steps of [`PACE`].
fn share(half: u64, step: u64) -> f64 {
    if half == 0 {
        return 1.0;
    }
    let step = step / PACE * PACE;
    libm::exp2(-(step as f64) / half as f64).max(LEAST)
}

/// Whether two settings train alike, whatever they say of the engine and the end.
fn same_training(a: &Experiment, b: &Experiment) -> bool {
    let plain = |e: &Experiment| Experiment { engine: EngineChoice::Auto, stop: 0, ..e.clone() };
    plain(a) == plain(b)
}

/// The link of all that has shaped a run of `begun` steps: without what changes no weight, and without changes to come.
pub(super) fn identity(experiment: &Experiment, begun: u64) -> String {
    link::write(&Experiment { engine: EngineChoice::Auto, stop: 0, ..experiment.until(begun) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_fall_by_halves_down_to_a_hundredth() {
        assert_eq!(share(0, 1_000_000), 1.0);
        assert_eq!([0, 63, 640, 641, 1280].map(|s| share(640, s)), [1.0, 1.0, 0.5, 0.5, 0.25]);
        assert_eq!(share(640, 1_000_000), LEAST);
    }
}
