//! One fully connected layer, forward and backward: y = φ(x W + b).

use super::Backward;
use super::activation::{activate, derive};
use crate::layer::Dense;
use crate::product::{Left, Right, Shape, product};

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
    activate(layer.activation, bias, |finish| product(shape, Left::Rows(x), Right::Rows(matrix), &mut y, finish));
    y
}

/// As [`super::backward`], for a fully connected layer.
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
    derive(layer.activation, dy, given.y);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Activation;

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
        for activation in
            [None, Some(Activation::Relu), Some(Activation::Leaky), Some(Activation::Tanh), Some(Activation::Exp)]
        {
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
        for activation in
            [None, Some(Activation::Relu), Some(Activation::Leaky), Some(Activation::Tanh), Some(Activation::Exp)]
        {
            let (layer, mut weights, x, _) = example(activation);
            weights[layer.offset] = f32::NAN;
            assert!(forward(&layer, &weights, &x).iter().any(|y| y.is_nan()), "{activation:?}");
        }
    }
}
