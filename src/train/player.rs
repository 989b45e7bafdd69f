//! One side of a game.

use burn::tensor::{Device, Tensor};

use super::optimiser::{Mean, Optimiser};
use super::spectral::Spectral;
use super::visit::{Part, Visit};
use crate::experiment::PlayerSpec;
use crate::kernel::{Conv, Dense, Grid, Layer};
use crate::look::ask::Ask;
use crate::look::filters;
use crate::look::panel::Panel;
use crate::nn::{Network, Passed, Weights};
use crate::rng::Rng;

/// How much of the running moments stays when those of another batch come in.
const MOMENTUM: f64 = 0.9;

/// One side of the game: a network, its weights, and how it learns.
pub struct Player {
    pub(super) net: Box<dyn Network>,
    /// All weights that it plays with, flat.
    pub parameters: Tensor<1>,
    /// What is learned in their place, where they are normalised.
    spectral: Option<Spectral>,
    /// Turns the gradient of a turn into new weights.
    pub optimiser: Optimiser,
    /// What its layers normalise with when it makes samples, if any do.
    moments: Option<Moments>,
}

/// Means and variances, flat, as a network's layout has them.
struct Moments {
    /// The running ones of the batches that it trained on.
    running: Tensor<1>,
    /// The running mean of these, beside that of the weights.
    average: Option<Tensor<1>>,
}

impl Player {
    /// A player whose weights are drawn from `rng`.
    pub fn new(net: Box<dyn Network>, optimiser: Optimiser, rng: &mut Rng, device: &Device) -> Self {
        let tensor = |numbers: Vec<f32>| crate::device::flat(numbers, device);
        let parameters = tensor(net.layout().init(rng));
        let first = net.layout().first_moments();
        let moments = (!first.is_empty()).then(|| Moments { running: tensor(first), average: None });
        Self { net, parameters, spectral: None, optimiser, moments }
    }

    /// From now on with normalised matrices, or without; `rng`: where they are looked at from first.
    pub fn normalise(&mut self, is_asked: bool, rng: impl FnOnce() -> Rng) {
        if is_asked == self.spectral.is_some() {
            return;
        }
        self.spectral = is_asked.then(|| Spectral::new(self.net.layout(), self.parameters.clone(), &mut rng()));
        if let Some(spectral) = &self.spectral {
            self.parameters = spectral.weights();
        }
    }

    /// The output for a batch as in training; no gradient comes to its weights.
    pub fn play(&self, x: Tensor<2>) -> Tensor<2> {
        self.net.forward(&self.net.layout().constants(&self.parameters), x)
    }

    /// The output for rows, each by itself; nothing is recorded for a gradient.
    pub fn infer(&self, x: Tensor<2>) -> Tensor<2> {
        let moments = self.moments.as_ref().map(|moments| &moments.running);
        self.net.pass(&self.net.layout().constants(&self.parameters), moments, x).y
    }

    /// The same by the running mean of the weights, where one is kept.
    pub fn infer_averaged(&self, x: Tensor<2>) -> Tensor<2> {
        let weights = self.optimiser.average().unwrap_or(&self.parameters);
        let moments = self.moments.as_ref().map(|moments| moments.average.as_ref().unwrap_or(&moments.running));
        self.net.pass(&self.net.layout().constants(weights), moments, x).y
    }

    /// What its first layer looks for in images of this shape and, where it is a convolution, what it makes of one of them, `[1, values]`
    /// with what it is told besides.
    pub fn filters(&self, image: Grid, one: Option<Tensor<2>>) -> Ask<'static, Vec<Panel>> {
        let Some(first) = self.net.layers().first() else { return Ask::known(Vec::new()) };
        let (start, seen, units) = match *first {
            Layer::Dense(Dense { offset, inputs, outputs, .. }) => {
                let places = image.places();
                // What is told besides comes after the image, and is none of it.
                let channels = if inputs.is_multiple_of(places) { inputs / places } else { image.channels };
                if channels < image.channels || inputs < image.len() {
                    return Ask::known(Vec::new());
                }
                (offset, Grid { channels, ..image }, outputs)
            }
            Layer::Conv(Conv { offset, window, transposed: false, .. }) => {
                let seen = Grid { height: window.size[0], width: window.size[1], channels: window.fine.channels };
                (offset, seen, window.coarse.channels)
            }
            _ => return Ask::known(Vec::new()),
        };
        let some = units.min(filters::UNITS);
        let weights = self.parameters.clone().slice(start..start + seen.len() * units);
        let weights = weights.reshape([seen.len(), units]).slice([0..seen.len(), 0..some]);
        let channels = image.channels;
        let kernels = Ask::of([weights], move |[weights]| vec![filters::kernels(&weights, seen, channels)]);
        match (first, one) {
            (Layer::Conv(conv), Some(one)) => {
                let grid = conv.output();
                let made = self.net.layout().constants(&self.parameters).pass(0, &[*first], None, one).y;
                let maps = Ask::of([made], move |[values]| filters::maps(&values, grid));
                kernels.and(maps).map(|(mut panels, maps)| {
                    panels.push(maps);
                    panels
                })
            }
            _ => kernels,
        }
    }

    /// Shows its weights and its optimiser.
    pub fn visit(&mut self, name: &str, visit: &mut dyn Visit) {
        let mut weights = Some(self.parameters.clone());
        visit.tensor(&format!("{name}.weights"), Part::Weights, &mut weights);
        if let Some(weights) = weights {
            self.parameters = weights;
        }
        if let Some(spectral) = &mut self.spectral {
            spectral.visit(name, visit);
        }
        if let Some(moments) = &mut self.moments {
            let mut running = Some(moments.running.clone());
            visit.tensor(&format!("{name}.moments"), Part::Weights, &mut running);
            if let Some(running) = running {
                moments.running = running;
            }
            visit.tensor(&format!("{name}.moments.average"), Part::Mean, &mut moments.average);
        }
        self.optimiser.visit(name, visit, &self.parameters);
    }

    /// Goes on with a network of the same weights and other settings.
    pub fn tune(&mut self, net: Box<dyn Network>, spec: &PlayerSpec, mean: Mean) {
        debug_assert_eq!(net.layout().len(), self.size(), "what changes the weights' number starts another run");
        self.net = net;
        self.optimiser.tune(Optimiser::of(spec, mean), &self.parameters);
        if let Some(moments) = &mut self.moments {
            moments.average = moments.average.take().filter(|_| mean.is_kept());
        }
    }

    /// Whether it could hold what it does after `steps` steps.
    pub fn is_sound(&self, steps: u64) -> bool {
        let moments = [self.net.layout().moments()];
        self.parameters.dims() == [self.size()]
            && self.spectral.as_ref().is_none_or(|spectral| spectral.is_sound(self.size()))
            && self.moments.as_ref().is_none_or(|m| m.running.dims() == moments)
            && self.moments.as_ref().and_then(|m| m.average.as_ref()).is_none_or(|m| m.dims() == moments)
            && self.optimiser.is_sound(steps, self.size())
    }

    /// How many weights it has.
    pub fn size(&self) -> usize {
        self.net.layout().len()
    }

    /// Its weights as leaves of a graph.
    pub fn leaves(&self) -> Weights {
        self.net.layout().leaves(&self.parameters)
    }

    /// The output for a batch as in training, by these leaves.
    pub fn forward(&self, leaves: &Weights, x: Tensor<2>) -> Tensor<2> {
        self.net.forward(leaves, x)
    }

    /// Takes one optimiser step down a loss of its output for a batch. The loss before the step, `[1]`.
    pub fn learn(&mut self, x: Tensor<2>, loss: impl FnOnce(Tensor<2>) -> Tensor<1>) -> Tensor<1> {
        let leaves = self.net.layout().leaves(&self.parameters);
        let Passed { y, moments } = self.net.pass(&leaves, None, x);
        let loss = loss(y);
        self.descend(leaves, &loss);
        self.note(moments);
        loss.inner()
    }

    /// Takes one optimiser step down `loss`.
    pub(super) fn descend(&mut self, leaves: Weights, loss: &Tensor<1>) {
        self.step(leaves.gradient(loss));
    }

    /// Takes one optimiser step down a gradient.
    pub fn step(&mut self, gradient: Tensor<1>) {
        if let Some(spectral) = &mut self.spectral {
            self.parameters = spectral.update(gradient, |raw, gradient| self.optimiser.update(raw, gradient));
            return;
        }
        // Take the weights out, so that the update may reuse their buffer.
        let parameters = std::mem::replace(&mut self.parameters, gradient.clone());
        self.parameters = self.optimiser.update(parameters, gradient);
    }

    /// Keeps each weight that is learned within ±`most`.
    pub fn clip(&mut self, most: f64) {
        let clip = |weights: Tensor<1>| weights.clamp(-most, most);
        self.parameters = match &mut self.spectral {
            Some(spectral) => spectral.change(clip),
            None => clip(self.parameters.clone()),
        };
    }

    /// Takes note of what a batch was normalised with in training, after the update that it led to.
    pub(super) fn note(&mut self, found: Option<Tensor<1>>) {
        let (Some(moments), Some(found)) = (&mut self.moments, found) else { return };
        let before = moments.running.clone();
        moments.running = before.clone() * MOMENTUM + found.inner() * (1.0 - MOMENTUM);
        moments.average = self.optimiser.decay().map(|by| {
            let average = moments.average.take().unwrap_or(before);
            average * by.decay + moments.running.clone() * by.rest
        });
    }
}
