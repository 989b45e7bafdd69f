//! The model families, one file each.

pub mod gan;

use burn::tensor::Device;

use crate::experiment::{Experiment, PlayerSpec};
use crate::kernel::Activation;
use crate::nn::{Mlp, Network};
use crate::train::program::Program;

/// What a family is and where it comes from.
pub struct Info {
    /// Its name in a link.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// One sentence.
    pub about: &'static str,
    /// The paper that introduced it.
    pub paper: &'static str,
    /// The paper's year.
    pub year: u16,
}

/// A family of models.
pub trait Family: Sync {
    /// What it is.
    fn info(&self) -> &'static Info;

    /// The names of its moves, for who makes them by hand.
    fn moves(&self) -> &'static [&'static str];

    /// A run of it at its beginning.
    fn build(&self, experiment: &Experiment, device: &Device) -> Box<dyn Program>;
}

/// The hidden layers of a player, as an MLP between the given widths.
fn mlp(player: &PlayerSpec, inputs: usize, outputs: usize, last: Option<Activation>) -> Box<dyn Network> {
    Box::new(Mlp::new(inputs, &player.layers, outputs, player.activation, last))
}
