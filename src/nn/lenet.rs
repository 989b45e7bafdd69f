//! The classifier's network, of the class of LeNet-5 (LeCun et al. 1998): two convolutions of 5 × 5, each with pooling, a fully
//! connected layer of features, and one of scores.

use super::net::{Build, Init, Net, Square};
use crate::kernel::{Activation, Grid, Pooled};

/// How large it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lenet {
    /// A row of what it reads.
    pub image: Grid,
    /// Channels of the second convolution; the first has half as many.
    pub width: usize,
    /// Features.
    pub features: usize,
    /// Scores.
    pub classes: usize,
    /// After each layer but the last.
    pub activation: Activation,
}

impl Lenet {
    /// An image of this side leaves something after two convolutions and two poolings.
    pub const LEAST: usize = 16;

    /// From images to scores.
    pub fn scores(&self) -> Net {
        self.body().dense(self.features, Some(self.activation)).dense(self.classes, None).done()
    }

    /// From images to features, before their activation. Its weights are the first of those of [`Lenet::scores`].
    pub fn seen(&self) -> Net {
        self.body().dense(self.features, None).done()
    }

    fn body(&self) -> Build {
        let window = Square { size: 5, stride: 1, padding: 0 };
        let activation = Some(self.activation);
        Build::new(self.image, Init::FanIn)
            .conv((self.width / 2).max(1), window, activation)
            .pool(Pooled::Most, 2, 2)
            .conv(self.width, window, activation)
            .pool(Pooled::Most, 2, 2)
    }
}
