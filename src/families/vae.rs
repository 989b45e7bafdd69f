//! Variational autoencoder: Kingma and Welling 2013, “Auto-Encoding Variational Bayes” (arXiv 1312.6114). An explicit model with a
//! bound on its likelihood, to be laid beside GANs.
//!
//! On images the decoder says how likely each pixel is white, and pixels are drawn from their grey values anew in each step (dynamic
//! binarisation); on points it says the mean of a Gaussian whose deviation is learned.

use super::{Drawn, Family, Turn, drawn, mlp};
use crate::data::{Dataset, Source};
use crate::experiment::{
    BATCH, CLASSES, DECAY, Defaults, Effect, Experiment, Field, Form, Group, Kind, LATENT, LOOK, MODEL, MODEL_LEARNING,
    PlayerSpec, SCHEDULE, Scale, Typed, integer, number,
};
use crate::message::Message;
use crate::nn::Network;
use crate::text::{name, text};
use crate::train::coder::{self, Coder, Law, Spec};
use crate::train::work;

/// The weight of the divergence.
pub static BETA: Typed<f64> = number(Field {
    name: "beta",
    title: name("β"),
    about: text(
        "The weight of the codes' divergence from N(0, I). 1: the bound on the likelihood; above, codes are more alike and say less (Higgins et al. 2017).",
        "编码偏离 N(0, I) 的散度的权重。1 即似然的下界；更大则编码更相似、含的信息更少（Higgins 等，2017）。",
    ),
    group: Group::Game,
    kind: Kind::Number { min: 0.0, max: 100.0, scale: Scale::Factors },
    default: "1",
    only: &[],
    effect: Effect::Live,
});

/// Where the decoder's deviation begins.
pub static DEVIATION: Typed<f64> = number(Field {
    name: "sigma",
    title: text("First deviation", "初始标准差"),
    about: text(
        "The deviation that the decoder's Gaussian begins with, in the networks' units; it is learned. From 1, all codes collapse onto the prior.",
        "解码器高斯分布的初始标准差（网络单位），之后由训练得出。从 1 开始时，编码会全部塌缩到先验。",
    ),
    group: Group::Game,
    kind: Kind::Number { min: 0.001, max: 10.0, scale: Scale::Factors },
    default: "0.1",
    only: &[crate::experiment::Only { field: "kind", is: &["points"] }],
    effect: Effect::Anew,
});

/// Codes drawn for each x in the estimate of its likelihood.
pub static WEIGHED: Typed<u64> = integer(Field {
    name: "weighed",
    title: text("Codes in the estimate, k", "估计所用编码数 k"),
    about: text(
        "How many codes are drawn for each x in the weighted estimate of its likelihood (Burda et al. 2015): 1 gives the bound itself, more come nearer to the likelihood and take longer. Training is the same.",
        "估计似然时为每个 x 抽取多少个编码（Burda 等，2015）：1 即下界本身，越多越接近似然，也越慢。不影响训练。",
    ),
    group: Group::Run,
    kind: Kind::Integer { min: 1, max: 500 },
    default: "64",
    only: &[],
    effect: Effect::Live,
});

/// The family `vae`.
pub static FAMILY: Family = Family {
    form: Form { name: "vae", title: name("VAE"), fields: &FIELDS, fits, titled: &[] },
    about: text(
        "No game: an encoder turns each x into a cloud of codes, a decoder turns codes into x again, and codes from N(0, I) become samples.",
        "没有博弈：编码器把每个 x 变成一团编码，解码器把编码变回 x；从 N(0, I) 抽取编码即可得到样本。",
    ),
    paper: "Kingma and Welling, Auto-Encoding Variational Bayes, arXiv 1312.6114",
    year: 2013,
    parent: None,
    moves: &MOVES,
    networks: |e| drawn_coder(networks(e)),
    work: |e| work::of_model(e, &networks(e), &coder::moves(e, spec(e)), looked_at(e)),
    build: |e, device| Box::new(Coder::new(networks, spec, e, device)),
};

static FIELDS: [&[&Field]; 5] = [
    &[&CLASSES.field],
    &[&LATENT.field, &MODEL.layers.field, &MODEL.activation.field, &BETA.field, &DEVIATION.field, &BATCH.field],
    &MODEL_LEARNING,
    &[&SCHEDULE.field],
    &[&DECAY.field, &WEIGHED.field, &LOOK.field],
];

/// Rows through the decoder at an evaluation.
fn looked_at(e: &Experiment) -> usize {
    6_000 * (e.get(&WEIGHED) as usize).max(64) / 64
}

/// The move of a coder.
pub(super) static MOVES: [Turn; 1] = [Turn {
    name: "v",
    short: "V",
    only: text("Update both networks", "更新两个网络"),
    about: text("both networks learn to bring back what went in", "两个网络学习还原输入"),
    times: Some("steps"),
}];

/// Adam as usual, with rates that fall.
const POINTS: [Defaults; 1] =
    [Defaults { since: 1, fields: &[("lr", "0.005"), ("b1", "0.9"), ("schedule", "cosine"), ("decay", "6000")] }];
const IMAGES: [Defaults; 1] = [Defaults {
    since: 1,
    fields: &[
        ("images", "60000"),
        ("z", "20"),
        ("layers", "256"),
        ("batch", "128"),
        ("lr", "0.002"),
        ("b1", "0.9"),
        ("schedule", "cosine"),
        ("decay", "11000"),
    ],
}];

fn fits(data: &'static Dataset) -> Result<Vec<&'static Defaults>, Message> {
    match data.source {
        Source::Points(_) => Ok(POINTS.iter().collect()),
        // A pixel is on or off, and how likely it is on is how light it is.
        Source::Images(set) if set.channels > 1 => Err(Message::GreyOnly),
        Source::Images(set) if set.tests == 0 => Err(Message::Untested),
        Source::Images(_) => Ok(IMAGES.iter().collect()),
        Source::Line(_) => Err(Message::PointsOnly),
    }
}

fn spec(e: &Experiment) -> Spec {
    let law = match e.data.source {
        Source::Images(_) => Law::Bernoulli,
        Source::Points(_) | Source::Line(_) => Law::Gaussian(e.get(&DEVIATION)),
    };
    Spec { law, beta: Some(e.get(&BETA)), corrupt: 0.0, weighed: e.get(&WEIGHED) as usize }
}

/// An encoder to a mean and a log deviation for each number of a code, and a decoder with its layers in reverse.
fn networks(e: &Experiment) -> [Box<dyn Network>; 2] {
    pair(e, 2, None)
}

/// An encoder that gives so many numbers for each of a code, and a decoder with its layers in reverse.
pub(super) fn pair(e: &Experiment, each: usize, last: Option<crate::kernel::Activation>) -> [Box<dyn Network>; 2] {
    let (model, latent) = (e.player(&MODEL), e.get(&LATENT) as usize);
    let back = PlayerSpec { layers: model.layers.iter().rev().copied().collect(), ..model.clone() };
    [mlp(&model, e.features(), each * latent, None), mlp(&back, latent, e.features(), last)]
}

/// An encoder and a decoder as they are drawn.
pub(super) fn drawn_coder([encoder, decoder]: [Box<dyn Network>; 2]) -> Vec<Drawn> {
    vec![
        drawn("enc", text("encoder", "编码器"), encoder.as_ref()),
        drawn("dec", text("decoder", "解码器"), decoder.as_ref()),
    ]
}
