//! Fields as constants: name, range, explanation in both languages, and the type that code reads them as.

use serde::Serialize;

use super::{Experiment, Pick};
use crate::message::Message;
use crate::text::Text;

/// A field's value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// One of the options.
    Choice(&'static str),
    /// A whole number; a seed too.
    Integer(u64),
    /// A finite number.
    Number(f64),
    /// Widths of hidden layers.
    Layers(Vec<usize>),
    /// Classes by their places; all, if empty.
    Classes(Vec<usize>),
    /// A sample, or none.
    Pick(Option<Pick>),
}

impl Value {
    /// Its text form, as in a link.
    pub fn text(&self) -> String {
        match self {
            Self::Choice(name) => (*name).into(),
            Self::Integer(n) => n.to_string(),
            Self::Number(x) => x.to_string(),
            Self::Layers(widths) if widths.is_empty() => "none".into(),
            Self::Classes(classes) if classes.is_empty() => "all".into(),
            Self::Layers(widths) | Self::Classes(widths) => {
                widths.iter().map(usize::to_string).collect::<Vec<_>>().join(",")
            }
            Self::Pick(pick) => pick.as_ref().map_or_else(|| "none".into(), Pick::text),
        }
    }
}

/// An option of a choice.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    /// Its text in a link.
    pub value: &'static str,
    /// Its name for people.
    pub title: Text,
    /// What it means.
    pub about: Text,
}

/// What a field may hold.
#[derive(Clone, Copy)]
pub enum Kind {
    /// One of a list.
    Choice(fn() -> Vec<Choice>),
    /// One of the catalogue's datasets or families, on which everything else depends.
    Listed,
    /// A whole number in a range.
    Integer { min: u64, max: u64 },
    /// A number in a range, moved as its scale says.
    Number { min: f64, max: f64, scale: Scale },
    /// At most `max_layers` widths, each in a range; `none` for no hidden layer.
    Layers { max_layers: usize, min: u64, max: u64 },
    /// Some of a set's classes by their places, below `count`; `all` for all.
    Classes { count: u64 },
    /// A sample that is looked at by hand; `none` for none.
    Pick,
    /// Any seed that JavaScript can hold exactly: 0 to 2⁵³ − 1.
    Seed,
}

/// How a control moves a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Scale {
    /// By factors: 1, 2, 5, 10.
    Factors,
    /// A memory from 0 to 1: its distance from 1 by factors.
    Decay,
}

/// Where a control belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Group {
    /// What is learned.
    Data,
    /// The game.
    Game,
    /// G.
    Generator,
    /// D.
    Discriminator,
    /// The run.
    Run,
    /// What is looked at by hand, where the card of samples is its control.
    Hand,
}

/// A condition under which a field matters: another field (or `kind`: `points`, `images`) has one of these values, if there is such
/// a field.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Only {
    /// The other field.
    pub field: &'static str,
    /// Its values.
    pub is: &'static [&'static str],
}

/// What a change of a field does to a run that has begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// The run starts anew: what it has learned is of another kind.
    Anew,
    /// It holds from the next step on, and is part of the experiment with its step.
    Live,
    /// It changes no weight, so it has no step.
    Free,
}

/// A field of an experiment.
pub struct Field {
    /// Its name in a link.
    pub name: &'static str,
    /// Its name for people.
    pub title: Text,
    /// One sentence.
    pub about: Text,
    /// Where its control belongs.
    pub group: Group,
    /// What it may hold.
    pub kind: Kind,
    /// What it holds, in its text form, where nobody says otherwise.
    pub default: &'static str,
    /// When it matters; always, if empty.
    pub only: &'static [Only],
    /// What a change of it does to a run that has begun.
    pub effect: Effect,
}

const MAX_SEED: u64 = (1 << 53) - 1;

impl Field {
    /// The value of a text, or what the field takes.
    pub fn parse(&self, given: &str) -> Result<Value, Message> {
        // As much of it as a message can show.
        let text: String = given.chars().take(40).collect();
        let whole = |text: &str, min, max| text.parse::<u64>().ok().filter(|n| (min..=max).contains(n));
        let integer =
            |text, min, max| whole(given, min, max).map(Value::Integer).ok_or(Message::NotWhole { text, min, max });
        match self.kind {
            Kind::Choice(options) => {
                let options: Vec<_> = options().iter().map(|o| o.value).collect();
                one_of(&options, given).map(Value::Choice)
            }
            Kind::Listed => Err(Message::NotDuring),
            Kind::Integer { min, max } => integer(text, min, max),
            Kind::Seed => integer(text, 0, MAX_SEED),
            Kind::Classes { .. } if given == "all" => Ok(Value::Classes(Vec::new())),
            Kind::Classes { count } => {
                let places: Option<Vec<usize>> =
                    given.split(',').map(|place| whole(place.trim(), 0, count - 1).map(|n| n as usize)).collect();
                let places = places.map(|mut places| {
                    places.sort_unstable();
                    places.dedup();
                    // All of them are no choice.
                    if places.len() as u64 == count { Vec::new() } else { places }
                });
                places.map(Value::Classes).ok_or(Message::NotClasses { text, max: count - 1 })
            }
            Kind::Pick if given == "none" => Ok(Value::Pick(None)),
            Kind::Pick => Pick::parse(given).map(|pick| Value::Pick(Some(pick))).ok_or(Message::NotAPick { text }),
            Kind::Number { min, max, .. } => match given.parse::<f64>() {
                Ok(x) if (min..=max).contains(&x) => Ok(Value::Number(x)),
                _ => Err(Message::NotNumber { text, min, max }),
            },
            Kind::Layers { max_layers, min, max } => {
                if given == "none" {
                    return Ok(Value::Layers(Vec::new()));
                }
                let widths: Option<Vec<usize>> =
                    given.split(',').map(|w| whole(w.trim(), min, max).map(|n| n as usize)).collect();
                widths.filter(|w| w.len() <= max_layers).map(Value::Layers).ok_or(Message::NotLayers {
                    text,
                    most: max_layers,
                    min,
                    max,
                })
            }
        }
    }
}

/// The option of that name.
///
/// # Errors
/// Which there are.
pub fn one_of(options: &[&'static str], given: &str) -> Result<&'static str, Message> {
    let found = options.iter().copied().find(|value| *value == given);
    let text = || given.chars().take(40).collect();
    found.ok_or_else(|| Message::NotAnOption { text: text(), options: options.join(", ") })
}

/// A field as code reads it.
pub struct Typed<T> {
    /// The field.
    pub field: Field,
    read: fn(&Value) -> T,
    write: fn(T) -> Value,
}

/// What a choice stands for: something with a name in links.
pub trait Named: Copy + 'static {
    /// The name in a link.
    fn name(self) -> &'static str;

    /// What has that name.
    fn named(name: &str) -> Option<Self>;
}

/// Makes an enum [`Named`] by its `CHOICES`, which stand in the order of its variants.
macro_rules! named {
    ($choice:ty: $($variant:ident),+) => {
        impl $crate::experiment::Named for $choice {
            fn name(self) -> &'static str {
                Self::CHOICES[self as usize].value
            }

            fn named(name: &str) -> Option<Self> {
                [$(Self::$variant),+].into_iter().find(|it| $crate::experiment::Named::name(*it) == name)
            }
        }
    };
}
pub(crate) use named;

/// A field that holds a whole number.
pub const fn integer(field: Field) -> Typed<u64> {
    let read = |value: &Value| if let Value::Integer(n) = value { *n } else { unreachable!("an integer field") };
    Typed { field, read, write: Value::Integer }
}

/// A field that holds a number.
pub const fn number(field: Field) -> Typed<f64> {
    let read = |value: &Value| if let Value::Number(x) = value { *x } else { unreachable!("a number field") };
    Typed { field, read, write: Value::Number }
}

/// A field that holds widths of layers.
pub const fn layers(field: Field) -> Typed<Vec<usize>> {
    let read =
        |value: &Value| if let Value::Layers(widths) = value { widths.clone() } else { unreachable!("a layers field") };
    Typed { field, read, write: Value::Layers }
}

/// A field that holds classes by their places; all, if empty.
pub const fn classes(field: Field) -> Typed<Vec<usize>> {
    let read = |value: &Value| {
        if let Value::Classes(places) = value { places.clone() } else { unreachable!("a classes field") }
    };
    Typed { field, read, write: Value::Classes }
}

/// A field that holds a sample, or none.
pub const fn pick(field: Field) -> Typed<Option<Pick>> {
    let read = |value: &Value| if let Value::Pick(pick) = value { pick.clone() } else { unreachable!("a pick field") };
    Typed { field, read, write: Value::Pick }
}

/// A field that holds one of several things.
pub const fn choice<T: Named>(field: Field) -> Typed<T> {
    let read = |value: &Value| {
        let Value::Choice(name) = value else { unreachable!("a choice field") };
        T::named(name).expect("a choice field parses only to options of its own")
    };
    Typed { field, read, write: |it: T| Value::Choice(it.name()) }
}

impl<T> Typed<T> {
    /// What it holds where nobody says otherwise.
    pub fn default(&self) -> T {
        (self.read)(&self.field.parse(self.field.default).expect("a default is a value"))
    }
}

impl Experiment {
    /// The value of a field; its default, where this experiment has no such field.
    pub fn get<T>(&self, field: &Typed<T>) -> T {
        self.find(field).unwrap_or_else(|| field.default())
    }

    /// The value of a field, if this experiment has it.
    pub fn find<T>(&self, field: &Typed<T>) -> Option<T> {
        self.value(field.field.name).map(field.read)
    }

    /// Gives a field another value, whatever the range that people may choose from. Nothing happens where this experiment
    /// has no such field.
    pub fn set<T>(&mut self, field: &Typed<T>, value: T) {
        self.put_value(field.field.name, (field.write)(value));
    }
}
