//! Files that a run writes: checked before it, and whole or not there after it.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

type Unfinished = MutexGuard<'static, Option<PathBuf>>;

/// The file that is being written, if one is: what a sudden end would leave behind.
static UNFINISHED: Mutex<Option<PathBuf>> = Mutex::new(None);

/// A place to write to, found good.
#[derive(Debug)]
pub struct Place {
    /// As it was given, for messages.
    path: PathBuf,
    to: To,
    /// Whether a file there may be written over.
    force: bool,
}

#[derive(Debug, PartialEq, Eq)]
enum To {
    /// A file, there or not yet, past all symbolic links.
    File(PathBuf),
    /// A device or a named pipe: written as it is, for nothing is lost there and nothing may take its place.
    Stream,
}

impl Place {
    /// Finds out before a long run whether a file can be written there at its end; nothing is changed.
    ///
    /// # Errors
    /// If it cannot, or would overwrite a file without `force`.
    pub fn check(path: &Path, force: bool) -> Result<Self, String> {
        let shown = path.display();
        let place = |to| Ok(Self { path: path.to_owned(), to, force });
        // Follows links.
        match fs::metadata(path) {
            Ok(there) if there.is_dir() => return Err(format!("{shown} is a folder, so no file can be written there")),
            Ok(there) if !there.is_file() => return place(To::Stream),
            Ok(_) if !force => {
                return Err(format!("{shown} is already there; --force writes over it"));
            }
            Ok(_) => drop(OpenOptions::new().write(true).open(path).map_err(|e| failed(path, &e))?),
            Err(_) => {}
        }
        let file = past_links(path)?;
        let (unfinished, probe) = create_beside(&file).map_err(|e| failed(path, &e))?;
        drop(probe);
        fs::remove_file(&unfinished).map_err(|e| failed(path, &e))?;
        place(To::File(file))
    }

    /// Writes the whole file or none: under another name first, so that a failure leaves what was there.
    ///
    /// # Errors
    /// If it cannot be written, or another file has come there since it was checked and `force` was not given.
    pub fn write(&self, bytes: &[u8]) -> Result<(), String> {
        let To::File(file) = &self.to else {
            let written = OpenOptions::new().write(true).open(&self.path).and_then(|mut to| to.write_all(bytes));
            return match written {
                // A reader of the pipe that has seen enough.
                Err(e) if e.kind() == ErrorKind::BrokenPipe => Ok(()),
                other => other.map_err(|e| failed(&self.path, &e)),
            };
        };
        let (unfinished, to) = {
            let mut noted = unfinished_now();
            let (unfinished, to) = create_beside(file).map_err(|e| failed(&self.path, &e))?;
            *noted = Some(unfinished.clone());
            (unfinished, to)
        };
        let written = fill(to, bytes, fs::metadata(file).ok()).and_then(|()| match self.force {
            true => fs::rename(&unfinished, file),
            false => move_where_nothing_is(&unfinished, file),
        });
        match written {
            Ok(()) => *unfinished_now() = None,
            // A result of a long run is not thrown away for that.
            Err(e) if e.kind() == ErrorKind::AlreadyExists => {
                *unfinished_now() = None;
                return Err(format!(
                    "{} has come into being since the start and is left as it is; what was to be written there is in {}",
                    self.path.display(),
                    unfinished.display()
                ));
            }
            Err(e) => {
                drop(leave_nothing_unfinished());
                return Err(failed(&self.path, &e));
            }
        }
        Ok(())
    }

    /// The place as it was given.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Refuses two outputs in one file, however it is spelt.
///
/// # Errors
/// If there are two such.
pub fn distinct<'a>(places: impl IntoIterator<Item = &'a Place>) -> Result<(), String> {
    let mut known: Vec<(PathBuf, &Path)> = Vec::new();
    for place in places {
        let there = match &place.to {
            To::File(file) => file.clone(),
            To::Stream => fs::canonicalize(&place.path).unwrap_or_else(|_| place.path.clone()),
        };
        // Where the system does not tell capitals apart, two spellings are one file.
        let there = if cfg!(any(windows, target_os = "macos")) {
            PathBuf::from(there.to_string_lossy().to_lowercase())
        } else {
            there
        };
        if let Some((_, other)) = known.iter().find(|(known, _)| *known == there) {
            let (one, other) = (place.path.display(), other.display());
            return Err(format!("{other} and {one} are the same file, and the second would overwrite the first"));
        }
        known.push((there, &place.path));
    }
    Ok(())
}

/// Removes what a write has begun. While the answer is held, no other begins.
pub fn leave_nothing_unfinished() -> Unfinished {
    let mut noted = unfinished_now();
    drop(noted.take().map(fs::remove_file));
    noted
}

fn unfinished_now() -> Unfinished {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

fn failed(path: &Path, e: &std::io::Error) -> String {
    format!("{} cannot be written: {e}", path.display())
}

/// The file that a path leads to, though it need not be there: links are followed, and its folder is the real one.
fn past_links(path: &Path) -> Result<PathBuf, String> {
    let mut file = path.to_owned();
    // A chain of links that leads to a file is shorter than this on every system.
    for _ in 0..64 {
        let ends_in_a_folder = file.as_os_str().to_string_lossy().ends_with(std::path::is_separator);
        let name = file.file_name().filter(|_| !ends_in_a_folder);
        let name = name.ok_or_else(|| format!("{} names no file", path.display()))?;
        let folder = file.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let real = fs::canonicalize(folder).ok().filter(|folder| folder.is_dir());
        let real = real.ok_or_else(|| format!("{}: there is no folder {}", path.display(), folder.display()))?;
        let there = real.join(name);
        match fs::read_link(&there) {
            Ok(target) => file = real.join(target),
            Err(_) => return Ok(there),
        }
    }
    Err(format!("{}: its links lead in a circle", path.display()))
}

/// A new file in the same folder, so that it can be renamed to `file`.
fn create_beside(file: &Path) -> std::io::Result<(PathBuf, File)> {
    for n in 0_u32.. {
        let unfinished = file.with_file_name(format!("gan-playground-{}-{n}.part", std::process::id()));
        match OpenOptions::new().write(true).create_new(true).open(&unfinished) {
            Ok(new) => return Ok((unfinished, new)),
            // Of a program that was killed, and had the same number.
            Err(e) if e.kind() == ErrorKind::AlreadyExists && n < 1000 => {}
            Err(e) => return Err(e),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

fn fill(mut to: File, bytes: &[u8], replaced: Option<fs::Metadata>) -> std::io::Result<()> {
    if let Some(replaced) = replaced {
        to.set_permissions(replaced.permissions())?;
    }
    to.write_all(bytes)?;
    // Else a power cut could leave the name without the bytes.
    to.sync_all()
}

/// Renames, but never over a file.
fn move_where_nothing_is(from: &Path, to: &Path) -> std::io::Result<()> {
    match fs::hard_link(from, to) {
        Ok(()) => fs::remove_file(from),
        Err(e) if e.kind() == ErrorKind::AlreadyExists => Err(e),
        // Not every file system has hard links; this leaves a moment for another file to come.
        Err(_) if fs::symlink_metadata(to).is_ok() => Err(ErrorKind::AlreadyExists.into()),
        Err(_) => fs::rename(from, to),
    }
}
