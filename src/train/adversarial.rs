//! The alternating game: fix G and update D; fix D and update G (Goodfellow et al. 2014, algorithm 1).

use burn::tensor::{Device, Tensor};

use super::optimiser::{Mean, Optimiser, Rule};
use crate::nn::{Network, Weights};
use crate::objective::{self, Objective};
use crate::rng::Rng;

/// One side of the game: a network, its weights, and how it learns.
pub struct Player {
    net: Box<dyn Network>,
    /// All weights, flat.
    pub parameters: Tensor<1>,
    /// Turns the gradient of a turn into new weights.
    pub optimiser: Optimiser,
}

/// What a player has learned.
pub struct PlayerWeights {
    /// All weights, flat.
    pub parameters: Tensor<1>,
    /// Their running mean, if one is kept.
    pub average: Option<Tensor<1>>,
}

impl Player {
    /// A player whose weights are drawn from `rng`.
    pub fn new(net: Box<dyn Network>, optimiser: Optimiser, rng: &mut Rng, device: &Device) -> Self {
        let parameters = Tensor::from_data(net.layout().init(rng).as_slice(), device);
        Self { net, parameters, optimiser }
    }

    /// The output for a batch; nothing is recorded for a gradient.
    pub fn infer(&self, x: Tensor<2>) -> Tensor<2> {
        self.net.forward(&self.net.layout().constants(&self.parameters), x)
    }

    /// The output for a batch by the running mean of the weights, where one is kept.
    pub fn infer_averaged(&self, x: Tensor<2>) -> Tensor<2> {
        let weights = self.optimiser.average().unwrap_or(&self.parameters);
        self.net.forward(&self.net.layout().constants(weights), x)
    }

    /// Its weights and their running mean; cheap, since tensors share their memory until one changes.
    pub fn weights(&self) -> PlayerWeights {
        PlayerWeights { parameters: self.parameters.clone(), average: self.optimiser.average().cloned() }
    }

    /// Goes back to these weights. The optimiser's moments stay.
    pub fn set_weights(&mut self, weights: PlayerWeights) {
        let PlayerWeights { parameters, average } = weights;
        // Before the first update, the mean is the weights themselves.
        self.optimiser.set_average(average.unwrap_or_else(|| parameters.clone()));
        self.parameters = parameters;
    }

    /// Goes on with a network of the same weights and other settings.
    pub fn tune(&mut self, net: Box<dyn Network>, rule: Rule, rate: f64, mean: Mean) {
        debug_assert_eq!(net.layout().len(), self.size(), "what changes the weights' number starts another run");
        self.net = net;
        self.optimiser.tune(rule, rate, mean, &self.parameters);
    }

    /// How many weights it has.
    pub fn size(&self) -> usize {
        self.net.layout().len()
    }

    /// Takes one optimiser step down `loss`.
    fn descend(&mut self, leaves: Weights, loss: &Tensor<1>) {
        let gradient = leaves.gradient(loss);
        // Take the weights out, so that the update may reuse their buffer.
        let parameters = std::mem::replace(&mut self.parameters, gradient.clone());
        self.parameters = self.optimiser.update(parameters, gradient);
    }
}

/// Two players and what they play for.
pub struct Adversarial {
    /// G: noise `[batch, latent]` to samples `[batch, features]`.
    pub generator: Player,
    /// D: samples `[batch, features]` to scores `[batch, 1]`.
    pub discriminator: Player,
    /// The losses.
    pub objective: &'static Objective,
}

impl Adversarial {
    /// D's turn: G is fixed. The loss before the update, shape `[1]`.
    ///
    /// # Shapes
    /// - `real`: `[batch, features]`; `noise`: `[batch, latent]`
    pub fn discriminator_turn(&mut self, real: Tensor<2>, noise: Tensor<2>) -> Tensor<1> {
        let (batch, generated) = (real.dims()[0], noise.dims()[0]);
        let fake = self.generator.infer(noise);
        let leaves = self.discriminator.net.layout().leaves(&self.discriminator.parameters);
        // One pass over both halves: D treats rows alone, so this equals two passes.
        let scores = self.discriminator.net.forward(&leaves, Tensor::cat(vec![real, fake], 0));
        let loss = objective::loss(scores, &self.objective.discriminator(batch, generated));
        self.discriminator.descend(leaves, &loss);
        loss.inner()
    }

    /// G's turn: D is fixed. The loss before the update, shape `[1]`.
    ///
    /// # Shapes
    /// - `noise`: `[batch, latent]`
    pub fn generator_turn(&mut self, noise: Tensor<2>) -> Tensor<1> {
        let batch = noise.dims()[0];
        let leaves = self.generator.net.layout().leaves(&self.generator.parameters);
        let fake = self.generator.net.forward(&leaves, noise);
        let judge = self.discriminator.net.layout().constants(&self.discriminator.parameters);
        let scores = self.discriminator.net.forward(&judge, fake);
        let loss = objective::loss(scores, &self.objective.generator(batch));
        self.generator.descend(leaves, &loss);
        loss.inner()
    }
}
