//! Numbers on the line, as they are seen: their densities, what D says of each, and how far the samples are.

use burn::tensor::{Device, Tensor};

use super::eye::{JUDGED_POINTS, SHOWN_POINTS};
use super::health::{Shape, Signs};
use super::metrics::Metric;
use super::metrics::line::LineEvaluator;
use super::panel::{Body, Function, Panel, Place};
use crate::data::LineSet;
use crate::nn::matrix;
use crate::rng::Rng;
use crate::text::text;

/// Places on the line at which functions are taken.
const GRID: usize = 240;
/// One in so many of the samples shown has a link to its noise.
const EACH: usize = 20;

/// What is seen of a distribution over the line.
pub struct LineData {
    set: &'static dyn LineSet,
    judge: LineEvaluator,
    /// Real samples on which D is judged, in network units, `[n, 1]`.
    pub(super) judged: Tensor<2>,
    /// Where functions are taken, in data units.
    xs: Vec<f64>,
    /// The same in network units, `[n, 1]`.
    pub map: Tensor<2>,
    spread: f64,
}

impl LineData {
    /// Of a dataset; `rng` draws what is judged.
    pub(super) fn new(set: &'static dyn LineSet, seed: u64, rng: &mut Rng, device: &Device) -> Self {
        let scale = set.scale();
        let sample: Vec<f64> = (0..JUDGED_POINTS).map(|_| set.sample(rng)).collect();
        let [x0, x1] = set.extent();
        let xs: Vec<f64> = (0..GRID).map(|i| x0 + (x1 - x0) * i as f64 / (GRID - 1) as f64).collect();
        let network = |x: &[f64]| matrix(x.iter().map(|&x| scale.to_network(x) as f32).collect(), 1, device);
        Self {
            set,
            judge: LineEvaluator::new(set, seed),
            judged: network(&sample),
            map: network(&xs),
            spread: deviation(&sample),
            xs,
        }
    }

    /// Both densities, what D says of each x, and what the best D would say, as a panel: the picture of the first paper (its
    /// figure 1). `said` is D's answer at each row of `map`, where that is a probability; `noise` is what the generated
    /// samples came from, where it has one dimension.
    pub fn graph(&self, generated: &[f32], said: Option<Vec<f32>>, noise: Option<&[f32]>) -> Panel {
        let samples = self.to_data(generated);
        let p: Vec<f64> = self.xs.iter().map(|&x| self.set.density(x)).collect();
        let q = estimate(&samples, &self.xs);
        let narrow = |values: &[f64]| values.iter().map(|&x| x as f32).collect::<Vec<f32>>();
        let function = |name, title, role, is_share, data| Function { name, title, role, is_share, data };
        let mut functions = vec![
            function("p(x)", text("density of the data", "数据的密度"), "real", false, narrow(&p)),
            function("q(x)", text("density of G's samples", "生成样本的密度"), "generated", false, narrow(&q)),
        ];
        if let Some(said) = said {
            functions.push(function("D(x)", text("what D says", "D 的判断"), "discriminator", true, said));
            // Where hardly anything lies it could say anything.
            let best = |(p, q): (&f64, &f64)| if p + q > 2e-3 { p / (p + q) } else { f64::NAN };
            let best: Vec<f64> = p.iter().zip(&q).map(best).collect();
            let title = text("what the best D would say: p / (p + q)", "最优的 D 会说：p / (p + q)");
            functions.push(function("D*(x)", title, "optimal", true, narrow(&best)));
        }
        let mut links: Vec<[f32; 2]> = match noise {
            Some(noise) => noise.iter().zip(&samples).take(SHOWN_POINTS).map(|(&z, &x)| [z, x as f32]).collect(),
            None => Vec::new(),
        };
        links.sort_unstable_by(|a, b| a[0].total_cmp(&b[0]));
        let links = links.into_iter().skip(EACH / 2).step_by(EACH).collect();
        let xs = narrow(&self.xs);
        let body = Body::Graph { xs, extent: self.set.extent(), functions, links };
        Panel {
            name: "graph",
            title: text("data, samples and D on the line", "直线上的数据、样本与 D"),
            place: Place::Stage,
            body,
        }
    }

    /// How generated samples, in network units, are spread.
    pub(super) fn shape(&self, generated: &[f32]) -> Shape {
        self.spread_of(&self.to_data(generated))
    }

    /// The metrics of generated samples, in network units, and what these alone tell of a run's health.
    pub(super) fn report(&self, generated: &[f32], signs: &mut Signs) -> Vec<Metric> {
        let samples = self.to_data(generated);
        let found = self.judge.evaluate(&samples);
        let metric = |name| found.iter().find(|m| m.name == name);
        signs.shape = self.spread_of(&samples);
        signs.distance = metric("w1").and_then(|m| Some(m.value / m.ideal?));
        signs.offset = metric("w1").map(|m| m.value / self.spread);
        found
    }

    fn to_data(&self, flat: &[f32]) -> Vec<f64> {
        let scale = self.set.scale();
        flat.iter().map(|&x| scale.to_data(f64::from(x))).collect()
    }

    fn spread_of(&self, samples: &[f64]) -> Shape {
        Shape { modes: None, spread: Some(deviation(samples) / self.spread).filter(|s| s.is_finite()) }
    }
}

/// Standard deviation of numbers.
fn deviation(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt()
}

/// An estimate of a density at evenly spaced `xs`, from samples: counted at the two nearest, and smoothed by a Gaussian of
/// Silverman's width.
fn estimate(samples: &[f64], xs: &[f64]) -> Vec<f64> {
    let (first, step) = (xs[0], xs[1] - xs[0]);
    let mut counts = vec![0.0; xs.len()];
    for x in samples {
        let at = (x - first) / step;
        if (0.0..(xs.len() - 1) as f64).contains(&at) {
            let (below, share) = (at as usize, at.fract());
            counts[below] += 1.0 - share;
            counts[below + 1] += share;
        }
    }
    let mut sorted: Vec<f64> = samples.iter().copied().filter(|x| x.is_finite()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let quantile = |q: f64| sorted.get((q * sorted.len() as f64) as usize).copied().unwrap_or(0.0);
    let narrow = deviation(&sorted).min((quantile(0.75) - quantile(0.25)) / 1.34);
    let width = 0.9 * narrow * libm::pow((sorted.len().max(1)) as f64, -0.2);
    // Narrower than the grid nothing is seen, and two humps are no reason for a wide one.
    let width = if width.is_finite() { width.clamp(step, 4.0 * step) } else { step };
    let reach = (4.0 * width / step).ceil() as usize;
    let kernel: Vec<f64> = (0..=reach).map(|k| libm::exp(-0.5 * (k as f64 * step / width).powi(2))).collect();
    let total: f64 = kernel[0] + 2.0 * kernel[1..].iter().sum::<f64>();
    let scale = 1.0 / (samples.len().max(1) as f64 * step * total);
    (0..xs.len())
        .map(|i| {
            let near = i.saturating_sub(reach)..(i + reach + 1).min(xs.len());
            scale * near.map(|j| counts[j] * kernel[i.abs_diff(j)]).sum::<f64>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Source, bimodal};

    #[test]
    fn the_estimated_density_is_near_the_true_one_and_integrates_to_one() {
        let Source::Line(set) = bimodal::DATASET.source else { unreachable!() };
        let mut rng = Rng::stream(4, "test");
        let samples: Vec<f64> = (0..4_000).map(|_| set.sample(&mut rng)).collect();
        let [x0, x1] = set.extent();
        let xs: Vec<f64> = (0..201).map(|i| x0 + (x1 - x0) * f64::from(i) / 200.0).collect();
        let found = estimate(&samples, &xs);
        let step = xs[1] - xs[0];
        let total: f64 = found.iter().sum::<f64>() * step;
        assert!((total - 1.0).abs() < 0.01, "{total}");
        let apart: f64 = found.iter().zip(&xs).map(|(q, &x)| (q - set.density(x)).abs() * step).sum();
        assert!(apart < 0.12, "{apart} of the mass is elsewhere");
        // All samples in one place, none at all, and none that is a number.
        for samples in [vec![1.0; 100], vec![], vec![f64::NAN; 3]] {
            assert!(estimate(&samples, &xs).iter().all(|q| q.is_finite()), "{samples:?}");
        }
    }
}
