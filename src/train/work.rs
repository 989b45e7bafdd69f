//! What a step and a look take, from the layers alone.

use crate::data::Source;
use crate::experiment::{
    AVERAGE, BATCH, DISCRIMINATOR, Experiment, GENERATOR, LATENT, LAZY, MODEL, Method, PENALTY, Penalty,
};
use crate::look::eye;
use crate::look::metrics::points;
use crate::nn::Network;
use crate::train::adversarial::{self, Networks};
use crate::train::manner::Manner;
use crate::train::pack::Pack;
use crate::train::program::Move;
use crate::train::supply;

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

/// That of an alternating game.
pub fn of_game(e: &Experiment, networks: Networks) -> Work {
    let batch = e.get(&BATCH) as usize;
    let [generator, discriminator] = networks(e).map(|net| Shape::of(net.as_ref(), batch));
    let discriminator = discriminator.shared(Pack::of(e).0 as f64);
    let game = Game { e, generator, discriminator };
    // D sees real and generated samples in one pass.
    let product = (2 * batch * game.discriminator.largest()).max(batch * game.generator.largest());
    let (step, look) = game.seconds();
    Work { flops: game.flops(), bytes: game.bytes(), product, step, look }
}

/// That of networks which learn together from one loss, one after the other; `looked_at`: rows of an evaluation.
pub fn of_model(e: &Experiment, networks: &[Box<dyn Network>], wants: &[Move], looked_at: usize) -> Work {
    let rows = e.get(&BATCH) as usize;
    let shapes: Vec<Shape> = networks.iter().map(|net| Shape::of(net.as_ref(), rows)).collect();
    let sum = |of: &dyn Fn(&Shape) -> f64| shapes.iter().map(of).sum::<f64>();
    let (batch, updates) = (e.get(&BATCH) as f64, e.get(&MODEL.updates) as f64);
    // Forward, the weights' gradients, and those between the layers: all but the first one's to its input.
    let first = shapes.first().and_then(|shape| shape.products.first()).copied().unwrap_or(0.0);
    let flops = 2.0 * batch * updates * (3.0 * sum(&Shape::products) - first);
    // The weights with the last gradient, two moments, what belongs to them in a saved state, and the kept ones.
    let held = sum(&|shape| shape.weights) * (2.0 + 2.0 + 3.0 + KEPT);
    let drawn = 3.0 * supply::drawn(wants, e.features()) as f64;
    let passing = batch.max(256.0) * sum(&Shape::kept);
    let product = batch as usize * shapes.iter().map(Shape::largest).max().unwrap_or(0);
    let sums = sum(&Shape::sums);
    let step = updates.max(0.1) * (150e-6 * shapes.len() as f64 + 6.0 * batch * sums / 12e9);
    let look = 5e-3 + 2.0 * looked_at as f64 * sums / 12e9;
    Work { flops, bytes: 4.0 * (held + drawn + passing), product, step, look }
}

/// What a network takes for one row.
struct Shape {
    /// Multiplications of each layer.
    products: Vec<f64>,
    /// Numbers from layer to layer, the input's first.
    widths: Vec<f64>,
    weights: f64,
    /// Numbers that stand for what it shares with other rows.
    mingled: f64,
}

impl Shape {
    /// Numbers before the last layer.
    fn units(&self) -> usize {
        self.widths.iter().rev().nth(1).map_or(0, |&width| width as usize)
    }

    /// `rows`: those of a batch.
    fn of(net: &dyn Network, rows: usize) -> Self {
        let (layers, mingle) = (net.layers(), net.layout().mingle());
        let widths = layers.first().map(|layer| layer.inputs()).into_iter().chain(layers.iter().map(|l| l.outputs()));
        let of_batch = mingle.map(|mingle| mingle.products(rows) as f64);
        Self {
            products: layers.iter().map(|layer| layer.products() as f64).chain(of_batch).collect(),
            widths: widths.map(|n| n as f64).collect(),
            weights: net.layout().len() as f64,
            mingled: mingle.map_or(0.0, |mingle| mingle.held(rows) as f64),
        }
    }

    /// For one of so many samples that share a row.
    fn shared(mut self, samples: f64) -> Self {
        self.products.iter_mut().chain(&mut self.widths).for_each(|n| *n /= samples);
        self
    }

    /// Multiplications through all layers.
    fn products(&self) -> f64 {
        self.products.iter().sum()
    }

    /// The same of gradients between layers.
    fn between(&self) -> f64 {
        self.products.iter().skip(1).sum()
    }

    fn largest(&self) -> usize {
        self.products.iter().copied().fold(0.0, f64::max) as usize
    }

    /// Multiplications and additions of biases.
    fn sums(&self) -> f64 {
        self.products() + self.widths.iter().skip(1).sum::<f64>()
    }

    fn widest(&self) -> f64 {
        self.widths.iter().copied().fold(0.0, f64::max)
    }

    /// Forward every layer's output is kept, and backward there are two more.
    fn kept(&self) -> f64 {
        self.widths.iter().sum::<f64>() + 2.0 * self.widest() + self.mingled
    }
}

/// Two players.
struct Game<'a> {
    e: &'a Experiment,
    /// G's: noise to sample.
    generator: Shape,
    /// D's: sample to score.
    discriminator: Shape,
}

impl Game<'_> {
    /// Floating-point operations of a step: what its updates need of matrix products, and nothing else.
    fn flops(&self) -> f64 {
        let Self { e, generator: g, discriminator: d } = self;
        // D's turn: G forward; for both halves D forward, its weights' gradient, and the gradients between its layers.
        let d_turn = g.products() + 2.0 * (2.0 * d.products() + d.between());
        // A penalty: D forward and back to its input, and D with its tangent forward and back, on rows of its own.
        let penalty = 8.0 * d.products() * penalties(e);
        // G's turn: G and D forward, back through D to its input, G's weights' gradient, and those between its layers.
        let compared = if adversarial::stakes(e).compares() { d.products() } else { 0.0 };
        // An update that is foreseen: as D's; then D with its tangent forward and back, for both halves.
        let foreseen = 2.0 * (2.0 * d.products() + d.between()) + 2.0 * 9.0 * d.products();
        let manner = Manner::of(e);
        let foreseen = foreseen * manner.unroll as f64;
        // Looking at both slopes: a turn of each; and forward with tangents and back, of both, for what both should agree on.
        let slopes = 5.0 * g.products() + 10.0 * d.products();
        let looks = if manner.extragradient { slopes } else { 0.0 };
        let agrees = if manner.consensus > 0.0 { slopes + 9.0 * g.products() + 27.0 * d.products() } else { 0.0 };
        let both = looks + agrees;
        let g_turn = 2.0 * g.products() + 2.0 * d.products() + g.between() + compared + foreseen + both;
        let [d_turns, g_turns] = [&DISCRIMINATOR, &GENERATOR].map(|player| e.get(&player.updates) as f64);
        2.0 * e.get(&BATCH) as f64 * (d_turns * (d_turn + penalty + both) + g_turns * g_turn)
    }

    /// Bytes of memory that a run takes at most, while it trains, is looked at and is saved.
    fn bytes(&self) -> f64 {
        let Self { e, generator: g, discriminator: d } = self;
        let batch = e.get(&BATCH) as f64;
        let held = |shape: &Shape, method: Method, average: f64| {
            let weights = shape.weights;
            let moments = if method == Method::Sgd { 0.0 } else { 2.0 };
            let average = if average > 0.0 { 1.0 } else { 0.0 };
            // The weights, what belongs to them in a saved state, the last gradient, and the kept ones.
            let state = weights * (1.0 + moments + average);
            (state, state + weights + KEPT * weights * (1.0 + average))
        };
        let (g_state, g_held) = held(g, e.get(&GENERATOR.method), e.get(&AVERAGE));
        let (d_state, d_held) = held(d, e.get(&DISCRIMINATOR.method), 0.0);

        let d_turn = 2.0 * batch * d.kept();
        // Each update that is foreseen keeps where D was; going back holds a pass with its tangent.
        let unroll = Manner::of(e).unroll as f64;
        let foreseen = unroll * 4.0 * d.weights + unroll.min(1.0) * 4.0 * batch * d.kept();
        let g_turn = batch * (g.kept() + d.kept()) + foreseen;
        let looking = looked_at(e) * (e.get(&LATENT) as f64 + 2.0 * g.widest().max(d.widest()));
        let saving = g_state + d_state + 2.0 * g.weights.max(d.weights);
        let passing = [d_turn, g_turn, looking, saving].into_iter().fold(0.0, f64::max);

        // What steps consume: drawn, uploaded, and the block before it.
        let drawn = 3.0 * supply::drawn(&adversarial::moves(e, None, self.discriminator.units()), e.features()) as f64;
        4.0 * (g_held + d_held + passing + drawn)
    }

    /// Rough seconds of a step and of an evaluation.
    fn seconds(&self) -> (f64, f64) {
        // Rough times of the CPU engine in WebAssembly: 3 µs an operation, 100 of them an update, and 12 GFLOP/s.
        let (g, d, batch) = (self.generator.sums(), self.discriminator.sums(), self.e.get(&BATCH) as f64);
        let d_turn = batch * (2.0 * g + 12.0 * d);
        let compared = if adversarial::stakes(self.e).compares() { 2.0 * d } else { 0.0 };
        let Manner { unroll, extragradient, consensus, .. } = Manner::of(self.e);
        let foreseen = unroll as f64;
        let looks = f64::from(u8::from(extragradient)) + 4.0 * f64::from(u8::from(consensus > 0.0));
        let both = batch * looks * (8.0 * g + 16.0 * d);
        let (d_turn, g_turn) = (d_turn + both, batch * (6.0 * g + 4.0 * d + compared + 48.0 * d * foreseen) + both);
        let [d_updates, g_updates] = [&DISCRIMINATOR, &GENERATOR].map(|player| self.e.get(&player.updates) as f64);
        let flops = d_updates * d_turn + g_updates * g_turn;
        // The penalty is composed from several times as many operations.
        let updates = (1.0 + 2.0 * penalties(self.e)) * d_updates
            + (1.0 + 2.0 * foreseen) * g_updates
            + 2.0 * looks * (d_updates + g_updates);
        let step = 300e-6 * updates.max(0.1) + flops / 12e9;
        let (samples, pulled, host) = match self.e.data.source {
            Source::Points(_) | Source::Line(_) => (points::SAMPLES as f64, eye::PULLED_POINTS, 8e-3),
            // The judge of images reads them too.
            Source::Images(set) => (256.0, eye::PULLED_IMAGES, if set.judge.is_empty() { 5e-3 } else { 0.2 }),
        };
        // Beside the samples, both gradients.
        let look = host + (samples * 2.0 * (g + 0.2 * d) + pulled as f64 * (6.0 * g + 16.0 * d)) / 12e9;
        (step, look)
    }
}

/// How often an update of D has a penalty on its gradient.
fn penalties(e: &Experiment) -> f64 {
    match e.get(&PENALTY) {
        Penalty::Gradient | Penalty::Dragan => 1.0,
        Penalty::Real | Penalty::Generated => 1.0 / e.get(&LAZY) as f64,
        Penalty::Both => 2.0 / e.get(&LAZY) as f64,
        Penalty::None | Penalty::Clip => 0.0,
    }
}

/// Samples that are made at a time, to be looked at.
fn looked_at(e: &Experiment) -> f64 {
    match e.data.source {
        Source::Points(_) | Source::Line(_) => points::SAMPLES as f64,
        // Wide images of many channels are held between layers.
        Source::Images(_) => 2.0 * 256.0,
    }
}
