//! The metrics of a dataset on the line.

use std::sync::OnceLock;

use super::jensen_shannon::jensen_shannon;
use super::points::SAMPLES;
use super::{Better, Ideal, Metric};
use crate::data::LineSet;
use crate::rng::Rng;

/// Cells of the Jensen–Shannon histogram, and one for all outside.
const BINS: usize = 60;
/// The real sample behind histogram and quantiles.
const REFERENCE: usize = 40 * SAMPLES;
/// Independent real samples behind each ideal.
const IDEAL_RUNS: usize = 24;

const JENSEN_SHANNON: &str = "Both samples counted in 60 cells of the line.";
const WASSERSTEIN: &str =
    "How far mass must move on average, in data units: the area between the two distribution functions.";

/// Evaluates generated numbers against one dataset.
pub struct LineEvaluator {
    set: &'static dyn LineSet,
    seed: u64,
    real: OnceLock<Real>,
}

struct Real {
    histogram: Vec<f64>,
    /// [`SAMPLES`] of them, in order.
    quantiles: Vec<f64>,
    js: Ideal,
    w1: Ideal,
}

impl LineEvaluator {
    /// An evaluator whose real samples come from the stream "evaluation/real" of `seed`. The work is done at the first
    /// [`LineEvaluator::evaluate`].
    pub fn new(set: &'static dyn LineSet, seed: u64) -> Self {
        Self { set, seed, real: OnceLock::new() }
    }

    /// Both metrics of [`SAMPLES`] samples, in data units.
    pub fn evaluate(&self, samples: &[f64]) -> Vec<Metric> {
        let real = self.real.get_or_init(|| self.prepare());
        let (js, w1) = self.distances(&real.histogram, &real.quantiles, samples);
        let metric = |name, title, value, unit, ideal: Ideal, about| {
            let better = Better::Lower;
            Metric { name, title, value, unit, of: None, ideal: None, spread: None, better, about }
                .with_ideal(Some(ideal))
        };
        vec![
            metric("js", "Jensen–Shannon divergence", js, "bits", real.js, JENSEN_SHANNON),
            metric("w1", "Wasserstein distance", w1, "", real.w1, WASSERSTEIN),
        ]
    }

    fn distances(&self, histogram: &[f64], quantiles: &[f64], samples: &[f64]) -> (f64, f64) {
        let [x0, x1] = self.set.extent();
        let reach = 1e6 * (x1 - x0);
        // What is not finite, or absurdly far, is enormously far.
        let tame = |x: &f64| if x.is_nan() { x1 + reach } else { x.clamp(x0 - reach, x1 + reach) };
        let mut sorted: Vec<f64> = samples.iter().map(tame).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        (jensen_shannon(&self.histogram(samples), histogram), wasserstein(&sorted, quantiles))
    }

    fn histogram(&self, samples: &[f64]) -> Vec<f64> {
        let [x0, x1] = self.set.extent();
        let mut counts = vec![0.0; BINS + 1];
        for x in samples {
            let cell = (x - x0) / (x1 - x0) * BINS as f64;
            counts[if (0.0..BINS as f64).contains(&cell) { cell as usize } else { BINS }] += 1.0;
        }
        counts
    }

    fn prepare(&self) -> Real {
        let mut rng = Rng::stream(self.seed, "evaluation/real");
        let mut draw = |n: usize| -> Vec<f64> { (0..n).map(|_| self.set.sample(&mut rng)).collect() };
        let mut sample = draw(REFERENCE);
        let histogram = self.histogram(&sample);
        sample.sort_unstable_by(f64::total_cmp);
        let run = REFERENCE / SAMPLES;
        let quantiles: Vec<f64> = sample.chunks_exact(run).map(|c| c.iter().sum::<f64>() / run as f64).collect();
        let scores = (0..IDEAL_RUNS).map(|_| self.distances(&histogram, &quantiles, &draw(SAMPLES)));
        let (js, w1): (Vec<_>, Vec<_>) = scores.unzip();
        Real { histogram, quantiles, js: Ideal::from_scores(&js), w1: Ideal::from_scores(&w1) }
    }
}

/// W₁ of two sorted samples of one size: the mean distance of those of one rank.
fn wasserstein(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).sum::<f64>() / a.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Source, bimodal};

    #[test]
    fn a_shift_is_as_far_as_it_is_and_the_data_are_ideal() {
        let Source::Line(set) = bimodal::DATASET.source else { unreachable!() };
        let evaluator = LineEvaluator::new(set, 3);
        let mut rng = Rng::stream(9, "test");
        let real: Vec<f64> = (0..SAMPLES).map(|_| set.sample(&mut rng)).collect();
        for metric in evaluator.evaluate(&real) {
            let (ideal, spread) = (metric.ideal.unwrap(), metric.spread.unwrap());
            assert!(
                (metric.value - ideal).abs() < 5.0 * spread,
                "{}: {} of {ideal} ± {spread}",
                metric.name,
                metric.value
            );
        }
        let shifted: Vec<f64> = real.iter().map(|x| x + 0.7).collect();
        let found = evaluator.evaluate(&shifted)[1].value;
        assert!((found - 0.7).abs() < 0.1, "{found}");
        let lost = evaluator.evaluate(&[f64::NAN; SAMPLES]);
        assert!(lost.iter().all(|m| m.value.is_finite()) && lost[0].value > 0.99);
    }
}
