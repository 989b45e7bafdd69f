//! The loss of scores, and its gradient.

use burn_cubecl::cubecl::{self, prelude::*};
use burn_cubecl::tensor::CubeTensor;

use super::{UNITS, count, cubes, empty, units};
use crate::kernel::{Curve, Term};

/// A term of a loss, for both of its shaders.
#[derive(CubeType, CubeLaunch, Clone, Copy)]
struct Part {
    /// How many scores it has.
    rows: u32,
    /// Its weight, divided by that.
    scale: f32,
    /// The curve: softplus(sign · s); if the sign is 0, (s − target)² or, if it is `straight`, s.
    sign: f32,
    target: f32,
    straight: f32,
}

/// The scores' number and the terms as two parts; a second one without rows if there is one term.
fn parts(rows: usize, terms: &[Term]) -> (u32, [PartLaunch; 2]) {
    assert!(matches!(terms.len(), 1 | 2), "one or two terms");
    assert_eq!(terms.iter().map(|term| term.rows).sum::<usize>(), rows, "the terms cover all scores");
    let part = |i: usize| {
        let Some(term) = terms.get(i) else { return PartLaunch::new(0, 0.0, 0.0, 0.0, 0.0) };
        let (sign, target, straight) = match term.curve {
            Curve::Softplus => (1.0, 0.0, 0.0),
            Curve::SoftplusOfMinus => (-1.0, 0.0, 0.0),
            Curve::SquareTo(target) => (0.0, target, 0.0),
            Curve::Identity => (0.0, 0.0, 1.0),
        };
        PartLaunch::new(term.rows as u32, term.weight / term.rows as f32, sign, target, straight)
    };
    (rows as u32, [part(0), part(1)])
}

/// The loss, `[1]`.
pub fn value(scores: CubeTensor, terms: &[Term]) -> CubeTensor {
    let loss = empty(&scores, [1]);
    let (rows, [first, second]) = parts(count(&scores), terms);
    let out = loss.clone().into_buffer_arg();
    // SAFETY: the shader reads `rows` scores, which is how many there are, and writes one number.
    unsafe {
        values::launch_unchecked(&loss.client, cubes(1), units(), scores.into_buffer_arg(), out, rows, first, second);
    }
    loss
}

/// The gradient of the loss in each score.
pub fn slope(scores: CubeTensor, terms: &[Term], upstream: CubeTensor) -> CubeTensor {
    let n = count(&scores);
    let (rows, [first, second]) = parts(n, terms);
    let gradient = empty(&scores, [n, 1]);
    let [scores, upstream, out] = [scores, upstream, gradient.clone()].map(CubeTensor::into_buffer_arg);
    let cubes = cubes(n.div_ceil(UNITS));
    // SAFETY: the shader reads and writes nothing past `rows`, which is how many scores there are.
    unsafe {
        slopes::launch_unchecked(&gradient.client, cubes, units(), scores, upstream, out, rows, first, second);
    }
    gradient
}

/// The loss of scores, by one workgroup.
#[cube(launch_unchecked)]
fn values(scores: &[f32], loss: &mut [f32], rows: u32, first: &Part, second: &Part) {
    let unit = UNIT_POS as usize;
    let mut sum = 0.0f32;
    let mut i = unit;
    while i < rows as usize {
        if i < first.rows as usize {
            sum += first.scale * value_at(scores[i], first);
        } else {
            sum += second.scale * value_at(scores[i], second);
        }
        i += UNITS;
    }
    let mut sums = Shared::<[f32]>::new_slice(UNITS);
    sums[unit] = sum;
    sync_cube();
    #[unroll]
    for halving in 0..comptime!(UNITS.ilog2() as usize) {
        let half = comptime!(UNITS >> (halving + 1));
        if unit < half {
            let other = sums[unit + half];
            sums[unit] += other;
        }
        sync_cube();
    }
    if unit == 0 {
        loss[0] = sums[0];
    }
}

/// The gradient of the loss in each score.
#[cube(launch_unchecked)]
fn slopes(scores: &[f32], upstream: &[f32], gradient: &mut [f32], rows: u32, first: &Part, second: &Part) {
    let i = ABSOLUTE_POS;
    if i < rows as usize {
        if i < first.rows as usize {
            gradient[i] = upstream[0] * first.scale * slope_at(scores[i], first);
        } else {
            gradient[i] = upstream[0] * second.scale * slope_at(scores[i], second);
        }
    }
}

#[cube]
fn value_at(s: f32, part: &Part) -> f32 {
    let off = s - part.target;
    let other = select(part.straight == 0.0, off * off, off);
    let s = part.sign * s;
    // log(1 + eˢ) without overflow; a NaN stays one. Where e is small, 1 + e would lose it.
    let e = (-s.abs()).exp();
    let log = select(e < 1e-4, e - 0.5 * e * e, (1.0 + e).ln());
    let softplus = select(s < 0.0, 0.0f32, s) + log;
    select(part.sign == 0.0, other, softplus)
}

#[cube]
fn slope_at(s: f32, part: &Part) -> f32 {
    let other = select(part.straight == 0.0, 2.0 * (s - part.target), 1.0f32);
    let s = part.sign * s;
    let e = (-s.abs()).exp();
    let sigmoid = select(s < 0.0, e, 1.0f32) / (1.0 + e);
    select(part.sign == 0.0, other, part.sign * sigmoid)
}
