//! Files of images of a built site, for commands that train on them.

use std::path::Path;

use gan_playground::data::store::{Beside, Chosen, ImageSet, Store};
use gan_playground::session::Session;

use crate::console::say;

/// A file of the site.
///
/// # Errors
/// One sentence for a person.
pub fn read(site: &Path, url: &str) -> Result<Vec<u8>, String> {
    let path = site.join(url);
    std::fs::read(&path).map_err(|e| format!("{} could not be read: {e}; `cargo xtask site` makes it", path.display()))
}

/// All images of a set, and those that no training sees.
///
/// # Errors
/// One sentence for a person.
pub fn all(site: &Path, set: &'static ImageSet) -> Result<Store, String> {
    let mut store = Store::new(set, Chosen::first(set.images()), Beside { tests: true, judge: false });
    for shard in 0..store.shards() {
        store.provide(shard, &read(site, &store.url(shard))?)?;
    }
    Ok(store)
}

/// Trains until the run stops, and says how far it is.
///
/// # Errors
/// One sentence for a person.
pub async fn to_the_end(session: &mut Session, site: &Path) -> Result<(), String> {
    loop {
        while let Some(need) = session.needs() {
            session.provide(need.shard, &read(site, &need.url)?)?;
        }
        if session.advance(|_| true, 500).await?.ran == 0 && session.needs().is_none() {
            return Ok(());
        }
        say(format_args!("step {}", session.step()));
    }
}
