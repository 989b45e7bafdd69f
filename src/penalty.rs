//! Penalties on how fast D changes, by its tangent: exact in the weights with first-order autodiff alone.
//!
//! For a penalty h(∇ₓD(x)), take ∇ₓD by an ordinary backward pass, hold v = h′(∇ₓD) constant, and differentiate v · ∇ₓD(x) in the
//! weights: the chain rule gives the same as differentiating h. v · ∇ₓD is D's tangent in the direction v ([`Network::tangent`]).

use burn::tensor::Tensor;

use crate::nn::{Network, Weights, row_sums};

/// Keeps a norm of 0 from dividing by 0.
const TINY: f32 = 1e-12;

/// A penalty on the norm of a slope.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Norm {
    /// Its weight.
    pub lambda: f64,
    /// The norm that is wanted.
    pub target: f64,
    /// Whether a smaller one costs nothing.
    pub one_sided: bool,
}

/// D, whose score's slope is kept small.
pub struct Critic<'a> {
    /// Its network.
    pub net: &'a dyn Network,
    /// Its weights.
    pub flat: &'a Tensor<1>,
    /// The same as leaves.
    pub leaves: &'a Weights,
    /// What the network is given for samples: these, or these and what stays the same where they move.
    pub shown: &'a dyn Fn(Tensor<2>) -> Tensor<2>,
    /// The same for directions in which samples move.
    pub along: &'a dyn Fn(Tensor<2>) -> Tensor<2>,
    /// Its score from what the network gives, `[rows, 1]`; linear.
    pub score: &'a dyn Fn(Tensor<2>) -> Tensor<2>,
}

impl Critic<'_> {
    /// Gulrajani et al. 2017, “Improved Training of Wasserstein GANs” (arXiv 1704.00028), equation 3: the mean over rows of
    /// λ (‖∇ₓD(x)‖ − t)², or, on one side, of λ max(0, ‖∇ₓD(x)‖ − t)². Gives a scalar `[1]` whose gradient in the leaves is the
    /// penalty's; its value is not.
    ///
    /// # Shapes
    /// - `x`: `[rows, features]`, on the way between real and generated samples, or around real ones
    pub fn gradient_norm(&self, x: Tensor<2>, norm: Norm) -> Tensor<1> {
        let Norm { lambda, target, one_sided } = norm;
        let [rows, columns] = x.dims();
        let slope = self.slope(&x);
        let norm = (row_sums(slope.clone().square()) + TINY).sqrt();
        // h′ = 2 λ (‖g‖ − t) g / ‖g‖, over the number of rows.
        let off = -norm.recip() * target + 1.0;
        let off = if one_sided { off.clamp_min(0.0) } else { off };
        let v = slope * (off * (2.0 * lambda / rows as f64)).expand([rows, columns]);
        self.change(x, v)
    }

    /// Mescheder et al. 2018, “Which Training Methods for GANs do actually Converge?” (arXiv 1801.04406), equation 9, R1: the mean over
    /// rows of γ/2 ‖∇ₓD(x)‖². Gives a scalar `[1]` whose gradient in the leaves is the penalty's; its value is not.
    ///
    /// # Shapes
    /// - `x`: `[rows, features]`, real samples; generated ones, for R2
    pub fn zero_centred(&self, x: Tensor<2>, gamma: f64) -> Tensor<1> {
        // h′ = γ g, over the number of rows.
        let v = self.slope(&x) * (gamma / x.dims()[0] as f64);
        self.change(x, v)
    }

    /// By how much the scores change where samples move in these directions.
    fn change(&self, x: Tensor<2>, v: Tensor<2>) -> Tensor<1> {
        (self.score)(self.net.tangent(self.leaves, (self.shown)(x), (self.along)(v))).sum()
    }

    /// The gradient of the scores in their input.
    fn slope(&self, x: &Tensor<2>) -> Tensor<2> {
        let at = x.clone().autodiff().require_grad();
        let score = (self.score)(self.net.forward(&self.net.layout().constants(self.flat), (self.shown)(at.clone())));
        let gradients = score.sum().backward();
        at.grad(&gradients).expect("D depends on its input")
    }
}
