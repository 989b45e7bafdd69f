//! `gan-playground probe`: how well classes can be told from what an autoencoder makes of images, and from the images themselves.

use std::path::PathBuf;

use clap::Args;
use gan_playground::data::Source;
use gan_playground::device::Engine;
use gan_playground::experiment::{Experiment, SEED};
use gan_playground::link;
use gan_playground::look::metrics::probe::Probe as Linear;
use gan_playground::rng::Rng;
use gan_playground::session::Session;
use gan_playground::train::probe::{Rows, small};

use crate::console::{self, say};
use crate::images;

/// Labelled images; 0: all that there are.
const LABELS: [usize; 3] = [100, 1_000, 0];

/// Images that go through a network at once.
const AT_ONCE: usize = 1_000;

#[derive(Args)]
pub struct Probe {
    /// A link of a family with codes of images, for example `autoencoder` or `vae`, that says where it stops.
    link: String,

    /// How many seeds, from the link's on.
    #[arg(long, default_value_t = 3)]
    seeds: u64,

    /// The folder of a built site, whose `data/` holds the image files (`cargo xtask site` makes one).
    #[arg(long, value_name = "DIR", env = "GAN_PLAYGROUND_SITE", default_value = "dist")]
    site: PathBuf,
}

impl Probe {
    /// Trains the experiment under each seed, and prints a table, as Markdown.
    ///
    /// # Errors
    /// One sentence for a person.
    pub async fn run(self) -> Result<(), String> {
        let (base, problems) = link::parse(&self.link);
        problems.iter().for_each(|problem| say(format_args!("warning: {problem}")));
        let Source::Images(set) = base.data.source else { return Err("only images have labels to be told".into()) };
        let store = images::all(&self.site, set)?;
        let network = |pixels: &[u8]| pixels.iter().map(|&p| set.to_network(p)).collect::<Vec<f32>>();
        let rows = |count: usize, at: &dyn Fn(usize) -> (Vec<f32>, u8)| {
            let (numbers, labels): (Vec<Vec<f32>>, Vec<u8>) = (0..count).map(at).unzip();
            Rows { numbers: numbers.concat(), width: set.values(), labels }
        };
        let train = rows(set.images(), &|i| (network(store.pixels(i)), store.label(i)));
        let tests = rows(set.tests, &|i| (network(store.tested(i).0), store.tested(i).1));
        // A list of accuracies, one a seed, for each number of labels and each of four ways.
        let mut found = vec![[const { Vec::new() }; 4]; LABELS.len()];
        for seed in 0..self.seeds {
            let mut experiment = base.clone();
            experiment.set_text(&SEED.field, &(base.get(&SEED) + seed).to_string()).map_err(|e| e.to_string())?;
            let session = self.trained(experiment).await?;
            let of_train = coded(&session, &train).await?;
            let of_tests = coded(&session, &tests).await?;
            let mut rng = Rng::stream(base.get(&SEED) + seed, "probe");
            for (labels, found) in LABELS.iter().zip(&mut found) {
                let count = if *labels == 0 { train.labels.len() } else { (*labels).min(train.labels.len()) };
                let chosen: Vec<usize> = some(count, train.labels.len(), &mut rng);
                let classes = set.classes.len();
                for (k, (train, tests)) in [(&of_train, &of_tests), (&train, &tests)].into_iter().enumerate() {
                    let train = train.some(&chosen);
                    let linear = Linear::of(&train.numbers, train.width, &train.labels, classes);
                    found[2 * k].push(100.0 * linear.accuracy(&tests.numbers, &tests.labels));
                    found[2 * k + 1].push(100.0 * small(&train, tests, classes, &mut rng).await?);
                }
                say(format_args!("seed {}, {count} labels: done", base.get(&SEED) + seed));
            }
        }
        let mut table = String::from(
            "| labels | linear, codes | small network, codes | linear, pixels | small network, pixels |\n|---:|---:|---:|---:|---:|\n",
        );
        for (labels, found) in LABELS.iter().zip(found) {
            let labels = if *labels == 0 { set.images() } else { *labels };
            let cells = found.map(|all| spread(&all)).join(" | ");
            table.push_str(&format!("| {labels} | {cells} |\n"));
        }
        console::print(&table).map(drop)
    }

    /// A run that has come to its stop.
    async fn trained(&self, experiment: Experiment) -> Result<Session, String> {
        let mut session = Session::new(experiment, Engine::Cpu.start().await?)?;
        images::to_the_end(&mut session, &self.site).await?;
        Ok(session)
    }
}

/// The codes of rows.
async fn coded(session: &Session, rows: &Rows) -> Result<Rows, String> {
    let (mut numbers, mut width) = (Vec::new(), 0);
    for part in rows.numbers.chunks(AT_ONCE * rows.width) {
        let (codes, of_code) = session.coded(part).await?.ok_or("this family makes no codes of images")?;
        numbers.extend(codes);
        width = of_code;
    }
    Ok(Rows { numbers, width, labels: rows.labels.clone() })
}

/// So many of `all`, none twice; all of them in order, if they are as many.
fn some(count: usize, all: usize, rng: &mut Rng) -> Vec<usize> {
    let mut places: Vec<usize> = (0..all).collect();
    if count < all {
        for i in 0..count {
            places.swap(i, i + rng.below(all - i));
        }
        places.truncate(count);
    }
    places
}

/// A mean and the deviation around it.
fn spread(all: &[f64]) -> String {
    let mean = all.iter().sum::<f64>() / all.len() as f64;
    let square = all.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (all.len() as f64 - 1.0).max(1.0);
    format!("{mean:.1} ± {:.1} %", square.sqrt())
}
