//! The CPU engine's arithmetic, on plain slices: no tensor, no graph.
//!
//! Everything here fixes the order of its sums and uses no fused multiply-add and no platform mathematics, so that the
//! same numbers come out of every WebAssembly engine and of every native build.

mod dense;
mod layer;
mod loss;
pub mod pool;
mod product;
mod tanh;
mod update;

pub use dense::{Backward, backward, forward};
pub use layer::{Activation, Dense, LEAK};
pub use loss::{Curve, Term, loss, loss_gradient};
pub use product::SHARED;
pub use update::{Adam, Average, Descent, Moved, RATES, Update, update};
