//! Penalties on how fast D changes, by its tangent: exact in the weights with first-order autodiff alone.
//!
//! For a penalty h(∇ₓD(x)), take ∇ₓD by an ordinary backward pass, hold v = h′(∇ₓD) constant, and differentiate v · ∇ₓD(x) in the
//! weights: the chain rule gives the same as differentiating h. v · ∇ₓD is D's tangent in the direction v ([`Network::tangent`]).

use burn::tensor::Tensor;

use crate::kernel::Activation;
use crate::nn::{Net, Network, Weights, matrix};

/// Keeps a norm of 0 from dividing by 0.
const TINY: f32 = 1e-12;

/// Gulrajani et al. 2017, “Improved Training of Wasserstein GANs” (arXiv 1704.00028), equation 3: the mean over rows of
/// λ (‖∇ₓD(x)‖ − 1)². Gives a scalar `[1]` whose gradient in the leaves is the penalty's; its value is not.
///
/// # Shapes
/// - `flat`: D's weights; `x`: `[rows, features]`, on the way between real and generated samples
pub fn gradient_norm(net: &dyn Network, flat: &Tensor<1>, leaves: &Weights, x: Tensor<2>, lambda: f64) -> Tensor<1> {
    let [rows, columns] = x.dims();
    let slope = slope(net, flat, &x);
    let norm = (squares(slope.clone(), columns) + TINY).sqrt();
    // h′ = 2 λ (‖g‖ − 1) g / ‖g‖, over the number of rows.
    let scale = (-norm.recip() + 1.0) * (2.0 * lambda / rows as f64);
    let v = slope * scale.expand([rows, columns]);
    net.tangent(leaves, x, v).sum()
}

/// Mescheder et al. 2018, “Which Training Methods for GANs do actually Converge?” (arXiv 1801.04406), equation 9, R1: the mean over
/// rows of γ/2 ‖∇ₓD(x)‖². Gives a scalar `[1]` whose gradient in the leaves is the penalty's; its value is not.
///
/// # Shapes
/// - `flat`: D's weights; `x`: `[rows, features]`, real samples
pub fn zero_centred(net: &dyn Network, flat: &Tensor<1>, leaves: &Weights, x: Tensor<2>, gamma: f64) -> Tensor<1> {
    // h′ = γ g, over the number of rows.
    let v = slope(net, flat, &x) * (gamma / x.dims()[0] as f64);
    net.tangent(leaves, x, v).sum()
}

/// The gradient of D's scores in their input.
fn slope(net: &dyn Network, flat: &Tensor<1>, x: &Tensor<2>) -> Tensor<2> {
    let at = x.clone().autodiff().require_grad();
    let score = net.forward(&net.layout().constants(flat), at.clone());
    let gradients = score.sum().backward();
    at.grad(&gradients).expect("D depends on its input")
}

/// The sum of squares of each row, `[rows, 1]`.
fn squares(x: Tensor<2>, columns: usize) -> Tensor<2> {
    if columns == 2 {
        // Two numbers have one sum.
        return x.square().sum_dim(1);
    }
    // By the same product as everything else, which fixes the order of its sums.
    let device = x.device();
    let ones = matrix([vec![1.0; columns], vec![0.0]].concat(), 1, &device).reshape([columns + 1]);
    let sum = Net::mlp(columns, &[], 1, Activation::Relu, None);
    sum.forward(&sum.layout().constants(&ones), x.square())
}
