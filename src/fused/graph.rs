//! The fused operations in burn's graph: what each keeps for its backward pass, and what it gives back.

use burn::backend::TensorMetadata;
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::{Autodiff, tensor::FloatTensor};

use super::{Fused, Kernels};
use crate::kernel::{Dense, Term};

impl<B: Kernels + Fused, C: CheckpointStrategy> Fused for Autodiff<B, C> {
    fn layers(weights: FloatTensor<Self>, x: FloatTensor<Self>, layers: Vec<Dense>) -> FloatTensor<Self> {
        let (weights, weights_node) = weights.into_parts();
        let (x, x_node) = x.into_parts();
        match Layers.prepare::<C>([weights_node, x_node]).compute_bound().stateful() {
            OpsKind::UnTracked(graph) => graph.finish(<B as Fused>::layers(weights, x, layers)),
            OpsKind::Tracked(graph) => {
                let mut outputs = vec![x];
                for layer in &layers {
                    let x = outputs[outputs.len() - 1].clone();
                    outputs.push(B::dense(*layer, weights.clone(), x));
                }
                let y = outputs[outputs.len() - 1].clone();
                graph.finish(Kept { layers, weights, outputs }, y)
            }
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
    layers: Vec<Dense>,
    weights: T,
    /// The input, then every layer's output.
    outputs: Vec<T>,
}

impl<B: Kernels> Backward<B, 2> for Layers {
    type State = Kept<FloatTensor<B>>;

    fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Gradients, _: &mut Checkpointer) {
        let [weights_node, x_node] = ops.parents;
        let mut dy = grads.consume::<B>(&ops.node);
        let Kept { layers, weights, mut outputs } = ops.state;
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
            (dx, gradient) = B::dense_backward(*layer, weights.clone(), [x, y], dy, gradient, wanted);
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
