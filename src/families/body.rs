//! The convolutional networks of image families: two doublings from the smallest planes to the image, and two halvings back.

use crate::data::{Dataset, Source};
use crate::experiment::{
    D_NORM, DISCRIMINATOR, DOWN, Down, Experiment, Field, G_NORM, GENERATOR, HIDDEN, INIT, KERNELS, LAST, LATENT, Last,
    MINGLED, Mingled, Normal, UP, Up, WIDTH,
};
use crate::kernel::{Activation, Grid, Pooled};
use crate::nn::{Build, Init, Net, Network, Square};

/// G's own fields, with those of its body.
pub static GENERATOR_BODY: [&Field; 4] = [&UP.field, &G_NORM.field, &LAST.field, &GENERATOR.activation.field];

/// D's own fields, with those of its body.
pub static DISCRIMINATOR_BODY: [&Field; 4] =
    [&DOWN.field, &D_NORM.field, &HIDDEN.field, &DISCRIMINATOR.activation.field];

/// An image of a set, if the bodies can make it.
pub fn image_of(data: &Dataset) -> Option<Grid> {
    match data.source {
        Source::Images(set) if set.side.is_multiple_of(1 << DOUBLINGS) => Some(set.grid()),
        _ => None,
    }
}

/// Doublings between the smallest planes and the image.
const DOUBLINGS: usize = 2;

/// By what a transposed convolution doubles a plane and a strided one halves it.
const DOUBLE: Square = Square { size: 4, stride: 2, padding: 1 };
/// By what a convolution keeps a plane's size.
const KEEP: Square = Square { size: 3, stride: 1, padding: 1 };

/// G: from noise, and `told` numbers besides, over planes of `width` channels, a quarter of the image a side, to the image.
pub fn generator(e: &Experiment, told: usize, image: Grid) -> Box<dyn Network> {
    let (width, activation) = (e.get(&WIDTH) as usize, e.get(&GENERATOR.activation));
    let small = Grid { height: image.height >> DOUBLINGS, width: image.width >> DOUBLINGS, channels: width };
    let normal = e.get(&G_NORM);
    let noise = Grid { height: 1, width: 1, channels: e.get(&LATENT) as usize + told };
    let mut net = Build::new(noise, e.get(&INIT).of(Init::Narrow));
    net = normalised(normal, activation, net, |net, activation| net.dense_to(small, activation));
    for i in 1..=DOUBLINGS {
        let grow = |net: Build, channels, activation| match e.get(&UP) {
            Up::Transposed => net.transposed(channels, DOUBLE, activation),
            Up::Resize => net.enlarge(2).conv(channels, KEEP, activation),
        };
        net = if i < DOUBLINGS {
            let channels = (width >> i).max(1);
            normalised(normal, activation, net, |net, activation| grow(net, channels, activation))
        } else {
            grow(net, image.channels, (e.get(&LAST) == Last::Tanh).then_some(Activation::Tanh))
        };
    }
    Box::new(net.done())
}

/// D: from the image to planes of `width` channels, a quarter of it a side, and to `outputs` numbers.
pub fn discriminator(e: &Experiment, image: Grid, outputs: usize) -> Box<dyn Network> {
    let (width, activation) = (e.get(&WIDTH) as usize, e.get(&DISCRIMINATOR.activation));
    let mut net = Build::new(image, e.get(&INIT).of(Init::Narrow));
    for i in (0..DOUBLINGS).rev() {
        let channels = (width >> i).max(1);
        // The first layer sees the image as it is (Radford et al. 2015, section 3).
        let normal = if i + 1 == DOUBLINGS { Normal::None } else { e.get(&D_NORM) };
        net = normalised(normal, activation, net, |net, activation| match e.get(&DOWN) {
            Down::Strided => net.conv(channels, DOUBLE, activation),
            Down::Pool => net.conv(channels, KEEP, activation),
        });
        if e.get(&DOWN) == Down::Pool {
            net = net.pool(Pooled::Mean, 2, 2);
        }
    }
    let hidden = e.get(&HIDDEN) as usize;
    if hidden > 0 {
        net = net.dense(hidden, Some(activation));
    }
    Box::new(judged(e, net, outputs))
}

/// D with its last layer, which may be given something of the batch.
pub fn judged(e: &Experiment, net: Build, outputs: usize) -> Net {
    let net = match e.get(&MINGLED) {
        Mingled::None => net,
        Mingled::Deviation => net.deviation(),
        Mingled::Kernels => net.kernels(e.get(&KERNELS) as usize, COLUMNS),
    };
    net.dense(outputs, None).done()
}

/// Columns of a matrix by which nearness is measured (Salimans et al. 2016, their code).
const COLUMNS: usize = 5;

/// A layer with its activation, and a normalisation between them, if there is one.
pub fn normalised(
    normal: Normal,
    activation: Activation,
    net: Build,
    layer: impl Fn(Build, Option<Activation>) -> Build,
) -> Build {
    match normal {
        Normal::Batch => layer(net, None).norm(Some(activation)),
        Normal::Layer => layer(net, None).row_norm(Some(activation)),
        Normal::None => layer(net, Some(activation)),
    }
}
