//! Modes covered, high-quality share and reverse KL, by the protocol of PacGAN (Lin et al., 2018).
//!
//! A sample is of high quality if it lies within three standard deviations of its nearest mode. PacGAN counts a mode as
//! covered if it has at least one such sample; a generator that strays over all modes and stays on none passes that, so
//! here a mode is also *held*, if it has at least a fifth of the samples that are due to it. The reverse KL divergence is that of the high-quality samples' distribution over the
//! modes from the uniform one. PacGAN takes 2,500 samples.

use super::Ideal;
use crate::data::Modes;

/// The share of the samples due to a mode from which on it is held.
pub const HELD: f64 = 0.2;

/// How the high-quality samples fall on the modes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// High-quality samples of each mode.
    pub counts: Vec<usize>,
    /// All samples, good and bad.
    pub samples: usize,
}

impl Coverage {
    /// Counts samples (data units). What is not finite is near no mode.
    pub fn of(modes: &Modes, samples: &[[f64; 2]]) -> Self {
        let radius = 3.0 * modes.sigma;
        let mut counts = vec![0; modes.centres.len()];
        for (squared, mode) in samples.iter().map(|x| nearest(modes, x)) {
            if squared < radius * radius {
                counts[mode] += 1;
            }
        }
        Self { counts, samples: samples.len() }
    }

    /// Modes with at least one high-quality sample.
    pub fn modes(&self) -> usize {
        self.counts.iter().filter(|&&n| n > 0).count()
    }

    /// Modes with at least [`HELD`] of the samples due to each, which is an equal share of all samples.
    pub fn held(&self) -> usize {
        let due = self.samples as f64 / self.counts.len().max(1) as f64;
        self.counts.iter().filter(|&&n| n > 0 && n as f64 >= HELD * due).count()
    }

    /// The share of high-quality samples, 0 to 1; 0 if there are no samples.
    pub fn high_quality(&self) -> f64 {
        self.good() as f64 / self.samples.max(1) as f64
    }

    /// KL(q ‖ uniform) = Σ q ln(K q) in nats, q the high-quality samples' distribution over the K modes.
    ///
    /// From 0 (even) to ln K (all on one mode). With no high-quality sample q is undefined and ln K, the worst value,
    /// is reported: it is finite, and nothing could be covered worse.
    pub fn reverse_kl(&self) -> f64 {
        let (good, modes) = (self.good() as f64, self.counts.len() as f64);
        if good == 0.0 {
            return libm::log(modes.max(1.0));
        }
        let terms = self.counts.iter().filter(|&&n| n > 0).map(|&n| {
            let q = n as f64 / good;
            q * libm::log(modes * q)
        });
        // Rounding can leave a last digit below zero.
        terms.sum::<f64>().max(0.0)
    }

    fn good(&self) -> usize {
        self.counts.iter().sum()
    }
}

/// The square of the distance to the nearest mode, and which that is: the first, and infinity, for what is not finite.
fn nearest(modes: &Modes, x: &[f64; 2]) -> (f64, usize) {
    let squared = |centre: &[f64; 2]| (x[0] - centre[0]).powi(2) + (x[1] - centre[1]).powi(2);
    let mut nearest = (f64::INFINITY, 0);
    for (mode, centre) in modes.centres.iter().enumerate() {
        let squared = squared(centre);
        if squared < nearest.0 {
            nearest = (squared, mode);
        }
    }
    nearest
}

/// The shares of the samples that are nearest to each mode, however far they are.
pub fn shares(modes: &Modes, samples: &[[f64; 2]]) -> Vec<f64> {
    let mut shares = vec![0.0; modes.centres.len()];
    for x in samples {
        shares[nearest(modes, x).1] += 1.0 / samples.len() as f64;
    }
    shares
}

/// The share of a round Gaussian within 3σ of its centre: 1 − e^(−9/2), 98.889 %.
pub fn gaussian_high_quality() -> f64 {
    1.0 - libm::exp(-4.5)
}

/// What `n` samples of the data score for the high-quality share: binomial.
pub fn high_quality_ideal(n: usize) -> Ideal {
    let p = gaussian_high_quality();
    Ideal { mean: p, spread: (p * (1.0 - p) / n as f64).sqrt() }
}

/// What `n` samples of the data score for the reverse KL over `modes` equally likely modes.
///
/// With m high-quality samples, 2m KL is the likelihood-ratio statistic of a uniform multinomial: χ² with
/// `modes` − 1 degrees of freedom, for m well above the number of modes.
pub fn reverse_kl_ideal(modes: usize, n: usize) -> Ideal {
    let good = n as f64 * gaussian_high_quality();
    let freedom = modes as f64 - 1.0;
    Ideal { mean: freedom / (2.0 * good), spread: (2.0 * freedom).sqrt() / (2.0 * good) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Source, grid25, pacring, ring8};
    use crate::rng::Rng;

    fn four() -> Modes {
        Modes { centres: vec![[0.0, 0.0], [10.0, 0.0], [0.0, 10.0], [10.0, 10.0]], sigma: 1.0 }
    }

    #[test]
    fn hand_made_samples_count_exactly() {
        // Two on the first mode, one on the second at 2.9σ, one at 3.1σ of it, one nowhere.
        let samples = [[0.0, 0.0], [0.5, -0.5], [10.0, 2.9], [10.0, -3.1], [5.0, 5.0]];
        let coverage = Coverage::of(&four(), &samples);
        assert_eq!(coverage, Coverage { counts: vec![2, 1, 0, 0], samples: 5 });
        assert_eq!((coverage.modes(), coverage.high_quality()), (2, 0.6));
        let near = shares(&four(), &[samples[0], samples[1], samples[2], samples[3], [9.0, 8.0]]);
        assert!(near.iter().zip([0.4, 0.4, 0.0, 0.2]).all(|(a, b)| (a - b).abs() < 1e-12), "{near:?}");
        let expected = 2.0 / 3.0 * (8.0_f64 / 3.0).ln() + 1.0 / 3.0 * (4.0_f64 / 3.0).ln();
        assert!((coverage.reverse_kl() - expected).abs() < 1e-15);
    }

    #[test]
    fn a_mode_is_held_by_a_fifth_of_its_due() {
        let held = |counts: &[usize], samples| Coverage { counts: counts.to_vec(), samples }.held();
        // Due to each of four: 25 of 100, so 5 hold one.
        assert_eq!(held(&[5, 4, 1, 0], 100), 1);
        assert_eq!(held(&[5, 5, 5, 5], 100), 4);
        // Samples that lie nowhere count too: most of them strayed.
        assert_eq!(held(&[5, 5, 5, 5], 1000), 0);
        assert_eq!(held(&[0, 0], 0), 0);
    }

    #[test]
    fn reverse_kl_runs_from_even_to_collapsed() {
        let kl = |counts: &[usize]| Coverage { counts: counts.to_vec(), samples: 100 }.reverse_kl();
        assert_eq!(kl(&[7, 7, 7, 7]), 0.0);
        assert!((kl(&[5, 5, 0, 0]) - 2.0_f64.ln()).abs() < 1e-15);
        assert!((kl(&[9, 0, 0, 0]) - 4.0_f64.ln()).abs() < 1e-15);
    }

    #[test]
    fn no_good_sample_is_the_worst_case_and_no_panic() {
        let bad = [[f64::NAN, 0.0], [0.0, f64::INFINITY], [f64::NEG_INFINITY, f64::NAN], [1e300, 0.0], [5.0, 5.0]];
        for samples in [&bad[..], &[]] {
            let coverage = Coverage::of(&four(), samples);
            assert_eq!((coverage.modes(), coverage.high_quality()), (0, 0.0));
            assert_eq!(coverage.reverse_kl(), libm::log(4.0));
        }
    }

    #[test]
    fn a_mixture_scores_its_own_ideal() {
        assert!((gaussian_high_quality() - 0.98889).abs() < 1e-5);
        let expected = [(&ring8::DATASET, 8, 0.0014), (&pacring::DATASET, 8, 0.0014), (&grid25::DATASET, 25, 0.0048)];
        for (dataset, k, published) in expected {
            let Source::Points(points) = dataset.source else { unreachable!() };
            let modes = points.modes().unwrap();
            let mut rng = Rng::stream(3, "ideal");
            let runs = 150;
            let (mut quality, mut kl) = (Vec::new(), Vec::new());
            for _ in 0..runs {
                let samples: Vec<_> = (0..2_500).map(|_| points.sample(&mut rng)).collect();
                let coverage = Coverage::of(&modes, &samples);
                assert_eq!(coverage.modes(), k);
                quality.push(coverage.high_quality());
                kl.push(coverage.reverse_kl());
            }
            for (scores, ideal) in [(quality, high_quality_ideal(2_500)), (kl, reverse_kl_ideal(k, 2_500))] {
                let seen = Ideal::from_scores(&scores);
                let error = (seen.mean - ideal.mean).abs() / (ideal.spread / f64::from(runs).sqrt());
                assert!(error < 4.0, "{}: {seen:?}, expected {ideal:?}", dataset.name);
                assert!((seen.spread / ideal.spread - 1.0).abs() < 0.2, "{}: {seen:?} {ideal:?}", dataset.name);
            }
            assert!((reverse_kl_ideal(k, 2_500).mean - published).abs() < 1e-4);
        }
    }
}
