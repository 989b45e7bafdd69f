//! The kernels on GPUs: shaders that burn's cubecl backend generates and launches, one dispatch for each operation.
//!
//! What a shader is told in scalars is the same in every step: cubecl keeps such arguments on the device, so that a launch
//! uploads nothing. An update's rates, which change, come from a tensor that is uploaded for many updates at once.

mod loss;
mod product;
mod update;

use burn::backend::TensorMetadata;
use burn::tensor::Shape;
use burn_cubecl::cubecl::prelude::{CubeCount, CubeDim};
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::ops::numeric::empty_device_dtype;
use burn_cubecl::{CubeBackend, tensor::CubeTensor};

use self::product::Pass;
use super::{Kernels, Moving, sliced};
use crate::kernel::{Dense, Layer, Norm, Term, Update};

/// Units of a workgroup, the most that every WebGPU device has.
const UNITS: usize = 256;
/// The most workgroups along one axis in WebGPU.
const MAX_CUBES: usize = 65_535;

impl Kernels for CubeBackend {
    fn layer(layer: Layer, weights: CubeTensor, _: CubeTensor, x: CubeTensor) -> CubeTensor {
        let layer = dense(&layer);
        let [weights, x] = [weights, x].map(into_contiguous);
        let rows = count(&x) / layer.inputs;
        let y = empty(&x, [rows, layer.outputs]);
        product::launch(Pass::Forward, layer, rows, [&x, &weights, &x, &y]);
        y
    }

    fn noted(_: Norm, _: CubeTensor, _: CubeTensor) -> CubeTensor {
        unreachable!("networks that normalise are composed on a GPU, see `has`")
    }

    fn layer_backward(
        layer: Layer,
        weights: CubeTensor,
        _: (CubeTensor, bool),
        [x, y]: [CubeTensor; 2],
        dy: CubeTensor,
        gradient: Option<CubeTensor>,
        wants_input: bool,
    ) -> (Option<CubeTensor>, Option<CubeTensor>) {
        let layer = dense(&layer);
        let [weights, x, y, dy] = [weights, x, y, dy].map(into_contiguous);
        let rows = count(&dy) / layer.outputs;
        let gradient = gradient.map(owned);
        if let Some(gradient) = &gradient {
            product::launch(Pass::Weights, layer, rows, [&x, &dy, &y, gradient]);
        }
        let dx = wants_input.then(|| {
            let dx = empty(&dy, [rows, layer.inputs]);
            product::launch(Pass::Input, layer, rows, [&dy, &weights, &y, &dx]);
            dx
        });
        (dx, gradient)
    }

    fn tangent(_: Norm, _: CubeTensor, _: CubeTensor, _: CubeTensor) -> CubeTensor {
        unreachable!("networks that normalise are composed on a GPU, see `has`")
    }

    fn tangent_backward(_: Norm, _: CubeTensor, _: [CubeTensor; 3], _: CubeTensor) -> ([CubeTensor; 2], CubeTensor) {
        unreachable!("networks that normalise are composed on a GPU, see `has`")
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

/// The only kind of layer that has shaders.
fn dense(layer: &Layer) -> &Dense {
    let Layer::Dense(layer) = layer else {
        unreachable!("networks with other layers are composed on a GPU, see `has`")
    };
    layer
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
