//! Networks as pure functions of their weights.
//!
//! A network here owns no tensor. It knows its [`Layout`] (which parameters, of which shapes) and computes its output
//! from weights that somebody else holds. All parameters of a network live in one flat rank-1 tensor: the optimiser,
//! the fingerprint and the saved state each touch one tensor, and autodiff leaves are slices of it.

mod activation;
mod composed;
mod dropped;
mod lenet;
mod mingle;
mod net;

pub use dropped::{Dropped, units};
pub use lenet::Lenet;
pub use mingle::Mingle;
pub use net::{Build, Init, Net, Square, sway, sway_both};

use std::ops::Range;

use burn::tensor::Tensor;

use crate::fused;
use crate::kernel::{Activation, Layer, Norm, RowNorm, TINY};
use crate::rng::Rng;

/// Where the numbers of a parameter start.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Start {
    /// Uniform in `[-bound, bound)`.
    Uniform {
        /// The half-width.
        bound: f64,
    },
    /// Normal.
    Normal {
        /// Its mean.
        mean: f64,
        /// Its standard deviation.
        sigma: f64,
    },
    /// All at one number.
    Fixed(f64),
    /// A matrix whose columns, or rows where these are fewer, are orthogonal and of length 1; the last dimension is that of the columns.
    Orthogonal,
}

impl Start {
    fn draw(self, rng: &mut Rng) -> f32 {
        let number = match self {
            Self::Uniform { bound } => (2.0 * rng.uniform() - 1.0) * bound,
            Self::Normal { mean, sigma } => mean + sigma * rng.normal(),
            Self::Fixed(number) => number,
            Self::Orthogonal => unreachable!("a matrix is drawn whole"),
        };
        number as f32
    }

    /// So many numbers for a parameter of this shape.
    fn numbers(self, shape: &[usize], rng: &mut Rng) -> Vec<f32> {
        let count: usize = shape.iter().product();
        match (self, shape.last()) {
            (Self::Orthogonal, Some(&columns)) => orthogonal(count / columns, columns, rng),
            _ => (0..count).map(|_| self.draw(rng)).collect(),
        }
    }
}

/// Directions drawn at random, each less what it shares with those before it (Gram and Schmidt), twice, as rounding asks.
fn orthogonal(rows: usize, columns: usize, rng: &mut Rng) -> Vec<f32> {
    let (few, long) = (rows.min(columns), rows.max(columns));
    let mut found: Vec<Vec<f64>> = Vec::new();
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    while found.len() < few {
        let mut next: Vec<f64> = (0..long).map(|_| rng.normal()).collect();
        for known in found.iter().chain(&found) {
            let shared = dot(&next, known);
            next.iter_mut().zip(known).for_each(|(x, k)| *x -= shared * k);
        }
        let length = dot(&next, &next).sqrt();
        // A direction that was there already says nothing of its own.
        if length > 1e-6 {
            next.iter_mut().for_each(|x| *x /= length);
            found.push(next);
        }
    }
    let at = |row: usize, column: usize| if rows < columns { found[row][column] } else { found[column][row] };
    (0..rows * columns).map(|i| at(i / columns, i % columns) as f32).collect()
}

/// One parameter: its name, its shape, and where it starts.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// For messages and exports, for example `layers.0.weight`.
    pub name: String,
    /// Row-major dimensions.
    pub shape: Vec<usize>,
    /// Where its numbers start.
    pub start: Start,
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
pub struct Layout {
    parameters: Vec<Parameter>,
    /// The layers that have them.
    layers: Vec<Layer>,
    /// What the last layer is given of the batch, besides what comes from the layers before it.
    mingle: Option<Mingle>,
}

impl Layout {
    /// A layout of these parameters, one after the other, for these layers.
    pub fn new(parameters: Vec<Parameter>, layers: Vec<Layer>) -> Self {
        Self { parameters, layers, mingle: None }
    }

    /// The same where the last layer is given something of the batch besides. Its parameters come before that layer's.
    pub fn mingling(self, mingle: Option<Mingle>) -> Self {
        Self { mingle, ..self }
    }

    /// What the last layer is given of the batch.
    pub fn mingle(&self) -> Option<Mingle> {
        self.mingle
    }

    /// The layers.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// How many numbers stand for a batch where there is none: a mean and a variance for each channel of each layer that normalises,
    /// and then what the last layer is given of the batch.
    pub fn moments(&self) -> usize {
        fused::kept(&self.layers) + self.mingle.map_or(0, |mingle| mingle.extra())
    }

    /// How many numbers the flat tensor holds.
    pub fn len(&self) -> usize {
        self.parameters.iter().map(Parameter::len).sum()
    }

    /// Whether the network has no parameter at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Initial values for the flat tensor, drawn from `rng` in order.
    pub fn init(&self, rng: &mut Rng) -> Vec<f32> {
        self.parameters.iter().flat_map(|p| p.start.numbers(&p.shape, rng)).collect()
    }

    /// These before any batch was seen: means of 0 and variances of 1.
    pub fn first_moments(&self) -> Vec<f32> {
        let mut moments = vec![self.mingle.map_or(0.0, |mingle| mingle.first()); self.moments()];
        moments[..fused::kept(&self.layers)].fill(0.0);
        for layer in &self.layers {
            if let Layer::Norm(norm) = layer {
                moments[norm.kept()][norm.grid.channels..].fill(1.0);
            }
        }
        moments
    }

    /// The weights of `flat` as constants: no gradient flows into them.
    pub fn constants(&self, flat: &Tensor<1>) -> Weights {
        if fused::has(&flat.device(), &self.layers) {
            Weights::Flat(flat.clone())
        } else {
            Weights::Parts(self.parts(flat))
        }
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

    /// The parameters, and where each lies in the flat tensor.
    pub fn ranges(&self) -> impl Iterator<Item = (&Parameter, Range<usize>)> {
        let mut start = 0;
        self.parameters.iter().map(move |p| {
            let range = start..start + p.len();
            start = range.end;
            (p, range)
        })
    }

    fn parts(&self, flat: &Tensor<1>) -> Vec<Tensor<1>> {
        self.ranges().map(|(_, range)| flat.clone().slice([range])).collect()
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
    /// Layers one after the other, the first of which has its parameters from `first` on. Those that normalise do so with the moments
    /// given, or else with their rows' own.
    ///
    /// # Shapes
    /// - `x`: `[rows, inputs]` of the first layer; result: `[rows, outputs]` of the last
    pub fn pass(&self, first: usize, layers: &[Layer], moments: Option<&Tensor<1>>, x: Tensor<2>) -> Passed {
        match self {
            Self::Flat(flat) => {
                let (y, moments) = fused::layers(flat.clone(), moments.cloned(), x, layers);
                Passed { y, moments: (fused::kept(layers) > 0).then_some(moments) }
            }
            Self::Parts(parts) => composed::pass(&parts[first..], layers, moments, x),
        }
    }

    /// A layer that normalises nothing.
    fn straight(&self, first: usize, layer: Layer, x: Tensor<2>) -> Tensor<2> {
        self.pass(first, &[layer], None, x).y
    }

    /// The tangent at `x` in the direction `t` of a layer that normalises by its rows' own moments, without its activation.
    fn norm_tangent(&self, first: usize, layer: &Norm, x: Tensor<2>, t: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Flat(flat) => fused::norm_tangent(flat.clone(), x, t, layer),
            Self::Parts(parts) => composed::norm_tangent(&parts[first], layer, x, t),
        }
    }

    /// The tangent at `x` in the direction `t` of a layer that normalises each row, without its activation; by operations that are exact
    /// everywhere.
    fn row_norm_tangent(&self, first: usize, layer: &RowNorm, x: Tensor<2>, t: Tensor<2>) -> Tensor<2> {
        let scale = match self {
            Self::Flat(flat) => flat.clone().slice(layer.offset..layer.offset + layer.grid.channels),
            Self::Parts(parts) => parts[first].clone(),
        };
        let shape = x.dims();
        let [rows, long] = shape;
        let mean = |of: Tensor<2>| row_sums(of) * (1.0 / long as f64);
        let off = x.clone() - mean(x).expand(shape);
        let inverse = (mean(off.clone() * off.clone()) + TINY).sqrt().recip();
        let hat = off * inverse.clone().expand(shape);
        let along = t.clone() - mean(t.clone()).expand(shape) - hat.clone() * mean(hat * t).expand(shape);
        let places = [rows, layer.grid.places(), layer.grid.channels];
        let scale = scale.reshape([1, 1, layer.grid.channels]).expand(places).reshape(shape);
        along * inverse.expand(shape) * scale
    }

    /// The same weights without biases: with these, layers are linear.
    pub fn linear(&self, layout: &Layout) -> Self {
        let kept = |p: &Parameter| if p.is_bias { 0.0_f32 } else { 1.0 };
        match self {
            Self::Flat(flat) => {
                let mask: Vec<f32> =
                    layout.parameters.iter().flat_map(|p| std::iter::repeat_n(kept(p), p.len())).collect();
                Self::Flat(flat.clone() * crate::device::flat(mask, &flat.device()))
            }
            Self::Parts(parts) => {
                Self::Parts(parts.iter().zip(&layout.parameters).map(|(part, p)| part.clone() * kept(p)).collect())
            }
        }
    }

    /// The gradient of `loss` with respect to all weights, flat, in the order of the layout. Ends the graph.
    ///
    /// # Panics
    /// If the loss does not depend on these leaves: a mistake in a family's code.
    pub fn gradient(self, loss: &Tensor<1>) -> Tensor<1> {
        gradients(&[self], loss).remove(0)
    }
}

/// How many parameters a layer has.
fn parts_of(layer: &Layer) -> usize {
    match layer {
        Layer::Dense(_) | Layer::Conv(_) | Layer::Norm(_) | Layer::RowNorm(_) => 2,
        Layer::Resize(_) | Layer::Pool(_) => 0,
    }
}

/// What comes out of a network.
pub struct Passed {
    /// The output, `[rows, outputs]`.
    pub y: Tensor<2>,
    /// What its layers normalised with and were given of the batch, `[moments]`, if they did and were.
    pub moments: Option<Tensor<1>>,
}

/// A network: a function from a batch to a batch, given its weights.
pub trait Network {
    /// The parameters.
    fn layout(&self) -> &Layout;

    /// Its layers, one after the other.
    fn layers(&self) -> &[Layer] {
        self.layout().layers()
    }

    /// The output for a batch. Layers that normalise do so with the moments given, which is how samples are made, or else with the
    /// batch's own, which is how networks train.
    ///
    /// # Shapes
    /// - `moments`: `[moments]`; `x`: `[batch, inputs]`; result: `[batch, outputs]`
    fn pass(&self, weights: &Weights, moments: Option<&Tensor<1>>, x: Tensor<2>) -> Passed;

    /// The output for a batch as in training.
    ///
    /// # Shapes
    /// - `x`: `[batch, inputs]`; result: `[batch, outputs]`
    fn forward(&self, weights: &Weights, x: Tensor<2>) -> Tensor<2> {
        self.pass(weights, None, x).y
    }

    /// Whether the rows of a batch hang together.
    fn is_coupled(&self) -> bool {
        self.layout().moments() > 0
    }

    /// The tangent of the network, as it trains, at each row of `x` in the direction of the same row of `v`: v · ∇ₓ of each output, or,
    /// where rows hang together, the derivative along all rows of `v` at once. Forward operations only, so that its own gradient in
    /// the weights is an ordinary backward pass.
    ///
    /// # Shapes
    /// - `x`, `v`: `[batch, inputs]`
    /// - result: `[batch, outputs]`
    fn tangent(&self, weights: &Weights, x: Tensor<2>, v: Tensor<2>) -> Tensor<2>;
}

/// The sum of each row, `[rows, 1]`: by the same product as everything else, which fixes the order of its sums.
pub fn row_sums(x: Tensor<2>) -> Tensor<2> {
    let columns = x.dims()[1];
    if columns == 2 {
        // Two numbers have one sum.
        return x.sum_dim(1);
    }
    let ones = matrix([vec![1.0; columns], vec![0.0]].concat(), 1, &x.device()).reshape([columns + 1]);
    let sum = Net::mlp(columns, &[], 1, Activation::Relu, None);
    sum.forward(&sum.layout().constants(&ones), x)
}

/// eˣ of each number, by arithmetic that is the same everywhere.
pub fn exp(x: Tensor<2>) -> Tensor<2> {
    let columns = x.dims()[1];
    let one = |i: usize| if i < columns * columns && i.is_multiple_of(columns + 1) { 1.0 } else { 0.0 };
    let same: Vec<f32> = (0..columns * columns + columns).map(one).collect();
    let same = crate::device::flat(same, &x.device());
    let net = Net::mlp(columns, &[], columns, Activation::Relu, Some(Activation::Exp));
    net.forward(&net.layout().constants(&same), x)
}

/// Rows times a matrix through which no gradient comes, by the same product as everything else.
///
/// # Shapes
/// - `matrix`: `[columns, outputs]`; `x`: `[rows, columns]`; result: `[rows, outputs]`
pub fn apply(matrix: &Tensor<2>, x: Tensor<2>) -> Tensor<2> {
    let [columns, outputs] = matrix.dims();
    let flat = matrix.clone().reshape([columns * outputs]);
    let bias = flat.clone().slice(0..outputs).zeros_like();
    let net = Net::mlp(columns, &[], outputs, Activation::Relu, None);
    net.forward(&net.layout().constants(&Tensor::cat(vec![flat, bias], 0)), x)
}

/// The gradients of `loss` in the leaves of several networks, each flat. Ends the graph.
///
/// # Panics
/// If the loss does not depend on these leaves: a mistake in a family's code.
pub fn gradients(leaves: &[Weights], loss: &Tensor<1>) -> Vec<Tensor<1>> {
    let mut gradients = loss.backward();
    let mut of = |w: &Tensor<1>| w.grad_remove(&mut gradients).expect("every weight has a gradient");
    let flat = |leaves: &Weights| match leaves {
        Weights::Flat(flat) => of(flat),
        Weights::Parts(parts) => Tensor::cat(parts.iter().map(&mut of).collect(), 0),
    };
    leaves.iter().map(flat).collect()
}

/// The gradients of `loss` in the leaves of a network, flat, and in rows that are a leaf too. Ends the graph.
///
/// # Panics
/// If the loss does not depend on these leaves: a mistake in a family's code.
pub fn gradient_beside(leaves: Weights, rows: &Tensor<2>, loss: &Tensor<1>) -> (Tensor<1>, Tensor<2>) {
    let mut gradients = loss.backward();
    let of_rows = rows.grad_remove(&mut gradients).expect("the rows have a gradient");
    let mut of = |w: &Tensor<1>| w.grad_remove(&mut gradients).unwrap_or_else(|| w.clone().inner().zeros_like());
    let flat = match leaves {
        Weights::Flat(flat) => of(&flat),
        Weights::Parts(parts) => Tensor::cat(parts.iter().map(of).collect(), 0),
    };
    (flat, of_rows)
}

/// A host vector of `rows × columns` numbers as a tensor of the device.
pub fn matrix(values: Vec<f32>, columns: usize, device: &burn::tensor::Device) -> Tensor<2> {
    let rows = values.len() / columns;
    crate::device::tensor(values, [rows, columns], device)
}
