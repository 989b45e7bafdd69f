//! The whole state of a run as bytes: weights, optimisers, streams, history. Engines can hand runs to one another.
//!
//! The form is a length (four bytes, little endian), that many bytes of JSON, 32-bit floats (little endian), and the
//! SHA-256 of all that.

use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Session;
use crate::device;
use crate::experiment::{EngineChoice, Experiment, link};
use crate::train::adversarial::Player;
use crate::train::feed::Position;
use crate::train::health::Health;
use crate::train::history::History;
use crate::train::optimiser::State;

const FORMAT: u32 = 2;

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
    detour: bool,
    noise: String,
    feed: Position,
    history: History,
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
        let mut floats = Vec::new();
        let mut players = [Held::default(); 2];
        for (player, held) in [&self.game.generator, &self.game.discriminator].into_iter().zip(&mut players) {
            let State { updates, average, moments } = player.optimiser.state();
            *held = Held { updates, average: average.is_some(), moments: moments.is_some() };
            let others = average.into_iter().chain(moments.into_iter().flatten());
            for tensor in std::iter::once(player.parameters.clone()).chain(others) {
                floats.extend(device::read(tensor).await?);
            }
        }
        let (feed, noise) = self.supply.position();
        let header = Header {
            format: FORMAT,
            experiment: identity(&self.experiment),
            step: self.step,
            detour: self.detour,
            noise: noise.to_string(),
            feed,
            history: self.history.clone(),
            health: self.health.clone(),
            losses: self.losses,
            players,
        };
        let header = serde_json::to_vec(&header).map_err(|e| e.to_string())?;
        let mut bytes = (header.len() as u32).to_le_bytes().to_vec();
        bytes.extend(header);
        bytes.extend(floats.iter().flat_map(|x| x.to_le_bytes()));
        let checksum = Sha256::digest(&bytes);
        bytes.extend(checksum);
        Ok(bytes)
    }

    /// Continues from a state that [`Session::save`] gave, on any engine.
    ///
    /// # Errors
    /// If the bytes are not such a state, are damaged, or belong to another experiment; the run is then unchanged.
    pub fn load(&mut self, bytes: &[u8]) -> Result<(), String> {
        let damaged = || "this is not a whole saved run: it is cut short or altered".to_string();
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
        if header.experiment != identity(&self.experiment) {
            return Err(format!("the saved run is of another experiment: {}", header.experiment));
        }
        let floats: Vec<f32> = rest.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        let players = [&self.game.generator, &self.game.discriminator];
        let count = |(player, held): (&&Player, &Held)| player.size() * held.parts();
        let expected: usize = players.iter().zip(&header.players).map(count).sum();
        let holds = |(player, held): (&&Player, &Held)| {
            // No more updates than the range of fields allows.
            player.optimiser.would_hold(held.updates, held.average, held.moments)
                && u64::from(held.updates) <= header.step.saturating_mul(10)
        };
        if rest.len() != 4 * expected || !players.iter().zip(&header.players).all(holds) {
            return Err(damaged());
        }
        let noise = header.noise.parse().map_err(|_| damaged())?;
        self.supply.seek(header.feed, noise)?;
        let mut floats = floats.as_slice();
        let mut take = |n: usize| {
            let (head, tail) = floats.split_at(n);
            floats = tail;
            head.to_vec()
        };
        let players = [&mut self.game.generator, &mut self.game.discriminator];
        for (player, held) in players.into_iter().zip(header.players) {
            let n = player.size();
            player.parameters = Tensor::from_data(take(n).as_slice(), &self.device);
            let average = held.average.then(|| take(n));
            let moments = held.moments.then(|| [take(n), take(n)]);
            player.optimiser.restore(State { updates: held.updates, average, moments }, &self.device);
        }
        self.step = header.step;
        self.detour = header.detour;
        self.history = header.history;
        self.health = header.health;
        self.losses = header.losses;
        self.unread.clear();
        self.gradient = None;
        self.diverged = None;
        self.missing = self.missing.filter(|shard| self.supply.store().is_some_and(|s| !s.has(*shard)));
        self.good.clear();
        self.keep();
        Ok(())
    }
}

/// The experiment's link without what changes no weight: the engine and the step to stop at.
fn identity(experiment: &Experiment) -> String {
    link::write(&Experiment { engine: EngineChoice::Auto, stop: 0, ..experiment.clone() })
}
