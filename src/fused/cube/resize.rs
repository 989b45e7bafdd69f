//! Layers without weights, and the sums of channels that a bias gets: upsampling and pooling, every number by itself.

use burn_cubecl::cubecl::{self, prelude::*};
use burn_cubecl::tensor::CubeTensor;

use super::norm::total;
use super::product::{before, bend};
use super::{UNITS, count, cubes, empty, units};
use crate::kernel::{Conv, Pool, Pooled, Resize};

/// The window of a pool: lines, columns of both grids, their channels, what is seen, and the stride.
#[derive(CubeType, CubeLaunch, Clone, Copy)]
struct Seen {
    fine_height: u32,
    fine_width: u32,
    coarse_height: u32,
    coarse_width: u32,
    channels: u32,
    lines: u32,
    columns: u32,
    down: u32,
    across: u32,
}

fn seen(layer: &Pool) -> SeenLaunch {
    let window = layer.window;
    let short = |n: usize| n as u32;
    SeenLaunch::new(
        short(window.fine.height),
        short(window.fine.width),
        short(window.coarse.height),
        short(window.coarse.width),
        short(window.fine.channels),
        short(window.size[0]),
        short(window.size[1]),
        short(window.stride[0]),
        short(window.stride[1]),
    )
}

/// See [`crate::kernel::enlarge`].
pub fn enlarge(layer: &Resize, x: &CubeTensor) -> CubeTensor {
    let rows = count(x) / layer.grid.len();
    resized(layer, x, [rows, layer.grid.len() * layer.factor * layer.factor], false)
}

/// See [`crate::kernel::enlarge_backward`].
pub fn enlarge_backward(layer: &Resize, dy: &CubeTensor) -> CubeTensor {
    let rows = count(dy) / (layer.grid.len() * layer.factor * layer.factor);
    resized(layer, dy, [rows, layer.grid.len()], true)
}

fn resized(layer: &Resize, from: &CubeTensor, shape: [usize; 2], back: bool) -> CubeTensor {
    let to = empty(from, shape);
    let n = count(&to);
    let [height, width, channels, factor] =
        [layer.grid.height, layer.grid.width, layer.grid.channels, layer.factor].map(|n| n as u32);
    let [given, out] = [from, &to].map(|tensor| tensor.clone().into_buffer_arg());
    // SAFETY: the shader writes as many numbers as there are, and reads those that became of them, or became them.
    unsafe {
        repeated::launch_unchecked(
            &to.client,
            cubes(n.div_ceil(UNITS)),
            units(),
            given,
            out,
            n as u32,
            height,
            width,
            channels,
            factor,
            back,
        );
    }
    to
}

/// See [`crate::kernel::pool`].
pub fn pool(layer: &Pool, x: &CubeTensor) -> CubeTensor {
    let y = empty(x, [count(x) / layer.window.fine.len(), layer.window.coarse.len()]);
    let n = count(&y);
    let [given, out] = [x, &y].map(|tensor| tensor.clone().into_buffer_arg());
    let most = layer.kind == Pooled::Most;
    // SAFETY: the shader writes as many numbers as there are, and reads what each sees, which lies inside.
    unsafe {
        pooled::launch_unchecked(&y.client, cubes(n.div_ceil(UNITS)), units(), given, out, n as u32, seen(layer), most);
    }
    y
}

/// See [`crate::kernel::pool_backward`].
pub fn pool_backward(layer: &Pool, [x, y, dy]: [&CubeTensor; 3]) -> CubeTensor {
    let dx = empty(x, [count(x) / layer.window.fine.len(), layer.window.fine.len()]);
    let n = count(&dx);
    let [x, y, dy, out] = [x, y, dy, &dx].map(|tensor| tensor.clone().into_buffer_arg());
    let (most, cubes) = (layer.kind == Pooled::Most, cubes(n.div_ceil(UNITS)));
    // SAFETY: the shader writes as many numbers as the input has, and reads what sees each.
    unsafe {
        spread::launch_unchecked(&dx.client, cubes, units(), x, y, dy, out, n as u32, seen(layer), most);
    }
    dx
}

/// The gradient in the bias of a transposed convolution, written into its place among `gradient`.
pub fn bias(layer: &Conv, y: &CubeTensor, dy: &CubeTensor, gradient: &CubeTensor) {
    let channels = layer.output().channels;
    assert!(layer.range().end <= count(gradient), "the gradient reaches that far");
    let (leak, tanh) = bend(layer.activation);
    let [places, all, at] = [count(dy) / channels, channels, layer.offset + layer.matrix()].map(|n| n as u32);
    let [y, dy, out] = [y, dy, gradient].map(|tensor| tensor.clone().into_buffer_arg());
    // SAFETY: the shader reads whole places of two tensors of one shape, and writes a number a channel.
    unsafe {
        sum::launch_unchecked(&gradient.client, cubes(channels), units(), y, dy, out, places, all, at, leak, tanh);
    }
}

/// Each place as often as it is repeated, or the sum of what it became.
#[cube(launch_unchecked)]
fn repeated(
    from: &[f32],
    to: &mut [f32],
    n: u32,
    height: u32,
    width: u32,
    channels: u32,
    factor: u32,
    #[comptime] back: bool,
) {
    let i = ABSOLUTE_POS;
    if i < n as usize {
        let channels = channels as usize;
        let factor = factor as usize;
        let width = width as usize;
        let height = height as usize;
        let channel = i % channels;
        let place = i / channels;
        let long = width * factor;
        if comptime!(back) {
            let column = place % width;
            // Lines of all images, one after the other.
            let line = place / width;
            let mut sum = 0.0f32;
            for a in 0..factor {
                for b in 0..factor {
                    sum += from[((line * factor + a) * long + column * factor + b) * channels + channel];
                }
            }
            to[i] = sum;
        } else {
            let column = place % long;
            let line = place / long;
            let image = line / (height * factor);
            let within = line % (height * factor) / factor;
            to[i] = from[((image * height + within) * width + column / factor) * channels + channel];
        }
    }
}

#[cube(launch_unchecked)]
fn pooled(x: &[f32], y: &mut [f32], n: u32, seen: &Seen, #[comptime] most: bool) {
    let i = ABSOLUTE_POS;
    if i < n as usize {
        let channels = seen.channels as usize;
        let channel = i % channels;
        let place = i / channels;
        let wide = seen.coarse_width as usize;
        let column = place % wide * seen.across as usize;
        let line = place / wide % seen.coarse_height as usize * seen.down as usize;
        let image = place / (wide * seen.coarse_height as usize);
        let mut found = 0.0f32;
        for a in 0..seen.lines as usize {
            for b in 0..seen.columns as usize {
                let at = (image * seen.fine_height as usize + line + a) * seen.fine_width as usize + column + b;
                let value = x[at * channels + channel];
                if comptime!(most) {
                    // A NaN stays one.
                    let first = a + b == 0;
                    let larger = value > found || value.is_nan() || first;
                    found = select(larger, value, found);
                } else {
                    found += value;
                }
            }
        }
        if comptime!(most) {
            y[i] = found;
        } else {
            y[i] = found / (seen.lines * seen.columns) as f32;
        }
    }
}

#[cube(launch_unchecked)]
fn spread(x: &[f32], y: &[f32], dy: &[f32], dx: &mut [f32], n: u32, seen: &Seen, #[comptime] most: bool) {
    let i = ABSOLUTE_POS;
    if i < n as usize {
        let channels = seen.channels as usize;
        let channel = i % channels;
        let place = i / channels;
        let wide = seen.fine_width as usize;
        let height = seen.fine_height as usize;
        let column = place % wide;
        let line = place / wide % height;
        let image = place / (wide * height);
        let down = seen.down as usize;
        let across = seen.across as usize;
        let mut sum = 0.0f32;
        // By each tap that meets it.
        for a in 0..seen.lines as usize {
            for b in 0..seen.columns as usize {
                if line >= a && column >= b {
                    let up = (line - a) / down;
                    let left = (column - b) / across;
                    let meets = up * down == line - a && left * across == column - b;
                    if meets && up < seen.coarse_height as usize && left < seen.coarse_width as usize {
                        let who = (image * seen.coarse_height as usize + up) * seen.coarse_width as usize + left;
                        let at = who * channels + channel;
                        if comptime!(most) {
                            // The first that is as large has it all.
                            let mut earlier = 0u32;
                            for other in 0..a * seen.columns as usize + b {
                                let p = other / seen.columns as usize;
                                let q = other % seen.columns as usize;
                                let there = (image * height + up * down + p) * wide + left * across + q;
                                if x[there * channels + channel] == y[at] {
                                    earlier += 1;
                                }
                            }
                            if x[i] == y[at] && earlier == 0 {
                                sum += dy[at];
                            }
                        } else {
                            sum += dy[at] / (seen.lines * seen.columns) as f32;
                        }
                    }
                }
            }
        }
        dx[i] = sum;
    }
}

#[cube(launch_unchecked)]
fn sum(
    y: &[f32],
    dy: &[f32],
    out: &mut [f32],
    places: u32,
    channels: u32,
    start: u32,
    leak: f32,
    #[comptime] tanh: bool,
) {
    let channels = channels as usize;
    let channel = CUBE_POS;
    let unit = UNIT_POS as usize;
    let mut part = 0.0f32;
    if channel < channels {
        let mut i = unit;
        while i < places as usize {
            let at = i * channels + channel;
            part += before(dy[at], y[at], leak, tanh);
            i += UNITS;
        }
    }
    let all = total(part);
    if channel < channels && unit == 0 {
        out[start as usize + channel] = all;
    }
}
