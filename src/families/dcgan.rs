//! DCGAN: Radford, Metz and Chintala 2015, “Unsupervised Representation Learning with Deep Convolutional Generative Adversarial
//! Networks” (arXiv 1511.06434). The game of `gan` between two convolutional networks.
//!
//! The five properties of the paper's section 3 are fields: strided convolutions for pooling (`up`, `down`), batch normalisation in both
//! (`gnorm`, `dnorm`), no hidden dense layers (`hidden`), ReLU and tanh in G (`gact`, `gout`), leaky ReLU in D (`dact`).

use super::body::{DISCRIMINATOR_BODY, GENERATOR_BODY, discriminator, generator, image_of};
use super::gan::{FAMILY as GAN, GAME, MANNER};
use super::{Family, drawn_pair};
use crate::data::Dataset;
use crate::experiment::{
    AVERAGE, CLASSES, DISCRIMINATOR_LEARNING, Defaults, Experiment, Form, GENERATOR_LEARNING, OBJECTIVE, PACK, WIDTH,
};
use crate::kernel::Grid;
use crate::message::Message;
use crate::nn::Network;
use crate::text::{name, text};
use crate::train::adversarial::Alternating;
use crate::train::pack::Pack;
use crate::train::work;

/// The family `dcgan`.
pub static FAMILY: Family = Family {
    form: Form {
        name: "dcgan",
        title: name("DCGAN"),
        fields: &[
            &[&CLASSES.field],
            &GAME,
            &MANNER,
            &[&WIDTH.field],
            &GENERATOR_BODY,
            &GENERATOR_LEARNING,
            &[&AVERAGE.field],
            &DISCRIMINATOR_BODY,
            &DISCRIMINATOR_LEARNING,
            &[&PACK.field],
        ],
        fits,
        titled: &[&OBJECTIVE.field],
    },
    about: text(
        "Two convolutional networks in the same alternating game: G paints planes that grow, D reads planes that shrink.",
        "同样的轮流博弈，双方换成卷积网络：G 画出逐渐变大的平面，D 读取逐渐变小的平面。",
    ),
    paper: "Radford, Metz and Chintala, Unsupervised Representation Learning with Deep Convolutional Generative Adversarial Networks, arXiv 1511.06434",
    year: 2015,
    parent: Some("gan"),
    moves: GAN.moves,
    networks: |e| drawn_pair(networks(e)),
    work: |e| work::of_game(e, networks),
    build: |e, device| Box::new(Alternating::new(networks, e, device)),
};

/// Adam without a mean of gradients bears high rates, which keep D from winning; R1 keeps it smooth beside its normalisation.
const IMAGES: [Defaults; 1] = [Defaults {
    since: 1,
    fields: &[
        ("penalty", "r1"),
        ("r1", "1"),
        ("lazy", "4"),
        ("z", "16"),
        ("batch", "64"),
        ("up", "resize"),
        ("glr", "0.004"),
        ("gb1", "0"),
        ("gb2", "0.99"),
        ("ema", "0.99"),
        ("hidden", "64"),
        ("dlr", "0.002"),
        ("db1", "0"),
        ("db2", "0.99"),
    ],
}];

fn fits(data: &'static Dataset) -> Result<Vec<&'static Defaults>, Message> {
    image_of(data).map(|_| IMAGES.iter().collect()).ok_or(Message::ImagesOnly)
}

fn networks(e: &Experiment) -> [Box<dyn Network>; 2] {
    let image = image_of(e.data).expect("it fits images");
    // The samples of a pack are channels of one image.
    let packed = Grid { channels: image.channels * Pack::of(e).0, ..image };
    [generator(e, 0, image), discriminator(e, packed, 1)]
}
