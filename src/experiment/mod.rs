//! The experiment: everything that a run depends on, as plain data.
//!
//! An experiment is a base and a list of changes ([`Change`]): a run whose rate was changed at step 900 is one too.
//! A link is an experiment. What can be chosen, within which range and how it is explained stands in fields, which are
//! constants ([`Field`], [`Typed`]); which of them an experiment has, its family's form says ([`Form`]).

mod change;
mod common;
mod critic;
mod engine;
mod field;
mod form;
mod image;
mod init;
mod noise;
mod penalty;
mod pick;
mod player;
pub mod remarks;
mod schedule;

pub use change::Change;
pub use common::{
    AVERAGE, BATCH, CLASSES, CONSENSUS, DATA, DECAY, ENGINE, EXTRAGRADIENT, Extragradient, FAMILY, IMAGES, LATENT,
    NOISE, OBJECTIVE, SCHEDULE, SEED, STOP, UNROLL,
};
pub use critic::{DROPOUT, FLIPS, INSTANCE, INSTANCE_SPAN, KERNELS, MINGLED, Mingled, PACK, SPECTRAL, Spectral};
pub use engine::EngineChoice;
pub(crate) use field::named;
pub use field::{
    Choice, Effect, Field, Group, Kind, Named, Only, Scale, Typed, Value, choice, integer, layers, number, one_of,
};
pub use form::{Defaults, Form};
pub use image::{BODY, Body, D_NORM, DOWN, Down, G_NORM, HIDDEN, LAST, Last, Normal, UP, Up, WIDTH};
pub use init::{Begin, INIT};
pub use noise::Noise;
pub use penalty::{
    CLIP, EASED, GAMMA, LAMBDA, LAZY, PENALTY, Penalty, SIDES, SMOOTH, SMOOTH_FAKE, SQUARE_FAKE, SQUARE_G, SQUARE_REAL,
    Sides, TARGET,
};
pub use pick::{LOOK, NUMBERED, Pick};
pub use player::{
    ACTIVATIONS, DISCRIMINATOR, DISCRIMINATOR_LEARNING, GENERATOR, GENERATOR_LEARNING, MODEL, MODEL_LEARNING, Method,
    PlayerFields, PlayerSpec,
};
pub use schedule::Schedule;

use serde::{Serialize, Serializer};

use crate::data::{Dataset, Source};
use crate::message::Message;
use crate::text::Text;
use common::{HEAD, TAIL};

/// The versions of links. A default belongs to a version: a better one is a new version, and older links keep theirs.
pub const VERSIONS: std::ops::RangeInclusive<u8> = 1..=2;

/// Everything that a run depends on: what holds at its start, and what was changed on the way.
#[derive(Clone, Debug, PartialEq)]
pub struct Experiment {
    /// The version of links whose defaults hold where nothing else is said.
    pub version: u8,
    /// The data to learn.
    pub data: &'static Dataset,
    /// The family's form.
    pub form: &'static Form,
    /// In the order of [`Experiment::fields`].
    values: Vec<Value>,
    /// Fields that other families have and this one lacks, with their values: they hold again where the family is another.
    pub others: Vec<(&'static str, String)>,
    /// What was changed during the run, in the order of the steps; kept in order by [`Experiment::put`].
    changes: Vec<Change>,
}

impl Experiment {
    /// The defaults of a version of links for a dataset and a family.
    ///
    /// # Errors
    /// Why the family cannot learn the data.
    pub fn of(version: u8, data: &'static Dataset, form: &'static Form) -> Result<Self, Message> {
        let defaults = (form.fits)(data)?;
        let mut experiment = Self { version, data, form, values: Vec::new(), others: Vec::new(), changes: Vec::new() };
        let value = |field: &Field| match field.name {
            "data" => Value::Choice(data.name),
            "family" => Value::Choice(form.name),
            _ => field.parse(field.default).expect("a default is a value"),
        };
        experiment.values = experiment.fields().map(value).collect();
        for (name, text) in defaults.iter().filter(|defaults| defaults.since <= version).flat_map(|d| d.fields) {
            let set = experiment.field(name).map(|field| experiment.set_text(field, text));
            debug_assert!(matches!(set, Some(Ok(()))), "{}, {}: no default {name}={text}", form.name, data.name);
        }
        experiment.bound();
        Ok(experiment)
    }

    /// The same without any choice but version, data and family.
    pub fn defaults(&self) -> Self {
        Self::of(self.version, self.data, self.form).expect("this family learns these data already")
    }

    /// The fields of such an experiment, in the order in which a link and the page show them.
    pub fn fields(&self) -> impl Iterator<Item = &'static Field> + use<> {
        HEAD.into_iter().chain(self.form.fields.iter().copied().flatten().copied()).chain(TAIL)
    }

    /// The field of that name, if such an experiment has one.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields().find(|field| field.name == name)
    }

    fn value(&self, name: &str) -> Option<&Value> {
        self.fields().zip(&self.values).find(|(field, _)| field.name == name).map(|(_, value)| value)
    }

    fn put_value(&mut self, name: &str, value: Value) {
        if let Some(place) = self.fields().position(|field| field.name == name) {
            self.values[place] = value;
        }
    }

    /// A field's value in its text form, as in a link; empty if such an experiment has no such field.
    pub fn text(&self, field: &Field) -> String {
        self.value(field.name).map(Value::text).unwrap_or_default()
    }

    /// Sets a field from its text form. Data and family are set with the experiment itself.
    ///
    /// # Errors
    /// What the field takes, if the text is not that; the experiment is then unchanged.
    pub fn set_text(&mut self, field: &Field, text: &str) -> Result<(), Message> {
        self.put_value(field.name, field.parse(text.trim())?);
        self.bound();
        Ok(())
    }

    /// Of images that are not there none are used.
    fn bound(&mut self) {
        if let Source::Images(set) = self.data.source {
            let images = set.used(self.get(&IMAGES) as usize);
            self.set(&IMAGES, images as u64);
        }
    }

    /// `points` or `images`.
    pub fn kind(&self) -> &'static str {
        match self.data.source {
            Source::Points(_) | Source::Line(_) => "points",
            Source::Images(_) => "images",
        }
    }

    /// How many numbers a sample has: the width of G's output and of D's input.
    pub fn features(&self) -> usize {
        match self.data.source {
            Source::Points(_) => 2,
            Source::Line(_) => 1,
            Source::Images(set) => set.values(),
        }
    }

    /// A short title: data, family, and what else names it.
    pub fn title(&self) -> Titles {
        let mut titles = Titles { en: self.data.title.en.into(), zh: self.data.title.zh.into() };
        titles.add([" · ", " · "], self.form.title);
        for field in self.form.titled {
            let Kind::Choice(options) = field.kind else { continue };
            let text = self.text(field);
            if let Some(option) = options().iter().find(|option| option.value == text) {
                titles.add([", ", "，"], option.title);
            }
        }
        titles
    }
}

/// A title that was put together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Titles {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

impl Titles {
    fn add(&mut self, between: [&str; 2], text: Text) {
        for (title, part) in [(&mut self.en, [between[0], text.en]), (&mut self.zh, [between[1], text.zh])] {
            title.extend(part);
        }
    }
}

impl Serialize for Experiment {
    /// As a map from field names to their text form.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.fields().zip(&self.values).map(|(field, value)| (field.name, value.text())))
    }
}
