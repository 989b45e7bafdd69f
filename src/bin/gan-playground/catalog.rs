//! `gan-playground catalog`.

use gan_playground::catalog::{DATASETS, FAMILIES};
use gan_playground::experiment::{Experiment, FIELDS, Kind};
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
    for info in FAMILIES.iter().map(|f| f.info()) {
        text += &format!("  {:<14} {} ({}): {}\n", info.name, info.title, info.year, info.about);
    }
    text += "\nDatasets\n";
    for data in DATASETS {
        text += &format!("  {:<14} {}: {}\n", data.name, data.title, data.about);
    }
    text += "\nFields of a link (default for points; for images where it differs)\n";
    let defaults: Vec<Experiment> = ["ring8", "mnist"]
        .iter()
        .filter_map(|name| gan_playground::catalog::dataset(name).map(Experiment::of))
        .collect();
    for field in &FIELDS {
        let range = match field.kind {
            Kind::Choice(options) => options().iter().map(|o| o.value).collect::<Vec<_>>().join(" | "),
            Kind::Integer { min, max } => format!("whole number, {min} to {max}"),
            Kind::Number { min, max, .. } => format!("number, {min} to {max}"),
            Kind::Layers { max_layers, min, max } => format!("none, or up to {max_layers} widths, {min} to {max} each"),
            Kind::Seed => "whole number, 0 to 2^53 - 1".into(),
        };
        let mut values: Vec<String> = defaults.iter().map(|e| field.text(e)).collect();
        values.dedup();
        // The dataset itself has one default, and the list of datasets stands above.
        let (range, default) = if field.name == "data" {
            ("a dataset".to_string(), values[0].clone())
        } else {
            (range, values.join("; "))
        };
        text += &format!("  {:<10} {} {range} [{default}]\n", field.name, field.about);
    }
    text
}
