//! How well links have learned after so many steps, over seeds that nothing was chosen by; natively, whose numbers are the
//! browser's.

use crate::project::{Project, run};
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

/// What a set must come to; high quality in percent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Bar {
    /// So many modes on every seed.
    modes: Option<f64>,
    /// This share of high quality on the worst seed.
    worst: Option<f64>,
    /// This share of high quality in the mean over the seeds.
    mean: Option<f64>,
    /// A sliced Wasserstein distance of at most so many times that of an ideal generator, in the mean.
    times: Option<f64>,
    /// From this step on never less than this share of high quality, at any evaluation on any seed.
    holds: Option<(u64, f64)>,
}

const DISTANCE: Bar = Bar { modes: None, worst: None, mean: None, times: Some(2.0), holds: None };

/// Every set of points, with the steps after which its default link is judged.
const SETS: [(&str, u64, Bar); 14] = [
    ("ring8", 8_000, Bar { modes: Some(8.0), worst: Some(95.0), mean: Some(97.0), ..DISTANCE }),
    ("ring8", 20_000, Bar { holds: Some((8_000, 95.0)), times: None, ..DISTANCE }),
    ("grid25", 8_000, Bar { modes: Some(25.0), mean: Some(93.0), times: None, ..DISTANCE }),
    ("pacring", 8_000, Bar { modes: Some(8.0), mean: Some(90.0), times: None, ..DISTANCE }),
    ("line", 8_000, DISTANCE),
    ("gaussians", 8_000, DISTANCE),
    ("ring", 8_000, DISTANCE),
    ("disjoint", 8_000, DISTANCE),
    ("moons", 8_000, DISTANCE),
    ("circles", 8_000, DISTANCE),
    ("spirals", 8_000, DISTANCE),
    ("swissroll", 8_000, DISTANCE),
    ("pinwheel", 8_000, DISTANCE),
    ("checkerboard", 8_000, DISTANCE),
];

/// What `train --json` answers.
#[derive(Clone, Debug, Deserialize)]
struct Answer {
    health: String,
    steps: u64,
    steps_per_second: f64,
    metrics: BTreeMap<String, f64>,
    ideals: BTreeMap<String, f64>,
    /// The least share of high quality from the step on that [`Bar::holds`] names.
    #[serde(skip)]
    least: Option<f64>,
}

/// What is asked for.
struct Asked {
    /// Each with its steps, and what it must come to.
    links: Vec<(String, u64, Option<Bar>)>,
    seeds: Vec<u64>,
}

/// `cargo xtask bench quality [--link LINK] [--steps N] [--seeds A-B]`
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
                        let (link, steps, bar) = &asked.links[i];
                        let from = bar.and_then(|bar| Some(bar.holds?.0));
                        let answer = train(&program, &site, &format!("{link}&seed={seed}"), *steps, from)?;
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
            other => bail!("bench quality does not know {other}; see `cargo xtask bench --help`"),
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

fn train(program: &Path, site: &Path, link: &str, steps: u64, from: Option<u64>) -> Result<Answer> {
    let mut command = Command::new(program);
    command.args(["train", link, "--engine", "cpu", "--json", "--steps", &steps.to_string(), "--site"]).arg(site);
    let figures = std::env::temp_dir().join(format!("gan-playground-{}-{link}.csv", std::process::id()));
    if from.is_some() {
        command.arg("--figures").arg(&figures);
    }
    let output = command.output().with_context(|| format!("cannot run {}", program.display()))?;
    // A run that collapsed or diverged ends otherwise than by 0, and is a result all the same.
    let said = String::from_utf8_lossy(&output.stdout);
    let answer = said.lines().last().and_then(|line| serde_json::from_str(line).ok());
    let mut answer: Answer =
        answer.with_context(|| format!("{link}: {}", String::from_utf8_lossy(&output.stderr).trim()))?;
    if let Some(from) = from {
        answer.least = least(&std::fs::read_to_string(&figures)?, from);
        std::fs::remove_file(&figures)?;
    }
    Ok(answer)
}

/// The least share of high quality from a step on, of a file of figures.
fn least(figures: &str, from: u64) -> Option<f64> {
    let mut lines = figures.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let column = lines.next()?.iter().position(|name| *name == "hq")?;
    lines
        .filter(|line| line[0].parse().is_ok_and(|step: f64| step >= from as f64))
        .filter_map(|line| line.get(column)?.parse().ok())
        .reduce(f64::min)
}

/// In short, for the progress.
fn figures(metrics: &BTreeMap<String, f64>) -> String {
    let figure = |(name, value): (&String, &f64)| format!("{name} {value:.4}");
    metrics.iter().filter(|(name, _)| !name.starts_with("loss")).map(figure).collect::<Vec<_>>().join(", ")
}

/// One line of the table.
struct Row {
    title: String,
    ideal: Option<f64>,
    /// One for each seed.
    values: Vec<f64>,
    digits: usize,
    /// Whether more is better.
    high: bool,
    /// What the worst and the mean must come to.
    bars: [Option<f64>; 2],
}

impl Row {
    fn text(&self) -> String {
        let Self { title, ideal, values, digits, high, bars } = self;
        let (digits, better) = (*digits, if *high { f64::max } else { f64::min });
        let worst = values.iter().copied().reduce(|a, b| if better(a, b) == a { b } else { a }).unwrap_or(f64::NAN);
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let deviation = match values.len() {
            1 => 0.0,
            n => (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1) as f64).sqrt(),
        };
        let each = values.iter().map(|v| format!("{v:.digits$}")).collect::<Vec<_>>().join(", ");
        let (mut asked, mut met) = (Vec::new(), true);
        for (what, value, bar) in [("worst", worst, bars[0]), ("mean", mean, bars[1])] {
            let Some(bar) = bar else { continue };
            asked.push(format!("{what} {} {bar:.digits$}", if *high { "≥" } else { "≤" }));
            met &= if *high { value >= bar } else { value <= bar };
        }
        let ideal = ideal.map_or(String::new(), |ideal| format!("{ideal:.digits$}"));
        let outcome = if asked.is_empty() {
            ""
        } else if met {
            "met"
        } else {
            "MISSED"
        };
        let asked = asked.join(", ");
        format!(
            "{title} | {ideal} | {each} | {mean:.digits$} ± {deviation:.digits$} | {worst:.digits$} | {asked} | {outcome} |\n"
        )
    }
}

fn rows(bar: Bar, answers: &[Answer]) -> Vec<Row> {
    let ideal = |name: &str| answers.first().and_then(|a| a.ideals.get(name).copied());
    let row = |name: &str, title: &str, digits: usize, high: bool, bars: [Option<f64>; 2]| {
        let values = answers.iter().filter_map(|a| a.metrics.get(name).copied()).collect();
        Row { title: title.into(), ideal: ideal(name), values, digits, high, bars }
    };
    let most = bar.times.and_then(|times| Some(times * ideal("sw")?));
    let mut rows = vec![
        row("modes", "modes", 0, true, [bar.modes, None]),
        row("hq", "high quality, %", 1, true, [bar.worst, bar.mean]),
        row("rkl", "reverse KL, nats", 3, false, [None; 2]),
        row("sw", "sliced Wasserstein", 4, false, [None, most]),
    ];
    if let Some((from, least)) = bar.holds {
        let values = answers.iter().filter_map(|a| a.least).collect();
        let title = format!("least high quality from step {from}, %");
        rows = vec![Row { title, ideal: ideal("hq"), values, digits: 1, high: true, bars: [Some(least), None] }];
    }
    let values = answers.iter().map(|a| a.steps as f64 / a.steps_per_second).collect();
    rows.push(Row { title: "seconds".into(), ideal: None, values, digits: 1, high: false, bars: [None; 2] });
    rows.retain(|row| !row.values.is_empty());
    rows
}

fn table(asked: &Asked, results: Vec<Vec<(u64, Answer)>>) -> String {
    let mut text = String::from(
        "| link | steps | figure | ideal | each seed | mean | worst | bar | |\n|---|---:|---|---:|---|---:|---:|---|---|\n",
    );
    for ((link, steps, bar), mut answers) in asked.links.iter().zip(results) {
        answers.sort_by_key(|(seed, _)| *seed);
        let answers: Vec<Answer> = answers.into_iter().map(|(_, answer)| answer).collect();
        for row in rows(bar.unwrap_or_default(), &answers) {
            text += &format!("| `{link}` | {steps} | {}", row.text());
        }
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
            steps_per_second: 5.0,
            metrics: all(&[("modes", modes), ("hq", hq), ("sw", sw)]),
            ideals: all(&[("sw", 0.01)]),
            least: Some(hq - 1.0),
        }
    }

    #[test]
    fn a_bar_is_held_against_the_worst_seed_or_the_mean() {
        let all = Bar { modes: Some(8.0), worst: Some(93.0), mean: Some(95.5), ..Bar::default() };
        let links = vec![
            ("a".into(), 10, Some(all)),
            ("b".into(), 10, Some(Bar { times: Some(2.0), ..Bar::default() })),
            ("c".into(), 10, None),
            ("d".into(), 10, Some(Bar { holds: Some((5, 93.0)), ..Bar::default() })),
        ];
        let asked = Asked { links, seeds: vec![1, 2] };
        let two = |a, b| vec![(2, b), (1, a)];
        let results = vec![
            two(answer(8.0, 96.0, 1.0, 10), answer(8.0, 94.0, 1.0, 10)),
            two(answer(3.0, 0.0, 0.01, 10), answer(3.0, 0.0, 0.02, 10)),
            two(answer(1.0, 0.0, 1.0, 10), answer(1.0, 0.0, 1.0, 4)),
            two(answer(8.0, 96.0, 1.0, 10), answer(8.0, 93.0, 1.0, 10)),
        ];
        let text = table(&asked, results);
        let row = |link: &str, title: &str| {
            text.lines()
                .find(|line| line.starts_with(&format!("| `{link}`")) && line.contains(title))
                .unwrap()
                .to_owned()
        };
        assert_eq!(row("a", "modes"), "| `a` | 10 | modes |  | 8, 8 | 8 ± 0 | 8 | worst ≥ 8 | met |");
        assert_eq!(
            row("a", "quality"),
            "| `a` | 10 | high quality, % |  | 96.0, 94.0 | 95.0 ± 1.4 | 94.0 | worst ≥ 93.0, mean ≥ 95.5 | MISSED |"
        );
        assert!(row("b", "sliced").ends_with("| 0.0150 ± 0.0071 | 0.0200 | mean ≤ 0.0200 | met |"), "{text}");
        assert!(row("c", "sliced").ends_with("|  |  |"), "without a bar there is nothing to meet");
        assert!(row("c", "early").contains("1 of 2") && row("c", "seconds").contains("2.0, 0.8"));
        assert!(
            row("d", "from step 5").ends_with("| 95.0, 92.0 | 93.5 ± 2.1 | 92.0 | worst ≥ 93.0 | MISSED |"),
            "{text}"
        );
    }

    #[test]
    fn the_least_is_found_from_a_step_on() {
        let figures = "step,modes,hq\n50,8,10\n100,8,97\n150,8,\n200,8,96\n";
        assert_eq!([0, 51, 300].map(|from| least(figures, from)), [Some(10.0), Some(96.0), None]);
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
