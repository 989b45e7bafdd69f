//! Ctrl-C: the first ends the run after its step, the second ends the program at once.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::console::say;
use crate::files;

/// The exit status that a shell gives a program ended by Ctrl-C.
pub const STATUS: u8 = 130;

static ASKED: AtomicBool = AtomicBool::new(false);

/// Whether Ctrl-C was pressed.
pub fn asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}

/// Listens from now on.
///
/// # Errors
/// If the system allows no handler.
pub fn listen() -> Result<(), String> {
    let pressed = || {
        if ASKED.swap(true, Ordering::Relaxed) {
            let _held = files::leave_nothing_unfinished();
            std::process::exit(STATUS.into());
        }
        say(format_args!("\ninterrupted: ends after this step and writes what there is; Ctrl-C again ends at once"));
    };
    ctrlc::set_handler(pressed).map_err(|e| format!("Ctrl-C cannot be listened to: {e}"))
}
