//! A convolution and the transposed one, forward and backward. Both are made of three passes over a window: from the fine grid
//! to the coarse one, back, and the products of both for the weights; a transposed convolution has the first two the other way round.

use super::Backward;
use super::activation::{Finish, activate, derive};
use crate::grid::Window;
use crate::layer::Conv;
use crate::pool;
use crate::product::{Gathered, LOW, SHARED, TALL, Tile, add_products, are_low, gather_sums, tiles};

/// The sums of a gradient go over so many parts of a batch, and then over the parts: however many threads there are.
const PARTS: usize = 4;

/// The output for images in rows.
///
/// # Shapes
/// - `x`: rows × input, `weights`: all weights of the network, flat; result: rows × output
///
/// # Panics
/// If `x` does not hold whole rows, or the weights do not reach that far.
pub fn forward(layer: &Conv, weights: &[f32], x: &[f32]) -> Vec<f32> {
    let (matrix, bias) = weights[layer.range()].split_at(layer.matrix());
    let pass = if layer.transposed { up } else { down };
    activate(layer.activation, bias, |finish| pass(&layer.window, matrix, x, finish))
}

/// As [`super::backward`], for a convolution.
///
/// # Panics
/// If a slice is not as long as the layer and the rows say.
pub fn backward(
    layer: &Conv,
    given: &Backward<'_>,
    dy: &mut [f32],
    gradient: Option<&mut [f32]>,
    wants_input: bool,
) -> Option<Vec<f32>> {
    derive(layer.activation, dy, given.y);
    let dy = &*dy;
    if let Some(gradient) = gradient {
        let (matrix, bias) = gradient[layer.range()].split_at_mut(layer.matrix());
        let (fine, coarse) = if layer.transposed { (dy, given.x) } else { (given.x, dy) };
        products(&layer.window, fine, coarse, matrix);
        bias.fill(0.0);
        for row in dy.chunks_exact(bias.len()) {
            for (b, d) in bias.iter_mut().zip(row) {
                *b += d;
            }
        }
    }
    wants_input.then(|| {
        let matrix = &given.weights[layer.range()][..layer.matrix()];
        let pass = if layer.transposed { down } else { up };
        pass(&layer.window, matrix, dy, &|_| ())
    })
}

/// From the fine grid to the coarse one: each place's sum over what it sees.
fn down(window: &Window, matrix: &[f32], fine: &[f32], finish: Finish<'_>) -> Vec<f32> {
    let images = images(fine, window.fine.len());
    let pass = Gathered::new(window.seen(), 0..window.coarse.places(), matrix, window.coarse.channels);
    let mut coarse = vec![0.0; images * window.coarse.len()];
    by_images(window, fine, window.fine.len(), &mut coarse, window.coarse.len(), &|fine, coarse| {
        Gathered::all(std::slice::from_ref(&pass), fine, coarse, finish);
    });
    coarse
}

/// From the coarse grid to the fine one: each place's sum over those that see it.
fn up(window: &Window, matrix: &[f32], coarse: &[f32], finish: Finish<'_>) -> Vec<f32> {
    let images = images(coarse, window.coarse.len());
    let (inner, channels) = (window.coarse.channels, window.fine.channels);
    let passes: Vec<Gathered> = window
        .phases()
        .map(|phase| {
            // The taps that meet this phase, each transposed.
            let mut turned = Vec::with_capacity(matrix.len());
            for tap in phase.taps(window) {
                let matrix = &matrix[tap * channels * inner..][..channels * inner];
                turned.extend((0..inner).flat_map(|c| matrix.iter().skip(c).step_by(inner)));
            }
            Gathered::new(phase.seers(), phase.places(window.fine), &turned, channels)
        })
        .collect();
    let mut fine = vec![0.0; images * window.fine.len()];
    by_images(window, coarse, window.coarse.len(), &mut fine, window.fine.len(), &|coarse, fine| {
        Gathered::all(&passes, coarse, fine, finish);
    });
    fine
}

/// For each tap and each pair of channels the sum of products over the places of the coarse grid, in all images: the gradient of
/// the weights, `taps × fine channels × coarse channels`.
fn products(window: &Window, fine: &[f32], coarse: &[f32], out: &mut [f32]) {
    let by_tiles = if are_low(window.coarse.channels) { products_by::<LOW> } else { products_by::<TALL> };
    by_tiles(window, fine, coarse, out);
}

/// By tiles of this height: whichever it is, every sum has the same order.
fn products_by<const M: usize>(window: &Window, fine: &[f32], coarse: &[f32], out: &mut [f32]) {
    let (patches, channels) = (window.seen(), window.coarse.channels);
    let images = images(coarse, window.coarse.len());
    let each = images.div_ceil(PARTS).max(1);
    let tiles = tiles::<M>(&patches, channels);
    let mut parts: Vec<Tile<M>> = vec![[Default::default(); M]; images.div_ceil(each) * tiles];
    let part = |i: usize, sums: &mut [Tile<M>]| {
        let range = |len: usize| i * each * len..((i + 1) * each).min(images) * len;
        let (fine, coarse) = (&fine[range(window.fine.len())], &coarse[range(window.coarse.len())]);
        add_products(patches, fine, coarse, channels, sums);
    };
    if is_large(window, images) {
        pool::share(parts.chunks_mut(tiles), part);
    } else {
        parts.chunks_mut(tiles).enumerate().for_each(|(i, sums)| part(i, sums));
    }
    out.fill(0.0);
    parts.chunks_exact(tiles).for_each(|sums| gather_sums(sums, channels, out));
}

/// Does some images at a time, on all threads if they are worth it.
fn by_images(
    window: &Window,
    from: &[f32],
    from_len: usize,
    to: &mut [f32],
    to_len: usize,
    part: &(dyn Fn(&[f32], &mut [f32]) + Sync),
) {
    let images = to.len() / to_len;
    if !is_large(window, images) {
        return part(from, to);
    }
    let each = images.div_ceil(4 * pool::threads());
    pool::share(from.chunks(each * from_len).zip(to.chunks_mut(each * to_len)), |_, (from, to)| part(from, to));
}

/// Whether threads share it.
fn is_large(window: &Window, images: usize) -> bool {
    let each = window.coarse.places() * window.taps() * window.fine.channels * window.coarse.channels;
    pool::threads() > 1 && images * each >= SHARED
}

/// How many images there are.
fn images(numbers: &[f32], len: usize) -> usize {
    assert!(numbers.len().is_multiple_of(len), "whole images");
    numbers.len() / len
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::Grid;
    use crate::layer::Activation;

    const fn grid(height: usize, width: usize, channels: usize) -> Grid {
        Grid { height, width, channels }
    }

    /// Kernels even, odd, long, of one tap and shorter than their stride; planes that they do and do not fill; channels around
    /// the sizes of tiles.
    const WINDOWS: [Window; 9] = [
        Window { fine: grid(8, 8, 3), coarse: grid(4, 4, 5), size: [4, 4], stride: [2, 2], padding: [1, 1] },
        Window { fine: grid(5, 6, 1), coarse: grid(5, 6, 9), size: [3, 3], stride: [1, 1], padding: [1, 1] },
        Window { fine: grid(7, 7, 2), coarse: grid(4, 4, 1), size: [3, 3], stride: [2, 2], padding: [1, 1] },
        Window { fine: grid(4, 9, 4), coarse: grid(2, 3, 8), size: [3, 5], stride: [2, 3], padding: [1, 2] },
        Window { fine: grid(3, 3, 2), coarse: grid(3, 3, 7), size: [1, 1], stride: [1, 1], padding: [0, 0] },
        Window { fine: grid(6, 6, 2), coarse: grid(3, 3, 2), size: [1, 1], stride: [2, 2], padding: [0, 0] },
        Window { fine: grid(1, 12, 3), coarse: grid(1, 12, 4), size: [1, 5], stride: [1, 1], padding: [0, 4] },
        Window { fine: grid(7, 7, 17), coarse: grid(1, 1, 13), size: [7, 7], stride: [1, 1], padding: [0, 0] },
        // One column, of more places than are done at once, in an odd number of lines.
        Window { fine: grid(6, 36, 1), coarse: grid(3, 18, 5), size: [4, 4], stride: [2, 2], padding: [1, 1] },
    ];

    fn numbers(n: usize, salt: usize) -> Vec<f32> {
        (0..n).map(|i| ((i * 37 + salt * 11) % 101) as f32 / 101.0 - 0.5).collect()
    }

    /// Every pair of places with the tap between them, as `[coarse, tap, fine]`, in the order of the coarse places and the taps.
    fn pairs(window: &Window) -> Vec<[usize; 3]> {
        let Window { fine, coarse, size, stride, padding } = *window;
        let mut found = Vec::new();
        for at in 0..coarse.places() {
            for tap in 0..window.taps() {
                let line = (at / coarse.width * stride[0] + tap / size[1]).checked_sub(padding[0]);
                let column = (at % coarse.width * stride[1] + tap % size[1]).checked_sub(padding[1]);
                if let (Some(line), Some(column)) = (line, column)
                    && line < fine.height
                    && column < fine.width
                {
                    found.push([at, tap, line * fine.width + column]);
                }
            }
        }
        found
    }

    /// The output by its definition, in 64 bits.
    fn plain(layer: &Conv, weights: &[f64], x: &[f64]) -> Vec<f64> {
        let (window, out) = (layer.window, layer.output());
        let (from, to) = (layer.input().channels, out.channels);
        let images = x.len() / layer.input().len();
        let (matrix, bias) = weights[layer.range()].split_at(layer.matrix());
        let mut y: Vec<f64> = (0..images * out.places()).flat_map(|_| bias).copied().collect();
        for image in 0..images {
            for [coarse, tap, fine] in pairs(&window) {
                let (input, output) = if layer.transposed { (coarse, fine) } else { (fine, coarse) };
                for a in 0..from {
                    for b in 0..to {
                        let (f, c) = if layer.transposed { (b, a) } else { (a, b) };
                        let w = matrix[(tap * window.fine.channels + f) * window.coarse.channels + c];
                        let x = x[image * layer.input().len() + input * from + a];
                        y[image * out.len() + output * to + b] += w * x;
                    }
                }
            }
        }
        y.iter_mut().for_each(|y| {
            *y = match layer.activation {
                None => *y,
                Some(Activation::Relu) => y.max(0.0),
                Some(Activation::Leaky) => y.max(0.2 * *y),
                Some(Activation::Tanh) => y.tanh(),
                Some(Activation::Exp) => y.exp(),
            }
        });
        y
    }

    fn wide(x: &[f32]) -> Vec<f64> {
        x.iter().map(|&x| f64::from(x)).collect()
    }

    fn layers() -> impl Iterator<Item = Conv> {
        WINDOWS.into_iter().flat_map(|window| {
            [None, Some(Activation::Tanh), Some(Activation::Leaky), Some(Activation::Relu)].into_iter().flat_map(
                move |activation| [false, true].map(|transposed| Conv { offset: 3, window, transposed, activation }),
            )
        })
    }

    #[test]
    fn the_output_is_that_of_the_definition() {
        for layer in layers() {
            let (weights, x) = (numbers(layer.range().end + 2, 1), numbers(5 * layer.input().len(), 2));
            let found = forward(&layer, &weights, &x);
            let truth = plain(&layer, &wide(&weights), &wide(&x));
            assert_eq!(found.len(), truth.len());
            for (found, truth) in found.iter().zip(&truth) {
                assert!(
                    (f64::from(*found) - truth).abs() < 1e-5 * (1.0 + truth.abs()),
                    "{layer:?}: {found}, not {truth}"
                );
            }
        }
    }

    #[test]
    fn gradients_are_those_of_differences() {
        for layer in layers() {
            let (weights, x) = (numbers(layer.range().end + 2, 1), numbers(5 * layer.input().len(), 2));
            let dy = numbers(5 * layer.output().len(), 3);
            let y = forward(&layer, &weights, &x);
            let mut gradient = vec![f32::NAN; weights.len()];
            let given = Backward { x: &x, y: &y, weights: &weights };
            let dx = backward(&layer, &given, &mut dy.clone(), Some(&mut gradient), true).unwrap();
            assert!(gradient[..3].iter().chain(&gradient[layer.range().end..]).all(|g| g.is_nan()), "only its own");
            let (weights, x) = (wide(&weights), wide(&x));
            let loss = |weights: &[f64], x: &[f64]| -> f64 {
                plain(&layer, weights, x).iter().zip(&dy).map(|(y, d)| y * f64::from(*d)).sum()
            };
            let h = 1e-6;
            let check = |found: f32, at: &dyn Fn(f64) -> f64, what: &str, i: usize| {
                let difference = (at(h) - at(-h)) / (2.0 * h);
                let near = 1e-4 * (1.0 + difference.abs());
                assert!(
                    (f64::from(found) - difference).abs() < near,
                    "{layer:?} {what} {i}: {found}, not {difference}"
                );
            };
            let moved = |v: &[f64], i: usize, by: f64| {
                let mut v = v.to_vec();
                v[i] += by;
                v
            };
            for i in layer.range().step_by(layer.range().len().div_ceil(40)) {
                check(gradient[i], &|h| loss(&moved(&weights, i, h), &x), "weight", i);
            }
            for i in layer.range().rev().take(layer.output().channels) {
                check(gradient[i], &|h| loss(&moved(&weights, i, h), &x), "bias", i);
            }
            for i in (0..x.len()).step_by(x.len().div_ceil(40)) {
                check(dx[i], &|h| loss(&weights, &moved(&x, i, h)), "input", i);
            }
        }
    }

    /// One sum after the other, in 32 bits, in the order that is promised: whatever the blocks and the threads.
    #[test]
    fn blocks_and_threads_give_the_bits_of_one_sum_after_the_other() {
        let large =
            Window { fine: grid(14, 14, 33), coarse: grid(7, 7, 40), size: [4, 4], stride: [2, 2], padding: [1, 1] };
        for window in WINDOWS.into_iter().chain([large]) {
            let images = 9;
            let (f, c) = (window.fine.channels, window.coarse.channels);
            let matrix = numbers(window.taps() * f * c, 4);
            let (fine, coarse) = (numbers(images * window.fine.len(), 5), numbers(images * window.coarse.len(), 6));
            let pairs = pairs(&window);
            let mut plain_down = vec![0.0; coarse.len()];
            let mut plain_up = vec![0.0; fine.len()];
            let mut plain_products = vec![0.0; matrix.len()];
            let mut part = plain_products.clone();
            for image in 0..images {
                let fine = &fine[image * window.fine.len()..][..window.fine.len()];
                let coarse = &coarse[image * window.coarse.len()..][..window.coarse.len()];
                for &[at, tap, seen] in &pairs {
                    for i in 0..f {
                        for j in 0..c {
                            let w = (tap * f + i) * c + j;
                            plain_down[image * window.coarse.len() + at * c + j] += fine[seen * f + i] * matrix[w];
                            plain_up[image * window.fine.len() + seen * f + i] += coarse[at * c + j] * matrix[w];
                            part[w] += coarse[at * c + j] * fine[seen * f + i];
                        }
                    }
                }
                // Nine images in four parts: 3, 3 and 3.
                if image % 3 == 2 {
                    plain_products.iter_mut().zip(&mut part).for_each(|(sum, part)| *sum += std::mem::take(part));
                }
            }
            let run = || {
                let mut found = vec![f32::NAN; matrix.len()];
                products(&window, &fine, &coarse, &mut found);
                let nothing = |_: &mut [f32]| ();
                (down(&window, &matrix, &fine, &nothing), up(&window, &matrix, &coarse, &nothing), found)
            };
            let (by_one, by_several) = (run(), {
                pool::announce(3);
                let found = run();
                pool::announce(1);
                found
            });
            assert_eq!(by_one.0, plain_down, "{window:?} down");
            assert_eq!(by_one.1, plain_up, "{window:?} up");
            assert_eq!(by_one.2, plain_products, "{window:?} products");
            assert!(by_one == by_several, "{window:?} by threads");
        }
    }

    #[test]
    fn what_is_not_a_number_stays_so() {
        for layer in layers() {
            let mut x = numbers(layer.input().len(), 2);
            x[layer.input().len() / 2] = f32::NAN;
            let weights = numbers(layer.range().end, 1);
            let seen = !pairs(&layer.window).is_empty();
            let lost = layer.window.taps() < layer.window.stride[0] * layer.window.stride[1] && !layer.transposed;
            assert!(!seen || lost || forward(&layer, &weights, &x).iter().any(|y| y.is_nan()), "{layer:?}");
        }
    }
}
