//! Layers as plain data: what is computed, and where its weights lie.

use std::ops::Range;

/// The slope of the leaky ReLU below 0 (Radford et al. 2015).
pub const LEAK: f32 = 0.2;

/// An element-wise non-linearity between layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// max(0, x)
    Relu,
    /// x for x > 0, else 0.2 x (Radford et al. 2015)
    Leaky,
    /// tanh x
    Tanh,
}

/// One fully connected layer, y = φ(x W + b), and where its weights lie in the network's flat ones: the matrix, row-major
/// `inputs × outputs`, and then the bias.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dense {
    /// Where the matrix begins.
    pub offset: usize,
    /// Width of an input row.
    pub inputs: usize,
    /// Width of an output row.
    pub outputs: usize,
    /// φ; none is the identity.
    pub activation: Option<Activation>,
}

impl Dense {
    /// Where the layer's weights lie: matrix and bias.
    pub fn range(&self) -> Range<usize> {
        self.offset..self.offset + (self.inputs + 1) * self.outputs
    }
}
