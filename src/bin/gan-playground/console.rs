//! What is said on standard output and standard error. A reader that went away is no fault of the run.

use std::fmt::Arguments;
use std::io::{ErrorKind, Write};

/// Whether a text arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Printed {
    Read,
    /// The reader has closed its end: it has seen enough.
    Closed,
}

/// Prints to standard output.
///
/// # Errors
/// If that cannot be written to, as on a full disk.
pub fn print(text: &str) -> Result<Printed, String> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(Printed::Read),
        Err(e) if e.kind() == ErrorKind::BrokenPipe => Ok(Printed::Closed),
        Err(e) => Err(format!("standard output failed: {e}")),
    }
}

/// A line on standard error; `eprintln!` would end the program with a panic where nobody reads that.
pub fn say(line: Arguments<'_>) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Whether standard output is a pipe whose reader has gone, so that nothing printed there can arrive.
#[cfg(unix)]
pub fn closed() -> bool {
    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
    use std::os::fd::AsFd;
    let out = std::io::stdout();
    // Errors are reported whether asked for or not.
    let mut asked = [PollFd::new(out.as_fd(), PollFlags::empty())];
    poll(&mut asked, PollTimeout::ZERO).is_ok_and(|n| n > 0)
        && asked[0].revents().is_some_and(|found| found.contains(PollFlags::POLLERR))
}

/// Whether standard output is a pipe whose reader has gone; not known here before something is written.
#[cfg(not(unix))]
pub fn closed() -> bool {
    false
}
