//! How a run ended, as an exit status.

use std::process::ExitCode;

use crate::interrupt;

/// What `train --help` says about it.
pub const HELP: &str = "\
Exit status:
  0    trained as asked
  1    an error, named on standard error: nothing was trained, or a file could not be written
  2    the command line is wrong
  3    the run diverged: a loss was no longer a finite number; what is written is of the last good step
  4    trained as asked, and at the end G has collapsed to few kinds of sample
  5    trained as asked, and at the end D has won: G no longer learns from it
  130  interrupted: Ctrl-C ends the run after its step and writes what there is; a second one ends at once
  141  given up, because standard output was closed and no file was asked for";

/// How a run ended that met no error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Trained as asked.
    AsAsked,
    /// The run has diverged.
    Diverged,
    /// G has collapsed.
    Collapsed,
    /// D has won.
    Won,
    /// Ctrl-C.
    Interrupted,
    /// Nobody is left to see the result.
    Unread,
}

impl Ending {
    /// The ending of a run that was not interrupted, by the word for its health.
    pub fn of(health: &str) -> Self {
        match health {
            "diverged" => Self::Diverged,
            "partial" | "collapsed" => Self::Collapsed,
            "won" => Self::Won,
            _ => Self::AsAsked,
        }
    }
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        Self::from(match ending {
            Ending::AsAsked => 0,
            Ending::Diverged => 3,
            Ending::Collapsed => 4,
            Ending::Won => 5,
            Ending::Interrupted => interrupt::STATUS,
            // What a shell makes of a program that a closed pipe ended.
            Ending::Unread => 141,
        })
    }
}
