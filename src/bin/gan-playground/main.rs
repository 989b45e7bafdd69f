//! The command line: trains the same links natively, and prints what there is to choose from.

mod catalog;
mod console;
mod convergence;
mod ending;
mod files;
mod images;
mod interrupt;
mod judge;
mod probe;
mod results;
mod samples;
mod train;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::ending::Ending;

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
    Train(Box<train::Train>),
    /// Make the classifier that judges samples of a set of images.
    Judge(judge::Judge),
    /// Tell classes apart by the codes of an autoencoder, and by the pixels themselves, from few labels and from many.
    Probe(probe::Probe),
    /// Print which toy games come to rest: the eigenvalues of each objective with each restraint, and what a step does.
    Convergence,
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
        Command::Judge(judge) => pollster::block_on(judge.run()).map(|()| Ending::AsAsked),
        Command::Probe(probe) => pollster::block_on(probe.run()).map(|()| Ending::AsAsked),
        Command::Convergence => convergence::print().map(|()| Ending::AsAsked),
        Command::Catalog { json } => catalog::print(json).map(|()| Ending::AsAsked),
    };
    match done {
        Ok(ending) => ending.into(),
        Err(message) => {
            console::say(format_args!("error: {message}"));
            ExitCode::FAILURE
        }
    }
}
