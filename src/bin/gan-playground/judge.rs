//! `gan-playground judge`: makes the classifier that judges samples of a set of images.

use std::path::PathBuf;

use clap::Args;
use gan_playground::data::Source;
use gan_playground::device::Engine;
use gan_playground::families::classifier;
use gan_playground::link;
use gan_playground::look::judge::Making;
use gan_playground::session::Session;
use safetensors::SafeTensors;
use sha2::{Digest, Sha256};

use crate::console::{self, say};
use crate::files::Place;
use crate::images;

/// Numbers of images for which it is said what real ones score: those of an evaluation, and of a final word; and how many
/// groups of them are looked at.
const GROUPS: [(usize, usize); 2] = [(256, 40), (10_000, 5)];

/// Images that groups are laid beside, where there are four times as many.
const BESIDE: usize = 2_000;

#[derive(Args)]
pub struct Judge {
    /// A link of the family `classifier` that says where it stops.
    link: String,

    /// The file to write.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,

    /// Write over a file that is already there.
    #[arg(long)]
    force: bool,

    /// The folder of a built site, whose `data/` holds the image files (`cargo xtask site` makes one).
    #[arg(long, value_name = "DIR", env = "GAN_PLAYGROUND_SITE", default_value = "dist")]
    site: PathBuf,
}

impl Judge {
    /// Trains the classifier, and writes what it has learned with what real images score.
    ///
    /// # Errors
    /// One sentence for a person.
    pub async fn run(self) -> Result<(), String> {
        let (experiment, problems) = link::parse(&self.link);
        problems.iter().for_each(|problem| say(format_args!("warning: {problem}")));
        let Source::Images(set) = experiment.data.source else { return Err("only images have a classifier".into()) };
        if experiment.form.name != classifier::FAMILY.form.name {
            return Err("the link must be of the family classifier".into());
        }
        let out = Place::check(&self.out, self.force)?;
        let (link, lenet) = (link::write(&experiment), classifier::lenet(&experiment));
        let device = Engine::Cpu.start().await?;

        let mut session = Session::new(experiment, device.clone())?;
        images::to_the_end(&mut session, &self.site).await?;
        let accuracy = session.examine().await?.iter().find(|m| m.name == "accuracy").map_or(0.0, |m| m.value);
        let weights = weights(&session.save().await?)?;

        let making = Making::new(link, lenet, weights, &device)?;
        let store = images::all(&self.site, set)?;
        let network = |pixels: &[u8]| pixels.iter().map(|&p| set.to_network(p)).collect::<Vec<f32>>();
        let tests: Vec<f32> = (0..set.tests).flat_map(|i| network(store.tested(i).0)).collect();
        let tests = making.features(&tests).await?;
        let mut groups = Vec::new();
        let mut real = Vec::new();
        for shard in 0..set.shards.len() {
            let images: Vec<f32> =
                (0..set.shard_images).flat_map(|i| network(store.pixels(shard * set.shard_images + i))).collect();
            let features = making.features(&images).await?;
            let width = features.len() / set.shard_images;
            if shard == 0 {
                // What the groups are laid beside comes from none of them.
                let (beside, rest) = features.split_at(BESIDE.min(set.shard_images / 4) * width);
                real = beside.to_vec();
                groups.extend(rest.chunks_exact(GROUPS[0].0 * width).map(<[f32]>::to_vec));
                groups.truncate(GROUPS[0].1);
            } else if shard <= GROUPS[1].1 {
                groups.push(features);
            }
        }
        let file = making.finish(&tests, &groups, &real);
        out.write(&file)?;
        let sum: String = Sha256::digest(&file).iter().map(|byte| format!("{byte:02x}")).collect();
        console::print(&format!("{accuracy:.2} % of the test images are right; SHA-256 {sum}\n")).map(drop)
    }
}

/// The classifier's weights in a saved run.
fn weights(state: &[u8]) -> Result<Vec<f32>, String> {
    let file = SafeTensors::deserialize(state).map_err(|e| e.to_string())?;
    let tensor = file.tensor("c.weights").map_err(|e| e.to_string())?;
    Ok(tensor.data().as_chunks().0.iter().map(|b| f32::from_le_bytes(*b)).collect())
}
