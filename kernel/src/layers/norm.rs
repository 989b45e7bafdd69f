//! Batch normalisation: Ioffe and Szegedy 2015, “Batch Normalization” (arXiv 1502.03167), algorithm 1.

use super::Backward;
use super::activation::{activate, derive};
use crate::layer::{Norm, TINY};

/// Sums go over so many rows in 32 bits, and over these in 64.
const ROWS: usize = 32;

/// Means and variances of the channels over all places of all rows: `2 × channels`.
///
/// # Panics
/// If `x` does not hold whole places.
pub fn moments(layer: &Norm, x: &[f32]) -> Vec<f32> {
    let channels = layer.grid.channels;
    let places = (x.len() / channels).max(1) as f64;
    let means: Vec<f32> = sums(channels, [x], |sums, [x]| each(sums, x, |sum, x| *sum += x))
        .iter()
        .map(|s| (s / places) as f32)
        .collect();
    let squares = sums(channels, [x], |sums, [x]| {
        for ((sum, x), mean) in sums.iter_mut().zip(x).zip(&means) {
            *sum += (x - mean) * (x - mean);
        }
    });
    let variances = squares.iter().map(|s| (s / places) as f32);
    means.iter().copied().chain(variances).collect()
}

/// φ(scale · (x − mean) / √(variance + ε) + shift).
///
/// # Shapes
/// - `x`: rows × grid, `weights`: all weights of the network, flat, `moments`: as [`moments`] gives them; result: rows × grid
///
/// # Panics
/// If a slice is not as long as the layer says.
pub fn forward(layer: &Norm, weights: &[f32], moments: &[f32], x: &[f32]) -> Vec<f32> {
    let channels = layer.grid.channels;
    let (scale, shift) = weights[layer.range()].split_at(channels);
    let (means, variances) = moments.split_at(channels);
    let factors: Vec<f32> = scale.iter().zip(variances).map(|(s, v)| s * inverse(*v)).collect();
    activate(layer.activation, shift, |finish| {
        let mut y = vec![0.0; x.len()];
        // As much as stays near until it is finished.
        let block = channels * (1024 / channels).max(1);
        for (y, x) in y.chunks_mut(block).zip(x.chunks(block)) {
            for (y, x) in y.chunks_exact_mut(channels).zip(x.chunks_exact(channels)) {
                for (((y, x), mean), factor) in y.iter_mut().zip(x).zip(means).zip(&factors) {
                    *y = (x - mean) * factor;
                }
            }
            finish(y);
        }
        y
    })
}

/// As [`super::backward`]. `moments` are those of the forward pass; if they are the batch's own, rows hang together through them.
pub fn backward(
    layer: &Norm,
    given: &Backward<'_>,
    (moments, own): (&[f32], bool),
    dy: &mut [f32],
    gradient: Option<&mut [f32]>,
    wants_input: bool,
) -> Option<Vec<f32>> {
    derive(layer.activation, dy, given.y);
    let channels = layer.grid.channels;
    let (means, variances) = moments.split_at(channels);
    let inverses: Vec<f32> = variances.iter().map(|v| inverse(*v)).collect();
    let narrow = |sums: Vec<f64>| -> Vec<f32> { sums.iter().map(|s| *s as f32).collect() };
    // Over all places: of d, and of d times the normalised input.
    let plain = narrow(sums(channels, [&*dy], |sums, [d]| each(sums, d, |sum, d| *sum += d)));
    let scaled = narrow(sums(channels, [&*dy, given.x], |sums, [d, x]| {
        for ((sum, (d, x)), (mean, inverse)) in sums.iter_mut().zip(d.iter().zip(x)).zip(means.iter().zip(&inverses)) {
            *sum += d * ((x - mean) * inverse);
        }
    }));
    if let Some(gradient) = gradient {
        let (scale, shift) = gradient[layer.range()].split_at_mut(channels);
        scale.copy_from_slice(&scaled);
        shift.copy_from_slice(&plain);
    }
    wants_input.then(|| {
        let scale = &given.weights[layer.range()][..channels];
        let factors: Vec<f32> = scale.iter().zip(&inverses).map(|(s, i)| s * i).collect();
        let mut dx = vec![0.0; dy.len()];
        let share = 1.0 / (dy.len() / channels) as f32;
        for ((dx, d), x) in
            dx.chunks_exact_mut(channels).zip(dy.chunks_exact(channels)).zip(given.x.chunks_exact(channels))
        {
            let moments = means.iter().zip(&inverses).zip(plain.iter().zip(&scaled)).zip(&factors);
            for ((dx, (d, x)), (((mean, inverse), (plain, scaled)), factor)) in
                dx.iter_mut().zip(d.iter().zip(x)).zip(moments)
            {
                // The batch's own mean and variance move with x.
                let back = if own { (plain + (x - mean) * inverse * scaled) * share } else { 0.0 };
                *dx = factor * (d - back);
            }
        }
        dx
    })
}

/// The derivative of a normalisation, without its activation and by the rows' own moments, in the direction `t` of its input. The
/// normalisation's Jacobian is symmetric, so this is also how a gradient comes back through it.
///
/// # Shapes
/// - `x`, `t`: rows × grid; result: the same
///
/// # Panics
/// If a slice is not as long as the layer says.
pub fn tangent(layer: &Norm, weights: &[f32], x: &[f32], t: &[f32]) -> Vec<f32> {
    let plain = Norm { activation: None, ..*layer };
    let moments = moments(&plain, x);
    // Without an activation nothing reads the output.
    let given = Backward { x, y: t, weights };
    backward(&plain, &given, (&moments, true), &mut t.to_vec(), None, true).unwrap_or_default()
}

/// Of the numbers of a place and a channel.
type Product<'a> = &'a dyn Fn(&[f32], &[f32], &[f32], usize) -> f32;

/// The gradients of u · tangent in `x` and `t`; that in the scales is written to its place in `gradient`, and those in the
/// shifts, which it does not depend on, are 0.
///
/// With x̂ the normalised input, ⟨·⟩ the mean over places, A = ⟨x̂u⟩, B = ⟨x̂t⟩ and C = ⟨ut⟩ − ⟨u⟩⟨t⟩, u · tangent is
/// n γ/σ (C − AB), and its gradient in x is −γ/σ² (x̂ (C − 3AB) + A (t − ⟨t⟩) + B (u − ⟨u⟩)).
///
/// # Panics
/// If a slice is not as long as the layer says.
pub fn tangent_backward(
    layer: &Norm,
    weights: &[f32],
    [x, t, u]: [&[f32]; 3],
    gradient: Option<&mut [f32]>,
) -> [Vec<f32>; 2] {
    let channels = layer.grid.channels;
    let moments = moments(layer, x);
    let (means, variances) = moments.split_at(channels);
    let inverses: Vec<f32> = variances.iter().map(|v| inverse(*v)).collect();
    let n = (x.len() / channels).max(1) as f64;
    let hat = |x: &[f32], c: usize| (x[c] - means[c]) * inverses[c];
    let mean = |sums: Vec<f64>| -> Vec<f64> { sums.iter().map(|s| s / n).collect() };
    let of = |f: Product| {
        mean(sums(channels, [x, t, u], |sums, [x, t, u]| {
            for (c, sum) in sums.iter_mut().enumerate() {
                *sum += f(x, t, u, c);
            }
        }))
    };
    let (mt, mu) = (of(&|_, t, _, c| t[c]), of(&|_, _, u, c| u[c]));
    let (a, b) = (of(&|x, _, u, c| hat(x, c) * u[c]), of(&|x, t, _, c| hat(x, c) * t[c]));
    let ut = of(&|_, t, u, c| t[c] * u[c]);
    let scale = &weights[layer.range()][..channels];
    if let Some(gradient) = gradient {
        let (scales, shifts) = gradient[layer.range()].split_at_mut(channels);
        for c in 0..channels {
            scales[c] = (n * f64::from(inverses[c]) * (ut[c] - mu[c] * mt[c] - a[c] * b[c])) as f32;
        }
        shifts.fill(0.0);
    }
    // Of each channel, what its places are multiplied with.
    let factors: Vec<[f32; 6]> = (0..channels)
        .map(|c| {
            let bend = ut[c] - mu[c] * mt[c] - 3.0 * a[c] * b[c];
            let outer = -f64::from(scale[c]) * f64::from(inverses[c]).powi(2);
            [outer, bend, a[c], b[c], mt[c], mu[c]].map(|x| x as f32)
        })
        .collect();
    let mut dx = vec![0.0; x.len()];
    let places = dx.chunks_exact_mut(channels).zip(x.chunks_exact(channels));
    for ((dx, x), (t, u)) in places.zip(t.chunks_exact(channels).zip(u.chunks_exact(channels))) {
        for c in 0..channels {
            let [outer, bend, a, b, mt, mu] = factors[c];
            dx[c] = outer * (hat(x, c) * bend + a * (t[c] - mt) + b * (u[c] - mu));
        }
    }
    [dx, tangent(layer, weights, x, u)]
}

fn inverse(variance: f32) -> f32 {
    1.0 / (variance + TINY).sqrt()
}

fn each(sums: &mut [f32], row: &[f32], f: impl Fn(&mut f32, f32)) {
    for (sum, x) in sums.iter_mut().zip(row) {
        f(sum, *x);
    }
}

/// Sums for each channel: `add` is called for each place with the sums and the numbers there.
#[inline(always)]
fn sums<const K: usize>(channels: usize, of: [&[f32]; K], add: impl Fn(&mut [f32], [&[f32]; K])) -> Vec<f64> {
    let places = of[0].len() / channels;
    let (mut all, mut near) = (vec![0.0_f64; channels], vec![0.0_f32; channels]);
    for first in (0..places).step_by(ROWS) {
        near.fill(0.0);
        for place in first..(first + ROWS).min(places) {
            add(&mut near, of.map(|of| &of[place * channels..][..channels]));
        }
        for (all, near) in all.iter_mut().zip(&near) {
            *all += f64::from(*near);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Activation, Grid};

    fn numbers(n: usize, salt: usize) -> Vec<f32> {
        (0..n).map(|i| ((i * 37 + i / 7 * 5 + salt * 11) % 101) as f32 / 101.0 - 0.3).collect()
    }

    /// The output by its definition, in 64 bits, with the batch's own moments or with those given.
    fn plain(layer: &Norm, weights: &[f64], given: Option<&[f32]>, x: &[f64]) -> Vec<f64> {
        let c = layer.grid.channels;
        let n = (x.len() / c) as f64;
        let mut y = vec![0.0; x.len()];
        for k in 0..c {
            let of = || x.iter().skip(k).step_by(c);
            let own = of().sum::<f64>() / n;
            let mean = given.map_or(own, |m| f64::from(m[k]));
            let own = of().map(|x| (x - own).powi(2)).sum::<f64>() / n;
            let variance = given.map_or(own, |m| f64::from(m[c + k]));
            for (y, x) in y.iter_mut().skip(k).step_by(c).zip(of()) {
                let s = weights[layer.offset + k] * (x - mean) / (variance + f64::from(TINY)).sqrt()
                    + weights[layer.offset + c + k];
                *y = match layer.activation {
                    None => s,
                    Some(Activation::Relu) => s.max(0.0),
                    Some(Activation::Leaky) => s.max(0.2 * s),
                    Some(Activation::Tanh) => s.tanh(),
                    Some(Activation::Exp) => s.exp(),
                };
            }
        }
        y
    }

    #[test]
    fn output_and_gradients_are_those_of_the_definition() {
        for (height, width, channels) in [(4, 5, 3), (1, 1, 9), (7, 7, 1)] {
            for activation in [None, Some(Activation::Tanh), Some(Activation::Leaky), Some(Activation::Relu)] {
                let grid = Grid { height, width, channels };
                let layer = Norm { offset: 2, moments: 0, grid, activation };
                let (x, weights) = (numbers(6 * grid.len(), 1), numbers(layer.range().end + 1, 2));
                let dy = numbers(x.len(), 3);
                let given: Vec<f32> = (0..2 * channels).map(|i| 0.1 + 0.05 * i as f32).collect();
                let wide = |v: &[f32]| v.iter().map(|&x| f64::from(x)).collect::<Vec<_>>();
                for own in [true, false] {
                    let moments = if own { moments(&layer, &x) } else { given.clone() };
                    let fixed = (!own).then_some(&*given);
                    let y = forward(&layer, &weights, &moments, &x);
                    for (y, truth) in y.iter().zip(plain(&layer, &wide(&weights), fixed, &wide(&x))) {
                        assert!((f64::from(*y) - truth).abs() < 1e-5, "{layer:?} {own}: {y}, not {truth}");
                    }
                    let mut gradient = vec![f32::NAN; weights.len()];
                    let passed = Backward { x: &x, y: &y, weights: &weights };
                    let dx =
                        backward(&layer, &passed, (&moments, own), &mut dy.clone(), Some(&mut gradient), true).unwrap();
                    let loss = |weights: &[f64], x: &[f64]| -> f64 {
                        plain(&layer, weights, fixed, x).iter().zip(&dy).map(|(y, d)| y * f64::from(*d)).sum()
                    };
                    let h = 1e-6;
                    let moved = |v: &[f32], i: usize, by: f64| {
                        let mut v = wide(v);
                        v[i] += by;
                        v
                    };
                    for i in layer.range() {
                        let at = |h| loss(&moved(&weights, i, h), &wide(&x));
                        let truth = (at(h) - at(-h)) / (2.0 * h);
                        let found = f64::from(gradient[i]);
                        assert!(
                            (found - truth).abs() < 1e-4 * (1.0 + truth.abs()),
                            "{layer:?} {own}: {found}, not {truth}"
                        );
                    }
                    for i in (0..x.len()).step_by(5) {
                        let at = |h| loss(&wide(&weights), &moved(&x, i, h));
                        let truth = (at(h) - at(-h)) / (2.0 * h);
                        let found = f64::from(dx[i]);
                        assert!(
                            (found - truth).abs() < 1e-4 * (1.0 + truth.abs()),
                            "{layer:?} {own}: {found}, not {truth}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn a_channel_that_does_not_change_is_no_division_by_nothing() {
        let layer = Norm { offset: 0, moments: 0, grid: Grid { height: 1, width: 1, channels: 2 }, activation: None };
        let x = [3.0, f32::NAN].repeat(8);
        let moments = moments(&layer, &x);
        let y = forward(&layer, &[1.0, 1.0, 0.5, 0.5], &moments, &x);
        assert!(y.chunks(2).all(|y| y[0] == 0.5 && y[1].is_nan()), "{y:?}");
    }

    #[test]
    fn the_tangent_and_its_gradients_are_those_of_differences() {
        for (height, width, channels) in [(2, 3, 2), (1, 1, 3)] {
            let grid = Grid { height, width, channels };
            let layer = Norm { offset: 1, moments: 0, grid, activation: None };
            let n = 5 * grid.len();
            let (weights, x, t, u) = (numbers(layer.range().end, 2), numbers(n, 1), numbers(n, 4), numbers(n, 7));
            let wide = |v: &[f32]| v.iter().map(|&x| f64::from(x)).collect::<Vec<_>>();
            // u · tangent by a central difference along t, in 64 bits.
            let bent = |weights: &[f64], x: &[f64], t: &[f64]| -> f64 {
                let h = 1e-4;
                let along = |h: f64| {
                    let x: Vec<f64> = x.iter().zip(t).map(|(x, t)| x + h * t).collect();
                    plain(&layer, weights, None, &x)
                };
                let (after, before) = (along(h), along(-h));
                after.iter().zip(before).zip(&u).map(|((a, b), u)| (a - b) / (2.0 * h) * f64::from(*u)).sum()
            };
            let (w, xs, ts) = (wide(&weights), wide(&x), wide(&t));
            let found: f64 =
                tangent(&layer, &weights, &x, &t).iter().zip(&u).map(|(y, u)| f64::from(*y) * f64::from(*u)).sum();
            let truth = bent(&w, &xs, &ts);
            assert!((found - truth).abs() < 1e-4 * (1.0 + truth.abs()), "{found}, not {truth}");
            let mut gradient = vec![f32::NAN; weights.len()];
            let [dx, dt] = tangent_backward(&layer, &weights, [&x, &t, &u], Some(&mut gradient));
            let check = |found: f32, at: &dyn Fn(f64) -> f64, what: &str| {
                let truth = (at(1e-4) - at(-1e-4)) / 2e-4;
                let near = 2e-4 * (1.0 + truth.abs());
                assert!((f64::from(found) - truth).abs() < near, "{grid:?} {what}: {found}, not {truth}");
            };
            let moved = |v: &[f64], i: usize, h: f64| {
                let mut v = v.to_vec();
                v[i] += h;
                v
            };
            for i in 0..n {
                check(dx[i], &|h| bent(&w, &moved(&xs, i, h), &ts), "x");
                check(dt[i], &|h| bent(&w, &xs, &moved(&ts, i, h)), "t");
            }
            for i in layer.range() {
                check(gradient[i], &|h| bent(&moved(&w, i, h), &xs, &ts), "weights");
            }
        }
    }
}
