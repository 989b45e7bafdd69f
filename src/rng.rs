//! The host's random numbers: one seed, many named streams.
//!
//! Everything random in a run (initial weights, data, noise, evaluation) comes from here, never from a backend's
//! generator and never from JavaScript. Each purpose has a stream of its own, so that adding a draw to one moves no
//! other, and looking at a run does not change it. The generator is ChaCha8, whose output is defined bit by bit, so a
//! stream gives the same numbers in every WebAssembly engine. A native build draws the same uniform numbers; its normal
//! ones pass through the platform's logarithm in their rare tails. A difference there, in the last of 64 bits, is all but
//! always lost in the rounding to 32 bits that follows.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

/// One named stream of random numbers.
#[derive(Clone)]
pub struct Rng(ChaCha8Rng);

impl Rng {
    /// The stream `name` of `seed`. Streams of other names, or of other seeds, are independent of it.
    pub fn stream(seed: u64, name: &str) -> Self {
        // FNV-1a: the name chooses one of ChaCha's 2^64 streams.
        let id =
            name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3));
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(id);
        Self(rng)
    }

    /// Uniform in [0, 1).
    pub fn uniform(&mut self) -> f64 {
        self.0.random()
    }

    /// Standard normal, N(0, 1).
    pub fn normal(&mut self) -> f64 {
        StandardNormal.sample(&mut self.0)
    }

    /// Uniform in 0..n.
    ///
    /// # Panics
    /// If `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        // Through u64, so that 32-bit WebAssembly and 64-bit hosts draw alike.
        self.0.random_range(0..n as u64) as usize
    }

    /// How far the stream has been read; with the seed and the name it restores the stream.
    pub fn position(&self) -> u128 {
        self.0.get_word_pos()
    }

    /// Continues from a position that [`Rng::position`] gave.
    pub fn seek(&mut self, position: u128) {
        self.0.set_word_pos(position);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_repeatable_and_apart() {
        let draw = |seed, name| {
            let mut rng = Rng::stream(seed, name);
            (0..8).map(|_| rng.normal().to_bits()).collect::<Vec<_>>()
        };
        assert_eq!(draw(7, "noise"), draw(7, "noise"));
        assert_ne!(draw(7, "noise"), draw(7, "data"));
        assert_ne!(draw(7, "noise"), draw(8, "noise"));
    }

    #[test]
    fn a_position_restores_a_stream() {
        let mut a = Rng::stream(1, "x");
        for _ in 0..17 {
            a.normal();
        }
        let mut b = Rng::stream(1, "x");
        b.seek(a.position());
        assert_eq!(a.uniform(), b.uniform());
    }

    #[test]
    fn moments_are_those_of_the_distributions() {
        let mut rng = Rng::stream(3, "moments");
        let n = 100_000;
        let normal: Vec<f64> = (0..n).map(|_| rng.normal()).collect();
        let mean = normal.iter().sum::<f64>() / n as f64;
        let var = normal.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n as f64;
        assert!(mean.abs() < 0.015 && (var - 1.0).abs() < 0.02, "mean {mean}, variance {var}");
        let uniform = (0..n).map(|_| rng.uniform()).sum::<f64>() / n as f64;
        assert!((uniform - 0.5).abs() < 0.005, "mean {uniform}");
    }
}
