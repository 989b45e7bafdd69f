//! The link codec: an experiment as `v=1&data=ring8&g=128,128&seed=7`.
//!
//! A link holds the version, what differs from that version's defaults for its dataset, and the changes during the run,
//! each with its step (`900:glr=0.0002`); nothing else. Reading never fails: what is wrong becomes a [`Problem`] that
//! names the field, and the rest of the link still applies.

use std::fmt;

use serde::Serialize;

use crate::catalog;
use crate::data::Source;
use crate::experiment::{Effect, Experiment, Field, Form, VERSIONS, one_of};
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
    name == "v" || catalog::field(name).is_some() || timed(name).is_some_and(|(_, field)| field.is_some())
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
    // Data and family first: everything else depends on them.
    let mut experiment = base(version, last("data"), last("family"), &mut problem);
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
        let Some(field) = catalog::field(name) else {
            if !again {
                problem(Some(&shown), Message::UnknownField, None);
            }
            continue;
        };
        if again {
            problem(Some(field.name), Message::Repeated, None);
        }
        if ["data", "family"].contains(&field.name) {
            continue;
        }
        if experiment.field(name).is_none() {
            other(&mut experiment, field, text, &mut problem);
            continue;
        }
        let value = experiment.text(field);
        if let Err(what) = experiment.set_text(field, text) {
            problem(Some(field.name), what, Some(Message::Instead { value }));
        } else if let ("images", Source::Images(set), Ok(asked)) =
            (field.name, experiment.data.source, text.trim().parse())
            && let Some(fewer) = set.fewer(asked)
        {
            problem(Some(field.name), fewer, None);
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

/// Where problems go: the field, what is wrong, and what is done instead.
type Report<'a> = &'a mut dyn FnMut(Option<&str>, Message, Option<Message>);

/// The defaults for the data and the family of those names.
fn base(version: u8, data: Option<&str>, family: Option<&str>, problem: Report<'_>) -> Experiment {
    let mut listed = |field, given: Option<&str>, names: Vec<&'static str>| {
        let Some(given) = given else { return names[0] };
        one_of(&names, given.trim()).unwrap_or_else(|what| {
            problem(Some(field), what, Some(Message::Instead { value: names[0].into() }));
            names[0]
        })
    };
    let family = listed("family", family, catalog::FAMILIES.iter().map(|family| family.form.name).collect());
    let family = catalog::family(family).unwrap_or(catalog::FAMILIES[0]);
    // Where none are named, the first that the family learns.
    let mut fitting = catalog::DATASETS.iter().filter(|data| (family.form.fits)(data).is_ok());
    let first = fitting.next().map_or(catalog::DATASETS[0].name, |data| data.name);
    let data =
        data.map_or(first, |data| listed("data", Some(data), catalog::DATASETS.iter().map(|d| d.name).collect()));
    let data = catalog::dataset(data).unwrap_or(catalog::DATASETS[0]);
    Experiment::of(version, data, &family.form).unwrap_or_else(|what| {
        // The data are what a person sees first; a family that learns them is found.
        let other = catalog::FAMILIES.iter().find_map(|family| Experiment::of(version, data, &family.form).ok());
        let other = other.expect("every dataset is learned by some family");
        problem(Some("family"), what, Some(Message::Instead { value: other.form.name.into() }));
        other
    })
}

/// Keeps a field that this family lacks and others have, if its value is one.
fn other(experiment: &mut Experiment, field: &'static Field, text: &str, problem: Report<'_>) {
    match field.parse(text.trim()) {
        Ok(value) => {
            let having = catalog::FAMILIES.iter().filter(|family| has(&family.form, field));
            let families: Vec<&str> = having.map(|family| family.form.name).collect();
            problem(Some(field.name), Message::OtherFamily { families: families.join(", ") }, None);
            experiment.others.retain(|(known, _)| *known != field.name);
            experiment.others.push((field.name, value.text()));
        }
        Err(what) => problem(Some(field.name), what, Some(Message::LeftOut)),
    }
}

fn has(form: &Form, field: &Field) -> bool {
    form.fields.iter().copied().flatten().any(|own| own.name == field.name)
}

/// The step and the field of a name like `900:glr`; no field if there is none of that name.
fn timed(name: &str) -> Option<(u64, Option<&'static Field>)> {
    let (step, field) = name.split_once(':')?;
    let step = step.parse().ok().filter(|step| *step <= LAST_STEP)?;
    Some((step, catalog::field(field)))
}

/// The link of an experiment: the version, every field that differs from that version's defaults for its dataset, and
/// the changes during the run.
pub fn write(experiment: &Experiment) -> String {
    let defaults = experiment.defaults();
    let base = [catalog::DATASETS[0].name, catalog::FAMILIES[0].form.name];
    let mut link = format!("v={}", experiment.version);
    for field in experiment.fields() {
        let text = experiment.text(field);
        // Data and family set the other defaults, so they are compared with those of an empty link.
        let default = match field.name {
            "data" => base[0].into(),
            "family" => base[1].into(),
            _ => defaults.text(field),
        };
        if text != default {
            link.push_str(&format!("&{}={text}", field.name));
        }
    }
    for (name, text) in &experiment.others {
        link.push_str(&format!("&{name}={text}"));
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
    if changes
        .iter()
        .any(|(name, _)| catalog::field(name).is_some_and(|f| f.effect == Effect::Anew && f.name != "seed"))
    {
        experiment = experiment.at(step);
    }
    // A family that cannot learn the data brings its own.
    let family = changes.iter().find(|(name, _)| *name == "family").and_then(|(_, name)| catalog::family(name));
    let unfit = family.is_some_and(|family| (family.form.fits)(experiment.data).is_err());
    let kept = write(&experiment);
    let kept = kept.split('&').filter(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        !(unfit && name == "data" || changes.iter().any(|(changed, _)| *changed == name))
    });
    let set = changes.iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| {
        let encoded: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        format!("{name}={encoded}")
    });
    let (experiment, mut problems) = parse(&kept.map(str::to_owned).chain(set).collect::<Vec<_>>().join("&"));
    // What another family has was not named now.
    let named = |problem: &Problem| changes.iter().any(|(name, _)| problem.field.as_deref() == Some(*name));
    problems.retain(|problem| named(problem) || !matches!(problem.what, Message::OtherFamily { .. }));
    (experiment, problems)
}

/// The link of a run in which some fields change after `step` steps; an empty text is the default. What cannot change
/// during a run, or is not a value, is a problem and left out.
pub fn tune<'a>(
    link: &str,
    step: u64,
    changes: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> (Experiment, Vec<Problem>) {
    let (mut experiment, _) = parse(link);
    let defaults = experiment.defaults();
    let mut problems = Vec::new();
    for (name, text) in changes {
        let put = match experiment.field(name) {
            // At step 0 the base would change, for a run that has begun with another.
            Some(field) if field.effect == Effect::Anew => Err(Message::NotDuring),
            Some(field) if text.is_empty() => experiment.put(step, field, &defaults.text(field)),
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
