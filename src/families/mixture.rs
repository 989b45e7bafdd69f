//! A mixture of Gaussians by expectation and maximisation (Dempster, Laird and Rubin 1977).
//!
//! A fixed set of training points; k-means++ (Arthur and Vassilvitskii 2007) chooses where the components begin. The E step finds
//! how much of each point is due to each component, the M step fits the components to that: the likelihood of the training
//! points never falls.

use super::{Family, Turn};
use crate::data::{Dataset, Source};
use crate::experiment::{Defaults, Effect, Experiment, Field, Form, Group, Kind, SEED, Typed, integer};
use crate::message::Message;
use crate::rng::Rng;
use crate::text::text;
use crate::train::explicit::{Density, Explicit, Gaussian, log_sum_exp};
use crate::train::program::Move;
use crate::train::visit::Visit;
use crate::train::work::Work;

/// How many Gaussians.
pub static COMPONENTS: Typed<u64> = integer(Field {
    name: "k",
    title: text("Components", "分量数"),
    about: text("How many Gaussians the mixture has.", "混合模型中高斯分布的个数。"),
    group: Group::Game,
    kind: Kind::Integer { min: 1, max: 64 },
    default: "8",
    only: &[],
    effect: Effect::Anew,
});

/// How many training points.
pub static POINTS: Typed<u64> = integer(Field {
    name: "points",
    title: text("Training points", "训练点数"),
    about: text("How many real points the model is fitted to.", "用多少个真实点来拟合模型。"),
    group: Group::Data,
    kind: Kind::Integer { min: 2, max: 5_000 },
    default: "2000",
    only: &[],
    effect: Effect::Anew,
});

/// The family `mixture`.
pub static FAMILY: Family = Family {
    form: Form {
        name: "mixture",
        title: text("Mixture of Gaussians", "高斯混合"),
        fields: &[&[&POINTS.field, &COMPONENTS.field]],
        fits,
        titled: &[],
    },
    about: text(
        "Several Gaussians, fitted by expectation and maximisation: each step makes the training points more likely.",
        "若干高斯分布，用 EM 算法拟合：每一步都使训练点的似然上升。",
    ),
    paper: "Dempster, Laird and Rubin, Maximum likelihood from incomplete data via the EM algorithm, 1977",
    year: 1977,
    parent: Some("gaussian"),
    moves: &[
        Turn {
            name: "e",
            short: "E",
            only: text("Only the E step", "只做 E 步"),
            about: text("E: how much of each point is due to each component", "E：每个点各由哪个分量负责多少"),
            times: None,
        },
        Turn {
            name: "m",
            short: "M",
            only: text("Only the M step", "只做 M 步"),
            about: text("M: each component fitted to its share of the points", "M：每个分量拟合它负责的点"),
            times: None,
        },
    ],
    networks: |_| Vec::new(),
    work: |e| {
        let pairs = e.get(&POINTS) as f64 * e.get(&COMPONENTS) as f64;
        let look = 10e-3 + (2_304.0 + 1_024.0) * e.get(&COMPONENTS) as f64 * 40e-9;
        Work { flops: 60.0 * pairs, bytes: 1e6 + 40.0 * pairs, product: 0, step: 20e-6 + 80e-9 * pairs, look }
    },
    build: |e, _| Box::new(Explicit::new(Mixture::new(e), e).expect("it fits points")),
};

const GRID: [Defaults; 1] = [Defaults { since: 1, fields: &[("k", "25"), ("points", "4000")] }];
const TWO: [Defaults; 1] = [Defaults { since: 1, fields: &[("k", "2")] }];
const THREE: [Defaults; 1] = [Defaults { since: 1, fields: &[("k", "3")] }];
const CURVED: [Defaults; 1] = [Defaults { since: 1, fields: &[("k", "16")] }];

fn fits(data: &'static Dataset) -> Result<Vec<&'static Defaults>, Message> {
    let Source::Points(_) = data.source else { return Err(Message::PointsOnly) };
    let own: &[Defaults] = match data.name {
        "grid25" => &GRID,
        "gaussians" => &TWO,
        "disjoint" => &THREE,
        "ring8" | "pacring" | "checkerboard" => &[],
        _ => &CURVED,
    };
    Ok(own.iter().collect())
}

struct Mixture {
    /// The training points, in network units. They follow from the experiment.
    points: Vec<[f64; 2]>,
    /// Weight and Gaussian of each component.
    components: Vec<(f64, Gaussian)>,
    /// Of each point, the share of each component; empty before the first E step.
    shares: Vec<f64>,
}

/// Added to both variances, in network units: a component of one point has a density too.
const FLOOR: f64 = 1e-5;
/// Rounds of k-means after its choice of centres.
const ROUNDS: usize = 1;

impl Mixture {
    fn new(e: &Experiment) -> Self {
        let Source::Points(set) = e.data.source else { unreachable!("it fits points") };
        let (mut data, scale) = (Rng::stream(e.get(&SEED), "data"), set.scale());
        // As the page's other families see them: through 32 bits.
        let point = |_| scale.to_network(set.sample(&mut data)).map(|x| f64::from(x as f32));
        let points: Vec<[f64; 2]> = (0..e.get(&POINTS)).map(point).collect();
        let components = begin(&points, e.get(&COMPONENTS) as usize, &mut Rng::stream(e.get(&SEED), "init"));
        Self { points, components, shares: Vec::new() }
    }

    /// log wₖ + log pₖ(x) of each component.
    fn parts(&self, x: [f64; 2]) -> Vec<f64> {
        self.components.iter().map(|(weight, g)| libm::log(*weight) + g.log_density(x)).collect()
    }

    /// Finds the shares; the mean negative log-likelihood.
    fn expect(&mut self) -> f64 {
        let mut total = 0.0;
        let mut shares = Vec::with_capacity(self.points.len() * self.components.len());
        for &x in &self.points {
            let parts = self.parts(x);
            let all = log_sum_exp(&parts);
            total += all;
            shares.extend(parts.iter().map(|part| libm::exp(part - all)));
        }
        self.shares = shares;
        -total / self.points.len() as f64
    }

    /// Fits the components to their shares.
    fn maximise(&mut self) {
        let k = self.components.len();
        if self.shares.len() != k * self.points.len() {
            return;
        }
        for (i, (weight, gaussian)) in self.components.iter_mut().enumerate() {
            let mine = self.points.iter().zip(self.shares[i..].iter().step_by(k)).map(|(&x, &share)| (x, share));
            let total: f64 = mine.clone().map(|(_, share)| share).sum();
            *weight = (total / self.points.len() as f64).max(f64::MIN_POSITIVE);
            // One that nothing is due to stays where it is.
            if total > 1e-9 {
                *gaussian = Gaussian::fit(mine, FLOOR);
            }
        }
        self.shares.clear();
    }
}

/// Components around centres that k-means++ chose.
fn begin(points: &[[f64; 2]], k: usize, rng: &mut Rng) -> Vec<(f64, Gaussian)> {
    let distance = |a: [f64; 2], b: [f64; 2]| (a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2);
    let mut centres = vec![points[rng.below(points.len())]];
    let mut nearest: Vec<f64> = points.iter().map(|&x| distance(x, centres[0])).collect();
    while centres.len() < k {
        // A point is chosen as likely as it is far, squared.
        let mut left = rng.uniform() * nearest.iter().sum::<f64>();
        let chosen = nearest.iter().position(|d| {
            left -= d;
            left < 0.0
        });
        let centre = points[chosen.unwrap_or(points.len() - 1)];
        centres.push(centre);
        nearest.iter_mut().zip(points).for_each(|(d, &x)| *d = d.min(distance(x, centre)));
    }
    let closest = |x: [f64; 2], centres: &[[f64; 2]]| {
        let far = |i: &usize, j: &usize| distance(x, centres[*i]).total_cmp(&distance(x, centres[*j]));
        (0..centres.len()).min_by(far).unwrap_or(0)
    };
    for _ in 0..ROUNDS {
        let owner: Vec<usize> = points.iter().map(|&x| closest(x, &centres)).collect();
        for (i, centre) in centres.iter_mut().enumerate() {
            let mine = || points.iter().zip(&owner).filter(|(_, owner)| **owner == i).map(|(x, _)| x);
            let count = mine().count();
            if count > 0 {
                *centre = [0, 1].map(|axis| mine().map(|x| x[axis]).sum::<f64>() / count as f64);
            }
        }
    }
    // Wide at first: the middle of the way to the nearest other, or the spread of all where there is none.
    let all = Gaussian::fit(points.iter().map(|&x| (x, 1.0)), FLOOR);
    centres
        .iter()
        .map(|&mean| {
            let others = centres.iter().filter(|other| **other != mean).map(|&other| distance(mean, other));
            let apart = others.fold(f64::INFINITY, f64::min);
            let spread = (all.covariance[0] + all.covariance[2]) / 2.0;
            let variance = (apart / 4.0).min(spread).max(FLOOR);
            (1.0 / k as f64, Gaussian { mean, covariance: [variance, 0.0, variance] })
        })
        .collect()
}

impl Density for Mixture {
    fn moves(&self) -> Vec<Move> {
        ["e", "m"].map(|name| Move { name, wants: Vec::new() }).to_vec()
    }

    fn play(&mut self, name: &str, _: &[[f64; 2]]) -> Option<f64> {
        if name == "e" {
            return Some(self.expect());
        }
        self.maximise();
        None
    }

    fn log_density(&self, x: [f64; 2]) -> f64 {
        log_sum_exp(&self.parts(x)).max(f64::MIN)
    }

    fn sample(&self, rng: &mut Rng) -> [f64; 2] {
        let mut left = rng.uniform() * self.components.iter().map(|(weight, _)| weight).sum::<f64>();
        let chosen = self.components.iter().find(|(weight, _)| {
            left -= weight;
            left < 0.0
        });
        chosen.or(self.components.last()).map_or([0.0; 2], |(_, gaussian)| gaussian.sample(rng))
    }

    fn visit(&mut self, visit: &mut dyn Visit) {
        let numbers = |(weight, g): &(f64, Gaussian)| std::iter::once(*weight).chain(g.numbers()).collect::<Vec<_>>();
        let mut all: Vec<f64> = self.components.iter().flat_map(numbers).collect();
        visit.numbers("components", &mut all);
        let (six, _) = all.as_chunks::<6>();
        self.components = six.iter().map(|&[w, m, n, a, b, c]| (w, Gaussian::from_numbers([m, n, a, b, c]))).collect();
        visit.numbers("shares", &mut self.shares);
    }

    fn is_sound(&self) -> bool {
        let whole = self.shares.is_empty() || self.shares.len() == self.components.len() * self.points.len();
        let share = |share: &f64| (0.0..=1.0 + 1e-9).contains(share);
        whole
            && !self.components.is_empty()
            && self.components.iter().all(|(w, g)| *w > 0.0 && *w <= 1.0 + 1e-9 && g.is_sound())
            && self.shares.iter().all(share)
    }

    fn size(&self) -> usize {
        6 * self.components.len() - 1
    }

    fn tune(&mut self, _: &Experiment) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link;
    use crate::train::explicit::reference;

    fn mixture(link: &str) -> Mixture {
        Mixture::new(&link::parse(link).0)
    }

    #[test]
    fn the_likelihood_never_falls() {
        for data in ["ring8", "grid25", "moons", "gaussians", "checkerboard", "spirals"] {
            for seed in 1..4 {
                let mut m = mixture(&format!("family=mixture&data={data}&seed={seed}&points=500"));
                let mut last = f64::INFINITY;
                for step in 0..60 {
                    let loss = m.expect();
                    // The floor under the variances costs next to nothing of the likelihood.
                    assert!(loss <= last + 1e-4, "{data}, seed {seed}, step {step}: {last} to {loss}");
                    last = loss;
                    m.maximise();
                }
            }
        }
    }

    /// Twenty-five rounds written with NumPy and SciPy's `multivariate_normal`, from the same beginning.
    #[test]
    fn it_is_that_of_scipy() {
        let begin = |x| (0.5, Gaussian { mean: [x, 0.0], ..Gaussian::STANDARD });
        let mut m = Mixture { points: reference(), components: vec![begin(-1.0), begin(1.0)], shares: Vec::new() };
        let mut losses = Vec::new();
        for _ in 0..25 {
            losses.push(m.expect());
            m.maximise();
        }
        assert!(
            (losses[0] - 3.186_623_713_0).abs() < 1e-9 && (losses[24] - 3.064_664_987_4).abs() < 1e-9,
            "{losses:?}"
        );
        let (weight, g) = m.components[0];
        let found: Vec<f64> = std::iter::once(weight).chain(g.numbers()).collect();
        let expected =
            [0.448_866_825_4, -1.072_707_335_2, -0.107_370_461_0, 0.371_741_074_1, -0.009_158_036_1, 1.264_113_277_0];
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-8), "{found:?}");
    }

    #[test]
    fn one_component_is_the_gaussian_of_maximum_likelihood() {
        let mut m = mixture("family=mixture&data=moons&k=1&points=300");
        m.expect();
        m.maximise();
        let direct = Gaussian::fit(m.points.iter().map(|&x| (x, 1.0)), FLOOR);
        assert!((m.components[0].0 - 1.0).abs() < 1e-12);
        for (a, b) in m.components[0].1.numbers().iter().zip(direct.numbers()) {
            assert!((a - b).abs() < 1e-12, "{a}, {b}");
        }
    }

    #[test]
    fn eight_clouds_are_found() {
        let mut found = 0;
        for seed in 1..=5 {
            let mut m = mixture(&format!("family=mixture&seed={seed}"));
            for _ in 0..100 {
                m.expect();
                m.maximise();
            }
            let even = m.components.iter().filter(|(weight, _)| (0.08..0.17).contains(weight)).count();
            found += usize::from(even == 8);
        }
        assert!(found >= 4, "eight even components for {found} of 5 seeds");
    }
}
