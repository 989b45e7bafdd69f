//! Networks as pure functions of their weights.
//!
//! A network here owns no tensor. It knows its [`Layout`] (which parameters, of which shapes) and computes its output
//! from weights that somebody else holds. All parameters of a network live in one flat rank-1 tensor: the optimiser,
//! the fingerprint and the saved state each touch one tensor, and autodiff leaves are slices of it.

mod activation;
mod mlp;

pub use mlp::Mlp;

use burn::tensor::{Tensor, TensorData};

use crate::fused;
use crate::kernel::Dense;
use crate::rng::Rng;

/// One parameter: its name, its shape, and the half-width of the uniform distribution it starts from.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// For messages and exports, for example `layers.0.weight`.
    pub name: String,
    /// Row-major dimensions.
    pub shape: Vec<usize>,
    /// Initial values are uniform in `[-bound, bound)`.
    pub bound: f64,
    /// Whether it is added to, and not multiplied with, what a layer is given.
    pub is_bias: bool,
}

impl Parameter {
    fn len(&self) -> usize {
        self.shape.iter().product()
    }
}

/// The parameters of a network in the order in which they lie in the flat tensor.
#[derive(Clone, Debug, Default)]
pub struct Layout(Vec<Parameter>);

impl Layout {
    /// A layout of these parameters, one after the other.
    pub fn new(parameters: Vec<Parameter>) -> Self {
        Self(parameters)
    }

    /// How many numbers the flat tensor holds.
    pub fn len(&self) -> usize {
        self.0.iter().map(Parameter::len).sum()
    }

    /// Whether the network has no parameter at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Initial values for the flat tensor, drawn from `rng` in order.
    pub fn init(&self, rng: &mut Rng) -> Vec<f32> {
        let draw = |p: &Parameter, rng: &mut Rng| -> Vec<f32> {
            (0..p.len()).map(|_| ((2.0 * rng.uniform() - 1.0) * p.bound) as f32).collect()
        };
        self.0.iter().flat_map(|p| draw(p, rng)).collect()
    }

    /// The weights of `flat` as constants: no gradient flows into them.
    pub fn constants(&self, flat: &Tensor<1>) -> Weights {
        if fused::available(&flat.device()) { Weights::Flat(flat.clone()) } else { Weights::Parts(self.parts(flat)) }
    }

    /// The weights of `flat` as autodiff leaves, whose gradients [`Weights::gradient`] gathers.
    pub fn leaves(&self, flat: &Tensor<1>) -> Weights {
        match self.constants(flat) {
            Weights::Flat(flat) => Weights::Flat(flat.autodiff().require_grad()),
            Weights::Parts(parts) => Weights::Parts(Self::tracked(parts)),
        }
    }

    /// The weights of `flat` as autodiff leaves, one for each parameter, on any engine: networks are then composed from
    /// burn's own operations. What fused operations are checked against.
    pub fn plain_leaves(&self, flat: &Tensor<1>) -> Weights {
        Weights::Parts(Self::tracked(self.parts(flat)))
    }

    fn parts(&self, flat: &Tensor<1>) -> Vec<Tensor<1>> {
        let mut start = 0;
        let slices = self.0.iter().map(|p| {
            let range = start..start + p.len();
            start = range.end;
            flat.clone().slice([range])
        });
        slices.collect()
    }

    fn tracked(parts: Vec<Tensor<1>>) -> Vec<Tensor<1>> {
        parts.into_iter().map(|w| w.autodiff().require_grad()).collect()
    }
}

/// The weights of one network.
#[allow(clippy::large_enum_variant, reason = "there are one or two of them at a time")]
pub enum Weights {
    /// All in one tensor, for an engine with fused operations.
    Flat(Tensor<1>),
    /// A rank-1 tensor for each parameter of the [`Layout`].
    Parts(Vec<Tensor<1>>),
}

impl Weights {
    /// Fully connected layers, the first of which has parameters `first` (its matrix) and `first + 1` (its bias), and so on.
    ///
    /// # Shapes
    /// - `x`: `[rows, inputs]` of the first layer; result: `[rows, outputs]` of the last
    pub fn layers(&self, first: usize, layers: &[Dense], x: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Flat(flat) => fused::layers(flat.clone(), x, layers),
            Self::Parts(parts) => layers.iter().zip(parts[first..].chunks_exact(2)).fold(x, |x, (layer, parts)| {
                let x = x.matmul(parts[0].clone().reshape([layer.inputs, layer.outputs]));
                let x = x + parts[1].clone().reshape([1, layer.outputs]);
                layer.activation.map_or(x.clone(), |function| activation::apply(function, x))
            }),
        }
    }

    /// The same weights without biases: with these, layers are linear.
    pub fn linear(&self, layout: &Layout) -> Self {
        let kept = |p: &Parameter| if p.is_bias { 0.0_f32 } else { 1.0 };
        match self {
            Self::Flat(flat) => {
                let mask: Vec<f32> = layout.0.iter().flat_map(|p| std::iter::repeat_n(kept(p), p.len())).collect();
                Self::Flat(flat.clone() * Tensor::from_data(mask.as_slice(), &flat.device()))
            }
            Self::Parts(parts) => {
                Self::Parts(parts.iter().zip(&layout.0).map(|(part, p)| part.clone() * kept(p)).collect())
            }
        }
    }

    /// The gradient of `loss` with respect to all weights, flat, in the order of the layout. Ends the graph.
    ///
    /// # Panics
    /// If the loss does not depend on these leaves: a mistake in a family's code.
    pub fn gradient(self, loss: &Tensor<1>) -> Tensor<1> {
        let mut gradients = loss.backward();
        let mut of = |w: &Tensor<1>| w.grad_remove(&mut gradients).expect("every weight has a gradient");
        match &self {
            Self::Flat(flat) => of(flat),
            Self::Parts(parts) => Tensor::cat(parts.iter().map(of).collect(), 0),
        }
    }
}

/// A network: a function from a batch to a batch, given its weights.
pub trait Network {
    /// The parameters.
    fn layout(&self) -> &Layout;

    /// The output for a batch.
    ///
    /// # Shapes
    /// - `x`: `[batch, inputs]`
    /// - result: `[batch, outputs]`
    fn forward(&self, weights: &Weights, x: Tensor<2>) -> Tensor<2>;

    /// The tangent of the network at each row of `x` in the direction of the same row of `v`: v · ∇ₓ of each output. Forward
    /// operations only, so that its own gradient in the weights is an ordinary backward pass.
    ///
    /// # Shapes
    /// - `x`, `v`: `[batch, inputs]`
    /// - result: `[batch, outputs]`
    fn tangent(&self, weights: &Weights, x: Tensor<2>, v: Tensor<2>) -> Tensor<2>;
}

/// A host vector of `rows × columns` numbers as a tensor of the device.
pub fn matrix(values: Vec<f32>, columns: usize, device: &burn::tensor::Device) -> Tensor<2> {
    let rows = values.len() / columns;
    Tensor::from_data(TensorData::new(values, [rows, columns]), device)
}
