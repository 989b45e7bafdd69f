//! Unrolled GANs: Metz et al. 2017, “Unrolled Generative Adversarial Networks” (arXiv 1611.02163). G moves by what its samples come to
//! once D has answered them with some updates, and the gradient goes through these updates too (equations 9 and 11).
//!
//! With g = ∇L(D, x) and an update D′ = A(D, g), a gradient λ in D′ is one λA = ∂A/∂g λ in g and one in D, to which the change of g with
//! D adds ∇(λA · ∇L): the slope of D's loss along λA in the weights, which is forward arithmetic (a tangent) whose gradients in D and in the
//! samples are an ordinary backward pass.

use burn::tensor::Tensor;

use super::optimiser::{Foreseen, Optimiser};
use crate::nn::{Network, Weights, gradient_beside, sway_both};
use crate::objective::Stakes;

/// D as it would answer G's samples.
pub struct Ahead<'a> {
    /// D's network.
    pub net: &'a dyn Network,
    /// How it learns.
    pub optimiser: &'a Optimiser,
    /// What both play for.
    pub stakes: &'a Stakes,
    /// The most that a weight of D may be, if there is such a thing.
    pub clip: Option<f64>,
    /// Real samples as D is shown them.
    pub real: Tensor<2>,
}

impl Ahead<'_> {
    /// G's loss after so many updates of D, `[1]`, and its gradient in the samples, through these updates.
    ///
    /// # Shapes
    /// - `weights`: D's, flat; `seen`: `[rows, features]`, G's samples as D is shown them, without a graph; the gradient: the same
    pub fn loss(&self, steps: usize, weights: &Tensor<1>, seen: &Tensor<2>) -> (Tensor<1>, Tensor<2>) {
        let layout = self.net.layout();
        let mut path = Vec::new();
        let mut at = self.optimiser.here(weights);
        for _ in 0..steps {
            let leaves = layout.leaves(&at.parameters);
            let [real, fake] = [&self.real, seen].map(|rows| rows.clone().autodiff());
            let loss = self.stakes.discriminator(self.scores(&leaves, real, fake), self.real.dims()[0]);
            let gradient = leaves.gradient(&loss);
            let next = self.optimiser.ahead(at.clone(), gradient.clone(), self.clip);
            path.push((std::mem::replace(&mut at, next), gradient));
        }
        let (leaves, samples) = (layout.leaves(&at.parameters), seen.clone().autodiff().require_grad());
        let others = self.stakes.compares().then(|| self.net.forward(&leaves, self.real.clone().autodiff()));
        let loss = self.stakes.generator(self.net.forward(&leaves, samples.clone()), others);
        let (owed, mut slope) = gradient_beside(leaves, &samples, &loss);
        let mut owed = at.owing(owed);
        for (at, gradient) in path.into_iter().rev() {
            let (before, along) = self.optimiser.back(at.clone(), gradient, owed, self.clip);
            let (of_d, of_samples) = self.bend(&at, &along, seen);
            slope = slope + of_samples;
            owed = Foreseen { parameters: before.parameters + of_d, ..before };
        }
        (loss.inner(), slope)
    }

    /// D's scores of both kinds, the real ones first.
    fn scores(&self, leaves: &Weights, real: Tensor<2>, fake: Tensor<2>) -> Tensor<2> {
        if self.net.is_coupled() {
            // Each half by its own moments, as in training.
            return Tensor::cat([real, fake].map(|rows| self.net.forward(leaves, rows)).into(), 0);
        }
        self.net.forward(leaves, Tensor::cat(vec![real, fake], 0))
    }

    /// The gradients, in D's weights and in the samples, of the slope of D's loss in a direction of the weights.
    fn bend(&self, at: &Foreseen, along: &Tensor<1>, seen: &Tensor<2>) -> (Tensor<1>, Tensor<2>) {
        let layout = self.net.layout();
        let (leaves, direction) = (layout.leaves(&at.parameters), layout.constants(along));
        let (samples, real) = (seen.clone().autodiff().require_grad(), self.real.clone().autodiff());
        let [scores, moved] = sway_both(self.net, &leaves, &direction, [real, samples.clone()]);
        let slope = self.stakes.slope_of_discriminator(scores, moved, self.real.dims()[0]);
        gradient_beside(leaves, &samples, &slope)
    }
}
