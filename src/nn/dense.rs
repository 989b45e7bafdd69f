//! A fully connected layer as plain data.

use std::ops::Range;

use super::Activation;

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
