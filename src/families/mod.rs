//! The model families, one file each.

pub mod acgan;
pub mod autoencoder;
pub(crate) mod body;
pub mod cgan;
pub mod classifier;
pub mod cyclegan;
pub mod dcgan;
pub mod gan;
pub mod gaussian;
pub mod infogan;
pub mod kde;
pub mod matrix;
pub mod mixture;
pub mod toy;
pub mod vae;

use burn::tensor::Device;

use crate::experiment::{Experiment, Form, Normal, PlayerSpec};
use crate::kernel::{Activation, Grid, Layer};
use crate::nn::{Build, Init, Net, Network};
use crate::text::{Text, name};
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
    /// Its networks, to be drawn: whose each is, and what passes through it.
    pub networks: fn(&Experiment) -> Vec<Drawn>,
    /// What a step takes.
    pub work: fn(&Experiment) -> Work,
    /// A run at its beginning.
    pub build: fn(&Experiment, &Device) -> Box<dyn Program>,
}

/// A network as it is drawn.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Drawn {
    /// Whose it is, as in [`Program::sizes`].
    pub player: &'static str,
    /// What it is called.
    pub title: Text,
    /// What passes through it, the input first.
    pub stages: Vec<Stage>,
}

/// What there is after a layer of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Stage {
    /// The layer that it comes from: `input`, `dense`, `conv`, `transposed`, `norm`, `resize`, `pool`, or `batch`: what
    /// is told of the batch.
    pub layer: &'static str,
    /// Lines of an image; 1 for plain rows.
    pub height: usize,
    /// Columns of an image; 1 for plain rows.
    pub width: usize,
    /// Numbers at a place.
    pub channels: usize,
}

/// A network as it is drawn.
fn drawn(player: &'static str, title: Text, net: &dyn Network) -> Drawn {
    let layers = net.layers();
    let grids = layers.iter().map(Layer::input).chain(layers.last().map(Layer::output));
    let names = std::iter::once("input").chain(layers.iter().map(Layer::name));
    // A fully connected layer knows nothing of the image that its numbers are, and the next one does; but the last is given more.
    let mingles = net.layout().mingle().is_some();
    let next = |i: usize| layers.get(i + 1).filter(|_| !mingles || i + 2 < layers.len());
    let outputs = layers.iter().enumerate().map(|(i, layer)| next(i).map_or(layer.output(), Layer::input));
    let stages = grids.take(1).chain(outputs).zip(names);
    let stage = |(grid, layer): (Grid, &'static str)| {
        let Grid { height, width, channels } = grid;
        Stage { layer, height, width, channels }
    };
    let mut stages: Vec<Stage> = stages.map(stage).collect();
    if let (true, Some(last)) = (mingles, layers.last()) {
        stages.insert(stages.len() - 1, Stage { layer: "batch", height: 1, width: 1, channels: last.inputs() });
    }
    Drawn { player, title, stages }
}

/// Those of a game.
fn drawn_pair([generator, discriminator]: [Box<dyn Network>; 2]) -> Vec<Drawn> {
    vec![drawn("g", name("G"), generator.as_ref()), drawn("d", name("D"), discriminator.as_ref())]
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

/// The hidden layers of an MLP, which normalise; a discriminator's first, which sees the sample as it is, does not.
fn hidden(player: &PlayerSpec, (normal, skip): (Normal, usize), inputs: usize) -> Build {
    let net = Build::new(Grid { height: 1, width: 1, channels: inputs }, player.begin.of(Init::FanIn));
    let hidden = player.layers.iter().enumerate();
    hidden.fold(net, |net, (i, &width)| {
        let normal = if i < skip { Normal::None } else { normal };
        body::normalised(normal, player.activation, net, |net, activation| net.dense(width, activation))
    })
}

/// The hidden layers of a player, as an MLP between the given widths.
fn mlp(player: &PlayerSpec, inputs: usize, outputs: usize, last: Option<Activation>) -> Box<dyn Network> {
    let init = player.begin.of(Init::FanIn);
    Box::new(Net::mlp_from(init, inputs, &player.layers, outputs, player.activation, last))
}
