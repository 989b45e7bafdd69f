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

impl Activation {
    /// Every choice: value in a link, title, explanation.
    pub const CHOICES: [(&'static str, &'static str, &'static str); 3] = [
        ("relu", "ReLU", "max(0, x)"),
        ("leaky", "leaky ReLU", "x above 0, 0.2 x below: gradients pass on both sides"),
        ("tanh", "tanh", "smooth, between −1 and 1"),
    ];
    const ALL: [Self; 3] = [Self::Relu, Self::Leaky, Self::Tanh];

    /// The name in a link.
    pub fn name(self) -> &'static str {
        Self::CHOICES[self as usize].0
    }

    /// The activation of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.name() == name)
    }
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
