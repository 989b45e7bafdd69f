//! What a layer does to its sums: bias and activation, and the slope on the way back.

use crate::layer::{Activation, LEAK};
use crate::tanh::tanh;

/// What is called with blocks of whole rows of sums, while they are near.
pub type Finish<'a> = &'a (dyn Fn(&mut [f32]) + Sync);

/// Computes with what adds the bias and applies the activation.
#[inline(always)]
pub fn activate<T>(activation: Option<Activation>, bias: &[f32], compute: impl FnOnce(Finish<'_>) -> T) -> T {
    match activation {
        None => compute(&|rows| finish(rows, bias, |x| x)),
        Some(Activation::Relu) => compute(&|rows| finish(rows, bias, relu)),
        Some(Activation::Leaky) => compute(&|rows| finish(rows, bias, leaky)),
        Some(Activation::Tanh) => compute(&|rows| finish(rows, bias, tanh)),
        Some(Activation::Exp) => compute(&|rows| finish(rows, bias, libm::expf)),
    }
}

/// Adds the bias and applies the activation.
#[inline(always)]
fn finish(rows: &mut [f32], bias: &[f32], activation: impl Fn(f32) -> f32) {
    // One channel: so that several numbers are done at once here too.
    if let [b] = bias {
        return rows.iter_mut().for_each(|y| *y = activation(*y + b));
    }
    for row in rows.chunks_exact_mut(bias.len()) {
        for (y, b) in row.iter_mut().zip(bias) {
            *y = activation(*y + b);
        }
    }
}

#[inline(always)]
fn relu(x: f32) -> f32 {
    // Not `max`, which would hide a NaN.
    if x < 0.0 { 0.0 } else { x }
}

#[inline(always)]
fn leaky(x: f32) -> f32 {
    if x < 0.0 { LEAK * x } else { x }
}

/// Turns the gradient in an activation's output `y` into that in what it was given, in place.
pub fn derive(activation: Option<Activation>, dy: &mut [f32], y: &[f32]) {
    assert_eq!(dy.len(), y.len());
    match activation {
        None => {}
        Some(Activation::Relu) => each(dy, y, |d, y| if y > 0.0 { d } else { 0.0 }),
        Some(Activation::Leaky) => each(dy, y, |d, y| if y > 0.0 { d } else { LEAK * d }),
        Some(Activation::Tanh) => each(dy, y, |d, y| d * (1.0 - y * y)),
        Some(Activation::Exp) => each(dy, y, |d, y| d * y),
    }
}

fn each(dy: &mut [f32], y: &[f32], f: impl Fn(f32, f32) -> f32) {
    for (d, &y) in dy.iter_mut().zip(y) {
        *d = f(*d, y);
    }
}
