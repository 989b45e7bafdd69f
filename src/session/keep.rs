//! Weights that are known to be good, and the end of a run that has none any more.

use std::collections::HashMap;

use burn::tensor::Tensor;

use super::Session;
use crate::look::ask::Ask;
use crate::train::visit::{Part, Tensors, Visit};

/// How many sets of known good weights are kept; the newest may already hold the damage.
const KEPT: usize = 3;

/// Weights after a step, and their running means; cheap to keep, since tensors share their memory until one changes.
pub(super) struct Good {
    step: u64,
    tensors: HashMap<String, Tensor<1>>,
}

/// Puts kept weights in their places. An optimiser's memory stays.
struct Restored(HashMap<String, Tensor<1>>);

impl Visit for Restored {
    fn tensor(&mut self, name: &str, part: Part, value: &mut Option<Tensor<1>>) {
        if part != Part::Moment {
            *value = self.0.remove(name);
        }
    }

    fn count(&mut self, _: &str, _: &mut u32) {}
}

impl Session {
    /// All weights, to be read.
    pub(super) fn weights(&mut self) -> Ask<'static, Vec<Vec<f32>>> {
        let mut weights = Vec::new();
        self.program.visit(&mut Tensors(|_: &str, part, tensor: &Tensor<1>| {
            if part == Part::Weights {
                let n = tensor.dims()[0];
                weights.push(tensor.clone().reshape([n, 1]));
            }
        }));
        Ask::all(weights, |weights| weights)
    }

    /// Ends the run if the weights themselves are not finite. A loss is taken before its step's update, so only this
    /// can tell about the last update.
    pub(super) async fn vouch(&mut self) -> Result<(), String> {
        self.catch_up().await?;
        if self.diverged.is_none() && self.weights().answer().await?.iter().flatten().any(|w| !w.is_finite()) {
            self.end_at(self.step + 1);
        }
        Ok(())
    }

    pub(super) fn keep(&mut self) {
        if self.good.len() == KEPT {
            self.good.pop_front();
        }
        let mut tensors = HashMap::new();
        self.program.visit(&mut Tensors(|name: &str, part, tensor: &Tensor<1>| {
            if part != Part::Moment {
                tensors.insert(name.to_owned(), tensor.clone());
            }
        }));
        self.good.push_back(Good { step: self.step, tensors });
    }

    /// Ends the run: the loss of step `at` was not finite. A loss is taken before the update, so the weights of the step
    /// before are suspect; the newest that a later, finite loss has vouched for come back.
    pub(super) fn end_at(&mut self, at: u64) {
        self.diverged = Some(at);
        self.place = 0;
        self.begun.fill(None);
        let vouched = self.good.iter().rposition(|good| good.step + 1 < at).unwrap_or(0);
        if let Some(good) = self.good.remove(vouched) {
            self.step = good.step;
            self.program.visit(&mut Restored(good.tensors));
        }
        self.good.clear();
    }
}
