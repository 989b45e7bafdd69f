//! The model families, one file each.

mod body;
pub mod dcgan;
pub mod gan;
pub mod gaussian;
pub mod kde;
pub mod mixture;

use burn::tensor::Device;

use crate::experiment::{Experiment, Form, PlayerSpec};
use crate::kernel::Activation;
use crate::nn::{Net, Network};
use crate::text::Text;
use crate::train::program::Program;
use crate::train::work::Work;

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
    /// Its moves, for who makes them by hand.
    pub moves: &'static [Turn],
    /// What a step takes.
    pub work: fn(&Experiment) -> Work,
    /// A run at its beginning.
    pub build: fn(&Experiment, &Device) -> Box<dyn Program>,
}

/// A move of a family as a person makes it.
pub struct Turn {
    /// The name of these moves.
    pub name: &'static str,
    /// A letter or two for it.
    pub short: &'static str,
    /// What it does when it is made alone.
    pub only: Text,
    /// What it does in a step.
    pub about: Text,
    /// The field that says how often it is made in a step.
    pub times: Option<&'static str>,
}

/// The hidden layers of a player, as an MLP between the given widths.
fn mlp(player: &PlayerSpec, inputs: usize, outputs: usize, last: Option<Activation>) -> Box<dyn Network> {
    Box::new(Net::mlp(inputs, &player.layers, outputs, player.activation, last))
}
