//! The metrics of a two-dimensional dataset, put together.
//!
//! The real side is one large sample from a random stream of its own, drawn when the first evaluation asks for it. The
//! ideals are simulated with the same statistics on independent real samples of the same size, so that they hold all
//! that sampling does to an ideal generator, the reference's own noise included.

use std::sync::OnceLock;

use super::jensen_shannon::{Grid, jensen_shannon};
use super::modes::{Coverage, high_quality_ideal, reverse_kl_ideal, shares};
use super::sliced_wasserstein::{Reference, directions, tame};
use super::{Better, Ideal, Metric};
use crate::data::{Modes, PointSet};
use crate::rng::Rng;

/// The number of samples to evaluate, PacGAN's. Ideals are known for this number only.
pub const SAMPLES: usize = 2_500;

/// Cells along each side of the Jensen–Shannon grid.
const BINS: usize = 30;
/// Directions of the sliced Wasserstein distance. On these datasets more move it by less than a twentieth, which is
/// below its sampling noise.
const DIRECTIONS: usize = 16;
/// The real sample behind the reference histogram and, as far as needed, the reference quantiles.
const REFERENCE: usize = 100_000;
const QUANTILE_REFERENCE: usize = 10 * SAMPLES;
/// Independent real samples behind each ideal.
const IDEAL_RUNS: usize = 24;

// What each metric is, and why it can stay off its ideal.
const MODES: &str = "A mode is held when at least a fifth of the samples due to it lie within 3σ of it.";
const MODES_PACGAN: &str =
    "PacGAN's count: one sample within 3σ of a mode is enough, so samples that stray everywhere touch them all.";
const HIGH_QUALITY: &str = "Samples within 3σ of a mode. G is continuous, so some samples always lie on the way between two modes; above the ideal the clouds are too narrow.";
const REVERSE_KL: &str = "How unevenly the samples on modes are shared out among them; 0 is even. A cloud that is a few per cent too heavy already shows.";
const JENSEN_SHANNON: &str = "Both samples counted in 30 × 30 cells. Where clouds are as narrow as a cell, a shift or a width that the eye does not see moves many samples into other cells, so a ring that looks solved can stay at .2 to .4.";
const SLICED_WASSERSTEIN: &str = "How far mass must move, in data units. Clouds that are right but a few per cent too heavy cost the whole way to the next one.";

/// Evaluates generated points against one dataset.
pub struct PointEvaluator {
    points: &'static dyn PointSet,
    seed: u64,
    modes: Option<Modes>,
    grid: Grid,
    real: OnceLock<Real>,
}

/// The real side: references and ideals.
struct Real {
    histogram: Vec<f64>,
    quantiles: Reference,
    js: Ideal,
    sw: Ideal,
}

impl PointEvaluator {
    /// An evaluator whose real samples come from the stream "evaluation/real" of `seed`. Cheap: the work is done at the
    /// first [`PointEvaluator::evaluate`].
    pub fn new(points: &'static dyn PointSet, seed: u64) -> Self {
        let grid = Grid::new(points.extent(), BINS);
        Self { points, seed, modes: points.modes(), grid, real: OnceLock::new() }
    }

    /// Every metric of these samples (data units; [`SAMPLES`] of them for the ideals to apply): `modes`, `modes_pacgan`, `hq`
    /// and `rkl` where the dataset has modes, `js` and `sw` always.
    pub fn evaluate(&self, samples: &[[f64; 2]]) -> Vec<Metric> {
        let real = self.real.get_or_init(|| self.prepare());
        let known = |ideal| (samples.len() == SAMPLES).then_some(ideal);
        let metric = |name, title, value, unit, better, about| Metric {
            name,
            title,
            value,
            unit,
            of: None,
            ideal: None,
            spread: None,
            better,
            about,
        };
        let mut metrics = Vec::with_capacity(6);
        if let Some(modes) = &self.modes {
            let coverage = Coverage::of(modes, samples);
            let count = modes.centres.len();
            // An ideal generator misses a mode, or a fifth of its due, with a probability below 1e-40.
            let all = Ideal { mean: count as f64, spread: 0.0 };
            for (name, title, covered, about) in [
                ("modes", "Modes held", coverage.held(), MODES),
                ("modes_pacgan", "Modes touched (PacGAN)", coverage.modes(), MODES_PACGAN),
            ] {
                let covered = metric(name, title, covered as f64, "", Better::Higher, about);
                metrics.push(Metric { of: Some(count as f64), ..covered }.with_ideal(known(all)));
            }

            let share = high_quality_ideal(samples.len().max(1));
            let percent = Ideal { mean: 100.0 * share.mean, spread: 100.0 * share.spread };
            let high_quality = 100.0 * coverage.high_quality();
            let high_quality = metric("hq", "High-quality samples", high_quality, "%", Better::Higher, HIGH_QUALITY);
            metrics.push(high_quality.with_ideal(known(percent)));

            let ideal = reverse_kl_ideal(count, samples.len().max(1));
            let reverse_kl = metric("rkl", "Reverse KL", coverage.reverse_kl(), "nats", Better::Lower, REVERSE_KL);
            metrics.push(reverse_kl.with_ideal(known(ideal)));
        }
        let (js, sw) = self.distances(&real.histogram, &real.quantiles, samples);
        let js = metric("js", "Jensen–Shannon divergence", js, "bits", Better::Lower, JENSEN_SHANNON);
        let sw = metric("sw", "Sliced Wasserstein distance", sw, "", Better::Lower, SLICED_WASSERSTEIN);
        metrics.extend([js.with_ideal(known(real.js)), sw.with_ideal(known(real.sw))]);
        metrics
    }

    /// How many modes the samples hold, where the dataset has modes; cheap, and asks for no real samples.
    pub fn modes_held(&self, samples: &[[f64; 2]]) -> Option<usize> {
        self.modes.as_ref().map(|modes| Coverage::of(modes, samples).held())
    }

    /// The shares of samples that are nearest to each mode; none where the dataset has no modes.
    pub fn kinds(&self, samples: &[[f64; 2]]) -> Vec<f64> {
        self.modes.as_ref().map_or_else(Vec::new, |modes| shares(modes, samples))
    }

    /// Jensen–Shannon divergence and sliced Wasserstein distance.
    fn distances(&self, histogram: &[f64], quantiles: &Reference, samples: &[[f64; 2]]) -> (f64, f64) {
        let js = jensen_shannon(&self.grid.histogram(samples), histogram);
        let extent = self.points.extent();
        let mut tamed: Vec<_> = samples.iter().map(|&x| tame(x, extent)).collect();
        if tamed.is_empty() {
            // No sample at all is as far away as can be.
            tamed.push(tame([f64::NAN; 2], extent));
        }
        (js, quantiles.distance(&tamed))
    }

    fn prepare(&self) -> Real {
        let mut rng = Rng::stream(self.seed, "evaluation/real");
        let mut draw = |n: usize| -> Vec<[f64; 2]> { (0..n).map(|_| self.points.sample(&mut rng)).collect() };
        let sample = draw(REFERENCE);
        let histogram = self.grid.histogram(&sample);
        let quantiles = Reference::new(&sample[..QUANTILE_REFERENCE], SAMPLES, directions(DIRECTIONS));
        let scores = (0..IDEAL_RUNS).map(|_| self.distances(&histogram, &quantiles, &draw(SAMPLES)));
        let (js, sw): (Vec<_>, Vec<_>) = scores.unzip();
        Real { histogram, quantiles, js: Ideal::from_scores(&js), sw: Ideal::from_scores(&sw) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Source, checkerboard, line, moons, ring8};

    fn points(dataset: &crate::data::Dataset) -> &'static dyn PointSet {
        let Source::Points(points) = dataset.source else { panic!("{} has no points", dataset.name) };
        points
    }

    fn draw(set: &dyn PointSet, seed: u64, n: usize) -> Vec<[f64; 2]> {
        let mut rng = Rng::stream(seed, "independent");
        (0..n).map(|_| set.sample(&mut rng)).collect()
    }

    fn get<'a>(metrics: &'a [Metric], name: &str) -> &'a Metric {
        metrics.iter().find(|m| m.name == name).expect("the metric is there")
    }

    #[test]
    fn ideals_match_an_independent_simulation() {
        for dataset in [&ring8::DATASET, &line::DATASET, &moons::DATASET, &checkerboard::DATASET] {
            let set = points(dataset);
            let evaluator = PointEvaluator::new(set, 1);
            let runs = 30;
            let all: Vec<_> = (0..runs).map(|r| evaluator.evaluate(&draw(set, r, SAMPLES))).collect();
            for name in ["js", "sw"] {
                let seen = Ideal::from_scores(&all.iter().map(|m| get(m, name).value).collect::<Vec<_>>());
                let told = get(&all[0], name);
                let (ideal, spread) = (told.ideal.unwrap(), told.spread.unwrap());
                let error = spread * (1.0 / IDEAL_RUNS as f64 + 1.0 / runs as f64).sqrt();
                let label = format!("{name} of {}: {ideal} ± {spread} told, {seen:?} seen", dataset.name);
                assert!((ideal - seen.mean).abs() < 4.5 * error, "{label}");
                assert!((0.5..2.0).contains(&(spread / seen.spread)), "{label}");
            }
        }
    }

    #[test]
    fn a_collapsed_generator_is_far_above_the_ideal() {
        let evaluator = PointEvaluator::new(points(&ring8::DATASET), 7);
        let good = draw(points(&ring8::DATASET), 3, SAMPLES);
        let half: Vec<_> = good.iter().map(|x| [x[0].abs(), x[1].abs()]).collect();
        let metrics = evaluator.evaluate(&half);
        assert_eq!(
            metrics.iter().map(|m| m.name).collect::<Vec<_>>(),
            ["modes", "modes_pacgan", "hq", "rkl", "js", "sw"]
        );
        let covered = get(&metrics, "modes");
        assert_eq!((covered.value, covered.of, covered.ideal), (3.0, Some(8.0), Some(8.0)));
        assert_eq!(evaluator.modes_held(&half), Some(3));
        assert!((get(&metrics, "hq").value - 98.889).abs() < 1.0);
        // Folded into a quadrant: a quarter, a half and a quarter of the mass on three modes.
        let expected = 0.5 * 2.0_f64.ln() + 0.5 * 4.0_f64.ln();
        assert!((get(&metrics, "rkl").value - expected).abs() < 0.05);
        for name in ["rkl", "js", "sw"] {
            let m = get(&metrics, name);
            assert!(m.value > m.ideal.unwrap() + 20.0 * m.spread.unwrap(), "{m:?}");
        }
    }

    #[test]
    fn without_modes_there_is_no_mode_metric() {
        let set = points(&moons::DATASET);
        let evaluator = PointEvaluator::new(set, 0);
        let metrics = evaluator.evaluate(&draw(set, 1, 100));
        assert_eq!(metrics.iter().map(|m| m.name).collect::<Vec<_>>(), ["js", "sw"]);
        assert!(metrics.iter().all(|m| m.ideal.is_none() && m.spread.is_none()), "ideals hold for 2,500 samples only");
        assert_eq!(evaluator.modes_held(&[]), None);
    }

    #[test]
    fn empty_and_bad_samples_score_badly_and_finitely() {
        let evaluator = PointEvaluator::new(points(&ring8::DATASET), 0);
        for samples in [vec![], vec![[f64::NAN; 2]; SAMPLES], vec![[f64::INFINITY, -1e308]; 3]] {
            let metrics = evaluator.evaluate(&samples);
            assert!(metrics.iter().all(|m| m.value.is_finite()), "{metrics:?}");
            let values = ["modes", "hq", "rkl", "js"].map(|name| get(&metrics, name).value);
            assert_eq!(values, [0.0, 0.0, libm::log(8.0), 1.0]);
            assert!(get(&metrics, "sw").value > 1e4);
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_bits() {
        let set = points(&ring8::DATASET);
        let samples = draw(set, 1, SAMPLES);
        let once = |seed| PointEvaluator::new(set, seed).evaluate(&samples);
        assert_eq!(once(5), once(5));
        assert_ne!(once(5), once(6));
    }
}
