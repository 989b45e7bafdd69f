//! Everything that a commit must pass, in stages from the cheapest to the slowest.

use crate::passed::{LONG, Passed};
use crate::project::{Project, in_words};
use crate::site::Site;
use crate::{bundle, check, images, npm, pkg, serve, toolchain};
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// In the order in which they run: what needs no engine goes before minutes of building some.
const STAGES: [&str; 3] = ["check", "native", "browser"];

/// What `--quick` runs in the browser: the page as a person uses it and the package, in half a minute on the engine `cpu`.
const QUICK: [&str; 4] = ["embed", "families", "page", "published"];

/// Tests that passed and failed.
#[derive(Default, Clone, Copy)]
struct Count {
    passed: u64,
    failed: u64,
}

impl Count {
    fn add(&mut self, more: Self) {
        self.passed += more.passed;
        self.failed += more.failed;
    }
}

/// How much is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// Half a minute natively, half in the browser.
    Quick,
    /// Everything that has not passed on these very sources.
    Usual,
    /// That too.
    All,
}

/// Which tests, and on what.
struct Asked<'a> {
    stages: Vec<&'a str>,
    extent: Extent,
}

fn asked(arguments: &[String]) -> Result<Asked<'_>> {
    let (options, stages): (Vec<&str>, Vec<&str>) =
        arguments.iter().map(String::as_str).partition(|argument| argument.starts_with('-'));
    if let Some(unknown) = stages.iter().find(|name| !STAGES.contains(name)) {
        bail!("there is no stage `{unknown}`: stages are {}", STAGES.join(", "));
    }
    let extent = match options[..] {
        [] => Extent::Usual,
        ["--quick"] => Extent::Quick,
        ["--all"] => Extent::All,
        _ => bail!("test does not know {}: it takes --quick or --all, and stages", options.join(" ")),
    };
    let stages = STAGES.into_iter().filter(|stage| stages.is_empty() || stages.contains(stage)).collect();
    Ok(Asked { stages, extent })
}

/// `cargo xtask test [--quick | --all] [STAGE…]`; a failed stage does not keep the others from running.
pub fn command(project: &Project, arguments: &[String]) -> Result<()> {
    let asked = asked(arguments)?;
    let mut rows: Vec<(&str, Duration, Result<Count>)> = Vec::new();
    // Said at the end, where it is read.
    let mut remarks = Vec::new();
    for stage in asked.stages {
        println!("\n== {stage}");
        let start = Instant::now();
        let outcome = match stage {
            "check" => check::command(project, &[]).map(|()| Count::default()),
            "native" => native(project, asked.extent, &mut remarks),
            _ if asked.extent == Extent::Quick => quick_browser(project, &mut remarks),
            _ => browser(project, &mut remarks),
        };
        if let Err(error) = &outcome {
            println!("{error:#}");
        }
        println!("== {stage}: {}", in_words(start.elapsed()));
        rows.push((stage, start.elapsed(), outcome));
    }

    println!();
    let mut total = Count::default();
    let mut all_well = true;
    for (stage, time, outcome) in &rows {
        let count = outcome.as_ref().copied().unwrap_or_default();
        total.add(count);
        let well = outcome.is_ok() && count.failed == 0;
        all_well &= well;
        let word = if well { "ok" } else { "FAILED" };
        println!("{stage:8} {word:7} {}", in_words(*time));
    }
    for remark in remarks {
        println!("{remark}");
    }
    println!("{} passed, {} failed", total.passed, total.failed);
    if !all_well {
        bail!("the test failed");
    }
    Ok(())
}

fn native(project: &Project, extent: Extent, remarks: &mut Vec<String>) -> Result<Count> {
    npm::ensure(project, npm::Need::Page)?;
    images::ensure_usual(project)?;
    images::ensure_fashion(project)?;
    let run = |targets: &[&str]| {
        let mut cargo = project.program("cargo");
        cargo.args(["test", "--release", "--workspace", "--no-fail-fast"]).args(targets);
        count(cargo.env("GAN_PLAYGROUND_SITE", project.data_site()), cargo_line)
    };
    let long = LONG.join(", ");
    let passed = Passed::of(project)?;
    // cargo takes no names to leave out, so it is given all others.
    let names = names(&project.root.join("tests"), ".rs")?;
    let others = names.iter().map(String::as_str).filter(|name| !LONG.contains(name));
    let mut total = run(&[&["--lib", "--bins"][..], &test_targets(others)].concat())?;
    match (extent, passed.count()) {
        (Extent::Quick, _) => remarks.push(format!("left out for speed: the native tests {long}")),
        (Extent::Usual, Some(count)) => remarks.push(format!(
            "passed earlier on these sources, and not run again: {count} native tests of {long} (--all runs them)"
        )),
        _ => {
            let outcome = run(&test_targets(LONG))?;
            if outcome.failed == 0 {
                passed.note(outcome.passed)?;
            }
            total.add(outcome);
        }
    }
    if extent != Extent::Quick {
        total.add(run(&["--doc"])?);
    }
    Ok(total)
}

fn test_targets<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    names.into_iter().flat_map(|name| ["--test", name]).collect()
}

/// What a folder's files with this ending are called without it, sorted.
fn names(folder: &Path, ending: &str) -> Result<Vec<String>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("there is no {}", folder.display()))?;
    let mut names: Vec<String> =
        entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_suffix(ending).map(str::to_owned)).collect();
    names.sort();
    Ok(names)
}

/// The tests in a real browser, on the engines of these sources, which are built where `pkg/` has others.
fn browser(project: &Project, remarks: &mut Vec<String>) -> Result<Count> {
    npm::ensure(project, npm::Need::Tools)?;
    images::ensure_usual(project)?;
    images::ensure_fashion(project)?;
    let pkg::Current { folder, stale, failed } = pkg::current(project)?;
    if !stale.is_empty() {
        remarks.push(format!(
            "the committed pkg/ is of other sources ({}), so the tests ran on engines built now: `cargo xtask pkg` brings it up to date",
            stale.join(", ")
        ));
    }
    // The tests of the others say more.
    for sentence in &failed {
        println!("{sentence}");
    }
    let outcome = in_browser(project, &folder, |_| true)?;
    if !failed.is_empty() {
        bail!("not every engine could be built:\n{}", failed.join("\n"));
    }
    Ok(outcome)
}

/// The tests of the page on the engine `cpu` alone, compiled but not optimised.
fn quick_browser(project: &Project, remarks: &mut Vec<String>) -> Result<Count> {
    npm::ensure(project, npm::Need::Tools)?;
    images::ensure_usual(project)?;
    let folder = pkg::draft(project)?;
    remarks.push(format!(
        "left out for speed: the engines webgpu, cpu-threads and ndarray, wasm-opt, and the browser's tests but for {}",
        QUICK.join(", ")
    ));
    in_browser(project, &folder, |name| QUICK.contains(&name))
}

fn in_browser(project: &Project, engines: &Path, wanted: fn(&str) -> bool) -> Result<Count> {
    let folder = project.root.join("tests/browser");
    let mut names = names(&folder, ".test.mjs")?;
    names.retain(|name| wanted(name));
    if names.is_empty() {
        bail!("there are no tests/browser/*.test.mjs");
    }
    let files = names.iter().map(|name| folder.join(format!("{name}.test.mjs")));
    let mut node = project.program("node");
    // One file at a time: training in two browsers at once would make every timing meaningless. And a test that fails
    // with its browser still open must not keep the run from ending.
    node.args(["--test", "--test-concurrency=1", "--test-force-exit", "--test-reporter=spec"]).args(files);
    with_page(project, engines, &mut node)?;
    count(&mut node, node_line)
}

/// Starts a server for a script that drives a browser, and tells it, by its environment, what it needs to know.
pub fn with_page(project: &Project, engines: &Path, node: &mut Command) -> Result<()> {
    let mut site = Site::new(project);
    site.replace_pkg(engines.to_owned());
    let running = serve::start(project, site, "127.0.0.1", 0)?;
    let mut published = Site::new(project);
    published.replace_pkg(engines.to_owned());
    published.put_before(bundle::make(project)?);
    let published = serve::start(project, published, "127.0.0.1", 0)?;
    node.env("GP_URL", format!("http://{}/", running.address))
        .env("GP_PLAIN", format!("http://{}/", running.address))
        .env("GP_PUBLISHED", format!("http://{}/", published.address))
        .env("GP_PKG", engines)
        .env("CHROMIUM", chromium()?)
        .env("GP_NATIVE", project.native_binary())
        .env("GP_MNIST", images::MNIST.folder(project))
        .env("GAN_PLAYGROUND_SITE", project.data_site());
    Ok(())
}

/// The browser's path: `$CHROMIUM`, or what is on the PATH, or Debian's package, installed now.
fn chromium() -> Result<String> {
    if let Some(path) = std::env::var("CHROMIUM").ok().filter(|path| !path.is_empty()) {
        if Path::new(&path).is_file() {
            return Ok(path);
        }
        bail!("CHROMIUM={path}: there is no such file");
    }
    if let Some(path) = installed_chromium() {
        return Ok(path);
    }
    if Path::new("/etc/debian_version").exists() && toolchain::may_install_packages() {
        println!("installing Debian's chromium for the browser tests");
        toolchain::install_packages(&["chromium"])?;
        if let Some(path) = installed_chromium() {
            return Ok(path);
        }
    }
    bail!("the browser tests need Chromium or Chrome: install one, or give its path in CHROMIUM")
}

fn installed_chromium() -> Option<String> {
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let path = std::env::var_os("PATH")?;
    let on_the_path =
        std::env::split_paths(&path).flat_map(|folder| names.map(|name| folder.join(name))).find(|file| file.is_file());
    let elsewhere = [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "C:/Program Files/Google/Chrome/Application/chrome.exe",
    ];
    on_the_path
        .or_else(|| elsewhere.iter().map(Into::into).find(|file: &std::path::PathBuf| file.is_file()))
        .map(|file| file.to_string_lossy().into_owned())
}

/// Runs with output shown as it comes, and adds up what the lines report.
fn count(command: &mut Command, read: fn(&str) -> Count) -> Result<Count> {
    let name = command.get_program().to_string_lossy().into_owned();
    let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| format!("cannot run {name}"))?;
    let mut total = Count::default();
    let output = child.stdout.take().context("no output to read")?;
    for line in BufReader::new(output).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        println!("{line}");
        total.add(read(&line));
    }
    // A program can also fail before or after its tests, for example to compile.
    if !child.wait()?.success() && total.failed == 0 {
        bail!("{name} failed");
    }
    Ok(total)
}

/// cargo's `test result: ok. 12 passed; 0 failed; …`
fn cargo_line(line: &str) -> Count {
    let number_before = |word: &str| -> u64 {
        let before = line.split(word).next().unwrap_or_default();
        before.rsplit(' ').next().unwrap_or_default().parse().unwrap_or(0)
    };
    if !line.starts_with("test result:") {
        return Count::default();
    }
    Count { passed: number_before(" passed"), failed: number_before(" failed") }
}

/// Node's `ℹ pass 12` and `ℹ fail 0`
fn node_line(line: &str) -> Count {
    let number_after =
        |word: &str| -> u64 { line.strip_prefix(word).and_then(|rest| rest.trim().parse().ok()).unwrap_or(0) };
    Count {
        passed: number_after("ℹ pass "),
        // A cancelled test is one that ran out of time.
        failed: number_after("ℹ fail ") + number_after("ℹ cancelled "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_and_quick_can_be_asked_for() {
        let asked = |text: &str| -> Option<(Vec<&'static str>, Extent)> {
            let arguments: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
            let Asked { stages, extent } = asked(&arguments).ok()?;
            Some((STAGES.into_iter().filter(|stage| stages.contains(stage)).collect(), extent))
        };
        assert_eq!(asked(""), Some((STAGES.to_vec(), Extent::Usual)));
        assert_eq!(asked("--quick"), Some((STAGES.to_vec(), Extent::Quick)));
        assert_eq!(asked("browser --quick check"), Some((vec!["check", "browser"], Extent::Quick)));
        assert_eq!(asked("native --all"), Some((vec!["native"], Extent::All)));
        for wrong in ["pkg", "--slow", "browser all", "--quick --all"] {
            assert_eq!(asked(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn results_are_read_from_the_output() {
        let cargo = cargo_line("test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured");
        assert_eq!((cargo.passed, cargo.failed), (12, 3));
        assert_eq!(cargo_line("test x::y ... ok").passed, 0);
        assert_eq!(node_line("ℹ pass 7").passed, 7);
        assert_eq!(node_line("ℹ fail 2").failed, 2);
        assert_eq!(node_line("ℹ cancelled 1").failed, 1);
        assert_eq!(node_line("✔ it learns (12 ms)").passed, 0);
    }
}
