//! One walk over everything of a program that outlives a step. Saving, loading, keeping good weights and bringing them back,
//! vouching, the fingerprint and counting are visits.

use burn::tensor::Tensor;

/// What a tensor is to the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What has been learned.
    Weights,
    /// A running mean of weights.
    Mean,
    /// An optimiser's memory.
    Moment,
}

/// Somebody who is shown everything, in an order that does not change, and who may put something else in its place.
pub trait Visit {
    /// A flat tensor, or the place of one that there is not yet.
    fn tensor(&mut self, name: &str, part: Part, value: &mut Option<Tensor<1>>);

    /// Numbers in 64 bits that a program on the host has learned; there may be none yet.
    fn numbers(&mut self, name: &str, value: &mut Vec<f64>);

    /// A whole number.
    fn count(&mut self, name: &str, value: &mut u32);
}

/// Calls a function for each tensor that there is.
pub struct Tensors<F: FnMut(&str, Part, &Tensor<1>)>(pub F);

impl<F: FnMut(&str, Part, &Tensor<1>)> Visit for Tensors<F> {
    fn tensor(&mut self, name: &str, part: Part, value: &mut Option<Tensor<1>>) {
        if let Some(tensor) = value {
            (self.0)(name, part, tensor);
        }
    }

    fn numbers(&mut self, _: &str, _: &mut Vec<f64>) {}

    fn count(&mut self, _: &str, _: &mut u32) {}
}

/// Calls a function for all numbers of programs on the host.
pub struct Numbers<F: FnMut(&str, &[f64])>(pub F);

impl<F: FnMut(&str, &[f64])> Visit for Numbers<F> {
    fn tensor(&mut self, _: &str, _: Part, _: &mut Option<Tensor<1>>) {}

    fn numbers(&mut self, name: &str, value: &mut Vec<f64>) {
        (self.0)(name, value);
    }

    fn count(&mut self, _: &str, _: &mut u32) {}
}
