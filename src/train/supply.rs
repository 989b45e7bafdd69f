//! What moves consume: real samples and noise, drawn and uploaded for several steps at once.
//!
//! An upload costs a GPU as much as many small operations. What a move gets does not depend on how far ahead it was drawn:
//! the streams are read in the order of the moves.

use std::rc::Rc;

use burn::tensor::{Device, Tensor};

use super::feed::{Feed, Position};
use super::informer;
use super::program::{Move, Program, Want};
use crate::data::Source;
use crate::data::store::{Chosen, Store};
use crate::experiment::{CLASSES, Experiment, IMAGES, SEED};
use crate::fused;
use crate::rng::Rng;

/// Steps drawn at once.
const STEPS: usize = 16;
/// The most numbers drawn at once, unless a single move takes more: 16 MB.
const NUMBERS: usize = 1 << 22;

/// What one move consumes: its wants, in their order.
pub struct Batch {
    block: Block,
    /// Where each begins in the block, its rows and its columns.
    parts: Vec<(usize, [usize; 2])>,
}

impl Batch {
    /// How many wants there are.
    #[allow(clippy::len_without_is_empty, reason = "a move that wants nothing has no batch to ask")]
    pub fn len(&self) -> usize {
        self.parts.len()
    }

    /// What was wanted, `[rows, columns]`.
    ///
    /// # Panics
    /// If the program computes on the host.
    pub fn rows(&self, want: usize) -> Tensor<2> {
        let (start, shape) = self.parts[want];
        let Block::There(block) = &self.block else { panic!("what a program on the host wants is not uploaded") };
        fused::rows(block, start, shape)
    }

    /// What was wanted, row-major.
    ///
    /// # Panics
    /// If the program computes on the device.
    pub fn numbers(&self, want: usize) -> &[f32] {
        let (start, [rows, columns]) = self.parts[want];
        let Block::Here(numbers) = &self.block else { panic!("what a program on the device wants is uploaded") };
        &numbers[start..start + rows * columns]
    }
}

/// What several moves consume, one after the other.
#[allow(clippy::large_enum_variant, reason = "there are a few of them at a time")]
#[derive(Clone)]
enum Block {
    There(Tensor<1>),
    Here(Rc<Vec<f32>>),
}

/// Draws what moves consume.
pub struct Supply {
    device: Device,
    feed: Feed,
    noise: Rng,
    /// Columns of a real sample.
    features: usize,
    /// The moves of a step.
    moves: Vec<Move>,
    on_host: bool,
    ahead: Option<Ahead>,
}

/// Moves that are drawn and uploaded, one after the other, and of which some are consumed.
struct Ahead {
    block: Block,
    /// The place in a step of the first of them.
    first: usize,
    /// Where each begins in the block.
    starts: Vec<usize>,
    consumed: usize,
    /// Where the streams stood before the first of them.
    from: (Position, u128),
}

impl Supply {
    /// From the beginning.
    pub fn new(experiment: &Experiment, program: &dyn Program, device: &Device) -> Self {
        Self {
            feed: Feed::new(
                experiment.data.source,
                Chosen { images: experiment.get(&IMAGES) as usize, classes: experiment.get(&CLASSES) },
                program.beside(),
                experiment.get(&SEED),
            ),
            noise: Rng::stream(experiment.get(&SEED), "noise"),
            features: experiment.features(),
            moves: program.moves(),
            on_host: program.on_host(),
            ahead: None,
            device: device.clone(),
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

    /// The moves of a step.
    pub fn moves(&self) -> &[Move] {
        &self.moves
    }

    /// What the move at a place of a step consumes. In the order of the steps it is drawn ahead.
    ///
    /// # Errors
    /// The shard that must be provided first. Nothing is consumed then.
    pub fn next(&mut self, place: usize) -> Result<Batch, usize> {
        self.lacks()?;
        let moves = self.moves.len();
        let ready = self.ahead.as_ref().is_some_and(|ahead| {
            ahead.consumed < ahead.starts.len() && (ahead.first + ahead.consumed) % moves == place
        });
        if !ready {
            self.return_ahead();
            self.ahead = Some(self.draw_ahead(place)?);
        }
        let ahead = self.ahead.as_mut().expect("drawn if there was none");
        let (block, start) = (ahead.block.clone(), ahead.starts[ahead.consumed]);
        ahead.consumed += 1;
        Ok(self.batch(place, block, start))
    }

    /// What a move out of turn consumes.
    ///
    /// # Errors
    /// The shard that must be provided first. Nothing is consumed then.
    pub fn alone(&mut self, place: usize) -> Result<Batch, usize> {
        self.lacks()?;
        self.return_ahead();
        let mut numbers = Vec::new();
        self.draw(place, &mut numbers)?;
        let block = self.upload(numbers);
        Ok(self.batch(place, block, 0))
    }

    /// What evaluations need is there before the first step, so that none lacks it.
    fn lacks(&self) -> Result<(), usize> {
        self.store().and_then(Store::lacks).map_or(Ok(()), Err)
    }

    /// Goes on with other moves.
    pub fn tune(&mut self, moves: Vec<Move>) {
        // What is drawn ahead was laid out for the steps as they were.
        self.return_ahead();
        self.moves = moves;
    }

    /// Where the streams stand after the moves consumed.
    pub fn position(&mut self) -> (Position, u128) {
        self.return_ahead();
        (self.feed.position(), self.noise.position())
    }

    /// Continues from a position of a supply of the same experiment.
    ///
    /// # Errors
    /// If the position is not one of such a supply; nothing has changed then.
    pub fn seek(&mut self, feed: Position, noise: u128) -> Result<(), String> {
        self.return_ahead();
        self.feed.seek(feed)?;
        self.noise.seek(noise);
        Ok(())
    }

    /// Draws from a place of a step on.
    fn draw_ahead(&mut self, first: usize) -> Result<Ahead, usize> {
        let from = (self.feed.position(), self.noise.position());
        let most = self.moves.len() * ahead(stride(&self.moves, self.features)) - first;
        let (mut numbers, mut starts) = (Vec::new(), Vec::new());
        while starts.len() < most {
            let start = numbers.len();
            match self.draw((first + starts.len()) % self.moves.len(), &mut numbers) {
                Ok(()) => starts.push(start),
                Err(shard) if starts.is_empty() => return Err(shard),
                // The missing shard is asked for when its move comes.
                Err(_) => break,
            }
        }
        Ok(Ahead { block: self.upload(numbers), first, starts, consumed: 0, from })
    }

    /// Puts what is drawn and not consumed back, by drawing what is consumed once more from where it began.
    fn return_ahead(&mut self) {
        let Some(Ahead { first, starts, consumed, from: (feed, noise), .. }) = self.ahead.take() else { return };
        if consumed == starts.len() {
            return;
        }
        self.feed.seek(feed).expect("a position of this feed");
        self.noise.seek(noise);
        for i in 0..consumed {
            let place = (first + i) % self.moves.len();
            self.draw(place, &mut Vec::new()).expect("data that was there stays there");
        }
    }

    /// Appends what a move consumes, each part filled up to where the next may begin.
    fn draw(&mut self, place: usize, numbers: &mut Vec<f32>) -> Result<(), usize> {
        for want in &self.moves[place].wants {
            numbers.extend(match *want {
                Want::Real { rows } => self.feed.batch(rows)?,
                Want::Labels { classes, .. } => one_hot(self.feed.labels(), classes),
                Want::Warp { side } => informer::warp(side, &mut self.noise),
                Want::Other { rows, set } => {
                    let Source::Points(set) = set.source else { unreachable!("only points are drawn") };
                    let point = |_| set.scale().to_network(set.sample(&mut self.noise)).map(|x| x as f32);
                    (0..rows).flat_map(point).collect()
                }
                Want::Classes { rows, classes } => {
                    let drawn: Vec<u8> = (0..rows).map(|_| self.noise.below(classes) as u8).collect();
                    one_hot(&drawn, classes)
                }
                Want::Noise { rows, columns, law } => law.draw(rows * columns, &mut self.noise),
            });
            numbers.resize(numbers.len().next_multiple_of(fused::ALIGNMENT), 0.0);
        }
        Ok(())
    }

    fn upload(&self, numbers: Vec<f32>) -> Block {
        if self.on_host {
            return Block::Here(Rc::new(numbers));
        }
        Block::There(crate::device::flat(numbers, &self.device))
    }

    /// The parts of a move that begins at `start` of a block, as [`Supply::draw`] laid them out.
    fn batch(&self, place: usize, block: Block, mut start: usize) -> Batch {
        let part = |want: &Want| {
            let (rows, columns) = shape(want, self.features);
            let part = (start, [rows, columns]);
            start += (rows * columns).next_multiple_of(fused::ALIGNMENT);
            part
        };
        Batch { parts: self.moves[place].wants.iter().map(part).collect(), block }
    }
}

/// Rows with a 1 in the place of their label.
fn one_hot(labels: &[u8], classes: usize) -> Vec<f32> {
    let mut rows = vec![0.0; labels.len() * classes];
    labels.iter().enumerate().for_each(|(i, &label)| rows[i * classes + usize::from(label)] = 1.0);
    rows
}

/// Rows and columns of what is wanted.
fn shape(want: &Want, features: usize) -> (usize, usize) {
    match *want {
        Want::Real { rows } => (rows, features),
        Want::Warp { side } => (side * side, side * side),
        Want::Other { rows, .. } => (rows, 2),
        Want::Labels { rows, classes } | Want::Classes { rows, classes } => (rows, classes),
        Want::Noise { rows, columns, .. } => (rows, columns),
    }
}

/// Numbers of a whole step, its filling included.
fn stride(moves: &[Move], features: usize) -> usize {
    let numbers = |want| {
        let (rows, columns) = shape(want, features);
        (rows * columns).next_multiple_of(fused::ALIGNMENT)
    };
    moves.iter().flat_map(|m| &m.wants).map(numbers).sum()
}

/// How many steps of so many numbers are drawn at once.
fn ahead(stride: usize) -> usize {
    (NUMBERS / stride.max(1)).clamp(1, STEPS)
}

/// How many numbers are drawn at once.
pub fn drawn(moves: &[Move], features: usize) -> usize {
    let stride = stride(moves, features);
    stride * ahead(stride)
}
