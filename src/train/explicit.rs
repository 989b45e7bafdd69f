//! Models with a density that can be written down, as programs: what every one of them shows and is measured by.
//!
//! They compute on the host, in 64 bits and in network units; what is shown and measured is in data units, where
//! log p(x) = log p(network) − 2 log(unit).

use std::cell::OnceCell;

use super::program::{Left, Loss, Losses, Move, Program, Worth};
use super::supply::Batch;
use super::visit::Visit;
use crate::data::{PointSet, Source};
use crate::experiment::{Experiment, SEED};
use crate::look::ask::Ask;
use crate::look::eye::{Eye, Report};
use crate::look::metrics::{Better, Metric};
use crate::look::panel::{FieldScale, Panel};
use crate::rng::Rng;
use crate::text::{Text, text};

/// A density over the plane that is learned, in network units.
pub trait Density {
    /// The moves of a step.
    fn moves(&self) -> Vec<Move>;

    /// Makes a move with the real rows that it wants; the mean negative log-likelihood of the samples it looked at, if it found
    /// that.
    fn play(&mut self, name: &str, real: &[[f64; 2]]) -> Option<f64>;

    /// log p(x); finite.
    fn log_density(&self, x: [f64; 2]) -> f64;

    /// A sample.
    fn sample(&self, rng: &mut Rng) -> [f64; 2];

    /// Shows all that outlives a step.
    fn visit(&mut self, visit: &mut dyn Visit);

    /// Whether it could have come to what it holds.
    fn is_sound(&self) -> bool;

    /// How many numbers it has learned.
    fn size(&self) -> usize;

    /// Goes on under other settings.
    fn tune(&mut self, now: &Experiment);
}

/// A density as a program.
pub struct Explicit<D> {
    density: D,
    points: &'static dyn PointSet,
    seed: u64,
    /// Those of a step.
    moves: Vec<Move>,
    /// The mean negative log-likelihood of the data themselves, in network units, where their density is known; found when it is
    /// first asked for.
    entropy: OnceCell<Option<f64>>,
}

/// Samples behind the data's entropy.
const ENTROPY: usize = 20_000;
/// The least log density that the field shows, below the greatest.
const DEPTH: f64 = 8.0;

/// What there is to know of the loss.
const LOSS: &str = "Mean over the training points of the last step, as the model stood before it, in the networks' units. The dashed line is that of the data's own density.";

/// What the samples are called.
const SAMPLES: Text = text("samples of the model", "模型的样本");

impl<D: Density> Explicit<D> {
    /// Of an experiment on points; `None` on other data, which such a family does not fit.
    pub fn new(density: D, experiment: &Experiment) -> Option<Self> {
        let Source::Points(points) = experiment.data.source else { return None };
        let moves = density.moves();
        Some(Self { density, points, seed: experiment.get(&SEED), moves, entropy: OnceCell::new() })
    }

    fn entropy(&self) -> Option<f64> {
        *self.entropy.get_or_init(|| {
            let (points, unit) = (self.points, self.points.scale().unit);
            let mut rng = Rng::stream(0, "entropy");
            let log = |x: [f64; 2]| Some(libm::log(points.density(x)?) + 2.0 * libm::log(unit));
            let sum: Option<f64> = (0..ENTROPY).map(|_| log(points.sample(&mut rng))).sum();
            sum.map(|sum| -sum / ENTROPY as f64)
        })
    }

    /// log p(x) in data units, of a point in these.
    fn log_density(&self, x: [f64; 2]) -> f64 {
        let scale = self.points.scale();
        self.density.log_density(scale.to_network(x)) - 2.0 * libm::log(scale.unit)
    }

    /// Samples in network units, row-major.
    fn draw(&self, count: usize, rng: &mut Rng) -> Vec<f32> {
        (0..count).flat_map(|_| self.density.sample(rng).map(|x| x as f32)).collect()
    }
}

impl<D: Density> Program for Explicit<D> {
    fn moves(&self) -> Vec<Move> {
        self.moves.clone()
    }

    fn play(&mut self, which: usize, batch: &Batch) -> Losses {
        let moved = &self.moves[which];
        let wanted = if moved.wants.is_empty() { &[][..] } else { batch.numbers(0) };
        let real: Vec<[f64; 2]> = wanted.chunks_exact(2).map(|x| [f64::from(x[0]), f64::from(x[1])]).collect();
        self.density.play(moved.name, &real).map(|loss| (0, Worth::Here(loss as f32))).into_iter().collect()
    }

    fn on_host(&self) -> bool {
        true
    }

    fn losses(&self) -> Vec<Loss> {
        let metric = ("loss_nll", "negative log-likelihood");
        vec![Loss { name: "NLL", metric, role: "generator", about: LOSS, equilibrium: self.entropy() }]
    }

    fn visit(&mut self, visit: &mut dyn Visit) {
        self.density.visit(visit);
    }

    fn is_sound(&mut self, _: u64) -> bool {
        self.density.is_sound()
    }

    fn tune(&mut self, now: &Experiment) {
        self.density.tune(now);
        self.moves = self.density.moves();
    }

    fn schedule(&mut self, _: &Experiment, _: Left) {}

    fn sizes(&self) -> Vec<(&'static str, usize)> {
        vec![("model", self.density.size())]
    }

    fn show<'a>(&'a self, eye: &'a Eye) -> Ask<'a, Vec<Panel>> {
        let values: Vec<f64> = eye.centres().into_iter().map(|x| self.log_density(x)).collect();
        let top = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let range = [(top - DEPTH).floor(), top.ceil()];
        let data = values.into_iter().map(|v| v.max(range[0]) as f32).collect();
        let scale = FieldScale { symbol: "log p(x)", range, level: None };
        let title = text("the model's log density, in nats", "模型的对数密度（奈特）");
        let mut rng = Rng::stream(self.seed, "shown");
        let samples = self.draw(eye.count(), &mut rng);
        let panels = eye.samples(SAMPLES, &samples, 0).into_iter().chain([eye.field(title, scale, data)]).collect();
        Ask::known(panels)
    }

    fn judge<'a>(&'a self, eye: &'a Eye) -> Ask<'a, Report> {
        let mut rng = Rng::stream(self.seed, "judged");
        let samples = self.draw(crate::look::metrics::points::SAMPLES, &mut rng);
        let mut report = eye.report(&samples);
        let held_out = eye.real();
        let mean = |log: &dyn Fn([f64; 2]) -> Option<f64>| -> Option<f64> {
            let sum: Option<f64> = held_out.iter().map(|&x| log(x)).sum();
            sum.map(|sum| sum / held_out.len() as f64)
        };
        let exact = mean(&|x| self.points.density(x).map(libm::log));
        if let Some(value) = mean(&|x| Some(self.log_density(x))) {
            report.metrics.push(Metric {
                name: "loglik",
                title: "Held-out log-likelihood",
                value,
                unit: "nats",
                of: None,
                ideal: exact,
                spread: None,
                better: Better::Higher,
                about: "The mean log density, per point in data units, at real points that the model has not seen. Beside it the same of the data's own density: a model can come above it only by luck.",
            });
        }
        report.signs.turns = [true, true];
        Ask::known(report)
    }

    fn sample(&self, count: usize, rng: &mut Rng) -> Ask<'_, Vec<f32>> {
        Ask::known(self.draw(count, rng))
    }

    fn probe(&self, point: [f32; 2]) -> Ask<'_, f32> {
        let x = self.points.scale().to_data(point.map(f64::from));
        Ask::known(self.log_density(x) as f32)
    }
}

/// A Gaussian in the plane, by its mean and covariance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gaussian {
    /// μ
    pub mean: [f64; 2],
    /// Σ, as Σ₀₀, Σ₀₁, Σ₁₁.
    pub covariance: [f64; 3],
}

/// log 2π
const LOG_TAU: f64 = 1.837_877_066_409_345_3;

impl Gaussian {
    /// N(0, I)
    pub const STANDARD: Self = Self { mean: [0.0; 2], covariance: [1.0, 0.0, 1.0] };

    /// That of maximum likelihood for weighted points, whose weights sum to more than 0; `floor` is added to both variances, so
    /// that a cloud of one point has a density too.
    pub fn fit(points: impl Iterator<Item = ([f64; 2], f64)> + Clone, floor: f64) -> Self {
        let total: f64 = points.clone().map(|(_, w)| w).sum();
        let mean = [0, 1].map(|k| points.clone().map(|(x, w)| w * x[k]).sum::<f64>() / total);
        let moment = |i: usize, j: usize| {
            points.clone().map(|(x, w)| w * (x[i] - mean[i]) * (x[j] - mean[j])).sum::<f64>() / total
        };
        Self { mean, covariance: [moment(0, 0) + floor, moment(0, 1), moment(1, 1) + floor] }
    }

    /// Σ₀₀Σ₁₁ − Σ₀₁²
    pub fn determinant(&self) -> f64 {
        let [a, b, c] = self.covariance;
        a * c - b * b
    }

    /// log p(x)
    pub fn log_density(&self, x: [f64; 2]) -> f64 {
        let [a, b, c] = self.covariance;
        let det = self.determinant();
        let [u, v] = [x[0] - self.mean[0], x[1] - self.mean[1]];
        -LOG_TAU - 0.5 * libm::log(det) - 0.5 * (c * u * u - 2.0 * b * u * v + a * v * v) / det
    }

    /// A sample, by the covariance's Cholesky factor.
    pub fn sample(&self, rng: &mut Rng) -> [f64; 2] {
        let [a, b, c] = self.covariance;
        let (u, v) = (rng.normal(), rng.normal());
        let root = a.sqrt();
        [self.mean[0] + root * u, self.mean[1] + b / root * u + (c - b * b / a).sqrt() * v]
    }

    /// Whether it is one: finite, with a covariance that is positive definite.
    pub fn is_sound(&self) -> bool {
        let numbers = self.mean.iter().chain(&self.covariance);
        numbers.into_iter().all(|x| x.is_finite()) && self.covariance[0] > 0.0 && self.determinant() > 0.0
    }

    /// Its numbers, one after the other.
    pub fn numbers(&self) -> [f64; 5] {
        let ([m, n], [a, b, c]) = (self.mean, self.covariance);
        [m, n, a, b, c]
    }

    /// From its numbers.
    pub fn from_numbers([m, n, a, b, c]: [f64; 5]) -> Self {
        Self { mean: [m, n], covariance: [a, b, c] }
    }
}

/// Points that SciPy was given too: what models make of them is compared with what it makes of them.
#[cfg(test)]
pub(crate) fn reference() -> Vec<[f64; 2]> {
    (0..40).map(|i| [f64::from((i * 37) % 64) / 16.0 - 2.0, f64::from((i * 23 + 5) % 64) / 16.0 - 2.0]).collect()
}

/// log Σ exp, of at least one number.
pub fn log_sum_exp(values: &[f64]) -> f64 {
    let top = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if top == f64::NEG_INFINITY {
        return top;
    }
    top + libm::log(values.iter().map(|v| libm::exp(v - top)).sum::<f64>())
}
