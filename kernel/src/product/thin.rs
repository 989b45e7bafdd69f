//! Matrix products with a side too short for a tile, with the bits of every other product: one sum in the order of the
//! inner index, from zero, for each element.
//!
//! Networks for points are full of them: two inputs, two outputs, one score.

use super::shape::{Left, Part, Right, Shape};

/// Rows of a left-hand side whose sums with one column are computed together.
const TOGETHER: usize = 8;

/// Computes these rows of a product into `out` if one of its sides is short; else does nothing and says so.
#[inline(always)]
pub(super) fn compute(part: Part<'_>, out: &mut [f32], scratch: &mut Vec<f32>) -> bool {
    let Part { shape: Shape { rows, inner, columns }, left, right, first, .. } = part;
    match (left, right) {
        _ if inner == 1 => short::<1>(part, out, scratch),
        _ if inner == 2 => short::<2>(part, out, scratch),
        // One column is the same numbers either way.
        (Left::Rows(left), Right::Rows(right) | Right::Columns(right)) if columns == 1 => {
            dots(&left[first * inner..], right, out);
        }
        (Left::Columns(left), Right::Rows(right)) if columns <= 4 => {
            let many = Lines { numbers: left, width: rows, first, count: out.len() / columns };
            for j in 0..columns {
                let few = right.iter().skip(j).step_by(columns);
                many.scaled(few, |i, sum| out[i * columns + j] = sum);
            }
        }
        (Left::Columns(left), Right::Rows(right)) if rows <= 4 => {
            let many = Lines { numbers: right, width: columns, first: 0, count: columns };
            for (i, out) in out.chunks_exact_mut(columns).enumerate() {
                let few = left.iter().skip(first + i).step_by(rows);
                many.scaled(few, |j, sum| out[j] = sum);
            }
        }
        _ => return false,
    }
    true
}

/// Sums of `K` numbers: each row of the result is `K` rows of the right-hand side, scaled and added.
#[inline(always)]
fn short<const K: usize>(part: Part<'_>, out: &mut [f32], scratch: &mut Vec<f32>) {
    /// Columns at a time.
    const N: usize = 8;
    let Part { shape: Shape { rows, columns, .. }, left, right, first, .. } = part;
    // By rows, each filled up to whole vectors.
    let width = columns.next_multiple_of(N);
    scratch.clear();
    scratch.resize(K * width, 0.0);
    for (k, row) in scratch.chunks_exact_mut(width).enumerate() {
        for (j, x) in row[..columns].iter_mut().enumerate() {
            *x = match right {
                Right::Rows(right) => right[k * columns + j],
                Right::Columns(right) => right[j * K + k],
            };
        }
    }
    let scaled: [&[[f32; N]]; K] = std::array::from_fn(|k| scratch[k * width..][..width].as_chunks().0);
    for (i, out) in out.chunks_exact_mut(columns).enumerate() {
        let factors: [f32; K] = std::array::from_fn(|k| match left {
            Left::Rows(left) => left[(first + i) * K + k],
            Left::Columns(left) => left[k * rows + first + i],
        });
        let sums = |block: usize| {
            let mut sums = [0.0; N];
            for k in 0..K {
                for (sum, x) in sums.iter_mut().zip(&scaled[k][block]) {
                    *sum += factors[k] * x;
                }
            }
            sums
        };
        let (whole, rest) = out.as_chunks_mut::<N>();
        let blocks = whole.len();
        for (block, out) in whole.iter_mut().enumerate() {
            *out = sums(block);
        }
        if !rest.is_empty() {
            rest.copy_from_slice(&sums(blocks)[..rest.len()]);
        }
    }
}

/// The sums of rows with one column.
#[inline(always)]
fn dots(left: &[f32], column: &[f32], out: &mut [f32]) {
    let inner = column.len();
    let (whole, rest) = out.as_chunks_mut::<TOGETHER>();
    let done = whole.len() * TOGETHER;
    for (left, out) in left.chunks_exact(TOGETHER * inner).zip(whole) {
        *out = dots_together(left, column);
    }
    for (left, out) in left[done * inner..].chunks_exact(inner).zip(rest) {
        [*out] = dots_together(left, column);
    }
}

/// The sums of `M` rows, one after the other, with one column.
#[inline(always)]
fn dots_together<const M: usize>(left: &[f32], column: &[f32]) -> [f32; M] {
    let inner = column.len();
    add_dots([0.0; M], std::array::from_fn(|i| &left[i * inner..][..inner]), column)
}

/// Adds the products of `M` rows with one column, four inner indices at a time: a small transposition in registers puts numbers
/// of the same index side by side, so that the sums go in vectors.
#[inline(always)]
pub(super) fn add_dots<const M: usize>(mut sums: [f32; M], rows: [&[f32]; M], column: &[f32]) -> [f32; M] {
    let (fours, rest) = column.as_chunks::<4>();
    let lines: [&[[f32; 4]]; M] = std::array::from_fn(|i| &rows[i].as_chunks().0[..fours.len()]);
    for (k, factors) in fours.iter().enumerate() {
        let mut turned = [[0.0; M]; 4];
        for i in 0..M {
            for (turned, x) in turned.iter_mut().zip(lines[i][k]) {
                turned[i] = x;
            }
        }
        for (turned, factor) in turned.iter().zip(factors) {
            for (sum, x) in sums.iter_mut().zip(turned) {
                *sum += x * factor;
            }
        }
    }
    let done = column.len() - rest.len();
    for (k, factor) in rest.iter().enumerate() {
        for (sum, row) in sums.iter_mut().zip(rows) {
            *sum += row[done + k] * factor;
        }
    }
    sums
}

/// `count` columns, from the column `first` on, of a row-major matrix that is `width` wide.
#[derive(Clone, Copy)]
struct Lines<'a> {
    numbers: &'a [f32],
    width: usize,
    first: usize,
    count: usize,
}

impl Lines<'_> {
    /// The sum of the matrix's rows, each times its factor; `put` gets every number of it with its place.
    #[inline(always)]
    fn scaled<'f>(self, factors: impl Iterator<Item = &'f f32> + Clone, mut put: impl FnMut(usize, f32)) {
        let mut at = 0;
        while at < self.count {
            at += match self.count - at {
                32.. => self.span::<32>(at, factors.clone(), &mut put),
                8.. => self.span::<8>(at, factors.clone(), &mut put),
                _ => self.span::<1>(at, factors.clone(), &mut put),
            };
        }
    }

    /// `N` numbers of it, which stay in registers meanwhile; gives `N`.
    #[inline(always)]
    fn span<'f, const N: usize>(
        self,
        at: usize,
        factors: impl Iterator<Item = &'f f32>,
        put: &mut impl FnMut(usize, f32),
    ) -> usize {
        let mut sums = [0.0; N];
        for (factor, row) in factors.zip(self.numbers.chunks_exact(self.width)) {
            let Some(row) = row[self.first + at..].first_chunk::<N>() else { unreachable!("so many columns are left") };
            for (sum, x) in sums.iter_mut().zip(row) {
                *sum += factor * x;
            }
        }
        for (i, sum) in sums.into_iter().enumerate() {
            put(at + i, sum);
        }
        N
    }
}
