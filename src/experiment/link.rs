//! The link codec: an experiment as `v=1&data=ring8&g=128,128&seed=7`.
//!
//! A link holds the version and what differs from the defaults of its dataset, nothing else. Reading never fails: what
//! is wrong becomes a [`Problem`] that names the field, and the rest of the link still applies.

use serde::Serialize;

use super::{Experiment, FIELDS, Field};
use crate::catalog;

/// The version that this program reads and writes.
pub const VERSION: &str = "1";
/// Longer links are cut here: nothing that this program writes comes near it.
const MAX_LENGTH: usize = 4096;
/// More problems than these tell a person nothing.
const MAX_PROBLEMS: usize = 12;

/// Something in a link that could not be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The field's name as the link wrote it, if it concerns one.
    pub field: Option<String>,
    /// What is wrong and what happened instead.
    pub message: String,
}

/// The experiment of a link, and what was wrong with the link.
///
/// Takes a whole address (what follows `#` counts), `#v=1&…`, `v=1&…`, or nothing.
pub fn parse(link: &str) -> (Experiment, Vec<Problem>) {
    let mut problems = Vec::new();
    let link = link.trim();
    let mut query = match link.split_once('#') {
        Some((_, fragment)) => fragment,
        // An address without a fragment is the page as it opens.
        None if link.contains("://") => "",
        None => link,
    };
    if query.len() > MAX_LENGTH {
        let end = (0..=MAX_LENGTH).rev().find(|&i| query.is_char_boundary(i)).unwrap_or(0);
        query = &query[..end];
        problem(&mut problems, None, format!("the link is too long; only its first {MAX_LENGTH} bytes were read"));
    }
    let pairs: Vec<(String, String)> =
        form_urlencoded::parse(query.as_bytes()).map(|(k, v)| (k.into_owned(), v.into_owned())).collect();
    let last = |name: &str| pairs.iter().rev().find(|(k, _)| k == name).map(|(_, v)| v.as_str());

    if let Some(version) = last("v").filter(|v| *v != VERSION) {
        let shown: String = version.chars().take(20).collect();
        problem(
            &mut problems,
            Some("v"),
            format!(
                "v: this link is of version “{shown}”, this page reads version {VERSION}; fields that both know still apply"
            ),
        );
    }
    // The dataset first: the defaults of everything else depend on it.
    let mut experiment = Experiment::of(last("data").and_then(catalog::dataset).unwrap_or(catalog::DATASETS[0]));
    let mut seen: Vec<&str> = Vec::new();
    for (name, text) in &pairs {
        if name == "v" || (name.is_empty() && text.is_empty()) {
            continue;
        }
        let shown: String = name.chars().take(40).collect();
        let again = seen.contains(&name.as_str());
        seen.push(name);
        let Some(field) = Field::named(name) else {
            if !again {
                let message = format!("“{shown}”: there is no field of this name; it was left out");
                problem(&mut problems, Some(&shown), message);
            }
            continue;
        };
        if again {
            problem(&mut problems, Some(&shown), format!("{shown}: given more than once; the last value counts"));
        }
        if field.name == "data" && last("data") != Some(text) {
            continue; // an earlier one of several
        }
        let before = field.text(&experiment);
        if let Err(message) = field.set_text(&mut experiment, text) {
            problem(&mut problems, Some(field.name), format!("{message}; {before} is used instead"));
        }
    }
    if problems.len() > MAX_PROBLEMS {
        let more = problems.len() - MAX_PROBLEMS;
        problems.truncate(MAX_PROBLEMS);
        problem(&mut problems, None, format!("and {more} more problems of this kind"));
    }
    (experiment, problems)
}

/// The link of an experiment: the version, and every field that differs from the defaults of its dataset.
pub fn write(experiment: &Experiment) -> String {
    let defaults = Experiment::of(experiment.data);
    let base = Experiment::default();
    let mut link = format!("v={VERSION}");
    for field in &FIELDS {
        let text = field.text(experiment);
        // The dataset sets the other defaults, so it is compared with the dataset of an empty link.
        let default = field.text(if field.name == "data" { &base } else { &defaults });
        if text != default {
            link.push_str(&format!("&{}={text}", field.name));
        }
    }
    link
}

/// The link with some fields replaced; an empty text resets a field to its default.
pub fn change<'a>(link: &str, changes: impl IntoIterator<Item = (&'a str, &'a str)>) -> (Experiment, Vec<Problem>) {
    let (experiment, _) = parse(link);
    let changes: Vec<(&str, &str)> = changes.into_iter().collect();
    let kept = write(&experiment);
    let kept = kept.split('&').filter(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        !changes.iter().any(|(changed, _)| *changed == name)
    });
    let set = changes.iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| {
        let encoded: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        format!("{name}={encoded}")
    });
    parse(&kept.map(str::to_owned).chain(set).collect::<Vec<_>>().join("&"))
}

fn problem(problems: &mut Vec<Problem>, field: Option<&str>, message: String) {
    problems.push(Problem { field: field.map(str::to_owned), message });
}
