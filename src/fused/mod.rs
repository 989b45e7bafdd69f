//! Whole networks, losses and updates as single operations of an engine.
//!
//! burn's own operations cost a few microseconds each on a small network, and a dispatch each on a GPU. So the parts of a
//! step that every family shares are operations of their own here, forward and backward, with burn's autodiff around
//! them. An engine has them if it implements [`Kernels`]; [`available`] tells. What an engine does not have is composed
//! from burn's operations instead, which is also what these operations are checked against.

#![cfg_attr(
    not(any(feature = "cpu", feature = "webgpu")),
    allow(
        dead_code,
        unused_macros,
        unused_variables,
        unreachable_code,
        reason = "a build whose only engine has no kernels"
    )
)]

mod graph;

#[cfg(feature = "webgpu")]
mod cube;
#[cfg(feature = "cpu")]
mod flex;
#[cfg(test)]
mod tests;

use std::sync::atomic::AtomicU64;

use burn::backend::{
    Backend, Dispatch, DispatchDevice, ExtensionType, TensorMetadata, backend_extension, tensor::FloatTensor,
};
use burn::tensor::{Device, Shape, Slice, Tensor};

use crate::kernel::{Activation, Crowd, Layer, Norm, Term, Update};

/// Operations of [`Kernels`] on the CPU since the program began: what the cost of small networks is counted in.
pub static OPERATIONS: AtomicU64 = AtomicU64::new(0);

/// What an engine must be able to do, on tensors without a graph. All are contiguous or made so.
pub trait Kernels: Backend {
    /// One layer, for `x` of rows × inputs: rows × outputs. `moments` are read by a layer that normalises.
    fn layer(
        layer: Layer,
        weights: FloatTensor<Self>,
        moments: FloatTensor<Self>,
        x: FloatTensor<Self>,
    ) -> FloatTensor<Self>;

    /// The network's moments with those of these rows in the layer's place.
    fn noted(layer: Norm, moments: FloatTensor<Self>, x: FloatTensor<Self>) -> FloatTensor<Self>;

    /// The gradients of a layer, given its input and output and the gradient in its output: in its input, if that is
    /// wanted, and in its weights, written into their place in the flat `gradient`, if that is given. `own`: the moments are those
    /// of these rows.
    fn layer_backward(
        layer: Layer,
        weights: FloatTensor<Self>,
        moments: (FloatTensor<Self>, bool),
        forward: [FloatTensor<Self>; 2],
        dy: FloatTensor<Self>,
        gradient: Option<FloatTensor<Self>>,
        wants_input: bool,
    ) -> (Option<FloatTensor<Self>>, Option<FloatTensor<Self>>);

    /// See [`crate::kernel::norm_tangent`].
    fn tangent(
        layer: Norm,
        weights: FloatTensor<Self>,
        x: FloatTensor<Self>,
        t: FloatTensor<Self>,
    ) -> FloatTensor<Self>;

    /// The gradients of u · [`Kernels::tangent`] in `x` and `t`, and in the weights, written into their place in `gradient`.
    fn tangent_backward(
        layer: Norm,
        weights: FloatTensor<Self>,
        of: [FloatTensor<Self>; 3],
        gradient: FloatTensor<Self>,
    ) -> ([FloatTensor<Self>; 2], FloatTensor<Self>);

    /// The loss of scores, `[1]`: see [`crate::kernel::loss`].
    fn score_loss(scores: FloatTensor<Self>, terms: &[Term]) -> FloatTensor<Self>;

    /// The gradient of [`Kernels::score_loss`] in the scores, times `upstream` of shape `[1]`.
    fn score_loss_backward(scores: FloatTensor<Self>, terms: &[Term], upstream: FloatTensor<Self>)
    -> FloatTensor<Self>;

    /// The cross entropy of scores and targets, `[1]`: see [`crate::kernel::cross_entropy`].
    fn surprise(scores: FloatTensor<Self>, targets: FloatTensor<Self>) -> FloatTensor<Self>;

    /// The gradient of [`Kernels::surprise`] in the scores, times `upstream` of shape `[1]`.
    fn surprise_backward(
        scores: FloatTensor<Self>,
        targets: FloatTensor<Self>,
        upstream: FloatTensor<Self>,
    ) -> FloatTensor<Self>;

    /// What is told of a batch: see [`crate::kernel::crowd`].
    fn crowd(of: Crowd, x: FloatTensor<Self>) -> FloatTensor<Self>;

    /// The gradient of [`Kernels::crowd`] in `x`.
    fn crowd_backward(of: Crowd, x: FloatTensor<Self>, dy: FloatTensor<Self>) -> FloatTensor<Self>;

    /// One update; all tensors are flat. An engine with [`rates_by_tensor`] takes what changes from `rates`.
    fn update(state: Moving<Self>, gradient: FloatTensor<Self>, rates: FloatTensor<Self>, by: Update) -> Moving<Self>;

    /// The numbers of a flat block from `start` on as rows; without a copy, if the engine can.
    fn window(block: FloatTensor<Self>, start: usize, rows: usize, columns: usize) -> FloatTensor<Self> {
        sliced::<Self>(block, start, rows, columns)
    }
}

/// [`Kernels::window`] by burn's own operations.
fn sliced<B: Backend>(block: FloatTensor<B>, start: usize, rows: usize, columns: usize) -> FloatTensor<B> {
    let range = Slice::from(start..start + rows * columns);
    B::float_reshape(B::float_slice(block, &[range]), Shape::from([rows, columns]))
}

/// What an update changes: see [`crate::kernel::Moved`]. All are flat; those that an update uses are of the parameters'
/// length, and of the others nothing is read or written.
#[derive(ExtensionType)]
pub struct Moving<B: Backend> {
    /// The parameters.
    pub parameters: FloatTensor<B>,
    /// The mean of gradients.
    pub first: FloatTensor<B>,
    /// The mean of squared gradients.
    pub second: FloatTensor<B>,
    /// The parameters' running mean.
    pub average: FloatTensor<B>,
}

/// What comes out of layers.
#[derive(ExtensionType)]
pub struct Passed<B: Backend> {
    /// The output, rows × outputs of the last layer.
    pub y: FloatTensor<B>,
    /// The moments that its layers normalised with, flat; no gradient comes through them.
    pub moments: FloatTensor<B>,
}

/// The operations that autodiff knows.
#[backend_extension(Flex: cfg(feature = "cpu"), Cube: cfg(feature = "webgpu"), Autodiff)]
pub trait Fused: Backend {
    /// Layers one after the other. Those that normalise do so with their rows' own moments, or with those given.
    fn layers(
        weights: FloatTensor<Self>,
        moments: FloatTensor<Self>,
        x: FloatTensor<Self>,
        layers: Vec<Layer>,
        own: bool,
    ) -> Passed<Self>;

    /// The tangent of a normalisation, see [`crate::kernel::norm_tangent`].
    fn bent(weights: FloatTensor<Self>, x: FloatTensor<Self>, t: FloatTensor<Self>, layer: Norm) -> FloatTensor<Self>;

    /// The loss of scores.
    fn loss(scores: FloatTensor<Self>, terms: Vec<Term>) -> FloatTensor<Self>;

    /// The cross entropy of scores and targets.
    fn crossed(scores: FloatTensor<Self>, targets: FloatTensor<Self>) -> FloatTensor<Self>;

    /// What is told of a batch.
    fn crowded(x: FloatTensor<Self>, of: Crowd) -> FloatTensor<Self>;
}

/// The operations outside any graph.
#[backend_extension(Flex: cfg(feature = "cpu"), Cube: cfg(feature = "webgpu"))]
pub trait Ungraphed: Backend {
    /// One update of parameters.
    fn moved(
        #[extension_type] state: Moving<Self>,
        gradient: FloatTensor<Self>,
        rates: FloatTensor<Self>,
        by: Update,
    ) -> Moving<Self>;

    /// Part of a flat block, as rows.
    fn rows_of(block: FloatTensor<Self>, start: usize, rows: usize, columns: usize) -> FloatTensor<Self>;
}

/// Takes `x` through layers; `keep` is called with what each is given. Gives the moments that they normalised with.
fn passed<B: Kernels>(
    weights: &FloatTensor<B>,
    mut moments: FloatTensor<B>,
    layers: &[Layer],
    own: bool,
    x: &mut FloatTensor<B>,
    mut keep: impl FnMut(&FloatTensor<B>),
) -> FloatTensor<B> {
    let kept = kept(layers);
    if own && kept > 0 {
        let (device, kind) = (weights.device(), weights.dtype().into());
        moments = B::float_zeros(Shape::from([kept]), &device, kind);
    }
    for layer in layers {
        keep(x);
        if let (true, Layer::Norm(norm)) = (own, layer) {
            moments = B::noted(*norm, moments, x.clone());
        }
        *x = B::layer(*layer, weights.clone(), moments.clone(), x.clone());
    }
    moments
}

/// How many moments layers normalise with.
pub fn kept(layers: &[Layer]) -> usize {
    let norms =
        layers.iter().filter_map(|layer| if let Layer::Norm(norm) = layer { Some(norm.kept().end) } else { None });
    norms.max().unwrap_or(0)
}

/// Makes an engine's kernels operations of burn.
macro_rules! fuse {
    ($backend:ty) => {
        impl Fused for $backend {
            fn layers(
                weights: FloatTensor<Self>,
                moments: FloatTensor<Self>,
                x: FloatTensor<Self>,
                layers: Vec<Layer>,
                own: bool,
            ) -> Passed<Self> {
                let mut y = x;
                let moments = passed::<Self>(&weights, moments, &layers, own, &mut y, |_| ());
                Passed { y, moments }
            }

            fn bent(
                weights: FloatTensor<Self>,
                x: FloatTensor<Self>,
                t: FloatTensor<Self>,
                layer: Norm,
            ) -> FloatTensor<Self> {
                Self::tangent(layer, weights, x, t)
            }

            fn loss(scores: FloatTensor<Self>, terms: Vec<Term>) -> FloatTensor<Self> {
                Self::score_loss(scores, &terms)
            }

            fn crossed(scores: FloatTensor<Self>, targets: FloatTensor<Self>) -> FloatTensor<Self> {
                Self::surprise(scores, targets)
            }

            fn crowded(x: FloatTensor<Self>, of: Crowd) -> FloatTensor<Self> {
                Self::crowd(of, x)
            }
        }

        impl Ungraphed for $backend {
            fn moved(
                state: Moving<Self>,
                gradient: FloatTensor<Self>,
                rates: FloatTensor<Self>,
                by: Update,
            ) -> Moving<Self> {
                Self::update(state, gradient, rates, by)
            }

            fn rows_of(block: FloatTensor<Self>, start: usize, rows: usize, columns: usize) -> FloatTensor<Self> {
                Self::window(block, start, rows, columns)
            }
        }
    };
}

#[cfg(feature = "cpu")]
fuse!(burn::backend::Flex);
#[cfg(feature = "webgpu")]
fuse!(burn::backend::Cube);

/// Whether the engine of this device has these operations.
pub fn available(device: &Device) -> bool {
    kind(device.as_dispatch()).is_some()
}

/// Whether updates on this device take what changes from one to the next from a tensor: on a GPU, a scalar that changes is
/// an upload, which costs as much as many small operations.
pub fn rates_by_tensor(device: &Device) -> bool {
    kind(device.as_dispatch()) == Some(Kind::Gpu)
}

/// The engines with these operations.
#[derive(PartialEq, Eq)]
enum Kind {
    #[cfg(feature = "cpu")]
    Cpu,
    #[allow(dead_code, reason = "asked for in builds without it too")]
    Gpu,
}

fn kind(device: &DispatchDevice) -> Option<Kind> {
    match device {
        #[cfg(feature = "cpu")]
        DispatchDevice::Flex(_) => Some(Kind::Cpu),
        #[cfg(feature = "webgpu")]
        DispatchDevice::Cube(_) => Some(Kind::Gpu),
        DispatchDevice::Autodiff(device) => kind(device),
        #[allow(unreachable_patterns, reason = "reached in builds with another engine")]
        _ => None,
    }
}

/// Whether the engine of this device has all these layers as operations.
pub fn has(device: &Device, layers: &[Layer]) -> bool {
    match kind(device.as_dispatch()) {
        Some(Kind::Gpu) => {
            let lacks =
                |layer: &Layer| matches!(layer, Layer::RowNorm(_)) || layer.activation() == Some(Activation::Exp);
            !layers.iter().any(lacks)
        }
        #[allow(unreachable_patterns, reason = "reached in builds with a CPU engine")]
        Some(_) => true,
        None => false,
    }
}

/// The layers applied to a batch, and the moments that they normalised with: their rows' own unless they are given.
///
/// # Shapes
/// - `weights`: flat, as the layers' offsets say; `x`: `[rows, inputs]`; result: `[rows, outputs]` of the last layer, and `[moments]`
pub fn layers(
    weights: Tensor<1>,
    moments: Option<Tensor<1>>,
    x: Tensor<2>,
    layers: &[Layer],
) -> (Tensor<2>, Tensor<1>) {
    let own = moments.is_none();
    let (weights, x) = (weights.into_dispatch(), x.into_dispatch());
    let moments = moments.map_or_else(|| weights.clone(), Tensor::into_dispatch);
    let Passed { y, moments } = Dispatch::layers(weights, moments, x, layers.to_vec(), own);
    (Tensor::from_dispatch(y), Tensor::from_dispatch(moments))
}

/// The tangent at `x` in the direction `t` of a layer that normalises by its rows' own moments, without its activation.
///
/// # Shapes
/// - `weights`: flat; `x`, `t`: `[rows, grid]`; result: the same
pub fn norm_tangent(weights: Tensor<1>, x: Tensor<2>, t: Tensor<2>, layer: &Norm) -> Tensor<2> {
    let [x, t] = [x, t].map(Tensor::into_dispatch);
    Tensor::from_dispatch(Dispatch::bent(weights.into_dispatch(), x, t, *layer))
}

/// The loss of scores, shape `[1]`. The terms cover the scores' rows exactly.
pub fn loss(scores: Tensor<2>, terms: &[Term]) -> Tensor<1> {
    Tensor::from_dispatch(Dispatch::loss(scores.into_dispatch(), terms.to_vec()))
}

/// Whether the engine of this device has the cross entropy as an operation.
pub fn has_cross_entropy(device: &Device) -> bool {
    matches!(kind(device.as_dispatch()), Some(kind) if kind != Kind::Gpu)
}

/// The cross entropy of scores and targets, shape `[1]`.
///
/// # Shapes
/// - `scores`, `targets`: `[rows, classes]`; no gradient comes to the targets
pub fn cross_entropy(scores: Tensor<2>, targets: Tensor<2>) -> Tensor<1> {
    Tensor::from_dispatch(Dispatch::crossed(scores.into_dispatch(), targets.into_dispatch()))
}

/// Whether the engine of this device tells of batches by an operation.
pub fn has_crowd(device: &Device) -> bool {
    has_cross_entropy(device)
}

/// What is told of a batch, `[rows, extra]`: see [`crate::kernel::crowd`].
///
/// # Shapes
/// - `x`: `[rows, columns]`
pub fn crowd(x: Tensor<2>, of: Crowd) -> Tensor<2> {
    Tensor::from_dispatch(Dispatch::crowded(x.into_dispatch(), of))
}

/// One update: the new parameters, their running mean, and the first and second moments, as `state` has them. All tensors
/// are flat and outside any graph; those that the update uses are of one length.
///
/// `rates` holds the update's [`Update::rates`], shape `[1, RATES]`, where [`rates_by_tensor`] asks for it; elsewhere it is not read.
pub fn update(state: [Tensor<1>; 4], gradient: Tensor<1>, rates: Option<Tensor<2>>, by: Update) -> [Tensor<1>; 4] {
    let [parameters, average, first, second] = state.map(Tensor::into_dispatch);
    let state = Moving { parameters, first, second, average };
    let gradient = gradient.into_dispatch();
    let rates = rates.map_or_else(|| gradient.clone(), Tensor::into_dispatch);
    let Moving { parameters, first, second, average } = Dispatch::moved(state, gradient, rates, by);
    [parameters, average, first, second].map(Tensor::from_dispatch)
}

/// Parts of a block that begin at a multiple of this need no copy on any engine: a GPU binds memory at multiples of 256
/// bytes.
pub const ALIGNMENT: usize = 64;

/// The numbers of a flat block from `start` on, as rows. What a block of steps needs is uploaded once, and taken from it
/// with this.
///
/// # Shapes
/// - `block`: flat; result: `[rows, columns]`
pub fn rows(block: &Tensor<1>, start: usize, [rows, columns]: [usize; 2]) -> Tensor<2> {
    let block = block.clone();
    if !available(&block.device()) {
        return block.slice(start..start + rows * columns).reshape([rows, columns]);
    }
    Tensor::from_dispatch(Dispatch::rows_of(block.into_dispatch(), start, rows, columns))
}
