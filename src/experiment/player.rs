//! What is set for one player.

use crate::kernel::Activation;

/// The optimisers that a person can choose from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Plain gradient descent.
    Sgd,
    /// Tieleman and Hinton 2012.
    RmsProp,
    /// Kingma and Ba 2015.
    Adam,
}

impl Method {
    /// Every choice: value in a link, title, explanation.
    pub const CHOICES: [(&'static str, &'static str, &'static str); 3] = [
        ("sgd", "SGD", "plain gradient descent: the step is the gradient times the rate"),
        (
            "rmsprop",
            "RMSProp",
            "steps scaled by a running mean of the gradient's square (Tieleman and Hinton 2012); β₂ from 0.9 to 0.99 is usual",
        ),
        ("adam", "Adam", "steps scaled by running means of the gradient and its square (Kingma and Ba 2015)"),
    ];
    const ALL: [Self; 3] = [Self::Sgd, Self::RmsProp, Self::Adam];

    /// The name in a link.
    pub fn name(self) -> &'static str {
        Self::CHOICES[self as usize].0
    }

    /// The optimiser of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.name() == name)
    }
}

/// One side of the game as a person sets it up.
#[derive(Clone, Debug, PartialEq)]
pub struct PlayerSpec {
    /// Widths of the hidden layers.
    pub layers: Vec<usize>,
    /// Between the layers.
    pub activation: Activation,
    /// What turns its gradients into steps.
    pub method: Method,
    /// Learning rate.
    pub rate: f64,
    /// Decays of the means of the gradient and of its square, for optimisers that keep them.
    pub betas: [f64; 2],
    /// Updates in each step.
    pub updates: usize,
}
