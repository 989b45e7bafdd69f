//! GAN: Goodfellow et al. 2014, “Generative Adversarial Nets” (arXiv 1406.2661). The root of the family tree.
//!
//! Two multilayer perceptrons. G maps noise to samples, D scores samples, and the two are updated in turns. Points leave
//! G unbounded; images leave it through tanh, the range of the pixels in network units.

use burn::tensor::Device;

use super::{Family, Info, mlp};
use crate::data::Source;
use crate::experiment::Experiment;
use crate::kernel::Activation;
use crate::nn::Network;
use crate::train::adversarial::Alternating;
use crate::train::program::Program;

/// The family `gan`.
pub struct Gan;

static INFO: Info = Info {
    name: "gan",
    title: "GAN",
    about: "Two multilayer perceptrons in an alternating game: fix G, update D; fix D, update G.",
    paper: "Goodfellow et al., Generative Adversarial Nets, arXiv 1406.2661",
    year: 2014,
};

impl Family for Gan {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn moves(&self) -> &'static [&'static str] {
        &["d", "g"]
    }

    fn build(&self, experiment: &Experiment, device: &Device) -> Box<dyn Program> {
        Box::new(Alternating::new(networks, experiment, device))
    }
}

/// G, from noise to samples, and D, from samples to a score.
fn networks(e: &Experiment) -> [Box<dyn Network>; 2] {
    let last = match e.data.source {
        Source::Points(_) => None,
        Source::Images(_) => Some(Activation::Tanh),
    };
    [mlp(&e.generator, e.latent, e.features(), last), mlp(&e.discriminator, e.features(), 1, None)]
}
