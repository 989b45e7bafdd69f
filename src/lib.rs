//! Train small generative adversarial networks, live, in the browser and on the command line.
//!
//! The crate's map, in the order of the one-way flow:
//!
//! - [`experiment`]: what a run depends on, as plain data; [`link`]: it as a text.
//! - [`catalog`]: the datasets ([`data`]) and model families ([`families`]) that there are.
//! - [`cost`]: what it will take, and what is refused.
//! - [`session`]: one run of an experiment on a device; it is pulled.
//! - [`look`]: what can be seen of it: panels of plain numbers, figures and health.
//!
//! Behind a session: [`device`] (engines), [`rng`] (streams), [`nn`] (networks), [`objective`] (losses), [`train`] (the
//! loop), [`self_test`]. [`message`] holds what is said to people. `web`
//! is the boundary to JavaScript.

pub use gan_playground_kernel as kernel;

pub mod catalog;
pub mod cost;
pub mod data;
pub mod device;
pub mod experiment;
pub mod families;
pub mod fused;
pub mod link;
pub mod look;
pub mod message;
pub mod nn;
pub mod objective;
pub mod penalty;
pub mod rng;
pub mod schema;
pub mod self_test;
pub mod session;
pub mod text;
pub mod train;
#[cfg(target_arch = "wasm32")]
mod web;
