//! Products of what places see of images. Its numbers are read where they lie: an image is copied once, with zeros around it, and
//! never the plane of all that is seen.

use std::cell::RefCell;

use super::shape::Right;
use super::thin::add_dots;
use super::tiled::{NARROW, NEAR, ROWS_NARROW, ROWS_WIDE, WIDE, add_rows, fill_panel};
use crate::grid::Patches;

/// Places of a line whose sums with one column are computed together.
const LANES: usize = 16;

thread_local! {
    /// The field of an image.
    static FIELD: RefCell<Vec<f32>> = RefCell::default();
}

/// What is called with whole images of the result, while they are near.
type Finish<'a> = &'a (dyn Fn(&mut [f32]) + Sync);

/// The product of what places see with a matrix: places × columns of every image. Every sum goes in the order of the numbers seen.
pub struct Gathered {
    patches: Patches,
    columns: usize,
    /// The matrix by panels, as wide as a tile.
    panels: Vec<f32>,
    /// Where the row of each place begins: in the field, and in the result.
    ends: Vec<[usize; 2]>,
    /// If there is one column, and the places of a line lie side by side: where each number that a place sees lies in the turned
    /// field, seen from the first, and its factor.
    lanes: Option<Vec<(usize, f32)>>,
}

impl Gathered {
    /// With this matrix, row-major, of as many rows as a place sees numbers; the rows are those of these places of the result.
    pub fn new(patches: Patches, places: impl Iterator<Item = usize>, matrix: &[f32], columns: usize) -> Self {
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
        let places = places.map(|place| place * columns);
        let ends = if inner == 0 {
            places.map(|to| [0, to]).collect()
        } else {
            patches.starts().zip(places).map(|(from, to)| [from, to]).collect()
        };
        let lanes = patches.turned_row().filter(|_| columns == 1).map(|row| row.zip(matrix.iter().copied()).collect());
        Self { patches, columns, panels, ends, lanes }
    }

    /// Computes the rows of all images by passes over one frame, which together give every row of `out` once; `finish` is then
    /// called with each image.
    pub fn all(passes: &[Self], images: &[f32], out: &mut [f32], finish: Finish<'_>) {
        let Some(first) = passes.first() else { return };
        let frame = first.patches.frame();
        let long = passes.iter().map(|pass| pass.ends.len() * pass.columns).sum();
        let turned = passes.iter().all(|pass| pass.lanes.is_some());
        let mut field = FIELD.take();
        for (image, out) in images.chunks_exact(frame.image()).zip(out.chunks_exact_mut(long)) {
            if turned {
                frame.turn(image, LANES, &mut field);
            } else {
                frame.fill(image, &mut field);
            }
            for pass in passes {
                debug_assert_eq!(pass.patches.frame(), frame);
                pass.rows(&field, turned, out);
            }
            finish(out);
        }
        FIELD.set(field);
    }

    fn rows(&self, field: &[f32], turned: bool, out: &mut [f32]) {
        #[cfg(all(target_arch = "x86_64", not(target_feature = "avx2")))]
        if std::arch::is_x86_feature_detected!("avx2") {
            // SAFETY: the machine has AVX2, which is all that this function asks for.
            return unsafe { self.rows_with_avx2(field, turned, out) };
        }
        self.by_tiles(field, turned, out);
    }

    /// The same code for machines with AVX2; no fused multiply-add, so the same bits.
    #[cfg(all(target_arch = "x86_64", not(target_feature = "avx2")))]
    #[target_feature(enable = "avx2")]
    fn rows_with_avx2(&self, field: &[f32], turned: bool, out: &mut [f32]) {
        self.by_tiles(field, turned, out);
    }

    #[inline(always)]
    fn by_tiles(&self, field: &[f32], turned: bool, out: &mut [f32]) {
        match self.columns {
            _ if self.patches.len() == 0 => {
                for [_, to] in &self.ends {
                    out[*to..][..self.columns].fill(0.0);
                }
            }
            1 if turned => self.lanes(field, out),
            1 => self.one_column(field, out),
            2..=NARROW => self.tiles::<ROWS_NARROW, NARROW>(field, out),
            _ => self.tiles::<ROWS_WIDE, WIDE>(field, out),
        }
    }

    #[inline(always)]
    fn tiles<const M: usize, const N: usize>(&self, field: &[f32], out: &mut [f32]) {
        let (columns, inner) = (self.columns, self.patches.len());
        let seen = Seen { field, run: self.patches.run(), pitch: self.patches.pitch(), columns };
        // As many panels at a time as leave room in the first cache, so that what is read again and again is near.
        let wide = (NEAR / (inner * N)).max(1) * N;
        for n in (0..columns).step_by(wide) {
            let panels = &self.panels[n * inner..][..wide.min(columns - n).next_multiple_of(N) * inner];
            // So many tiles at a time that their numbers are near too.
            for ends in self.ends.chunks(8 * M) {
                for (i, panel) in panels.chunks_exact(N * inner).enumerate() {
                    let (n, (panel, _)) = (n + i * N, panel.as_chunks::<N>());
                    let (tiles, mut rest) = ends.as_chunks::<M>();
                    for ends in tiles {
                        seen.put(ends, panel, out, n);
                    }
                    if let Some((ends, others)) = rest.split_first_chunk::<4>() {
                        seen.put(ends, panel, out, n);
                        rest = others;
                    }
                    if let Some((ends, others)) = rest.split_first_chunk::<2>() {
                        seen.put(ends, panel, out, n);
                        rest = others;
                    }
                    if let Some(ends) = rest.first_chunk::<1>() {
                        seen.put(ends, panel, out, n);
                    }
                }
            }
        }
    }

    #[inline(always)]
    fn one_column(&self, field: &[f32], out: &mut [f32]) {
        let (eights, rest) = self.ends.as_chunks::<8>();
        eights.iter().for_each(|ends| self.dots(field, ends, out));
        let (ones, _) = rest.as_chunks::<1>();
        ones.iter().for_each(|ends| self.dots(field, ends, out));
    }

    /// The sums of `M` places with one column.
    #[inline(always)]
    fn dots<const M: usize>(&self, field: &[f32], ends: &[[usize; 2]; M], out: &mut [f32]) {
        let (run, pitch) = (self.patches.run(), self.patches.pitch());
        let mut sums = [0.0; M];
        for (line, column) in self.panels.chunks_exact(run).enumerate() {
            let rows: [&[f32]; M] = std::array::from_fn(|i| &field[ends[i][0] + line * pitch..][..run]);
            sums = add_dots(sums, rows, column);
        }
        for (sum, [_, to]) in sums.iter().zip(ends) {
            out[*to] = *sum;
        }
    }

    /// One column, of a turned field: places side by side, two lines of them at a time.
    #[inline(always)]
    fn lanes(&self, field: &[f32], out: &mut [f32]) {
        let Some(row) = &self.lanes else { return };
        let across = self.patches.across();
        let mut lines = self.patches.turned_lines();
        for ends in self.ends.chunks(2 * across) {
            let Some(first) = lines.next() else { return };
            // A line without a neighbour is its own.
            let second = lines.next().unwrap_or(first);
            for at in (0..across).step_by(LANES) {
                let starts = [first + at, second + at];
                let mut sums = [[0.0; LANES]; 2];
                for (offset, factor) in row {
                    for (sums, start) in sums.iter_mut().zip(starts) {
                        let numbers: &[f32; LANES] = field[start + offset..].first_chunk().unwrap_or(&[0.0; LANES]);
                        for (sum, x) in sums.iter_mut().zip(numbers) {
                            *sum += x * factor;
                        }
                    }
                }
                for (sums, ends) in sums.iter().zip(ends.chunks(across)) {
                    for (sum, [_, to]) in sums.iter().zip(&ends[at..]) {
                        out[*to] = *sum;
                    }
                }
            }
        }
    }
}

/// Rows of numbers that places see, in runs.
struct Seen<'a> {
    field: &'a [f32],
    /// Numbers of a run, and from one to the next.
    run: usize,
    pitch: usize,
    /// Of the result.
    columns: usize,
}

impl Seen<'_> {
    /// Puts the sums of `M` places with a panel into the columns from `n` on.
    #[inline(always)]
    fn put<const M: usize, const N: usize>(
        &self,
        ends: &[[usize; 2]; M],
        panel: &[[f32; N]],
        out: &mut [f32],
        n: usize,
    ) {
        let Self { field, run, pitch, columns } = *self;
        let mut sums = [[0.0; N]; M];
        for (line, panel) in panel.chunks_exact(run).enumerate() {
            // Cut to the one length, so that nothing is checked in the loop.
            let rows: [&[f32]; M] = std::array::from_fn(|i| &field[ends[i][0] + line * pitch..][..run]);
            sums = add_rows(sums, rows, panel);
        }
        for (i, sums) in sums.iter().enumerate() {
            let row = &mut out[ends[i][1]..][n..columns];
            match row.first_chunk_mut::<N>() {
                Some(row) => *row = *sums,
                None => row.copy_from_slice(&sums[..row.len()]),
            }
        }
    }
}
