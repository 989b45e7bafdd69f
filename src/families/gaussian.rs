//! A Gaussian by maximum likelihood: the simplest model that has a density.
//!
//! Its mean and covariance are those of all points seen so far (Bishop 2006, section 2.3.4): each step adds a batch to the
//! sums, and no step can be too large. What it cannot do is as plain: one ellipse, whatever the data.

use super::{Family, Turn};
use crate::data::{Dataset, Source};
use crate::experiment::{BATCH, Defaults, Experiment, Form};
use crate::message::Message;
use crate::rng::Rng;
use crate::text::text;
use crate::train::explicit::{Density, Explicit, Gaussian};
use crate::train::program::{Move, Want};
use crate::train::visit::Visit;
use crate::train::work::Work;

/// The family `gaussian`.
pub static FAMILY: Family = Family {
    form: Form {
        name: "gaussian", title: text("Gaussian", "高斯分布"), fields: &[&[&BATCH.field]], fits, titled: &[]
    },
    about: text(
        "One Gaussian, fitted by maximum likelihood in closed form: an explicit model to compare games with.",
        "一个高斯分布，用极大似然的闭式解拟合：可与博弈相比的显式模型。",
    ),
    paper: "Gauss, Theoria motus corporum coelestium, 1809; in closed form: Bishop, Pattern Recognition and Machine Learning, 2006, section 2.3.4",
    year: 1809,
    parent: None,
    moves: &[Turn {
        name: "fit",
        short: "p",
        only: text("Add a batch", "加入一批样本"),
        about: text("mean and covariance of all points seen so far", "至今所有样本的均值与协方差"),
        times: None,
    }],
    networks: |_| Vec::new(),
    work: |e| Work { flops: 20.0 * e.get(&BATCH) as f64, bytes: 1e6, product: 0, step: 30e-6, look: 20e-3 },
    build: |e, _| Box::new(Explicit::new(Fitted::new(e), e).expect("it fits points")),
};

const SLOW: [Defaults; 1] = [Defaults { since: 1, fields: &[("batch", "16")] }];

/// What every explicit model of the plane learns: points.
pub(super) fn fits(data: &'static Dataset) -> Result<Vec<&'static Defaults>, Message> {
    match data.source {
        Source::Points(_) => Ok(SLOW.iter().collect()),
        Source::Line(_) | Source::Images(_) => Err(Message::PointsOnly),
    }
}

struct Fitted {
    batch: usize,
    /// The number of points, Σx, and Σxxᵀ as its three numbers.
    sums: [f64; 6],
}

/// Added to both variances, in network units: a single point has a density too.
const FLOOR: f64 = 1e-6;

impl Fitted {
    fn new(e: &Experiment) -> Self {
        Self { batch: e.get(&BATCH) as usize, sums: [0.0; 6] }
    }

    fn model(&self) -> Gaussian {
        let [n, x, y, xx, xy, yy] = self.sums;
        if n == 0.0 {
            return Gaussian::STANDARD;
        }
        let [mx, my] = [x / n, y / n];
        // Rounding may leave a variance of next to nothing below 0.
        let variance = |square: f64, mean: f64| (square / n - mean * mean).max(0.0) + FLOOR;
        let (a, c) = (variance(xx, mx), variance(yy, my));
        let most = (1.0 - 1e-9) * (a * c).sqrt();
        Gaussian { mean: [mx, my], covariance: [a, (xy / n - mx * my).clamp(-most, most), c] }
    }
}

impl Density for Fitted {
    fn moves(&self) -> Vec<Move> {
        vec![Move { name: "fit", wants: vec![Want::Real { rows: self.batch }] }]
    }

    fn play(&mut self, _: &str, real: &[[f64; 2]]) -> Option<f64> {
        let before = self.model();
        let loss = -real.iter().map(|&x| before.log_density(x)).sum::<f64>() / real.len() as f64;
        for &[x, y] in real {
            for (sum, value) in self.sums.iter_mut().zip([1.0, x, y, x * x, x * y, y * y]) {
                *sum += value;
            }
        }
        Some(loss)
    }

    fn log_density(&self, x: [f64; 2]) -> f64 {
        self.model().log_density(x)
    }

    fn sample(&self, rng: &mut Rng) -> [f64; 2] {
        self.model().sample(rng)
    }

    fn visit(&mut self, visit: &mut dyn Visit) {
        let mut sums = self.sums.to_vec();
        visit.numbers("sums", &mut sums);
        self.sums = sums.try_into().unwrap_or([f64::NAN; 6]);
    }

    fn is_sound(&self) -> bool {
        self.sums.iter().all(|x| x.is_finite()) && self.sums[0] >= 0.0 && self.model().is_sound()
    }

    fn size(&self) -> usize {
        5
    }

    fn tune(&mut self, now: &Experiment) {
        self.batch = now.get(&BATCH) as usize;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::explicit::reference;

    #[test]
    fn it_is_the_maximum_of_the_likelihood() {
        let mut rng = Rng::stream(3, "test");
        let points: Vec<[f64; 2]> = (0..500).map(|_| [rng.normal(), 0.3 * rng.normal() + 0.5]).collect();
        let mut fitted = Fitted { batch: 100, sums: [0.0; 6] };
        points.chunks(100).for_each(|batch| assert!(fitted.play("fit", batch).is_some()));
        let direct = Gaussian::fit(points.iter().map(|&x| (x, 1.0)), FLOOR);
        for (a, b) in fitted.model().numbers().iter().zip(direct.numbers()) {
            assert!((a - b).abs() < 1e-12, "{a}, {b}");
        }
        let likelihood = |g: &Gaussian| points.iter().map(|&x| g.log_density(x)).sum::<f64>();
        let best = likelihood(&direct);
        for i in 0..5 {
            for by in [-1e-3, 1e-3] {
                let mut other = direct.numbers();
                other[i] += by;
                assert!(likelihood(&Gaussian::from_numbers(other)) < best, "number {i} by {by}");
            }
        }
    }

    /// NumPy 2 and SciPy 1's `multivariate_normal`.
    #[test]
    fn it_is_that_of_scipy() {
        let g = Gaussian::fit(reference().into_iter().map(|x| (x, 1.0)), 0.0);
        let expected = [-0.00625, -0.05625, 1.358_945_312_5, 0.140_273_437_5, 1.363_632_812_5];
        assert!(g.numbers().iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9), "{g:?}");
        for (x, log) in
            [([0.25, -0.5], -2.247_066_201_7), ([1.5, 1.0], -3.276_434_238_7), ([-2.0, 0.125], -3.659_034_796_5)]
        {
            assert!((g.log_density(x) - log).abs() < 1e-9, "{x:?}: {}", g.log_density(x));
        }
    }

    #[test]
    fn a_density_sums_to_one_and_its_samples_follow_it() {
        let g = Gaussian { mean: [0.3, -0.2], covariance: [0.5, 0.2, 0.3] };
        let (n, side) = (200, 8.0);
        let cell = side / n as f64;
        let at = |i: usize| (i as f64 + 0.5) * cell - side / 2.0;
        let total: f64 = (0..n * n).map(|i| libm::exp(g.log_density([at(i % n), at(i / n)])) * cell * cell).sum();
        assert!((total - 1.0).abs() < 1e-6, "{total}");
        let mut rng = Rng::stream(1, "test");
        let samples: Vec<[f64; 2]> = (0..50_000).map(|_| g.sample(&mut rng)).collect();
        let found = Gaussian::fit(samples.iter().map(|&x| (x, 1.0)), 0.0);
        assert!(found.numbers().iter().zip(g.numbers()).all(|(a, b)| (a - b).abs() < 0.01), "{found:?}");
    }
}
