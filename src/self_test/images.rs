//! Networks of all layers of images, forward, backward and along a direction, beside their definitions in 64 bits.

use burn::tensor::Device;

use super::{close, litter};
use crate::device::read;
use crate::kernel::{Activation, Curve, Grid, LEAK, Layer, Norm, Pooled, RowNorm, TINY, Term, Window};
use crate::nn::{Build, Init, Net, Network, Square, matrix};
use crate::objective;
use crate::rng::Rng;

const ROWS: usize = 5;
/// Weights of a layer that are checked.
const CHECKED: usize = 5;
/// How much the tangent counts beside the loss.
const SHARE: f64 = 0.25;

/// Compares two networks' losses and gradients with those in 64 bits.
///
/// # Errors
/// What came and what was expected.
pub async fn run(device: &Device) -> Result<(), String> {
    let image = Grid { height: 8, width: 6, channels: 2 };
    let begin = || Build::new(image, Init::FanIn);
    let [halve, keep] = [(4, 2), (3, 1)].map(|(size, stride)| Square { size, stride, padding: 1 });
    let straight = begin()
        .conv(17, halve, Some(Activation::Leaky))
        .norm(Some(Activation::Tanh))
        .enlarge(2)
        .conv(5, keep, None)
        .pool(Pooled::Mean, 2, 2)
        .transposed(4, halve, Some(Activation::Tanh))
        .norm(None);
    let largest = begin().conv(18, keep, Some(Activation::Tanh)).pool(Pooled::Most, 3, 2);
    let alone = begin().conv(7, halve, None).row_norm(Some(Activation::Leaky));
    check(&alone.dense(1, None).done(), true, device).await?;
    check(&straight.dense(1, None).done(), true, device).await?;
    check(&largest.dense(1, None).done(), false, device).await
}

async fn check(net: &Net, bends: bool, device: &Device) -> Result<(), String> {
    let columns = net.layers()[0].inputs();
    let mut rng = Rng::stream(columns as u64, "self-test");
    let mut draw = |n: usize| -> Vec<f32> { (0..n).map(|_| rng.uniform() as f32 - 0.5).collect() };
    let (x, v) = (draw(ROWS * columns), draw(ROWS * columns));
    let flat = net.layout().init(&mut Rng::stream(1, "self-test"));
    let terms = [Term { rows: ROWS, curve: Curve::SoftplusOfMinus, weight: 1.0 }];
    litter(&net.layers().iter().map(|layer| ROWS * layer.outputs()).collect::<Vec<_>>(), device);
    let leaves = net.layout().leaves(&crate::device::flat(flat.clone(), device));
    let up = |rows: &[f32]| matrix(rows.to_vec(), columns, device);
    let mut loss = objective::loss(net.forward(&leaves, up(&x)), &terms);
    if bends {
        loss = loss + net.tangent(&leaves, up(&x), up(&v)).sum() * SHARE;
    }
    let found = read(leaves.gradient(&loss)).await?;
    let loss = read(loss.inner()).await?;

    let wide = |numbers: &[f32]| numbers.iter().map(|&x| f64::from(x)).collect::<Vec<_>>();
    let (flat, x, v) = (wide(&flat), wide(&x), wide(&v));
    let moved = |by: f64| x.iter().zip(&v).map(|(x, v)| x + by * v).collect::<Vec<_>>();
    const H: f64 = 1e-4;
    let truth = |flat: &[f64]| -> f64 {
        let scores = |x: Vec<f64>| through(net.layers(), flat, x);
        let score = scores(x.clone()).into_iter().map(|s| Curve::SoftplusOfMinus.exact(s).0).sum::<f64>();
        let along = || (scores(moved(H)).iter().sum::<f64>() - scores(moved(-H)).iter().sum::<f64>()) / (2.0 * H);
        score / ROWS as f64 + if bends { SHARE * along() } else { 0.0 }
    };
    let expected = truth(&flat);
    if loss.len() != 1 || !close(loss[0], expected, 1e-3 * (1.0 + expected.abs())) {
        return Err(format!("a loss of images came out as {loss:?}, not {expected:.6}"));
    }
    for layer in net.layers().iter().filter(|layer| !layer.range().is_empty()) {
        let range = layer.range();
        // Some of them; the last is in the bias.
        let step = range.len() / CHECKED + 1;
        let checked: Vec<usize> = range.clone().step_by(step).chain([range.end - 1]).collect();
        let at = |i: usize, h: f64| {
            let mut flat = flat.clone();
            flat[i] += h;
            truth(&flat)
        };
        let expected: Vec<f64> = checked.iter().map(|&i| (at(i, H) - at(i, -H)) / (2.0 * H)).collect();
        let scale = expected.iter().fold(1e-3_f64, |most, g| most.max(g.abs()));
        for (&i, expected) in checked.iter().zip(&expected) {
            if !close(found[i], *expected, 2e-3 * scale) {
                return Err(format!("a gradient of {} came out as {:e}, not {expected:e}", layer.name(), found[i]));
            }
        }
    }
    Ok(())
}

/// The output of layers for rows of `x` by their definitions, normalising by the rows' own moments.
pub fn through(layers: &[Layer], weights: &[f64], x: Vec<f64>) -> Vec<f64> {
    layers.iter().fold(x, |x, layer| pass(layer, weights, &x))
}

/// A layer by its definition.
fn pass(layer: &Layer, weights: &[f64], x: &[f64]) -> Vec<f64> {
    let at = layer.range();
    let own = &weights[at];
    let (inputs, outputs) = (layer.inputs(), layer.outputs());
    let rows = x.len() / inputs;
    let mut y = vec![0.0; rows * outputs];
    match layer {
        Layer::Dense(_) => {
            for (x, y) in x.chunks(inputs).zip(y.chunks_mut(outputs)) {
                for (o, y) in y.iter_mut().enumerate() {
                    *y = own[inputs * outputs + o]
                        + x.iter().enumerate().map(|(i, x)| x * own[i * outputs + o]).sum::<f64>();
                }
            }
        }
        Layer::Conv(conv) => {
            let [f, c] = [conv.window.fine.channels, conv.window.coarse.channels];
            let bias = &own[conv.matrix()..];
            for (x, y) in x.chunks(inputs).zip(y.chunks_mut(outputs)) {
                y.iter_mut().enumerate().for_each(|(i, y)| *y = bias[i % bias.len()]);
                seen(&conv.window, |fine, coarse, tap| {
                    for (i, j) in (0..f).flat_map(|i| (0..c).map(move |j| (i, j))) {
                        let w = own[(tap * f + i) * c + j];
                        if conv.transposed {
                            y[fine * f + i] += w * x[coarse * c + j];
                        } else {
                            y[coarse * c + j] += w * x[fine * f + i];
                        }
                    }
                });
            }
        }
        Layer::Norm(Norm { grid, .. }) => {
            let c = grid.channels;
            for k in 0..c {
                let of = || x.iter().skip(k).step_by(c);
                let count = of().count() as f64;
                let mean = of().sum::<f64>() / count;
                let variance = of().map(|x| (x - mean).powi(2)).sum::<f64>() / count;
                for (y, x) in y.iter_mut().skip(k).step_by(c).zip(of()) {
                    *y = own[k] * (x - mean) / (variance + f64::from(TINY)).sqrt() + own[c + k];
                }
            }
        }
        Layer::RowNorm(RowNorm { grid, .. }) => {
            let c = grid.channels;
            for (x, y) in x.chunks(inputs).zip(y.chunks_mut(outputs)) {
                let mean = x.iter().sum::<f64>() / inputs as f64;
                let variance = x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / inputs as f64;
                for (k, (y, x)) in y.iter_mut().zip(x).enumerate() {
                    *y = own[k % c] * (x - mean) / (variance + f64::from(TINY)).sqrt() + own[c + k % c];
                }
            }
        }
        Layer::Resize(resize) => {
            let (grid, factor) = (resize.grid, resize.factor);
            let wide = grid.width * factor;
            for (i, y) in y.iter_mut().enumerate() {
                let (row, place, channel) = (i / outputs, i % outputs / grid.channels, i % grid.channels);
                let from = place / wide / factor * grid.width + place % wide / factor;
                *y = x[row * inputs + from * grid.channels + channel];
            }
        }
        Layer::Pool(pool) => {
            let c = pool.window.fine.channels;
            let most = pool.kind == Pooled::Most;
            for (x, y) in x.chunks(inputs).zip(y.chunks_mut(outputs)) {
                y.fill(if most { f64::NEG_INFINITY } else { 0.0 });
                seen(&pool.window, |fine, coarse, _| {
                    for k in 0..c {
                        let (y, x) = (&mut y[coarse * c + k], x[fine * c + k]);
                        *y = if most { y.max(x) } else { *y + x / pool.window.taps() as f64 };
                    }
                });
            }
        }
    }
    y.into_iter().map(|z| bend(layer.activation(), z)).collect()
}

fn bend(activation: Option<Activation>, z: f64) -> f64 {
    match activation {
        None => z,
        Some(Activation::Relu) => z.max(0.0),
        Some(Activation::Leaky) => z.max(f64::from(LEAK) * z),
        Some(Activation::Tanh) => libm::tanh(z),
        Some(Activation::Exp) => libm::exp(z),
    }
}

/// Calls `each` with every place of the fine grid that a place of the coarse one sees, that place, and the tap.
fn seen(window: &Window, mut each: impl FnMut(usize, usize, usize)) {
    let Window { fine, coarse, size, stride, padding } = *window;
    for place in 0..coarse.places() {
        for tap in 0..window.taps() {
            let line = (place / coarse.width * stride[0] + tap / size[1]).checked_sub(padding[0]);
            let column = (place % coarse.width * stride[1] + tap % size[1]).checked_sub(padding[1]);
            if let (Some(line), Some(column)) = (line, column)
                && line < fine.height
                && column < fine.width
            {
                each(line * fine.width + column, place, tap);
            }
        }
    }
}
