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
    /// The curve, one of the kinds below, and its numbers.
    kind: u32,
    a: f32,
    b: f32,
}

/// softplus(a · s)
const SOFTPLUS: u32 = 0;
/// (s − a)²
const SQUARE: u32 = 1;
/// s
const IDENTITY: u32 = 2;
/// max(0, 1 + a · s)
const HINGE: u32 = 3;
/// exp(a · s + b)
const EXP: u32 = 4;
/// tanh(s)
const TANH: u32 = 5;

/// The terms two by two, as parts; a second one without rows where there is one left. With each pair, where its scores begin and how
/// many they are.
fn pairs(rows: usize, terms: &[Term]) -> Vec<(u32, u32, [PartLaunch; 2])> {
    assert_eq!(terms.iter().map(|term| term.rows).sum::<usize>(), rows, "the terms cover all scores");
    let mut start = 0;
    let pair = |pair: &[Term]| {
        let (from, count) = (start, pair.iter().map(|term| term.rows as u32).sum::<u32>());
        start += count;
        (from, count, parts(pair))
    };
    terms.chunks(2).map(pair).collect()
}

fn parts(terms: &[Term]) -> [PartLaunch; 2] {
    let part = |i: usize| {
        let Some(term) = terms.get(i) else { return PartLaunch::new(0, 0.0, IDENTITY, 0.0, 0.0) };
        let (kind, a, b) = match term.curve {
            Curve::Softplus => (SOFTPLUS, 1.0, 0.0),
            Curve::SoftplusOfMinus => (SOFTPLUS, -1.0, 0.0),
            Curve::SquareTo(target) => (SQUARE, target, 0.0),
            Curve::Identity => (IDENTITY, 0.0, 0.0),
            Curve::Hinge(sign) => (HINGE, sign, 0.0),
            Curve::Exp { rate, shift } => (EXP, rate, shift),
            Curve::Tanh => (TANH, 0.0, 0.0),
        };
        PartLaunch::new(term.rows as u32, term.weight / term.rows as f32, kind, a, b)
    };
    [part(0), part(1)]
}

/// The loss, `[1]`.
pub fn value(scores: CubeTensor, terms: &[Term]) -> CubeTensor {
    let loss = empty(&scores, [1]);
    for (start, rows, [first, second]) in pairs(count(&scores), terms) {
        let (given, out) = (scores.clone().into_buffer_arg(), loss.clone().into_buffer_arg());
        // SAFETY: the shader reads the scores of these terms, which lie among those that there are, and writes one number.
        unsafe {
            values::launch_unchecked(&loss.client, cubes(1), units(), given, out, start, rows, first, second);
        }
    }
    loss
}

/// The gradient of the loss in each score.
pub fn slope(scores: CubeTensor, terms: &[Term], upstream: CubeTensor) -> CubeTensor {
    let n = count(&scores);
    let gradient = empty(&scores, [n, 1]);
    for (start, rows, [first, second]) in pairs(n, terms) {
        let [given, upstream, out] =
            [scores.clone(), upstream.clone(), gradient.clone()].map(CubeTensor::into_buffer_arg);
        let cubes = cubes((rows as usize).div_ceil(UNITS));
        // SAFETY: the shader reads and writes the scores of these terms, which lie among those that there are.
        unsafe {
            slopes::launch_unchecked(
                &gradient.client,
                cubes,
                units(),
                given,
                upstream,
                out,
                start,
                rows,
                first,
                second,
            );
        }
    }
    gradient
}

/// The loss of the scores of two terms, by one workgroup; of the first ones it is set, of others it is added.
#[cube(launch_unchecked)]
fn values(scores: &[f32], loss: &mut [f32], start: u32, rows: u32, first: &Part, second: &Part) {
    let unit = UNIT_POS as usize;
    let mut sum = 0.0f32;
    let mut i = unit;
    while i < rows as usize {
        let s = scores[start as usize + i];
        if i < first.rows as usize {
            sum += first.scale * value_at(s, first);
        } else {
            sum += second.scale * value_at(s, second);
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
        if start == 0 {
            loss[0] = sums[0];
        } else {
            let before = loss[0];
            loss[0] = before + sums[0];
        }
    }
}

/// The gradient of the loss in each score of two terms.
#[cube(launch_unchecked)]
fn slopes(scores: &[f32], upstream: &[f32], gradient: &mut [f32], start: u32, rows: u32, first: &Part, second: &Part) {
    if ABSOLUTE_POS < rows as usize {
        let i = start as usize + ABSOLUTE_POS;
        if ABSOLUTE_POS < first.rows as usize {
            gradient[i] = upstream[0] * first.scale * slope_at(scores[i], first);
        } else {
            gradient[i] = upstream[0] * second.scale * slope_at(scores[i], second);
        }
    }
}

#[cube]
fn value_at(s: f32, part: &Part) -> f32 {
    let mut value = s;
    if part.kind == SOFTPLUS {
        value = softplus_at(part.a * s);
    } else if part.kind == SQUARE {
        let off = s - part.a;
        value = off * off;
    } else if part.kind == HINGE {
        value = (1.0 + part.a * s).max(0.0);
    } else if part.kind == EXP {
        value = (part.a * s + part.b).exp();
    } else if part.kind == TANH {
        value = s.tanh();
    }
    // A NaN stays one, whatever a driver makes of it.
    select(s.is_nan(), s, value)
}

#[cube]
fn softplus_at(s: f32) -> f32 {
    // log(1 + eˢ) without overflow; a NaN stays one. Where e is small, 1 + e would lose it.
    let e = (-s.abs()).exp();
    let log = select(e < 1e-4, e - 0.5 * e * e, (1.0 + e).ln());
    select(s < 0.0, 0.0f32, s) + log
}

#[cube]
fn slope_at(s: f32, part: &Part) -> f32 {
    let mut slope = 1.0f32;
    if part.kind == SOFTPLUS {
        let s = part.a * s;
        let e = (-s.abs()).exp();
        slope = part.a * select(s < 0.0, e, 1.0f32) / (1.0 + e);
    } else if part.kind == SQUARE {
        slope = 2.0 * (s - part.a);
    } else if part.kind == HINGE {
        let above = 1.0 + part.a * s;
        slope = select(above > 0.0, part.a, 0.0f32);
    } else if part.kind == EXP {
        slope = part.a * (part.a * s + part.b).exp();
    } else if part.kind == TANH {
        let t = s.tanh();
        slope = 1.0 - t * t;
    }
    select(s.is_nan(), s, slope)
}
