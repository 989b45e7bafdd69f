//! `cargo xtask`: build, serve and test the playground. Run it without a command to see what it can do.

mod bench;
#[cfg(feature = "bindgen")]
mod bindgen;
mod check;
mod http;
mod licences;
mod mnist;
mod npm;
mod package;
mod page;
mod pkg;
mod project;
mod serve;
mod site;
mod test;
mod toolchain;
mod wasm;

use anyhow::{Result, bail};
use project::Project;

const HELP: &str = "\
cargo xtask <command>

  serve [--port 8080] [--host 127.0.0.1] [--no-build | --draft]
                     serve the page; first builds what is missing (--no-build: serve pkg/ as it is; --draft: build the
                     engine cpu alone, without wasm-opt, for work on the core)
  site [DIR]         copy the whole page to DIR (default: dist), for a static host
  test [STAGE…]      everything a commit must pass; stages: pkg, check, native, browser (default: all)
  check              formatting, lints, documentation, types of the page
  pkg [ENGINE…]      build pkg/ for the engines cpu, cpu-threads, ndarray, webgpu (default: all)
  pkg --check [ENGINE…]   rebuild elsewhere and compare with the committed bytes
  pkg --stale [ENGINE…]   only ask whether pkg/ was built from these sources (takes milliseconds)
  bench [ARG…]       steps per second in Chromium and natively; arguments go to tests/browser/bench.mjs
";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Err(error) = dispatch(&arguments) {
        eprintln!("error: {error:#}");
        std::process::exit(1);
    }
}

fn dispatch(arguments: &[String]) -> Result<()> {
    let Some((command, rest)) = arguments.split_first() else {
        print!("{HELP}");
        return Ok(());
    };
    let project = Project::find()?;
    match command.as_str() {
        "serve" => serve::command(&project, rest),
        "site" => site::command(&project, rest),
        "test" => test::command(&project, rest),
        "check" => check::command(&project),
        "pkg" => pkg::command(&project, rest),
        "bench" => bench::command(&project, rest),
        // Not for people: a hook in Trunk.toml.
        "allow-reloading" => page::allow_reloading(),
        // Not for people: `pkg` runs this program again with the feature `bindgen`.
        #[cfg(feature = "bindgen")]
        "bindgen" => bindgen::command(rest),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        other => bail!("there is no command `{other}`\n\n{HELP}"),
    }
}
