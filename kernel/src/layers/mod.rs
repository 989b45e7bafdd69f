//! Layers forward and backward, on plain slices.

mod activation;
mod conv;
mod dense;
mod norm;
mod resize;
mod row_norm;

pub use norm::{moments, tangent as norm_tangent, tangent_backward as norm_tangent_backward};

use crate::layer::Layer;

/// What the backward pass of a layer is given.
pub struct Backward<'a> {
    /// The input of the forward pass, rows × inputs.
    pub x: &'a [f32],
    /// Its output, rows × outputs.
    pub y: &'a [f32],
    /// All weights of the network, flat.
    pub weights: &'a [f32],
}

/// The output for `x`, row-major.
///
/// # Shapes
/// - `x`: rows × inputs; `weights`: all weights of the network, flat; `moments`: those that a [`crate::Norm`] normalises with; result:
///   rows × outputs
///
/// # Panics
/// If `x` does not hold whole rows, or the weights do not reach that far.
pub fn forward(layer: &Layer, weights: &[f32], moments: &[f32], x: &[f32]) -> Vec<f32> {
    match layer {
        Layer::Dense(layer) => dense::forward(layer, weights, x),
        Layer::Conv(layer) => conv::forward(layer, weights, x),
        Layer::Norm(layer) => norm::forward(layer, weights, moments, x),
        Layer::RowNorm(layer) => row_norm::forward(layer, weights, x),
        Layer::Resize(layer) => resize::enlarge(layer, x),
        Layer::Pool(layer) => resize::pool(layer, x),
    }
}

/// Turns `dy`, the gradient in the output, into the gradient in what the activation was given, in place; writes the
/// gradients in the layer's weights to their place in `gradient`, if there is one; and gives the gradient in the input,
/// if it is wanted. `own`: the moments are those of these rows, and move with them.
///
/// # Panics
/// If a slice is not as long as the layer and the rows say.
pub fn backward(
    layer: &Layer,
    given: &Backward<'_>,
    (moments, own): (&[f32], bool),
    dy: &mut [f32],
    gradient: Option<&mut [f32]>,
    wants_input: bool,
) -> Option<Vec<f32>> {
    match layer {
        Layer::Dense(layer) => dense::backward(layer, given, dy, gradient, wants_input),
        Layer::Conv(layer) => conv::backward(layer, given, dy, gradient, wants_input),
        Layer::Norm(layer) => norm::backward(layer, given, (moments, own), dy, gradient, wants_input),
        Layer::RowNorm(layer) => row_norm::backward(layer, given, dy, gradient, wants_input),
        Layer::Resize(layer) => wants_input.then(|| resize::enlarge_backward(layer, dy)),
        Layer::Pool(layer) => wants_input.then(|| resize::pool_backward(layer, given.x, given.y, dy)),
    }
}
