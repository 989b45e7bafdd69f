//! The fused operations in burn's graph: what each keeps for its backward pass, and what it gives back.

use burn::backend::TensorMetadata;
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::{Autodiff, AutodiffBackend, tensor::FloatTensor};

use super::{Fused, Kernels, Passed, passed};
use crate::kernel::{Crowd, Layer, Norm, Term};

impl<B: Kernels + Fused, C: CheckpointStrategy> Fused for Autodiff<B, C> {
    fn layers(
        weights: FloatTensor<Self>,
        moments: FloatTensor<Self>,
        x: FloatTensor<Self>,
        layers: Vec<Layer>,
        own: bool,
    ) -> Passed<Self> {
        let (weights, weights_node) = weights.into_parts();
        let (mut y, x_node) = x.into_parts();
        let moments = moments.into_primitive();
        match Layers.prepare::<C>([weights_node, x_node]).compute_bound().stateful() {
            OpsKind::UnTracked(graph) => {
                let Passed { y, moments } = <B as Fused>::layers(weights, moments, y, layers, own);
                Passed { y: graph.finish(y), moments: Self::from_inner(moments) }
            }
            OpsKind::Tracked(graph) => {
                let mut outputs = Vec::with_capacity(layers.len() + 1);
                let moments = passed::<B>(&weights, moments, &layers, own, &mut y, |x| outputs.push(x.clone()));
                outputs.push(y.clone());
                let kept = Kept { layers, weights, moments: (moments.clone(), own), outputs };
                Passed { y: graph.finish(kept, y), moments: Self::from_inner(moments) }
            }
        }
    }

    fn bent(weights: FloatTensor<Self>, x: FloatTensor<Self>, t: FloatTensor<Self>, layer: Norm) -> FloatTensor<Self> {
        let (weights, weights_node) = weights.into_parts();
        let ((x, x_node), (t, t_node)) = (x.into_parts(), t.into_parts());
        let y = B::tangent(layer, weights.clone(), x.clone(), t.clone());
        match Bent.prepare::<C>([weights_node, x_node, t_node]).compute_bound().stateful() {
            OpsKind::UnTracked(graph) => graph.finish(y),
            OpsKind::Tracked(graph) => graph.finish((layer, weights, [x, t]), y),
        }
    }

    fn crossed(scores: FloatTensor<Self>, targets: FloatTensor<Self>) -> FloatTensor<Self> {
        let (scores, node) = scores.into_parts();
        let targets = targets.into_primitive();
        let loss = B::surprise(scores.clone(), targets.clone());
        match Crossed.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::UnTracked(graph) => graph.finish(loss),
            OpsKind::Tracked(graph) => graph.finish([scores, targets], loss),
        }
    }

    fn crowded(x: FloatTensor<Self>, of: Crowd) -> FloatTensor<Self> {
        let (x, node) = x.into_parts();
        let found = B::crowd(of, x.clone());
        match Crowded.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::UnTracked(graph) => graph.finish(found),
            OpsKind::Tracked(graph) => graph.finish((of, x), found),
        }
    }

    fn loss(scores: FloatTensor<Self>, terms: Vec<Term>) -> FloatTensor<Self> {
        let (scores, node) = scores.into_parts();
        let loss = B::score_loss(scores.clone(), &terms);
        match Loss.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::UnTracked(graph) => graph.finish(loss),
            OpsKind::Tracked(graph) => graph.finish((scores, terms), loss),
        }
    }
}

/// Layers, with their weights and their input as parents.
#[derive(Debug)]
struct Layers;

/// What the layers' backward pass needs.
#[derive(Clone, Debug)]
struct Kept<T> {
    layers: Vec<Layer>,
    weights: T,
    /// What was normalised with, and whether it is the rows' own.
    moments: (T, bool),
    /// The input, then every layer's output.
    outputs: Vec<T>,
}

impl<B: Kernels> Backward<B, 2> for Layers {
    type State = Kept<FloatTensor<B>>;

    fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Gradients, _: &mut Checkpointer) {
        let [weights_node, x_node] = ops.parents;
        let mut dy = grads.consume::<B>(&ops.node);
        let Kept { layers, weights, moments, mut outputs } = ops.state;
        // Every number of it is written if the layers cover the weights, as those of a whole network do.
        let mut gradient = weights_node.is_some().then(|| {
            let covered: usize = layers.iter().map(|layer| layer.range().len()).sum();
            let (shape, device, kind) = (weights.shape(), weights.device(), weights.dtype().into());
            if covered == shape.num_elements() {
                B::float_empty(shape, &device, kind)
            } else {
                B::float_zeros(shape, &device, kind)
            }
        });
        let mut dx = None;
        for (i, layer) in layers.iter().enumerate().rev() {
            let (Some(y), Some(x)) = (outputs.pop(), outputs.last().cloned()) else {
                unreachable!("an output for each layer, and the input")
            };
            let wanted = i > 0 || x_node.is_some();
            (dx, gradient) = B::layer_backward(*layer, weights.clone(), moments.clone(), [x, y], dy, gradient, wanted);
            match &dx {
                Some(dx) => dy = dx.clone(),
                None => break,
            }
        }
        if let (Some(node), Some(gradient)) = (weights_node, gradient) {
            grads.register::<B>(node.id, gradient);
        }
        if let (Some(node), Some(dx)) = (x_node, dx) {
            grads.register::<B>(node.id, dx);
        }
    }
}

/// The tangent of a normalisation, with its weights, its input and the direction as parents.
#[derive(Debug)]
struct Bent;

impl<B: Kernels> Backward<B, 3> for Bent {
    type State = (Norm, FloatTensor<B>, [FloatTensor<B>; 2]);

    fn backward(self, ops: Ops<Self::State, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let u = grads.consume::<B>(&ops.node);
        let (layer, weights, [x, t]) = ops.state;
        let gradient = B::float_zeros(weights.shape(), &weights.device(), weights.dtype().into());
        let ([dx, dt], gradient) = B::tangent_backward(layer, weights, [x, t, u], gradient);
        for (node, gradient) in ops.parents.into_iter().zip([gradient, dx, dt]) {
            if let Some(node) = node {
                grads.register::<B>(node.id, gradient);
            }
        }
    }
}

/// A cross entropy, with its scores as parent.
#[derive(Debug)]
struct Crossed;

impl<B: Kernels> Backward<B, 1> for Crossed {
    type State = [FloatTensor<B>; 2];

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let upstream = grads.consume::<B>(&ops.node);
        let [scores, targets] = ops.state;
        if let [Some(node)] = ops.parents {
            grads.register::<B>(node.id, B::surprise_backward(scores, targets, upstream));
        }
    }
}

/// What is told of a batch, with the batch as parent.
#[derive(Debug)]
struct Crowded;

impl<B: Kernels> Backward<B, 1> for Crowded {
    type State = (Crowd, FloatTensor<B>);

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let dy = grads.consume::<B>(&ops.node);
        let (of, x) = ops.state;
        if let [Some(node)] = ops.parents {
            grads.register::<B>(node.id, B::crowd_backward(of, x, dy));
        }
    }
}

/// A loss, with its scores as parent.
#[derive(Debug)]
struct Loss;

impl<B: Kernels> Backward<B, 1> for Loss {
    type State = (FloatTensor<B>, Vec<Term>);

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let upstream = grads.consume::<B>(&ops.node);
        let (scores, terms) = ops.state;
        if let [Some(node)] = ops.parents {
            grads.register::<B>(node.id, B::score_loss_backward(scores, &terms, upstream));
        }
    }
}
