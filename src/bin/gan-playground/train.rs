//! `gan-playground train`.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use clap::Args;
use gan_playground::data::Source;
use gan_playground::device::Engine;
use gan_playground::experiment::{EngineChoice, Experiment, link};
use gan_playground::metrics::Metric;
use gan_playground::session::{Need, Session};
use gan_playground::snapshot::Snapshot;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::counted::ALLOCATIONS;
use crate::output;

/// Steps of a run for which neither the link nor the command line says how many.
const DEFAULT_STEPS: u64 = 2_000;

#[derive(Args)]
pub struct Train {
    /// The link: whole, or only what follows `#`. Empty for the default experiment.
    #[arg(default_value = "", value_parser = checked)]
    link: String,

    /// Train this many steps; else what `stop` in the link says, else 2000.
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..))]
    steps: Option<u64>,

    /// Compute on this engine instead of the link's: cpu or ndarray.
    #[arg(long)]
    engine: Option<String>,

    /// Write samples of the trained generator to a file: .csv, or .png for a picture.
    #[arg(long, value_name = "FILE")]
    samples: Option<PathBuf>,

    /// How many samples to write; 1000 points or 64 images if not given.
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    count: Option<u64>,

    /// Write the final metrics, with their ideals, to a JSON file.
    #[arg(long, value_name = "FILE")]
    metrics: Option<PathBuf>,

    /// The folder of a built site, whose `data/` holds the image files (`cargo xtask site` makes one).
    #[arg(long, value_name = "DIR", env = "GAN_PLAYGROUND_SITE", default_value = "dist")]
    site: PathBuf,

    /// End with one line of JSON: engine, status, steps, steps_per_second, fingerprint, metrics, and the operations
    /// and allocations of a step.
    #[arg(long)]
    json: bool,
}

impl Train {
    /// Trains, and writes what was asked for.
    ///
    /// # Errors
    /// One sentence for a person.
    pub async fn run(self) -> Result<(), String> {
        let (mut experiment, problems) = link::parse(&self.link);
        for problem in problems {
            eprintln!("warning: {problem}");
        }
        if let Some(path) = &self.samples {
            output::format_of(path)?;
        }
        for path in self.samples.iter().chain(&self.metrics) {
            output::writable(path)?;
        }
        let engine = self.engine(&experiment)?;
        let steps = self.steps.unwrap_or(if experiment.stop > 0 { experiment.stop } else { DEFAULT_STEPS });
        // The command line's number of steps stands above the link's stop.
        experiment.stop = steps;
        eprintln!("{} on {}, seed {}", experiment.title(), engine.name(), experiment.seed);
        eprintln!("#{}", link::write(&experiment));

        let mut session = Session::new(experiment, engine.start().await?)?;
        let before = counted();
        let seconds = self.advance(&mut session, steps).await?;
        let after = counted();
        let metrics = session.evaluate().await?.to_vec();
        let snapshot = session.snapshot().await?;
        let rate = snapshot.step as f64 / seconds;

        if let Some(path) = &self.samples {
            output::samples(path, &mut session, self.count).await?;
            eprintln!("samples written to {}", path.display());
        }
        if let Some(path) = &self.metrics {
            let text = serde_json::to_string_pretty(&metrics).map_err(|e| e.to_string())?;
            output::write(path, text.as_bytes())?;
            eprintln!("metrics written to {}", path.display());
        }
        eprintln!("{}", snapshot.sentence);
        if self.json {
            let values: serde_json::Map<String, serde_json::Value> =
                metrics.iter().map(|m| (m.name.to_string(), m.value.into())).collect();
            let line = serde_json::json!({
                "engine": engine.name(),
                "status": snapshot.status,
                "steps": snapshot.step,
                "steps_per_second": rate,
                "operations_per_step": (after[0] - before[0]) as f64 / snapshot.step as f64,
                "allocations_per_step": (after[1] - before[1]) as f64 / snapshot.step as f64,
                "fingerprint": snapshot.fingerprint,
                "metrics": values,
            });
            output::print(&format!("{line}\n"))?;
        } else {
            let lines: String = metrics.iter().map(|m| line(m) + "\n").collect();
            let Snapshot { step, fingerprint, .. } = &snapshot;
            output::print(&format!("{step} steps, {rate:.0} a second, fingerprint {fingerprint}\n{lines}"))?;
        }
        Ok(())
    }

    fn engine(&self, experiment: &Experiment) -> Result<Engine, String> {
        let choice = match &self.engine {
            Some(name) => EngineChoice::from_name(name).ok_or_else(|| {
                let built: Vec<_> = Engine::BUILT.iter().map(|e| e.name()).collect();
                format!("there is no engine “{name}”; this program has {}", built.join(" and "))
            })?,
            None => experiment.engine,
        };
        match choice {
            EngineChoice::Only(engine) if Engine::BUILT.contains(&engine) => Ok(engine),
            EngineChoice::Only(engine) if self.engine.is_some() => {
                Err(format!("this program was built without the engine {}", engine.name()))
            }
            // A link may ask for a GPU that this program lacks; the CPU computes the same experiment.
            EngineChoice::Only(engine) => {
                let cpu = Engine::BUILT.first().copied();
                eprintln!("warning: this program has no engine {}, so the CPU computes", engine.name());
                cpu.ok_or_else(|| "this program was built without any engine".into())
            }
            EngineChoice::Auto => {
                Engine::BUILT.first().copied().ok_or_else(|| "this program was built without any engine".into())
            }
        }
    }

    /// Trains up to `steps` under a progress bar; the seconds it took.
    async fn advance(&self, session: &mut Session, steps: u64) -> Result<f64, String> {
        let bar = ProgressBar::new(steps);
        if !std::io::stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        let style = ProgressStyle::with_template("{bar:40} {pos}/{len} steps, {per_sec}, {eta} left  {msg}");
        bar.set_style(style.map_err(|e| e.to_string())?);
        let mut seconds = 0.0;
        loop {
            while let Some(need) = session.needs() {
                self.provide(session, &need)?;
            }
            let start = Instant::now();
            let progress = session.advance(|| start.elapsed() < Duration::from_millis(200), 0).await?;
            seconds += start.elapsed().as_secs_f64();
            bar.set_position(progress.step);
            bar.set_message(progress.sentence.to_string());
            if session.needs().is_none() && (progress.ran == 0 || progress.step >= steps) {
                bar.finish();
                return Ok(seconds);
            }
        }
    }

    fn provide(&self, session: &mut Session, need: &Need) -> Result<(), String> {
        let path = self.site.join(&need.url);
        let bytes = std::fs::read(&path).map_err(|e| {
            format!(
                "{} could not be read: {e}. Run `cargo xtask site` to make a site with the data, or name the folder of \
                 one with --site",
                path.display()
            )
        })?;
        session.provide(need.shard, &bytes)
    }
}

/// A text that can be read as a link, with problems or without.
fn checked(text: &str) -> Result<String, &'static str> {
    let why = "it names no field of an experiment, so it is no link of gan-playground. A link looks like \
               '#v=1&data=moons'; `gan-playground catalog` lists every field. Leave it out for the default experiment";
    if link::is_link(text) { Ok(text.to_owned()) } else { Err(why) }
}

/// Fused operations and allocations since the program began, evaluations included.
fn counted() -> [u64; 2] {
    [&gan_playground::fused::OPERATIONS, &ALLOCATIONS].map(|counter| counter.load(Ordering::Relaxed))
}

/// A metric as a line of text.
fn line(m: &Metric) -> String {
    let value = m.of.map_or_else(|| format!("{:.4}", m.value), |of| format!("{} of {of}", m.value));
    let ideal = m.ideal.map_or(String::new(), |ideal| match m.spread {
        Some(spread) => format!("  (ideal {ideal:.4} ± {spread:.4})"),
        None => format!("  (ideal {ideal:.4})"),
    });
    format!("  {:<28} {value} {}{ideal}", m.title, m.unit)
}

/// How many samples to write when nobody says.
pub fn default_count(experiment: &Experiment) -> usize {
    match experiment.data.source {
        Source::Points(_) => 1_000,
        Source::Images(_) => 64,
    }
}
