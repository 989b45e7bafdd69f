//! The whole state of a run as bytes: weights, optimisers, streams, history. Engines can hand runs to one another.
//!
//! The form is a length (four bytes, little endian), that many bytes of JSON, 32-bit floats (little endian), and the
//! SHA-256 of all that.

use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Session;
use super::course::identity;
use super::watch::{Figures, Seen};
use crate::device;
use crate::look::health::Health;
use crate::train::adversarial::Player;
use crate::train::feed::Position;
use crate::train::history::History;
use crate::train::optimiser::State;

const FORMAT: u32 = 3;

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
    /// D has done its half of the next step, with this loss, if it had turns.
    half: Option<Option<f32>>,
    detour: bool,
    noise: String,
    feed: Position,
    history: History,
    figures: Figures,
    health: Health,
    losses: [Option<f32>; 2],
    /// G's and D's.
    players: [Held; 2],
}

/// What a player's part of the floats holds: its weights, then what is said here.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
struct Held {
    /// Updates done by its optimiser.
    updates: u32,
    /// The running mean of the weights.
    average: bool,
    /// The optimiser's two moments.
    moments: bool,
}

impl Held {
    /// How many times the weights' number there are.
    fn parts(self) -> usize {
        1 + usize::from(self.average) + 2 * usize::from(self.moments)
    }
}

impl Session {
    /// The state after the last step.
    ///
    /// # Errors
    /// If the run has diverged, or the device fails.
    pub async fn save(&mut self) -> Result<Vec<u8>, String> {
        self.vouch().await?;
        if self.diverged.is_some() {
            return Err("a diverged run cannot be continued, so there is nothing to save".into());
        }
        let mut tensors = Vec::new();
        let mut players = [Held::default(); 2];
        for (player, held) in [&self.game.generator, &self.game.discriminator].into_iter().zip(&mut players) {
            let State { updates, average, moments } = player.optimiser.state();
            *held = Held { updates, average: average.is_some(), moments: moments.is_some() };
            tensors.push(player.parameters.clone());
            tensors.extend(average.into_iter().chain(moments.into_iter().flatten()));
        }
        let half = match &self.half {
            Some(Some(loss)) => Some(device::read(loss.clone()).await?.first().copied()),
            Some(None) => Some(None),
            None => None,
        };
        let (feed, noise) = self.supply.position();
        let header = Header {
            format: FORMAT,
            experiment: identity(&self.experiment, self.begun()),
            step: self.step,
            half,
            detour: self.detour,
            noise: noise.to_string(),
            feed,
            history: self.history.clone(),
            figures: self.figures.clone(),
            health: self.health.clone(),
            losses: self.losses,
            players,
        };
        let header = serde_json::to_vec(&header).map_err(|e| e.to_string())?;
        // All at once, and one tensor at a time into it: a module's memory never shrinks, so what is allocated on the way
        // would stay.
        let numbers: usize = tensors.iter().map(|tensor| tensor.dims()[0]).sum();
        let mut bytes = Vec::with_capacity(4 + header.len() + 4 * numbers + 32);
        bytes.extend((header.len() as u32).to_le_bytes());
        bytes.extend(header);
        for tensor in tensors {
            bytes.extend(device::read(tensor).await?.iter().flat_map(|x| x.to_le_bytes()));
        }
        let checksum = Sha256::digest(&bytes);
        bytes.extend(checksum);
        Ok(bytes)
    }

    /// Continues from a state that [`Session::save`] gave, on any engine.
    ///
    /// # Errors
    /// If the bytes are not such a state, are damaged, or belong to another experiment; the run is then unchanged.
    pub fn load(&mut self, bytes: &[u8]) -> Result<(), String> {
        let damaged = || DAMAGED.to_string();
        let (header, rest) = open(bytes)?;
        let begun = header.step + u64::from(header.half.is_some());
        if header.experiment != identity(&self.experiment, begun) {
            return Err(format!("the saved run is of another experiment: {}", header.experiment));
        }
        if !header.history.is_like(&self.history) || !header.figures.is_sound() {
            return Err(damaged());
        }
        // The players as they stood there: what they hold depends on the changes so far.
        let mut there = Self::new(self.experiment.clone(), self.device.clone())?;
        there.stand_at(begun, header.step);
        let floats: Vec<f32> = rest.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        let players = [&there.game.generator, &there.game.discriminator];
        let count = |(player, held): (&&Player, &Held)| player.size() * held.parts();
        let expected: usize = players.iter().zip(&header.players).map(count).sum();
        let holds = |(player, held): (&&Player, &Held)| {
            // No more updates than the range of fields allows, and those of half a step.
            player.optimiser.would_hold(held.updates, held.average, held.moments)
                && u64::from(held.updates) <= (begun + DETOURS).saturating_mul(10)
        };
        if rest.len() != 4 * expected || !players.iter().zip(&header.players).all(holds) {
            return Err(damaged());
        }
        let noise = header.noise.parse().map_err(|_| damaged())?;
        // The data that this run has been given stay with it.
        std::mem::swap(&mut self.supply, &mut there.supply);
        there.supply.tune(&there.now);
        if let Err(error) = there.supply.seek(header.feed, noise) {
            std::mem::swap(&mut self.supply, &mut there.supply);
            return Err(error);
        }
        // What it looks at was prepared, and stays too.
        std::mem::swap(&mut self.evaluation, &mut there.evaluation);
        there.evaluation.tune(&there.now);
        let mut floats = floats.as_slice();
        let mut take = |n: usize| {
            let (head, tail) = floats.split_at(n);
            floats = tail;
            head.to_vec()
        };
        let device = self.device.clone();
        let players = [&mut there.game.generator, &mut there.game.discriminator];
        for (player, held) in players.into_iter().zip(header.players) {
            let n = player.size();
            player.parameters = Tensor::from_data(take(n).as_slice(), &device);
            let average = held.average.then(|| take(n));
            let moments = held.moments.then(|| [take(n), take(n)]);
            player.optimiser.restore(State { updates: held.updates, average, moments }, &device);
        }
        there.half = header.half.map(|loss| loss.map(|loss| Tensor::from_data([loss].as_slice(), &device)));
        there.detour = header.detour;
        there.history = header.history;
        there.figures = header.figures;
        there.seen = Seen { health: header.health.clone(), ..Seen::default() };
        there.health = header.health;
        there.losses = header.losses;
        there.missing = self.missing.filter(|shard| !there.supply.store().is_some_and(|s| s.has(*shard)));
        there.good.clear();
        there.keep();
        *self = there;
        Ok(())
    }
}

const DAMAGED: &str = "this is not a whole saved run: it is cut short or altered";
/// Moves by hand that are no steps, more than anybody makes.
const DETOURS: u64 = 1_000_000;

/// What a saved run is of: the link up to its step, and the step.
///
/// # Errors
/// If the bytes are not a saved run, or are damaged.
pub fn inspect(bytes: &[u8]) -> Result<(String, u64), String> {
    open(bytes).map(|(header, _)| (header.experiment, header.step))
}

/// The header of a saved run, and its floats as bytes.
fn open(bytes: &[u8]) -> Result<(Header, &[u8]), String> {
    let damaged = || DAMAGED.to_string();
    let (bytes, checksum) = bytes.split_last_chunk::<32>().ok_or_else(damaged)?;
    if Sha256::digest(bytes).as_slice() != checksum {
        return Err(damaged());
    }
    let length = bytes.first_chunk::<4>().map(|b| u32::from_le_bytes(*b) as usize).ok_or_else(damaged)?;
    let (header, rest) = bytes[4..].split_at_checked(length).ok_or_else(damaged)?;
    let Format { format } = serde_json::from_slice(header).map_err(|_| damaged())?;
    if format != FORMAT {
        return Err(format!("this run was saved in format {format}, this program reads {FORMAT}"));
    }
    let header: Header = serde_json::from_slice(header).map_err(|_| damaged())?;
    if header.step > u64::from(u32::MAX) {
        return Err(damaged());
    }
    Ok((header, rest))
}
