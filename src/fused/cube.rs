//! The kernels on GPUs: shaders that burn's cubecl backend generates and launches, one dispatch for each operation.
//!
//! What a shader is told in scalars is the same in every step: cubecl keeps such arguments on the device, so that a launch
//! uploads nothing. An update's rates, which change, come from a tensor that is uploaded for many updates at once.

mod loss;
mod norm;
mod product;
mod resize;
mod update;

use burn::backend::TensorMetadata;
use burn::tensor::Shape;
use burn_cubecl::cubecl::prelude::{CubeCount, CubeDim};
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::ops::numeric::empty_device_dtype;
use burn_cubecl::{CubeBackend, tensor::CubeTensor};

use self::norm::Given;
use self::product::Pass;
use super::{Kernels, Moving, sliced};
use crate::kernel::{Crowd, Layer, Norm, Term, Update};

/// Units of a workgroup, the most that every WebGPU device has.
const UNITS: usize = 256;
/// The most workgroups along one axis in WebGPU.
const MAX_CUBES: usize = 65_535;

impl Kernels for CubeBackend {
    fn layer(layer: Layer, weights: CubeTensor, moments: CubeTensor, x: CubeTensor) -> CubeTensor {
        let [weights, x] = [weights, x].map(into_contiguous);
        let rows = count(&x) / layer.inputs();
        let y = || empty(&x, [rows, layer.outputs()]);
        match &layer {
            Layer::Dense(layer) => {
                let y = y();
                product::launch(Pass::Forward, layer, rows, [&x, &weights, &x, &y]);
                y
            }
            Layer::Conv(layer) => {
                let y = y();
                product::convolve(Pass::Forward, layer, rows, [&x, &weights, &x, &y]);
                y
            }
            Layer::Norm(layer) => norm::forward(layer, &weights, &into_contiguous(moments), &x),
            Layer::RowNorm(_) => unreachable!("composed on a GPU, see `has`"),
            Layer::Resize(layer) => resize::enlarge(layer, &x),
            Layer::Pool(layer) => resize::pool(layer, &x),
        }
    }

    fn noted(layer: Norm, moments: CubeTensor, x: CubeTensor) -> CubeTensor {
        let (moments, x) = (owned(moments), into_contiguous(x));
        norm::note(&layer, &x, &moments, layer.moments);
        moments
    }

    fn layer_backward(
        layer: Layer,
        weights: CubeTensor,
        (moments, own): (CubeTensor, bool),
        [x, y]: [CubeTensor; 2],
        dy: CubeTensor,
        gradient: Option<CubeTensor>,
        wants_input: bool,
    ) -> (Option<CubeTensor>, Option<CubeTensor>) {
        let [weights, moments, x, y, dy] = [weights, moments, x, y, dy].map(into_contiguous);
        let rows = count(&dy) / layer.outputs();
        let gradient = gradient.map(owned);
        let empty_dx = || empty(&dy, [rows, layer.inputs()]);
        let dx = match &layer {
            Layer::Dense(layer) => {
                if let Some(gradient) = &gradient {
                    product::launch(Pass::Weights, layer, rows, [&x, &dy, &y, gradient]);
                }
                wants_input.then(|| {
                    let dx = empty_dx();
                    product::launch(Pass::Input, layer, rows, [&dy, &weights, &y, &dx]);
                    dx
                })
            }
            Layer::Conv(layer) => {
                if let Some(gradient) = &gradient {
                    // The left factor is what is gathered: of a transposed one the gradient.
                    let [left, right] = if layer.transposed { [&dy, &x] } else { [&x, &dy] };
                    product::convolve(Pass::Weights, layer, rows, [left, right, &y, gradient]);
                    if layer.transposed {
                        resize::bias(layer, &y, &dy, gradient);
                    }
                }
                wants_input.then(|| {
                    let dx = empty_dx();
                    product::convolve(Pass::Input, layer, rows, [&dy, &weights, &y, &dx]);
                    dx
                })
            }
            Layer::Norm(layer) => {
                let given = Given { weights: &weights, moments: (&moments, layer.moments), x: &x, y: &y, dy: &dy };
                let (sums, at) = match &gradient {
                    Some(gradient) => (gradient.clone(), layer.offset),
                    None => (empty(&x, [2 * layer.grid.channels]), 0),
                };
                // With fixed moments only the weights need sums.
                if gradient.is_some() || (wants_input && own) {
                    norm::sums(layer, &given, &sums, at);
                }
                wants_input.then(|| norm::input(layer, &given, (&sums, at), own))
            }
            Layer::RowNorm(_) => unreachable!("composed on a GPU, see `has`"),
            Layer::Resize(layer) => wants_input.then(|| resize::enlarge_backward(layer, &dy)),
            Layer::Pool(layer) => wants_input.then(|| resize::pool_backward(layer, [&x, &y, &dy])),
        };
        (dx, gradient)
    }

    fn tangent(layer: Norm, weights: CubeTensor, x: CubeTensor, t: CubeTensor) -> CubeTensor {
        let [weights, x, t] = [weights, x, t].map(into_contiguous);
        along(&layer, &weights, &own_moments(&layer, &x), [&x, &t])
    }

    fn tangent_backward(
        layer: Norm,
        weights: CubeTensor,
        of: [CubeTensor; 3],
        gradient: CubeTensor,
    ) -> ([CubeTensor; 2], CubeTensor) {
        let ([x, t, u], weights, gradient) = (of.map(into_contiguous), into_contiguous(weights), owned(gradient));
        let moments = own_moments(&layer, &x);
        let dx = norm::tangent_input(&layer, &weights, (&moments, 0), [&x, &t, &u], &gradient);
        ([dx, along(&layer, &weights, &moments, [&x, &u])], gradient)
    }

    fn score_loss(scores: CubeTensor, terms: &[Term]) -> CubeTensor {
        loss::value(into_contiguous(scores), terms)
    }

    fn score_loss_backward(scores: CubeTensor, terms: &[Term], upstream: CubeTensor) -> CubeTensor {
        loss::slope(into_contiguous(scores), terms, into_contiguous(upstream))
    }

    fn surprise(_: CubeTensor, _: CubeTensor) -> CubeTensor {
        unreachable!("cross entropies are composed on a GPU, see `has_cross_entropy`")
    }

    fn surprise_backward(_: CubeTensor, _: CubeTensor, _: CubeTensor) -> CubeTensor {
        unreachable!("cross entropies are composed on a GPU, see `has_cross_entropy`")
    }

    fn crowd(_: Crowd, _: CubeTensor) -> CubeTensor {
        unreachable!("what is told of a batch is composed on a GPU, see `has_crowd`")
    }

    fn crowd_backward(_: Crowd, _: CubeTensor, _: CubeTensor) -> CubeTensor {
        unreachable!("what is told of a batch is composed on a GPU, see `has_crowd`")
    }

    fn update(state: Moving<Self>, gradient: CubeTensor, rates: CubeTensor, by: Update) -> Moving<Self> {
        let Moving { parameters, first, second, average } = state;
        let [parameters, first, second, average] = [parameters, first, second, average].map(owned);
        let state = Moving { parameters, first, second, average };
        update::launch(&state, into_contiguous(gradient), rates, by);
        state
    }

    fn window(block: CubeTensor, start: usize, rows: usize, columns: usize) -> CubeTensor {
        let block = into_contiguous(block);
        let (end, all) = (start + rows * columns, count(&block));
        assert!(end <= all, "the block reaches that far");
        let [before, after] = [start, all - end].map(|n| (n * size_of::<f32>()) as u64);
        if !before.is_multiple_of(block.client.properties().memory.alignment) {
            return sliced::<Self>(block, start, rows, columns);
        }
        let part = block.handle.offset_start(before).offset_end(after);
        CubeTensor::new_contiguous(block.client, block.device, Shape::from([rows, columns]), part, block.dtype)
    }
}

/// The moments of rows, by themselves.
fn own_moments(layer: &Norm, x: &CubeTensor) -> CubeTensor {
    let moments = empty(x, [2 * layer.grid.channels]);
    norm::note(layer, x, &moments, 0);
    moments
}

/// The derivative of a normalisation along `t`. Its Jacobian is symmetric, so that it is what comes back for a gradient `t`.
fn along(layer: &Norm, weights: &CubeTensor, moments: &CubeTensor, [x, t]: [&CubeTensor; 2]) -> CubeTensor {
    let plain = Norm { activation: None, ..*layer };
    // Without an activation nothing reads the output.
    let given = Given { weights, moments: (moments, 0), x, y: t, dy: t };
    let sums = empty(x, [2 * layer.grid.channels]);
    norm::sums(&plain, &given, &sums, 0);
    norm::input(&plain, &given, (&sums, 0), true)
}

fn count(tensor: &CubeTensor) -> usize {
    tensor.shape().num_elements()
}

/// A tensor whose numbers are anything, on the device of another.
fn empty<const D: usize>(like: &CubeTensor, shape: [usize; D]) -> CubeTensor {
    empty_device_dtype(like.client.clone(), like.device.clone(), Shape::from(shape), like.dtype)
}

/// The tensor itself if nothing else uses its memory, so that it may be written to; else a copy.
fn owned(tensor: CubeTensor) -> CubeTensor {
    let tensor = into_contiguous(tensor);
    if tensor.can_mut() { tensor } else { tensor.copy() }
}

/// A workgroup.
fn units() -> CubeDim {
    CubeDim::new_1d(UNITS as u32)
}

/// So many workgroups, in two dimensions if they are too many for one; a shader leaves what is too much.
fn cubes(n: usize) -> CubeCount {
    CubeCount::Static(n.min(MAX_CUBES) as u32, n.div_ceil(MAX_CUBES) as u32, 1)
}

#[cfg(test)]
mod tests;
