//! Matrix products on the CPU.
//!
//! Every element of a result is one sum in the order of the inner index, from zero, each product rounded before it is
//! added. So the bits do not depend on how it is computed: by tiles ([`tiled`]), or, with a side too short for them, without
//! ([`thin`]); and [`plain`] gives the same ones.

mod gathered;
mod shape;
mod summed;
mod thin;
mod tiled;

use std::cell::RefCell;

use super::pool;
pub use gathered::Gathered;
use shape::Part;
pub use shape::{Left, Right, Shape};
pub use summed::{LOW, TALL, Tile, add_products, are_low, gather_sums, tiles};
use tiled::{NARROW, NEAR, ROWS_NARROW, ROWS_WIDE, WIDE, fill_panel};

thread_local! {
    /// Panels and the packed left-hand side: memory that a product leaves to the next one.
    static SCRATCH: RefCell<(Vec<f32>, Vec<f32>)> = RefCell::default();
    /// All panels of a product that threads share.
    static PANELS: RefCell<Vec<f32>> = RefCell::default();
}

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
        // Taken out and put back: a closure would be compiled by itself, for machines without AVX2.
        let (mut panels, mut packed) = SCRATCH.take();
        if thin::compute(self, out, &mut panels) {
            finish(out);
        } else if self.shape.columns <= NARROW {
            self.panels::<ROWS_NARROW, NARROW>(out, &mut panels, &mut packed, finish);
        } else {
            self.panels::<ROWS_WIDE, WIDE>(out, &mut panels, &mut packed, finish);
        }
        SCRATCH.set((panels, packed));
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
