//! Matrix products on the CPU, register-tiled.
//!
//! Every element of a result is one sum in the order of the inner index, from zero, each product rounded before it is
//! added. So the bits do not depend on the tiling, and [`plain`] gives the same ones.
//!
//! A tile of the result stays in registers while the inner index runs. The right-hand matrix is copied into a panel as
//! wide as a tile, so that the inner loop reads memory in order.

use std::cell::RefCell;

use super::pool;

/// Columns of a tile: two 128-bit vectors.
const WIDE: usize = 8;
/// Columns of a tile for results of at most this many columns.
const NARROW: usize = 4;
/// Rows of a tile, wide and narrow: as many as leave the accumulators in sixteen registers.
const ROWS_WIDE: usize = 6;
const ROWS_NARROW: usize = 8;

/// The left-hand matrix of a product, `rows × inner`.
#[derive(Clone, Copy)]
pub enum Left<'a> {
    /// Row-major, `rows × inner`.
    Rows(&'a [f32]),
    /// The transpose of this row-major `inner × rows`.
    Columns(&'a [f32]),
}

/// The right-hand matrix of a product, `inner × columns`.
#[derive(Clone, Copy)]
pub enum Right<'a> {
    /// Row-major, `inner × columns`.
    Rows(&'a [f32]),
    /// The transpose of this row-major `columns × inner`.
    Columns(&'a [f32]),
}

/// The shape of a product: `rows × inner` times `inner × columns`.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Rows of the left-hand matrix and of the result.
    pub rows: usize,
    /// The index that is summed over.
    pub inner: usize,
    /// Columns of the right-hand matrix and of the result.
    pub columns: usize,
}

thread_local! {
    /// The panel and the packed left-hand side: memory that a product leaves to the next one.
    static SCRATCH: RefCell<(Vec<f32>, Vec<f32>)> = RefCell::default();
}

/// So many numbers of the right-hand side are kept in the first cache: half of 32 kB.
const NEAR: usize = 1 << 12;

/// From so many multiplications on, a product is worth the time it takes to wake other threads.
pub const SHARED: usize = 1 << 22;

/// The product `left · right`, row-major into `out`; `finish` is then called with blocks of whole rows, while they are near.
///
/// # Panics
/// If a slice is not as long as the shape says.
pub fn product(shape: Shape, left: Left<'_>, right: Right<'_>, out: &mut [f32], finish: &(dyn Fn(&mut [f32]) + Sync)) {
    let Shape { rows, inner, columns } = shape;
    let (Left::Rows(l) | Left::Columns(l)) = left;
    let (Right::Rows(r) | Right::Columns(r)) = right;
    assert!(l.len() == rows * inner && r.len() == inner * columns && out.len() == rows * columns, "{shape:?}");
    if out.is_empty() {
        return;
    }
    if inner == 0 {
        out.fill(0.0);
        return finish(out);
    }
    let whole = Part { shape, left, right, first: 0 };
    if rows * inner * columns < SHARED || pool::threads() == 1 {
        whole.compute(out, finish);
    } else {
        // Whole tiles, and a few parts a thread, so that a thread that starts late delays nobody.
        let tall = rows.div_ceil(4 * pool::threads()).next_multiple_of(ROWS_WIDE);
        pool::share(out.chunks_mut(tall * columns), |i, out| Part { first: i * tall, ..whole }.compute(out, finish));
    }
}

/// Some rows of a product.
#[derive(Clone, Copy)]
struct Part<'a> {
    /// Of the whole product.
    shape: Shape,
    left: Left<'a>,
    right: Right<'a>,
    /// The first of the rows.
    first: usize,
}

impl Part<'_> {
    fn compute(self, out: &mut [f32], finish: &(dyn Fn(&mut [f32]) + Sync)) {
        #[cfg(all(target_arch = "x86_64", not(target_feature = "avx2")))]
        if std::arch::is_x86_feature_detected!("avx2") {
            // SAFETY: the machine has AVX2, which is all that this function asks for.
            return unsafe { self.tiled_with_avx2(out, finish) };
        }
        self.tiled(out, finish);
    }

    /// The same code for machines with AVX2; no fused multiply-add, so the same bits.
    #[cfg(all(target_arch = "x86_64", not(target_feature = "avx2")))]
    #[target_feature(enable = "avx2")]
    fn tiled_with_avx2(self, out: &mut [f32], finish: &(dyn Fn(&mut [f32]) + Sync)) {
        self.tiled(out, finish);
    }

    #[inline(always)]
    fn tiled(self, out: &mut [f32], finish: &(dyn Fn(&mut [f32]) + Sync)) {
        SCRATCH.with_borrow_mut(|(panels, packed)| {
            if self.shape.columns <= NARROW && matches!(self.left, Left::Columns(_)) {
                self.narrow(out, panels);
                finish(out);
            } else if self.shape.columns <= NARROW {
                self.panels::<ROWS_NARROW, NARROW>(out, panels, packed, finish);
            } else {
                self.panels::<ROWS_WIDE, WIDE>(out, panels, packed, finish);
            }
        });
    }

    /// Few columns of a transposed left-hand side: row by row of it, each scaled and added to a column of the result, which
    /// stays in the first cache.
    #[inline(always)]
    fn narrow(self, out: &mut [f32], sums: &mut Vec<f32>) {
        let Self { shape: Shape { rows: all, columns, .. }, left, right, first } = self;
        let (Left::Rows(left) | Left::Columns(left)) = left;
        let rows = out.len() / columns;
        for j in 0..columns {
            sums.clear();
            sums.resize(rows, 0.0);
            for (k, left) in left.chunks_exact(all).enumerate() {
                let factor = match right {
                    Right::Rows(right) => right[k * columns + j],
                    Right::Columns(right) => right[j * self.shape.inner + k],
                };
                for (sum, x) in sums.iter_mut().zip(&left[first..first + rows]) {
                    *sum += x * factor;
                }
            }
            for (out, sum) in out.iter_mut().skip(j).step_by(columns).zip(&*sums) {
                *out = *sum;
            }
        }
    }

    #[inline(always)]
    fn panels<const M: usize, const N: usize>(
        self,
        out: &mut [f32],
        panels: &mut Vec<f32>,
        packed: &mut Vec<f32>,
        finish: &(dyn Fn(&mut [f32]) + Sync),
    ) {
        let Self { shape: Shape { inner, columns, .. }, right, .. } = self;
        self.pack::<M>(out.len() / columns, packed);
        // As many panels at a time as leave room in the first cache, so that what is read again and again is near.
        let wide = (NEAR / (inner * N)).max(1) * N;
        for n in (0..columns).step_by(wide) {
            let wide = wide.min(columns - n);
            panels.clear();
            panels.resize(wide.div_ceil(N) * N * inner, 0.0);
            for (i, panel) in panels.chunks_exact_mut(N * inner).enumerate() {
                fill_panel::<N>(panel, right, n + i * N, columns, inner);
            }
            for (i, out) in out.chunks_mut(M * columns).enumerate() {
                self.tiles::<M, N>(i * M, packed, panels, n, out);
                if n + wide == columns {
                    finish(out);
                }
            }
        }
    }

    /// The left-hand side by columns, tile by tile, so that the inner loop reads in order: rows that are a power of two
    /// apart would share cache lines. What remains of the rows lies behind, one after the other.
    #[inline(always)]
    fn pack<const M: usize>(self, rows: usize, packed: &mut Vec<f32>) {
        let Left::Columns(left) = self.left else { return };
        let (inner, whole) = (self.shape.inner, rows / M * M);
        packed.clear();
        packed.resize(rows * inner, 0.0);
        let (tiles, rest) = packed.split_at_mut(whole * inner);
        let (tiles, _) = tiles.as_chunks_mut::<M>();
        for (k, row) in left.chunks_exact(self.shape.rows).enumerate() {
            let (from, remaining) = row[self.first..self.first + rows].as_chunks::<M>();
            for (m, from) in from.iter().enumerate() {
                tiles[m * inner + k] = *from;
            }
            for (m, from) in remaining.iter().enumerate() {
                rest[m * inner + k] = *from;
            }
        }
    }

    /// The tiles of up to `M` rows from row `m` on, for the columns from `n` on that the panels hold.
    #[inline(always)]
    fn tiles<const M: usize, const N: usize>(
        self,
        m: usize,
        packed: &[f32],
        panels: &[f32],
        n: usize,
        out: &mut [f32],
    ) {
        let Shape { inner, columns, .. } = self.shape;
        let rows = out.len() / columns;
        let left = match self.left {
            Left::Rows(left) => &left[(self.first + m) * inner..][..rows * inner],
            Left::Columns(_) => &packed[m * inner..][..rows * inner],
        };
        for (i, panel) in panels.chunks_exact(N * inner).enumerate() {
            let (n, (panel, _)) = (n + i * N, panel.as_chunks::<N>());
            match self.left {
                _ if rows < M => {
                    for (left, out) in left.chunks_exact(inner).zip(out.chunks_exact_mut(columns)) {
                        store(&tile_of_rows::<1, N>(left, panel), out, columns, n);
                    }
                }
                Left::Rows(_) => store(&tile_of_rows::<M, N>(left, panel), out, columns, n),
                Left::Columns(_) => store(&tile_of_columns::<M, N>(left, panel), out, columns, n),
            }
        }
    }
}

/// Columns `n..n + N` of the right-hand matrix, one row of `N` for each inner index, padded with zeros.
#[inline(always)]
fn fill_panel<const N: usize>(panel: &mut [f32], right: Right<'_>, n: usize, columns: usize, inner: usize) {
    let width = N.min(columns - n);
    let (rows, _) = panel.as_chunks_mut::<N>();
    match right {
        Right::Rows(right) => {
            for (to, from) in rows.iter_mut().zip(right.chunks_exact(columns)) {
                match from[n..].first_chunk::<N>() {
                    Some(from) => *to = *from,
                    None => to[..width].copy_from_slice(&from[n..]),
                }
            }
        }
        Right::Columns(right) => {
            for j in 0..width {
                for (to, x) in rows.iter_mut().zip(&right[(n + j) * inner..][..inner]) {
                    to[j] = *x;
                }
            }
        }
    }
}

/// The sums of `M` rows of `inner` numbers each with a panel.
#[inline(always)]
fn tile_of_rows<const M: usize, const N: usize>(rows: &[f32], panel: &[[f32; N]]) -> [[f32; N]; M] {
    let inner = panel.len();
    // Cut to the one length, so that nothing is checked in the loop.
    let rows: [&[f32]; M] = std::array::from_fn(|i| &rows[i * inner..][..inner]);
    let mut sums = [[0.0; N]; M];
    for (k, b) in panel.iter().enumerate() {
        for i in 0..M {
            let a = rows[i][k];
            for j in 0..N {
                sums[i][j] += a * b[j];
            }
        }
    }
    sums
}

/// The sums of a packed tile, `M` numbers for each inner index, with a panel.
#[inline(always)]
fn tile_of_columns<const M: usize, const N: usize>(tile: &[f32], panel: &[[f32; N]]) -> [[f32; N]; M] {
    let (tile, _) = tile.as_chunks::<M>();
    let mut sums = [[0.0; N]; M];
    for (a, b) in tile.iter().zip(panel) {
        for i in 0..M {
            for j in 0..N {
                sums[i][j] += a[i] * b[j];
            }
        }
    }
    sums
}

#[inline(always)]
fn store<const M: usize, const N: usize>(sums: &[[f32; N]; M], out: &mut [f32], columns: usize, n: usize) {
    for (i, sums) in sums.iter().enumerate() {
        let row = &mut out[i * columns..][n..columns];
        match row.first_chunk_mut::<N>() {
            Some(row) => *row = *sums,
            None => row.copy_from_slice(&sums[..row.len()]),
        }
    }
}

/// The same product, one sum after the other: what [`product`] is checked against.
#[cfg(test)]
pub fn plain(shape: Shape, left: Left<'_>, right: Right<'_>) -> Vec<f32> {
    let Shape { rows, inner, columns } = shape;
    let at = |i: usize, k: usize| match left {
        Left::Rows(l) => l[i * inner + k],
        Left::Columns(l) => l[k * rows + i],
    };
    let by = |k: usize, j: usize| match right {
        Right::Rows(r) => r[k * columns + j],
        Right::Columns(r) => r[j * inner + k],
    };
    let sum = |i: usize, j: usize| (0..inner).fold(0.0, |sum, k| sum + at(i, k) * by(k, j));
    (0..rows * columns).map(|e| sum(e / columns, e % columns)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(n: usize, salt: usize) -> Vec<f32> {
        (0..n).map(|i| ((i * 37 + salt * 11) % 101) as f32 / 101.0 - 0.5).collect()
    }

    #[test]
    fn tiles_give_the_bits_of_one_sum_after_the_other() {
        // Around the sizes of tiles, and the ends of ranges.
        for (rows, inner, columns) in [
            (1, 1, 1),
            (5, 3, 2),
            (6, 8, 8),
            (7, 2, 4),
            (8, 5, 5),
            (9, 17, 7),
            (13, 31, 9),
            (24, 64, 16),
            (150, 8, 19),
            (3, 0, 3),
            (150, 130, 140),
        ] {
            let shape = Shape { rows, inner, columns };
            let (l, r) = (numbers(rows * inner, 1), numbers(inner * columns, 2));
            for left in [Left::Rows(&l), Left::Columns(&l)] {
                for right in [Right::Rows(&r), Right::Columns(&r)] {
                    let mut out = vec![f32::NAN; rows * columns];
                    let finish = |rows: &mut [f32]| {
                        assert_eq!(rows.len() % columns, 0, "whole rows");
                        rows.iter_mut().for_each(|sum| *sum += 1.0);
                    };
                    product(shape, left, right, &mut out, &finish);
                    let plain: Vec<f32> = plain(shape, left, right).iter().map(|sum| sum + 1.0).collect();
                    assert_eq!(out, plain, "{shape:?}");
                }
            }
        }
    }

    #[test]
    #[should_panic(expected = "columns: 2")]
    fn slices_of_another_length_are_refused() {
        let shape = Shape { rows: 2, inner: 2, columns: 2 };
        product(shape, Left::Rows(&[0.0; 4]), Right::Rows(&[0.0; 3]), &mut [0.0; 4], &|_| ());
    }
}
