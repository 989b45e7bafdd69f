//! Sums over places: what each sees times the numbers of a row of its own. The gradient of a convolution's weights.

use std::cell::RefCell;

use super::tiled::{ROWS_WIDE, WIDE};
use crate::grid::Patches;

/// Half of a tile's width: one vector.
const HALF: usize = WIDE / 2;

thread_local! {
    /// The field of an image, and its rows by tiles.
    static SCRATCH: RefCell<(Vec<f32>, Vec<f32>)> = RefCell::default();
}

/// Sums for so many numbers of rows, and so many numbers seen.
pub type Tile<const M: usize> = [[f32; WIDE]; M];

/// The heights of tiles. The taller one does a little more at a time.
pub const TALL: usize = ROWS_WIDE;
pub const LOW: usize = 4;

/// Whether low tiles waste less on rows of `columns` numbers.
pub fn are_low(columns: usize) -> bool {
    columns.next_multiple_of(LOW) < columns.next_multiple_of(TALL)
}

/// How many tiles hold the sums for rows of `columns` numbers each.
pub fn tiles<const M: usize>(patches: &Patches, columns: usize) -> usize {
    patches.len().div_ceil(WIDE) * columns.div_ceil(M)
}

/// Adds to `sums`, as many tiles as [`tiles`] says, the products of the numbers of each row of `rows` with those that its place
/// sees: every sum goes on in the order of the rows.
pub fn add_products<const M: usize>(
    patches: Patches,
    images: &[f32],
    rows: &[f32],
    columns: usize,
    sums: &mut [Tile<M>],
) {
    let (mut field, mut packed) = SCRATCH.take();
    let mut panel = Vec::new();
    let starts: Vec<usize> = patches.starts().collect();
    let images = images.chunks_exact(patches.frame().image());
    for (image, rows) in images.zip(rows.chunks_exact(patches.rows() * columns)) {
        patches.frame().fill(image, &mut field);
        pack::<M>(rows, columns, &mut packed);
        let of = Sides { patches, field: &field, starts: &starts, packed: packed.as_chunks().0 };
        of.add(sums, &mut panel);
    }
    SCRATCH.set((field, packed));
}

/// Adds sums by tiles to those row-major, numbers seen × `columns`.
pub fn gather_sums<const M: usize>(sums: &[Tile<M>], columns: usize, out: &mut [f32]) {
    for (block, out) in sums.chunks_exact(columns.div_ceil(M)).zip(out.chunks_mut(WIDE * columns)) {
        for (tile, first) in block.iter().zip((0..columns).step_by(M)) {
            for (j, out) in out.chunks_exact_mut(columns).enumerate() {
                for (out, sums) in out[first..].iter_mut().zip(tile) {
                    *out += sums[j];
                }
            }
        }
    }
}

/// Rows by tiles: the numbers that a tile takes of each lie together.
fn pack<const M: usize>(rows: &[f32], columns: usize, packed: &mut Vec<f32>) {
    let count = rows.len() / columns;
    packed.clear();
    packed.resize(count * columns.next_multiple_of(M), 0.0);
    let (tiles, _) = packed.as_chunks_mut::<M>();
    for (r, row) in rows.chunks_exact(columns).enumerate() {
        for (m, from) in row.chunks(M).enumerate() {
            let to = &mut tiles[m * count + r];
            match from.first_chunk() {
                Some(from) => *to = *from,
                None => copy(&mut to[..from.len()], from),
            }
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
struct Sides<'a, const M: usize> {
    patches: Patches,
    field: &'a [f32],
    /// Where the rows begin in the field.
    starts: &'a [usize],
    packed: &'a [[f32; M]],
}

impl<const M: usize> Sides<'_, M> {
    fn add(self, sums: &mut [Tile<M>], panel: &mut Vec<[f32; WIDE]>) {
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
    fn add_with_avx2(self, sums: &mut [Tile<M>], panel: &mut Vec<[f32; WIDE]>) {
        self.by_tiles(sums, panel);
    }

    #[inline(always)]
    fn by_tiles(self, sums: &mut [Tile<M>], panel: &mut Vec<[f32; WIDE]>) {
        let Self { patches, field, starts, packed } = self;
        let (inner, run, pitch) = (patches.len(), patches.run(), patches.pitch());
        let mut blocks = sums.chunks_exact_mut(packed.len() / starts.len());
        for n in (0..inner).step_by(WIDE) {
            let place = |n: usize| n / run * pitch + n % run;
            // Side by side in one line of the field, they are read where they lie.
            let straight = (n % run + WIDE <= run).then(|| place(n));
            if straight.is_none() {
                panel.clear();
                if run.is_multiple_of(HALF) {
                    // Four and four side by side; beyond the last, any are.
                    let halves = [place(n), place((n + HALF).min(inner - HALF))];
                    panel.extend(starts.iter().filter_map(|start| of_field(field, halves.map(|half| start + half))));
                } else {
                    let each: [usize; WIDE] = std::array::from_fn(|j| place((n + j).min(inner - 1)));
                    panel.extend(starts.iter().map(|start| each.map(|place| field[start + place])));
                }
            }
            for (sums, factors) in blocks.next().into_iter().flatten().zip(packed.chunks_exact(starts.len())) {
                *sums = match straight {
                    Some(offset) => {
                        extend(*sums, factors, starts.iter().map_while(|start| field[start + offset..].first_chunk()))
                    }
                    None => extend(*sums, factors, panel.iter()),
                };
            }
        }
    }
}

/// Four numbers from one place on and four from another.
#[inline(always)]
fn of_field(field: &[f32], [first, second]: [usize; 2]) -> Option<[f32; WIDE]> {
    let mut both = [0.0; WIDE];
    both[..HALF].copy_from_slice(field[first..].first_chunk::<HALF>()?);
    both[HALF..].copy_from_slice(field[second..].first_chunk::<HALF>()?);
    Some(both)
}

/// Adds the products of a tile.
#[inline(always)]
fn extend<'a, const M: usize>(
    mut tile: Tile<M>,
    factors: &[[f32; M]],
    numbers: impl Iterator<Item = &'a [f32; WIDE]>,
) -> Tile<M> {
    for (a, b) in factors.iter().zip(numbers) {
        for i in 0..M {
            for j in 0..WIDE {
                tile[i][j] += a[i] * b[j];
            }
        }
    }
    tile
}
