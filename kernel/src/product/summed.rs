//! Sums over places: what each sees times the numbers of a row of its own. The gradient of a convolution's weights.

use std::cell::RefCell;

use super::tiled::{ROWS_WIDE, WIDE};
use crate::grid::Patches;

thread_local! {
    /// The field of an image, and its rows by tiles.
    static SCRATCH: RefCell<(Vec<f32>, Vec<f32>)> = RefCell::default();
}

/// Adds to `sums`, row-major `columns × numbers seen`, the products of the numbers of each row of `rows` with those that its place
/// sees: every sum goes on in the order of the rows.
pub fn add_products(patches: Patches, images: &[f32], rows: &[f32], columns: usize, sums: &mut [f32]) {
    let (mut field, mut packed) = SCRATCH.take();
    let mut panel = Vec::new();
    let starts: Vec<usize> = patches.starts().collect();
    let images = images.chunks_exact(patches.frame().image());
    for (image, rows) in images.zip(rows.chunks_exact(patches.rows() * columns)) {
        patches.frame().fill(image, &mut field);
        pack(rows, columns, &mut packed);
        let of = Sides { patches, field: &field, starts: &starts, packed: packed.as_chunks().0 };
        of.add(sums, &mut panel);
    }
    SCRATCH.set((field, packed));
}

/// Rows by tiles: the numbers that a tile takes of each lie together.
fn pack(rows: &[f32], columns: usize, packed: &mut Vec<f32>) {
    let count = rows.len() / columns;
    packed.clear();
    packed.resize(count * columns.next_multiple_of(ROWS_WIDE), 0.0);
    let (tiles, _) = packed.as_chunks_mut::<ROWS_WIDE>();
    for (r, row) in rows.chunks_exact(columns).enumerate() {
        for (m, from) in row.chunks(ROWS_WIDE).enumerate() {
            copy(&mut tiles[m * count + r][..from.len()], from);
        }
    }
}

/// Copies a few numbers: a call for each few would cost more than they do.
#[inline(always)]
fn copy(to: &mut [f32], from: &[f32]) {
    let ((to, rest), (from, left)) = (to.as_chunks_mut::<4>(), from.as_chunks::<4>());
    for (to, from) in to.iter_mut().zip(from) {
        *to = *from;
    }
    for (to, from) in rest.iter_mut().zip(left) {
        *to = *from;
    }
}

/// Both sides of the products of one image.
#[derive(Clone, Copy)]
struct Sides<'a> {
    patches: Patches,
    field: &'a [f32],
    /// Where the rows begin in the field.
    starts: &'a [usize],
    packed: &'a [[f32; ROWS_WIDE]],
}

impl Sides<'_> {
    fn add(self, sums: &mut [f32], panel: &mut Vec<f32>) {
        #[cfg(all(target_arch = "x86_64", not(target_feature = "avx2")))]
        if std::arch::is_x86_feature_detected!("avx2") {
            // SAFETY: the machine has AVX2, which is all that this function asks for.
            return unsafe { self.add_with_avx2(sums, panel) };
        }
        self.by_tiles(sums, panel);
    }

    /// The same code for machines with AVX2; no fused multiply-add, so the same bits.
    #[cfg(all(target_arch = "x86_64", not(target_feature = "avx2")))]
    #[target_feature(enable = "avx2")]
    fn add_with_avx2(self, sums: &mut [f32], panel: &mut Vec<f32>) {
        self.by_tiles(sums, panel);
    }

    #[inline(always)]
    fn by_tiles(self, sums: &mut [f32], panel: &mut Vec<f32>) {
        let Self { patches, field, starts, packed } = self;
        let (inner, run, pitch) = (patches.len(), patches.run(), patches.pitch());
        for n in (0..inner).step_by(WIDE) {
            let width = WIDE.min(inner - n);
            // Side by side in one line of the field, they are read where they lie.
            let straight = (width == WIDE && n % run + WIDE <= run).then_some(n / run * pitch + n % run);
            if straight.is_none() {
                let offsets: [usize; WIDE] = std::array::from_fn(|j| {
                    let k = (n + j).min(inner - 1);
                    k / run * pitch + k % run
                });
                panel.clear();
                for start in starts {
                    panel.extend(offsets.iter().map(|offset| field[start + offset]));
                }
            }
            let (panel, _) = panel.as_chunks::<WIDE>();
            let numbers = straight.map_or(Numbers::Panel(panel), |offset| Numbers::Field { field, starts, offset });
            for (factors, sums) in packed.chunks_exact(starts.len()).zip(sums.chunks_mut(ROWS_WIDE * inner)) {
                numbers.add(factors, sums, inner, n);
            }
        }
    }
}

/// Some of the numbers that places see, as many as a tile is wide.
#[derive(Clone, Copy)]
enum Numbers<'a> {
    /// Where they lie.
    Field { field: &'a [f32], starts: &'a [usize], offset: usize },
    /// Put together.
    Panel(&'a [[f32; WIDE]]),
}

impl Numbers<'_> {
    /// Adds their products with the factors to at most [`ROWS_WIDE`] rows of `sums`, from `n` on.
    #[inline(always)]
    fn add(self, factors: &[[f32; ROWS_WIDE]], sums: &mut [f32], inner: usize, n: usize) {
        let mut tile = [[0.0; WIDE]; ROWS_WIDE];
        for (tile, sums) in tile.iter_mut().zip(sums.chunks_exact(inner)) {
            match sums[n..].first_chunk() {
                Some(sums) => *tile = *sums,
                None => tile[..inner - n].copy_from_slice(&sums[n..]),
            }
        }
        tile = match self {
            Self::Field { field, starts, offset } => {
                extend(tile, factors, starts.iter().map_while(|start| field[start + offset..].first_chunk()))
            }
            Self::Panel(panel) => extend(tile, factors, panel.iter()),
        };
        for (tile, sums) in tile.iter().zip(sums.chunks_exact_mut(inner)) {
            match sums[n..].first_chunk_mut() {
                Some(sums) => *sums = *tile,
                None => sums[n..].copy_from_slice(&tile[..inner - n]),
            }
        }
    }
}

/// Adds the products of a tile.
#[inline(always)]
fn extend<'a>(
    mut tile: [[f32; WIDE]; ROWS_WIDE],
    factors: &[[f32; ROWS_WIDE]],
    numbers: impl Iterator<Item = &'a [f32; WIDE]>,
) -> [[f32; WIDE]; ROWS_WIDE] {
    for (a, b) in factors.iter().zip(numbers) {
        for i in 0..ROWS_WIDE {
            for j in 0..WIDE {
                tile[i][j] += a[i] * b[j];
            }
        }
    }
    tile
}
