//! The kernels on the CPU engine: burn-flex's tensors around the plain arithmetic of [`crate::kernel`].

use std::sync::atomic::Ordering;

use burn::backend::flex::FlexTensor;
use burn::backend::{Flex, TensorMetadata};
use burn::tensor::TensorData;

use super::{Kernels, Moving, OPERATIONS};
use crate::kernel::{self, Crowd, Descent, Layer, Moved, Norm, Term, Update};

fn count() {
    OPERATIONS.fetch_add(1, Ordering::Relaxed);
}

impl Kernels for Flex {
    fn layer(layer: Layer, weights: FlexTensor, moments: FlexTensor, x: FlexTensor) -> FlexTensor {
        count();
        let [weights, moments, x] = [weights, moments, x].map(contiguous);
        let moments = of_layer(&layer, &moments);
        matrix(kernel::forward(&layer, slice(&weights), moments, slice(&x)), layer.outputs())
    }

    fn noted(layer: Norm, moments: FlexTensor, x: FlexTensor) -> FlexTensor {
        count();
        let mut moments = owned(moments);
        let found = kernel::moments(&layer, slice(&contiguous(x)));
        moments.storage_mut::<f32>()[layer.kept()].copy_from_slice(&found);
        moments
    }

    fn layer_backward(
        layer: Layer,
        weights: FlexTensor,
        (moments, own): (FlexTensor, bool),
        [x, y]: [FlexTensor; 2],
        dy: FlexTensor,
        mut gradient: Option<FlexTensor>,
        wants_input: bool,
    ) -> (Option<FlexTensor>, Option<FlexTensor>) {
        count();
        let [weights, moments, x, y] = [weights, moments, x, y].map(contiguous);
        let mut dy = owned(dy);
        let given = kernel::Backward { x: slice(&x), y: slice(&y), weights: slice(&weights) };
        let moments = (of_layer(&layer, &moments), own);
        let into = gradient.as_mut().map(FlexTensor::storage_mut);
        let dx = kernel::backward(&layer, &given, moments, dy.storage_mut(), into, wants_input);
        (dx.map(|dx| matrix(dx, layer.inputs())), gradient)
    }

    fn tangent(layer: Norm, weights: FlexTensor, x: FlexTensor, t: FlexTensor) -> FlexTensor {
        count();
        let [weights, x, t] = [weights, x, t].map(contiguous);
        matrix(kernel::norm_tangent(&layer, slice(&weights), slice(&x), slice(&t)), layer.grid.len())
    }

    fn tangent_backward(
        layer: Norm,
        weights: FlexTensor,
        of: [FlexTensor; 3],
        mut gradient: FlexTensor,
    ) -> ([FlexTensor; 2], FlexTensor) {
        count();
        let (weights, of) = (contiguous(weights), of.map(contiguous));
        let into = Some(gradient.storage_mut());
        let found = kernel::norm_tangent_backward(&layer, slice(&weights), of.each_ref().map(slice), into);
        (found.map(|d| matrix(d, layer.grid.len())), gradient)
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

    fn surprise(scores: FlexTensor, targets: FlexTensor) -> FlexTensor {
        count();
        let [scores, targets] = [scores, targets].map(contiguous);
        let loss = kernel::cross_entropy(slice(&scores), slice(&targets), columns(&scores));
        FlexTensor::from_data(TensorData::new(vec![loss], [1]))
    }

    fn surprise_backward(scores: FlexTensor, targets: FlexTensor, upstream: FlexTensor) -> FlexTensor {
        count();
        let [scores, targets, upstream] = [scores, targets, upstream].map(contiguous);
        let (classes, upstream) = (columns(&scores), slice(&upstream)[0]);
        matrix(kernel::cross_entropy_gradient(slice(&scores), slice(&targets), classes, upstream), classes)
    }

    fn crowd(of: Crowd, x: FlexTensor) -> FlexTensor {
        count();
        let x = contiguous(x);
        matrix(kernel::crowd(of, slice(&x), columns(&x)), of.extra())
    }

    fn crowd_backward(of: Crowd, x: FlexTensor, dy: FlexTensor) -> FlexTensor {
        count();
        let [x, dy] = [x, dy].map(contiguous);
        matrix(kernel::crowd_backward(of, slice(&x), slice(&dy), columns(&x)), columns(&x))
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

/// The part of a network's moments that a layer normalises with.
fn of_layer<'a>(layer: &Layer, moments: &'a FlexTensor) -> &'a [f32] {
    if let Layer::Norm(norm) = layer { &slice(moments)[norm.kept()] } else { &[] }
}

fn matrix(values: Vec<f32>, columns: usize) -> FlexTensor {
    let rows = values.len() / columns;
    FlexTensor::from_data(TensorData::new(values, [rows, columns]))
}

/// Of a matrix.
fn columns(matrix: &FlexTensor) -> usize {
    matrix.shape()[1]
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
