//! The sliced Wasserstein-2 distance between two samples in the plane (Rabin et al., 2011; Bonneel et al., 2015).
//!
//! SW₂² is the mean over directions θ of W₂² between the projections on θ, and in one dimension W₂ pairs the sorted
//! values. It is in data units, needs no grid, and says how far the mass must move: a shift by v has SW₂ = |v|/√2. The
//! directions are fixed and evenly spaced over the half circle, which gives that shift exactly for two or more of them.

use std::f64::consts::PI;

/// `n` unit vectors, evenly spaced over the half circle.
pub fn directions(n: usize) -> Vec<[f64; 2]> {
    let direction = |k: usize| {
        let (sin, cos) = libm::sincos(PI * (k as f64 + 0.5) / n as f64);
        [cos, sin]
    };
    (0..n).map(direction).collect()
}

/// The plain definition, against which the tests hold [`Reference::distance`].
///
/// The distance between two samples of any sizes. Infinite if just one is empty, or if a sample is not finite:
/// see [`tame`].
#[cfg(test)]
fn sliced_wasserstein(a: &[[f64; 2]], b: &[[f64; 2]], directions: &[[f64; 2]]) -> f64 {
    let squared = |d: &[f64; 2]| squared_wasserstein(&project(a, *d), &project(b, *d));
    (directions.iter().map(squared).sum::<f64>() / directions.len() as f64).sqrt()
}

/// The samples' coordinates along a direction, sorted.
pub fn project(samples: &[[f64; 2]], direction: [f64; 2]) -> Vec<f64> {
    // By whole numbers of the same order, which compare in one instruction: most of an evaluation is this.
    let mut keys: Vec<i64> = samples.iter().map(|x| key(x[0] * direction[0] + x[1] * direction[1])).collect();
    keys.sort_unstable();
    keys.into_iter().map(of_key).collect()
}

/// A whole number for each float, in the order of [`f64::total_cmp`].
fn key(x: f64) -> i64 {
    let bits = x.to_bits().cast_signed();
    bits ^ (bits >> 63) & i64::MAX
}

/// The float of a [`key`].
fn of_key(key: i64) -> f64 {
    f64::from_bits((key ^ (key >> 63) & i64::MAX).cast_unsigned())
}

/// W₂² in one dimension, between sorted samples of any sizes.
pub fn squared_wasserstein(a: &[f64], b: &[f64]) -> f64 {
    if a.is_empty() || b.is_empty() {
        return if a.len() == b.len() { 0.0 } else { f64::INFINITY };
    }
    let square = |x: f64| x * x;
    let sum = if a.len() == b.len() {
        a.iter().zip(b).map(|(a, b)| square(a - b)).sum::<f64>() / a.len() as f64
    } else {
        // Both quantile functions are steps; walk over their common steps, counted in units of 1/(|a| |b|).
        let (mut i, mut j, mut at, mut sum) = (0, 0, 0_u64, 0.0);
        let [width_a, width_b] = [b.len(), a.len()].map(|n| n as u64);
        while i < a.len() && j < b.len() {
            let (end_a, end_b) = ((i as u64 + 1) * width_a, (j as u64 + 1) * width_b);
            let end = end_a.min(end_b);
            sum += (end - at) as f64 * square(a[i] - b[j]);
            at = end;
            i += usize::from(end == end_a);
            j += usize::from(end == end_b);
        }
        sum / (a.len() as f64 * b.len() as f64)
    };
    if sum.is_nan() { f64::INFINITY } else { sum }
}

/// A sample as it enters the distance: what is not finite, or absurdly far, is brought to a million widths of the
/// extent `[x0, y0, x1, y1]`, so that the distance is enormous but finite.
pub fn tame(x: [f64; 2], extent: [f64; 4]) -> [f64; 2] {
    let width = extent[2] - extent[0];
    [0, 1].map(|axis| {
        let (low, high) = (extent[axis] - 1e6 * width, extent[axis + 2] + 1e6 * width);
        if x[axis].is_nan() { high } else { x[axis].clamp(low, high) }
    })
}

/// A fixed distribution to measure samples against: its quantiles along each direction.
pub struct Reference {
    directions: Vec<[f64; 2]>,
    quantiles: Vec<Vec<f64>>,
}

impl Reference {
    /// From a large sample, `quantiles` per direction, each the mean of a run of consecutive sorted values. Where the
    /// sample is no multiple of `quantiles`, its last few points are left out.
    pub fn new(sample: &[[f64; 2]], quantiles: usize, directions: Vec<[f64; 2]>) -> Self {
        let run = (sample.len() / quantiles).max(1);
        let used = &sample[..sample.len().min(run * quantiles)];
        let along =
            |d: &[f64; 2]| project(used, *d).chunks_exact(run).map(|c| c.iter().sum::<f64>() / run as f64).collect();
        Self { quantiles: directions.iter().map(along).collect(), directions }
    }

    /// The distance of samples from the reference, the square root of the mean of W₂² over the directions.
    pub fn distance(&self, samples: &[[f64; 2]]) -> f64 {
        let squared = |(d, q): (&[f64; 2], &Vec<f64>)| squared_wasserstein(&project(samples, *d), q);
        let sum: f64 = self.directions.iter().zip(&self.quantiles).map(squared).sum();
        (sum / self.directions.len() as f64).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    fn cloud(seed: u64, n: usize) -> Vec<[f64; 2]> {
        let mut rng = Rng::stream(seed, "cloud");
        (0..n).map(|_| [rng.normal(), 2.0 * rng.normal()]).collect()
    }

    fn shifted(samples: &[[f64; 2]], v: [f64; 2]) -> Vec<[f64; 2]> {
        samples.iter().map(|x| [x[0] + v[0], x[1] + v[1]]).collect()
    }

    #[test]
    fn projections_are_in_order() {
        let xs = [1.5, -0.0, f64::NAN, 0.0, -3.0, f64::INFINITY, 1e-300, -f64::NAN, f64::NEG_INFINITY, -1e-300, 1.0];
        let mut sorted = xs;
        sorted.sort_unstable_by(f64::total_cmp);
        let bits = |values: &[f64]| -> Vec<u64> { values.iter().map(|x| x.to_bits()).collect() };
        let mut found = xs.map(key);
        found.sort_unstable();
        assert_eq!(bits(&found.map(of_key)), bits(&sorted));
        assert_eq!(project(&[[1.0, 5.0], [-2.0, 5.0], [0.5, 5.0]], [2.0, 0.0]), [-4.0, 1.0, 2.0]);
    }

    #[test]
    fn a_shift_by_v_is_v_over_root_two() {
        let a = cloud(1, 500);
        for v in [[1.0, 0.0], [0.0, -2.0], [3.0, 4.0], [-0.3, 0.1]] {
            for n in [2, 3, 16] {
                let value = sliced_wasserstein(&a, &shifted(&a, v), &directions(n));
                let expected = v[0].hypot(v[1]) / 2.0_f64.sqrt();
                assert!((value - expected).abs() < 1e-12, "{value} for a shift by {v:?}, expected {expected}");
            }
        }
    }

    #[test]
    fn it_is_a_symmetric_distance_that_moves_with_the_samples() {
        let (a, b, d) = (cloud(1, 300), cloud(2, 300), directions(16));
        assert_eq!(sliced_wasserstein(&a, &a, &d), 0.0);
        let ab = sliced_wasserstein(&a, &b, &d);
        assert!(ab > 0.01);
        assert!((ab - sliced_wasserstein(&b, &a, &d)).abs() < 1e-15);
        let v = [5.0, -7.0];
        assert!((ab - sliced_wasserstein(&shifted(&a, v), &shifted(&b, v), &d)).abs() < 1e-12);
        // A mirror image of a symmetric cloud is no further than sampling noise; a stretched one is.
        let stretched: Vec<_> = a.iter().map(|x| [2.0 * x[0], x[1]]).collect();
        assert!(sliced_wasserstein(&a, &stretched, &d) > 0.3);
    }

    #[test]
    fn scaling_a_round_gaussian_has_a_closed_form() {
        // W₂ between N(0, 1) and N(0, s²) is |s − 1| along every direction.
        let mut rng = Rng::stream(4, "round");
        let a: Vec<_> = (0..4_000).map(|_| [rng.normal(), rng.normal()]).collect();
        let b: Vec<_> = (0..4_000).map(|_| [1.5 * rng.normal(), 1.5 * rng.normal()]).collect();
        let value = sliced_wasserstein(&a, &b, &directions(16));
        assert!((value - 0.5).abs() < 0.05, "{value}");
    }

    #[test]
    fn unequal_sizes_follow_the_quantile_functions() {
        // {0, 1} against {0, 1, 2}: quantiles cross at 1/3, ½, 2/3: (0 + 1/6 + 0 + 1/3) = ½.
        assert!((squared_wasserstein(&[0.0, 1.0], &[0.0, 1.0, 2.0]) - 0.5).abs() < 1e-15);
        assert!((squared_wasserstein(&[0.0, 1.0, 2.0], &[0.0, 1.0]) - 0.5).abs() < 1e-15);
        assert_eq!(squared_wasserstein(&[3.0], &[1.0, 5.0]), 4.0);
        let a = project(&cloud(1, 60), [1.0, 0.0]);
        let doubled: Vec<_> = a.iter().flat_map(|&x| [x, x]).collect();
        assert!(squared_wasserstein(&a, &doubled) < 1e-30);
    }

    #[test]
    fn a_reference_is_its_sample() {
        let a = cloud(1, 300);
        let (b, d) = (cloud(2, 300), directions(8));
        let exact = Reference::new(&a, 300, d.clone());
        assert!((exact.distance(&b) - sliced_wasserstein(&b, &a, &d)).abs() < 1e-15);
        let doubled: Vec<_> = a.iter().flat_map(|&x| [x, x]).collect();
        let condensed = Reference::new(&doubled, 300, d);
        assert!((condensed.distance(&b) - exact.distance(&b)).abs() < 1e-12);
    }

    #[test]
    fn bad_samples_are_far_and_never_panic() {
        let a = cloud(1, 50);
        let extent = [-4.0, -4.0, 4.0, 4.0];
        let reference = Reference::new(&a, 50, directions(8));
        for bad in [[f64::NAN, 0.0], [f64::INFINITY, f64::NEG_INFINITY], [1e300, -1e300]] {
            let mut b = a.clone();
            b[7] = bad;
            assert!(!reference.distance(&b).is_nan());
            b[7] = tame(bad, extent);
            let value = reference.distance(&b);
            assert!(value.is_finite() && value > 1e4, "{value}");
        }
        assert_eq!(tame([1.0, -2.0], extent), [1.0, -2.0]);
        assert_eq!(reference.distance(&[]), f64::INFINITY);
        assert_eq!(sliced_wasserstein(&[], &[], &directions(2)), 0.0);
    }
}
