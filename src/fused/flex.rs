//! The kernels on the CPU engine: burn-flex's tensors around the plain arithmetic of [`crate::kernel`].

use std::sync::atomic::Ordering;

use burn::backend::flex::FlexTensor;
use burn::backend::{Flex, TensorMetadata};
use burn::tensor::TensorData;

use super::{Kernels, Moving, OPERATIONS};
use crate::kernel::{self, Dense, Descent, Moved, Term, Update};

fn count() {
    OPERATIONS.fetch_add(1, Ordering::Relaxed);
}

impl Kernels for Flex {
    fn dense(layer: Dense, weights: FlexTensor, x: FlexTensor) -> FlexTensor {
        count();
        let (weights, x) = (contiguous(weights), contiguous(x));
        matrix(kernel::forward(&layer, slice(&weights), slice(&x)), layer.outputs)
    }

    fn dense_backward(
        layer: Dense,
        weights: FlexTensor,
        [x, y]: [FlexTensor; 2],
        dy: FlexTensor,
        mut gradient: Option<FlexTensor>,
        wants_input: bool,
    ) -> (Option<FlexTensor>, Option<FlexTensor>) {
        count();
        let (weights, x, y) = (contiguous(weights), contiguous(x), contiguous(y));
        let mut dy = owned(dy);
        let given = kernel::Backward { x: slice(&x), y: slice(&y), weights: slice(&weights) };
        let own = gradient.as_mut().map(FlexTensor::storage_mut);
        let dx = kernel::backward(&layer, &given, dy.storage_mut(), own, wants_input);
        (dx.map(|dx| matrix(dx, layer.inputs)), gradient)
    }

    fn score_loss(scores: FlexTensor, terms: &[Term]) -> FlexTensor {
        count();
        FlexTensor::from_data(TensorData::new(vec![kernel::loss(slice(&contiguous(scores)), terms)], [1]))
    }

    fn score_loss_backward(scores: FlexTensor, terms: &[Term], upstream: FlexTensor) -> FlexTensor {
        count();
        let upstream = slice(&contiguous(upstream))[0];
        matrix(kernel::loss_gradient(slice(&contiguous(scores)), terms, upstream), 1)
    }

    fn update(state: Moving<Self>, gradient: FlexTensor, _: FlexTensor, by: Update) -> Moving<Self> {
        count();
        let Moving { parameters, first, second, average } = state;
        let [mut parameters, mut first, mut second, mut average] = [parameters, first, second, average].map(owned);
        let gradient = contiguous(gradient);
        let adam = matches!(by.descent, Descent::Adam(_));
        let moved = Moved {
            parameters: parameters.storage_mut(),
            first: if adam { first.storage_mut() } else { &mut [] },
            second: if adam { second.storage_mut() } else { &mut [] },
            average: if by.average.is_some() { average.storage_mut() } else { &mut [] },
        };
        kernel::update(moved, slice(&gradient), by);
        Moving { parameters, first, second, average }
    }
}

fn matrix(values: Vec<f32>, columns: usize) -> FlexTensor {
    let rows = values.len() / columns;
    FlexTensor::from_data(TensorData::new(values, [rows, columns]))
}

fn contiguous(tensor: FlexTensor) -> FlexTensor {
    if tensor.is_contiguous() { tensor } else { tensor.to_contiguous() }
}

fn slice(contiguous: &FlexTensor) -> &[f32] {
    contiguous.as_slice().expect("contiguous 32-bit floats")
}

/// A tensor whose storage is what its shape says, from the first number to the last; a copy only if it is not.
fn owned(tensor: FlexTensor) -> FlexTensor {
    let whole = tensor.is_contiguous() && tensor.storage::<f32>().len() == tensor.shape().num_elements();
    if whole { tensor } else { matrix(slice(&contiguous(tensor.clone())).to_vec(), 1).reshape(tensor.shape()) }
}
