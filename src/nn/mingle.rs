//! What a network is told of a batch as a whole, beside each of its rows, so that a lack of variety can be told from one sample.

use burn::tensor::Tensor;

use super::{Weights, exp, row_sums};
use crate::fused;
use crate::kernel::{Crowd, Dense, Layer};

/// Keeps a deviation of 0 from having no slope (Karras et al. 2018, their code).
const TINY: f64 = 1e-8;

/// What is found in a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mingle {
    /// One number for all rows: the standard deviation of each number over the rows, its mean over the numbers. Karras et al. 2018,
    /// “Progressive Growing of GANs” (arXiv 1710.10196), section 3.
    Deviation,
    /// So many numbers for each row: how near it is to the others, o(i) = Σⱼ exp(−‖Mᵢ − Mⱼ‖₁), in so many matrices M of the row that are
    /// learned. Salimans et al. 2016, “Improved Techniques for Training GANs” (arXiv 1606.03498), section 3.2. The others are those of its
    /// group: batches of more than 64 rows are cut into equal ones, where that goes.
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
            Self::Kernels { matrices, .. } => matrices.outputs * (matrices.inputs + group(rows)),
        }
    }

    /// Numbers that it holds while a row of a batch of so many passes.
    pub fn held(&self, rows: usize) -> usize {
        match self {
            Self::Deviation => 0,
            Self::Kernels { matrices, .. } => matrices.outputs * group(rows) * HELD,
        }
    }

    /// What is found in a batch.
    ///
    /// # Shapes
    /// - `x`: `[rows, inputs]`; result: `[rows, extra]`
    pub(super) fn of(&self, weights: &Weights, first: usize, x: Tensor<2>) -> Tensor<2> {
        let [rows, _] = x.dims();
        match *self {
            Self::Deviation if fused::has_crowd(&x.device()) => fused::crowd(x, Crowd::Deviation),
            Self::Deviation => {
                let (_, deviations) = spread(x);
                mean(deviations.transpose()).expand([rows, 1])
            }
            Self::Kernels { matrices, count } => {
                let m = weights.straight(first, Layer::Dense(matrices), x);
                if fused::has_crowd(&m.device()) {
                    return fused::crowd(m, Crowd::Near { count, group: group(rows) });
                }
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

/// The most rows that are compared with each other, about what the papers' batches have.
pub const GROUP: usize = 64;

/// How many rows are compared with each other, of so many.
fn group(rows: usize) -> usize {
    let groups = rows.div_ceil(GROUP).max(1);
    if rows.is_multiple_of(groups) { rows / groups } else { rows }
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
    let pairs = rows * group(rows);
    let moved = row_sums(moved.reshape([pairs * count, columns / count])).reshape([pairs, count]);
    -over_others(near * moved, rows, count)
}

/// Every row less every row of its group: `[rows × group, columns]`.
fn differences(m: Tensor<2>) -> Tensor<2> {
    let [rows, columns] = m.dims();
    let group = group(rows);
    let (groups, all) = (rows / group, [rows / group, group, group, columns]);
    let one = m.clone().reshape([groups, group, 1, columns]).expand(all);
    (one - m.reshape([groups, 1, group, columns]).expand(all)).reshape([rows * group, columns])
}

/// The differences between rows, and how near these are to each other in each matrix, `[rows × group, count]`.
fn nearness(m: Tensor<2>, count: usize) -> (Tensor<2>, Tensor<2>) {
    let [rows, columns] = m.dims();
    let apart = differences(m);
    let pairs = rows * group(rows);
    let far = row_sums(apart.clone().abs().reshape([pairs * count, columns / count]));
    (apart, exp(-far.reshape([pairs, count])))
}

/// The sums over the second of two rows: from `[rows × group, count]` to `[rows, count]`.
fn over_others(of: Tensor<2>, rows: usize, count: usize) -> Tensor<2> {
    let others = group(rows);
    let by_others = of.reshape([rows, others, count]).swap_dims(1, 2).reshape([rows * count, others]);
    row_sums(by_others).reshape([rows, count])
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;
    use crate::kernel::{Activation, Grid};
    use crate::nn::{Build, Init, Network, matrix};

    #[test]
    fn rows_are_compared_with_those_of_their_group() {
        assert_eq!([1, 2, 64, 65, 66, 128, 131, 256].map(group), [1, 2, 64, 65, 33, 64, 131, 64]);
        let device = Device::flex();
        let net = Build::new(Grid { height: 1, width: 1, channels: 2 }, Init::FanIn).dense(4, Some(Activation::Tanh));
        let net = net.kernels(2, 5).dense(1, None).done();
        let mut rng = crate::rng::Rng::stream(3, "mingle");
        let flat = net.layout().init(&mut rng);
        let weights = net.layout().constants(&Tensor::from_data(flat.as_slice(), &device));
        let x: Vec<f32> = (0..2 * 128).map(|_| rng.normal() as f32).collect();
        let of =
            |x: &[f32]| net.forward(&weights, matrix(x.to_vec(), 2, &device)).into_data().try_to_vec::<f32>().unwrap();
        // Two groups are as two batches.
        let (one, other) = x.split_at(128);
        assert_eq!(of(&x), [of(one), of(other)].concat());
    }
}
