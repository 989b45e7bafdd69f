//! Auxiliary-classifier GAN: Odena, Olah and Shlens 2017, “Conditional Image Synthesis with Auxiliary Classifier GANs”
//! (arXiv 1610.09585). G is told a class; D is not, but names the class of what it is shown, and G is to be named rightly.
//!
//! D learns to name real samples alone: what it learnt from generated ones would be what G makes wrongly.

use super::cgan::{self, FAMILY as CGAN, fits};
use super::gan::FAMILY as GAN;
use super::{Family, drawn_pair};
use crate::experiment::{Effect, Experiment, Field, Form, Group, Kind, OBJECTIVE, Scale, Typed, number};
use crate::nn::Network;
use crate::text::{name, text};
use crate::train::adversarial::Alternating;
use crate::train::labels::{Head, Labels};
use crate::train::work;

/// The weight of D's naming in G's loss.
pub static NAMED: Typed<f64> = number(Field {
    name: "aux",
    title: text("Weight of labels", "标签的权重"),
    about: text(
        "How much G minds that D names its samples rightly, beside being taken for real; 0: not at all.",
        "除了以假乱真，G 有多在意 D 认对它的类别；0 表示不在意。",
    ),
    group: Group::Generator,
    kind: Kind::Number { min: 0.0, max: 100.0, scale: Scale::Factors },
    default: "1",
    only: &[],
    effect: Effect::Live,
});

/// The family `acgan`.
pub static FAMILY: Family = Family {
    form: Form {
        name: "acgan",
        title: name("ACGAN"),
        fields: &cgan::and(&[&NAMED.field]),
        fits,
        titled: &[&OBJECTIVE.field],
    },
    about: text(
        "G is told which class to make; D tells real from generated, and names the class besides.",
        "告诉 G 要生成哪一类；D 除了分辨真假，还要说出类别。",
    ),
    paper: "Odena, Olah and Shlens, Conditional Image Synthesis with Auxiliary Classifier GANs, arXiv 1610.09585",
    year: 2017,
    parent: Some(CGAN.form.name),
    moves: GAN.moves,
    networks: |e| drawn_pair(networks(e)),
    work: |e| work::of_game(e, networks),
    build: |e, device| Box::new(Alternating::labelled(networks, labels, e, device)),
};

fn networks(e: &Experiment) -> [Box<dyn Network>; 2] {
    cgan::with_labels(e, labels_of(e))
}

fn labels_of(e: &Experiment) -> Labels {
    Labels { classes: e.data.source.classes(), head: Head::Auxiliary(e.get(&NAMED)) }
}

fn labels(e: &Experiment) -> Option<Labels> {
    Some(labels_of(e))
}
