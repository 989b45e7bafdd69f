//! Conditional GAN: Mirza and Osindero 2014, “Conditional Generative Adversarial Nets” (arXiv 1411.1784): G and D are both told a
//! class. G is given it beside its noise, as in the paper; D's score is a projection on it (Miyato and Koyama 2018, arXiv 1802.05637).

use super::body::{self, image_of};
use super::gan::{self, FAMILY as GAN, GAME};
use super::{Family, drawn_pair};
use crate::data::{Dataset, Source};
use crate::experiment::{
    AVERAGE, BODY, Body, D_NORM, DISCRIMINATOR, DISCRIMINATOR_LEARNING, DOWN, Defaults, Experiment, Field, Form,
    G_NORM, GENERATOR, GENERATOR_LEARNING, HIDDEN, LAST, OBJECTIVE, UP, WIDTH,
};
use crate::message::Message;
use crate::nn::Network;
use crate::text::{name, text};
use crate::train::adversarial::Alternating;
use crate::train::labels::{Head, Labels};
use crate::train::work;

/// The family `cgan`.
pub static FAMILY: Family = Family {
    form: Form { name: "cgan", title: name("cGAN"), fields: &FIELDS, fits, titled: &[&OBJECTIVE.field] },
    about: text(
        "G is told which class to make, and D which class it is shown: a GAN that can be asked for a 7.",
        "告诉 G 要生成哪一类，也告诉 D 看到的是哪一类：可以向这个 GAN 点名要一个 7。",
    ),
    paper: "Mirza and Osindero, Conditional Generative Adversarial Nets, arXiv 1411.1784; Miyato and Koyama, cGANs with Projection Discriminator, arXiv 1802.05637",
    year: 2014,
    parent: Some("gan"),
    moves: GAN.moves,
    networks: |e| drawn_pair(networks(e)),
    work: |e| work::of_game(e, networks),
    build: |e, device| Box::new(Alternating::labelled(networks, labels, e, device)),
};

/// The fields of a game with classes, on points and on images.
pub(super) static FIELDS: [&[&Field]; 8] = [
    &GAME,
    &[&BODY.field, &WIDTH.field],
    &[&GENERATOR.layers.field, &GENERATOR.activation.field],
    &GENERATOR_LEARNING,
    &[&UP.field, &G_NORM.field, &LAST.field, &AVERAGE.field],
    &[&DISCRIMINATOR.layers.field, &DISCRIMINATOR.activation.field],
    &DISCRIMINATOR_LEARNING,
    &[&DOWN.field, &D_NORM.field, &HIDDEN.field],
];

/// As a DCGAN, with more noise: the class is no part of it.
pub(super) const IMAGES: [Defaults; 1] = [Defaults {
    since: 1,
    fields: &[
        ("body", "conv"),
        ("penalty", "r1"),
        ("r1", "1"),
        ("lazy", "4"),
        ("z", "64"),
        ("batch", "64"),
        ("up", "resize"),
        ("glr", "0.004"),
        ("gb1", "0"),
        ("gb2", "0.99"),
        ("ema", "0.99"),
        ("dlr", "0.002"),
        ("db1", "0"),
        ("db2", "0.99"),
    ],
}];

/// Two classes or more, and no more than a person could tell apart.
const CLASSES: std::ops::RangeInclusive<usize> = 2..=25;

/// The defaults of a game with classes.
pub(super) fn fits(data: &'static Dataset) -> Result<Vec<&'static Defaults>, Message> {
    if !CLASSES.contains(&data.source.classes()) {
        return Err(Message::ClassesOnly);
    }
    match data.source {
        Source::Images(_) if image_of(data).is_some() => Ok(IMAGES.iter().collect()),
        Source::Images(_) => Err(Message::ClassesOnly),
        Source::Points(_) | Source::Line(_) => (GAN.form.fits)(data),
    }
}

/// G, told a class, and D, which gives a score and a number for each class.
pub(super) fn networks(e: &Experiment) -> [Box<dyn Network>; 2] {
    let classes = e.data.source.classes();
    match image_of(e.data) {
        Some(image) if e.get(&BODY) == Body::Conv => {
            [body::generator(e, classes, image), body::discriminator(e, image, 1 + classes)]
        }
        _ => gan::networks(e, classes, 1 + classes),
    }
}

fn labels(e: &Experiment) -> Option<Labels> {
    Some(Labels { classes: e.data.source.classes(), head: Head::Projection })
}
