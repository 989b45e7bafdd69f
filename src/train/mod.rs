//! Learning: programs of moves, their players and optimisers, and what moves consume.

pub mod adversarial;
pub mod coder;
pub mod disturb;
pub mod dynamics;
pub mod explicit;
pub mod feed;
pub mod game;
pub mod history;
pub mod informer;
pub mod labels;
pub mod manner;
pub mod optimiser;
pub mod pack;
pub mod payoff;
pub mod player;
pub mod probe;
pub mod program;
pub mod spectral;
pub mod supply;
pub mod unrolled;
pub mod visit;
pub mod work;
