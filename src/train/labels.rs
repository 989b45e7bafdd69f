//! Labels in a game: how they enter G and D, and what D says of them.

use burn::tensor::{Device, Tensor};

use crate::nn::{matrix, row_sums};
use crate::objective;

/// How D uses labels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Head {
    /// Its score of x and y is w·h(x) + v(y)·h(x): Miyato and Koyama 2018, “cGANs with Projection Discriminator” (arXiv 1802.05637).
    Projection,
    /// It is given y beside x: at each of so many places of a row, a number for each class (Mirza and Osindero 2014, section 3.2).
    /// With one place these are further inputs; with a place for each pixel, planes.
    Beside {
        /// Places of a row.
        places: usize,
    },
    /// It says which class x is of, besides its score: Odena, Olah and Shlens 2017, “Conditional Image Synthesis with Auxiliary
    /// Classifier GANs” (arXiv 1610.09585). It learns that from real samples alone, and G from being told, with this weight.
    Auxiliary(f64),
    /// Not at all: they are a code, which another network reads.
    Code,
}

/// The labels of a game. D's network gives a row of one score, and a number for each class where it says something of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Labels {
    /// How many classes there are.
    pub classes: usize,
    /// How D uses them.
    pub head: Head,
}

impl Labels {
    /// What D's network is given for samples of these classes.
    ///
    /// # Shapes
    /// - `samples`: `[rows, features]`; `labels`: `[rows, classes]`; result: `[rows, features]`, and `classes` more at each place
    pub fn shown(&self, samples: Tensor<2>, labels: &Tensor<2>) -> Tensor<2> {
        let Head::Beside { places } = self.head else { return samples };
        let labels = labels.clone();
        let labels = if samples.is_autodiff() { labels.autodiff() } else { labels.inner() };
        let [rows, features] = samples.dims();
        let labels = labels.reshape([rows, 1, self.classes]).expand([rows, places, self.classes]);
        let channels = features / places;
        let both = Tensor::cat(vec![samples.reshape([rows, places, channels]), labels], 2);
        both.reshape([rows, places * (channels + self.classes)])
    }

    /// The same of directions in which samples move: their classes stay.
    pub fn along(&self, directions: Tensor<2>, labels: &Tensor<2>) -> Tensor<2> {
        self.shown(directions, &labels.zeros_like())
    }

    /// What D's network is given for samples of which no class is known: each as one of every class, where it is told classes.
    pub fn of_any(&self, samples: Tensor<2>) -> Tensor<2> {
        if !matches!(self.head, Head::Beside { .. }) {
            return samples;
        }
        let [rows, features] = samples.dims();
        let all = samples.reshape([rows, 1, features]).repeat_dim(1, self.classes);
        let all = all.reshape([rows * self.classes, features]);
        let labels = self.in_turn(rows * self.classes, &all.device());
        self.shown(all, &labels)
    }

    /// The score of x as a sample of y, linear in what D gives.
    ///
    /// # Shapes
    /// - `given`: `[rows, 1 + classes]`; `labels`: `[rows, classes]`, a 1 in each row; result: `[rows, 1]`
    pub fn score(&self, given: Tensor<2>, labels: &Tensor<2>) -> Tensor<2> {
        let rows = given.dims()[0];
        match self.head {
            Head::Code | Head::Beside { .. } => given,
            Head::Auxiliary(_) => given.slice([0..rows, 0..1]),
            Head::Projection => {
                let first = labels.clone().slice([0..rows, 0..1]).zeros_like() + 1.0;
                row_sums(given * Tensor::cat(vec![first, labels.clone()], 1))
            }
        }
    }

    /// The cross entropy of what D says of the first rows and their labels, `[1]`, where it says anything.
    pub fn named(&self, given: &Tensor<2>, labels: &Tensor<2>) -> Option<Tensor<1>> {
        let Head::Auxiliary(_) = self.head else { return None };
        let rows = labels.dims()[0];
        let said = given.clone().slice([0..rows, 1..1 + self.classes]);
        Some(objective::cross_entropy(said, labels.clone()))
    }

    /// The weight of the cross entropy in G's loss.
    pub fn weight(&self) -> f64 {
        match self.head {
            Head::Projection | Head::Beside { .. } | Head::Code => 0.0,
            Head::Auxiliary(weight) => weight,
        }
    }

    /// Scores as samples of the class that fits best, from what was read of [`Self::of_any`].
    pub fn best(&self, given: &[f32]) -> Vec<f32> {
        let most = |scores: &[f32]| scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let row = |row: &[f32]| match self.head {
            Head::Auxiliary(_) | Head::Code => row[0],
            Head::Projection => row[0] + most(&row[1..]),
            Head::Beside { .. } => most(row),
        };
        let of_one = if let Head::Beside { .. } = self.head { self.classes } else { self.says() };
        given.chunks_exact(of_one).map(row).collect()
    }

    /// Scores as samples of the given classes, from what was read.
    pub fn scores(&self, given: &[f32], labels: impl Iterator<Item = usize>) -> Vec<f32> {
        let row = |(row, label): (&[f32], usize)| match self.head {
            Head::Auxiliary(_) | Head::Code | Head::Beside { .. } => row[0],
            Head::Projection => row[0] + row[1 + label],
        };
        given.chunks_exact(self.says()).zip(labels).map(row).collect()
    }

    /// Numbers in a row that D gives.
    pub fn says(&self) -> usize {
        match self.head {
            Head::Code | Head::Beside { .. } => 1,
            Head::Projection | Head::Auxiliary(_) => 1 + self.classes,
        }
    }

    /// Numbers that D is given besides a sample's at each place of it.
    pub fn told(&self) -> usize {
        if let Head::Beside { .. } = self.head { self.classes } else { 0 }
    }

    /// Rows of one class after the other.
    pub fn in_turn(&self, rows: usize, device: &Device) -> Tensor<2> {
        self.rows((0..rows).map(|i| i % self.classes), device)
    }

    /// A row with a 1 in the place of each class.
    pub fn rows(&self, labels: impl Iterator<Item = usize>, device: &Device) -> Tensor<2> {
        let row = |label| (0..self.classes).map(move |class| if class == label { 1.0 } else { 0.0 });
        matrix(labels.flat_map(row).collect(), self.classes, device)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_projection_is_the_score_and_the_number_of_the_class() {
        let device = Device::flex();
        let labels = Labels { classes: 3, head: Head::Projection };
        let given = vec![1.0, 10.0, 20.0, 30.0, 2.0, 40.0, 50.0, 60.0];
        let rows = labels.rows([2, 0].into_iter(), &device);
        let score = labels.score(matrix(given.clone(), 4, &device), &rows);
        assert_eq!(score.into_data().try_to_vec::<f32>().unwrap(), [31.0, 42.0]);
        assert_eq!(labels.scores(&given, [2, 0].into_iter()), [31.0, 42.0]);
        assert_eq!(labels.best(&given), [31.0, 62.0]);
        let other = Labels { head: Head::Auxiliary(1.0), ..labels };
        let score = other.score(matrix(given.clone(), 4, &device), &rows);
        assert_eq!(score.into_data().try_to_vec::<f32>().unwrap(), [1.0, 2.0]);
        assert_eq!(other.best(&given), [1.0, 2.0]);
    }

    #[test]
    fn a_class_is_told_beside_each_place() {
        let device = Device::flex();
        let read = |x: Tensor<2>| x.into_data().try_to_vec::<f32>().unwrap();
        let x = matrix(vec![7.0, 8.0, 5.0, 6.0], 2, &device);
        let of = |places| Labels { classes: 2, head: Head::Beside { places } };
        let rows = of(1).rows([1, 0].into_iter(), &device);
        assert_eq!(read(of(1).shown(x.clone(), &rows)), [7.0, 8.0, 0.0, 1.0, 5.0, 6.0, 1.0, 0.0]);
        let planes = [7.0, 0.0, 1.0, 8.0, 0.0, 1.0, 5.0, 1.0, 0.0, 6.0, 1.0, 0.0];
        assert_eq!(read(of(2).shown(x.clone(), &rows)), planes);
        assert_eq!(read(of(1).along(x.clone(), &rows)), [7.0, 8.0, 0.0, 0.0, 5.0, 6.0, 0.0, 0.0]);
        let any = [7.0, 8.0, 1.0, 0.0, 7.0, 8.0, 0.0, 1.0, 5.0, 6.0, 1.0, 0.0, 5.0, 6.0, 0.0, 1.0];
        assert_eq!(read(of(1).of_any(x)), any);
        assert_eq!(of(1).best(&[1.0, 4.0, 3.0, 2.0]), [4.0, 3.0]);
        assert_eq!(of(1).scores(&[1.0, 4.0], [1, 0].into_iter()), [1.0, 4.0]);
    }
}
