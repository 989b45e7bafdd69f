//! Layers as plain data: what is computed, and where its weights lie.

use std::ops::Range;

use super::grid::{Grid, Window};

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
    /// eˣ
    Exp,
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

/// A convolution, or the transposed one, with a bias for each channel of its output. Images are rows, see [`Grid`].
///
/// The convolution looks through the window from the coarse grid to the fine one, y(p) = φ(b + Σₖ W(k)ᵀ x(p · stride − padding + k)); the
/// transposed one goes the other way: its input is the coarse grid, and each place of it adds W(k) x to the places of the fine one
/// that it sees (Dumoulin and Visin 2016).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conv {
    /// Where the weights begin: `taps × fine channels × coarse channels`, row-major, and then the bias.
    pub offset: usize,
    /// What is seen of what.
    pub window: Window,
    /// From the coarse grid to the fine one.
    pub transposed: bool,
    /// φ; none is the identity.
    pub activation: Option<Activation>,
}

impl Conv {
    /// The shape of an input row.
    pub fn input(&self) -> Grid {
        if self.transposed { self.window.coarse } else { self.window.fine }
    }

    /// The shape of an output row.
    pub fn output(&self) -> Grid {
        if self.transposed { self.window.fine } else { self.window.coarse }
    }

    /// Numbers of the weights without the bias.
    pub fn matrix(&self) -> usize {
        self.window.taps() * self.window.fine.channels * self.window.coarse.channels
    }

    /// Where the layer's weights lie: matrix and bias.
    pub fn range(&self) -> Range<usize> {
        self.offset..self.offset + self.matrix() + self.output().channels
    }
}

/// Added to a variance before it divides (Ioffe and Szegedy 2015).
pub const TINY: f32 = 1e-5;

/// Batch normalisation of each channel over rows and places, and an activation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Norm {
    /// Where the weights begin: a scale for each channel, and then a shift.
    pub offset: usize,
    /// Where its means and variances lie among those of the network.
    pub moments: usize,
    /// The shape of a row.
    pub grid: Grid,
    /// φ; none is the identity.
    pub activation: Option<Activation>,
}

impl Norm {
    /// Where the layer's weights lie.
    pub fn range(&self) -> Range<usize> {
        self.offset..self.offset + 2 * self.grid.channels
    }

    /// Where its means lie, and then its variances.
    pub fn kept(&self) -> Range<usize> {
        self.moments..self.moments + 2 * self.grid.channels
    }
}

/// Layer normalisation of each row over all its numbers, with a scale and a shift for each channel, and an activation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowNorm {
    /// Where the weights begin: a scale for each channel, and then a shift.
    pub offset: usize,
    /// The shape of a row.
    pub grid: Grid,
    /// φ; none is the identity.
    pub activation: Option<Activation>,
}

impl RowNorm {
    /// Where the layer's weights lie.
    pub fn range(&self) -> Range<usize> {
        self.offset..self.offset + 2 * self.grid.channels
    }
}

/// Upsampling: each place becomes `factor × factor` of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resize {
    /// The shape of an input row.
    pub grid: Grid,
    /// How often a place is repeated in each direction.
    pub factor: usize,
}

/// What a pool takes of what it sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pooled {
    /// The mean.
    Mean,
    /// The largest.
    Most,
}

/// Pooling, channel by channel. What a place sees lies inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// From the input to the output.
    pub window: Window,
    /// What is taken.
    pub kind: Pooled,
}

/// A layer of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// Fully connected.
    Dense(Dense),
    /// A convolution, or the transposed one.
    Conv(Conv),
    /// Batch normalisation.
    Norm(Norm),
    /// Layer normalisation.
    RowNorm(RowNorm),
    /// Upsampling.
    Resize(Resize),
    /// Pooling.
    Pool(Pool),
}

impl Layer {
    /// What it is called.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Dense(_) => "dense",
            Self::Conv(Conv { transposed: false, .. }) => "conv",
            Self::Conv(_) => "transposed",
            Self::Norm(_) | Self::RowNorm(_) => "norm",
            Self::Resize(_) => "resize",
            Self::Pool(_) => "pool",
        }
    }

    /// The shape of an input row, as far as it knows it.
    pub fn input(&self) -> Grid {
        match self {
            Self::Dense(layer) => Grid { height: 1, width: 1, channels: layer.inputs },
            Self::Conv(layer) => layer.input(),
            Self::Norm(layer) => layer.grid,
            Self::RowNorm(layer) => layer.grid,
            Self::Resize(layer) => layer.grid,
            Self::Pool(layer) => layer.window.fine,
        }
    }

    /// The shape of an output row, as far as it knows it.
    pub fn output(&self) -> Grid {
        match self {
            Self::Dense(layer) => Grid { height: 1, width: 1, channels: layer.outputs },
            Self::Conv(layer) => layer.output(),
            Self::Norm(layer) => layer.grid,
            Self::RowNorm(layer) => layer.grid,
            Self::Resize(Resize { grid, factor }) => {
                Grid { height: grid.height * factor, width: grid.width * factor, channels: grid.channels }
            }
            Self::Pool(layer) => layer.window.coarse,
        }
    }

    /// Numbers of an input row.
    pub fn inputs(&self) -> usize {
        self.input().len()
    }

    /// Numbers of an output row.
    pub fn outputs(&self) -> usize {
        self.output().len()
    }

    /// Where its weights lie.
    pub fn range(&self) -> Range<usize> {
        match self {
            Self::Dense(layer) => layer.range(),
            Self::Conv(layer) => layer.range(),
            Self::Norm(layer) => layer.range(),
            Self::RowNorm(layer) => layer.range(),
            Self::Resize(_) | Self::Pool(_) => 0..0,
        }
    }

    /// Its activation.
    pub fn activation(&self) -> Option<Activation> {
        match self {
            Self::Dense(Dense { activation, .. })
            | Self::Conv(Conv { activation, .. })
            | Self::Norm(Norm { activation, .. })
            | Self::RowNorm(RowNorm { activation, .. }) => *activation,
            Self::Resize(_) | Self::Pool(_) => None,
        }
    }

    /// Multiplications that a row takes.
    pub fn products(&self) -> usize {
        match self {
            Self::Dense(layer) => layer.inputs * layer.outputs,
            Self::Conv(layer) => layer.window.coarse.places() * layer.matrix(),
            Self::Norm(_) | Self::RowNorm(_) | Self::Resize(_) | Self::Pool(_) => 0,
        }
    }
}
