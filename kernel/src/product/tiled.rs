//! Products by tiles in registers.
//!
//! A tile of the result stays in registers while the inner index runs. The right-hand matrix is copied into a panel as
//! wide as a tile, so that the inner loop reads memory in order.

use super::shape::{Left, Part, Right, Shape};

/// Columns of a tile: two 128-bit vectors.
pub const WIDE: usize = 8;
/// Columns of a tile for results of at most this many columns.
pub const NARROW: usize = 4;
/// Rows of a tile, wide and narrow: as many as leave the accumulators in sixteen registers.
pub const ROWS_WIDE: usize = 6;
pub const ROWS_NARROW: usize = 8;

/// So many numbers of the right-hand side are kept in the first cache: half of 32 kB.
pub const NEAR: usize = 1 << 12;

impl Part<'_> {
    #[inline(always)]
    pub fn panels<const M: usize, const N: usize>(
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
pub fn fill_panel<const N: usize>(panel: &mut [f32], right: Right<'_>, n: usize, columns: usize, inner: usize) {
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
    add_rows([[0.0; N]; M], std::array::from_fn(|i| &rows[i * inner..][..inner]), panel)
}

/// Adds the products of `M` rows with a panel.
#[inline(always)]
pub fn add_rows<const M: usize, const N: usize>(
    mut sums: [[f32; N]; M],
    rows: [&[f32]; M],
    panel: &[[f32; N]],
) -> [[f32; N]; M] {
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

/// Puts a tile into the columns from `n` on.
#[inline(always)]
pub fn store<const M: usize, const N: usize>(sums: &[[f32; N]; M], out: &mut [f32], columns: usize, n: usize) {
    for (i, sums) in sums.iter().enumerate() {
        let row = &mut out[i * columns..][n..columns];
        match row.first_chunk_mut::<N>() {
            Some(row) => *row = *sums,
            None => row.copy_from_slice(&sums[..row.len()]),
        }
    }
}
