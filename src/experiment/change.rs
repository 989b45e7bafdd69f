//! Changes during a run: what makes a tuned run an experiment, and a link.

use serde::Serialize;

use super::{Effect, Experiment, Field};
use crate::message::Message;

/// The most changes that an experiment has: a link is to stay a line that can be sent.
pub const MOST: usize = 128;

/// A field that takes another value during the run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// Steps done before: it holds from the next one on.
    pub step: u64,
    /// The field's name.
    pub field: &'static str,
    /// The value in its text form.
    #[serde(rename = "value")]
    pub text: String,
}

impl Experiment {
    /// What was changed during the run, in the order of the steps.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// What holds in the step after `step` steps: the base with the changes up to there, and none to come.
    pub fn at(&self, step: u64) -> Self {
        let mut now = Self { changes: Vec::new(), ..self.clone() };
        for change in self.changes.iter().take_while(|change| change.step <= step) {
            // A change is put here only after its text was read once.
            let _ = now.field(change.field).map(|field| now.set_text(field, &change.text));
        }
        now
    }

    /// The same experiment as far as it shows in what is left by `step` steps: without later changes.
    pub fn until(&self, step: u64) -> Self {
        let mut cut = self.clone();
        cut.changes.retain(|change| change.step < step);
        cut
    }

    /// The first step from `step` on after which something changes.
    pub fn next_change(&self, step: u64) -> Option<u64> {
        self.changes.iter().map(|change| change.step).find(|at| *at >= step)
    }

    /// Puts a change of `field` after `step` steps. At step 0, and where the field changes no weight, it is the base that
    /// changes. A change that changes nothing is left out, and so is one that another at the same step has replaced.
    ///
    /// # Errors
    /// If the field cannot change during a run, does not take the value, or there are too many changes; nothing has
    /// changed then.
    pub fn put(&mut self, step: u64, field: &'static Field, text: &str) -> Result<(), Message> {
        if self.field(field.name).is_none() {
            return Err(Message::UnknownField);
        }
        if step == 0 || field.effect == Effect::Free {
            self.set_text(field, text)?;
            self.tidy();
            return Ok(());
        }
        if field.effect == Effect::Anew {
            return Err(Message::NotDuring);
        }
        let mut then = self.at(step);
        then.set_text(field, text)?;
        let mut next = self.clone();
        next.changes.retain(|change| (change.step, change.field) != (step, field.name));
        next.changes.push(Change { step, field: field.name, text: then.text(field) });
        next.tidy();
        if next.changes.len() > MOST {
            return Err(Message::TooManyChanges { most: MOST });
        }
        *self = next;
        Ok(())
    }

    /// Brings the changes into order, and drops those that change nothing.
    fn tidy(&mut self) {
        // By step, then as fields are listed.
        let fields: Vec<&str> = self.fields().map(|field| field.name).collect();
        self.changes.sort_by_key(|change| (change.step, fields.iter().position(|name| *name == change.field)));
        let mut now = Self { changes: Vec::new(), ..self.clone() };
        self.changes.retain(|change| {
            let Some(field) = now.field(change.field) else { return false };
            now.text(field) != change.text && now.set_text(field, &change.text).is_ok()
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{BATCH, GENERATOR, STOP};

    fn field(name: &str) -> &'static Field {
        experiment().field(name).unwrap()
    }

    fn experiment() -> Experiment {
        crate::catalog::experiment(crate::catalog::DATASETS[0])
    }

    fn batch_and_rate(e: &Experiment) -> (u64, f64) {
        (e.get(&BATCH), e.get(&GENERATOR.rate))
    }

    fn texts(e: &Experiment) -> Vec<(u64, &str, &str)> {
        e.changes().iter().map(|c| (c.step, c.field, c.text.as_str())).collect()
    }

    #[test]
    fn a_change_holds_from_its_step_on() {
        let mut e = experiment();
        e.put(900, field("glr"), "0.0002").unwrap();
        e.put(300, field("batch"), "32").unwrap();
        assert_eq!(texts(&e), [(300, "batch", "32"), (900, "glr", "0.0002")]);
        let rate = e.get(&GENERATOR.rate);
        assert_eq!(
            [0, 299, 300, 900].map(|s| batch_and_rate(&e.at(s))),
            [(256, rate), (256, rate), (32, rate), (32, 0.0002)]
        );
        assert_eq!([0, 300, 301, 901].map(|s| e.next_change(s)), [Some(300), Some(300), Some(900), None]);
        assert_eq!(texts(&e.until(900)), [(300, "batch", "32")], "what comes after the last step done leaves no trace");
    }

    #[test]
    fn what_changes_nothing_is_no_change() {
        let mut e = experiment();
        e.put(900, field("batch"), "32").unwrap();
        e.put(900, field("batch"), "256").unwrap();
        assert_eq!(texts(&e), [], "changed back at the same step");
        e.put(900, field("batch"), "32").unwrap();
        e.put(950, field("batch"), "32").unwrap();
        assert_eq!(texts(&e), [(900, "batch", "32")]);
        e.put(0, field("batch"), "32").unwrap();
        assert_eq!((e.get(&BATCH), texts(&e)), (32, vec![]), "it was so from the start");
        e.put(900, field("stop"), "1000").unwrap();
        assert_eq!((e.get(&STOP), texts(&e)), (1000, vec![]), "what changes no weight has no step");
    }

    #[test]
    fn what_cannot_be_changed_is_refused_and_changes_nothing() {
        let mut e = experiment();
        for (name, text) in [("seed", "3"), ("g", "8"), ("data", "moons"), ("batch", "0"), ("glr", "x")] {
            assert!(e.put(5, field(name), text).is_err(), "{name}={text}");
        }
        assert_eq!(e, experiment());
        for step in 1..=MOST as u64 {
            e.put(step, field("batch"), &(1 + step % 2).to_string()).unwrap();
        }
        assert_eq!(e.put(1000, field("batch"), "9"), Err(Message::TooManyChanges { most: MOST }));
        assert_eq!(e.changes().len(), MOST);
    }
}
