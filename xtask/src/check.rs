//! What can be known without running anything: formatting, lints, documentation, types of the page.

use crate::project::{Project, in_words, run};
use crate::toolchain::Toolchain;
use crate::wasm::{self, Engine};
use crate::{npm, page};
use anyhow::{Context, Result, bail, ensure};
use std::time::Instant;

/// One compiler configuration for each place where scripts run: the page, the worker, and the tests in Node.
const SCRIPTS: [(&str, &str); 3] = [
    ("types of the page", "tsconfig.json"),
    ("types of the worker", "tsconfig.worker.json"),
    ("types of the tests", "tsconfig.tests.json"),
];

/// What is compiled for the browser only: `src/web/`, once for a CPU engine and once for the GPU's.
const WEB: [(&str, &str); 2] =
    [("lints of the web boundary", "cpu"), ("lints of the web boundary with WebGPU", "webgpu")];

/// `cargo xtask check`, the cheapest first; all of them run, so that one call shows all that is wrong.
pub fn command(project: &Project, arguments: &[String]) -> Result<()> {
    ensure!(arguments.is_empty(), "check takes no arguments");
    npm::ensure(project, npm::Need::Tools)?;
    let cargo = |arguments: &[&str]| {
        let mut cargo = project.program("cargo");
        cargo.args(arguments);
        cargo
    };
    let mut steps = vec![("formatting", cargo(&["fmt", "--all", "--check"]))];
    for (name, configuration) in SCRIPTS {
        let mut tsc = project.npm_program("tsc");
        tsc.args(["-p", configuration]);
        steps.push((name, tsc));
    }
    steps.push(("lints", cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])));
    let toolchain = Toolchain::find();
    for (name, engine) in WEB {
        let engine = Engine::find(engine).context("an engine of that name")?;
        match wasm::lint(project, engine, toolchain.as_ref())? {
            Some(clippy) => steps.push((name, clippy)),
            None => println!(
                "check: {name}: skipped, for want of clippy for WebAssembly (`rustup target add wasm32-unknown-unknown`) \
                 or of a build (`cargo xtask pkg`)"
            ),
        }
    }
    let mut documentation = cargo(&["doc", "--workspace", "--no-deps"]);
    documentation.env("RUSTDOCFLAGS", "-D warnings");
    steps.push(("documentation", documentation));

    let mut failed = Vec::new();
    if let Err(error) = page::check(&project.root) {
        println!("check: modules of the page: {error:#}");
        failed.push("modules of the page");
    }
    for (name, mut command) in steps {
        let start = Instant::now();
        let outcome = run(&mut command);
        println!("check: {name}: {}", in_words(start.elapsed()));
        if let Err(error) = outcome {
            println!("check: {name}: {error:#}");
            failed.push(name);
        }
    }
    if !failed.is_empty() {
        bail!("check failed: {}", failed.join(", "));
    }
    Ok(())
}
