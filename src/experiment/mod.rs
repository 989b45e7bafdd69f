//! The experiment: everything that a run depends on, as plain data.
//!
//! An experiment is a base and a list of changes ([`Change`]): a run whose rate was changed at step 900 is one too.
//! A link is an experiment ([`link`]). What can be chosen, within which range and how it is explained stands once, in
//! the field table ([`FIELDS`]); the page's controls, the link, the command line and its help all read that table.

mod change;
mod engine;
mod field;
pub mod link;
mod noise;
mod player;
mod schedule;

pub use change::Change;
pub use engine::EngineChoice;
pub use field::{Choice, Effect, FIELDS, Field, Group, Kind, Only, Scale, Value};
pub use noise::Noise;
pub use player::{Method, PlayerSpec};
pub use schedule::Schedule;

use serde::{Serialize, Serializer};

use crate::catalog;
use crate::data::{Dataset, Defaults, Source};
use crate::kernel::Activation;
use crate::objective::{NON_SATURATING, Objective};

/// The versions of links. A default belongs to a version: a better one is a new version, and older links keep theirs.
pub const VERSIONS: std::ops::RangeInclusive<u8> = 1..=2;

/// What differs from the first version's defaults on any points: Adam without a mean of gradients, which lags behind a game
/// that turns, and with a mean of their squares that soon follows; samples from a running mean of the weights.
const POINTS: &[Defaults] =
    &[Defaults { since: 2, fields: &[("gb1", "0"), ("gb2", "0.99"), ("ema", "0.998"), ("db1", "0"), ("db2", "0.99")] }];

/// The same on any images, where such an Adam also bears higher rates.
const IMAGES: &[Defaults] = &[Defaults {
    since: 2,
    fields: &[
        ("z", "32"),
        ("glr", "0.001"),
        ("gb1", "0"),
        ("gb2", "0.99"),
        ("ema", "0.99"),
        ("dlr", "0.0005"),
        ("db1", "0"),
        ("db2", "0.99"),
    ],
}];

/// Everything that a run depends on: what holds at its start, and what was changed on the way.
#[derive(Clone, Debug, PartialEq)]
pub struct Experiment {
    /// The version of links whose defaults hold where nothing else is said.
    pub version: u8,
    /// The data to learn.
    pub data: &'static Dataset,
    /// How many images of an image set are used.
    pub images: usize,
    /// Name of the model family, in the catalogue.
    pub family: &'static str,
    /// What the players minimise.
    pub objective: &'static Objective,
    /// The distribution of G's input.
    pub noise: Noise,
    /// The dimension of G's input.
    pub latent: usize,
    /// Real samples, and generated samples, in each update.
    pub batch: usize,
    /// How both learning rates go over the run.
    pub schedule: Schedule,
    /// Steps over which they do.
    pub decay: u64,
    /// G.
    pub generator: PlayerSpec,
    /// Decay of the running mean of G's weights that samples and metrics come from; 0: they come from the weights.
    pub average: f64,
    /// D.
    pub discriminator: PlayerSpec,
    /// Chooses every random number of the run.
    pub seed: u64,
    /// The run stops at this step; 0: never.
    pub stop: u64,
    /// Where to run. Changes no result on the CPU engines.
    pub engine: EngineChoice,
    /// What was changed during the run, in the order of the steps; kept in order by [`Experiment::put`].
    pub(crate) changes: Vec<Change>,
}

impl Experiment {
    /// The newest defaults for a dataset: a configuration that learns it.
    pub fn of(data: &'static Dataset) -> Self {
        Self::of_version(*VERSIONS.end(), data)
    }

    /// The defaults of a version of links for a dataset.
    pub fn of_version(version: u8, data: &'static Dataset) -> Self {
        let player = |layers: &[usize], activation, rate, betas| PlayerSpec {
            layers: layers.to_vec(),
            activation,
            method: Method::Adam,
            rate,
            betas,
            updates: 1,
        };
        let (latent, batch, generator, discriminator, later) = match data.source {
            Source::Points(_) => (
                2,
                256,
                player(&[64, 64], Activation::Relu, 1e-3, [0.5, 0.999]),
                player(&[64, 64], Activation::Leaky, 1e-3, [0.5, 0.999]),
                POINTS,
            ),
            // Without normalisation D outruns G at equal rates, and samples stay noisy; a slower D keeps the game even.
            Source::Images(_) => (
                100,
                64,
                player(&[256, 512], Activation::Leaky, 5e-4, [0.5, 0.999]),
                player(&[512, 256], Activation::Leaky, 1e-4, [0.5, 0.999]),
                IMAGES,
            ),
        };
        let mut experiment = Self {
            version,
            data,
            images: 10_000,
            family: catalog::FAMILIES[0].info().name,
            objective: &NON_SATURATING,
            noise: Noise::Gaussian,
            latent,
            batch,
            schedule: Schedule::Constant,
            decay: 8_000,
            generator,
            average: 0.0,
            discriminator,
            seed: 7,
            stop: 0,
            engine: EngineChoice::Auto,
            changes: Vec::new(),
        };
        for defaults in later.iter().chain(data.defaults).filter(|defaults| defaults.since <= version) {
            for (field, text) in defaults.fields {
                let set = Field::named(field).map(|field| field.set_text(&mut experiment, text));
                debug_assert!(matches!(set, Some(Ok(()))), "{}: no default {field}={text}", data.name);
            }
        }
        experiment
    }

    /// `points` or `images`.
    pub fn kind(&self) -> &'static str {
        match self.data.source {
            Source::Points(_) => "points",
            Source::Images(_) => "images",
        }
    }

    /// How many numbers a sample has: the width of G's output and of D's input.
    pub fn features(&self) -> usize {
        match self.data.source {
            Source::Points(_) => 2,
            Source::Images(set) => set.pixels(),
        }
    }

    /// A short title: data, family, objective.
    pub fn title(&self) -> String {
        let family = catalog::family(self.family).map_or(self.family, |f| f.info().title);
        format!("{} · {family}, {}", self.data.title, self.objective.title)
    }
}

impl Default for Experiment {
    fn default() -> Self {
        Self::of(catalog::DATASETS[0])
    }
}

impl Serialize for Experiment {
    /// As a map from field names to their text form.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(FIELDS.iter().map(|f| (f.name, f.text(self))))
    }
}
