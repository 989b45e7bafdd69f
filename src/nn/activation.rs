//! Activation functions as burn's own operations.

use burn::tensor::{Tensor, activation};

use crate::kernel::{Activation, LEAK};

/// Applies a function to every element; the shape stays.
pub fn apply(function: Activation, x: Tensor<2>) -> Tensor<2> {
    match function {
        Activation::Relu => activation::relu(x),
        Activation::Leaky => activation::leaky_relu(x, f64::from(LEAK)),
        Activation::Tanh => x.tanh(),
    }
}
