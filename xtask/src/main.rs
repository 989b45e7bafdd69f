//! `cargo xtask`: build, serve and test the playground. Run it without a command to see what it can do.

/// As those of std, which panic where nobody reads what they print.
macro_rules! print {
    ($($text:tt)*) => { $crate::out(format_args!($($text)*)) };
}
macro_rules! println {
    () => { $crate::out(format_args!("\n")) };
    ($($text:tt)*) => { $crate::out(format_args!("{}\n", format_args!($($text)*))) };
}
macro_rules! eprintln {
    ($($text:tt)*) => { { let _ = ::std::io::Write::write_fmt(&mut ::std::io::stderr(), format_args!("{}\n", format_args!($($text)*))); } };
}

mod bench;
#[cfg(feature = "bindgen")]
mod bindgen;
mod bundle;
mod check;
mod emoji;
mod headers;
mod help;
mod http;
mod images;
mod licences;
mod npm;
mod package;
mod page;
mod passed;
mod pkg;
mod project;
mod quality;
mod serve;
mod site;
mod test;
mod toolchain;
mod wasm;

use anyhow::{Result, bail};
use project::Project;
use std::io::Write;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Err(error) = dispatch(&arguments) {
        eprintln!("error: {error:#}");
        std::process::exit(1);
    }
}

fn dispatch(arguments: &[String]) -> Result<()> {
    let Some((command, rest)) = arguments.split_first() else {
        print!("{}", help::all());
        return Ok(());
    };
    let command = command.as_str();
    // `serve --help`, and `help serve`.
    let about = if rest.iter().any(|argument| matches!(argument.as_str(), "--help" | "-h")) {
        help::of(command)
    } else if help::is_asked(command) {
        Some(rest.first().and_then(|command| help::of(command)).unwrap_or_else(help::all))
    } else {
        None
    };
    if let Some(about) = about {
        print!("{about}");
        return Ok(());
    }
    let project = Project::find()?;
    match command {
        "serve" => serve::command(&project, rest),
        "site" => site::command(&project, rest),
        "test" => test::command(&project, rest),
        "check" => check::command(&project, rest),
        "pkg" => pkg::command(&project, rest),
        "data" => images::command(&project, rest),
        "bench" => bench::command(&project, rest),
        // Not for people: a hook in Trunk.toml.
        "allow-reloading" => page::allow_reloading(),
        // Not for people: `pkg` runs this program again with the feature `bindgen`.
        #[cfg(feature = "bindgen")]
        "bindgen" => bindgen::command(rest),
        other => bail!("there is no command `{other}`\n\n{}", help::all()),
    }
}

/// Prints. A reader that went away ends the program as it ends any other in a pipe, without a panic.
fn out(text: std::fmt::Arguments<'_>) {
    if std::io::stdout().write_fmt(text).is_err() {
        std::process::exit(141);
    }
}
