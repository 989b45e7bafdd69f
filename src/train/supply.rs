//! What steps consume: real samples and noise, drawn and uploaded for several steps at once.
//!
//! An upload costs a GPU as much as many small operations. What a step gets does not depend on how far ahead it was drawn:
//! the streams are read in the order of the steps.

use burn::tensor::{Device, Tensor};

use super::feed::{Feed, Position};
use crate::data::mnist::Store;
use crate::experiment::Experiment;
use crate::fused;
use crate::rng::Rng;

/// Steps drawn at once.
const STEPS: usize = 16;
/// The most numbers drawn at once, unless a single step takes more: 16 MB.
const NUMBERS: usize = 1 << 22;

/// Which player's turns a step has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turns {
    /// D's, then G's: a whole step.
    Both,
    /// Only D's.
    Discriminator,
    /// Only G's.
    Generator,
}

/// What one step consumes.
pub struct Batches {
    /// For each update of D: real samples `[batch, features]` and noise `[batch, latent]`.
    pub discriminator: Vec<[Tensor<2>; 2]>,
    /// For each update of G: noise `[batch, latent]`.
    pub generator: Vec<Tensor<2>>,
}

/// Draws what steps consume.
pub struct Supply {
    experiment: Experiment,
    device: Device,
    feed: Feed,
    noise: Rng,
    ahead: Option<Ahead>,
}

/// Whole steps that are drawn and uploaded, and of which some are consumed.
struct Ahead {
    block: Tensor<1>,
    steps: usize,
    consumed: usize,
    /// Where the streams stood before the first of them.
    from: (Position, u128),
}

impl Supply {
    /// From the beginning.
    pub fn new(experiment: &Experiment, device: &Device) -> Self {
        Self {
            feed: Feed::new(experiment.data.source, experiment.images, experiment.seed),
            noise: Rng::stream(experiment.seed, "noise"),
            ahead: None,
            device: device.clone(),
            experiment: experiment.clone(),
        }
    }

    /// The images, if the data are images.
    pub fn store(&self) -> Option<&Store> {
        self.feed.store()
    }

    /// The images, to provide a shard.
    pub fn store_mut(&mut self) -> Option<&mut Store> {
        self.feed.store_mut()
    }

    /// What the next step consumes.
    ///
    /// # Errors
    /// The shard that must be provided first. Nothing is consumed then.
    pub fn next(&mut self, turns: Turns) -> Result<Batches, usize> {
        if turns != Turns::Both {
            self.return_ahead();
            let mut numbers = Vec::new();
            self.draw(turns, &mut numbers)?;
            let block = self.upload(numbers);
            return Ok(self.batches(turns, &block, 0));
        }
        let (mut ahead, stride) = (self.ahead.take(), stride(&self.experiment));
        if ahead.as_ref().is_none_or(|ahead| ahead.consumed == ahead.steps) {
            ahead = Some(self.draw_ahead(stride)?);
        }
        let ahead = self.ahead.insert(ahead.expect("drawn if there was none"));
        let (block, start) = (ahead.block.clone(), ahead.consumed * stride);
        ahead.consumed += 1;
        Ok(self.batches(turns, &block, start))
    }

    /// Goes on with another batch, other updates a step or another law of the noise.
    pub fn tune(&mut self, experiment: &Experiment) {
        // What is drawn ahead was laid out for the steps as they were.
        self.return_ahead();
        self.experiment = experiment.clone();
    }

    /// Where the streams stand after the steps consumed.
    pub fn position(&mut self) -> (Position, u128) {
        self.return_ahead();
        (self.feed.position(), self.noise.position())
    }

    /// Continues from a position of a supply of the same experiment.
    ///
    /// # Errors
    /// If the position is not one of such a supply; it is then unchanged.
    pub fn seek(&mut self, feed: Position, noise: u128) -> Result<(), String> {
        self.return_ahead();
        self.feed.seek(feed)?;
        self.noise.seek(noise);
        Ok(())
    }

    fn draw_ahead(&mut self, stride: usize) -> Result<Ahead, usize> {
        let from = (self.feed.position(), self.noise.position());
        let most = ahead(stride);
        let mut numbers = Vec::with_capacity(most * stride);
        let mut steps = 0;
        while steps < most {
            match self.draw(Turns::Both, &mut numbers) {
                Ok(()) => steps += 1,
                Err(shard) if steps == 0 => return Err(shard),
                // The missing shard is asked for when its step comes.
                Err(_) => break,
            }
        }
        Ok(Ahead { block: self.upload(numbers), steps, consumed: 0, from })
    }

    /// Puts what is drawn and not consumed back, by drawing what is consumed once more from where it began.
    fn return_ahead(&mut self) {
        let Some(Ahead { steps, consumed, from: (feed, noise), .. }) = self.ahead.take() else { return };
        if consumed == steps {
            return;
        }
        self.feed.seek(feed).expect("a position of this feed");
        self.noise.seek(noise);
        for _ in 0..consumed {
            self.draw(Turns::Both, &mut Vec::new()).expect("data that was there stays there");
        }
    }

    /// Appends what a step consumes, each part filled up to where the next may begin.
    fn draw(&mut self, turns: Turns, numbers: &mut Vec<f32>) -> Result<(), usize> {
        let e = &self.experiment;
        let mut add = |part: Vec<f32>| {
            numbers.extend(part);
            numbers.resize(numbers.len().next_multiple_of(fused::ALIGNMENT), 0.0);
        };
        if turns != Turns::Generator && e.discriminator.updates > 0 {
            for real in self.feed.batches(e.discriminator.updates, e.batch)? {
                add(real);
                add(e.noise.draw(e.batch * e.latent, &mut self.noise));
            }
        }
        if turns != Turns::Discriminator {
            for _ in 0..e.generator.updates {
                add(e.noise.draw(e.batch * e.latent, &mut self.noise));
            }
        }
        Ok(())
    }

    fn upload(&self, numbers: Vec<f32>) -> Tensor<1> {
        let n = numbers.len();
        Tensor::from_data(burn::tensor::TensorData::new(numbers, [n]), &self.device)
    }

    /// The parts of a step that begins at `start` of a block, as [`Supply::draw`] laid them out.
    fn batches(&self, turns: Turns, block: &Tensor<1>, mut start: usize) -> Batches {
        let e = &self.experiment;
        let mut take = |columns: usize| {
            let part = fused::rows(block, start, [e.batch, columns]);
            start += (e.batch * columns).next_multiple_of(fused::ALIGNMENT);
            part
        };
        let count = |updates, skip| if turns == skip { 0 } else { updates };
        let discriminator = (0..count(e.discriminator.updates, Turns::Generator))
            .map(|_| [e.features(), e.latent].map(&mut take))
            .collect();
        let generator = (0..count(e.generator.updates, Turns::Discriminator)).map(|_| take(e.latent)).collect();
        Batches { discriminator, generator }
    }
}

/// Numbers of a whole step, its filling included.
fn stride(e: &Experiment) -> usize {
    let [real, noise] = [e.features(), e.latent].map(|columns| (e.batch * columns).next_multiple_of(fused::ALIGNMENT));
    e.discriminator.updates * (real + noise) + e.generator.updates * noise
}

/// How many steps of so many numbers are drawn at once.
fn ahead(stride: usize) -> usize {
    (NUMBERS / stride.max(1)).clamp(1, STEPS)
}

/// How many numbers are drawn at once.
pub fn drawn(experiment: &Experiment) -> usize {
    let stride = stride(experiment);
    stride * ahead(stride)
}
