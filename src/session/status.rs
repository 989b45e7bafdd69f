//! The state of a run in one word.

use serde::{Serialize, Serializer};

use crate::look::health::State;

/// The state of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It goes on, and fares so.
    Going(State),
    /// A piece of the data is needed, see [`super::Session::needs`].
    Waiting,
    /// The step of `stop` is reached.
    Stopped,
    /// A loss was not a number or not finite; the run has ended.
    Diverged,
}

impl Status {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Going(state) => state.name(),
            Self::Waiting => "waiting",
            Self::Stopped => "stopped",
            Self::Diverged => "diverged",
        }
    }
}

impl Serialize for Status {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
