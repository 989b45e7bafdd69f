//! The data files that a run needs.

use serde::Serialize;

use super::Session;

/// A piece of the data that the run must have before it can go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Need {
    /// Its number.
    pub shard: usize,
    /// Where it lies, relative to the page.
    pub url: String,
}

impl Session {
    /// The piece of the data without which the run cannot go on.
    pub fn needs(&self) -> Option<Need> {
        self.missing.and_then(|shard| Some(Need { shard, url: self.url(shard)? }))
    }

    /// Where a shard lies, relative to the page; `None` if the run has no such shard.
    pub fn url(&self, shard: usize) -> Option<String> {
        self.supply.store().filter(|store| shard < store.shards()).map(|store| store.url(shard))
    }

    /// How many shards the whole run will use; 0 if its data need none.
    pub fn shards(&self) -> usize {
        self.supply.store().map_or(0, |store| store.shards())
    }

    /// Provides a shard, as its file holds it. The order does not matter, and doing it twice is harmless.
    ///
    /// # Errors
    /// If the file is truncated or altered, or the run has no such shard; the run is then unchanged.
    pub fn provide(&mut self, shard: usize, bytes: &[u8]) -> Result<(), String> {
        let store = self.supply.store_mut().ok_or("this experiment needs no data files")?;
        store.provide(shard, bytes)?;
        if self.missing == Some(shard) {
            self.missing = store.lacks();
        }
        Ok(())
    }
}
