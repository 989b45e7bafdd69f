//! Spectral normalisation: Miyato et al. 2018, “Spectral Normalization for Generative Adversarial Networks” (arXiv 1802.05957). A network
//! plays with W / σ(W) for each of its matrices, σ being the largest singular value, so that no layer but its biases stretches anything.
//!
//! σ is vᵀ W u, by one step of the power iteration an update (algorithm 1), whose vectors are kept.

use std::ops::Range;

use burn::tensor::Tensor;

use super::visit::{Part, Visit};
use crate::nn::Layout;
use crate::rng::Rng;

/// Steps of the power iteration before the first update.
const FIRST: usize = 20;

/// Keeps a matrix of zeros from dividing by 0.
const TINY: f32 = 1e-12;

/// A matrix among the weights.
#[derive(Clone, Debug, PartialEq)]
struct Place {
    range: Range<usize>,
    /// From so many inputs to so many outputs.
    size: [usize; 2],
    /// Where u, v and σ lie among what is kept.
    kept: usize,
}

/// What the weights of a network are before they are normalised, and what they are normalised with.
pub struct Spectral {
    places: Vec<Place>,
    /// The weights that are learned.
    raw: Tensor<1>,
    /// Of each matrix u, v and σ.
    kept: Tensor<1>,
}

/// The matrices of a layout: of a convolution, from all that an output sees.
fn places(layout: &Layout) -> Vec<Place> {
    let mut kept = 0;
    let matrices = layout.ranges().filter(|(parameter, _)| parameter.shape.len() > 1 && !parameter.is_bias);
    matrices
        .map(|(parameter, range)| {
            let outputs = *parameter.shape.last().expect("it has dimensions");
            let size = [range.len() / outputs, outputs];
            let place = Place { range, size, kept };
            kept += size[0] + size[1] + 1;
            place
        })
        .collect()
}

fn column(vector: Tensor<1>) -> Tensor<2> {
    let length = vector.dims()[0];
    vector.reshape([length, 1])
}

/// A column of length 1, and what its length was.
fn unit(column: Tensor<2>) -> (Tensor<2>, Tensor<2>) {
    let length = (column.clone().square().sum() + TINY * TINY).sqrt().reshape([1, 1]);
    let dims = column.dims();
    (column / length.clone().expand(dims), length)
}

impl Place {
    fn matrix(&self, flat: &Tensor<1>) -> Tensor<2> {
        flat.clone().slice([self.range.clone()]).reshape(self.size)
    }

    /// u, v and σ as they are kept.
    fn known(&self, kept: &Tensor<1>) -> [Tensor<2>; 3] {
        let [inputs, outputs] = self.size;
        let part = |from: usize, length: usize| column(kept.clone().narrow(0, self.kept + from, length));
        [part(0, outputs), part(outputs, inputs), part(outputs + inputs, 1)]
    }
}

impl Spectral {
    /// For weights as they are, whose matrices are looked at from random directions first.
    pub fn new(layout: &Layout, weights: Tensor<1>, rng: &mut Rng) -> Self {
        let places = places(layout);
        let count = places.iter().map(|place| place.size[0] + place.size[1] + 1).sum::<usize>();
        let random: Vec<f32> = (0..count).map(|_| rng.normal() as f32).collect();
        let kept = crate::device::flat(random, &weights.device());
        let mut new = Self { places, raw: weights, kept };
        (0..FIRST).for_each(|_| new.look());
        new
    }

    /// What the network plays with.
    pub fn weights(&self) -> Tensor<1> {
        self.places.iter().fold(self.raw.clone(), |flat, place| {
            let [.., sigma] = place.known(&self.kept);
            let matrix = place.matrix(&self.raw) / sigma.expand(place.size);
            flat.slice_assign([place.range.clone()], matrix.reshape([place.range.len()]))
        })
    }

    /// The gradient in what is learned, from that in what is played with: for each matrix (G − ⟨G, W̄⟩ v uᵀ) / σ (equation 12).
    fn gradient(&self, given: Tensor<1>) -> Tensor<1> {
        self.places.iter().fold(given.clone(), |flat, place| {
            let [u, v, sigma] = place.known(&self.kept);
            let (g, sigma) = (place.matrix(&given), sigma.expand(place.size));
            let along = (g.clone() * place.matrix(&self.raw) / sigma.clone()).sum().reshape([1, 1]);
            let outer = v.matmul(u.transpose()) * along.expand(place.size);
            flat.slice_assign([place.range.clone()], ((g - outer) / sigma).reshape([place.range.len()]))
        })
    }

    /// One step of the power iteration.
    fn look(&mut self) {
        let parts = self.places.iter().flat_map(|place| {
            let [u, ..] = place.known(&self.kept);
            let w = place.matrix(&self.raw);
            let (v, _) = unit(w.clone().matmul(u));
            let (u, sigma) = unit(w.transpose().matmul(v.clone()));
            [u, v, sigma].map(|part| part.flatten::<1>(0, 1))
        });
        self.kept = Tensor::cat(parts.collect(), 0);
    }

    /// After an update of what is learned, by who is given it and the gradient in it: what is played with now.
    pub fn update(&mut self, given: Tensor<1>, by: impl FnOnce(Tensor<1>, Tensor<1>) -> Tensor<1>) -> Tensor<1> {
        let gradient = self.gradient(given);
        self.change(|raw| by(raw, gradient))
    }

    /// Changes what is learned: what is played with now.
    pub fn change(&mut self, by: impl FnOnce(Tensor<1>) -> Tensor<1>) -> Tensor<1> {
        // Taken out, so that the update may reuse its buffer.
        let raw = std::mem::replace(&mut self.raw, self.kept.clone());
        self.raw = by(raw);
        self.look();
        self.weights()
    }

    /// Shows what it keeps.
    pub fn visit(&mut self, name: &str, visit: &mut dyn Visit) {
        for (what, tensor) in [("raw", &mut self.raw), ("spectral", &mut self.kept)] {
            let mut value = Some(tensor.clone());
            visit.tensor(&format!("{name}.{what}"), Part::Weights, &mut value);
            if let Some(value) = value {
                *tensor = value;
            }
        }
    }

    /// Whether it could hold what it does.
    pub fn is_sound(&self, weights: usize) -> bool {
        let count = self.places.iter().map(|place| place.size[0] + place.size[1] + 1).sum::<usize>();
        self.raw.dims() == [weights] && self.kept.dims() == [count]
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, TensorData};
    use nalgebra::DMatrix;

    use super::*;
    use crate::kernel::{Activation, Grid};
    use crate::nn::{Build, Init, Net, Network, Square};

    fn numbers(tensor: &Tensor<1>) -> Vec<f32> {
        tensor.clone().into_data().try_to_vec().expect("numbers")
    }

    fn drawn(count: usize, seed: u64) -> Vec<f32> {
        let mut rng = Rng::stream(seed, "test");
        (0..count).map(|_| rng.normal() as f32).collect()
    }

    /// A matrix of the place as the textbook has it.
    fn of(place: &Place, flat: &[f32]) -> DMatrix<f64> {
        let rows: Vec<f64> = flat[place.range.clone()].iter().map(|&x| f64::from(x)).collect();
        DMatrix::from_row_slice(place.size[0], place.size[1], &rows)
    }

    fn net() -> Net {
        let grid = Grid { height: 4, width: 4, channels: 2 };
        let square = Square { size: 3, stride: 1, padding: 1 };
        Build::new(grid, Init::FanIn).conv(3, square, Some(Activation::Leaky)).norm(None).dense(5, None).done()
    }

    #[test]
    fn no_matrix_stretches_after_a_few_updates() {
        let net = net();
        let device = Device::flex();
        let count = net.layout().len();
        let weights = Tensor::<1>::from_data(TensorData::new(drawn(count, 1), [count]), &device);
        let mut spectral = Spectral::new(net.layout(), weights.clone(), &mut Rng::stream(1, "spectral"));
        // Nothing is learned, but σ comes nearer.
        let mut played = spectral.weights();
        for _ in 0..200 {
            played = spectral.update(Tensor::zeros([count], &device), |raw, _| raw);
        }
        let (before, after) = (numbers(&weights), numbers(&played));
        let mut others: Vec<usize> = (0..count).collect();
        for place in places(net.layout()) {
            let singular = |flat: &[f32]| of(&place, flat).singular_values().max();
            assert!(singular(&before) > 2.0 && (singular(&after) - 1.0).abs() < 1e-4, "{place:?}");
            others.retain(|i| !place.range.contains(i));
        }
        // A convolution, a fully connected layer: two matrices. Biases and normalisations stay.
        assert!(places(net.layout()).len() == 2 && others.iter().all(|&i| before[i] == after[i]));
    }

    #[test]
    fn the_gradient_is_that_of_finite_differences() {
        let net = net();
        let device = Device::flex();
        let count = net.layout().len();
        let (w, c) = (drawn(count, 2), drawn(count, 3));
        let tensor = |numbers: &[f32]| Tensor::<1>::from_data(numbers, &device);
        let spectral = Spectral::new(net.layout(), tensor(&w), &mut Rng::stream(2, "spectral"));
        let found = numbers(&spectral.gradient(tensor(&c)));
        let kept = numbers(&spectral.kept);
        for place in places(net.layout()) {
            let [inputs, outputs] = place.size;
            let vector = |from: usize, long: usize| {
                DMatrix::from_iterator(long, 1, kept[from..from + long].iter().map(|&x| f64::from(x)))
            };
            let (u, v) = (vector(place.kept, outputs), vector(place.kept + outputs, inputs));
            let direction = of(&place, &c);
            // ⟨C, W / (vᵀ W u)⟩ in 64 bits, with u and v held.
            let loss = |w: &DMatrix<f64>| (direction.component_mul(w)).sum() / (v.transpose() * w * &u)[(0, 0)];
            let at = of(&place, &w);
            for (i, j) in [(0, 0), (inputs - 1, 0), (inputs / 2, outputs - 1), (1, 2)] {
                let moved = |by: f64| {
                    let mut w = at.clone();
                    w[(i, j)] += by;
                    loss(&w)
                };
                let slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
                let here = f64::from(found[place.range.start + i * outputs + j]);
                assert!((here - slope).abs() < 1e-4 * (1.0 + slope.abs()), "{place:?} {i} {j}: {here}, not {slope}");
            }
        }
    }

    #[test]
    fn a_matrix_of_zeros_stays_finite() {
        let net = Net::mlp(2, &[], 1, Activation::Relu, None);
        let count = net.layout().len();
        let zeros = Tensor::<1>::zeros([count], &Device::flex());
        let mut spectral = Spectral::new(net.layout(), zeros, &mut Rng::stream(1, "spectral"));
        let after = spectral.update(Tensor::ones([count], &Device::flex()), |raw, gradient| raw - gradient * 0.1);
        assert!(numbers(&after).iter().all(|x| x.is_finite()));
    }
}
