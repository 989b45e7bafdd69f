//! Steps per second, in the browser and natively: `tests/browser/bench.mjs` measures, this gives it what it needs.

use crate::project::{Project, run};
use crate::{images, npm, pkg, quality, test};
use anyhow::{Context, Result, bail};
use std::process::{Command, Stdio};

/// Counts what a step asks of the program; cargo alone knows where it puts a program that is not shipped.
const COUNTER: &str = "per_step";

/// `cargo xtask bench [ARG…]`
pub fn command(project: &Project, arguments: &[String]) -> Result<()> {
    if let Some((first, rest)) = arguments.split_first()
        && first == "quality"
    {
        return quality::command(project, rest);
    }
    npm::ensure(project, npm::Need::Tools)?;
    images::ensure_usual(project)?;
    for problem in pkg::problems(project, &pkg::all_engines())? {
        eprintln!("warning: {problem}");
    }
    let mut node = project.program("node");
    // Minutes from cold, so only where it is asked for.
    if !arguments.iter().any(|argument| argument == "--engines") || arguments.iter().any(|a| a.contains("native")) {
        let mut cargo = project.program("cargo");
        // With the workspace's features, as the tests have them: else every dependency would be compiled once more.
        cargo.args(["build", "--release", "--workspace", "--bin", "gan-playground", "--bench", COUNTER]);
        cargo.args(["--message-format", "json-render-diagnostics"]);
        if arguments.iter().any(|a| a.contains("native-webgpu")) {
            cargo.args(["--features", "gan-playground/webgpu"]);
        }
        node.env("GP_PER_STEP", built(&mut cargo)?);
    }
    node.arg("tests/browser/bench.mjs").args(arguments);
    test::with_page(project, &project.root.join("pkg"), &mut node)?;
    run(&mut node)
}

/// Builds, and says where [`COUNTER`] is.
fn built(cargo: &mut Command) -> Result<String> {
    let output = cargo.stderr(Stdio::inherit()).output().context("cannot run cargo")?;
    if !output.status.success() {
        bail!("the native programs could not be built");
    }
    let messages = String::from_utf8_lossy(&output.stdout);
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let program = messages
        .filter(|message| message["target"]["name"] == COUNTER)
        .find_map(|message| message["executable"].as_str().map(str::to_owned));
    program.with_context(|| format!("cargo does not say where {COUNTER} is"))
}
