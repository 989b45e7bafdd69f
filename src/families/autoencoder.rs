//! Autoencoder: Hinton and Salakhutdinov 2006, “Reducing the Dimensionality of Data with Neural Networks”; with noise on what goes in,
//! Vincent et al. 2008, “Extracting and Composing Robust Features with Denoising Autoencoders”.

use super::Family;
use super::vae::{MOVES, drawn_coder, pair};
use crate::data::{Dataset, Source};
use crate::experiment::{
    BATCH, CLASSES, DECAY, Defaults, Effect, Experiment, Field, Form, Group, Kind, LATENT, LOOK, MODEL, MODEL_LEARNING,
    SCHEDULE, Scale, Typed, number,
};
use crate::kernel::Activation;
use crate::message::Message;
use crate::nn::Network;
use crate::text::text;
use crate::train::coder::{self, Coder, Law, Spec};
use crate::train::work;

/// The deviation of noise on what goes in.
pub static CORRUPT: Typed<f64> = number(Field {
    name: "corrupt",
    title: text("Noise on the input", "输入噪声"),
    about: text(
        "The deviation of Gaussian noise on what the encoder sees; the decoder is to bring back what was there before. 0: a plain autoencoder.",
        "编码器输入上高斯噪声的标准差；解码器要还原加噪之前的样子。0 即普通自编码器。",
    ),
    group: Group::Game,
    kind: Kind::Number { min: 0.0, max: 10.0, scale: Scale::Factors },
    default: "0",
    only: &[],
    effect: Effect::Live,
});

/// The family `autoencoder`.
pub static FAMILY: Family = Family {
    form: Form {
        name: "autoencoder",
        title: text("Autoencoder", "自编码器"),
        fields: &[
            &[&CLASSES.field],
            &[&LATENT.field, &MODEL.layers.field, &MODEL.activation.field, &CORRUPT.field, &BATCH.field],
            &MODEL_LEARNING,
            &[&SCHEDULE.field, &DECAY.field, &LOOK.field],
        ],
        fits,
        titled: &[],
    },
    about: text(
        "No game and no samples: an encoder squeezes x into a few numbers, and a decoder brings it back.",
        "没有博弈，也不生成样本：编码器把 x 压缩成几个数，解码器再把它还原。",
    ),
    paper: "Hinton and Salakhutdinov, Reducing the Dimensionality of Data with Neural Networks, 2006",
    year: 2006,
    parent: None,
    moves: &MOVES,
    networks: |e| drawn_coder(networks(e)),
    work: |e| work::of_model(e, &networks(e), &coder::moves(e, spec(e)), 1_000),
    build: |e, device| Box::new(Coder::new(networks, spec, e, device)),
};

/// A code of one number for points, which have two.
const POINTS: [Defaults; 1] = [Defaults { since: 1, fields: &[("z", "1"), ("b1", "0.9")] }];
const IMAGES: [Defaults; 1] =
    [Defaults { since: 1, fields: &[("z", "16"), ("layers", "256"), ("batch", "128"), ("b1", "0.9")] }];

fn fits(data: &'static Dataset) -> Result<Vec<&'static Defaults>, Message> {
    match data.source {
        Source::Images(set) if set.tests == 0 => Err(Message::Untested),
        Source::Images(_) => Ok(IMAGES.iter().collect()),
        Source::Points(_) => Ok(POINTS.iter().collect()),
        Source::Line(_) => Err(Message::PointsOnly),
    }
}

fn spec(e: &Experiment) -> Spec {
    Spec { law: Law::Plain, beta: None, corrupt: e.get(&CORRUPT), weighed: 1 }
}

fn networks(e: &Experiment) -> [Box<dyn Network>; 2] {
    let last = matches!(e.data.source, Source::Images(_)).then_some(Activation::Tanh);
    pair(e, 1, last)
}
