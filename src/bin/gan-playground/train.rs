//! `gan-playground train`.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Args;
use gan_playground::device::Engine;
use gan_playground::experiment::{ENGINE, EngineChoice, Experiment, Kind, Named, SEED, STOP};
use gan_playground::link;
use gan_playground::look::metrics::Metric;
use gan_playground::session::{Done, Need, Session, Snapshot};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::console::{self, Printed, say};
use crate::ending::Ending;
use crate::interrupt;
use crate::results::{Results, Wanted};

/// Steps of a run for which neither the link nor the command line says how many.
const DEFAULT_STEPS: u64 = 2_000;

#[derive(Args)]
#[command(after_help = crate::ending::HELP)]
pub struct Train {
    /// The link: whole, or only what follows `#`. Empty for the default experiment.
    #[arg(default_value = "", value_parser = checked)]
    link: String,

    /// Train this many steps; else what `stop` in the link says, else 2000.
    #[arg(long, value_parser = steps)]
    steps: Option<u64>,

    /// Compute on this engine instead of the link's: cpu or ndarray.
    #[arg(long)]
    engine: Option<String>,

    #[command(flatten)]
    wanted: Wanted,

    /// The folder of a built site, whose `data/` holds the image files (`cargo xtask site` makes one).
    #[arg(long, value_name = "DIR", env = "GAN_PLAYGROUND_SITE", default_value = "dist")]
    site: PathBuf,

    /// End with one line of JSON: engine, status, health, interrupted, steps, steps_per_second, fingerprint and metrics.
    #[arg(long)]
    json: bool,
}

impl Train {
    /// Trains, and writes what was asked for. Everything that can be known to fail does so before the first step.
    ///
    /// # Errors
    /// One sentence for a person.
    pub async fn run(self) -> Result<Ending, String> {
        let (mut experiment, problems) = link::parse(&self.link);
        for problem in problems {
            say(format_args!("warning: {problem}"));
        }
        let results = Results::check(&self.wanted)?;
        let engine = self.engine(&experiment)?;
        let stop = experiment.get(&STOP);
        let steps = self.steps.unwrap_or(if stop > 0 { stop } else { DEFAULT_STEPS });
        // The command line's number of steps stands above the link's stop.
        experiment.set(&STOP, steps);
        interrupt::listen()?;
        say(format_args!("{} on {}, seed {}", experiment.title().en, engine.name(), experiment.get(&SEED)));
        say(format_args!("#{}", link::write(&experiment)));

        let mut session = Session::new(experiment, engine.start().await?)?;
        self.data_are_there(&session)?;
        let Some(seconds) = self.advance(&mut session, steps, !results.none()).await? else {
            return Ok(Ending::Unread);
        };
        let metrics = session.examine().await?.to_vec();
        let snapshot = session.snapshot().await?;
        let interrupted = snapshot.step < steps && snapshot.status != "diverged";
        // A run that has stopped still fares somehow.
        let health = if snapshot.status == "diverged" { snapshot.status } else { session.health_word() };
        let failures = results.write(&mut session, &snapshot, &metrics).await;

        say(format_args!("{}", snapshot.sentence));
        if interrupted {
            say(format_args!("interrupted after step {} of {steps}", snapshot.step));
        }
        let rate = if seconds > 0.0 { snapshot.step as f64 / seconds } else { 0.0 };
        let report = if self.json {
            let values: serde_json::Map<String, serde_json::Value> =
                metrics.iter().map(|m| (m.name.to_string(), m.value.into())).collect();
            let ideals: serde_json::Map<String, serde_json::Value> =
                metrics.iter().filter_map(|m| Some((m.name.to_string(), m.ideal?.into()))).collect();
            let line = serde_json::json!({
                "engine": engine.name(),
                "status": snapshot.status,
                "health": health,
                "interrupted": interrupted,
                "steps": snapshot.step,
                "steps_per_second": rate,
                "fingerprint": snapshot.fingerprint,
                "metrics": values,
                "ideals": ideals,
            });
            format!("{line}\n")
        } else {
            let lines: String = metrics.iter().map(|m| line(m) + "\n").collect();
            let Snapshot { step, fingerprint, .. } = &snapshot;
            format!("{step} steps, {rate:.0} a second, fingerprint {fingerprint}\n{lines}")
        };
        let printed = console::print(&report)?;
        if !failures.is_empty() {
            return Err(failures.join("\nerror: "));
        }
        match printed {
            Printed::Closed if results.none() => Ok(Ending::Unread),
            _ if interrupted => Ok(Ending::Interrupted),
            _ => Ok(Ending::of(health)),
        }
    }

    fn engine(&self, experiment: &Experiment) -> Result<Engine, String> {
        let choice = match &self.engine {
            Some(name) => EngineChoice::named(name).ok_or_else(|| {
                let built: Vec<_> = Engine::BUILT.iter().map(|e| e.name()).collect();
                format!("there is no engine “{name}”; this program has {}", built.join(" and "))
            })?,
            None => experiment.get(&ENGINE),
        };
        match choice {
            EngineChoice::Only(engine) if Engine::BUILT.contains(&engine) => Ok(engine),
            EngineChoice::Only(engine) if self.engine.is_some() => {
                Err(format!("this program was built without the engine {}", engine.name()))
            }
            // A link may ask for a GPU that this program lacks; the CPU computes the same experiment.
            EngineChoice::Only(engine) => {
                let cpu = Engine::BUILT.first().copied();
                say(format_args!("warning: this program has no engine {}, so the CPU computes", engine.name()));
                cpu.ok_or_else(|| "this program was built without any engine".into())
            }
            EngineChoice::Auto => {
                Engine::BUILT.first().copied().ok_or_else(|| "this program was built without any engine".into())
            }
        }
    }

    /// Trains up to `steps` under a progress bar, or until Ctrl-C; the seconds it took. `None` if the run was given up
    /// because nobody is left to see what comes of it.
    async fn advance(&self, session: &mut Session, steps: u64, for_files: bool) -> Result<Option<f64>, String> {
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
            let go_on =
                |done| done == Done::Move || (start.elapsed() < Duration::from_millis(200) && !interrupt::asked());
            let progress = session.advance(go_on, 0).await?;
            seconds += start.elapsed().as_secs_f64();
            bar.set_position(progress.step);
            bar.set_message(progress.sentence.to_string());
            let done = session.needs().is_none() && (progress.ran == 0 || progress.step >= steps);
            if done || interrupt::asked() {
                bar.abandon();
                return Ok(Some(seconds));
            }
            if !for_files && console::closed() {
                return Ok(None);
            }
        }
    }

    /// The run must not end in its middle for want of a file.
    fn data_are_there(&self, session: &Session) -> Result<(), String> {
        for url in (0..session.shards()).filter_map(|shard| session.url(shard)) {
            let path = self.site.join(&url);
            if !path.is_file() {
                return Err(self.no_data(&path, "there is no such file"));
            }
        }
        Ok(())
    }

    fn no_data(&self, path: &std::path::Path, why: &str) -> String {
        format!(
            "{} could not be read: {why}. Run `cargo xtask site` to make a site with the data, or name the folder of one \
             with --site",
            path.display()
        )
    }

    fn provide(&self, session: &mut Session, need: &Need) -> Result<(), String> {
        let path = self.site.join(&need.url);
        let bytes = std::fs::read(&path).map_err(|e| self.no_data(&path, &e.to_string()))?;
        session.provide(need.shard, &bytes)
    }
}

/// A number of steps: as many as a link can ask for by `stop`.
fn steps(text: &str) -> Result<u64, String> {
    let most = match STOP.field.kind {
        Kind::Integer { max, .. } => max,
        _ => u64::MAX,
    };
    let steps = text.parse().ok().filter(|steps| (1..=most).contains(steps));
    steps.ok_or_else(|| format!("steps are a whole number from 1 to {most}"))
}

/// A text that can be read as a link, with problems or without.
fn checked(text: &str) -> Result<String, &'static str> {
    let why = "it names no field of an experiment, so it is no link of gan-playground. A link looks like \
               '#v=1&data=moons'; `gan-playground catalog` lists every field. Leave it out for the default experiment";
    if link::is_link(text) { Ok(text.to_owned()) } else { Err(why) }
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
