//! Products of what places see of images. Its numbers are read where they lie: an image is copied once, with zeros around it, and
//! never the plane of all that is seen.

use std::cell::RefCell;

use super::shape::Right;
use super::thin::add_dots;
use super::tiled::{NARROW, NEAR, ROWS_NARROW, ROWS_WIDE, WIDE, add_rows, fill_panel, store};
use crate::grid::Patches;

thread_local! {
    /// The field of an image, and rows that are made of it.
    static SCRATCH: RefCell<(Vec<f32>, Vec<f32>)> = RefCell::default();
}

/// What is called with blocks of whole rows, while they are near.
type Finish<'a> = &'a (dyn Fn(&mut [f32]) + Sync);

/// The product of what places see with a matrix: places × columns of every image. Every sum goes in the order of the numbers seen.
pub struct Gathered {
    patches: Patches,
    columns: usize,
    /// The matrix by panels, as wide as a tile.
    panels: Vec<f32>,
}

impl Gathered {
    /// With this matrix, row-major, of as many rows as a place sees numbers.
    pub fn new(patches: Patches, matrix: &[f32], columns: usize) -> Self {
        let inner = patches.len();
        debug_assert_eq!(matrix.len(), inner * columns);
        let mut panels = Vec::new();
        let right = Right::Rows(matrix);
        match columns {
            1 => panels.extend_from_slice(matrix),
            2..=NARROW => {
                panels.resize(NARROW * inner, 0.0);
                fill_panel::<NARROW>(&mut panels, right, 0, columns, inner);
            }
            _ => {
                panels.resize(columns.next_multiple_of(WIDE) * inner, 0.0);
                for (i, panel) in panels.chunks_exact_mut((WIDE * inner).max(1)).enumerate() {
                    fill_panel::<WIDE>(panel, right, i * WIDE, columns, inner);
                }
            }
        }
        Self { patches, columns, panels }
    }

    /// Gives the rows of each image, with its number.
    pub fn each(&self, images: &[f32], mut put: impl FnMut(usize, &[f32]), finish: Finish<'_>) {
        let (field, mut rows) = SCRATCH.take();
        SCRATCH.set((field, Vec::new()));
        for (i, image) in images.chunks_exact(self.patches.image()).enumerate() {
            rows.clear();
            rows.resize(self.patches.rows() * self.columns, 0.0);
            self.compute(image, &mut rows, finish);
            put(i, &rows);
        }
        let (field, _) = SCRATCH.take();
        SCRATCH.set((field, rows));
    }

    /// Computes the rows of all images, row-major into `out`.
    pub fn all(&self, images: &[f32], out: &mut [f32], finish: Finish<'_>) {
        let long = self.patches.rows() * self.columns;
        for (image, out) in images.chunks_exact(self.patches.image()).zip(out.chunks_exact_mut(long)) {
            self.compute(image, out, finish);
        }
    }

    /// The rows of one image.
    fn compute(&self, image: &[f32], out: &mut [f32], finish: Finish<'_>) {
        if self.patches.len() == 0 {
            out.fill(0.0);
            return finish(out);
        }
        let (mut field, rows) = SCRATCH.take();
        self.patches.fill(image, &mut field);
        self.rows(&field, out, finish);
        SCRATCH.set((field, rows));
    }

    fn rows(&self, field: &[f32], out: &mut [f32], finish: Finish<'_>) {
        #[cfg(all(target_arch = "x86_64", not(target_feature = "avx2")))]
        if std::arch::is_x86_feature_detected!("avx2") {
            // SAFETY: the machine has AVX2, which is all that this function asks for.
            return unsafe { self.rows_with_avx2(field, out, finish) };
        }
        self.by_tiles(field, out, finish);
    }

    /// The same code for machines with AVX2; no fused multiply-add, so the same bits.
    #[cfg(all(target_arch = "x86_64", not(target_feature = "avx2")))]
    #[target_feature(enable = "avx2")]
    fn rows_with_avx2(&self, field: &[f32], out: &mut [f32], finish: Finish<'_>) {
        self.by_tiles(field, out, finish);
    }

    #[inline(always)]
    fn by_tiles(&self, field: &[f32], out: &mut [f32], finish: Finish<'_>) {
        match self.columns {
            1 => self.one_column(field, out, finish),
            2..=NARROW => self.tiles::<ROWS_NARROW, NARROW>(field, out, finish),
            _ => self.tiles::<ROWS_WIDE, WIDE>(field, out, finish),
        }
    }

    #[inline(always)]
    fn tiles<const M: usize, const N: usize>(&self, field: &[f32], out: &mut [f32], finish: Finish<'_>) {
        let (patches, columns, inner) = (self.patches, self.columns, self.patches.len());
        let (across, apart) = patches.across();
        // As many panels at a time as leave room in the first cache, so that what is read again and again is near.
        let wide = (NEAR / (inner * N)).max(1) * N;
        for n in (0..columns).step_by(wide) {
            let panels = &self.panels[n * inner..][..wide.min(columns - n).next_multiple_of(N) * inner];
            for (line, out) in patches.lines().zip(out.chunks_exact_mut(across * columns)) {
                for (i, panel) in panels.chunks_exact(N * inner).enumerate() {
                    let (n, (panel, _)) = (n + i * N, panel.as_chunks::<N>());
                    let mut at = 0;
                    while at < across {
                        let (start, out) = (&field[line + at * apart..], &mut out[at * columns..]);
                        at += match across - at {
                            1 => seen::<1, N>(start, apart, &patches, panel, out, columns, n),
                            2 | 3 => seen::<2, N>(start, apart, &patches, panel, out, columns, n),
                            rest if rest < M => seen::<4, N>(start, apart, &patches, panel, out, columns, n),
                            _ => seen::<M, N>(start, apart, &patches, panel, out, columns, n),
                        };
                    }
                }
                if n + wide >= columns {
                    finish(out);
                }
            }
        }
    }

    #[inline(always)]
    fn one_column(&self, field: &[f32], out: &mut [f32], finish: Finish<'_>) {
        const M: usize = 8;
        let patches = self.patches;
        let (across, apart) = patches.across();
        for (line, out) in patches.lines().zip(out.chunks_exact_mut(across)) {
            let mut at = 0;
            while at < across {
                let (start, out) = (&field[line + at * apart..], &mut out[at..]);
                at += match across - at {
                    1 => dots::<1>(start, apart, &patches, &self.panels, out),
                    2 | 3 => dots::<2>(start, apart, &patches, &self.panels, out),
                    4..M => dots::<4>(start, apart, &patches, &self.panels, out),
                    _ => dots::<M>(start, apart, &patches, &self.panels, out),
                };
            }
            finish(out);
        }
    }
}

/// Puts the sums of `M` places, the first of which sees the numbers from the field's beginning on, with a panel into the columns from
/// `n` on; gives `M`.
#[inline(always)]
fn seen<const M: usize, const N: usize>(
    field: &[f32],
    apart: usize,
    patches: &Patches,
    panel: &[[f32; N]],
    out: &mut [f32],
    columns: usize,
    n: usize,
) -> usize {
    let (run, pitch) = (patches.run(), patches.pitch());
    let mut sums = [[0.0; N]; M];
    for (line, panel) in panel.chunks_exact(run).enumerate() {
        // Cut to the one length, so that nothing is checked in the loop.
        let rows: [&[f32]; M] = std::array::from_fn(|i| &field[line * pitch + i * apart..][..run]);
        sums = add_rows(sums, rows, panel);
    }
    store(&sums, out, columns, n);
    M
}

/// The same with one column.
#[inline(always)]
fn dots<const M: usize>(field: &[f32], apart: usize, patches: &Patches, column: &[f32], out: &mut [f32]) -> usize {
    let (run, pitch) = (patches.run(), patches.pitch());
    let mut sums = [0.0; M];
    for (line, column) in column.chunks_exact(run).enumerate() {
        let rows: [&[f32]; M] = std::array::from_fn(|i| &field[line * pitch + i * apart..][..run]);
        sums = add_dots(sums, rows, column);
    }
    out[..M].copy_from_slice(&sums);
    M
}

/// Adds to `sums`, row-major `columns × numbers seen`, the products of the numbers of each row of `rows` with those that its place
/// sees: every sum goes on in the order of the rows.
pub fn add_products(patches: Patches, images: &[f32], rows: &[f32], columns: usize, sums: &mut [f32]) {
    let (mut field, mut packed) = SCRATCH.take();
    let mut panel = Vec::new();
    let images = images.chunks_exact(patches.image());
    for (image, rows) in images.zip(rows.chunks_exact(patches.rows() * columns)) {
        patches.fill(image, &mut field);
        pack(rows, columns, &mut packed);
        let of = Sides { patches, field: &field, packed: packed.as_chunks().0 };
        of.add(columns, sums, &mut panel);
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
            tiles[m * count + r][..from.len()].copy_from_slice(from);
        }
    }
}

/// Both sides of the products of one image.
#[derive(Clone, Copy)]
struct Sides<'a> {
    patches: Patches,
    field: &'a [f32],
    packed: &'a [[f32; ROWS_WIDE]],
}

impl Sides<'_> {
    fn add(self, columns: usize, sums: &mut [f32], panel: &mut Vec<f32>) {
        #[cfg(all(target_arch = "x86_64", not(target_feature = "avx2")))]
        if std::arch::is_x86_feature_detected!("avx2") {
            // SAFETY: the machine has AVX2, which is all that this function asks for.
            return unsafe { self.add_with_avx2(columns, sums, panel) };
        }
        self.by_tiles(columns, sums, panel);
    }

    /// The same code for machines with AVX2; no fused multiply-add, so the same bits.
    #[cfg(all(target_arch = "x86_64", not(target_feature = "avx2")))]
    #[target_feature(enable = "avx2")]
    fn add_with_avx2(self, columns: usize, sums: &mut [f32], panel: &mut Vec<f32>) {
        self.by_tiles(columns, sums, panel);
    }

    #[inline(always)]
    fn by_tiles(self, columns: usize, sums: &mut [f32], panel: &mut Vec<f32>) {
        let Self { patches, field, packed } = self;
        let (inner, run, pitch, count) = (patches.len(), patches.run(), patches.pitch(), patches.rows());
        let (across, apart) = patches.across();
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
                for line in patches.lines() {
                    for at in 0..across {
                        let start = &field[line + at * apart..];
                        panel.extend(offsets.iter().map(|offset| start[*offset]));
                    }
                }
            }
            let (panel, _) = panel.as_chunks::<WIDE>();
            for (m, factors) in packed.chunks_exact(count).enumerate() {
                let height = ROWS_WIDE.min(columns - m * ROWS_WIDE);
                let sums = &mut sums[m * ROWS_WIDE * inner..][..height * inner];
                let mut tile = [[0.0; WIDE]; ROWS_WIDE];
                for (tile, sums) in tile.iter_mut().zip(sums.chunks_exact(inner)) {
                    tile[..width].copy_from_slice(&sums[n..][..width]);
                }
                if let Some(offset) = straight {
                    for (line, factors) in patches.lines().zip(factors.chunks_exact(across)) {
                        let from = &field[line + offset..];
                        tile = extend(tile, factors, (0..across).map_while(|i| from[i * apart..].first_chunk()));
                    }
                } else {
                    tile = extend(tile, factors, panel.iter());
                }
                for (tile, sums) in tile.iter().zip(sums.chunks_exact_mut(inner)) {
                    sums[n..][..width].copy_from_slice(&tile[..width]);
                }
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
