//! `pkg/`: the committed build of each engine, with a manifest that says what it was built from and with.

use crate::npm;
use crate::package::{self, LICENCES};
use crate::project::{Project, ask, digest, hex, in_words, relative, sha256, walk};
use crate::toolchain::Toolchain;
use crate::wasm::{self, ENGINES, Engine, NAME};
use anyhow::{Context, Result, bail, ensure};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::thread::ScopedJoinHandle;
use std::time::Instant;

const MANIFEST: &str = "manifest.json";

/// What decides over the bytes besides `src/`, `kernel/src/`, the licences and the version of wasm-opt.
const RECIPE: [&str; 9] = [
    "Cargo.toml",
    "kernel/Cargo.toml",
    "Cargo.lock",
    ".cargo/config.toml",
    "xtask/src/bindgen.rs",
    "xtask/src/licences.rs",
    "xtask/src/package.rs",
    "xtask/src/toolchain.rs",
    "xtask/src/wasm.rs",
];

#[derive(Debug, Serialize, Deserialize)]
struct Manifest {
    engine: String,
    /// See [`source_hash`].
    source: String,
    toolchain: Tools,
    /// Every other file of the folder.
    files: BTreeMap<String, Entry>,
}

#[derive(Debug, Serialize, Deserialize, PartialEq, Eq)]
struct Tools {
    rustc: String,
    wasm_bindgen: String,
    wasm_opt: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    /// Bytes.
    size: u64,
    /// Bytes after gzip -9: what a static host sends. Only for the module.
    #[serde(skip_serializing_if = "Option::is_none")]
    gzip: Option<u64>,
    sha256: String,
}

pub fn all_engines() -> Vec<&'static Engine> {
    ENGINES.iter().collect()
}

/// `cargo xtask pkg [--check | --stale] [ENGINE…]`
pub fn command(project: &Project, arguments: &[String]) -> Result<()> {
    let mut engines = Vec::new();
    let mut mode = None;
    for argument in arguments {
        match argument.as_str() {
            "--check" | "--stale" if mode.is_none() => mode = Some(argument.as_str()),
            name => engines.push(Engine::find(name).with_context(|| {
                format!("pkg does not know `{name}`: engines are cpu, cpu-threads, ndarray and webgpu; modes --check and --stale")
            })?),
        }
    }
    if engines.is_empty() {
        engines = all_engines();
    }
    match mode {
        Some("--check") => check(project, &engines),
        Some(_) => stale(project, &engines),
        None => build(project, &engines),
    }
}

/// Fails if a folder of `pkg/` is not the build of these sources, as far as the manifest tells.
pub fn stale(project: &Project, engines: &[&Engine]) -> Result<()> {
    let problems = problems(project, engines)?;
    if !problems.is_empty() {
        bail!("{}\nrun `cargo xtask pkg`", problems.join("\n"));
    }
    println!("pkg/ was built from these sources");
    Ok(())
}

/// One sentence for each engine whose folder is missing, altered, or from other sources.
pub fn problems(project: &Project, engines: &[&Engine]) -> Result<Vec<String>> {
    let source = source_hash(&project.root)?;
    Ok(engines.iter().filter_map(|engine| problem(engine, &folder_of(project, engine), &source)).collect())
}

fn folder_of(project: &Project, engine: &Engine) -> PathBuf {
    project.root.join("pkg").join(engine.name)
}

fn problem(engine: &Engine, folder: &Path, source: &str) -> Option<String> {
    let name = engine.name;
    // Not every toolchain can build it, and the page does without it.
    if engine.threads && !folder.exists() {
        return None;
    }
    let Ok(manifest) = read_manifest(folder) else {
        return Some(format!("pkg/{name} is not built"));
    };
    if manifest.source != source {
        return Some(format!("pkg/{name} was built from other sources"));
    }
    manifest.files.iter().find_map(|(file, entry)| {
        let same = fs::read(folder.join(file)).is_ok_and(|bytes| sha256(&bytes) == entry.sha256);
        (!same).then(|| format!("pkg/{name}/{file} is not the file of its manifest"))
    })
}

fn read_manifest(folder: &Path) -> Result<Manifest> {
    Ok(serde_json::from_slice(&fs::read(folder.join(MANIFEST))?)?)
}

/// SHA-256 over path, length and content of everything that goes into a folder of `pkg/`, sorted by path.
fn source_hash(root: &Path) -> Result<String> {
    let mut files: Vec<PathBuf> = RECIPE.iter().chain(&LICENCES).map(|file| root.join(file)).collect();
    // The command line is not in a module.
    let command_line = root.join("src/bin");
    files.extend(walk(&root.join("src"))?.into_iter().filter(|file| !file.starts_with(&command_line)));
    files.extend(walk(&root.join("kernel/src"))?);
    // Only this of npm's lock: another version of a library of the page changes no module.
    let binaryen = format!("binaryen\0{}", npm::locked_version(root, "binaryen")?);
    Ok(hex(&digest(root, files, &binaryen)?))
}

/// Those engines whose folder in `pkg/` is not up to date. A missing module with threads is no problem, but one to build
/// where that is possible.
fn stale_engines(project: &Project) -> Result<Vec<&'static Engine>> {
    let source = source_hash(&project.root)?;
    let threads = Toolchain::find().is_some_and(|toolchain| toolchain.builds_std());
    let stale = |engine: &&Engine| {
        let folder = folder_of(project, engine);
        problem(engine, &folder, &source).is_some() || (engine.threads && threads && !folder.exists())
    };
    Ok(all_engines().into_iter().filter(stale).collect())
}

/// Builds those engines whose folder in `pkg/` is not up to date.
pub fn build_stale(project: &Project) -> Result<()> {
    build(project, &stale_engines(project)?)
}

/// The engines of these sources, whatever `pkg/` holds.
pub struct Current {
    /// Laid out as `pkg/` is.
    pub folder: PathBuf,
    /// Engines of which `pkg/` has none of these sources.
    pub stale: Vec<&'static str>,
    /// One sentence for each engine that could not be built; `folder` holds the others.
    pub failed: Vec<String>,
}

/// Gives the engines of these sources: `pkg/` itself, or where some of it is of others a folder outside the checkout, with
/// what was built now or earlier.
///
/// # Errors
/// If something has to be built and there is nothing to build it with.
pub fn current(project: &Project) -> Result<Current> {
    let stale = stale_engines(project)?;
    if stale.is_empty() {
        return Ok(Current { folder: project.root.join("pkg"), stale: Vec::new(), failed: Vec::new() });
    }
    let names: Vec<&'static str> = stale.iter().map(|engine| engine.name).collect();
    println!(
        "not of these sources in pkg/: {}; built outside of it now, unless that was done before",
        names.join(", ")
    );
    let folder = project.target.join("pkg");
    remove(&folder)?;
    for engine in all_engines().into_iter().filter(|engine| !names.contains(&engine.name)) {
        let committed = folder_of(project, engine);
        if committed.exists() {
            copy(&committed, &folder.join(engine.name))?;
        }
    }
    let (toolchain, tools) = prepare(project)?;
    let possible = possible(&stale, &toolchain);
    let failed = make(project, &possible, &toolchain, &tools, Earlier::Use, |engine, built| {
        copy(built, &folder.join(engine.name))
    })?;
    Ok(Current { folder, stale: names, failed })
}

/// Those that the toolchain can build; says what is left out.
fn possible<'a>(engines: &[&'a Engine], toolchain: &Toolchain) -> Vec<&'a Engine> {
    let (possible, impossible): (Vec<_>, Vec<_>) =
        engines.iter().copied().partition(|engine| !engine.threads || toolchain.builds_std());
    for engine in impossible {
        println!("pkg/{}: left out, since it takes a toolchain that compiles the standard library", engine.name);
    }
    possible
}

fn build(project: &Project, engines: &[&Engine]) -> Result<()> {
    let (toolchain, tools) = prepare(project)?;
    let possible = possible(engines, &toolchain);
    for engine in engines.iter().filter(|engine| engine.threads && !toolchain.builds_std()) {
        // An old one would compute something else than the sources say.
        remove(&folder_of(project, engine))?;
    }
    let start = Instant::now();
    let failed = make(project, &possible, &toolchain, &tools, Earlier::Use, |engine, built| {
        let folder = folder_of(project, engine);
        remove(&folder)?;
        copy(built, &folder)
    })?;
    if possible.len() > 1 {
        println!(
            "pkg: {} of {} engines in {}",
            possible.len() - failed.len(),
            possible.len(),
            in_words(start.elapsed())
        );
    }
    ensure!(failed.is_empty(), "{}", failed.join("\n"));
    Ok(())
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    for file in walk(from)? {
        let to = to.join(relative(&file, from));
        fs::create_dir_all(to.parent().context("a file without a folder")?)?;
        fs::copy(&file, to)?;
    }
    Ok(())
}

/// The engine `cpu` alone and without wasm-opt, in a folder outside the checkout, for work on the core: seconds after a
/// change.
pub fn draft(project: &Project) -> Result<PathBuf> {
    let engine = Engine::find("cpu").context("there is an engine cpu")?;
    let compiled = wasm::compile(project, engine, &Toolchain::provide()?)?;
    let pkg = wasm::target_dir(engine)?.join("draft");
    let folder = pkg.join(engine.name);
    fs::create_dir_all(&folder)?;
    wasm::bind(project, &compiled, &folder)?;
    Ok(pkg)
}

/// Builds elsewhere and compares.
fn check(project: &Project, engines: &[&Engine]) -> Result<()> {
    let (toolchain, tools) = prepare(project)?;
    let mut committed = Vec::new();
    for &engine in engines {
        let folder = folder_of(project, engine);
        if engine.threads && !folder.exists() {
            println!("pkg/{}: not there, so there is nothing to compare", engine.name);
            continue;
        }
        let manifest = read_manifest(&folder).with_context(|| format!("pkg/{} has no manifest", engine.name))?;
        // Before minutes of work that could only end in other bytes.
        ensure!(
            manifest.toolchain == tools,
            "pkg/{} was built with another toolchain, so the bytes cannot be compared:\n  it: {:?}\n  here: {tools:?}",
            engine.name,
            manifest.toolchain
        );
        committed.push(engine);
    }
    let mut different = Vec::new();
    let failed = make(project, &committed, &toolchain, &tools, Earlier::Ignore, |engine, built| {
        different.extend(differences(engine.name, &folder_of(project, engine), built)?);
        Ok(())
    })?;
    ensure!(failed.is_empty(), "{}", failed.join("\n"));
    if !different.is_empty() {
        bail!("a rebuild with the same toolchain differs:\n{}", different.join("\n"));
    }
    println!("a rebuild gives the committed bytes");
    Ok(())
}

fn differences(engine: &str, committed: &Path, built: &Path) -> Result<Vec<String>> {
    let names = |folder: &Path| -> Result<Vec<String>> {
        Ok(walk(folder)?.iter().map(|file| relative(file, folder)).collect())
    };
    let mut all = names(committed)?;
    all.extend(names(built)?);
    all.sort();
    all.dedup();
    Ok(all
        .into_iter()
        .filter(|name| fs::read(committed.join(name)).ok() != fs::read(built.join(name)).ok())
        .map(|name| format!("  pkg/{engine}/{name}"))
        .collect())
}

fn prepare(project: &Project) -> Result<(Toolchain, Tools)> {
    npm::ensure(project, npm::Need::Tools)?;
    let toolchain = Toolchain::provide()?;
    let wasm_opt = ask(project.npm_program("wasm-opt").arg("--version")).context("npm's wasm-opt does not run")?;
    let tools =
        Tools { rustc: toolchain.version(), wasm_bindgen: locked_version(&project.root, "wasm-bindgen")?, wasm_opt };
    Ok((toolchain, tools))
}

fn locked_version(root: &Path, package: &str) -> Result<String> {
    let lock = fs::read_to_string(root.join("Cargo.lock"))?.replace("\r\n", "\n");
    let (_, after) = lock
        .split_once(&format!("name = \"{package}\"\nversion = \""))
        .with_context(|| format!("{package} is not in Cargo.lock"))?;
    Ok(after.split('"').next().unwrap_or_default().to_owned())
}

/// Whether a build of the same sources by the same tools, made earlier, will do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Earlier {
    Use,
    Ignore,
}

/// Where a built engine lies before it goes to `pkg/`.
fn built_folder(engine: &Engine) -> Result<PathBuf> {
    Ok(wasm::target_dir(engine)?.join("pkg").join(engine.name))
}

/// Whether a folder is what these tools make of these sources.
fn is_built(engine: &Engine, folder: &Path, source: &str, tools: &Tools) -> bool {
    folder.exists()
        && problem(engine, folder, source).is_none()
        && read_manifest(folder).is_ok_and(|manifest| manifest.toolchain == *tools)
}

/// The whole way from the sources to a folder of files for each engine, outside `pkg/`; `done` is called with each. While one
/// is finished, by tools that use one core, the next is compiled. An engine that fails does not keep the others from being
/// built: it becomes a sentence of what is returned.
fn make(
    project: &Project,
    engines: &[&Engine],
    toolchain: &Toolchain,
    tools: &Tools,
    earlier: Earlier,
    mut done: impl FnMut(&Engine, &Path) -> Result<()>,
) -> Result<Vec<String>> {
    // Before the compiler reads them: an edit in mid-build makes the result stale.
    let source = source_hash(&project.root)?;
    let source = &*source;
    let mut failed = Vec::new();
    std::thread::scope(|scope| {
        let mut settle = |(engine, thread): (&Engine, ScopedJoinHandle<'_, Result<PathBuf>>)| {
            let folder = thread.join().unwrap_or_else(|_| bail!("the thread that finishes it panicked"));
            if let Err(error) = folder.and_then(|folder| done(engine, &folder)) {
                failed.push(format!("pkg/{}: {error:#}", engine.name));
            }
        };
        let mut finishing = VecDeque::new();
        for &engine in engines {
            let name = engine.name;
            let folder = built_folder(engine)?;
            let compiled = if earlier == Earlier::Use && is_built(engine, &folder, source, tools) {
                println!("pkg/{name}: built earlier from these sources");
                Ok(None)
            } else {
                println!(
                    "pkg/{name}: compiling with {} (the first time takes 5 to 20 minutes on two cores)",
                    tools.rustc
                );
                let start = Instant::now();
                let compiled = wasm::compile(project, engine, toolchain);
                let outcome = if compiled.is_ok() { "compiled" } else { "failed" };
                println!("pkg/{name}: {outcome} in {}", in_words(start.elapsed()));
                compiled.map(Some)
            };
            let finish = move || match compiled? {
                Some(module) => finish(project, engine, &module, source, tools),
                None => Ok(folder),
            };
            finishing.push_back((engine, scope.spawn(finish)));
            // What is ready is used at once, also if somebody interrupts what is still to come.
            while finishing.front().is_some_and(|(_, thread)| thread.is_finished()) {
                finishing.pop_front().into_iter().for_each(&mut settle);
            }
        }
        finishing.into_iter().for_each(settle);
        anyhow::Ok(())
    })?;
    Ok(failed)
}

/// From the compiler's module to a folder of files.
fn finish(project: &Project, engine: &Engine, compiled: &Path, source: &str, tools: &Tools) -> Result<PathBuf> {
    let start = Instant::now();
    let folder = built_folder(engine)?;
    remove(&folder)?;
    fs::create_dir_all(&folder)?;
    println!("pkg/{}: wasm-bindgen {}", engine.name, tools.wasm_bindgen);
    wasm::bind(project, compiled, &folder)?;
    println!("pkg/{}: {}", engine.name, tools.wasm_opt);
    wasm::optimise(project, engine, &folder.join(format!("{NAME}_bg.wasm")))?;
    package::write(project, engine, &folder)?;
    let manifest = describe(project, engine, &folder, source.to_owned(), tools)?;
    let mut json = serde_json::to_string_pretty(&manifest)?;
    json.push('\n');
    fs::write(folder.join(MANIFEST), json)?;
    if let Some(module) = manifest.files.get(&format!("{NAME}_bg.wasm")) {
        println!(
            "pkg/{}: {} kB, {} kB gzipped, finished in {}",
            engine.name,
            module.size / 1000,
            module.gzip.unwrap_or_default() / 1000,
            in_words(start.elapsed())
        );
    }
    Ok(folder)
}

fn describe(project: &Project, engine: &Engine, folder: &Path, source: String, tools: &Tools) -> Result<Manifest> {
    let private = private_paths(&project.root)?;
    let mut files = BTreeMap::new();
    for file in walk(folder)? {
        let bytes = fs::read(&file)?;
        let name = relative(&file, folder);
        if let Some(path) = leak(&bytes, &private) {
            bail!("pkg/{}/{name} names a path of this machine: {path}", engine.name);
        }
        let gzip = match name.ends_with(".wasm") {
            true => Some(gzip_size(&bytes)?),
            false => None,
        };
        let (size, sha256) = (bytes.len() as u64, sha256(&bytes));
        files.insert(name, Entry { size, gzip, sha256 });
    }
    Ok(Manifest {
        engine: engine.name.into(),
        source,
        toolchain: Tools {
            rustc: tools.rustc.clone(),
            wasm_bindgen: tools.wasm_bindgen.clone(),
            wasm_opt: tools.wasm_opt.clone(),
        },
        files,
    })
}

/// What must not be in a published file.
fn private_paths(root: &Path) -> Result<Vec<String>> {
    Ok(vec![wasm::home()?.display().to_string(), root.display().to_string()])
}

/// The first text around a private path, if there is one.
fn leak(bytes: &[u8], private: &[String]) -> Option<String> {
    private.iter().find_map(|path| {
        let at = bytes.windows(path.len()).position(|window| window == path.as_bytes())?;
        let text = bytes[at..].iter().take(120);
        let text: Vec<u8> = text.copied().take_while(u8::is_ascii_graphic).collect();
        Some(String::from_utf8_lossy(&text).into_owned())
    })
}

fn gzip_size(bytes: &[u8]) -> Result<u64> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(bytes)?;
    Ok(writer.finish()?.len() as u64)
}

#[cfg(test)]
#[path = "pkg_tests.rs"]
mod tests;
