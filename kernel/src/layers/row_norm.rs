//! Layer normalisation: Ba, Kiros and Hinton 2016, “Layer Normalization” (arXiv 1607.06450), of each row over all its numbers, with a
//! scale and a shift for each channel.

use super::Backward;
use super::activation::{activate, derive};
use crate::layer::{RowNorm, TINY};

/// The mean of a row and one over its deviation.
fn known(row: &[f32]) -> (f32, f32) {
    let count = row.len() as f64;
    let mean = row.iter().map(|&x| f64::from(x)).sum::<f64>() / count;
    let variance = row.iter().map(|&x| (f64::from(x) - mean).powi(2)).sum::<f64>() / count;
    (mean as f32, 1.0 / (variance as f32 + TINY).sqrt())
}

/// φ(scale · (x − mean) / √(variance + ε) + shift), mean and variance of the row.
///
/// # Shapes
/// - `x`: rows × grid, `weights`: all weights of the network, flat; result: rows × grid
///
/// # Panics
/// If a slice is not as long as the layer says.
pub fn forward(layer: &RowNorm, weights: &[f32], x: &[f32]) -> Vec<f32> {
    let channels = layer.grid.channels;
    let (scale, shift) = weights[layer.range()].split_at(channels);
    activate(layer.activation, shift, |finish| {
        let mut y = vec![0.0; x.len()];
        for (y, x) in y.chunks_exact_mut(layer.grid.len()).zip(x.chunks_exact(layer.grid.len())) {
            let (mean, inverse) = known(x);
            for (y, x) in y.chunks_exact_mut(channels).zip(x.chunks_exact(channels)) {
                for ((y, x), scale) in y.iter_mut().zip(x).zip(scale) {
                    *y = (x - mean) * inverse * scale;
                }
            }
            finish(y);
        }
        y
    })
}

/// As [`super::backward`]. Each row moves its own mean and variance.
pub fn backward(
    layer: &RowNorm,
    given: &Backward<'_>,
    dy: &mut [f32],
    gradient: Option<&mut [f32]>,
    wants_input: bool,
) -> Option<Vec<f32>> {
    derive(layer.activation, dy, given.y);
    let (channels, long) = (layer.grid.channels, layer.grid.len());
    let scale = &given.weights[layer.range()][..channels];
    let (mut scales, mut shifts) = (vec![0.0_f64; channels], vec![0.0_f64; channels]);
    let mut dx = vec![0.0; if wants_input { dy.len() } else { 0 }];
    for (i, (d, x)) in dy.chunks_exact(long).zip(given.x.chunks_exact(long)).enumerate() {
        let (mean, inverse) = known(x);
        // Over the row: of the gradient in the normalised input, and of that times the input.
        let (mut plain, mut scaled) = (0.0_f64, 0.0_f64);
        for (k, (d, x)) in d.iter().zip(x).enumerate() {
            let (c, hat) = (k % channels, (x - mean) * inverse);
            scales[c] += f64::from(d * hat);
            shifts[c] += f64::from(*d);
            plain += f64::from(d * scale[c]);
            scaled += f64::from(d * scale[c] * hat);
        }
        if wants_input {
            let [plain, scaled] = [plain, scaled].map(|sum| (sum / long as f64) as f32);
            for (k, ((dx, d), x)) in dx[i * long..].iter_mut().zip(d).zip(x).enumerate() {
                let hat = (x - mean) * inverse;
                *dx = inverse * (d * scale[k % channels] - plain - hat * scaled);
            }
        }
    }
    if let Some(gradient) = gradient {
        let all = scales.iter().chain(&shifts);
        gradient[layer.range()].iter_mut().zip(all).for_each(|(to, sum)| *to = *sum as f32);
    }
    wants_input.then_some(dx)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Activation, Grid};

    fn numbers(n: usize, salt: usize) -> Vec<f32> {
        (0..n).map(|i| ((i * 37 + i / 7 * 5 + salt * 11) % 101) as f32 / 101.0 - 0.3).collect()
    }

    /// The output by its definition, in 64 bits.
    fn plain(layer: &RowNorm, weights: &[f64], x: &[f64]) -> Vec<f64> {
        let (c, long) = (layer.grid.channels, layer.grid.len());
        let row = |x: &[f64]| -> Vec<f64> {
            let mean = x.iter().sum::<f64>() / long as f64;
            let variance = x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / long as f64;
            let place = |(k, x): (usize, &f64)| {
                let at = layer.offset + k % c;
                let z = weights[at] * (x - mean) / (variance + f64::from(TINY)).sqrt() + weights[at + c];
                match layer.activation {
                    None => z,
                    Some(Activation::Relu) => z.max(0.0),
                    Some(Activation::Leaky) => z.max(0.2 * z),
                    Some(Activation::Tanh) => z.tanh(),
                    Some(Activation::Exp) => z.exp(),
                }
            };
            x.iter().enumerate().map(place).collect()
        };
        x.chunks(long).flat_map(row).collect()
    }

    #[test]
    fn output_and_gradients_are_those_of_the_definition() {
        for (height, width, channels) in [(4, 5, 3), (1, 1, 9), (7, 7, 1)] {
            for activation in [None, Some(Activation::Tanh), Some(Activation::Leaky), Some(Activation::Relu)] {
                let layer = RowNorm { offset: 2, grid: Grid { height, width, channels }, activation };
                let (x, weights) = (numbers(5 * layer.grid.len(), 1), numbers(layer.range().end + 1, 2));
                let dy = numbers(x.len(), 3);
                let wide = |v: &[f32]| v.iter().map(|&x| f64::from(x)).collect::<Vec<_>>();
                let y = forward(&layer, &weights, &x);
                for (y, truth) in y.iter().zip(plain(&layer, &wide(&weights), &wide(&x))) {
                    assert!((f64::from(*y) - truth).abs() < 1e-5, "{layer:?}: {y}, not {truth}");
                }
                let mut gradient = vec![f32::NAN; weights.len()];
                let given = Backward { x: &x, y: &y, weights: &weights };
                let dx = backward(&layer, &given, &mut dy.clone(), Some(&mut gradient), true).unwrap();
                assert_eq!(backward(&layer, &given, &mut dy.clone(), None, true), Some(dx.clone()));
                let loss = |weights: &[f64], x: &[f64]| -> f64 {
                    plain(&layer, weights, x).iter().zip(&dy).map(|(y, d)| y * f64::from(*d)).sum()
                };
                let check = |found: f32, at: &dyn Fn(f64) -> f64| {
                    let truth = (at(1e-6) - at(-1e-6)) / 2e-6;
                    let near = 1e-4 * (1.0 + truth.abs());
                    assert!((f64::from(found) - truth).abs() < near, "{layer:?}: {found}, not {truth}");
                };
                let moved = |v: &[f32], i: usize, by: f64| {
                    let mut v = wide(v);
                    v[i] += by;
                    v
                };
                for i in layer.range() {
                    check(gradient[i], &|h| loss(&moved(&weights, i, h), &wide(&x)));
                }
                for (i, dx) in dx.iter().enumerate() {
                    check(*dx, &|h| loss(&wide(&weights), &moved(&x, i, h)));
                }
                assert!(gradient[..layer.offset].iter().all(|x| x.is_nan()), "what is not its own");
            }
        }
    }

    #[test]
    fn a_row_without_change_is_no_division_by_nothing_and_a_nan_stays_one() {
        let grid = Grid { height: 1, width: 2, channels: 2 };
        let layer = RowNorm { offset: 0, grid, activation: Some(Activation::Relu) };
        let y = forward(&layer, &[1.0, 1.0, 0.5, 0.5], &[3.0, 3.0, 3.0, 3.0, 1.0, f32::NAN, 2.0, 3.0]);
        assert!(y[..4] == [0.5; 4] && y[4..].iter().all(|y| y.is_nan()), "{y:?}");
    }
}
