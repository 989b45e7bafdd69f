//! The link codec: an experiment as `v=1&data=ring8&g=128,128&seed=7`.
//!
//! A link holds the version, what differs from that version's defaults for its dataset, and the changes during the run,
//! each with its step (`900:glr=0.0002`); nothing else. Reading never fails: what is wrong becomes a [`Problem`] that
//! names the field, and the rest of the link still applies.

use std::fmt;

use serde::Serialize;

use super::{Effect, Experiment, FIELDS, Field, VERSIONS};
use crate::catalog;
use crate::message::Message;

/// Longer links are cut here: nothing that this program writes comes near it.
const MAX_LENGTH: usize = 8192;
/// The largest step at which something may change.
const LAST_STEP: u64 = 1_000_000_000;
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
    let pairs = pairs(query(text).0);
    pairs.is_empty() || pairs.iter().any(|(name, _)| is_known(name))
}

/// Whether a name in a link is one that this program reads.
fn is_known(name: &str) -> bool {
    name == "v" || Field::named(name).is_some() || timed(name).is_some_and(|(_, field)| field.is_some())
}

/// The experiment of a link, and what was wrong with the link.
///
/// Takes a whole address (what follows `#` counts), `#v=1&…`, `v=1&…`, or nothing.
pub fn parse(link: &str) -> (Experiment, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut problem = |field: Option<&str>, what, instead| {
        problems.push(Problem { field: field.map(str::to_owned), what, instead });
    };
    let (mut query, misplaced) = query(link);
    if misplaced {
        problem(None, Message::Misplaced, None);
    }
    if query.len() > MAX_LENGTH {
        // Between two fields: half a value would be another value.
        let end = query.bytes().take(MAX_LENGTH + 1).rposition(|byte| byte == b'&').unwrap_or(0);
        query = &query[..end];
        problem(None, Message::TooLong { bytes: end }, None);
    }
    let pairs = pairs(query);
    let last = |name: &str| pairs.iter().rev().find(|(k, _)| k == name).map(|(_, v)| v.as_str());

    let mut version = *VERSIONS.end();
    if let Some(text) = last("v") {
        match text.parse::<u8>().ok().filter(|v| VERSIONS.contains(v) && v.to_string() == text) {
            Some(known) => version = known,
            None => {
                let text = text.chars().take(20).collect();
                problem(Some("v"), Message::OtherVersion { version: text, newest: version }, None);
            }
        }
    }
    // The dataset first: the defaults of everything else depend on it.
    let data = last("data").and_then(catalog::dataset).unwrap_or(catalog::DATASETS[0]);
    let mut experiment = Experiment::of_version(version, data);
    let mut seen: Vec<&str> = Vec::new();
    let mut changes = Vec::new();
    for (name, text) in &pairs {
        if name == "v" || (name.is_empty() && text.is_empty()) {
            continue;
        }
        let shown: String = name.chars().take(40).collect();
        let again = seen.contains(&name.as_str());
        seen.push(name);
        if let Some((step, Some(field))) = timed(name) {
            if again {
                problem(Some(&shown), Message::Repeated, None);
            }
            changes.push((step, field, text, shown));
            continue;
        }
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
    // On top of the whole base, whatever the order in the link; of two at one step the later counts.
    changes.sort_by_key(|(step, ..)| *step);
    for (step, field, text, shown) in changes {
        let put = match field.effect {
            Effect::Live => experiment.put(step, field, text),
            _ => Err(Message::NotDuring),
        };
        if let Err(what) = put {
            problem(Some(&shown), what, Some(Message::LeftOut));
        }
    }
    if problems.len() > MAX_PROBLEMS {
        let count = problems.len() - MAX_PROBLEMS;
        problems.truncate(MAX_PROBLEMS);
        problems.push(Problem { field: None, what: Message::More { count }, instead: None });
    }
    (experiment, problems)
}

/// The step and the field of a name like `900:glr`; no field if there is none of that name.
fn timed(name: &str) -> Option<(u64, Option<&'static Field>)> {
    let (step, field) = name.split_once(':')?;
    let step = step.parse().ok().filter(|step| *step <= LAST_STEP)?;
    Some((step, Field::named(field)))
}

/// The link of an experiment: the version, every field that differs from that version's defaults for its dataset, and
/// the changes during the run.
pub fn write(experiment: &Experiment) -> String {
    let version = experiment.version;
    let defaults = Experiment::of_version(version, experiment.data);
    let base = Experiment::of_version(version, catalog::DATASETS[0]);
    let mut link = format!("v={version}");
    for field in &FIELDS {
        let text = field.text(experiment);
        // The dataset sets the other defaults, so it is compared with the dataset of an empty link.
        let default = field.text(if field.name == "data" { &base } else { &defaults });
        if text != default {
            link.push_str(&format!("&{}={text}", field.name));
        }
    }
    for change in experiment.changes() {
        link.push_str(&format!("&{}:{}={}", change.step, change.field, change.text));
    }
    link
}

/// The link with some fields replaced, for a run from step 0; an empty text resets a field to its default. What was
/// changed during a run stays only where the run remains the same but for its seed; else the experiment starts with
/// what held after `step` steps.
pub fn change<'a>(
    link: &str,
    step: u64,
    changes: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> (Experiment, Vec<Problem>) {
    let changes: Vec<(&str, &str)> = changes.into_iter().collect();
    let (mut experiment, _) = parse(link);
    if changes.iter().any(|(name, _)| Field::named(name).is_some_and(|f| f.effect == Effect::Anew && f.name != "seed"))
    {
        experiment = experiment.at(step);
    }
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

/// The link of a run in which some fields change after `step` steps; an empty text is the default. What cannot change
/// during a run, or is not a value, is a problem and left out.
pub fn tune<'a>(
    link: &str,
    step: u64,
    changes: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> (Experiment, Vec<Problem>) {
    let (mut experiment, _) = parse(link);
    let defaults = Experiment::of_version(experiment.version, experiment.data);
    let mut problems = Vec::new();
    for (name, text) in changes {
        let put = match Field::named(name) {
            // At step 0 the base would change, for a run that has begun with another.
            Some(field) if field.effect == Effect::Anew => Err(Message::NotDuring),
            Some(field) if text.is_empty() => experiment.put(step, field, &field.text(&defaults)),
            Some(field) => experiment.put(step, field, text),
            None => Err(Message::UnknownField),
        };
        if let Err(what) = put {
            let field = Some(name.chars().take(40).collect());
            problems.push(Problem { field, what, instead: None });
        }
    }
    (experiment, problems)
}

/// The part of a text that holds the experiment, and whether it stood in the wrong place, behind `?`.
fn query(text: &str) -> (&str, bool) {
    let text = text.trim();
    let (address, fragment) = match text.split_once('#') {
        Some((address, fragment)) => (address, fragment),
        None if text.contains("://") || text.starts_with('?') => (text, ""),
        None => return (text, false),
    };
    // What stands behind `?` is the page's own business, unless it is all that there is and names a field.
    match address.split_once('?') {
        Some((_, query)) if fragment.is_empty() && pairs(query).iter().any(|(name, _)| is_known(name)) => (query, true),
        _ => (fragment, false),
    }
}

/// Names and their values, decoded.
fn pairs(query: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(query.as_bytes()).map(|(k, v)| (k.into_owned(), v.into_owned())).collect()
}
