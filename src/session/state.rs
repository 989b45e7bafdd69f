//! The whole state of a run as bytes: weights, optimisers, streams, history. Engines can hand runs to one another.
//!
//! The form is safetensors, so that other programs can read the weights. Its metadata hold one entry, with the run's other
//! facts as JSON behind the SHA-256 of these and of all numbers.

use std::collections::BTreeMap;

use burn::tensor::{Device, Tensor};
use safetensors::tensor::{Dtype, Metadata, SafeTensors, TensorInfo};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Session;
use super::course::identity;
use super::watch::{Figures, Seen};
use crate::device;
use crate::look::health::Health;
use crate::train::feed::Position;
use crate::train::history::History;
use crate::train::program::Worth;
use crate::train::visit::{Part, Visit};

const FORMAT: u32 = 4;
/// The entry of the metadata.
const ENTRY: &str = "gan-playground";

/// What every format begins with.
#[derive(Deserialize)]
struct Format {
    format: u32,
}

#[derive(Serialize, Deserialize)]
struct Header {
    format: u32,
    experiment: String,
    step: u64,
    /// Moves of the next step that are done.
    place: usize,
    /// The losses of these.
    begun: Vec<Option<f32>>,
    detour: bool,
    noise: String,
    feed: Position,
    history: History,
    figures: Figures,
    health: Health,
    losses: Vec<Option<f32>>,
    /// The program's whole numbers.
    counts: BTreeMap<String, u32>,
}

/// Takes down everything.
#[derive(Default)]
struct Taken {
    tensors: Vec<(String, Tensor<1>)>,
    numbers: Vec<(String, Vec<f64>)>,
    counts: BTreeMap<String, u32>,
}

impl Visit for Taken {
    fn tensor(&mut self, name: &str, _: Part, value: &mut Option<Tensor<1>>) {
        self.tensors.extend(value.clone().map(|tensor| (name.to_owned(), tensor)));
    }

    fn numbers(&mut self, name: &str, value: &mut Vec<f64>) {
        self.numbers.push((name.to_owned(), value.clone()));
    }

    fn count(&mut self, name: &str, value: &mut u32) {
        self.counts.insert(name.to_owned(), *value);
    }
}

/// Puts everything of a file in its place.
struct Given<'a> {
    file: &'a SafeTensors<'a>,
    counts: BTreeMap<String, u32>,
    device: &'a Device,
    /// Tensors of the file that have found their place.
    placed: usize,
    /// Something is missing that a program always has, or is not finite.
    damaged: bool,
}

impl Visit for Given<'_> {
    fn tensor(&mut self, name: &str, part: Part, value: &mut Option<Tensor<1>>) {
        let Ok(view) = self.file.tensor(name) else {
            self.damaged |= part == Part::Weights;
            *value = None;
            return;
        };
        let numbers: Vec<f32> =
            view.data().chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        self.damaged |= view.dtype() != Dtype::F32 || numbers.iter().any(|x| !x.is_finite());
        self.placed += 1;
        *value = Some(crate::device::flat(numbers, self.device));
    }

    fn numbers(&mut self, name: &str, value: &mut Vec<f64>) {
        let Ok(view) = self.file.tensor(name) else {
            self.damaged = true;
            return;
        };
        let (numbers, rest) = view.data().as_chunks::<8>();
        *value = numbers.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect();
        self.damaged |= view.dtype() != Dtype::F64 || !rest.is_empty() || value.iter().any(|x| !x.is_finite());
        self.placed += 1;
    }

    fn count(&mut self, name: &str, value: &mut u32) {
        match self.counts.remove(name) {
            Some(count) => *value = count,
            None => self.damaged = true,
        }
    }
}

/// The whole state after some move; cheap to hold, since tensors share their memory until one changes.
pub(super) struct Moment {
    header: Header,
    tensors: Vec<(String, Tensor<1>)>,
    numbers: Vec<(String, Vec<f64>)>,
}

impl Session {
    /// The state after the last move.
    ///
    /// # Errors
    /// If the run has diverged, or the device fails.
    pub async fn save(&mut self) -> Result<Vec<u8>, String> {
        self.vouch().await?;
        if self.diverged.is_some() {
            return Err("a diverged run cannot be continued, so there is nothing to save".into());
        }
        self.moment().await?.written().await
    }

    /// Takes down the state as it is.
    pub(super) async fn moment(&mut self) -> Result<Moment, String> {
        let mut taken = Taken::default();
        self.program.visit(&mut taken);
        let mut begun = Vec::new();
        for loss in &self.begun {
            begun.push(match loss {
                Some(Worth::There(loss)) => device::read(loss.clone()).await?.first().copied(),
                Some(Worth::Here(loss)) => Some(*loss),
                None => None,
            });
        }
        let (feed, noise) = self.supply.position();
        let header = Header {
            format: FORMAT,
            experiment: identity(&self.experiment, self.begun()),
            step: self.step,
            place: self.place,
            begun,
            detour: self.detour,
            noise: noise.to_string(),
            feed,
            history: self.history.clone(),
            figures: self.figures.clone(),
            health: self.health.clone(),
            losses: self.losses.clone(),
            counts: taken.counts,
        };
        Ok(Moment { header, tensors: taken.tensors, numbers: taken.numbers })
    }
}

impl Moment {
    /// After so many steps.
    pub fn step(&self) -> u64 {
        self.header.step
    }

    /// Bytes of its numbers.
    pub fn size(&self) -> usize {
        let tensors: usize = self.tensors.iter().map(|(_, tensor)| 4 * tensor.dims()[0]).sum();
        tensors + self.numbers.iter().map(|(_, numbers)| 8 * numbers.len()).sum::<usize>()
    }

    /// As a file.
    pub async fn written(&self) -> Result<Vec<u8>, String> {
        let header = serde_json::to_string(&self.header).map_err(|e| e.to_string())?;
        let mut end = 0;
        let mut info = |name: &str, dtype: Dtype, length: usize| {
            let start = end;
            end += dtype.bitsize() / 8 * length;
            (name.to_owned(), TensorInfo { dtype, shape: vec![length], data_offsets: (start, end) })
        };
        let mut infos: Vec<_> =
            self.numbers.iter().map(|(name, numbers)| info(name, Dtype::F64, numbers.len())).collect();
        infos.extend(self.tensors.iter().map(|(name, tensor)| info(name, Dtype::F32, tensor.dims()[0])));
        // The digest is of what comes after it, so its place is filled at the end.
        let head = |digest: &str| {
            let entry = (ENTRY.to_owned(), format!("{digest}{header}"));
            let metadata =
                Metadata::new(Some([entry].into_iter().collect()), infos.clone()).map_err(|e| e.to_string())?;
            serde_json::to_vec(&metadata).map_err(|e| e.to_string())
        };
        let length = head(&"0".repeat(DIGEST))?.len();
        // All at once, and one tensor at a time into it: a module's memory never shrinks, so what is allocated on the way
        // would stay.
        let mut bytes = Vec::with_capacity(8 + length + end);
        bytes.resize(8 + length, 0);
        bytes.extend(self.numbers.iter().flat_map(|(_, numbers)| numbers).flat_map(|x| x.to_le_bytes()));
        for (_, tensor) in &self.tensors {
            bytes.extend(device::read(tensor.clone()).await?.iter().flat_map(|x| x.to_le_bytes()));
        }
        let head = head(&digest(&header, &bytes[8 + length..]))?;
        bytes[..8].copy_from_slice(&(length as u64).to_le_bytes());
        bytes[8..8 + length].copy_from_slice(&head);
        Ok(bytes)
    }
}

impl Session {
    /// Continues from a state that [`Session::save`] gave, on any engine.
    ///
    /// # Errors
    /// If the bytes are not such a state, are damaged, or belong to another experiment; the run is then unchanged.
    pub fn load(&mut self, bytes: &[u8]) -> Result<(), String> {
        let damaged = || DAMAGED.to_string();
        let (header, file) = open(bytes)?;
        let begun = header.step + u64::from(header.place > 0);
        if header.experiment != identity(&self.experiment, begun) {
            return Err(format!("the saved run is of another experiment: {}", header.experiment));
        }
        // The program as it stood there: what it holds depends on the changes so far.
        let mut there = Self::new(self.experiment.clone(), self.device.clone())?;
        there.stand_at(begun, header.step);
        let device = self.device.clone();
        let mut given = Given { file: &file, counts: header.counts, device: &device, placed: 0, damaged: false };
        there.program.visit(&mut given);
        let whole = !given.damaged && given.placed == file.len() && given.counts.is_empty();
        let losses = there.losses.len();
        let fits = header.history.is_like(&there.history)
            && header.figures.is_sound()
            && (header.begun.len(), header.losses.len()) == (losses, losses)
            && (header.place == 0 || header.place < there.supply.moves().len());
        if !whole || !fits || !there.program.is_sound(begun) {
            return Err(damaged());
        }
        let noise = header.noise.parse().map_err(|_| damaged())?;
        // The data that this run has been given stay with it.
        std::mem::swap(&mut self.supply, &mut there.supply);
        there.supply.tune(there.program.moves());
        if let Err(error) = there.supply.seek(header.feed, noise) {
            std::mem::swap(&mut self.supply, &mut there.supply);
            // The moves there may be others than here.
            self.supply.tune(self.program.moves());
            return Err(error);
        }
        // What it looks at was prepared, and stays too.
        std::mem::swap(&mut self.eye, &mut there.eye);
        there.eye.tune(&there.now);
        there.place = header.place;
        there.begun = header.begun.iter().map(|loss| loss.map(Worth::Here)).collect();
        there.detour = header.detour;
        there.history = header.history;
        there.figures = header.figures;
        there.seen = Seen { health: header.health.clone(), ..Seen::default() };
        there.health = header.health;
        there.losses = header.losses;
        there.missing = self.missing.filter(|shard| !there.supply.store().is_some_and(|s| s.has(*shard)));
        there.good.clear();
        there.keep();
        there.resumed = true;
        *self = there;
        Ok(())
    }
}

const DAMAGED: &str = "this is not a whole saved run: it is cut short or altered";
/// Hexadecimal digits of a SHA-256.
const DIGEST: usize = 64;

/// What a saved run is of: the link up to its step, and the step.
///
/// # Errors
/// If the bytes are not a saved run, or are damaged.
pub fn inspect(bytes: &[u8]) -> Result<(String, u64), String> {
    open(bytes).map(|(header, _)| (header.experiment, header.step))
}

/// The facts of a saved run, and its tensors.
fn open(bytes: &[u8]) -> Result<(Header, SafeTensors<'_>), String> {
    let damaged = || DAMAGED.to_string();
    let (length, metadata) = SafeTensors::read_metadata(bytes).map_err(|_| older(bytes).unwrap_or_else(damaged))?;
    let entry = metadata.metadata().as_ref().and_then(|entries| entries.get(ENTRY)).ok_or_else(damaged)?;
    let (said, header) = entry.split_at_checked(DIGEST).ok_or_else(damaged)?;
    if said != digest(header, &bytes[8 + length..]) {
        return Err(damaged());
    }
    let Format { format } = serde_json::from_str(header).map_err(|_| damaged())?;
    if format != FORMAT {
        return Err(other(format));
    }
    let header: Header = serde_json::from_str(header).map_err(|_| damaged())?;
    if header.step > u64::from(u32::MAX) {
        return Err(damaged());
    }
    Ok((header, SafeTensors::deserialize(bytes).map_err(|_| damaged())?))
}

/// What is said of a run that was saved by another version of this program.
fn other(format: u32) -> String {
    format!("this run was saved in format {format}, this program reads {FORMAT}")
}

/// The same of a form before safetensors: a length of four bytes, and then the facts.
fn older(bytes: &[u8]) -> Option<String> {
    let length = bytes.first_chunk::<4>().map(|b| u32::from_le_bytes(*b) as usize)?;
    let header = bytes.get(4..4_usize.checked_add(length)?)?;
    serde_json::from_slice(header).ok().map(|Format { format }| other(format))
}

/// The SHA-256 of a run's facts and of its numbers, in hexadecimal digits.
fn digest(header: &str, numbers: &[u8]) -> String {
    let digest = Sha256::new().chain_update(header).chain_update(numbers).finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
