//! The catalogue and the field table as plain data, for the page and for `gan-playground catalog --json`.

use serde::Serialize;

use crate::catalog;
use crate::cost::{self, Cost};
use crate::data::Source;
use crate::data::store::ImageSet;
use crate::experiment::remarks::{self, Remark};
use crate::experiment::{
    self, Change, Effect, Experiment, Group, Kind, Named, Only, SCHEDULE, Scale, Schedule, Titles, VERSIONS,
};
use crate::families;
use crate::link;
use crate::text::Text;

/// Everything there is to choose from.
#[derive(Serialize)]
pub struct Catalog {
    version: u8,
    families: Vec<Family>,
    datasets: Vec<Dataset>,
    fields: Vec<Field>,
}

#[derive(Serialize)]
struct Family {
    name: &'static str,
    title: Text,
    about: Text,
    paper: &'static str,
    year: u16,
    parent: Option<&'static str>,
    moves: Vec<Move>,
    fields: Vec<&'static str>,
    datasets: Vec<&'static str>,
}

#[derive(Serialize)]
struct Move {
    name: &'static str,
    short: &'static str,
    only: Text,
    about: Text,
    times: Option<&'static str>,
}

#[derive(Serialize)]
struct Dataset {
    name: &'static str,
    title: Text,
    about: Text,
    kind: &'static str,
    source: &'static str,
    attribution: &'static str,
    command: &'static str,
    icon: &'static str,
    own: bool,
    classes: &'static [Text],
}

#[derive(Serialize)]
struct Choice {
    value: &'static str,
    title: Text,
    about: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    curve: Option<Vec<f64>>,
}

#[derive(Serialize)]
struct Field {
    name: &'static str,
    title: Text,
    about: Text,
    group: Group,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    options: Option<Vec<Choice>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scale: Option<Scale>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_layers: Option<usize>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    only: &'static [Only],
    effect: Effect,
}

/// The catalogue of this build.
pub fn catalog() -> Catalog {
    Catalog {
        version: *VERSIONS.end(),
        families: catalog::FAMILIES.iter().map(|f| family(f)).collect(),
        datasets: catalog::DATASETS.iter().map(|d| dataset(d)).collect(),
        fields: catalog::fields().iter().copied().map(field).collect(),
    }
}

fn family(f: &'static families::Family) -> Family {
    let learned = catalog::DATASETS.iter().filter_map(|d| Experiment::of(*VERSIONS.end(), d, &f.form).ok());
    let learned: Vec<Experiment> = learned.collect();
    Family {
        name: f.form.name,
        title: f.form.title,
        about: f.about,
        paper: f.paper,
        year: f.year,
        parent: f.parent,
        moves: f
            .moves
            .iter()
            .map(|turn| Move {
                name: turn.name,
                short: turn.short,
                only: turn.only,
                about: turn.about,
                times: turn.times,
            })
            .collect(),
        fields: learned.first().map(|e| e.fields().map(|field| field.name).collect()).unwrap_or_default(),
        datasets: learned.iter().map(|e| e.data.name).collect(),
    }
}

fn dataset(d: &crate::data::Dataset) -> Dataset {
    let of_images = match d.source {
        Source::Points(_) | Source::Line(_) => None,
        Source::Images(set) => Some(set),
    };
    Dataset {
        name: d.name,
        title: d.title,
        about: d.about,
        kind: if of_images.is_some() { "images" } else { "points" },
        source: d.cite,
        attribution: of_images.map_or("", |set| set.attribution),
        command: of_images.map_or("", |set| set.command),
        icon: of_images.map_or("", |set| set.icon),
        own: of_images.is_some_and(ImageSet::is_own),
        classes: of_images.map_or(&[], |set| set.classes),
    }
}

fn field(f: &crate::experiment::Field) -> Field {
    let mut field = Field {
        name: f.name,
        title: f.title,
        about: f.about,
        group: f.group,
        kind: "",
        options: None,
        min: None,
        max: None,
        scale: None,
        max_layers: None,
        only: f.only,
        effect: f.effect,
    };
    let mut range = |min, max| (field.min, field.max) = (Some(min), Some(max));
    match f.kind {
        Kind::Choice(options) => {
            let curve = |value| Schedule::named(value).filter(|_| f.name == SCHEDULE.field.name).map(Schedule::curve);
            let option = |o: experiment::Choice| Choice {
                value: o.value,
                title: o.title,
                about: o.about,
                curve: curve(o.value),
            };
            (field.kind, field.options) = ("choice", Some(options().into_iter().map(option).collect()));
        }
        Kind::Listed if f.name == "data" => {
            let option =
                |d: &&crate::data::Dataset| Choice { value: d.name, title: d.title, about: d.about, curve: None };
            (field.kind, field.options) = ("choice", Some(catalog::DATASETS.iter().map(option).collect()));
        }
        Kind::Listed => {
            let option =
                |f: &&families::Family| Choice { value: f.form.name, title: f.form.title, about: f.about, curve: None };
            (field.kind, field.options) = ("choice", Some(catalog::FAMILIES.iter().map(option).collect()));
        }
        Kind::Seed => field.kind = "seed",
        Kind::Classes { .. } => field.kind = "classes",
        Kind::Pick => field.kind = "pick",
        Kind::Integer { min, max } => {
            range(min as f64, max as f64);
            field.kind = "integer";
        }
        Kind::Number { min, max, scale } => {
            range(min, max);
            (field.kind, field.scale) = ("number", Some(scale));
        }
        Kind::Layers { max_layers, min, max } => {
            range(min as f64, max as f64);
            (field.kind, field.max_layers) = ("layers", Some(max_layers));
        }
    }
    field
}

/// A square image.
#[derive(Serialize)]
pub struct Image {
    /// Pixels along a side.
    pub side: usize,
    /// Numbers of a pixel.
    pub channels: usize,
}

/// A link as it was understood.
#[derive(Serialize)]
pub struct Opened {
    /// The canonical link: only what differs from the defaults.
    pub link: String,
    /// The version of links whose defaults hold.
    pub version: u8,
    /// Every field's value at the start.
    pub values: Experiment,
    /// What changes on the way, in the order of the steps.
    pub changes: Vec<Change>,
    /// Every field's default, for this version and dataset.
    pub defaults: Experiment,
    /// What goes badly together, or does nothing.
    pub remarks: Vec<Remark>,
    /// What was wrong.
    pub problems: Vec<link::Problem>,
    /// A short title.
    pub title: Titles,
    /// `points` or `images`.
    pub kind: &'static str,
    /// How many numbers a sample has.
    pub features: usize,
    /// What a sample is, if it is an image.
    pub image: Option<Image>,
    /// The family's networks.
    pub networks: Vec<families::Drawn>,
    /// Whether a step has matrix products that several threads would share.
    pub large: bool,
    /// What a step and the run will cost, and whether that is too much.
    pub cost: Cost,
}

impl From<(Experiment, Vec<link::Problem>)> for Opened {
    fn from((experiment, problems): (Experiment, Vec<link::Problem>)) -> Self {
        Self {
            link: link::write(&experiment),
            version: experiment.version,
            networks: (catalog::family_of(&experiment).networks)(&experiment),
            changes: experiment.changes().to_vec(),
            defaults: experiment.defaults(),
            remarks: remarks::of(&experiment),
            problems,
            title: experiment.title(),
            kind: experiment.kind(),
            features: experiment.features(),
            image: match experiment.data.source {
                Source::Images(set) => Some(Image { side: set.side, channels: set.channels }),
                Source::Points(_) | Source::Line(_) => None,
            },
            large: cost::is_large(&experiment),
            cost: Cost::of(&experiment),
            values: experiment,
        }
    }
}
