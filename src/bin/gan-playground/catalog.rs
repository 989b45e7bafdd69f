//! `gan-playground catalog`.

use gan_playground::catalog::{DATASETS, FAMILIES, dataset, experiment, fields};
use gan_playground::experiment::{Experiment, Form, Kind};
use gan_playground::schema;

use crate::console;

/// Prints what there is, for people or as JSON.
///
/// # Errors
/// See [`console::print`].
pub fn print(json: bool) -> Result<(), String> {
    let text = if json {
        serde_json::to_string_pretty(&schema::catalog()).map_err(|e| e.to_string())? + "\n"
    } else {
        plain()
    };
    console::print(&text).map(drop)
}

fn plain() -> String {
    let mut text = String::from("Families\n");
    for family in FAMILIES {
        let Form { name, title, .. } = &family.form;
        text += &format!("  {name:<14} {} ({}): {}\n", title.en, family.year, family.about.en);
    }
    text += "\nDatasets\n";
    for data in DATASETS {
        text += &format!("  {:<14} {}: {}\n", data.name, data.title.en, data.about.en);
    }
    text += "\nFields of a link (default for points; for images where it differs)\n";
    let defaults: Vec<Experiment> =
        ["ring8", "mnist"].iter().filter_map(|name| dataset(name).map(experiment)).collect();
    for field in fields() {
        let range = match field.kind {
            Kind::Choice(options) => options().iter().map(|o| o.value).collect::<Vec<_>>().join(" | "),
            Kind::Listed => format!("a {}", if field.name == "data" { "dataset" } else { "family" }),
            Kind::Integer { min, max } => format!("whole number, {min} to {max}"),
            Kind::Number { min, max, .. } => format!("number, {min} to {max}"),
            Kind::Layers { max_layers, min, max } => format!("none, or up to {max_layers} widths, {min} to {max} each"),
            Kind::Seed => "whole number, 0 to 2^53 - 1".into(),
            Kind::Classes { count } => format!("all, or places of classes, 0 to {}, with commas", count - 1),
            Kind::Pick => "none, or a sample: 12, 12~31:0.4, 1.4-2.3_5, 12@0:1.5@y:7".into(),
        };
        let values =
            defaults.iter().map(|e| if e.field(field.name).is_some() { e.text(field) } else { field.default.into() });
        let mut values: Vec<String> = values.collect();
        values.dedup();
        // The dataset itself has one default.
        let default = if field.name == "data" { values[0].clone() } else { values.join("; ") };
        let having =
            FAMILIES.iter().filter(|f| f.form.fields.iter().copied().flatten().any(|own| own.name == field.name));
        let having: Vec<&str> = having.map(|family| family.form.name).collect();
        // What every family has belongs to none.
        let whose = if having.is_empty() || having.len() == FAMILIES.len() {
            String::new()
        } else {
            format!(" ({})", having.join(", "))
        };
        text += &format!("  {:<10} {} {range} [{default}]{whose}\n", field.name, field.about.en);
    }
    text
}
