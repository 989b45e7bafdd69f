//! What is made by hand from a run as it stands: samples of codes that somebody puts together, and what of the data they are near.

use serde::Serialize;

use super::Session;
use crate::data::Source;
use crate::experiment::Pick;
use crate::look::eye;
use crate::nn::matrix;
use crate::text::Text;
use crate::train::program::{Codes, Decoded};

/// Samples made by hand, one for each pick.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Handmade {
    /// Numbers of a code.
    pub columns: usize,
    /// How many classes may be asked for; 0, if none.
    pub classes: usize,
    /// What they are called, where they have names.
    pub names: Vec<Text>,
    /// The codes, row by row.
    pub codes: Vec<f32>,
    /// The samples: points in data units, or how light each channel of a pixel is from 0 to 1, row by row.
    pub samples: Vec<f32>,
    /// What there is to say of each.
    pub about: Vec<About>,
}

/// What there is to say of a sample.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct About {
    /// The class that was asked for, its place.
    pub class: Option<usize>,
    /// How likely D thinks it real.
    pub believed: Option<f32>,
    /// What the judge takes it for, and how sure it is, from 0 to 1.
    pub taken: Option<(Text, f64)>,
}

/// A training image.
#[derive(Clone, Debug, PartialEq)]
pub struct Near {
    /// Its place among the images of the run.
    pub index: usize,
    /// What it is of.
    pub label: Text,
    /// The root mean square of the difference of its values.
    pub distance: f64,
    /// Its values, from 0 to 1.
    pub pixels: Vec<f32>,
}

impl Session {
    /// The codes of samples in network units, if its family has any: row-major, and how many numbers a code has.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn coded(&self, samples: &[f32]) -> Result<Option<(Vec<f32>, usize)>, String> {
        let columns = self.experiment.features();
        let rows = samples.len() / columns;
        match self.program.coded(matrix(samples.to_vec(), columns, &self.device)) {
            Some(ask) => {
                let codes = ask.answer().await?;
                let width = codes.len() / rows.max(1);
                Ok(Some((codes, width)))
            }
            None => Ok(None),
        }
    }

    /// Samples of picks, from the run as it stands; none, if its family makes none from codes.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn by_code(&mut self, picks: &[Pick]) -> Result<Handmade, String> {
        self.eye.look_at(self.supply.store());
        let Some(Codes { numbers, columns, law, classes }) = self.program.codes(&self.eye) else {
            return Ok(Handmade::default());
        };
        let all = numbers.answer().await?;
        let codes: Vec<f32> = picks.iter().flat_map(|pick| pick.code(&all, columns, law)).collect();
        let names = self.eye.names(self.program.asked());
        if codes.is_empty() {
            return Ok(Handmade { columns, classes, names, ..Handmade::default() });
        }
        let asked: Vec<usize> = picks.iter().map(|pick| pick.class(classes)).collect();
        let rows = matrix(codes.clone(), columns, &self.device);
        let Decoded { samples, believed } = self.program.decode(rows, &asked).answer().await?;
        let taken = match (self.eye.judge(), self.experiment.data.source) {
            (Some(judge), Source::Images(set)) => {
                let said = judge.says(&judge.read_features(&samples).await?);
                said.into_iter().map(|(class, sure)| Some((set.classes[class], sure))).collect()
            }
            _ => vec![None; picks.len()],
        };
        let class = |i: usize| (classes > 0).then(|| asked[i]);
        let about = believed.into_iter().zip(taken).enumerate();
        Ok(Handmade {
            columns,
            classes,
            names,
            codes,
            samples: eye::shown(self.experiment.data.source, &samples),
            about: about.map(|(i, (believed, taken))| About { class: class(i), believed, taken }).collect(),
        })
    }

    /// The training image that is nearest to the sample of a pick, of those that have arrived; none, if the data are no images.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn nearest(&mut self, pick: &Pick) -> Result<Option<Near>, String> {
        let made = self.by_code(std::slice::from_ref(pick)).await?;
        let (Source::Images(set), Some(store)) = (self.experiment.data.source, self.supply.store()) else {
            return Ok(None);
        };
        if made.samples.is_empty() {
            return Ok(None);
        }
        let sample: Vec<i32> = made.samples.iter().map(|&x| (x * 255.0) as i32).collect();
        let gap = |pixels: &[u8]| -> i64 {
            let squares = pixels.iter().zip(&sample).map(|(&p, &s)| (i32::from(p) - s).pow(2));
            i64::from(squares.sum::<i32>())
        };
        let shards = (0..store.images().div_ceil(set.shard_images)).filter(|&shard| store.has(shard));
        let there = shards.flat_map(|shard| store.kept(shard));
        let nearest = there.map(|i| (gap(store.pixels(i)), i)).min();
        Ok(nearest.map(|(gap, index)| Near {
            index,
            label: set.classes[usize::from(store.label(index))],
            distance: (gap as f64 / set.values() as f64).sqrt() / 255.0,
            pixels: store.pixels(index).iter().map(|&p| f32::from(p) / 255.0).collect(),
        }))
    }
}
