//! One fully connected layer, forward and backward: y = φ(x W + b).

use super::layer::{Activation, Dense, LEAK};
use super::product::{Left, Right, Shape, product};
use super::tanh::tanh;

/// The output for `x`, row-major.
///
/// # Shapes
/// - `x`: rows × inputs, `weights`: all weights of the network, flat; result: rows × outputs
///
/// # Panics
/// If `x` does not hold whole rows, or the weights do not reach that far.
pub fn forward(layer: &Dense, weights: &[f32], x: &[f32]) -> Vec<f32> {
    let (matrix, bias) = parts(layer, weights);
    let shape = Shape { rows: x.len() / layer.inputs, inner: layer.inputs, columns: layer.outputs };
    let mut y = vec![0.0; shape.rows * shape.columns];
    let (left, right) = (Left::Rows(x), Right::Rows(matrix));
    match layer.activation {
        None => product(shape, left, right, &mut y, &|rows| finish(rows, bias, |x| x)),
        Some(Activation::Relu) => product(shape, left, right, &mut y, &|rows| finish(rows, bias, relu)),
        Some(Activation::Leaky) => product(shape, left, right, &mut y, &|rows| finish(rows, bias, leaky)),
        Some(Activation::Tanh) => product(shape, left, right, &mut y, &|rows| finish(rows, bias, tanh)),
    }
    y
}

/// Adds the bias and applies the activation.
#[inline(always)]
fn finish(rows: &mut [f32], bias: &[f32], activation: impl Fn(f32) -> f32) {
    for row in rows.chunks_exact_mut(bias.len()) {
        for (y, b) in row.iter_mut().zip(bias) {
            *y = activation(*y + b);
        }
    }
}

/// What the backward pass of a layer is given.
pub struct Backward<'a> {
    /// The input of the forward pass, rows × inputs.
    pub x: &'a [f32],
    /// Its output, rows × outputs.
    pub y: &'a [f32],
    /// All weights of the network, flat.
    pub weights: &'a [f32],
}

/// Turns `dy`, the gradient in the output, into the gradient in what the activation was given, in place; writes the
/// gradients in the layer's weights to their place in `gradient`, if there is one; and gives the gradient in the input,
/// if it is wanted.
///
/// # Panics
/// If a slice is not as long as the layer and the rows say.
pub fn backward(
    layer: &Dense,
    given: &Backward<'_>,
    dy: &mut [f32],
    gradient: Option<&mut [f32]>,
    wants_input: bool,
) -> Option<Vec<f32>> {
    let Dense { inputs, outputs, .. } = *layer;
    let rows = dy.len() / outputs;
    assert_eq!(dy.len(), given.y.len());
    match layer.activation {
        None => {}
        Some(Activation::Relu) => each(dy, given.y, |d, y| if y > 0.0 { d } else { 0.0 }),
        Some(Activation::Leaky) => each(dy, given.y, |d, y| if y > 0.0 { d } else { LEAK * d }),
        Some(Activation::Tanh) => each(dy, given.y, |d, y| d * (1.0 - y * y)),
    }
    if let Some(gradient) = gradient {
        let (matrix, bias) = gradient[layer.range()].split_at_mut(inputs * outputs);
        let shape = Shape { rows: inputs, inner: rows, columns: outputs };
        product(shape, Left::Columns(given.x), Right::Rows(dy), matrix, &|_| ());
        bias.fill(0.0);
        for row in dy.chunks_exact(outputs) {
            for (b, d) in bias.iter_mut().zip(row) {
                *b += d;
            }
        }
    }
    wants_input.then(|| {
        let (matrix, _) = parts(layer, given.weights);
        let shape = Shape { rows, inner: outputs, columns: inputs };
        let mut dx = vec![0.0; rows * inputs];
        product(shape, Left::Rows(dy), Right::Columns(matrix), &mut dx, &|_| ());
        dx
    })
}

fn parts<'a>(layer: &Dense, weights: &'a [f32]) -> (&'a [f32], &'a [f32]) {
    weights[layer.range()].split_at(layer.inputs * layer.outputs)
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

fn each(dy: &mut [f32], y: &[f32], f: impl Fn(f32, f32) -> f32) {
    for (d, &y) in dy.iter_mut().zip(y) {
        *d = f(*d, y);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A layer in the middle of other weights, and something to feed it.
    fn example(activation: Option<Activation>) -> (Dense, Vec<f32>, Vec<f32>, Vec<f32>) {
        let layer = Dense { offset: 3, inputs: 5, outputs: 9, activation };
        let numbers = |n: usize, salt: usize| (0..n).map(|i| ((i * 29 + salt) % 83) as f32 / 40.0 - 1.0).collect();
        (layer, numbers(layer.range().end + 2, 1), numbers(7 * 5, 2), numbers(7 * 9, 3))
    }

    fn loss(layer: &Dense, weights: &[f32], x: &[f32], dy: &[f32]) -> f64 {
        let y = forward(layer, weights, x);
        y.iter().zip(dy).map(|(y, d)| f64::from(*y) * f64::from(*d)).sum()
    }

    #[test]
    fn gradients_are_those_of_differences() {
        for activation in [None, Some(Activation::Relu), Some(Activation::Leaky), Some(Activation::Tanh)] {
            let (layer, weights, x, dy) = example(activation);
            let y = forward(&layer, &weights, &x);
            let mut gradient = vec![f32::NAN; weights.len()];
            let given = Backward { x: &x, y: &y, weights: &weights };
            let mut inner = dy.clone();
            let dx = backward(&layer, &given, &mut inner, Some(&mut gradient), true).unwrap();
            assert!(gradient[..3].iter().chain(&gradient[layer.range().end..]).all(|g| g.is_nan()), "only its own");
            let h = 1e-2;
            let check = |found: f32, at: &dyn Fn(f32) -> f64, what: String| {
                let difference = (at(h) - at(-h)) / f64::from(2.0 * h);
                // The activations' kinks and 32-bit sums leave that much.
                assert!(
                    (f64::from(found) - difference).abs() < 0.02,
                    "{activation:?} {what}: {found}, not {difference}"
                );
            };
            let moved = |v: &[f32], i: usize, by: f32| {
                let mut v = v.to_vec();
                v[i] += by;
                v
            };
            for i in layer.range() {
                check(gradient[i], &|h| loss(&layer, &moved(&weights, i, h), &x, &dy), format!("weight {i}"));
            }
            for (i, &dx) in dx.iter().enumerate() {
                check(dx, &|h| loss(&layer, &weights, &moved(&x, i, h), &dy), format!("input {i}"));
            }
        }
    }

    #[test]
    fn what_is_not_a_number_stays_so() {
        for activation in [None, Some(Activation::Relu), Some(Activation::Leaky), Some(Activation::Tanh)] {
            let (layer, mut weights, x, _) = example(activation);
            weights[layer.offset] = f32::NAN;
            assert!(forward(&layer, &weights, &x).iter().any(|y| y.is_nan()), "{activation:?}");
        }
    }
}
