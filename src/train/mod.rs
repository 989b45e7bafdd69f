//! Learning: the loops and their optimisers.

pub mod adversarial;
pub mod feed;
pub mod history;
pub mod optimiser;
pub mod supply;
