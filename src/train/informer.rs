//! What a code says of a sample: Chen et al. 2016, “InfoGAN: Interpretable Representation Learning by Information Maximizing Generative
//! Adversarial Nets” (arXiv 1606.03657).
//!
//! G is told a code, and a network Q reads it back from the sample. −E log Q(c|x), less the code's entropy, bounds what code and sample
//! have in common; G and Q both raise it. Q sees each batch through a random affine map, so that a code is not where a stroke lies.

use burn::tensor::{Device, Tensor};

use super::optimiser::{Mean, Optimiser};
use super::player::Player;
use crate::experiment::{Begin, Method, PlayerSpec};
use crate::kernel::{Activation, Curve, Term};
use crate::nn::{Network, Weights, apply};
use crate::objective;
use crate::rng::Rng;

/// How strongly numbers of a code count beside its class.
const NUMBERS: f32 = 0.1;

/// Q, and what it reads.
pub struct Informer {
    /// From a sample to a score for each class of the code, and its numbers.
    pub q: Player,
    /// Classes of a code.
    pub classes: usize,
    /// Numbers of a code: the first of G's noise.
    pub numbers: usize,
    /// The weight of the information.
    pub weight: f64,
}

impl Informer {
    /// At its beginning.
    pub fn new(net: Box<dyn Network>, [classes, numbers]: [usize; 2], weight: f64, seed: u64, device: &Device) -> Self {
        let spec = Self::spec();
        let optimiser = Optimiser::of(&spec, Mean::NONE);
        let q = Player::new(net, optimiser, &mut Rng::stream(seed, "init q"), device);
        Self { q, classes, numbers, weight }
    }

    /// How Q learns.
    pub fn spec() -> PlayerSpec {
        PlayerSpec {
            layers: Vec::new(),
            activation: Activation::Leaky,
            begin: Begin::Usual,
            method: Method::Adam,
            rate: 1e-3,
            betas: [0.5, 0.99],
            momentum: 0.0,
            decay: 0.0,
            most: 0.0,
            updates: 1,
        }
    }

    /// How surprised Q is at the class and, less, at the numbers of a code, `[1]`.
    ///
    /// # Shapes
    /// - `made`: `[rows, features]`; `warp`: `[features, features]`; `codes`: `[rows, classes]`; `noise`: `[rows, latent]`
    pub fn surprise(
        &self,
        leaves: &Weights,
        made: Tensor<2>,
        warp: &Tensor<2>,
        codes: Tensor<2>,
        noise: &Tensor<2>,
    ) -> [Tensor<1>; 2] {
        let rows = made.dims()[0];
        // What comes in from outside is black.
        let seen = apply(warp, made + 1.0) - 1.0;
        let said = self.q.forward(leaves, seen);
        let class = objective::cross_entropy(said.clone().slice([0..rows, 0..self.classes]), codes);
        let all = rows * self.numbers;
        let numbers = noise.clone().slice([0..rows, 0..self.numbers]).autodiff();
        let gaps = said.slice([0..rows, self.classes..self.classes + self.numbers]) - numbers;
        let square = Term { rows: all, curve: Curve::SquareTo(0.0), weight: NUMBERS * self.numbers as f32 };
        [class, objective::loss(gaps.reshape([all, 1]), &[square])]
    }
}

/// A random affine map of square images, as the matrix that a row is multiplied with, row-major: turned by up to .3, sheared by up to
/// .35, each axis scaled by up to e^±.2, and shifted by up to .15 of half a side; between pixels by bilinear weights.
pub fn warp(side: usize, rng: &mut Rng) -> Vec<f32> {
    let mut within = |most: f64| (2.0 * rng.uniform() - 1.0) * most;
    let (turn, shear) = (within(0.3), within(0.35));
    let scale = [0, 1].map(|_| libm::exp(within(0.2)));
    let half = (side as f64 - 1.0) / 2.0;
    let shift = [0, 1].map(|_| within(0.15) * half);
    let (sin, cos) = libm::sincos(turn);
    let mut matrix = vec![0.0_f32; side * side * side * side];
    for to in 0..side * side {
        let (y, x) = ((to / side) as f64 - half, (to % side) as f64 - half);
        let (u, v) = (scale[0] * (x + shear * y), scale[1] * y);
        let from = [cos * v + sin * u + half + shift[0], cos * u - sin * v + half + shift[1]];
        let corner = from.map(f64::floor);
        for (dy, dx) in [(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)] {
            let at = [corner[0] + dy, corner[1] + dx];
            let share = (1.0 - (from[0] - at[0]).abs()) * (1.0 - (from[1] - at[1]).abs());
            let inside = at.iter().all(|&a| (0.0..side as f64).contains(&a));
            if inside && share > 0.0 {
                let i = at[0] as usize * side + at[1] as usize;
                matrix[i * side * side + to] = share as f32;
            }
        }
    }
    matrix
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_moves_pixels_and_makes_none() {
        let side = 9;
        let mut rng = Rng::stream(3, "warp");
        for _ in 0..20 {
            let matrix = warp(side, &mut rng);
            // What reaches a pixel is a mean of what was there, or less where it comes from outside.
            for to in 0..side * side {
                let all: f32 = (0..side * side).map(|from| matrix[from * side * side + to]).sum();
                assert!((-1e-6..=1.0 + 1e-5).contains(&all), "{all}");
            }
            let middle = 4 * side + 4;
            let near = [0, 1, side, side + 1].map(|step| matrix[(middle - step) * side * side + middle]);
            assert!(near.iter().any(|&share| share > 0.0), "the middle stays near: {near:?}");
        }
    }
}
