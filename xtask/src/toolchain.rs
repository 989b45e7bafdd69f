//! Finding a Rust that compiles to WebAssembly, and installing one where that is possible.
//!
//! Two ways, tried in the order of their cost: a `wasm32-unknown-unknown` standard library that is installed already,
//! or Debian's own Rust for the web, which brings the library as source; then installing either.

use crate::project::{Project, ask, run};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

pub const TARGET: &str = "wasm32-unknown-unknown";

/// In Debian's security suite; `rust-lld` is a link into `lld-22`.
const DEBIAN_PACKAGES: [&str; 6] =
    ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "libstd-rust-web-dev", "lld-22"];

pub enum Toolchain {
    /// The Rust on the PATH has the target's standard library, and its source perhaps; the folder is its sysroot.
    Installed(PathBuf),
    /// `/usr/bin/cargo`; builds the standard library from source.
    Debian,
}

impl Toolchain {
    /// What is installed now.
    pub fn find() -> Option<Self> {
        installed().or_else(debian)
    }

    /// What is installed, or can be; tells what it installs.
    ///
    /// # Errors
    /// With what is missing and how to get it.
    pub fn provide() -> Result<Self> {
        if let Some(found) = Self::find() {
            return Ok(found.with_source());
        }
        println!("no Rust for WebAssembly yet: trying `rustup target add {TARGET}`");
        if run(Command::new("rustup").args(["target", "add", TARGET])).is_ok()
            && let Some(found) = installed()
        {
            return Ok(found.with_source());
        }
        if Path::new("/etc/debian_version").exists() {
            let packages = DEBIAN_PACKAGES.join(" ");
            if !may_install_packages() {
                bail!(
                    "no Rust for WebAssembly. Either of these helps:\n  rustup target add {TARGET}\n  \
                     apt-get update && apt-get install {packages}    (as root)"
                );
            }
            println!("installing Debian's Rust for the web: {packages}");
            install_packages(&DEBIAN_PACKAGES)?;
            return debian().context("Debian's Rust for the web is still not complete");
        }
        bail!(
            "no Rust for WebAssembly: `rustup target add {TARGET}` is what is missing (Rust itself: https://rustup.rs)"
        )
    }

    /// The same, after trying to get the source of its standard library, which threads take.
    fn with_source(self) -> Self {
        if !self.builds_std() {
            println!("no source of the standard library yet: trying `rustup component add rust-src`");
            if let Err(error) = run(Command::new("rustup").args(["component", "add", "rust-src"])) {
                println!("{error:#}: there will be no module for threads");
            }
        }
        self
    }

    /// Whether it can compile the standard library itself, for other features of WebAssembly than the ready one has.
    pub fn builds_std(&self) -> bool {
        match self {
            Self::Installed(sysroot) => sysroot.join("lib/rustlib/src/rust/library/Cargo.lock").is_file(),
            Self::Debian => true,
        }
    }

    /// `rustc -V`, for the manifest.
    pub fn version(&self) -> String {
        let mut rustc = match self {
            Self::Installed(_) => Command::new("rustc"),
            Self::Debian => Command::new("/usr/bin/rustc"),
        };
        ask(rustc.arg("--version")).unwrap_or_else(|| "unknown rustc".into())
    }

    /// A command of cargo that compiles for the target, free of what the cargo that runs this program has put into the environment;
    /// `std`: whether the standard library is to have other features of WebAssembly than the ready one.
    pub fn cargo(&self, project: &Project, command: &str, std: bool) -> Command {
        let mut cargo = match self {
            Self::Installed(_) => project.program("cargo"),
            Self::Debian => {
                let mut cargo = project.program("/usr/bin/cargo");
                cargo.env("RUSTC", "/usr/bin/rustc");
                // Set by rustup and `cargo run` for the other toolchain, whose libraries this one must not load.
                for name in ["RUSTUP_TOOLCHAIN", "LD_LIBRARY_PATH", "RUSTDOC"] {
                    cargo.env_remove(name);
                }
                cargo
            }
        };
        // These would go before the flags that the build gives.
        for name in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO"] {
            cargo.env_remove(name);
        }
        // These would overrule the profiles of Cargo.toml.
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("CARGO_PROFILE_")) {
            cargo.env_remove(name);
        }
        cargo.args([command, "--locked", "--target", TARGET]);
        // Debian has no ready one.
        if std || matches!(self, Self::Debian) {
            // `-Z build-std` is unstable; a stable compiler takes it with this.
            cargo.env("RUSTC_BOOTSTRAP", "1");
            cargo.args(["-Z", "build-std=std,panic_abort"]);
        }
        cargo
    }

    /// Folders of the toolchain whose names could get into the bytes, and what stands there instead.
    pub fn remaps(&self) -> Vec<(PathBuf, &'static str)> {
        match self {
            Self::Installed(sysroot) => vec![(sysroot.join("lib/rustlib/src/rust"), "rust")],
            Self::Debian => vec![("/usr/src".into(), "rust"), ("/usr/lib/rustlib".into(), "rust")],
        }
    }
}

fn installed() -> Option<Toolchain> {
    let libraries = ask(Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]))?;
    let has_std = std::fs::read_dir(libraries)
        .ok()?
        .flatten()
        .any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"));
    let sysroot = ask(Command::new("rustc").args(["--print", "sysroot"]))?;
    has_std.then(|| Toolchain::Installed(sysroot.into()))
}

fn debian() -> Option<Toolchain> {
    let states =
        ask(Command::new("dpkg-query").args(["--show", "--showformat=${db:Status-Status}\n"]).args(DEBIAN_PACKAGES))?;
    let complete = states.lines().count() == DEBIAN_PACKAGES.len() && states.lines().all(|state| state == "installed");
    complete.then_some(Toolchain::Debian)
}

/// Root on a system with apt.
pub fn may_install_packages() -> bool {
    ask(Command::new("id").arg("-u")).as_deref() == Some("0") && ask(Command::new("apt-get").arg("--version")).is_some()
}

pub fn install_packages(packages: &[&str]) -> Result<()> {
    let apt = || {
        let mut apt = Command::new("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive");
        apt
    };
    run(apt().args(["update", "-qq"]))?;
    run(apt().args(["install", "-y", "-qq", "--no-install-recommends"]).args(packages))
}
