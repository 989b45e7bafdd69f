//! What a network is told of a batch as a whole, beside each of its rows, so that a lack of variety can be told from one sample.

use burn::tensor::Tensor;

use super::{Weights, exp, row_sums};
use crate::kernel::{Dense, Layer};

/// Keeps a deviation of 0 from having no slope (Karras et al. 2018, their code).
const TINY: f64 = 1e-8;

/// What is found in a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mingle {
    /// One number for all rows: the standard deviation of each number over the rows, its mean over the numbers. Karras et al. 2018,
    /// “Progressive Growing of GANs” (arXiv 1710.10196), section 3.
    Deviation,
    /// So many numbers for each row: how near it is to the others, o(i) = Σⱼ exp(−‖Mᵢ − Mⱼ‖₁) over all others, in so many matrices M of
    /// the row that are learned. Salimans et al. 2016, “Improved Techniques for Training GANs” (arXiv 1606.03498), section 3.2.
    Kernels {
        /// From a row to all its matrices, one after the other. Only differences count, so its bias does nothing.
        matrices: Dense,
        /// How many there are.
        count: usize,
    },
}

impl Mingle {
    /// Numbers that each row gets besides.
    pub fn extra(&self) -> usize {
        match self {
            Self::Deviation => 1,
            Self::Kernels { count, .. } => *count,
        }
    }

    /// How many parameters it has.
    pub(super) fn parts(&self) -> usize {
        match self {
            Self::Deviation => 0,
            Self::Kernels { .. } => 2,
        }
    }

    /// What a row gets where no batch has been seen yet.
    pub(super) fn first(&self) -> f32 {
        match self {
            Self::Deviation => 1.0,
            Self::Kernels { .. } => 0.0,
        }
    }

    /// Multiplications that a row of a batch of so many takes.
    pub fn products(&self, rows: usize) -> usize {
        match self {
            Self::Deviation => 0,
            Self::Kernels { matrices, .. } => matrices.outputs * (matrices.inputs + rows),
        }
    }

    /// Numbers that it holds while a row of a batch of so many passes.
    pub fn held(&self, rows: usize) -> usize {
        match self {
            Self::Deviation => 0,
            Self::Kernels { matrices, .. } => matrices.outputs * rows * HELD,
        }
    }

    /// What is found in a batch.
    ///
    /// # Shapes
    /// - `x`: `[rows, inputs]`; result: `[rows, extra]`
    pub(super) fn of(&self, weights: &Weights, first: usize, x: Tensor<2>) -> Tensor<2> {
        let [rows, _] = x.dims();
        match *self {
            Self::Deviation => {
                let (_, deviations) = spread(x);
                mean(deviations.transpose()).expand([rows, 1])
            }
            Self::Kernels { matrices, count } => {
                let m = weights.straight(first, Layer::Dense(matrices), x);
                let (_, near) = nearness(m, count);
                // Each is as near as can be to itself, which tells nothing.
                over_others(near, rows, count) - 1.0
            }
        }
    }

    /// By how much that changes in the direction `t`; `linear`: the weights without biases.
    ///
    /// # Shapes
    /// - `x`, `t`: `[rows, inputs]`; result: `[rows, extra]`
    pub(super) fn tangent(
        &self,
        [weights, linear]: [&Weights; 2],
        first: usize,
        x: Tensor<2>,
        t: Tensor<2>,
    ) -> Tensor<2> {
        match *self {
            Self::Deviation => deviation_along(x, t),
            Self::Kernels { matrices, count } => {
                let of = |weights: &Weights, x| weights.straight(first, Layer::Dense(matrices), x);
                nearness_along(of(weights, x), of(linear, t), count)
            }
        }
    }

    /// By how much it changes in a direction of the weights, which moves what it is given by `t`, if at all.
    ///
    /// # Shapes
    /// - `x`, `t`: `[rows, inputs]`; result: `[rows, extra]`
    pub(super) fn sway(
        &self,
        [weights, linear, direction]: [&Weights; 3],
        first: usize,
        x: Tensor<2>,
        t: Option<Tensor<2>>,
    ) -> Tensor<2> {
        match *self {
            Self::Deviation => t.map_or_else(
                || x.clone().slice([0..x.dims()[0], 0..1]).zeros_like(),
                |t| deviation_along(x.clone(), t),
            ),
            Self::Kernels { matrices, count } => {
                let of = |weights: &Weights, x| weights.straight(first, Layer::Dense(matrices), x);
                let own = of(direction, x.clone());
                let moved = match t {
                    Some(t) => of(linear, t) + own,
                    None => own,
                };
                nearness_along(of(weights, x), moved, count)
            }
        }
    }
}

/// Numbers that are held of each difference between rows: itself, its size, its sign, and the gradients of these.
const HELD: usize = 6;

/// The mean of each row, `[rows, 1]`.
fn mean(x: Tensor<2>) -> Tensor<2> {
    let columns = x.dims()[1];
    row_sums(x) * (1.0 / columns as f64)
}

/// How far each number is from its column's mean, and the deviation of each column, `[columns, 1]`.
fn spread(x: Tensor<2>) -> (Tensor<2>, Tensor<2>) {
    let shape = x.dims();
    let off = x.clone() - mean(x.transpose()).transpose().expand(shape);
    let variance = mean((off.clone() * off.clone()).transpose());
    (off, (variance + TINY).sqrt())
}

/// By how much the deviation changes where rows move by `t`.
fn deviation_along(x: Tensor<2>, t: Tensor<2>) -> Tensor<2> {
    let [rows, _] = x.dims();
    let (off, deviations) = spread(x);
    let moved = mean((off * t).transpose()) / deviations;
    mean(moved.transpose()).expand([rows, 1])
}

/// By how much nearness changes where matrices move by `t`.
fn nearness_along(m: Tensor<2>, t: Tensor<2>, count: usize) -> Tensor<2> {
    let [rows, columns] = m.dims();
    let (apart, near) = nearness(m, count);
    let moved = differences(t) * apart.sign();
    let moved = row_sums(moved.reshape([rows * rows * count, columns / count])).reshape([rows * rows, count]);
    -over_others(near * moved, rows, count)
}

/// Every row less every row: `[rows × rows, columns]`.
fn differences(m: Tensor<2>) -> Tensor<2> {
    let [rows, columns] = m.dims();
    let all = [rows, rows, columns];
    let apart = m.clone().reshape([rows, 1, columns]).expand(all) - m.reshape([1, rows, columns]).expand(all);
    apart.reshape([rows * rows, columns])
}

/// The differences between rows, and how near these are to each other in each matrix, `[rows × rows, count]`.
fn nearness(m: Tensor<2>, count: usize) -> (Tensor<2>, Tensor<2>) {
    let [rows, columns] = m.dims();
    let apart = differences(m);
    let far = row_sums(apart.clone().abs().reshape([rows * rows * count, columns / count]));
    (apart, exp(-far.reshape([rows * rows, count])))
}

/// The sums over the second of two rows: from `[rows × rows, count]` to `[rows, count]`.
fn over_others(of: Tensor<2>, rows: usize, count: usize) -> Tensor<2> {
    let by_others = of.reshape([rows, rows, count]).swap_dims(1, 2).reshape([rows * count, rows]);
    row_sums(by_others).reshape([rows, count])
}
