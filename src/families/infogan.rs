//! InfoGAN: Chen et al. 2016, “InfoGAN: Interpretable Representation Learning by Information Maximizing Generative Adversarial Nets”
//! (arXiv 1606.03657). A DCGAN whose G is told a code that nobody has given a meaning, and a network Q that reads it back: the code
//! comes to name what differs most.

use super::body::{self, image_of};
use super::dcgan::FAMILY as DCGAN;
use super::gan::{FAMILY as GAN, GAME};
use super::{Family, drawn, drawn_pair};
use crate::data::Dataset;
use crate::experiment::{
    AVERAGE, CLASSES, DISCRIMINATOR_LEARNING, Defaults, Effect, Experiment, Field, Form, GENERATOR_LEARNING, Group,
    Kind, OBJECTIVE, SEED, Scale, Typed, WIDTH, integer, number,
};
use crate::message::Message;
use crate::nn::Network;
use crate::text::{name, text};
use crate::train::adversarial::Alternating;
use crate::train::informer::Informer;
use crate::train::labels::{Head, Labels};
use crate::train::work::{self, Work};

/// How many classes a code has.
pub static CODES: Typed<u64> = integer(Field {
    name: "codes",
    title: text("Classes of the code", "编码的类别数"),
    about: text(
        "How many kinds G is told to make; nobody says what they are.",
        "告诉 G 生成多少种东西；没有人说明每一种是什么。",
    ),
    group: Group::Game,
    kind: Kind::Integer { min: 2, max: 12 },
    default: "10",
    only: &[],
    effect: Effect::Anew,
});

/// The weight of the information.
pub static INFORMATION: Typed<f64> = number(Field {
    name: "info",
    title: text("Weight of the code", "编码的权重"),
    about: text(
        "How much G minds that Q reads its code rightly; 0: a DCGAN with more noise.",
        "G 有多在意 Q 读对编码；0 即噪声更多的 DCGAN。",
    ),
    group: Group::Generator,
    kind: Kind::Number { min: 0.0, max: 100.0, scale: Scale::Factors },
    default: "1",
    only: &[],
    effect: Effect::Live,
});

/// Numbers of a code besides.
const NUMBERS: usize = 2;

/// The family `infogan`.
pub static FAMILY: Family = Family {
    form: Form {
        name: "infogan",
        title: name("InfoGAN"),
        fields: &[
            &[&CLASSES.field],
            &GAME,
            &[&WIDTH.field, &CODES.field, &INFORMATION.field],
            &body::GENERATOR_BODY,
            &GENERATOR_LEARNING,
            &[&AVERAGE.field],
            &body::DISCRIMINATOR_BODY,
            &DISCRIMINATOR_LEARNING,
        ],
        fits,
        titled: &[&OBJECTIVE.field],
    },
    about: text(
        "G is told a code without a meaning, and a third network reads it back from the image: the code comes to name the digits by itself.",
        "告诉 G 一个没有含义的编码，第三个网络要从图像里把它读出来：编码会自行对应到各个数字。",
    ),
    paper: "Chen, Duan, Houthooft, Schulman, Sutskever and Abbeel, InfoGAN: Interpretable Representation Learning by Information Maximizing Generative Adversarial Nets, arXiv 1606.03657",
    year: 2016,
    parent: Some("dcgan"),
    moves: GAN.moves,
    networks: |e| {
        let mut all = drawn_pair(networks(e));
        all.push(drawn("q", text("Q, which reads the code", "读取编码的 Q"), reader(e).as_ref()));
        all
    },
    work: |e| {
        let game = work::of_game(e, networks);
        Work { flops: 1.3 * game.flops, bytes: 1.3 * game.bytes + 3e7, step: 1.3 * game.step, ..game }
    },
    build: |e, device| {
        let informer =
            Informer::new(reader(e), [e.get(&CODES) as usize, NUMBERS], e.get(&INFORMATION), e.get(&SEED), device);
        Box::new(
            Alternating::labelled(networks, labels, e, device).informed(informer, |e| (reader(e), e.get(&INFORMATION))),
        )
    },
};

/// A DCGAN's, without R1, which was not tried with codes.
const OWN: Defaults = Defaults { since: 1, fields: &[("up", "transposed"), ("penalty", "none")] };

fn fits(data: &'static Dataset) -> Result<Vec<&'static Defaults>, Message> {
    static OWNS: [Defaults; 1] = [OWN];
    // A warp is a matrix of all values by all values.
    if image_of(data).is_some_and(|image| image.channels > 1) {
        return Err(Message::GreyOnly);
    }
    Ok((DCGAN.form.fits)(data)?.into_iter().chain(&OWNS).collect())
}

/// G, told a code, and D, which is not.
fn networks(e: &Experiment) -> [Box<dyn Network>; 2] {
    let image = image_of(e.data).expect("it fits images");
    [body::generator(e, e.get(&CODES) as usize, image), body::discriminator(e, image, 1)]
}

/// Q: D's body, to a score for each class and to the numbers.
fn reader(e: &Experiment) -> Box<dyn Network> {
    let image = image_of(e.data).expect("it fits images");
    body::discriminator(e, image, e.get(&CODES) as usize + NUMBERS)
}

fn labels(e: &Experiment) -> Option<Labels> {
    Some(Labels { classes: e.get(&CODES) as usize, head: Head::Code })
}
