//! Layers without weights: upsampling by repetition, and pooling.

use crate::grid::{Grid, Window};
use crate::layer::{Pool, Pooled, Resize};

/// Each place `factor` times in both directions: nearest-neighbour upsampling.
pub fn enlarge(layer: &Resize, x: &[f32]) -> Vec<f32> {
    let Grid { width, channels, .. } = layer.grid;
    let mut y = Vec::with_capacity(x.len() * layer.factor * layer.factor);
    for line in x.chunks_exact(width * channels) {
        let start = y.len();
        for place in line.chunks_exact(channels) {
            (0..layer.factor).for_each(|_| y.extend_from_slice(place));
        }
        for _ in 1..layer.factor {
            y.extend_from_within(start..start + layer.factor * width * channels);
        }
    }
    y
}

/// The gradient of [`enlarge`] in its input: each place's sum, line by line.
pub fn enlarge_backward(layer: &Resize, dy: &[f32]) -> Vec<f32> {
    let Grid { width, channels, .. } = layer.grid;
    let long = layer.factor * width * channels;
    let mut dx = vec![0.0; dy.len() / (layer.factor * layer.factor)];
    for (dx, lines) in dx.chunks_exact_mut(width * channels).zip(dy.chunks_exact(long * layer.factor)) {
        for line in lines.chunks_exact(long) {
            for (dx, places) in dx.chunks_exact_mut(channels).zip(line.chunks_exact(layer.factor * channels)) {
                for place in places.chunks_exact(channels) {
                    for (dx, d) in dx.iter_mut().zip(place) {
                        *dx += d;
                    }
                }
            }
        }
    }
    dx
}

/// The largest or the mean of what each place sees, channel by channel.
pub fn pool(layer: &Pool, x: &[f32]) -> Vec<f32> {
    let Window { fine, coarse, .. } = layer.window;
    let channels = fine.channels;
    let mut y = Vec::with_capacity(x.len() / fine.len() * coarse.len());
    for image in x.chunks_exact(fine.len()) {
        for place in 0..coarse.places() {
            let start = y.len();
            for (k, seen) in seen(&layer.window, place).enumerate() {
                let row = &image[seen * channels..][..channels];
                if k == 0 {
                    y.extend_from_slice(row);
                    continue;
                }
                for (y, x) in y[start..].iter_mut().zip(row) {
                    match layer.kind {
                        Pooled::Mean => *y += x,
                        // A NaN stays one.
                        Pooled::Most => *y = if *x > *y || x.is_nan() { *x } else { *y },
                    }
                }
            }
            if layer.kind == Pooled::Mean {
                let share = 1.0 / layer.window.taps() as f32;
                y[start..].iter_mut().for_each(|y| *y *= share);
            }
        }
    }
    y
}

/// The gradient of [`pool`] in its input. That of a largest number goes to the first that is as large.
pub fn pool_backward(layer: &Pool, x: &[f32], y: &[f32], dy: &[f32]) -> Vec<f32> {
    let Window { fine, coarse, .. } = layer.window;
    let channels = fine.channels;
    let share = 1.0 / layer.window.taps() as f32;
    let mut dx = vec![0.0; x.len()];
    let mut left = vec![true; channels];
    for (i, (dx, x)) in dx.chunks_exact_mut(fine.len()).zip(x.chunks_exact(fine.len())).enumerate() {
        for place in 0..coarse.places() {
            let at = i * coarse.len() + place * channels;
            let (y, dy) = (&y[at..][..channels], &dy[at..][..channels]);
            left.fill(true);
            for seen in seen(&layer.window, place) {
                let range = seen * channels..(seen + 1) * channels;
                let (dx, x) = (&mut dx[range.clone()], &x[range]);
                for c in 0..channels {
                    match layer.kind {
                        Pooled::Mean => dx[c] += dy[c] * share,
                        Pooled::Most if left[c] && x[c] == y[c] => {
                            dx[c] += dy[c];
                            left[c] = false;
                        }
                        Pooled::Most => {}
                    }
                }
            }
        }
    }
    dx
}

/// The places of the fine grid that a place sees.
fn seen(window: &Window, place: usize) -> impl Iterator<Item = usize> + use<> {
    let Window { fine, coarse, size, stride, .. } = *window;
    let (line, column) = (place / coarse.width * stride[0], place % coarse.width * stride[1]);
    (0..size[0]).flat_map(move |i| (0..size[1]).map(move |j| (line + i) * fine.width + column + j))
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn grid(height: usize, width: usize, channels: usize) -> Grid {
        Grid { height, width, channels }
    }

    fn numbers(n: usize, salt: usize) -> Vec<f32> {
        (0..n).map(|i| ((i * 37 + salt * 11) % 101) as f32 / 101.0 - 0.5).collect()
    }

    /// Checks gradients of functions that are linear near `x`.
    fn check(x: &[f32], forward: impl Fn(&[f32]) -> Vec<f32>, backward: impl Fn(&[f32], &[f32]) -> Vec<f32>) {
        let y = forward(x);
        let dy = numbers(y.len(), 5);
        let dx = backward(&y, &dy);
        assert_eq!(dx.len(), x.len());
        let loss = |x: &[f32]| -> f64 { forward(x).iter().zip(&dy).map(|(y, d)| f64::from(*y) * f64::from(*d)).sum() };
        for (i, dx) in dx.iter().enumerate() {
            let moved = |h: f32| {
                let mut x = x.to_vec();
                x[i] += h;
                loss(&x)
            };
            let truth = (moved(1e-3) - moved(-1e-3)) / 2e-3;
            assert!((f64::from(*dx) - truth).abs() < 1e-3, "{dx}, not {truth}");
        }
    }

    #[test]
    fn places_are_repeated_and_their_gradients_added() {
        let layer = Resize { grid: grid(1, 2, 2), factor: 2 };
        let found = enlarge(&layer, &[1.0, 2.0, 3.0, 4.0]);
        assert_eq!(found, [1.0, 2.0, 1.0, 2.0, 3.0, 4.0, 3.0, 4.0].repeat(2));
        for layer in [layer, Resize { grid: grid(3, 2, 5), factor: 3 }] {
            let x = numbers(2 * layer.grid.len(), 1);
            check(&x, |x| enlarge(&layer, x), |_, dy| enlarge_backward(&layer, dy));
        }
    }

    #[test]
    fn pools_give_the_largest_and_the_mean() {
        let whole =
            Window { fine: grid(2, 2, 1), coarse: grid(1, 1, 1), size: [2, 2], stride: [2, 2], padding: [0, 0] };
        let x = [1.0, -4.0, 3.0, 2.0];
        assert_eq!(pool(&Pool { window: whole, kind: Pooled::Most }, &x), [3.0]);
        assert_eq!(pool(&Pool { window: whole, kind: Pooled::Mean }, &x), [0.5]);
        let over = Window { fine: grid(5, 7, 3), coarse: grid(2, 3, 3), size: [3, 3], stride: [2, 2], padding: [0, 0] };
        for kind in [Pooled::Most, Pooled::Mean] {
            let layer = Pool { window: over, kind };
            // All different, so that none is as large as another.
            let x: Vec<f32> = (0..2 * over.fine.len()).map(|i| (i * 89 % 210) as f32 / 10.0).collect();
            check(&x, |x| pool(&layer, x), |y, dy| pool_backward(&layer, &x, y, dy));
        }
        let layer = Pool { window: whole, kind: Pooled::Most };
        assert!(
            pool(&layer, &[f32::NAN, 1.0, 2.0, 3.0])[0].is_nan()
                && pool(&layer, &[1.0, 2.0, f32::NAN, 3.0])[0].is_nan()
        );
        // Two as large: the first has it all.
        assert_eq!(pool_backward(&layer, &[2.0, 2.0, 1.0, 2.0], &[2.0], &[7.0]), [7.0, 0.0, 0.0, 0.0]);
    }
}
