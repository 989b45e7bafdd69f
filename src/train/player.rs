//! One side of a game.

use burn::tensor::{Device, Tensor};

use super::optimiser::{Mean, Optimiser, Rule};
use super::visit::{Part, Visit};
use crate::experiment::PlayerSpec;
use crate::nn::{Network, Weights};
use crate::rng::Rng;

/// One side of the game: a network, its weights, and how it learns.
pub struct Player {
    pub(super) net: Box<dyn Network>,
    /// All weights, flat.
    pub parameters: Tensor<1>,
    /// Turns the gradient of a turn into new weights.
    pub optimiser: Optimiser,
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

    /// Shows its weights and its optimiser.
    pub fn visit(&mut self, name: &str, visit: &mut dyn Visit) {
        let mut weights = Some(self.parameters.clone());
        visit.tensor(&format!("{name}.weights"), Part::Weights, &mut weights);
        if let Some(weights) = weights {
            self.parameters = weights;
        }
        self.optimiser.visit(name, visit, &self.parameters);
    }

    /// Goes on with a network of the same weights and other settings.
    pub fn tune(&mut self, net: Box<dyn Network>, spec: &PlayerSpec, mean: Mean) {
        debug_assert_eq!(net.layout().len(), self.size(), "what changes the weights' number starts another run");
        self.net = net;
        self.optimiser.tune(Rule::of(spec), spec.rate, mean, &self.parameters);
    }

    /// Whether it could hold what it does after `steps` steps.
    pub fn is_sound(&self, steps: u64) -> bool {
        self.parameters.dims() == [self.size()] && self.optimiser.is_sound(steps, self.size())
    }

    /// How many weights it has.
    pub fn size(&self) -> usize {
        self.net.layout().len()
    }

    /// Takes one optimiser step down `loss`.
    pub(super) fn descend(&mut self, leaves: Weights, loss: &Tensor<1>) {
        let gradient = leaves.gradient(loss);
        // Take the weights out, so that the update may reuse their buffer.
        let parameters = std::mem::replace(&mut self.parameters, gradient.clone());
        self.parameters = self.optimiser.update(parameters, gradient);
    }
}
