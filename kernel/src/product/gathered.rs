//! Products of rows that are gathered from images, a block of them at a time: no plane of them is ever held whole.

use std::cell::RefCell;

use super::shape::{Left, Part, Right, Shape};
use super::tiled::{NARROW, ROWS_WIDE, WIDE, fill_panel, tile_of_columns};
use crate::grid::Patches;

/// So many numbers of gathered rows are held at a time, by each thread: 64 kB.
const BLOCK: usize = 1 << 14;

thread_local! {
    /// Gathered rows, and what is made of them.
    static ROWS: RefCell<(Vec<f32>, Vec<f32>)> = RefCell::default();
}

/// The product of what places see with a matrix, `patches × columns`.
pub struct Gathered {
    patches: Patches,
    columns: usize,
    /// Row-major.
    matrix: Vec<f32>,
    panels: Vec<f32>,
}

impl Gathered {
    /// With this matrix, row-major, of as many rows as a patch has numbers.
    pub fn new(patches: Patches, matrix: Vec<f32>, columns: usize) -> Self {
        let inner = patches.len();
        debug_assert_eq!(matrix.len(), inner * columns);
        let mut panels = Vec::new();
        if columns > NARROW {
            panels.resize(columns.next_multiple_of(WIDE) * inner, 0.0);
            for (i, panel) in panels.chunks_exact_mut(WIDE * inner).enumerate() {
                fill_panel::<WIDE>(panel, Right::Rows(&matrix), i * WIDE, columns, inner);
            }
        }
        Self { patches, columns, matrix, panels }
    }

    /// Computes the rows of all images, one block after the other, and gives each with the number of its first row.
    pub fn blocks(
        &self,
        images: &[f32],
        count: usize,
        mut put: impl FnMut(usize, &[f32]),
        finish: &(dyn Fn(&mut [f32]) + Sync),
    ) {
        let (rows, tall) = (count * self.patches.rows(), self.tall());
        let mut block = ROWS.with_borrow_mut(|rows| std::mem::take(&mut rows.1));
        for first in (0..rows).step_by(tall) {
            block.clear();
            block.resize(tall.min(rows - first) * self.columns, 0.0);
            self.compute(images, first, &mut block, finish);
            put(first, &block);
        }
        ROWS.with_borrow_mut(|rows| rows.1 = block);
    }

    /// Computes the rows of all images, row-major into `out`.
    pub fn all(&self, images: &[f32], out: &mut [f32], finish: &(dyn Fn(&mut [f32]) + Sync)) {
        let tall = self.tall();
        for (i, out) in out.chunks_mut(tall * self.columns).enumerate() {
            self.compute(images, i * tall, out, finish);
        }
    }

    /// Rows of a block.
    fn tall(&self) -> usize {
        (BLOCK / self.patches.len().max(1) / ROWS_WIDE).max(1) * ROWS_WIDE
    }

    fn compute(&self, images: &[f32], first: usize, out: &mut [f32], finish: &(dyn Fn(&mut [f32]) + Sync)) {
        let (rows, inner, columns) = (out.len() / self.columns, self.patches.len(), self.columns);
        if inner == 0 {
            out.fill(0.0);
            return finish(out);
        }
        let (mut gathered, other) = ROWS.take();
        gathered.resize(rows * inner, 0.0);
        self.patches.fill(images, first, &mut gathered);
        let panels = (columns > NARROW).then_some(&*self.panels);
        let shape = Shape { rows, inner, columns };
        let part = Part { shape, left: Left::Rows(&gathered), right: Right::Rows(&self.matrix), first: 0, panels };
        part.compute(out, finish);
        ROWS.set((gathered, other));
    }
}

/// Adds to `sums`, row-major `columns × patches`, the products of the numbers of each row of `rows` with those of what its place
/// sees: every sum goes on in the order of the rows.
pub fn add_products(patches: Patches, images: &[f32], rows: &[f32], columns: usize, sums: &mut [f32]) {
    #[cfg(all(target_arch = "x86_64", not(target_feature = "avx2")))]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: the machine has AVX2, which is all that this function asks for.
        return unsafe { add_with_avx2(patches, images, rows, columns, sums) };
    }
    add(patches, images, rows, columns, sums);
}

/// The same code for machines with AVX2; no fused multiply-add, so the same bits.
#[cfg(all(target_arch = "x86_64", not(target_feature = "avx2")))]
#[target_feature(enable = "avx2")]
fn add_with_avx2(patches: Patches, images: &[f32], rows: &[f32], columns: usize, sums: &mut [f32]) {
    add(patches, images, rows, columns, sums);
}

#[inline(always)]
fn add(patches: Patches, images: &[f32], rows: &[f32], columns: usize, sums: &mut [f32]) {
    const M: usize = ROWS_WIDE;
    const N: usize = WIDE;
    let inner = patches.len();
    let tall = (BLOCK / inner).max(1);
    let mut row = vec![0.0; inner.next_multiple_of(N)];
    let (mut panels, mut packed) = ROWS.take();
    for (i, rows) in rows.chunks(tall * columns).enumerate() {
        let count = rows.len() / columns;
        // Both sides by tiles: the numbers that a tile takes of each row lie together.
        panels.resize(count * row.len(), 0.0);
        let (tiles, _) = panels.as_chunks_mut::<N>();
        for r in 0..count {
            patches.fill_row(images, i * tall + r, &mut row[..inner]);
            for (p, from) in row.as_chunks::<N>().0.iter().enumerate() {
                tiles[p * count + r] = *from;
            }
        }
        packed.clear();
        packed.resize(count * columns.next_multiple_of(M), 0.0);
        let (factors, _) = packed.as_chunks_mut::<M>();
        for (r, row) in rows.chunks_exact(columns).enumerate() {
            for (m, from) in row.chunks(M).enumerate() {
                factors[m * count + r][..from.len()].copy_from_slice(from);
            }
        }
        for (p, panel) in tiles.chunks_exact(count).enumerate() {
            for (m, factors) in factors.chunks_exact(count).enumerate() {
                let sums = &mut sums[m * M * inner..];
                if columns - m * M >= M {
                    extend::<M, N>(factors, panel, sums, inner, p * N);
                } else {
                    few::<M, N>(factors, panel, &mut sums[..(columns - m * M) * inner], inner, p * N);
                }
            }
        }
    }
    ROWS.set((panels, packed));
}

/// Adds the products of a tile.
#[inline(always)]
fn extend<const M: usize, const N: usize>(
    factors: &[[f32; M]],
    panel: &[[f32; N]],
    sums: &mut [f32],
    inner: usize,
    n: usize,
) {
    let width = N.min(inner - n);
    let mut tile = [[0.0; N]; M];
    for (i, tile) in tile.iter_mut().enumerate() {
        tile[..width].copy_from_slice(&sums[i * inner + n..][..width]);
    }
    let tile = tile_of_columns::<M, N>(tile, factors.as_flattened(), panel);
    for (i, tile) in tile.iter().enumerate() {
        sums[i * inner + n..][..width].copy_from_slice(&tile[..width]);
    }
}

/// The same for fewer rows than a tile has, one after the other.
#[inline(always)]
fn few<const M: usize, const N: usize>(
    factors: &[[f32; M]],
    panel: &[[f32; N]],
    sums: &mut [f32],
    inner: usize,
    n: usize,
) {
    let width = N.min(inner - n);
    for (i, sums) in sums.chunks_exact_mut(inner).enumerate() {
        let mut tile = [0.0; N];
        tile[..width].copy_from_slice(&sums[n..][..width]);
        for (factors, b) in factors.iter().zip(panel) {
            for (sum, b) in tile.iter_mut().zip(b) {
                *sum += factors[i] * b;
            }
        }
        sums[n..][..width].copy_from_slice(&tile[..width]);
    }
}
