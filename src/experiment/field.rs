//! The field table: name, range, explanation and access of everything in an experiment.

use serde::Serialize;

use super::{EngineChoice, Experiment, Method, Noise, Schedule};
use crate::catalog;
use crate::kernel::Activation;
use crate::message::Message;
use crate::objective::{OBJECTIVES, Objective};

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
}

/// An option of a choice.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Choice {
    /// Its text in a link.
    pub value: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What it means.
    pub about: &'static str,
}

/// What a field may hold.
#[derive(Clone, Copy)]
pub enum Kind {
    /// One of a list.
    Choice(fn() -> Vec<Choice>),
    /// A whole number in a range.
    Integer { min: u64, max: u64 },
    /// A number in a range, moved as its scale says.
    Number { min: f64, max: f64, scale: Scale },
    /// At most `max_layers` widths, each in a range; `none` for no hidden layer.
    Layers { max_layers: usize, min: u64, max: u64 },
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
}

/// A condition under which a field matters: another field (or `kind`: `points`, `images`) has one of these values.
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
    pub title: &'static str,
    /// One sentence.
    pub about: &'static str,
    /// Where its control belongs.
    pub group: Group,
    /// What it may hold.
    pub kind: Kind,
    /// When it matters; always, if empty.
    pub only: &'static [Only],
    /// What a change of it does to a run that has begun.
    pub effect: Effect,
    get: fn(&Experiment) -> Value,
    set: fn(&mut Experiment, Value),
}

const MAX_SEED: u64 = (1 << 53) - 1;

impl Field {
    /// The field of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        FIELDS.iter().find(|f| f.name == name)
    }

    /// The value in its text form, as in a link.
    pub fn text(&self, experiment: &Experiment) -> String {
        match (self.get)(experiment) {
            Value::Choice(name) => name.into(),
            Value::Integer(n) => n.to_string(),
            Value::Number(x) => x.to_string(),
            Value::Layers(widths) if widths.is_empty() => "none".into(),
            Value::Layers(widths) => widths.iter().map(usize::to_string).collect::<Vec<_>>().join(","),
        }
    }

    /// Sets the field from its text form.
    ///
    /// # Errors
    /// What the field takes, if the text is not that; the experiment is then unchanged.
    pub fn set_text(&self, experiment: &mut Experiment, text: &str) -> Result<(), Message> {
        (self.set)(experiment, self.parse(text.trim())?);
        Ok(())
    }

    /// The value of a text, or what the field takes.
    fn parse(&self, given: &str) -> Result<Value, Message> {
        // As much of it as a message can show.
        let text: String = given.chars().take(40).collect();
        let whole = |text: &str, min, max| text.parse::<u64>().ok().filter(|n| (min..=max).contains(n));
        let integer =
            |text, min, max| whole(given, min, max).map(Value::Integer).ok_or(Message::NotWhole { text, min, max });
        match self.kind {
            Kind::Choice(options) => {
                let options: Vec<_> = options().iter().map(|o| o.value).collect();
                let found = options.iter().copied().find(|value| *value == given);
                found.map(Value::Choice).ok_or_else(|| Message::NotAnOption { text, options: options.join(", ") })
            }
            Kind::Integer { min, max } => integer(text, min, max),
            Kind::Seed => integer(text, 0, MAX_SEED),
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

impl Value {
    fn choice(self) -> &'static str {
        let Self::Choice(name) = self else { unreachable!("a choice field parses to a choice") };
        name
    }

    fn integer(self) -> u64 {
        let Self::Integer(n) = self else { unreachable!("an integer field parses to an integer") };
        n
    }

    fn number(self) -> f64 {
        let Self::Number(x) = self else { unreachable!("a number field parses to a number") };
        x
    }

    fn layers(self) -> Vec<usize> {
        let Self::Layers(widths) = self else { unreachable!("a layers field parses to layers") };
        widths
    }
}

fn choices<const N: usize>(table: [(&'static str, &'static str, &'static str); N]) -> Vec<Choice> {
    table.map(|(value, title, about)| Choice { value, title, about }).to_vec()
}

/// The seven fields that each player has; `$p` is the prefix in links, `$player` the member of [`Experiment`].
macro_rules! player_fields {
    ($p:literal, $player:ident, $group:expr, $who:literal, $opt:literal) => {
        [
            Field {
                name: $p,
                title: "Hidden layers",
                about: concat!("Widths of ", $who, "'s hidden layers."),
                group: $group,
                kind: Kind::Layers { max_layers: 6, min: 1, max: 1024 },
                only: &[],
                effect: Effect::Anew,
                get: |e| Value::Layers(e.$player.layers.clone()),
                set: |e, v| e.$player.layers = v.layers(),
            },
            Field {
                name: concat!($p, "act"),
                title: "Activation",
                about: concat!("The non-linearity after each of ", $who, "'s hidden layers."),
                group: $group,
                kind: Kind::Choice(|| choices(Activation::CHOICES)),
                only: &[],
                effect: Effect::Live,
                get: |e| Value::Choice(e.$player.activation.name()),
                set: |e, v| set_from(&mut e.$player.activation, Activation::from_name(v.choice())),
            },
            Field {
                name: $opt,
                title: "Optimiser",
                about: concat!("How ", $who, "'s gradient becomes a step."),
                group: $group,
                kind: Kind::Choice(|| choices(Method::CHOICES)),
                only: &[],
                effect: Effect::Live,
                get: |e| Value::Choice(e.$player.method.name()),
                set: |e, v| set_from(&mut e.$player.method, Method::from_name(v.choice())),
            },
            Field {
                name: concat!($p, "lr"),
                title: "Learning rate",
                about: concat!("The size of ", $who, "'s steps."),
                group: $group,
                kind: Kind::Number { min: 1e-6, max: 10.0, scale: Scale::Factors },
                only: &[],
                effect: Effect::Live,
                get: |e| Value::Number(e.$player.rate),
                set: |e, v| e.$player.rate = v.number(),
            },
            player_beta!($p, "b1", $player, $group, $who, $opt, &["adam"], 0, "β₁", "gradient"),
            player_beta!($p, "b2", $player, $group, $who, $opt, &["rmsprop", "adam"], 1, "β₂", "squared gradient"),
            Field {
                name: concat!($p, "steps"),
                title: "Updates a step",
                about: concat!("How often ", $who, " is updated in each step; 0 freezes it."),
                group: $group,
                kind: Kind::Integer { min: 0, max: 10 },
                only: &[],
                effect: Effect::Live,
                get: |e| Value::Integer(e.$player.updates as u64),
                set: |e, v| e.$player.updates = v.integer() as usize,
            },
        ]
    };
}

macro_rules! player_beta {
    ($p:literal, $b:literal, $player:ident, $group:expr, $who:literal, $opt:literal, $has:expr, $i:literal, $title:literal, $of:literal) => {
        Field {
            name: concat!($p, $b),
            title: $title,
            about: concat!("The optimiser's memory of the ", $of, " of ", $who, ", as a decay each update."),
            group: $group,
            kind: Kind::Number { min: 0.0, max: 0.9999, scale: Scale::Decay },
            only: &[Only { field: $opt, is: $has }],
            effect: Effect::Live,
            get: |e| Value::Number(e.$player.betas[$i]),
            set: |e, v| e.$player.betas[$i] = v.number(),
        }
    };
}

/// A choice field parses only to values of its own list, so the lookup always succeeds.
fn set_from<T>(slot: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *slot = value;
    }
}

const GAME: [Field; 8] = [
    Field {
        name: "data",
        title: "Data",
        about: "The distribution to learn.",
        group: Group::Data,
        kind: Kind::Choice(|| {
            let option = |d: &&crate::data::Dataset| Choice { value: d.name, title: d.title, about: d.about };
            catalog::DATASETS.iter().map(option).collect()
        }),
        only: &[],
        effect: Effect::Anew,
        get: |e| Value::Choice(e.data.name),
        set: |e, v| set_from(&mut e.data, catalog::dataset(v.choice())),
    },
    Field {
        name: "images",
        title: "Images",
        about: "How many training images are used, from the first on.",
        group: Group::Data,
        kind: Kind::Integer { min: 1, max: 60_000 },
        only: &[Only { field: "kind", is: &["images"] }],
        effect: Effect::Anew,
        get: |e| Value::Integer(e.images as u64),
        set: |e, v| e.images = v.integer() as usize,
    },
    Field {
        name: "family",
        title: "Family",
        about: "The kind of model.",
        group: Group::Game,
        kind: Kind::Choice(|| {
            let option = |f: &&dyn crate::families::Family| {
                let info = f.info();
                Choice { value: info.name, title: info.title, about: info.about }
            };
            catalog::FAMILIES.iter().map(option).collect()
        }),
        only: &[],
        effect: Effect::Anew,
        get: |e| Value::Choice(e.family),
        set: |e, v| e.family = v.choice(),
    },
    Field {
        name: "objective",
        title: "Objective",
        about: "What the two players minimise.",
        group: Group::Game,
        kind: Kind::Choice(|| {
            let option = |o: &&'static Objective| Choice { value: o.name, title: o.title, about: o.about };
            OBJECTIVES.iter().map(option).collect()
        }),
        only: &[],
        effect: Effect::Live,
        get: |e| Value::Choice(e.objective.name),
        set: |e, v| set_from(&mut e.objective, Objective::named(v.choice())),
    },
    Field {
        name: "noise",
        title: "Noise",
        about: "The distribution of G's input.",
        group: Group::Game,
        kind: Kind::Choice(|| choices(Noise::CHOICES)),
        only: &[],
        effect: Effect::Live,
        get: |e| Value::Choice(e.noise.name()),
        set: |e, v| set_from(&mut e.noise, Noise::from_name(v.choice())),
    },
    Field {
        name: "z",
        title: "Noise dimension",
        about: "How many random numbers G turns into one sample.",
        group: Group::Game,
        kind: Kind::Integer { min: 1, max: 256 },
        only: &[],
        effect: Effect::Anew,
        get: |e| Value::Integer(e.latent as u64),
        set: |e, v| e.latent = v.integer() as usize,
    },
    Field {
        name: "batch",
        title: "Batch",
        about: "Real samples, and generated samples, in each update.",
        group: Group::Game,
        kind: Kind::Integer { min: 1, max: 1024 },
        only: &[],
        effect: Effect::Live,
        get: |e| Value::Integer(e.batch as u64),
        set: |e, v| e.batch = v.integer() as usize,
    },
    Field {
        name: "seed",
        title: "Seed",
        about: "Chooses every random number: the same seed gives the same run.",
        group: Group::Run,
        kind: Kind::Seed,
        only: &[],
        effect: Effect::Anew,
        get: |e| Value::Integer(e.seed),
        set: |e, v| e.seed = v.integer(),
    },
];

const RUN: [Field; 4] = [
    Field {
        name: "schedule",
        title: "Rate schedule",
        about: "How both learning rates go over the run, from the step at which the schedule was set.",
        group: Group::Game,
        kind: Kind::Choice(|| choices(Schedule::CHOICES)),
        only: &[],
        effect: Effect::Live,
        get: |e| Value::Choice(e.schedule.name()),
        set: |e, v| set_from(&mut e.schedule, Schedule::from_name(v.choice())),
    },
    Field {
        name: "decay",
        title: "Schedule's span",
        about: "Steps after which the schedule has taken the rates to 0.",
        group: Group::Game,
        kind: Kind::Integer { min: 1, max: 10_000_000 },
        only: &[Only { field: "schedule", is: &["linear", "cosine"] }],
        effect: Effect::Live,
        get: |e| Value::Integer(e.decay),
        set: |e, v| e.decay = v.integer(),
    },
    Field {
        name: "stop",
        title: "Stop at step",
        about: "The run stops by itself at this step; 0: never.",
        group: Group::Run,
        kind: Kind::Integer { min: 0, max: 1_000_000_000 },
        only: &[],
        effect: Effect::Free,
        get: |e| Value::Integer(e.stop),
        set: |e, v| e.stop = v.integer(),
    },
    Field {
        name: "engine",
        title: "Engine",
        about: "What computes.",
        group: Group::Run,
        kind: Kind::Choice(|| choices(EngineChoice::CHOICES)),
        only: &[],
        effect: Effect::Free,
        get: |e| Value::Choice(e.engine.name()),
        set: |e, v| set_from(&mut e.engine, EngineChoice::from_name(v.choice())),
    },
];

const G: [Field; 7] = player_fields!("g", generator, Group::Generator, "G", "gopt");
const D: [Field; 7] = player_fields!("d", discriminator, Group::Discriminator, "D", "dopt");

const AVERAGE: Field = Field {
    name: "ema",
    title: "Averaging",
    about: "Samples and metrics come from a running mean of G's weights; at its update t the decay is this, but at most (1 + t) / (10 + t), so that the first pictures follow (in links of version 1, it is this from the start). 0: they come from the weights.",
    group: Group::Generator,
    kind: Kind::Number { min: 0.0, max: 0.9999, scale: Scale::Decay },
    only: &[],
    effect: Effect::Live,
    get: |e| Value::Number(e.average),
    set: |e, v| e.average = v.number(),
};

const fn all() -> [Field; 27] {
    let [f0, f1, f2, f3, f4, f5, f6, f7] = GAME;
    let [g0, g1, g2, g3, g4, g5, g6] = G;
    let [d0, d1, d2, d3, d4, d5, d6] = D;
    let [schedule, decay, r0, r1] = RUN;
    [
        f0, f1, f2, f3, f4, f5, f6, schedule, decay, g0, g1, g2, g3, g4, g5, g6, AVERAGE, d0, d1, d2, d3, d4, d5, d6,
        f7, r0, r1,
    ]
}

/// Every field, in the order in which a link and the page show them.
pub static FIELDS: [Field; 27] = all();
