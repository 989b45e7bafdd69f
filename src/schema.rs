//! The catalogue and the field table as plain data, for the page and for `gan-playground catalog --json`.

use serde::Serialize;

use crate::catalog;
use crate::cost::{Cost, Widths};
use crate::data::Source;
use crate::experiment::{Change, Choice, Effect, Experiment, FIELDS, Group, Kind, Only, Scale, VERSIONS, link};
use crate::families;
use crate::kernel;

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
    title: &'static str,
    about: &'static str,
    paper: &'static str,
    year: u16,
    moves: &'static [&'static str],
}

#[derive(Serialize)]
struct Dataset {
    name: &'static str,
    title: &'static str,
    about: &'static str,
    kind: &'static str,
    source: &'static str,
    attribution: &'static str,
}

#[derive(Serialize)]
struct Field {
    name: &'static str,
    title: &'static str,
    about: &'static str,
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
    let family = |f: &&dyn families::Family| {
        let i = f.info();
        Family { name: i.name, title: i.title, about: i.about, paper: i.paper, year: i.year, moves: f.moves() }
    };
    Catalog {
        version: *VERSIONS.end(),
        families: catalog::FAMILIES.iter().map(family).collect(),
        datasets: catalog::DATASETS.iter().map(|d| dataset(d)).collect(),
        fields: FIELDS.iter().map(field).collect(),
    }
}

fn dataset(d: &crate::data::Dataset) -> Dataset {
    let (kind, attribution) = match d.source {
        Source::Points(_) => ("points", ""),
        Source::Images(set) => ("images", set.attribution),
    };
    Dataset { name: d.name, title: d.title, about: d.about, kind, source: d.cite, attribution }
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
        Kind::Choice(options) => (field.kind, field.options) = ("choice", Some(options())),
        Kind::Seed => field.kind = "seed",
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
    /// What was wrong.
    pub problems: Vec<link::Problem>,
    /// A short title.
    pub title: String,
    /// `points` or `images`.
    pub kind: &'static str,
    /// How many numbers a sample has.
    pub features: usize,
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
            changes: experiment.changes().to_vec(),
            defaults: Experiment::of_version(experiment.version, experiment.data),
            problems,
            title: experiment.title(),
            kind: experiment.kind(),
            features: experiment.features(),
            large: large(&experiment),
            cost: Cost::of(&experiment),
            values: experiment,
        }
    }
}

fn large(e: &Experiment) -> bool {
    let Widths { generator, discriminator } = Widths::of(e);
    let any = |rows: usize, widths: &[usize]| widths.windows(2).any(|pair| rows * pair[0] * pair[1] >= kernel::SHARED);
    // D sees real and generated samples in one pass.
    any(2 * e.batch, &discriminator) || any(e.batch, &generator)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A title may stay as it is, like “Adam”; an explanation may not.
    #[test]
    fn every_explanation_is_there_in_chinese() {
        let chinese = include_str!("../www/i18n/zh.js");
        let catalog = catalog();
        let options = |f: &Field| {
            let (name, options) = (f.name, f.options.clone().unwrap_or_default());
            // Datasets and their explanations are terms of their own.
            options.into_iter().filter(move |_| name != "data").map(move |o| format!("option.{name}.{}.about", o.value))
        };
        let fields = catalog
            .fields
            .iter()
            .flat_map(|f| options(f).chain([format!("field.{}", f.name), format!("field.{}.about", f.name)]));
        let datasets =
            catalog.datasets.iter().flat_map(|d| [format!("data.{}", d.name), format!("data.{}.about", d.name)]);
        for key in fields.chain(datasets) {
            assert!(chinese.contains(&format!("\"{key}\": \"")), "www/i18n/zh.js has no {key}");
        }
    }
}
