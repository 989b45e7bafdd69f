//! What holds in a step: the experiment's base with its changes so far, and rates that fall.

use super::Session;
use crate::cost::{self, Cost};
use crate::experiment::{
    Change, DECAY, EASED, Effect, Experiment, Field, INSTANCE, INSTANCE_SPAN, NOISE, PENALTY, SCHEDULE, Schedule,
};
use crate::link;
use crate::train::program::Left;

/// Rates that fall do so every so many steps, so that those of many updates can be uploaded at once.
const PACE: u64 = 16;

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
        self.step + u64::from(self.place > 0)
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
        let schedule = self.now.find(&SCHEDULE).unwrap_or(Schedule::Constant);
        let [noisy, eased] = [&INSTANCE_SPAN, &EASED].map(|field| self.now.find(field).unwrap_or(0));
        let moves = schedule != Schedule::Constant || noisy > 0 || eased > 0;
        if changed || (moves && self.step.is_multiple_of(PACE)) {
            let since = |fields: &[&Field]| (self.step - self.set_at(fields)) / PACE * PACE;
            let rate = schedule.share(since(&[&SCHEDULE.field, &DECAY.field]), self.now.get(&DECAY));
            // Along a line over a span, if there is one.
            let falls = |span: u64, fields: &[&Field]| match span {
                0 => 1.0,
                _ => (1.0 - since(fields) as f64 / span as f64).max(0.0),
            };
            let noise = falls(noisy, &[&INSTANCE.field, &INSTANCE_SPAN.field]);
            let penalty = falls(eased, &[&PENALTY.field, &EASED.field]);
            self.program.schedule(&self.now, Left { rate, noise, penalty });
        }
    }

    /// The step at which one of these was set last, from which what they say counts.
    fn set_at(&self, fields: &[&Field]) -> u64 {
        let changes = self.experiment.changes().iter().take_while(|change| change.step <= self.step);
        let ours = |change: &&Change| fields.iter().any(|field| field.name == change.field);
        changes.filter(ours).last().map_or(0, |change| change.step)
    }

    /// What holds after `step` steps were done, for a state that was saved there.
    pub(super) fn stand_at(&mut self, begun: u64, step: u64) {
        let now = self.experiment.at(begun.saturating_sub(1));
        self.apply(&now);
        self.now = now;
        self.step = step;
        self.due = Some(begun);
    }

    /// Sets up program, supply and eye for what holds now.
    fn apply(&mut self, now: &Experiment) {
        self.program.tune(now);
        self.supply.tune(self.program.moves());
        if now.find(&NOISE) != self.now.find(&NOISE) {
            self.eye.tune(now);
        }
        self.every = cost::cadence(now);
    }
}

/// Whether two settings train alike, whatever they say of the engine and the end.
fn same_training(a: &Experiment, b: &Experiment) -> bool {
    plain(a.clone()) == plain(b.clone())
}

/// The link of all that has shaped a run of `begun` steps: without what changes no weight, and without changes to come.
pub(super) fn identity(experiment: &Experiment, begun: u64) -> String {
    link::write(&plain(experiment.until(begun)))
}

/// An experiment without what changes no weight.
fn plain(mut experiment: Experiment) -> Experiment {
    for field in experiment.fields().filter(|field| field.effect == Effect::Free) {
        experiment.set_text(field, field.default).expect("a default is a value");
    }
    experiment.others.clear();
    experiment
}
