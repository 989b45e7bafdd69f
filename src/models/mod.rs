//! The model families, one file each.

pub mod gan;

use crate::experiment::{Experiment, PlayerSpec};
use crate::nn::Network;

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

/// A family of adversarial models: it shapes the two networks; the loop is the same for all.
pub trait Family: Sync {
    /// What it is.
    fn info(&self) -> &'static Info;

    /// G, from noise of `experiment.latent` numbers to samples of `features` numbers in network units.
    fn generator(&self, experiment: &Experiment, features: usize) -> Box<dyn Network>;

    /// D, from samples of `features` numbers to one score.
    fn discriminator(&self, experiment: &Experiment, features: usize) -> Box<dyn Network>;
}

/// The hidden layers of a player, as an MLP between the given widths.
fn mlp(
    player: &PlayerSpec,
    inputs: usize,
    outputs: usize,
    last: Option<crate::kernel::Activation>,
) -> Box<dyn Network> {
    Box::new(crate::nn::Mlp::new(inputs, &player.layers, outputs, player.activation, last))
}
