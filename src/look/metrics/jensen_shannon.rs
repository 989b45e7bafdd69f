//! The Jensen–Shannon divergence between two samples, on a grid.
//!
//! JS(p, q) = ½ KL(p ‖ m) + ½ KL(q ‖ m), m = (p + q)/2, with logarithms to base 2: from 0 bits (alike) to 1 bit
//! (nothing in common). p and q are the samples' shares of the cells of a square grid and of one cell for all that lies
//! outside. Every sample counts once; finite samples of the same distribution still differ, so a value means nothing
//! without its ideal ([`super::points`] simulates it).

/// A square grid of cells, and one more cell for the rest of the plane.
#[derive(Clone, Debug)]
pub struct Grid {
    extent: [f64; 4],
    bins: usize,
}

impl Grid {
    /// `bins` × `bins` cells over the extent `[x0, y0, x1, y1]`.
    pub fn new(extent: [f64; 4], bins: usize) -> Self {
        Self { extent, bins }
    }

    /// Cells, with the outside, which is the last.
    pub fn cells(&self) -> usize {
        self.bins * self.bins + 1
    }

    /// The cell of a point; what is not finite lies outside.
    pub fn cell(&self, x: [f64; 2]) -> usize {
        let [x0, y0, x1, y1] = self.extent;
        let bins = self.bins as f64;
        let column = (x[0] - x0) / (x1 - x0) * bins;
        let row = (x[1] - y0) / (y1 - y0) * bins;
        // NaN fails both.
        if (0.0..bins).contains(&column) && (0.0..bins).contains(&row) {
            row as usize * self.bins + column as usize
        } else {
            self.cells() - 1
        }
    }

    /// How many samples each cell holds.
    pub fn histogram(&self, samples: &[[f64; 2]]) -> Vec<f64> {
        let mut counts = vec![0.0; self.cells()];
        for &x in samples {
            counts[self.cell(x)] += 1.0;
        }
        counts
    }
}

/// The Jensen–Shannon divergence in bits between two distributions, given as masses that need not sum to 1.
///
/// An empty distribution has nothing in common with another: 1, or 0 if both are empty.
pub fn jensen_shannon(p: &[f64], q: &[f64]) -> f64 {
    let (p_sum, q_sum): (f64, f64) = (p.iter().sum(), q.iter().sum());
    if p_sum == 0.0 || q_sum == 0.0 {
        return if p_sum == q_sum { 0.0 } else { 1.0 };
    }
    let mut sum = 0.0;
    for (&p, &q) in p.iter().zip(q) {
        let (p, q) = (p / p_sum, q / q_sum);
        for part in [p, q] {
            if part > 0.0 {
                sum += part * libm::log2(2.0 * part / (p + q));
            }
        }
    }
    // Rounding can leave a last digit outside.
    (0.5 * sum).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    #[test]
    fn two_cells_have_a_closed_form() {
        assert_eq!(jensen_shannon(&[3.0, 1.0], &[3.0, 1.0]), 0.0);
        assert_eq!(jensen_shannon(&[3.0, 1.0], &[6.0, 2.0]), 0.0);
        assert_eq!(jensen_shannon(&[5.0, 0.0], &[0.0, 2.0]), 1.0);
        // p = (1, 0), q = (½, ½): JS = H(¾) − ½ H(½) − ½ H(1) = H(¾) − ½.
        let entropy = -(0.75 * 0.75_f64.log2() + 0.25 * 0.25_f64.log2());
        for swap in [false, true] {
            let (p, q) = ([1.0, 0.0], [4.0, 4.0]);
            let value = if swap { jensen_shannon(&q, &p) } else { jensen_shannon(&p, &q) };
            assert!((value - (entropy - 0.5)).abs() < 1e-15, "{value}");
        }
    }

    #[test]
    fn empty_distributions_are_defined() {
        assert_eq!(jensen_shannon(&[0.0, 0.0], &[1.0, 0.0]), 1.0);
        assert_eq!(jensen_shannon(&[1.0, 0.0], &[0.0, 0.0]), 1.0);
        assert_eq!(jensen_shannon(&[0.0], &[0.0]), 0.0);
    }

    #[test]
    fn every_sample_counts_once_and_the_rest_lies_outside() {
        let grid = Grid::new([-1.0, 0.0, 1.0, 2.0], 2);
        let inside = [[-1.0, 0.0], [0.5, 0.5], [-0.5, 1.5], [0.0, 1.0], [0.99, 1.99]];
        let outside = [[1.0, 1.0], [0.0, 2.0], [-1.1, 1.0], [f64::NAN, 1.0], [0.0, f64::INFINITY]];
        assert_eq!(grid.histogram(&[inside, outside].concat()), [1.0, 1.0, 1.0, 2.0, 5.0]);
        let samples: Vec<_> = (0..1_000).map(|i| [f64::from(i) / 500.0 - 1.0, 1.0]).collect();
        assert_eq!(grid.histogram(&samples).iter().sum::<f64>(), 1_000.0);
    }

    #[test]
    fn sampling_noise_is_about_the_degrees_of_freedom_over_8n() {
        // For n and N samples of one distribution over K cells, JS ≈ (K − 1)/(8 ln 2) · (1/n + 1/N) bits.
        let (cells, n, big) = (100, 5_000, 20_000);
        let mut rng = Rng::stream(2, "js");
        let mut draw = |n: usize| {
            let mut counts = vec![0.0; cells];
            (0..n).for_each(|_| counts[rng.below(cells)] += 1.0);
            counts
        };
        let runs = 50;
        let mean = (0..runs).map(|_| jensen_shannon(&draw(n), &draw(big))).sum::<f64>() / f64::from(runs);
        let expected = (cells - 1) as f64 / (8.0 * 2.0_f64.ln()) * (1.0 / n as f64 + 1.0 / big as f64);
        assert!((mean / expected - 1.0).abs() < 0.05, "{mean}, expected {expected}");
    }
}
