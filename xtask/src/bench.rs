//! Steps per second, in the browser and natively: `tests/browser/bench.mjs` measures, this gives it what it needs.

use crate::project::{Project, run};
use crate::{mnist, npm, pkg, test};
use anyhow::Result;

/// `cargo xtask bench [ARG…]`
pub fn command(project: &Project, arguments: &[String]) -> Result<()> {
    npm::ensure(project, npm::Need::Tools)?;
    mnist::ensure(project)?;
    for problem in pkg::problems(project, &pkg::all_engines())? {
        eprintln!("warning: {problem}");
    }
    // Minutes from cold, so only where it is asked for.
    if !arguments.iter().any(|argument| argument == "--engines") || arguments.iter().any(|a| a.contains("native")) {
        let mut cargo = project.program("cargo");
        // With the workspace's features, as the tests have them: else every dependency would be compiled once more.
        cargo.args(["build", "--release", "--workspace", "--bin", "gan-playground"]);
        if arguments.iter().any(|a| a.contains("native-webgpu")) {
            cargo.args(["--features", "gan-playground/webgpu"]);
        }
        run(&mut cargo)?;
    }
    let mut node = project.program("node");
    node.arg("tests/browser/bench.mjs").args(arguments);
    test::with_page(project, &mut node)?;
    run(&mut node)
}
