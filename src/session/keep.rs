//! Weights that are known to be good, and the end of a run that has none any more.

use std::collections::HashMap;

use burn::tensor::Tensor;

use super::Session;
use crate::look::ask::Ask;
use crate::train::visit::{Numbers, Part, Tensors, Visit};

/// How many sets of known good weights are kept; the newest may already hold the damage.
const KEPT: usize = 3;

/// Weights after a step, and their running means; cheap to keep, since tensors share their memory until one changes.
pub(super) struct Good {
    step: u64,
    tensors: HashMap<String, Tensor<1>>,
    numbers: HashMap<String, Vec<f64>>,
}

/// Puts kept weights in their places. An optimiser's memory stays.
struct Restored(Good);

impl Visit for Restored {
    fn tensor(&mut self, name: &str, part: Part, value: &mut Option<Tensor<1>>) {
        if part != Part::Moment {
            *value = self.0.tensors.remove(name);
        }
    }

    fn numbers(&mut self, name: &str, value: &mut Vec<f64>) {
        *value = self.0.numbers.remove(name).unwrap_or_default();
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
        let mut known = Vec::new();
        self.program.visit(&mut Numbers(|_: &str, numbers: &[f64]| {
            // As two numbers of 32 bits, which tell every bit that counts.
            let halves = |&x: &f64| [x as f32, (x - f64::from(x as f32)) as f32];
            known.push(numbers.iter().flat_map(halves).collect());
        }));
        Ask::all(weights, |weights| weights.into_iter().chain(known).collect())
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
        let mut numbers = HashMap::new();
        self.program.visit(&mut Numbers(|name: &str, value: &[f64]| {
            numbers.insert(name.to_owned(), value.to_vec());
        }));
        self.good.push_back(Good { step: self.step, tensors, numbers });
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
            self.program.visit(&mut Restored(good));
        }
        self.good.clear();
    }
}
