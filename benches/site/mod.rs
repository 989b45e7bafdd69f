//! Files of the built site.

use std::path::Path;

use gan_playground::session::Session;

/// Image files come from there.
pub fn provide(session: &mut Session) {
    while let Some(need) = session.needs() {
        let site = std::env::var("GAN_PLAYGROUND_SITE").unwrap_or_else(|_| "dist".into());
        let path = Path::new(&site).join(&need.url);
        let bytes = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        session.provide(need.shard, &bytes).expect("a whole shard");
    }
}
