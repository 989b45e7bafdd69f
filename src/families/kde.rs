//! Kernel density estimation (Rosenblatt 1956, Parzen 1962): a small Gaussian on every point that was seen.
//!
//! The kernels have the shape of the points' covariance, scaled by h²: by Scott's rule h = n^(−1/6) in the plane (Scott 1992),
//! which equals Silverman's there, or by the h that makes each point most likely under the kernels of all others.

use super::{Family, Turn};
use crate::data::{Dataset, Source};
use crate::experiment::{BATCH, Choice, Defaults, Effect, Experiment, Field, Form, Group, Kind, Typed, choice, named};
use crate::message::Message;
use crate::rng::Rng;
use crate::text::text;
use crate::train::explicit::{Density, Explicit, Gaussian, log_sum_exp};
use crate::train::program::{Move, Want};
use crate::train::visit::Visit;
use crate::train::work::Work;

use super::mixture::POINTS;

/// How wide the kernels are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bandwidth {
    /// By the number of points alone.
    Scott,
    /// By leave-one-out likelihood.
    LeaveOneOut,
}

impl Bandwidth {
    const CHOICES: [Choice; 2] = [
        Choice {
            value: "scott",
            title: text("Scott's rule", "Scott 法则"),
            about: text(
                "n^(−1/6) of the spread of all points: right for one cloud, far too wide for several",
                "全体点展布的 n^(−1/6)：对单个团合适，对多个团太宽",
            ),
        },
        Choice {
            value: "loo",
            title: text("leave-one-out likelihood", "留一似然"),
            about: text(
                "what makes each point most likely under the kernels of all others",
                "使每个点在其余各点的核之下最可能",
            ),
        },
    ];
}

named!(Bandwidth: Scott, LeaveOneOut);

/// How the kernels' width is found.
pub static BANDWIDTH: Typed<Bandwidth> = choice(Field {
    name: "bandwidth",
    title: text("Bandwidth", "带宽"),
    about: text("How the width of the kernels is found.", "核的宽度如何确定。"),
    group: Group::Game,
    kind: Kind::Choice(|| Bandwidth::CHOICES.to_vec()),
    default: "loo",
    only: &[],
    effect: Effect::Live,
});

/// The family `kde`.
pub static FAMILY: Family = Family {
    form: Form {
        name: "kde",
        title: text("Kernel density", "核密度估计"),
        fields: &[&[&POINTS.field, &BANDWIDTH.field, &BATCH.field]],
        fits,
        titled: &[&BANDWIDTH.field],
    },
    about: text(
        "A small Gaussian on every point that was seen: nothing is fitted but one width.",
        "在每个见过的点上放一个小高斯：要确定的只有一个宽度。",
    ),
    paper: "Parzen, On estimation of a probability density function and mode, 1962",
    year: 1962,
    parent: None,
    moves: &[
        Turn {
            name: "add",
            short: "+",
            only: text("Only add points", "只加点"),
            about: text("a kernel on each of a few more points", "在更多的点上各放一个核"),
            times: None,
        },
        Turn {
            name: "width",
            short: "h",
            only: text("Only find the width", "只定宽度"),
            about: text("the kernels' common width", "各核共同的宽度"),
            times: None,
        },
    ],
    networks: |_| Vec::new(),
    work: |e| {
        let n = e.get(&POINTS) as f64;
        let pairs = if e.get(&BANDWIDTH) == Bandwidth::LeaveOneOut { 1.5 * n * n } else { 0.0 };
        let look = 10e-3 + (2_304.0 + 1_024.0) * n * 30e-9;
        Work { flops: 10.0 * pairs + 1e3, bytes: 1e6 + 100.0 * n, product: 0, step: 20e-6 + 30e-9 * pairs, look }
    },
    build: |e, _| Box::new(Explicit::new(Kernels::new(e), e).expect("it fits points")),
};

const FEW: [Defaults; 1] = [Defaults { since: 1, fields: &[("points", "500"), ("batch", "10")] }];

fn fits(data: &'static Dataset) -> Result<Vec<&'static Defaults>, Message> {
    match data.source {
        Source::Points(_) => Ok(FEW.iter().collect()),
        Source::Line(_) | Source::Images(_) => Err(Message::PointsOnly),
    }
}

struct Kernels {
    batch: usize,
    most: usize,
    bandwidth: Bandwidth,
    points: Vec<[f64; 2]>,
    /// h, in what the points spread.
    width: f64,
    /// By how much log h is moved, at most, in search of the likeliest.
    stride: f64,
    /// The kernel, from points and width.
    kernel: Gaussian,
}

/// Added to both variances of the points, in network units.
const FLOOR: f64 = 1e-6;
/// Where the search begins and ends.
const STRIDES: [f64; 2] = [0.3, 1e-5];

impl Kernels {
    fn new(e: &Experiment) -> Self {
        let mut kernels = Self {
            batch: 1,
            most: 1,
            bandwidth: Bandwidth::Scott,
            points: Vec::new(),
            width: 1.0,
            stride: STRIDES[0],
            kernel: Gaussian::STANDARD,
        };
        kernels.tune(e);
        kernels
    }

    /// The kernel of a width: the points' covariance, scaled.
    fn kernel(&self, width: f64) -> Gaussian {
        if self.points.len() < 2 {
            return Gaussian::STANDARD;
        }
        // With n − 1, as SciPy has it.
        let n = self.points.len() as f64;
        let all = Gaussian::fit(self.points.iter().map(|&x| (x, 1.0)), FLOOR);
        let scale = width * width * n / (n - 1.0);
        Gaussian { mean: [0.0; 2], covariance: all.covariance.map(|c| c * scale) }
    }

    /// The mean log-likelihood of each point under the kernels of all others, for a width.
    fn left_out(&self, width: f64) -> f64 {
        let (kernel, n) = (self.kernel(width), self.points.len());
        let [a, b, c] = kernel.covariance;
        let det = kernel.determinant();
        let [p, q, r] = [c / det, b / det, a / det].map(|x| 0.5 * x);
        let mut sums = vec![0.0; n];
        for i in 1..n {
            for j in 0..i {
                let [u, v] = [0, 1].map(|axis| self.points[i][axis] - self.points[j][axis]);
                let value = libm::exp(-(p * u * u - 2.0 * q * u * v + r * v * v));
                sums[i] += value;
                sums[j] += value;
            }
        }
        let norm = kernel.log_density([0.0; 2]) - libm::log((n - 1) as f64);
        // A point that all others are out of reach of is as unlikely as can be told.
        sums.iter().map(|sum| libm::log(sum.max(f64::MIN_POSITIVE)) + norm).sum::<f64>() / n as f64
    }

    /// Moves the width: to what the rule says, or a stride towards the likeliest.
    fn find_width(&mut self) {
        let n = self.points.len();
        if n < 3 {
            return;
        }
        match self.bandwidth {
            Bandwidth::Scott => self.width = scott(n),
            Bandwidth::LeaveOneOut if self.stride > STRIDES[1] => {
                let tries = [-self.stride, 0.0, self.stride].map(|by| self.width * libm::exp(by));
                let found = tries.map(|width| self.left_out(width));
                let best = (0..3).max_by(|&i, &j| found[i].total_cmp(&found[j])).unwrap_or(1);
                self.width = tries[best];
                if best == 1 {
                    self.stride /= 2.0;
                }
            }
            Bandwidth::LeaveOneOut => {}
        }
    }
}

/// Scott's rule in the plane.
fn scott(n: usize) -> f64 {
    libm::pow(n as f64, -1.0 / 6.0)
}

impl Density for Kernels {
    fn moves(&self) -> Vec<Move> {
        vec![
            Move { name: "add", wants: vec![Want::Real { rows: self.batch }] },
            Move { name: "width", wants: Vec::new() },
        ]
    }

    fn play(&mut self, name: &str, real: &[[f64; 2]]) -> Option<f64> {
        if name == "width" {
            self.find_width();
            self.kernel = self.kernel(self.width);
            return None;
        }
        let loss = -real.iter().map(|&x| self.log_density(x)).sum::<f64>() / real.len() as f64;
        let room = self.most.saturating_sub(self.points.len()).min(real.len());
        if room > 0 {
            self.points.extend(&real[..room]);
            // More points, another width.
            self.stride = self.stride.max(STRIDES[0] / 4.0);
            if self.points.len() == room && self.bandwidth == Bandwidth::LeaveOneOut {
                (self.width, self.stride) = (scott(room), STRIDES[0]);
            }
            self.kernel = self.kernel(self.width);
        }
        Some(loss)
    }

    fn log_density(&self, x: [f64; 2]) -> f64 {
        if self.points.is_empty() {
            return Gaussian::STANDARD.log_density(x);
        }
        let parts: Vec<f64> = self.points.iter().map(|p| self.kernel.log_density([x[0] - p[0], x[1] - p[1]])).collect();
        log_sum_exp(&parts) - libm::log(self.points.len() as f64)
    }

    fn sample(&self, rng: &mut Rng) -> [f64; 2] {
        let by = self.kernel.sample(rng);
        if self.points.is_empty() {
            return by;
        }
        let at = self.points[rng.below(self.points.len())];
        [at[0] + by[0], at[1] + by[1]]
    }

    fn visit(&mut self, visit: &mut dyn Visit) {
        let mut numbers: Vec<f64> = self.points.iter().flatten().copied().collect();
        visit.numbers("points", &mut numbers);
        self.points = numbers.as_chunks::<2>().0.to_vec();
        let mut width = vec![self.width, self.stride];
        visit.numbers("width", &mut width);
        [self.width, self.stride] = width.try_into().unwrap_or([f64::NAN; 2]);
        self.kernel = self.kernel(self.width);
    }

    fn is_sound(&self) -> bool {
        let finite = self.points.iter().flatten().all(|x| x.is_finite());
        finite && self.points.len() <= self.most && self.width > 0.0 && self.stride > 0.0 && self.kernel.is_sound()
    }

    fn size(&self) -> usize {
        2 * self.points.len() + 1
    }

    fn tune(&mut self, now: &Experiment) {
        self.batch = now.get(&BATCH) as usize;
        self.most = now.get(&POINTS) as usize;
        if self.bandwidth != now.get(&BANDWIDTH) {
            self.bandwidth = now.get(&BANDWIDTH);
            self.stride = STRIDES[0];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link;
    use crate::train::explicit::reference;

    fn kernels(bandwidth: &str) -> Kernels {
        let (e, problems) = link::parse(&format!("family=kde&bandwidth={bandwidth}&points=40"));
        assert_eq!(problems, []);
        let mut kernels = Kernels::new(&e);
        kernels.play("add", &reference());
        kernels
    }

    /// SciPy 1's `gaussian_kde` with its own rule, and the maximum of the same likelihood by its `minimize_scalar`.
    #[test]
    fn it_is_that_of_scipy() {
        let mut rule = kernels("scott");
        rule.play("width", &[]);
        assert!((rule.width - 0.540_741_873_6).abs() < 1e-9);
        for (x, log) in
            [([0.25, -0.5], -2.690_356_266_3), ([1.5, 1.0], -3.023_919_128_6), ([-2.0, 0.125], -3.422_966_234_5)]
        {
            // The floor under the variances is a millionth.
            assert!((rule.log_density(x) - log).abs() < 1e-5, "{x:?}: {}", rule.log_density(x));
        }
        let mut likeliest = kernels("loo");
        for _ in 0..60 {
            likeliest.play("width", &[]);
        }
        assert!((rule.left_out(rule.width) + 3.287_605_485_7).abs() < 1e-5);
        assert!((likeliest.left_out(likeliest.width) + 3.285_793_793_9).abs() < 1e-5);
        assert!((likeliest.width - 0.577_552_87).abs() < 1e-3, "{}", likeliest.width);
    }

    #[test]
    fn no_more_points_are_kept_than_asked_for() {
        let e = link::parse("family=kde&points=100&batch=30").0;
        let mut kernels = Kernels::new(&e);
        for _ in 0..5 {
            let batch: Vec<[f64; 2]> = reference().into_iter().take(30).collect();
            assert!(kernels.play("add", &batch).is_some());
        }
        assert_eq!(kernels.points.len(), 100);
    }
}
