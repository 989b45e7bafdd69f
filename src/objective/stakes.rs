//! What the two players of an experiment minimise: an objective, with the targets that a person may move.

use burn::tensor::Tensor;

use super::{Against, LEAST_SQUARES, MINIMAX, NON_SATURATING, Objective, Part, Score, WASSERSTEIN, bends, loss};
use crate::kernel::{Curve, Term};
use crate::nn::row_sums;

/// What scores are drawn to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Targets {
    /// a, b and c of least squares: of generated samples and of real ones for D, and of generated ones for G.
    pub squares: [f32; 3],
    /// How much less than 1 the label of real samples is, and how much more than 0 that of generated ones, in cross entropies.
    pub smooth: [f32; 2],
}

impl Targets {
    /// As the papers have them.
    pub const PLAIN: Self = Self { squares: [0.0, 1.0, 1.0], smooth: [0.0, 0.0] };
}

/// An objective and its targets.
#[derive(Clone, Debug, PartialEq)]
pub struct Stakes {
    objective: &'static Objective,
    real: Vec<Part>,
    fake: Vec<Part>,
    generator: Vec<Part>,
    /// What a score means.
    pub score: Score,
    /// Losses (D's, G's) where D cannot tell real from generated.
    pub equilibrium: [Option<f64>; 2],
}

impl Stakes {
    /// With the targets of its paper.
    pub fn of(objective: &'static Objective) -> Self {
        Self::with(objective, Targets::PLAIN)
    }

    /// With other targets, where the objective has such.
    pub fn with(objective: &'static Objective, targets: Targets) -> Self {
        let [real, fake, generator] = [objective.real, objective.fake, objective.generator].map(<[Part]>::to_vec);
        let (score, equilibrium) = (objective.score, objective.equilibrium);
        let mut stakes = Self { objective, real, fake, generator, score, equilibrium };
        if *objective == LEAST_SQUARES && targets.squares != Targets::PLAIN.squares {
            stakes.square_to(targets.squares);
        }
        let smooths = *objective == MINIMAX || *objective == NON_SATURATING;
        if smooths && targets.smooth != Targets::PLAIN.smooth {
            stakes.smooth(targets.smooth);
        }
        stakes
    }

    /// Mao et al. 2017, equation 2, with a, b and c.
    fn square_to(&mut self, [a, b, c]: [f32; 3]) {
        let half = |target| vec![(0.5, Curve::SquareTo(target))];
        [self.fake, self.real, self.generator] = [a, b, c].map(half);
        // The best score is (b p + a q) / (p + q).
        self.score = if a == b { Score::Critic } else { Score::Line { zero: a, one: b } };
        let [a, b, c] = [a, b, c].map(f64::from);
        let middle = (a + b) / 2.0;
        self.equilibrium = [Some((b - a).powi(2) / 4.0), Some((middle - c).powi(2) / 2.0)];
    }

    /// Salimans et al. 2016, section 3.4: labels of 1 − α and β in place of 1 and 0. The cross entropy with a label y is
    /// softplus(−s) + (1 − y) s, and likewise softplus(s) − y s.
    fn smooth(&mut self, [real, fake]: [f32; 2]) {
        self.real.push((real, Curve::Identity));
        self.fake.push((-fake, Curve::Identity));
        self.real.retain(|(weight, _)| *weight != 0.0);
        self.fake.retain(|(weight, _)| *weight != 0.0);
        // Where D cannot tell, it says the mean label.
        let label = (1.0 - f64::from(real) + f64::from(fake)) / 2.0;
        let score = libm::log(label / (1.0 - label));
        let worth = |parts: &[Part]| parts.iter().map(|(w, curve)| f64::from(*w) * curve.exact(score).0).sum::<f64>();
        self.equilibrium = [Some(worth(&self.real) + worth(&self.fake)), Some(worth(&self.generator))];
    }

    /// Whether minus D's loss estimates how far the samples are from the data, in their units.
    pub fn estimates_distance(&self) -> bool {
        *self.objective == WASSERSTEIN
    }

    /// Whether G's loss takes scores of real samples.
    pub fn compares(&self) -> bool {
        self.objective.against != Against::Nothing
    }

    /// The loss that D minimises, `[1]`.
    ///
    /// # Shapes
    /// - `scores`: `[real + fake, 1]`, of real samples and then of generated ones; as many of both, where they are compared in pairs
    pub fn discriminator(&self, scores: Tensor<2>, real: usize) -> Tensor<1> {
        let rows = scores.dims()[0];
        let found = if let (Against::Nothing, [of_real], [of_fake]) =
            (self.objective.against, &self.real[..], &self.fake[..])
        {
            loss(scores, &[term(real, of_real), term(rows - real, of_fake)])
        } else {
            let fake = scores.clone().slice(real..rows);
            let [real, fake] = self.compared(scores.slice(0..real), fake);
            sum(&[(real, &self.real), (fake, &self.fake)])
        };
        if self.objective.constant == 0.0 { found } else { found + self.objective.constant }
    }

    /// Where scores move by `moved`, by how much D's loss does. Gives a scalar `[1]` whose gradient in both is that change's; its value is
    /// not.
    ///
    /// # Shapes
    /// - `scores`, `moved`: as the scores of [`Self::discriminator`]
    pub fn slope_of_discriminator(&self, scores: Tensor<2>, moved: Tensor<2>, real: usize) -> Tensor<1> {
        let halves = |of: Tensor<2>| {
            let rows = of.dims()[0];
            self.compared(of.clone().slice(0..real), of.slice(real..rows))
        };
        let ([real, fake], [of_real, of_fake]) = (halves(scores), halves(moved));
        slope(&[(real, of_real, &self.real), (fake, of_fake, &self.fake)])
    }

    /// The same of G's loss; the scores of real samples, where they are compared, are those of the same D and of samples that stay.
    ///
    /// # Shapes
    /// - `fake`, `moved`: `[rows, 1]`; `real`: `[rows, 1]`, where scores are compared
    pub fn slope_of_generator(&self, fake: Tensor<2>, moved: Tensor<2>, real: Option<Tensor<2>>) -> Tensor<1> {
        let Some(real) = real else { return slope(&[(fake, moved, &self.generator)]) };
        let stays = real.zeros_like();
        let [[fake, real], [moved, other]] = [self.compared(fake, real), self.compared(moved, stays)];
        slope(&[(fake, moved, &self.generator), (real, other, self.objective.others)])
    }

    /// The loss that G minimises, `[1]`.
    ///
    /// # Shapes
    /// - `fake`: `[rows, 1]`; `real`: `[rows, 1]`, where scores are compared
    pub fn generator(&self, fake: Tensor<2>, real: Option<Tensor<2>>) -> Tensor<1> {
        match (real, &self.generator[..]) {
            (Some(real), _) => {
                let [fake, real] = self.compared(fake, real);
                sum(&[(fake, &self.generator), (real, self.objective.others)])
            }
            (None, [part]) => {
                let rows = fake.dims()[0];
                loss(fake, &[term(rows, part)])
            }
            (None, parts) => sum(&[(fake, parts)]),
        }
    }

    /// Of one real sample's score and one generated sample's, in 64 bits: D's loss and its slope in the generated one's, and G's.
    pub fn alone(&self, [real, fake]: [f64; 2]) -> [(f64, f64); 2] {
        let apart = self.compares();
        // What each is seen as, and how that changes with the generated one.
        let (one, other) = if apart { ((real - fake, -1.0), (fake - real, 1.0)) } else { ((real, 0.0), (fake, 1.0)) };
        let of = |parts: &[Part], (score, inner): (f64, f64)| {
            let each = parts.iter().map(|(weight, curve)| (f64::from(*weight), curve.exact(score)));
            each.fold((0.0, 0.0), |(value, slope), (w, (v, s))| (value + w * v, slope + w * s * inner))
        };
        let sum = |a: (f64, f64), b: (f64, f64)| (a.0 + b.0, a.1 + b.1);
        let mut d = sum(of(&self.real, one), of(&self.fake, other));
        d.0 += self.objective.constant;
        let others = if apart { of(self.objective.others, one) } else { (0.0, 0.0) };
        [d, sum(of(&self.generator, other), others)]
    }

    /// Scores less what they are compared with.
    fn compared(&self, a: Tensor<2>, b: Tensor<2>) -> [Tensor<2>; 2] {
        match self.objective.against {
            Against::Nothing => [a, b],
            Against::Pairs => [a.clone() - b.clone(), b - a],
            Against::Means => {
                let (mean_of_a, mean_of_b) = (mean(a.clone()), mean(b.clone()));
                let [shape_of_a, shape_of_b] = [a.dims(), b.dims()];
                [a - mean_of_b.expand(shape_of_a), b - mean_of_a.expand(shape_of_b)]
            }
        }
    }
}

/// The mean of a column, `[1, 1]`, in an order of sums that is the same everywhere.
fn mean(column: Tensor<2>) -> Tensor<2> {
    let rows = column.dims()[0];
    row_sums(column.reshape([1, rows])) / rows as f64
}

fn term(rows: usize, (weight, curve): &Part) -> Term {
    Term { rows, curve: *curve, weight: *weight }
}

/// By how much the parts of several groups change, where the scores of each move by what stands beside them; see
/// [`Stakes::slope_of_discriminator`].
fn slope(groups: &[(Tensor<2>, Tensor<2>, &[Part])]) -> Tensor<1> {
    let parts = groups.iter().flat_map(|(s, t, parts)| {
        let share = 1.0 / s.dims()[0] as f64;
        parts.iter().map(move |&(weight, curve)| {
            // ∇(l′(s) t) = l″(s) t ∇s + l′(s) ∇t
            let [slope, bend] = bends(curve, s.clone().inner());
            let of_s = s.clone() * (bend * t.clone().inner()).autodiff();
            ((of_s + t.clone() * slope.autodiff()) * (f64::from(weight) * share)).sum()
        })
    });
    parts.reduce(|sum, part| sum + part).expect("a loss has terms")
}

/// The sum of the parts of several groups of scores.
fn sum(groups: &[(Tensor<2>, &[Part])]) -> Tensor<1> {
    let all = groups.iter().flat_map(|(scores, parts)| parts.iter().map(move |part| (scores.clone(), part)));
    let (scores, terms): (Vec<_>, Vec<_>) =
        all.map(|(scores, part)| (scores.clone(), term(scores.dims()[0], part))).unzip();
    loss(Tensor::cat(scores, 0), &terms)
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::super::OBJECTIVES;
    use super::*;

    #[test]
    fn targets_are_those_of_the_labels() {
        let device = Device::flex();
        let column = |v: &[f32]| Tensor::<1>::from_floats(v, &device).reshape([v.len(), 1]);
        let scores = || column(&[0.3, -1.2, 0.8, 2.0]);
        let (r, f) = ([0.3_f64, -1.2], [0.8_f64, 2.0]);
        let mean = |g: &dyn Fn(f64) -> f64, v: [f64; 2]| (g(v[0]) + g(v[1])) / 2.0;
        let entropy =
            |y: f64| move |s: f64| -y * (1.0 / (1.0 + (-s).exp())).ln() - (1.0 - y) * (1.0 / (1.0 + s.exp())).ln();
        for smooth in [[0.1, 0.0], [0.0, 0.2], [0.1, 0.3]] {
            let stakes = Stakes::with(&NON_SATURATING, Targets { smooth, ..Targets::PLAIN });
            let found = f64::from(stakes.discriminator(scores(), 2).into_scalar::<f32>());
            let [real, fake] = smooth.map(f64::from);
            let expected = mean(&entropy(1.0 - real), r) + mean(&entropy(fake), f);
            assert!((found - expected).abs() < 1e-6, "{smooth:?}: {found}, not {expected}");
            // No constant score is better than the equilibrium's.
            let least = (-3000..3000).map(|i| f64::from(i) * 1e-3).map(|s| entropy(1.0 - real)(s) + entropy(fake)(s));
            let least = least.fold(f64::INFINITY, f64::min);
            assert!((stakes.equilibrium[0].unwrap() - least).abs() < 1e-6, "{smooth:?}");
        }
        // Pearson's χ² (Mao et al. 2017, section 3.2).
        let stakes = Stakes::with(&LEAST_SQUARES, Targets { squares: [-1.0, 1.0, 0.0], ..Targets::PLAIN });
        let found = f64::from(stakes.discriminator(scores(), 2).into_scalar::<f32>());
        let expected = 0.5 * (mean(&|s| (s - 1.0).powi(2), r) + mean(&|s| (s + 1.0).powi(2), f));
        assert!((found - expected).abs() < 1e-6);
        assert_eq!((stakes.equilibrium, stakes.score.probability(0.0)), ([Some(1.0), Some(0.0)], Some(0.5)));
    }

    /// Every loss by finite differences of its own value in 64 bits, through comparisons too.
    #[test]
    fn gradients_are_those_of_differences() {
        let device = Device::flex();
        let (real, fake) = ([0.3_f32, -1.1, 0.4], [0.8_f32, 1.7, -0.6]);
        let column = |v: &[f32]| Tensor::<1>::from_floats(v, &device).reshape([v.len(), 1]);
        let of = |curve: &[Part], s: f64| curve.iter().map(|(w, c)| f64::from(*w) * c.exact(s).0).sum::<f64>();
        for objective in OBJECTIVES {
            let stakes = Stakes::of(objective);
            let exact = |s: &[f64]| -> [f64; 2] {
                let (r, f) = s.split_at(3);
                let average = |v: &[f64]| v.iter().sum::<f64>() / 3.0;
                let gap = |v: &[f64], w: &[f64], i: usize| match objective.against {
                    Against::Nothing => v[i],
                    Against::Pairs => v[i] - w[i],
                    Against::Means => v[i] - average(w),
                };
                let total =
                    |parts: &[Part], v: &[f64], w: &[f64]| (0..3).map(|i| of(parts, gap(v, w, i))).sum::<f64>() / 3.0;
                [
                    total(objective.real, r, f) + total(objective.fake, f, r),
                    total(objective.generator, f, r) + total(objective.others, r, f),
                ]
            };
            let scores = column(&[real, fake].concat()).autodiff().require_grad();
            let gradients = stakes.discriminator(scores.clone(), 3).backward();
            let of_d = scores.grad(&gradients).unwrap().into_data().try_to_vec::<f32>().unwrap();
            let (leaf, others) = (column(&fake).autodiff().require_grad(), column(&real).autodiff());
            let gradients = stakes.generator(leaf.clone(), stakes.compares().then_some(others)).backward();
            let of_g = leaf.grad(&gradients).unwrap().into_data().try_to_vec::<f32>().unwrap();
            let all: Vec<f64> = [real, fake].concat().into_iter().map(f64::from).collect();
            let difference = |i: usize, which: usize| {
                let moved = |by: f64| {
                    let mut s = all.clone();
                    s[i] += by;
                    exact(&s)[which]
                };
                (moved(1e-5) - moved(-1e-5)) / 2e-5
            };
            for (i, &found) in of_d.iter().enumerate() {
                let expected = difference(i, 0);
                let near = (f64::from(found) - expected).abs() < 1e-5;
                assert!(near, "{}, D, {i}: {found}, not {expected}", objective.name);
            }
            for (i, &found) in of_g.iter().enumerate() {
                let expected = difference(3 + i, 1);
                let near = (f64::from(found) - expected).abs() < 1e-5;
                assert!(near, "{}, G, {i}: {found}, not {expected}", objective.name);
            }
        }
    }
}
