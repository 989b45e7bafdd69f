//! Optimisers over one flat parameter tensor.

use burn::tensor::{Device, Tensor};

use crate::fused;
use crate::kernel::Adam;

/// Which rule turns a gradient into a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rule {
    /// θ ← θ − α g
    Sgd,
    /// Kingma and Ba 2015, algorithm 1, with ε = 1e-8.
    Adam {
        /// Decay of the mean of gradients, in [0, 1).
        beta1: f64,
        /// Decay of the mean of squared gradients, in [0, 1).
        beta2: f64,
    },
}

const EPSILON: f64 = 1e-8;

/// A rule, its learning rate and its state.
pub struct Optimiser {
    rule: Rule,
    rate: f64,
    updates: u32,
    moments: Option<Moments>,
}

struct Moments {
    first: Tensor<1>,
    second: Tensor<1>,
}

impl Optimiser {
    /// An optimiser that has made no update yet.
    pub fn new(rule: Rule, rate: f64) -> Self {
        Self { rule, rate, updates: 0, moments: None }
    }

    /// One update: the new parameters. Both tensors are flat and of one length.
    pub fn update(&mut self, parameters: Tensor<1>, gradient: Tensor<1>) -> Tensor<1> {
        self.updates += 1;
        let fused = fused::available(&parameters.device());
        let Rule::Adam { beta1, beta2 } = self.rule else {
            let rate = self.rate as f32;
            return if fused { fused::sgd(parameters, gradient, rate) } else { parameters - gradient * rate };
        };
        // θ − α m̂ / (√v̂ + ε) with the bias corrections moved into two host scalars.
        let t = self.updates as f64;
        let correction = (1.0 - libm::pow(beta2, t)).sqrt();
        let by = Adam {
            beta1: beta1 as f32,
            rest1: (1.0 - beta1) as f32,
            beta2: beta2 as f32,
            rest2: (1.0 - beta2) as f32,
            rate: (self.rate * correction / (1.0 - libm::pow(beta1, t))) as f32,
            epsilon: (EPSILON * correction) as f32,
        };
        let moments = self.moments.take().unwrap_or_else(|| {
            let zeros = parameters.zeros_like();
            Moments { first: zeros.clone(), second: zeros }
        });
        let moments = [moments.first, moments.second];
        let (parameters, [first, second]) = if fused {
            fused::adam(parameters, moments, gradient, by)
        } else {
            plain_adam(parameters, moments, gradient, by)
        };
        self.moments = Some(Moments { first, second });
        parameters
    }

    /// The state as tensors to read (first moments, then second; none before the first update or for SGD).
    pub fn state(&self) -> (u32, Vec<Tensor<1>>) {
        let tensors = self.moments.iter().flat_map(|m| [m.first.clone(), m.second.clone()]);
        (self.updates, tensors.collect())
    }

    /// Restores what [`Optimiser::state`] gave.
    pub fn restore(&mut self, updates: u32, moments: Option<[Vec<f32>; 2]>, device: &Device) {
        self.updates = updates;
        self.moments = moments.map(|[first, second]| Moments {
            first: Tensor::from_data(first.as_slice(), device),
            second: Tensor::from_data(second.as_slice(), device),
        });
    }
}

/// An update by Adam, composed from burn's own operations. What the fused operation is checked against.
pub fn plain_adam(
    parameters: Tensor<1>,
    [first, second]: [Tensor<1>; 2],
    gradient: Tensor<1>,
    by: Adam,
) -> (Tensor<1>, [Tensor<1>; 2]) {
    let squares = gradient.clone().square() * by.rest2;
    let first = first * by.beta1 + gradient * by.rest1;
    let second = second * by.beta2 + squares;
    let step = first.clone() / (second.clone().sqrt() + by.epsilon) * by.rate;
    (parameters - step, [first, second])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs `updates` updates of f(x) = x²/2 (gradient x) from 1, next to a float64 reference of the textbook form.
    fn against_the_textbook(rule: Rule, updates: i32) -> (f64, f64) {
        let device = Device::flex();
        let mut optimiser = Optimiser::new(rule, 0.1);
        let mut x = Tensor::<1>::from_floats([1.0], &device);
        let (mut y, mut m, mut v) = (1.0_f64, 0.0, 0.0);
        for t in 1..=updates {
            x = optimiser.update(x.clone(), x);
            match rule {
                Rule::Sgd => y -= 0.1 * y,
                Rule::Adam { beta1, beta2 } => {
                    m = beta1 * m + (1.0 - beta1) * y;
                    v = beta2 * v + (1.0 - beta2) * y * y;
                    let (mh, vh) = (m / (1.0 - beta1.powi(t)), v / (1.0 - beta2.powi(t)));
                    y -= 0.1 * mh / (vh.sqrt() + EPSILON);
                }
            }
        }
        (f64::from(x.into_scalar::<f32>()), y)
    }

    #[test]
    fn updates_are_those_of_the_textbook() {
        for rule in [Rule::Sgd, Rule::Adam { beta1: 0.9, beta2: 0.999 }, Rule::Adam { beta1: 0.0, beta2: 0.9 }] {
            for updates in [1, 2, 25] {
                let (x, y) = against_the_textbook(rule, updates);
                assert!((x - y).abs() < 1e-5, "{rule:?} after {updates}: {x}, not {y}");
            }
        }
    }
}
