//! Whether an engine computes right: known values through what training itself calls.

pub mod images;

use burn::tensor::{Device, Tensor};

use crate::device::read;
use crate::fused;
use crate::kernel::{Activation, Curve, LEAK, Term};
use crate::nn::{Net, Network};
use crate::objective;
use crate::rng::Rng;
use crate::train::optimiser::{Mean, Optimiser, Rule};

/// Checks a device against known values: networks forward and backward, losses and updates, with what training itself
/// calls, in shapes for which a GPU takes different shaders.
///
/// A GPU whose shader fails validation reports nothing and leaves stale memory in the output, so only values tell, and the
/// memory is littered beforehand.
///
/// # Errors
/// What was asked for, what came and what was expected.
pub async fn run(device: &Device) -> Result<(), String> {
    plain(device).await?;
    images::run(device).await
}

/// The same without layers of images.
///
/// # Errors
/// As [`run`].
pub async fn plain(device: &Device) -> Result<(), String> {
    use Activation::{Leaky, Relu, Tanh};
    let cases: [(usize, [usize; 3], &[Activation]); 4] = [
        (67, [3, 5, 4], &[Relu, Leaky, Tanh]),
        (70, [35, 37, 33], &[Leaky, Tanh]),
        (67, [131, 97, 101], &[Leaky, Tanh]),
        (325, [2, 321, 330], &[Leaky, Tanh]),
    ];
    for (rows, widths, activations) in cases {
        for &activation in activations {
            let failed = |e| format!("{rows} rows through {widths:?} with {activation:?}: {e}");
            test_network(rows, widths, activation, device).await.map_err(failed)?;
        }
    }
    for rule in [Rule::Sgd, Rule::RmsProp { beta2: 0.9 }, Rule::Adam { beta1: 0.5, beta2: 0.99 }] {
        for decay in [0.0, 0.75] {
            let failed = |e| format!("{rule:?}, running mean {decay}: {e}");
            test_optimiser(rule, decay, device).await.map_err(failed)?;
        }
    }
    Ok(())
}

/// Compares a network's loss and gradients with those in 64 bits.
async fn test_network(rows: usize, widths: [usize; 3], activation: Activation, device: &Device) -> Result<(), String> {
    let net = Net::mlp(widths[0], &widths[1..], 1, activation, None);
    let mut rng = Rng::stream(rows as u64, "self-test");
    let mut draw = |n: usize| -> Vec<f32> { (0..n).map(|_| rng.uniform() as f32 - 0.5).collect() };
    let (flat, x) = (draw(net.layout().len()), draw(rows * widths[0]));
    let split = rows / 3;
    // As many as there are weights: of one, of two, so that each curve is met.
    let terms = |weights: &[f32], curves: [Curve; 2]| -> Vec<Term> {
        let rows = if weights.len() == 1 { [rows, 0] } else { [split, rows - split] };
        let terms = weights.iter().zip(rows).zip(curves);
        terms.map(|((&weight, rows), curve)| Term { rows, curve, weight }).collect()
    };
    let terms = match activation {
        Activation::Leaky if rows == 70 => terms(&[-1.0, 1.0], [Curve::Identity, Curve::Identity]),
        Activation::Leaky if rows == 325 => terms(&[0.5, 1.0], [Curve::Tanh, Curve::Exp { rate: -1.0, shift: 0.5 }]),
        Activation::Relu => terms(&[0.5, 0.5], [Curve::SquareTo(1.0), Curve::SquareTo(0.0)]),
        Activation::Leaky => terms(&[1.0, 1.0], [Curve::SoftplusOfMinus, Curve::Softplus]),
        Activation::Tanh if rows == 70 => terms(&[1.0, 1.0], [Curve::Hinge(-1.0), Curve::Hinge(1.0)]),
        Activation::Tanh | Activation::Exp => terms(&[-1.0], [Curve::Softplus, Curve::Softplus]),
    };
    let truth = Truth::new(activation, &flat, &x, widths, &terms);

    litter(&[rows * widths[1], rows * widths[2], rows, flat.len(), 1], device);
    let leaves = net.layout().leaves(&crate::device::flat(flat.clone(), device));
    let (above, below) = x.split_at(split * widths[0]);
    let start = above.len().next_multiple_of(fused::ALIGNMENT);
    let block = [above, &vec![f32::NAN; start - above.len()], below].concat();
    let block = crate::device::flat(block, device);
    let x = [(0, split), (start, rows - split)].map(|(start, rows)| fused::rows(&block, start, [rows, widths[0]]));
    let loss = objective::loss(net.forward(&leaves, Tensor::cat(x.to_vec(), 0)), &terms);
    let found = read(leaves.gradient(&loss)).await?;
    let loss = read(loss.inner()).await?;

    if loss.len() != 1 || !close(loss[0], truth.loss, 1e-4 * truth.loss.abs()) {
        return Err(format!("a loss came out as {loss:?}, not {:.6}", truth.loss));
    }
    if found.len() != flat.len() {
        return Err(format!("{} gradients came out, not {}", found.len(), flat.len()));
    }
    for layer in 0..3 {
        let start = truth.starts[layer];
        let n = (truth.widths[layer] + 1) * truth.widths[layer + 1];
        // Some of them; the last is in the bias.
        let checked: Vec<usize> = (0..n).step_by(n / 61 + 1).chain([n - 1]).collect();
        let expected: Vec<f64> = checked.iter().map(|&i| truth.gradient(layer, i)).collect();
        let scale = expected.iter().fold(0.0_f64, |m, g| m.max(g.abs()));
        for (i, y) in checked.iter().zip(expected) {
            let x = found[start + i];
            if !close(x, y, 1e-3 * scale) {
                return Err(format!("gradient {i} of layer {layer} came out as {x:e}, not {y:e}"));
            }
        }
        if let Some(x) = found[start..start + n].iter().find(|x| !close(**x, 0.0, 1e3 * scale)) {
            return Err(format!("a gradient of layer {layer} came out as {x:e}"));
        }
    }
    Ok(())
}

/// Compares some updates with those in 64 bits, in the textbook's form.
async fn test_optimiser(rule: Rule, decay: f64, device: &Device) -> Result<(), String> {
    let n = 1000;
    let mut rng = Rng::stream(2, "self-test");
    let mut draw = || -> Vec<f32> { (0..n).map(|_| rng.uniform() as f32 - 0.5).collect() };
    let mut optimiser = Optimiser::new(rule, 0.1, Mean { decay, warm: true });
    let start = draw();
    litter(&[n], device);
    let mut parameters = crate::device::flat(start.clone(), device);
    // The weight, its running mean, and the moments.
    let mut truth: Vec<[f64; 4]> = start.iter().map(|&p| [f64::from(p), f64::from(p), 0.0, 0.0]).collect();
    // Somebody who looks on: an update in place must leave what others hold.
    let mut seen = None;
    for t in 1..=4 {
        let gradient = draw();
        for ([p, mean, m, v], g) in truth.iter_mut().zip(gradient.iter().map(|&g| f64::from(g))) {
            match rule {
                Rule::Momentum { .. } | Rule::Optimistic { .. } => unreachable!("no engine has these fused"),
                Rule::Sgd => *p -= 0.1 * g,
                Rule::RmsProp { beta2 } => {
                    *v = beta2 * *v + (1.0 - beta2) * g * g;
                    *p -= 0.1 * g / (v.sqrt() + 1e-8);
                }
                Rule::Adam { beta1, beta2 } => {
                    *m = beta1 * *m + (1.0 - beta1) * g;
                    *v = beta2 * *v + (1.0 - beta2) * g * g;
                    *p -= 0.1 * (*m / (1.0 - beta1.powi(t))) / ((*v / (1.0 - beta2.powi(t))).sqrt() + 1e-8);
                }
            }
            let decay = decay.min(f64::from(1 + t) / f64::from(10 + t));
            *mean = decay * *mean + (1.0 - decay) * *p;
        }
        parameters = optimiser.update(parameters, crate::device::flat(gradient.clone(), device));
        if t == 2 {
            seen = Some((parameters.clone(), truth.clone()));
        }
    }
    let mean = optimiser.average().cloned().map(|mean| (mean, truth.iter().map(|[_, mean, ..]| [*mean; 4]).collect()));
    for (found, truth) in seen.into_iter().chain([(parameters, truth)]).chain(mean) {
        let found = read(found).await?;
        let off = found.iter().zip(&truth).find(|(x, y)| !close(**x, y[0], 1e-4));
        if let Some((x, [y, ..])) = off {
            return Err(format!("a weight came out as {x:e}, not {y:e}"));
        }
        if found.len() != n {
            return Err(format!("{} weights came out, not {n}", found.len()));
        }
    }
    Ok(())
}

/// Whether a number is right within `by`; a NaN is not.
fn close(found: f32, expected: f64, by: f64) -> bool {
    (f64::from(found) - expected).abs() <= by
}

/// Leaves conspicuous numbers in the memory that results of these sizes will get.
fn litter(sizes: &[usize], device: &Device) {
    let litter = |&n: &usize| [0; 3].map(|_| Tensor::<1>::full([n], 1e30, device));
    sizes.iter().map(litter).for_each(drop);
}

/// A network of three layers in 64 bits.
struct Truth {
    activation: Activation,
    widths: [usize; 4],
    /// Where each layer's weights begin, and all of them.
    starts: [usize; 3],
    weights: Vec<f64>,
    /// The input and each layer's output, row by row.
    outputs: [Vec<Vec<f64>>; 4],
    /// The loss, and its gradient in each score.
    loss: f64,
    slopes: Vec<f64>,
}

impl Truth {
    fn new(activation: Activation, weights: &[f32], x: &[f32], widths: [usize; 3], terms: &[Term]) -> Self {
        let wide = |row: &[f32]| row.iter().map(|&x| f64::from(x)).collect();
        let [a, b, c] = widths;
        let second = (a + 1) * b;
        let mut truth = Self {
            activation,
            widths: [a, b, c, 1],
            starts: [0, second, second + (b + 1) * c],
            weights: wide(weights),
            outputs: [x.chunks(a).map(wide).collect(), vec![], vec![], vec![]],
            loss: 0.0,
            slopes: Vec::new(),
        };
        for layer in 0..3 {
            let rows = truth.outputs[layer].iter().map(|x| {
                let sum = |o: usize| {
                    let products = x.iter().enumerate().map(|(i, x)| x * truth.weight(layer, i, o));
                    products.sum::<f64>() + truth.weight(layer, x.len(), o)
                };
                let finish = |z: f64| match activation {
                    _ if layer == 2 => z,
                    Activation::Relu => z.max(0.0),
                    Activation::Leaky => z.max(f64::from(LEAK) * z),
                    Activation::Tanh => z.tanh(),
                    Activation::Exp => z.exp(),
                };
                (0..truth.widths[layer + 1]).map(|o| finish(sum(o))).collect()
            });
            truth.outputs[layer + 1] = rows.collect();
        }
        let parts = terms.iter().flat_map(|term| std::iter::repeat_n(term, term.rows));
        for (s, term) in truth.outputs[3].iter().map(|row| row[0]).zip(parts) {
            let (value, slope) = term.curve.exact(s);
            let scale = f64::from(term.weight) / term.rows as f64;
            truth.loss += scale * value;
            truth.slopes.push(scale * slope);
        }
        truth
    }

    /// A layer's weight from an input to an output; the bias comes after the last input.
    fn weight(&self, layer: usize, i: usize, o: usize) -> f64 {
        self.weights[self.starts[layer] + i * self.widths[layer + 1] + o]
    }

    /// The loss's gradient in what a layer gives its activation.
    fn slope(&self, layer: usize, row: usize, o: usize) -> f64 {
        if layer == 2 {
            return self.slopes[row];
        }
        let y = self.outputs[layer + 1][row][o];
        let own = match self.activation {
            Activation::Relu => f64::from(u8::from(y > 0.0)),
            Activation::Leaky if y > 0.0 => 1.0,
            Activation::Leaky => f64::from(LEAK),
            Activation::Tanh => 1.0 - y * y,
            Activation::Exp => y,
        };
        let next = (0..self.widths[layer + 2]).map(|p| self.slope(layer + 1, row, p) * self.weight(layer + 1, o, p));
        own * next.sum::<f64>()
    }

    /// The loss's gradient in a layer's weight.
    fn gradient(&self, layer: usize, index: usize) -> f64 {
        let (i, o) = (index / self.widths[layer + 1], index % self.widths[layer + 1]);
        let rows = self.outputs[layer].iter().enumerate();
        rows.map(|(r, x)| x.get(i).copied().unwrap_or(1.0) * self.slope(layer, r, o)).sum()
    }
}
