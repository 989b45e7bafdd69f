//! The model families, one file each.

pub mod gan;

use burn::tensor::Device;

use crate::experiment::{Experiment, Form, PlayerSpec};
use crate::kernel::Activation;
use crate::nn::{Mlp, Network};
use crate::text::Text;
use crate::train::program::Program;

/// A family of models: what it is, where it comes from, and how a run of it begins.
pub struct Family {
    /// Its name, its fields, and their defaults on each dataset.
    pub form: Form,
    /// One sentence.
    pub about: Text,
    /// The paper that introduced it.
    pub paper: &'static str,
    /// The paper's year.
    pub year: u16,
    /// The family that it grew from.
    pub parent: Option<&'static str>,
    /// The names of its moves, for who makes them by hand.
    pub moves: &'static [&'static str],
    /// A run at its beginning.
    pub build: fn(&Experiment, &Device) -> Box<dyn Program>,
}

/// The hidden layers of a player, as an MLP between the given widths.
fn mlp(player: &PlayerSpec, inputs: usize, outputs: usize, last: Option<Activation>) -> Box<dyn Network> {
    Box::new(Mlp::new(inputs, &player.layers, outputs, player.activation, last))
}
