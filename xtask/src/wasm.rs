//! The recipe of an engine's module: compiler flags, wasm-bindgen, wasm-opt.
//! This file is part of the source hash, because a change here changes the bytes.

use crate::project::{Project, ask, run, target_from_environment};
use crate::toolchain::{TARGET, Toolchain};
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What wasm-bindgen names its files after.
pub const NAME: &str = "gan_playground";

pub struct Engine {
    pub name: &'static str,
    /// cargo features of the root crate.
    pub features: &'static str,
    /// cargo profile.
    profile: &'static str,
    simd: bool,
    /// On shared memory, for pages that are cross-origin isolated. Only a toolchain that compiles the standard library
    /// itself can build it, and the page does without where it is missing.
    pub threads: bool,
    /// LLVM's measure of what is worth to be inlined, in this crate and by link-time optimisation; its own is 225. What computes is
    /// inlined by attribute.
    inlining: Option<u32>,
    /// wasm-opt's level. Above 1, what comes out is smaller but packs worse, takes minutes, and is no faster.
    optimise: &'static str,
}

/// In the order in which they are built: first the one that most tests run on, then the one that takes longest to finish,
/// which goes on while the others are compiled.
pub const ENGINES: [Engine; 4] = [
    Engine {
        name: "cpu",
        features: "cpu",
        profile: "wasm",
        simd: true,
        threads: false,
        inlining: Some(50),
        optimise: "-O1",
    },
    // So large that its unpacked size counts too: the browser compiles all of it.
    Engine {
        name: "webgpu",
        features: "webgpu",
        profile: "wasm-small",
        simd: true,
        threads: false,
        inlining: None,
        optimise: "-Oz",
    },
    Engine {
        name: "cpu-threads",
        features: "cpu",
        profile: "wasm",
        simd: true,
        threads: true,
        inlining: Some(50),
        optimise: "-O1",
    },
    // For browsers without SIMD, so not one instruction of it.
    Engine {
        name: "ndarray",
        features: "ndarray",
        profile: "wasm",
        simd: false,
        threads: false,
        inlining: Some(50),
        optimise: "-O1",
    },
];

/// What the linker must be told for threads: the memory comes from outside and is shared, up to 1 GiB, and what a new
/// thread starts with is exported for wasm-bindgen.
const SHARED_MEMORY: [&str; 7] = [
    "--shared-memory",
    "--import-memory",
    "--max-memory=1073741824",
    "--export=__wasm_init_tls",
    "--export=__tls_size",
    "--export=__tls_align",
    "--export=__tls_base",
];

/// What browsers have had since 2021, each as rustc and as wasm-opt name it.
const BASELINE: [(&str, &str); 4] = [
    ("bulk-memory", "--enable-bulk-memory"),
    ("nontrapping-fptoint", "--enable-nontrapping-float-to-int"),
    ("sign-ext", "--enable-sign-ext"),
    ("mutable-globals", "--enable-mutable-globals"),
];
const SIMD: (&str, &str) = ("simd128", "--enable-simd");
const THREADS: (&str, &str) = ("atomics", "--enable-threads");

impl Engine {
    pub fn find(name: &str) -> Option<&'static Self> {
        ENGINES.iter().find(|engine| engine.name == name)
    }

    fn wasm_features(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.simd.then_some(SIMD).into_iter().chain(self.threads.then_some(THREADS)).chain(BASELINE)
    }
}

/// Compiles and gives the module's path. cargo shows its own progress.
pub fn compile(project: &Project, engine: &Engine, toolchain: &Toolchain) -> Result<PathBuf> {
    // Not `build`: `rustc` passes what follows `--` to this crate alone, where flags in the environment would compile
    // every dependency again. So does the checkout's own place, which stands in no dependency: all checkouts share those.
    let mut cargo = cargo(project, engine, toolchain, "rustc")?;
    cargo.args(["--", "-D", "warnings"]);
    cargo.args(engine.inlining.map(|most| format!("-Cllvm-args=-inline-threshold={most}")));
    run(cargo.arg(format!("--remap-path-prefix={}=.", project.root.display())))?;
    Ok(target_dir(engine)?.join(TARGET).join(engine.profile).join(format!("{NAME}.wasm")))
}

/// Clippy on the module's sources: those for the browser are seen by no native build. Only where it takes little: with
/// an installed target (Debian's Rust for the web has no clippy) and a build of the module to share macros and build
/// scripts with.
pub fn lint(project: &Project, engine: &Engine, toolchain: Option<&Toolchain>) -> Result<Option<Command>> {
    let Some(toolchain @ Toolchain::Installed(_)) = toolchain else { return Ok(None) };
    if ask(project.program("cargo").args(["clippy", "--version"])).is_none() || !target_dir(engine)?.is_dir() {
        return Ok(None);
    }
    let mut cargo = cargo(project, engine, toolchain, "clippy")?;
    cargo.args(["--", "-D", "warnings"]);
    Ok(Some(cargo))
}

/// A command of cargo on the library, with the engine's features, profile and flags.
fn cargo(project: &Project, engine: &Engine, toolchain: &Toolchain, command: &str) -> Result<Command> {
    let mut cargo = toolchain.cargo(project, command, engine.threads);
    cargo
        .env("CARGO_TARGET_DIR", target_dir(engine)?)
        .args(["--lib", "--no-default-features"])
        .args(["--profile", engine.profile])
        .args(["--features", engine.features]);
    let flags = flags(engine, toolchain)?;
    if flags.iter().any(|flag| flag.contains(char::is_whitespace)) {
        cargo.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    } else {
        cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags.join(" "));
    }
    Ok(cargo)
}

/// Outside the checkout, so that a fresh clone does not compile everything again. cargo keeps one copy of a crate for
/// a profile, whatever the flags, so that engines with different flags would undo each other's work in one folder.
pub fn target_dir(engine: &Engine) -> Result<PathBuf> {
    let target = match target_from_environment()? {
        Some(target) => target,
        None => home()?.join(".cache/gan-playground/target"),
    };
    Ok(target.join(match engine {
        Engine { threads: true, .. } => "wasm-threads",
        Engine { simd: true, .. } => "wasm",
        _ => "wasm-baseline",
    }))
}

pub fn home() -> Result<PathBuf> {
    std::env::home_dir().context("there is no home directory")
}

/// Every flag is part of cargo's fingerprint: changing one, or their order, compiles every crate again.
fn flags(engine: &Engine, toolchain: &Toolchain) -> Result<Vec<String>> {
    let features: Vec<String> = engine.wasm_features().map(|(name, _)| format!("+{name}")).collect();
    let mut flags = vec![
        "-C".to_owned(),
        format!("target-feature={}", features.join(",")),
        "--cfg".to_owned(),
        "getrandom_backend=\"wasm_js\"".to_owned(),
    ];
    if engine.threads {
        flags.extend(SHARED_MEMORY.iter().map(|flag| format!("-Clink-arg={flag}")));
    }
    // Panic messages name source files: without these the bytes would differ from machine to machine, and name it.
    let mut remaps = Vec::new();
    for registry in registries()? {
        remaps.push((registry, "crates"));
    }
    remaps.extend(toolchain.remaps());
    for (from, to) in remaps {
        flags.push(format!("--remap-path-prefix={}={to}", from.display()));
    }
    Ok(flags)
}

/// The folders where cargo unpacks crates, one a registry.
fn registries() -> Result<Vec<PathBuf>> {
    let cargo_home = match std::env::var_os("CARGO_HOME") {
        Some(folder) => PathBuf::from(folder),
        None => home()?.join(".cargo"),
    };
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(cargo_home.join("registry/src"))? {
        folders.push(entry?.path());
    }
    folders.sort();
    Ok(folders)
}

/// wasm-bindgen's files into `folder`. The generator is a large crate, so it is compiled only when it is needed, by
/// running this program again with the feature `bindgen`; its version is the lock file's, as the crate's is.
pub fn bind(project: &Project, module: &Path, folder: &Path) -> Result<()> {
    let mut cargo = project.program("cargo");
    cargo
        .args(["run", "--locked", "--package", "xtask", "--features", "bindgen"])
        // Not over the file of the program that runs now, which Windows does not allow.
        .arg("--target-dir")
        .arg(project.target.join("bindgen"))
        .args(["--config", "profile.dev.opt-level=1"])
        .args(["--config", "profile.dev.debug=false"])
        .args(["--", "bindgen"])
        .args([module, folder]);
    run(&mut cargo)
}

/// Runs wasm-opt over a module, in place.
pub fn optimise(project: &Project, engine: &Engine, module: &Path) -> Result<()> {
    let optimised = module.with_extension("optimised");
    let mut wasm_opt = project.npm_program("wasm-opt");
    wasm_opt
        .arg(engine.optimise)
        .args(engine.wasm_features().map(|(_, flag)| flag))
        .args(["--enable-reference-types", "--enable-multivalue"])
        .args(["--strip-debug", "--strip-producers"])
        .arg(module)
        .arg("--output")
        .arg(&optimised);
    run(&mut wasm_opt)?;
    std::fs::rename(&optimised, module)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_ndarray_module_is_free_of_simd() {
        for engine in &ENGINES {
            let flags = flags(engine, &Toolchain::Debian).unwrap().join(" ");
            assert_eq!(flags.contains("+simd128"), engine.name != "ndarray", "{flags}");
        }
    }

    #[test]
    fn no_flag_of_the_dependencies_names_the_checkout() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        for engine in &ENGINES {
            let flags = flags(engine, &Toolchain::Debian).unwrap();
            let named = flags.iter().find(|flag| flag.contains(&*root.to_string_lossy()));
            assert_eq!(named, None, "every checkout would compile every dependency again");
        }
    }
}
