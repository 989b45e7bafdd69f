//! The link codec: an experiment as `v=1&data=ring8&g=128,128&seed=7`.
//!
//! A link holds the version and what differs from the defaults of its dataset, nothing else. Reading never fails: what
//! is wrong becomes a [`Problem`] that names the field, and the rest of the link still applies.

use std::fmt;

use serde::Serialize;

use super::{Experiment, FIELDS, Field};
use crate::catalog;
use crate::message::Message;

/// The version that this program reads and writes.
pub const VERSION: &str = "1";
/// Longer links are cut here: nothing that this program writes comes near it.
const MAX_LENGTH: usize = 4096;
/// More problems than these tell a person nothing.
const MAX_PROBLEMS: usize = 12;

/// Something in a link that could not be used.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Problem {
    /// The field's name as the link wrote it, if it concerns one.
    pub field: Option<String>,
    /// What is wrong.
    pub what: Message,
    /// What is done instead, where `what` does not say it.
    pub instead: Option<Message>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(field) = &self.field {
            write!(f, "{field}: ")?;
        }
        write!(f, "{}", self.what)?;
        self.instead.iter().try_for_each(|instead| write!(f, "; {instead}"))
    }
}

/// Whether a text is a link: it is empty, or names at least one field (the version counts).
pub fn is_link(text: &str) -> bool {
    let pairs = pairs(query(text));
    pairs.is_empty() || pairs.iter().any(|(name, _)| name == "v" || Field::named(name).is_some())
}

/// The experiment of a link, and what was wrong with the link.
///
/// Takes a whole address (what follows `#` counts), `#v=1&…`, `v=1&…`, or nothing.
pub fn parse(link: &str) -> (Experiment, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut problem = |field: Option<&str>, what, instead| {
        problems.push(Problem { field: field.map(str::to_owned), what, instead });
    };
    let mut query = query(link);
    if query.len() > MAX_LENGTH {
        let end = (0..=MAX_LENGTH).rev().find(|&i| query.is_char_boundary(i)).unwrap_or(0);
        query = &query[..end];
        problem(None, Message::TooLong { bytes: MAX_LENGTH }, None);
    }
    let pairs = pairs(query);
    let last = |name: &str| pairs.iter().rev().find(|(k, _)| k == name).map(|(_, v)| v.as_str());

    if let Some(version) = last("v").filter(|v| *v != VERSION) {
        let version = version.chars().take(20).collect();
        problem(Some("v"), Message::OtherVersion { version, known: VERSION }, None);
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
                problem(Some(&shown), Message::UnknownField, None);
            }
            continue;
        };
        if again {
            problem(Some(field.name), Message::Repeated, None);
        }
        if field.name == "data" && last("data") != Some(text) {
            continue; // an earlier one of several
        }
        let value = field.text(&experiment);
        if let Err(what) = field.set_text(&mut experiment, text) {
            problem(Some(field.name), what, Some(Message::Instead { value }));
        }
    }
    if problems.len() > MAX_PROBLEMS {
        let count = problems.len() - MAX_PROBLEMS;
        problems.truncate(MAX_PROBLEMS);
        problems.push(Problem { field: None, what: Message::More { count }, instead: None });
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

/// The part of a text that holds the experiment.
fn query(text: &str) -> &str {
    let text = text.trim();
    match text.split_once('#') {
        Some((_, fragment)) => fragment,
        // An address without a fragment is the page as it opens.
        None if text.contains("://") => "",
        None => text,
    }
}

/// Names and their values, decoded.
fn pairs(query: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(query.as_bytes()).map(|(k, v)| (k.into_owned(), v.into_owned())).collect()
}
