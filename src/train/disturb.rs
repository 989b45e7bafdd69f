//! What disturbs D: noise on all that it is shown, samples of one kind taken for the other, and units that are left out.

use burn::tensor::Tensor;

use super::program::Want;
use crate::experiment::{DROPOUT, Experiment, FLIPS, INSTANCE, Noise, OBJECTIVE};

/// How much D is disturbed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Disturb {
    /// σ of the noise on each number of a sample (Sønderby et al. 2017, “Amortised MAP Inference for Image Super-resolution”, arXiv
    /// 1610.04490, section 4; Arjovsky and Bottou 2017, arXiv 1701.04862): it spreads both laws until they overlap.
    pub sigma: f64,
    /// Which share of that is left.
    pub left: f64,
    /// The probability that a real sample and a generated one change places (Chintala et al. 2016, “How to Train a GAN”).
    pub flips: f64,
    /// The probability that a unit before D's score is left out.
    pub dropped: f64,
}

/// What was drawn to disturb D with.
#[derive(Default)]
pub struct Drawn {
    /// N(0, 1) for each number of the samples, the real ones first.
    pub noise: Option<Tensor<2>>,
    /// A number in [−1, 1) for each pair.
    pub coins: Option<Tensor<2>>,
    /// A number in [−1, 1) for each unit of each row that D is given, the real ones first.
    pub masks: Option<Tensor<2>>,
}

impl Disturb {
    /// That of an experiment, before any of it has gone.
    pub fn of(e: &Experiment) -> Self {
        // Labels are changed where there are any, which is where they can be softened too.
        let has_labels = FLIPS.field.only.iter().all(|only| only.is.contains(&e.get(&OBJECTIVE).name));
        Self {
            sigma: e.get(&INSTANCE),
            left: 1.0,
            flips: if has_labels { e.get(&FLIPS) } else { 0.0 },
            dropped: e.get(&DROPOUT),
        }
    }

    /// What D's turn takes, for so many real samples and as many generated ones of so many numbers, and so many rows of so many units
    /// of either kind: noise, then coins, then masks.
    pub fn of_d(self, rows: usize, columns: usize, units: [usize; 2]) -> [Option<Want>; 3] {
        let noise = (self.sigma > 0.0).then_some(Want::Noise { rows: 2 * rows, columns, law: Noise::Gaussian });
        let coins = (self.flips > 0.0).then_some(Want::Noise { rows, columns: 1, law: Noise::Uniform });
        [noise, coins, self.masks([2 * units[0], units[1]])]
    }

    /// What G's turn takes, for so many samples: noise, then masks.
    pub fn of_g(self, rows: usize, columns: usize, units: [usize; 2]) -> [Option<Want>; 2] {
        [(self.sigma > 0.0).then_some(Want::Noise { rows, columns, law: Noise::Gaussian }), self.masks(units)]
    }

    /// A mask for so many rows of so many units, where there are any.
    fn masks(self, [rows, columns]: [usize; 2]) -> Option<Want> {
        self.drops(columns).then_some(Want::Noise { rows, columns, law: Noise::Uniform })
    }

    /// Whether any of so many units is left out.
    pub fn drops(self, units: usize) -> bool {
        self.dropped > 0.0 && units > 0
    }

    /// What units are multiplied with, from what was drawn for them.
    pub fn kept(self, masks: Tensor<2>) -> Tensor<2> {
        // A number in [−1, 1) is below 2p − 1 with probability p.
        masks.greater_equal_elem(2.0 * self.dropped - 1.0).float() * (1.0 / (1.0 - self.dropped))
    }

    /// Samples as D is shown them.
    pub fn blurred(self, samples: Tensor<2>, noise: Option<&Tensor<2>>) -> Tensor<2> {
        match noise {
            Some(noise) => samples + noise.clone() * (self.sigma * self.left),
            None => samples,
        }
    }

    /// Real and generated samples, of which some pairs have changed places.
    pub fn flipped(self, [real, fake]: [Tensor<2>; 2], coins: Option<Tensor<2>>) -> [Tensor<2>; 2] {
        let Some(coins) = coins else { return [real, fake] };
        // A coin in [−1, 1) is below 2p − 1 with probability p.
        let changed = coins.lower_elem(2.0 * self.flips - 1.0).float().expand(real.dims());
        let kept = -changed.clone() + 1.0;
        let mixed = |one: &Tensor<2>, other: &Tensor<2>| one.clone() * kept.clone() + other.clone() * changed.clone();
        [mixed(&real, &fake), mixed(&fake, &real)]
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, TensorData};

    use super::*;

    fn rows(of: &[f32]) -> Tensor<2> {
        Tensor::from_data(TensorData::new(of.to_vec(), [of.len(), 1]), &Device::flex())
    }

    fn read(x: Tensor<2>) -> Vec<f32> {
        x.into_data().try_to_vec().expect("numbers")
    }

    #[test]
    fn a_coin_below_the_probability_changes_a_pair() {
        let disturb = Disturb { flips: 0.25, ..Disturb::default() };
        let both = || [rows(&[1.0, 2.0, 3.0]), rows(&[-1.0, -2.0, -3.0])];
        let [real, fake] = disturb.flipped(both(), Some(rows(&[-0.51, -0.49, 0.9])));
        assert_eq!((read(real), read(fake)), (vec![-1.0, 2.0, 3.0], vec![1.0, -2.0, -3.0]));
        let [real, _] = disturb.flipped(both(), None);
        assert_eq!(read(real), [1.0, 2.0, 3.0]);
    }

    #[test]
    fn a_unit_is_dropped_with_its_probability_and_kept_ones_are_larger() {
        let disturb = Disturb { dropped: 0.75, ..Disturb::default() };
        assert_eq!(read(disturb.kept(rows(&[-1.0, 0.49, 0.5, 0.9]))), [0.0, 0.0, 4.0, 4.0]);
        let [None, None, Some(Want::Noise { rows: 16, columns: 4, .. })] = disturb.of_d(8, 2, [8, 4]) else {
            panic!("a mask for both kinds")
        };
        assert!(!disturb.drops(0) && !Disturb::default().drops(4));
    }

    #[test]
    fn noise_is_as_large_as_it_is_left() {
        let disturb = Disturb { sigma: 2.0, left: 0.25, ..Disturb::default() };
        assert_eq!(read(disturb.blurred(rows(&[1.0, 1.0]), Some(&rows(&[1.0, -3.0])))), [1.5, -0.5]);
        assert_eq!(disturb.of_d(8, 2, [8, 4])[1..], [None, None]);
    }
}
