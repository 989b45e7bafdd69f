//! Matrix products on the CPU, register-tiled.
//!
//! Every element of a result is one sum in the order of the inner index, from zero, each product rounded before it is
//! added. So the bits do not depend on the tiling, and [`plain`] gives the same ones.
//!
//! A tile of the result stays in registers while the inner index runs. The right-hand matrix is copied into a panel as
//! wide as a tile, so that the inner loop reads memory in order. Products with a side too short for tiles are in [`thin`].

use std::cell::RefCell;

use super::{pool, thin};

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
    /// Panels and the packed left-hand side: memory that a product leaves to the next one.
    static SCRATCH: RefCell<(Vec<f32>, Vec<f32>)> = RefCell::default();
    /// All panels of a product that threads share.
    static PANELS: RefCell<Vec<f32>> = RefCell::default();
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
    let whole = Part { shape, left, right, first: 0, panels: None };
    if rows * inner * columns < SHARED || columns <= NARROW || pool::threads() == 1 {
        return whole.compute(out, finish);
    }
    PANELS.with_borrow_mut(|panels| {
        // Once for all parts.
        panels.clear();
        panels.resize(columns.next_multiple_of(WIDE) * inner, 0.0);
        let several = (NEAR / (inner * WIDE)).max(1);
        pool::share(panels.chunks_mut(several * WIDE * inner), |i, panels| {
            for (j, panel) in panels.chunks_exact_mut(WIDE * inner).enumerate() {
                fill_panel::<WIDE>(panel, right, (i * several + j) * WIDE, columns, inner);
            }
        });
        let whole = Part { panels: Some(panels), ..whole };
        // Whole tiles, and a few parts a thread, so that a thread that starts late delays nobody.
        let tall = rows.div_ceil(4 * pool::threads()).next_multiple_of(ROWS_WIDE);
        pool::share(out.chunks_mut(tall * columns), |i, out| Part { first: i * tall, ..whole }.compute(out, finish));
    });
}

/// Some rows of a product.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    /// Of the whole product.
    pub shape: Shape,
    pub left: Left<'a>,
    pub right: Right<'a>,
    /// The first of the rows.
    pub first: usize,
    /// The right-hand side as panels, if that is done already.
    panels: Option<&'a [f32]>,
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
            if thin::compute(self, out, panels) {
                finish(out);
            } else if self.shape.columns <= NARROW {
                self.panels::<ROWS_NARROW, NARROW>(out, panels, packed, finish);
            } else {
                self.panels::<ROWS_WIDE, WIDE>(out, panels, packed, finish);
            }
        });
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
            let size = wide.next_multiple_of(N) * inner;
            let panels = match self.panels {
                Some(panels) => &panels[n * inner..][..size],
                None => {
                    panels.clear();
                    panels.resize(size, 0.0);
                    for (i, panel) in panels.chunks_exact_mut(N * inner).enumerate() {
                        fill_panel::<N>(panel, right, n + i * N, columns, inner);
                    }
                    &*panels
                }
            };
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
                    rest(left, panel, out, columns, n);
                    rows
                }
                Left::Rows(_) => put::<M, N, false>(left, panel, out, columns, n),
                Left::Columns(_) => put::<M, N, true>(left, panel, out, columns, n),
            };
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

/// Fewer rows than a tile has: in tiles of four, two and one.
#[inline(always)]
fn rest<const N: usize>(mut left: &[f32], panel: &[[f32; N]], mut out: &mut [f32], columns: usize, n: usize) {
    while !out.is_empty() {
        let taken = match out.len() / columns {
            1 => put::<1, N, false>(left, panel, out, columns, n),
            2 | 3 => put::<2, N, false>(left, panel, out, columns, n),
            _ => put::<4, N, false>(left, panel, out, columns, n),
        };
        left = &left[taken * panel.len()..];
        out = &mut out[taken * columns..];
    }
}

/// Puts the sums of a tile of rows, or of a packed one, into the columns from `n` on of a result; gives `M`.
// In the module with threads, a larger function around the loop costs it registers, and a tenth of the speed; in the others it
// gains a twentieth.
#[cfg_attr(target_feature = "atomics", inline(never))]
#[cfg_attr(not(target_feature = "atomics"), inline(always))]
fn put<const M: usize, const N: usize, const PACKED: bool>(
    tile: &[f32],
    panel: &[[f32; N]],
    out: &mut [f32],
    columns: usize,
    n: usize,
) -> usize {
    if PACKED {
        store(&tile_of_columns::<M, N>(tile, panel), out, columns, n);
    } else {
        store(&tile_of_rows::<M, N>(tile, panel), out, columns, n);
    }
    M
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
            (41, 1, 9),
            (19, 2, 17),
            (37, 15, 1),
            (2, 29, 45),
            (45, 29, 2),
            (77, 30, 4),
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

    /// As threads compute it: some rows at a time, with the panels made before.
    #[test]
    fn parts_of_a_product_give_its_bits() {
        for (rows, inner, columns) in
            [(29, 1, 9), (29, 2, 9), (29, 13, 1), (29, 13, 3), (4, 13, 40), (29, 13, 9), (29, 600, 20)]
        {
            let shape = Shape { rows, inner, columns };
            let (l, r) = (numbers(rows * inner, 1), numbers(inner * columns, 2));
            for left in [Left::Rows(&l), Left::Columns(&l)] {
                for right in [Right::Rows(&r), Right::Columns(&r)] {
                    let mut panels = vec![0.0; columns.next_multiple_of(WIDE) * inner];
                    for (i, panel) in panels.chunks_exact_mut(WIDE * inner).enumerate() {
                        fill_panel::<WIDE>(panel, right, i * WIDE, columns, inner);
                    }
                    let plain = plain(shape, left, right);
                    for panels in [None, Some(&*panels).filter(|_| columns > NARROW)] {
                        let mut out = vec![f32::NAN; rows * columns];
                        for (i, out) in out.chunks_mut(12 * columns).enumerate() {
                            Part { shape, left, right, first: 12 * i, panels }.compute(out, &|_| ());
                        }
                        assert_eq!(out, plain, "{shape:?}");
                    }
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
