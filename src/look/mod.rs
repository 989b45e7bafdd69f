//! What is seen of a run, without touching it: panels, metrics, health.

pub mod ask;
pub mod cures;
pub mod eye;
pub mod filters;
pub mod health;
pub mod judge;
pub mod line;
pub mod metrics;
pub mod panel;
pub mod plane;
pub mod tested;
