//! Train small generative adversarial networks, live, in the browser and on the command line.
//!
//! The crate's map, in the order of the one-way flow:
//!
//! - [`experiment`]: what a run depends on, as plain data; its link.
//! - [`catalog`]: the datasets ([`data`]) and model families ([`models`]) that there are.
//! - [`cost`]: what it will take, and what is refused.
//! - [`session`]: one run of an experiment on a device; it is pulled.
//! - [`snapshot`]: what can be seen of a run, as panels of plain numbers.
//!
//! Behind a session: [`device`] (engines), [`rng`] (streams), [`nn`] (networks), [`objective`] (losses), [`train`] (the
//! loop and what watches it), [`evaluation`] and [`metrics`] (the figures). [`message`] holds what is said to people. `web`
//! is the boundary to JavaScript.

pub use gan_playground_kernel as kernel;

pub mod catalog;
pub mod cost;
pub mod data;
pub mod device;
pub mod evaluation;
pub mod experiment;
pub mod fused;
pub mod message;
pub mod metrics;
pub mod models;
pub mod nn;
pub mod objective;
pub mod rng;
pub mod schema;
pub mod session;
pub mod snapshot;
pub mod train;
#[cfg(target_arch = "wasm32")]
mod web;
