//! Where things are, and how other programs are run.

use anyhow::{Context, Result, bail};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// The checkout and its folder of built things.
#[derive(Clone)]
pub struct Project {
    /// The folder with the workspace's `Cargo.toml`.
    pub root: PathBuf,
    /// cargo's target folder for native builds; the MNIST shards are kept in it too.
    pub target: PathBuf,
}

impl Project {
    /// Asks cargo's environment, not the compiled-in path: two checkouts may share one target folder, and so this binary.
    pub fn find() -> Result<Self> {
        let root = match std::env::var_os("CARGO_MANIFEST_DIR") {
            Some(xtask) => PathBuf::from(xtask).parent().map(Path::to_owned),
            None => std::env::current_dir()?
                .ancestors()
                .find(|folder| folder.join("xtask/Cargo.toml").is_file())
                .map(Path::to_owned),
        };
        let root = root.context("run this inside the checkout of gan-playground")?;
        let target = match target_from_environment()? {
            Some(target) => target,
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    /// The native command line, as `cargo build --release` leaves it.
    pub fn native_binary(&self) -> PathBuf {
        let name = format!("gan-playground{}", std::env::consts::EXE_SUFFIX);
        self.target.join("release").join(name)
    }

    /// A folder laid out like the site, with its built data only; native tests and the command line read it.
    pub fn data_site(&self) -> PathBuf {
        self.target.join("site")
    }

    /// A program to be run in the checkout.
    pub fn program(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        command
    }

    /// A program that npm installed.
    pub fn npm_program(&self, name: &str) -> Command {
        let suffix = if cfg!(windows) { ".cmd" } else { "" };
        self.program(self.root.join("node_modules/.bin").join(format!("{name}{suffix}")))
    }
}

/// `CARGO_TARGET_DIR`, made absolute; cargo reads it relative to the current folder.
pub fn target_from_environment() -> Result<Option<PathBuf>> {
    match std::env::var_os("CARGO_TARGET_DIR").filter(|value| !value.is_empty()) {
        Some(folder) => Ok(Some(std::path::absolute(folder)?)),
        None => Ok(None),
    }
}

/// Runs to the end with output shown as it comes.
///
/// # Errors
/// If the program is missing or fails; the message names it with its arguments.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot run {}", describe(command)))?;
    if !status.success() {
        bail!("{} failed ({status})", describe(command));
    }
    Ok(())
}

/// Runs quietly and gives standard output, trimmed; `None` if the program is missing or fails.
pub fn ask(command: &mut Command) -> Option<String> {
    let output = command.output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn describe(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut words = vec![program.file_name().unwrap_or(command.get_program()).to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    words.join(" ")
}

/// `7.3 s` or `12 min 5 s`.
pub fn in_words(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 60.0 {
        format!("{seconds:.1} s")
    } else {
        format!("{} min {} s", time.as_secs() / 60, time.as_secs() % 60)
    }
}

/// Lower-case hexadecimal of a SHA-256.
pub fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    hex(&Sha256::digest(bytes))
}

/// SHA-256 over path, length and content of files below `root`, whatever their order, and over `more`.
pub fn digest(root: &Path, files: Vec<PathBuf>, more: &str) -> Result<Vec<u8>> {
    use sha2::{Digest, Sha256};
    let mut files: Vec<(String, PathBuf)> = files.into_iter().map(|file| (relative(&file, root), file)).collect();
    files.sort();
    let mut hash = Sha256::new();
    for (name, file) in files {
        let content = std::fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        hash.update(format!("{name}\0{}\0", content.len()));
        hash.update(&content);
    }
    hash.update(more);
    Ok(hash.finalize().to_vec())
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Every file below a folder, sorted by path; none if the folder does not exist. Links to folders are not followed: one
/// could lead in a circle, or through the whole disk.
pub fn walk(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        if !folder.is_dir() {
            continue;
        }
        let entries = std::fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))?;
        for entry in entries {
            let entry = entry?;
            let path = entry.path();
            if entry.file_type()?.is_dir() {
                folders.push(path);
            } else if !path.is_dir() {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// A path below `base` with `/` on every system.
pub fn relative(path: &Path, base: &Path) -> String {
    let path = path.strip_prefix(base).unwrap_or(path);
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

/// A folder of its own for each test, emptied first.
#[cfg(test)]
pub fn scratch(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("xtask-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
