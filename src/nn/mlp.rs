//! The multilayer perceptron.

use burn::tensor::Tensor;

use super::{Layout, Network, Parameter, Weights, activation};
use crate::kernel::{Activation, Dense};

/// Fully connected layers with an activation between them, and one, if asked for, at the end.
///
/// Weights and biases start uniform in ±1/√fan-in, as in PyTorch's `Linear`, which the minimal implementations that
/// others compare with all use.
pub struct Mlp {
    layers: Vec<Dense>,
    layout: Layout,
}

impl Mlp {
    /// An MLP from `inputs` over the `hidden` widths to `outputs`.
    pub fn new(
        inputs: usize,
        hidden: &[usize],
        outputs: usize,
        activation: Activation,
        last: Option<Activation>,
    ) -> Self {
        let widths: Vec<usize> = [&[inputs], hidden, &[outputs]].concat();
        let (mut layers, mut parameters) = (Vec::<Dense>::new(), Vec::new());
        for (i, pair) in widths.windows(2).enumerate() {
            let activation = if i < hidden.len() { Some(activation) } else { last };
            let offset = layers.last().map_or(0, |layer| layer.range().end);
            layers.push(Dense { offset, inputs: pair[0], outputs: pair[1], activation });
            let bound = 1.0 / (pair[0] as f64).sqrt();
            parameters.push(Parameter {
                name: format!("layers.{i}.weight"),
                shape: pair.to_vec(),
                bound,
                is_bias: false,
            });
            parameters.push(Parameter {
                name: format!("layers.{i}.bias"),
                shape: vec![1, pair[1]],
                bound,
                is_bias: true,
            });
        }
        Self { layers, layout: Layout::new(parameters) }
    }
}

impl Network for Mlp {
    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn forward(&self, weights: &Weights, x: Tensor<2>) -> Tensor<2> {
        weights.layers(0, &self.layers, x)
    }

    fn tangent(&self, weights: &Weights, x: Tensor<2>, v: Tensor<2>) -> Tensor<2> {
        let linear = weights.linear(&self.layout);
        let (mut y, mut t) = (x, v);
        for (i, layer) in self.layers.iter().enumerate() {
            t = linear.layers(2 * i, &[Dense { activation: None, ..*layer }], t);
            if let Some(function) = layer.activation {
                y = weights.layers(2 * i, std::slice::from_ref(layer), y);
                t = t * activation::slope(function, y.clone());
            } else if i + 1 < self.layers.len() {
                y = weights.layers(2 * i, std::slice::from_ref(layer), y);
            }
        }
        t
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;
    use crate::nn::matrix;

    #[test]
    fn a_hand_made_network_gives_the_hand_made_output() {
        let net = Mlp::new(2, &[2], 1, Activation::Relu, None);
        // W1 = [[1, -1], [2, 3]], b1 = [0, 1]; W2 = [[1], [10]], b2 = [0.5]
        let flat = [1.0_f32, -1.0, 2.0, 3.0, 0.0, 1.0, 1.0, 10.0, 0.5];
        let device = Device::flex();
        let flat = Tensor::<1>::from_floats(flat, &device);
        // x = (1, 1): h = (3, 3); x = (1, -1): h = (0, 0) after ReLU of (-1, -3)
        let out = net.forward(&net.layout().constants(&flat), matrix(vec![1.0, 1.0, 1.0, -1.0], 2, &device));
        assert_eq!(out.into_data().try_to_vec::<f32>().unwrap(), vec![33.5, 0.5]);
    }

    #[test]
    fn the_layout_counts_every_weight() {
        let net = Mlp::new(2, &[8, 8], 1, Activation::Leaky, None);
        assert_eq!(net.layout().len(), 2 * 8 + 8 + 8 * 8 + 8 + 8 + 1);
        let values = net.layout().init(&mut crate::rng::Rng::stream(1, "init"));
        assert_eq!(values.len(), net.layout().len());
        assert!(values.iter().all(|v| v.abs() <= 1.0 / 2.0_f32.sqrt()));
    }
}
