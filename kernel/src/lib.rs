//! The CPU engine's arithmetic, on plain slices: no tensor, no graph.
//!
//! Everything here fixes the order of its sums and uses no fused multiply-add and no platform mathematics, so that the
//! same numbers come out of every WebAssembly engine and of every native build.

mod crowd;
mod grid;
mod layer;
mod layers;
mod loss;
pub mod pool;
mod product;
mod softmax;
mod tanh;
mod update;

pub use crowd::{Crowd, crowd, crowd_backward};
pub use grid::{Grid, Window};
pub use layer::{Activation, Conv, Dense, LEAK, Layer, Norm, Pool, Pooled, Resize, RowNorm, TINY};
pub use layers::{Backward, backward, forward, moments, norm_tangent, norm_tangent_backward};
pub use loss::{Curve, Term, loss, loss_gradient};
pub use product::SHARED;
pub use softmax::{cross_entropy, cross_entropy_gradient};
pub use update::{Adam, Average, Descent, Moved, RATES, Update, update};
