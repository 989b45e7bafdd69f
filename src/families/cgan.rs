//! Conditional GAN: Mirza and Osindero 2014, “Conditional Generative Adversarial Nets” (arXiv 1411.1784): G and D are both told a
//! class. G is given it beside its noise, as in the paper; D beside what it is shown, as in the paper, or, which does better, its score is
//! a projection on it (Miyato and Koyama 2018, arXiv 1802.05637).

use super::body::{self, image_of};
use super::gan::{self, FAMILY as GAN, GAME};
use super::{Family, drawn_pair};
use crate::data::{Dataset, Source};
use crate::experiment::{
    AVERAGE, BODY, Body, Choice, D_NORM, DISCRIMINATOR, DISCRIMINATOR_LEARNING, DOWN, Defaults, Effect, Experiment,
    Field, Form, G_NORM, GENERATOR, GENERATOR_LEARNING, Group, HIDDEN, Kind, LAST, Normal, OBJECTIVE, Typed, UP, WIDTH,
    choice, named,
};
use crate::kernel::Grid;
use crate::message::Message;
use crate::nn::Network;
use crate::text::{name, text};
use crate::train::adversarial::Alternating;
use crate::train::labels::{Head, Labels};
use crate::train::work;

/// Where the class enters D.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enters {
    /// Its score is a projection on it.
    Projection,
    /// It is given beside the sample.
    Input,
}

impl Enters {
    const CHOICES: [Choice; 2] = [
        Choice {
            value: "projection",
            title: text("at the end: projection", "末端：投影"),
            about: text(
                "D's last features are compared with a vector of the class (Miyato and Koyama 2018)",
                "把 D 的最后特征与该类别的向量作内积（Miyato 和 Koyama，2018）",
            ),
        },
        Choice {
            value: "input",
            title: text("at the beginning: input", "开端：输入"),
            about: text(
                "beside the sample, a number for each class; beside each pixel, and so as planes, where D has convolutions (Mirza and Osindero 2014)",
                "与样本并列输入，每个类别一个数；D 用卷积时放在每个像素旁，即每类一个平面（Mirza 和 Osindero，2014）",
            ),
        },
    ];
}

named!(Enters: Projection, Input);

/// Where the class enters D.
pub static ENTERS: Typed<Enters> = choice(Field {
    name: "label",
    title: text("Where D is told the class", "类别从哪里进入 D"),
    about: text("Where the class enters D.", "类别从判别器的哪里进入。"),
    group: Group::Discriminator,
    kind: Kind::Choice(|| Enters::CHOICES.to_vec()),
    default: "projection",
    only: &[],
    effect: Effect::Anew,
});

/// The family `cgan`.
pub static FAMILY: Family = Family {
    form: Form { name: "cgan", title: name("cGAN"), fields: &and(&[&ENTERS.field]), fits, titled: &[&OBJECTIVE.field] },
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

/// The fields of a game with classes, and some of a family's own.
pub(super) const fn and(own: &'static [&'static Field]) -> [&'static [&'static Field]; SHARED.len() + 1] {
    let mut fields = [own; SHARED.len() + 1];
    let mut i = 0;
    while i < SHARED.len() {
        fields[i] = SHARED[i];
        i += 1;
    }
    fields
}

/// The fields of a game with classes, on points and on images.
const SHARED: [&[&Field]; 8] = [
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

fn networks(e: &Experiment) -> [Box<dyn Network>; 2] {
    with_labels(e, labels_of(e))
}

/// G, told a class, and D, which is told it or says something of it.
pub(super) fn with_labels(e: &Experiment, labels: Labels) -> [Box<dyn Network>; 2] {
    match convolved(e) {
        Some(image) => {
            let shown = Grid { channels: image.channels + labels.told(), ..image };
            [body::generator(e, labels.classes, image), body::discriminator(e, shown, labels.says())]
        }
        None => gan::networks(e, [Normal::None; 2], [labels.classes, labels.told(), labels.says()]),
    }
}

/// The image that networks of convolutions make, where they are asked for.
fn convolved(e: &Experiment) -> Option<Grid> {
    image_of(e.data).filter(|_| e.get(&BODY) == Body::Conv)
}

fn labels_of(e: &Experiment) -> Labels {
    let places = convolved(e).map_or(1, |image| image.height * image.width);
    let head = match e.get(&ENTERS) {
        Enters::Projection => Head::Projection,
        Enters::Input => Head::Beside { places },
    };
    Labels { classes: e.data.source.classes(), head }
}

fn labels(e: &Experiment) -> Option<Labels> {
    Some(labels_of(e))
}
