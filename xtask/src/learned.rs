//! How well links have learned after so many steps, over seeds that nothing was chosen by; natively, whose numbers are the
//! browser's.

use crate::project::{Project, run};
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

/// What a set must come to on its worst seed.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Bar {
    /// So many modes, and at least this share of the samples on them, in percent.
    Modes(f64, f64),
    /// A sliced Wasserstein distance of at most so many times that of an ideal generator.
    Distance(f64),
}

/// Every set of points, with the steps after which its default link is judged.
const SETS: [(&str, u64, Bar); 13] = [
    ("ring8", 8_000, Bar::Modes(8.0, 95.0)),
    ("grid25", 12_000, Bar::Modes(25.0, 85.0)),
    ("pacring", 8_000, Bar::Modes(8.0, 90.0)),
    ("line", 8_000, Bar::Distance(3.0)),
    ("gaussians", 8_000, Bar::Distance(3.0)),
    ("ring", 8_000, Bar::Distance(3.0)),
    ("disjoint", 8_000, Bar::Distance(3.0)),
    ("moons", 8_000, Bar::Distance(3.0)),
    ("circles", 8_000, Bar::Distance(3.0)),
    ("spirals", 8_000, Bar::Distance(3.0)),
    ("swissroll", 8_000, Bar::Distance(3.0)),
    ("pinwheel", 8_000, Bar::Distance(3.0)),
    ("checkerboard", 8_000, Bar::Distance(4.0)),
];

/// What `train --json` answers.
#[derive(Clone, Debug, Deserialize)]
struct Answer {
    health: String,
    steps: u64,
    metrics: BTreeMap<String, f64>,
    ideals: BTreeMap<String, f64>,
}

/// What is asked for.
struct Asked {
    /// Each with its steps, and what it must come to.
    links: Vec<(String, u64, Option<Bar>)>,
    seeds: Vec<u64>,
}

/// `cargo xtask bench learned [--link LINK] [--steps N] [--seeds A-B]`
pub fn command(project: &Project, arguments: &[String]) -> Result<()> {
    let asked = asked(arguments)?;
    let mut cargo = project.program("cargo");
    run(cargo.args(["build", "--release", "--workspace", "--bin", "gan-playground"]))?;
    let (program, site) = (project.native_binary(), project.data_site());

    let todo: Vec<(usize, u64)> =
        (0..asked.links.len()).flat_map(|i| asked.seeds.iter().map(move |&s| (i, s))).collect();
    let (next, done) = (Mutex::new(todo.iter()), Mutex::new(vec![Vec::new(); asked.links.len()]));
    std::thread::scope(|scope| {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let workers: Vec<_> = (0..cores)
            .map(|_| {
                scope.spawn(|| -> Result<()> {
                    loop {
                        let Some(&(i, seed)) = next.lock().expect("no worker panics").next() else { return Ok(()) };
                        let (link, steps, _) = &asked.links[i];
                        let answer = train(&program, &site, &format!("{link}&seed={seed}"), *steps)?;
                        eprintln!("{link}, seed {seed}: {}", figures(&answer.metrics));
                        done.lock().expect("no worker panics")[i].push((seed, answer));
                    }
                })
            })
            .collect();
        workers.into_iter().try_for_each(|worker| worker.join().expect("no worker panics"))
    })?;

    print!("{}", table(&asked, done.into_inner().expect("no worker panics")));
    Ok(())
}

fn asked(arguments: &[String]) -> Result<Asked> {
    let (mut link, mut steps, mut seeds) = (None, None, (11, 15));
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let value = rest.next().with_context(|| format!("{argument} takes a value"))?;
        match argument.as_str() {
            "--link" => link = Some(value.trim_start_matches('#').to_owned()),
            "--steps" => steps = Some(value.parse().with_context(|| format!("--steps {value}: a whole number"))?),
            "--seeds" => {
                let (from, to) = value.split_once('-').unwrap_or((value, value));
                let ends = (from.parse().ok()).zip(to.parse().ok()).filter(|(from, to)| from <= to);
                seeds = ends.with_context(|| format!("--seeds {value}: a number, or two as in 11-15"))?;
            }
            other => bail!("bench learned does not know {other}; see `cargo xtask bench --help`"),
        }
    }
    let links = match link {
        Some(link) => vec![(link, steps.unwrap_or(8_000), None)],
        None => {
            let set = |&(name, usual, bar): &(&str, u64, Bar)| {
                (format!("v=2&data={name}"), steps.unwrap_or(usual), steps.is_none_or(|s| s == usual).then_some(bar))
            };
            SETS.iter().map(set).collect()
        }
    };
    Ok(Asked { links, seeds: (seeds.0..=seeds.1).collect() })
}

fn train(program: &Path, site: &Path, link: &str, steps: u64) -> Result<Answer> {
    let output = Command::new(program)
        .args(["train", link, "--engine", "cpu", "--json", "--steps", &steps.to_string(), "--site"])
        .arg(site)
        .output()
        .with_context(|| format!("cannot run {}", program.display()))?;
    // A run that collapsed or diverged ends otherwise than by 0, and is a result all the same.
    let said = String::from_utf8_lossy(&output.stdout);
    let answer = said.lines().last().and_then(|line| serde_json::from_str(line).ok());
    answer.with_context(|| format!("{link}: {}", String::from_utf8_lossy(&output.stderr).trim()))
}

/// In short, for the progress.
fn figures(metrics: &BTreeMap<String, f64>) -> String {
    let figure = |(name, value): (&String, &f64)| format!("{name} {value:.4}");
    metrics.iter().filter(|(name, _)| !name.starts_with("loss")).map(figure).collect::<Vec<_>>().join(", ")
}

fn table(asked: &Asked, mut results: Vec<Vec<(u64, Answer)>>) -> String {
    let mut text = String::from(
        "| link | steps | figure | ideal | each seed | mean | worst | bar | |\n|---|---:|---|---:|---|---:|---:|---:|---|\n",
    );
    for ((link, steps, bar), answers) in asked.links.iter().zip(&mut results) {
        answers.sort_by_key(|(seed, _)| *seed);
        let answers: Vec<&Answer> = answers.iter().map(|(_, answer)| answer).collect();
        let of = |name: &str| -> Vec<f64> { answers.iter().filter_map(|a| a.metrics.get(name).copied()).collect() };
        let ideal = |name: &str| answers.first().and_then(|a| a.ideals.get(name).copied());
        let mut row = |name: &str, title: &str, digits: usize, high: bool, least: Option<f64>| {
            let values = of(name);
            if values.is_empty() {
                return;
            }
            let worst = values
                .iter()
                .copied()
                .fold(if high { f64::INFINITY } else { 0.0 }, if high { f64::min } else { f64::max });
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            let deviation = match values.len() {
                1 => 0.0,
                n => (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1) as f64).sqrt(),
            };
            let each = values.iter().map(|v| format!("{v:.digits$}")).collect::<Vec<_>>().join(", ");
            let met = least.map(|bar| if high { worst >= bar } else { worst <= bar });
            text += &format!(
                "| `{link}` | {steps} | {title} | {} | {each} | {mean:.digits$} ± {deviation:.digits$} | {worst:.digits$} | {} | {} |\n",
                ideal(name).map_or(String::new(), |v| format!("{v:.digits$}")),
                least.map_or(String::new(), |bar| format!("{} {bar:.digits$}", if high { "≥" } else { "≤" })),
                met.map_or("", |met| if met { "met" } else { "MISSED" }),
            );
        };
        let modes = |modes: bool| match bar {
            Some(Bar::Modes(least, share)) => Some(if modes { *least } else { *share }),
            _ => None,
        };
        row("modes", "modes", 0, true, modes(true));
        row("hq", "high quality, %", 1, true, modes(false));
        row("rkl", "reverse KL, nats", 3, false, None);
        let most = match bar {
            Some(Bar::Distance(times)) => ideal("sw").map(|ideal| times * ideal),
            _ => None,
        };
        row("sw", "sliced Wasserstein", 4, false, most);
        let early = answers.iter().filter(|a| a.steps < *steps).count();
        if early > 0 {
            let states: Vec<&str> = answers.iter().map(|a| a.health.as_str()).collect();
            text += &format!(
                "| `{link}` | | ended early: {early} of {} | | {} | | | | |\n",
                answers.len(),
                states.join(", ")
            );
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(modes: f64, hq: f64, sw: f64, steps: u64) -> Answer {
        let all = |of: &[(&str, f64)]| of.iter().map(|&(name, value)| (name.to_owned(), value)).collect();
        Answer {
            health: "running".into(),
            steps,
            metrics: all(&[("modes", modes), ("hq", hq), ("sw", sw)]),
            ideals: all(&[("sw", 0.01)]),
        }
    }

    #[test]
    fn a_bar_is_held_against_the_worst_seed() {
        let links = vec![
            ("a".into(), 10, Some(Bar::Modes(8.0, 95.0))),
            ("b".into(), 10, Some(Bar::Distance(3.0))),
            ("c".into(), 10, None),
        ];
        let asked = Asked { links, seeds: vec![1, 2] };
        let two = |a, b| vec![(2, b), (1, a)];
        let results = vec![
            two(answer(8.0, 96.0, 1.0, 10), answer(8.0, 94.0, 1.0, 10)),
            two(answer(3.0, 0.0, 0.01, 10), answer(3.0, 0.0, 0.02, 10)),
            two(answer(1.0, 0.0, 1.0, 10), answer(1.0, 0.0, 1.0, 4)),
        ];
        let text = table(&asked, results);
        let row = |link: &str, title: &str| {
            text.lines()
                .find(|line| line.starts_with(&format!("| `{link}`")) && line.contains(title))
                .unwrap()
                .to_owned()
        };
        assert_eq!(row("a", "modes"), "| `a` | 10 | modes |  | 8, 8 | 8 ± 0 | 8 | ≥ 8 | met |");
        assert_eq!(
            row("a", "quality"),
            "| `a` | 10 | high quality, % |  | 96.0, 94.0 | 95.0 ± 1.4 | 94.0 | ≥ 95.0 | MISSED |"
        );
        assert!(row("b", "sliced").ends_with("| 0.0150 ± 0.0071 | 0.0200 | ≤ 0.0300 | met |"), "{text}");
        assert!(row("c", "sliced").ends_with("|  |  |"), "without a bar there is nothing to meet");
        assert!(row("c", "early").contains("1 of 2"));
    }

    #[test]
    fn links_steps_and_seeds_can_be_chosen() {
        let asked = |text: &str| asked(&text.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        let all = asked("").unwrap();
        assert_eq!((all.links.len(), all.seeds), (SETS.len(), vec![11, 12, 13, 14, 15]));
        let one = asked("--link #v=1&data=pacring --steps 10000 --seeds 1-9").unwrap();
        assert_eq!((one.links, one.seeds.len()), (vec![("v=1&data=pacring".into(), 10_000, None)], 9));
        // After other steps the bars say nothing.
        assert!(asked("--steps 100").unwrap().links.iter().all(|(_, _, bar)| bar.is_none()));
        for wrong in ["--seeds 5-1", "--seeds x", "--colour red", "--link", "--steps many"] {
            assert!(asked(wrong).is_err(), "{wrong}");
        }
    }
}
