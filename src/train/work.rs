//! What a step and a look take, from the layers alone.

use crate::data::Source;
use crate::experiment::{
    AVERAGE, BATCH, DISCRIMINATOR, Experiment, GENERATOR, LATENT, Method, PENALTY, Penalty, PlayerSpec,
};
use crate::look::metrics::points;
use crate::train::{adversarial, supply};

/// Weights that a run keeps besides its own, as known to be good.
const KEPT: f64 = 3.0;

/// What a family's runs take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Work {
    /// Floating-point operations of a step: two for each multiplication and addition.
    pub flops: f64,
    /// Bytes of memory that a run takes at most, besides the module and the data.
    pub bytes: f64,
    /// The largest matrix product of a step, in multiplications.
    pub product: usize,
    /// Rough seconds of a step of the CPU engine in WebAssembly.
    pub step: f64,
    /// The same of an evaluation.
    pub look: f64,
}

/// That of an alternating game of two MLPs.
pub fn of_game(e: &Experiment) -> Work {
    let Widths { generator, discriminator } = Widths::of(e);
    let batch = e.get(&BATCH) as usize;
    let largest = |rows: usize, widths: &[usize]| widths.windows(2).map(|pair| rows * pair[0] * pair[1]).max();
    // D sees real and generated samples in one pass.
    let product = largest(2 * batch, &discriminator).max(largest(batch, &generator)).unwrap_or(0);
    let (step, look) = seconds(e);
    Work { flops: flops(e), bytes: bytes(e), product, step, look }
}

/// Widths from layer to layer, the input's first.
struct Widths {
    /// G's: noise to sample.
    generator: Vec<usize>,
    /// D's: sample to score.
    discriminator: Vec<usize>,
}

impl Widths {
    /// Of an experiment.
    fn of(e: &Experiment) -> Self {
        let widths = |inputs, player: &PlayerSpec, outputs| [&[inputs], player.layers.as_slice(), &[outputs]].concat();
        Self {
            generator: widths(e.get(&LATENT) as usize, &e.player(&GENERATOR), e.features()),
            discriminator: widths(e.features(), &e.player(&DISCRIMINATOR), 1),
        }
    }
}

/// Multiplications that one row takes through layers.
fn products(widths: &[usize]) -> f64 {
    widths.windows(2).map(|pair| pair[0] as f64 * pair[1] as f64).sum()
}

/// Floating-point operations of a step: what its updates need of matrix products, and nothing else.
fn flops(e: &Experiment) -> f64 {
    let Widths { generator: g, discriminator: d } = Widths::of(e);
    // D's turn: G forward; for both halves D forward, its weights' gradient, and the gradients between its layers.
    let d_turn = products(&g) + 2.0 * (2.0 * products(&d) + products(&d[1..]));
    // The penalty: D forward and back to its input, and D with its tangent forward and back, on rows between the two.
    let penalty = if is_penalised(e) { 8.0 * products(&d) } else { 0.0 };
    // G's turn: G and D forward, back through D to its input, G's weights' gradient, and those between its layers.
    let g_turn = 2.0 * products(&g) + 2.0 * products(&d) + products(&g[1..]);
    let [d_turns, g_turns] = [&DISCRIMINATOR, &GENERATOR].map(|player| e.get(&player.updates) as f64);
    2.0 * e.get(&BATCH) as f64 * (d_turns * (d_turn + penalty) + g_turns * g_turn)
}

/// Bytes of memory that a run takes at most, while it trains, is looked at and is saved.
fn bytes(e: &Experiment) -> f64 {
    let Widths { generator: g, discriminator: d } = Widths::of(e);
    let batch = e.get(&BATCH) as f64;
    let held = |widths: &[usize], player: &PlayerSpec, average: f64| {
        let weights = products(widths) + total(&widths[1..]);
        let moments = if player.method == Method::Sgd { 0.0 } else { 2.0 };
        let average = if average > 0.0 { 1.0 } else { 0.0 };
        // The weights, what belongs to them in a saved state, the last gradient, and the kept ones.
        let state = weights * (1.0 + moments + average);
        (weights, state, state + weights + KEPT * weights * (1.0 + average))
    };
    let (g_weights, g_state, g_held) = held(&g, &e.player(&GENERATOR), e.get(&AVERAGE));
    let (d_weights, d_state, d_held) = held(&d, &e.player(&DISCRIMINATOR), 0.0);

    // Forward every layer's output is kept, and backward there are two more.
    let kept = |widths: &[usize]| total(widths) + 2.0 * widest(widths);
    let d_turn = 2.0 * batch * kept(&d);
    let g_turn = batch * (kept(&g) + kept(&d));
    let looking = points::SAMPLES as f64 * (e.get(&LATENT) as f64 + 2.0 * widest(&g).max(widest(&d)));
    let saving = g_state + d_state + 2.0 * g_weights.max(d_weights);
    let passing = [d_turn, g_turn, looking, saving].into_iter().fold(0.0, f64::max);

    // What steps consume: drawn, uploaded, and the block before it.
    let drawn = 3.0 * drawn(e) as f64;
    4.0 * (g_held + d_held + passing + drawn)
}

/// Whether D's turns have a gradient penalty.
fn is_penalised(e: &Experiment) -> bool {
    e.get(&PENALTY) == Penalty::Gradient
}

/// Rough seconds of a step and of an evaluation.
fn seconds(e: &Experiment) -> (f64, f64) {
    // Rough times of the CPU engine in WebAssembly: 3 µs an operation, 100 of them an update, and 12 GFLOP/s.
    let Widths { generator, discriminator } = Widths::of(e);
    let weights = |widths: &[usize]| products(widths) + total(&widths[1..]);
    let (g, d, batch) = (weights(&generator), weights(&discriminator), e.get(&BATCH) as f64);
    let d_turn = batch * (2.0 * g + 12.0 * d);
    let g_turn = batch * (6.0 * g + 4.0 * d);
    let [d_updates, g_updates] = [&DISCRIMINATOR, &GENERATOR].map(|player| e.get(&player.updates) as f64);
    let flops = d_updates * d_turn + g_updates * g_turn;
    // The penalty is composed from several times as many operations.
    let updates = if is_penalised(e) { 3.0 } else { 1.0 } * d_updates + g_updates;
    let step = 300e-6 * updates.max(0.1) + flops / 12e9;
    let (samples, host) = match e.data.source {
        Source::Points(_) | Source::Line(_) => (points::SAMPLES as f64, 8e-3),
        Source::Images(_) => (256.0, 5e-3),
    };
    let look = host + samples * 2.0 * (g + 0.2 * d) / 12e9;
    (step, look)
}

/// How many numbers steps draw at once.
fn drawn(e: &Experiment) -> usize {
    supply::drawn(&adversarial::moves(e), e.features())
}
fn total(widths: &[usize]) -> f64 {
    widths.iter().sum::<usize>() as f64
}

fn widest(widths: &[usize]) -> f64 {
    widths.iter().copied().max().unwrap_or(0) as f64
}
