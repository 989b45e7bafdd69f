//! GAN: Goodfellow et al. 2014, “Generative Adversarial Nets” (arXiv 1406.2661). The root of the family tree.
//!
//! Two multilayer perceptrons. G maps noise to samples, D scores samples, and the two are updated in turns. Points leave
//! G unbounded; images leave it through tanh, the range of the pixels in network units.

use super::body::judged;
use super::{Family, Turn, drawn_pair, hidden};
use crate::data::{Dataset, Source};
use crate::experiment::{
    AVERAGE, BATCH, CLASSES, CLIP, CONSENSUS, D_NORM, DECAY, DISCRIMINATOR, DISCRIMINATOR_LEARNING, DROPOUT, Defaults,
    EASED, EXTRAGRADIENT, Experiment, FLIPS, Field, Form, G_NORM, GAMMA, GENERATOR, GENERATOR_LEARNING, INIT, INSTANCE,
    INSTANCE_SPAN, KERNELS, LAMBDA, LATENT, LAZY, LOOK, MINGLED, NOISE, Normal, OBJECTIVE, PACK, PENALTY, SCHEDULE,
    SIDES, SMOOTH, SMOOTH_FAKE, SPECTRAL, SQUARE_FAKE, SQUARE_G, SQUARE_REAL, TARGET, UNROLL,
};
use crate::kernel::Activation;
use crate::message::Message;
use crate::nn::Network;
use crate::text::{name, text};
use crate::train::adversarial::Alternating;
use crate::train::pack::Pack;
use crate::train::work;

/// The family `gan`.
pub static FAMILY: Family = Family {
    form: Form {
        name: "gan",
        title: name("GAN"),
        fields: &[
            &[&CLASSES.field],
            &GAME,
            &MANNER,
            &[&GENERATOR.layers.field, &GENERATOR.activation.field],
            &GENERATOR_LEARNING,
            &[&G_NORM.field, &AVERAGE.field],
            &[&DISCRIMINATOR.layers.field, &DISCRIMINATOR.activation.field],
            &DISCRIMINATOR_LEARNING,
            &[&D_NORM.field, &PACK.field],
        ],
        fits,
        titled: &[&OBJECTIVE.field],
    },
    about: text(
        "Two multilayer perceptrons in an alternating game: fix G, update D; fix D, update G.",
        "两个多层感知机轮流博弈：固定 G，更新 D；固定 D，更新 G。",
    ),
    paper: "Goodfellow et al., Generative Adversarial Nets, arXiv 1406.2661",
    year: 2014,
    parent: None,
    moves: &[
        Turn {
            name: "d",
            short: "D",
            only: text("Update only D; G stays fixed", "只更新 D，固定 G"),
            about: text("G fixed, D learns to tell real from generated", "固定 G，D 学习分辨真假"),
            times: Some("dsteps"),
        },
        Turn {
            name: "g",
            short: "G",
            only: text("Update only G; D stays fixed", "只更新 G，固定 D"),
            about: text("D fixed, G learns to be taken for real", "固定 D，G 学习以假乱真"),
            times: Some("gsteps"),
        },
    ],
    networks: |e| drawn_pair(plain(e)),
    work: |e| work::of_game(e, plain),
    build: |experiment, device| Box::new(Alternating::new(plain, experiment, device)),
};

/// The fields of an alternating game.
pub(super) static GAME: [&Field; 28] = [
    &OBJECTIVE.field,
    &SQUARE_FAKE.field,
    &SQUARE_REAL.field,
    &SQUARE_G.field,
    &SMOOTH.field,
    &SMOOTH_FAKE.field,
    &PENALTY.field,
    &LAMBDA.field,
    &TARGET.field,
    &SIDES.field,
    &GAMMA.field,
    &LAZY.field,
    &EASED.field,
    &CLIP.field,
    &SPECTRAL.field,
    &INSTANCE.field,
    &INSTANCE_SPAN.field,
    &FLIPS.field,
    &DROPOUT.field,
    &MINGLED.field,
    &KERNELS.field,
    &INIT.field,
    &NOISE.field,
    &LATENT.field,
    &BATCH.field,
    &SCHEDULE.field,
    &DECAY.field,
    &LOOK.field,
];

/// How turns of a game without labels may be taken.
pub(super) static MANNER: [&Field; 3] = [&EXTRAGRADIENT.field, &CONSENSUS.field, &UNROLL.field];

/// On any points, Adam without a mean of gradients, which lags behind a game that turns, and with a mean of their squares that
/// soon follows; samples from a running mean of the weights.
const POINTS: [Defaults; 2] = [
    // Clouds are small, and a stronger penalty keeps the critic from telling them apart (Gulrajani's toys have the same).
    Defaults { since: 1, fields: &[("gp", "0.1"), ("r1", "0.01"), ("gnorm", "none"), ("dnorm", "none")] },
    Defaults { since: 2, fields: &[("gb1", "0"), ("gb2", "0.99"), ("ema", "0.998"), ("db1", "0"), ("db2", "0.99")] },
];

/// The same on the line, with noise of one dimension, so that one sees which noise becomes which sample.
const LINE: [Defaults; 1] = [Defaults {
    since: 1,
    fields: &[
        ("gp", "0.1"),
        ("gnorm", "none"),
        ("dnorm", "none"),
        ("z", "1"),
        ("g", "32,32"),
        ("gb1", "0"),
        ("gb2", "0.99"),
        ("ema", "0.99"),
        ("d", "32,32"),
        ("db1", "0"),
        ("db2", "0.99"),
    ],
}];

/// The same on any images, where such an Adam also bears higher rates. Without normalisation D outruns G at equal rates, and
/// samples stay noisy; a slower D keeps the game even.
const IMAGES: [Defaults; 2] = [
    Defaults {
        since: 1,
        fields: &[
            ("gnorm", "none"),
            ("dnorm", "none"),
            ("z", "100"),
            ("batch", "64"),
            ("g", "256,512"),
            ("gact", "leaky"),
            ("glr", "0.0005"),
            ("d", "512,256"),
            ("dlr", "0.0001"),
        ],
    },
    Defaults {
        since: 2,
        fields: &[
            ("z", "32"),
            ("glr", "0.001"),
            ("gb1", "0"),
            ("gb2", "0.99"),
            ("ema", "0.99"),
            ("dlr", "0.0005"),
            ("db1", "0"),
            ("db2", "0.99"),
        ],
    },
];

/// Small clouds far apart: G has steep walls to make, and quick steps make them.
const CLOUDS: Defaults = Defaults { since: 2, fields: &[("glr", "0.002"), ("dlr", "0.002")] };

/// Twenty-five of them take depth and width besides.
const GRID: Defaults =
    Defaults { since: 2, fields: &[("g", "64,64,64"), ("glr", "0.002"), ("d", "128,128"), ("dlr", "0.002")] };

fn fits(data: &'static Dataset) -> Result<Vec<&'static Defaults>, Message> {
    let kind: &[Defaults] = match data.source {
        Source::Points(_) => &POINTS,
        Source::Line(_) => &LINE,
        Source::Images(_) => &IMAGES,
    };
    let own: &[Defaults] = match data.name {
        "ring8" | "pacring" => &[CLOUDS],
        "grid25" => &[GRID],
        _ => &[],
    };
    Ok(kind.iter().chain(own).collect())
}

/// G, from noise and `classes` numbers besides to samples, and D, from packs of samples and `told` numbers besides to `says` numbers;
/// `normals`: what their hidden layers are normalised by.
pub(super) fn networks(
    e: &Experiment,
    normals: [Normal; 2],
    [classes, told, says]: [usize; 3],
) -> [Box<dyn Network>; 2] {
    let last = match e.data.source {
        Source::Points(_) | Source::Line(_) => None,
        Source::Images(_) => Some(Activation::Tanh),
    };
    let (g, d) = (e.player(&GENERATOR), e.player(&DISCRIMINATOR));
    let shown = e.features() * Pack::of(e).0 + told;
    [
        Box::new(hidden(&g, (normals[0], 0), e.get(&LATENT) as usize + classes).dense(e.features(), last).done()),
        Box::new(judged(e, hidden(&d, (normals[1], 1), shown), says)),
    ]
}

fn plain(e: &Experiment) -> [Box<dyn Network>; 2] {
    networks(e, [e.get(&G_NORM), e.get(&D_NORM)], [0, 0, 1])
}
