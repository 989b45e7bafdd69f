//! Learning: the loops, their optimisers, and what watches over them.

pub mod adversarial;
pub mod cures;
pub mod feed;
pub mod health;
pub mod history;
pub mod optimiser;
pub mod schedule;
pub mod supply;
