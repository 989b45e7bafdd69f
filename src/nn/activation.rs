//! Activation functions a person can choose.

use burn::tensor::{Tensor, activation};

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

    /// Applies the function to every element; the shape stays.
    pub fn apply(self, x: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Relu => activation::relu(x),
            Self::Leaky => activation::leaky_relu(x, f64::from(LEAK)),
            Self::Tanh => x.tanh(),
        }
    }
}
