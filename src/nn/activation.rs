//! Activation functions as burn's own operations.

use burn::tensor::{Tensor, activation};

use crate::kernel::{Activation, LEAK};

/// Applies a function to every element; the shape stays.
pub fn apply(function: Activation, x: Tensor<2>) -> Tensor<2> {
    match function {
        Activation::Relu => activation::relu(x),
        Activation::Leaky => activation::leaky_relu(x, f64::from(LEAK)),
        Activation::Tanh => x.tanh(),
        Activation::Exp => x.exp(),
    }
}

/// The slope of a function where its output is `y`.
pub fn slope(function: Activation, y: Tensor<2>) -> Tensor<2> {
    match function {
        Activation::Relu => y.greater_elem(0.0).float(),
        Activation::Leaky => y.greater_elem(0.0).float() * f64::from(1.0 - LEAK) + f64::from(LEAK),
        Activation::Tanh => -y.square() + 1.0,
        Activation::Exp => y,
    }
}
