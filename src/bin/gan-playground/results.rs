//! The files that a run was asked for.

use std::path::{Path, PathBuf};

use clap::Args;
use gan_playground::look::metrics::Metric;
use gan_playground::look::panel::Body;
use gan_playground::session::Session;
use gan_playground::session::Snapshot;

use crate::console::say;
use crate::files::{self, Place};
use crate::samples::{self, Format};

/// Which files are asked for.
#[derive(Args)]
pub struct Wanted {
    /// Write samples of the trained generator to a file: .csv, or .png for a picture.
    #[arg(long, value_name = "FILE")]
    samples: Option<PathBuf>,

    /// How many samples to write; 1000 points or 64 images if not given.
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    count: Option<u64>,

    /// Write the final metrics, with their ideals, to a JSON file.
    #[arg(long, value_name = "FILE")]
    metrics: Option<PathBuf>,

    /// Write the losses of D and G over the steps to a CSV file.
    #[arg(long, value_name = "FILE")]
    losses: Option<PathBuf>,

    /// Write the metrics of every evaluation over the steps to a CSV file.
    #[arg(long, value_name = "FILE")]
    figures: Option<PathBuf>,

    /// Write the state of the run to a file, from which it can be continued.
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,

    /// Write over files that are already there.
    #[arg(long)]
    force: bool,
}

/// Where each goes, checked.
pub struct Results {
    samples: Option<(Place, Format)>,
    metrics: Option<Place>,
    losses: Option<Place>,
    figures: Option<Place>,
    state: Option<Place>,
    count: Option<u64>,
}

impl Results {
    /// Finds out before the training that everything can be written after it.
    ///
    /// # Errors
    /// One sentence for a person; nothing was written.
    pub fn check(wanted: &Wanted) -> Result<Self, String> {
        if wanted.count.is_some() && wanted.samples.is_none() {
            say(format_args!("warning: --count does nothing without --samples"));
        }
        let place = |path: &Option<PathBuf>| path.as_ref().map(|path| Place::check(path, wanted.force)).transpose();
        let format = wanted.samples.as_deref().map(samples::format_of).transpose()?;
        let results = Self {
            samples: place(&wanted.samples)?.zip(format),
            metrics: place(&wanted.metrics)?,
            losses: place(&wanted.losses)?,
            figures: place(&wanted.figures)?,
            state: place(&wanted.state)?,
            count: wanted.count,
        };
        files::distinct(results.places())?;
        Ok(results)
    }

    fn places(&self) -> impl Iterator<Item = &Place> {
        let samples = self.samples.iter().map(|(place, _)| place);
        samples.chain(&self.metrics).chain(&self.losses).chain(&self.figures).chain(&self.state)
    }

    /// Whether no file was asked for.
    pub fn none(&self) -> bool {
        self.places().next().is_none()
    }

    /// Writes them all. One that cannot be written does not keep the others from being; the failures, for a person.
    pub async fn write(&self, session: &mut Session, snapshot: &Snapshot, metrics: &[Metric]) -> Vec<String> {
        let mut failures = Vec::new();
        let mut write = |what: &str, place: &Place, content: Result<Vec<u8>, String>| match content
            .and_then(|bytes| place.write(&bytes))
        {
            Ok(()) => say(format_args!("{what} written to {}", place.path().display())),
            Err(why) => failures.push(why),
        };
        if let Some(place) = &self.metrics {
            write("metrics", place, serde_json::to_vec_pretty(metrics).map_err(|e| e.to_string()));
        }
        if let Some(place) = &self.losses {
            write("losses", place, Ok(losses(snapshot).into_bytes()));
        }
        if let Some(place) = &self.figures {
            write("figures", place, Ok(figures(snapshot).into_bytes()));
        }
        if let Some(place) = &self.state {
            write("state", place, session.save().await.map_err(|why| not_made(place.path(), &why)));
        }
        if let Some((place, format)) = &self.samples {
            let content = samples::file(*format, session, self.count).await;
            write("samples", place, content.map_err(|why| not_made(place.path(), &why)));
        }
        failures
    }
}

fn not_made(path: &Path, why: &str) -> String {
    format!("{} is not written: {why}", path.display())
}

/// The curves of one panel, a line for each of its steps: a mean over a span of them in a long run, empty where there was
/// no value.
fn curves(snapshot: &Snapshot, panel: &str, column: fn(&str) -> String) -> String {
    let mut text = String::from("step");
    for panel_there in &snapshot.panels {
        let (name, Body::Series { steps, curves }) = (panel_there.name, &panel_there.body) else { continue };
        if name != panel {
            continue;
        }
        curves.iter().for_each(|curve| text += &format!(",{}", column(&curve.name)));
        text += "\n";
        for (i, step) in steps.iter().enumerate() {
            text += &step.to_string();
            for value in curves.iter().map(|curve| curve.data[i]) {
                text += &if value.is_finite() { format!(",{value}") } else { ",".into() };
            }
            text += "\n";
        }
    }
    text
}

fn losses(snapshot: &Snapshot) -> String {
    curves(snapshot, "losses", |player| format!("loss_{}", player.to_lowercase()))
}

fn figures(snapshot: &Snapshot) -> String {
    curves(snapshot, "metrics", str::to_owned)
}
