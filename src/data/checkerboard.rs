//! A checkerboard: uniform on every other cell of a 4 × 4 board over [−4, 4]², as in FFJORD's figures.
//!
//! A cell has side 2. The cells are those whose column and row, counted from the lower left, have the same parity; the
//! density is 1/32 on them and 0 elsewhere.

use super::{Dataset, PointSet, Scale, Source, square};
use crate::rng::Rng;
use crate::text::text;

struct Checkerboard;

impl PointSet for Checkerboard {
    fn draw(&self, rng: &mut Rng) -> ([f64; 2], u8) {
        let cell = rng.below(8);
        let column = cell / 2;
        let row = 2 * (cell % 2) + column % 2;
        ([column, row].map(|i| 2.0 * (i as f64 + rng.uniform()) - 4.0), cell as u8)
    }

    fn classes(&self) -> usize {
        8
    }

    fn density(&self, x: [f64; 2]) -> Option<f64> {
        let [column, row] = x.map(|x| ((x + 4.0) / 2.0).floor());
        let inside = |i: f64| (0.0..4.0).contains(&i);
        let filled = inside(column) && inside(row) && (column + row) % 2.0 == 0.0;
        Some(if filled { 1.0 / 32.0 } else { 0.0 })
    }

    fn extent(&self) -> [f64; 4] {
        square([0.0; 2], 4.5)
    }

    fn scale(&self) -> Scale {
        Scale { centre: [0.0; 2], unit: 2.0 }
    }
}

/// The checkerboard.
pub static DATASET: Dataset = Dataset {
    name: "checkerboard",
    title: text("Checkerboard", "棋盘"),
    about: text(
        "Eight filled squares with hard edges that touch at their corners: jumps where networks prefer to be smooth.",
        "八个边缘锐利、仅以角相接的实心方格：网络偏爱平滑，这里却处处是跳变。",
    ),
    cite: "Grathwohl et al., FFJORD, 2019 (its checkerboard)",
    source: Source::Points(&Checkerboard),
};
