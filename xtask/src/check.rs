//! What can be known without running anything: formatting, lints, documentation, types of the page.

use crate::npm;
use crate::project::{Project, in_words, run};
use anyhow::{Result, bail};
use std::time::Instant;

/// One compiler configuration for each place where scripts run: the page, the worker, and the tests in Node.
const SCRIPTS: [(&str, &str); 3] = [
    ("types of the page", "tsconfig.json"),
    ("types of the worker", "tsconfig.worker.json"),
    ("types of the tests", "tsconfig.tests.json"),
];

/// `cargo xtask check`, the cheapest first; all of them run, so that one call shows all that is wrong.
pub fn command(project: &Project) -> Result<()> {
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
    let mut documentation = cargo(&["doc", "--workspace", "--no-deps"]);
    documentation.env("RUSTDOCFLAGS", "-D warnings");
    steps.push(("documentation", documentation));

    let mut failed = Vec::new();
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
