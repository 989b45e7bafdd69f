//! The command line: trains the same links natively, and prints what there is to choose from.

mod catalog;
mod counted;
mod output;
mod train;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[global_allocator]
static ALLOCATOR: counted::Counted = counted::Counted;

/// Train small generative adversarial networks from the links of gan-playground.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Train the experiment of a link.
    Train(train::Train),
    /// Print the families, the datasets, and every field of a link with its range.
    Catalog {
        /// As one JSON object.
        #[arg(long)]
        json: bool,
    },
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Train(train) => pollster::block_on(train.run()),
        Command::Catalog { json } => catalog::print(json),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}
