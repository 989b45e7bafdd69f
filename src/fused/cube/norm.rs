//! Batch normalisation: what is known of each channel by a workgroup for it, and then every number by itself.

use burn_cubecl::cubecl::{self, prelude::*};
use burn_cubecl::tensor::CubeTensor;

use super::product::{before, bend, hyperbolic_tangent};
use super::{UNITS, count, cubes, empty, units};
use crate::kernel::{Norm, TINY};

/// What both kinds of shaders are told.
#[derive(CubeType, CubeLaunch, Clone, Copy)]
struct Shape {
    /// Places of all rows.
    places: u32,
    channels: u32,
    /// Where the layer's means begin among the moments, and its variances.
    means: u32,
    variances: u32,
    /// Where its scales begin among the weights, and its shifts.
    scales: u32,
    shifts: u32,
    /// Where sums are written to: those with the normalised input, and the plain ones.
    scaled: u32,
    plain: u32,
    /// The activation's slope below 0; 1 for the identity.
    leak: f32,
}

/// Where numbers of a layer lie; `sums`: where those of the scales begin.
fn shape(layer: &Norm, x: &CubeTensor, moments: usize, sums: usize) -> ShapeLaunch {
    let channels = layer.grid.channels;
    let short = |n: usize| n as u32;
    ShapeLaunch::new(
        short(count(x) / channels),
        short(channels),
        short(moments),
        short(moments + channels),
        short(layer.offset),
        short(layer.offset + channels),
        short(sums),
        short(sums + channels),
        bend(layer.activation).0,
    )
}

fn tanh(layer: &Norm) -> bool {
    bend(layer.activation).1
}

/// Means and variances of the channels, written into their place among `moments`.
pub fn note(layer: &Norm, x: &CubeTensor, moments: &CubeTensor, at: usize) {
    assert!(at + 2 * layer.grid.channels <= count(moments), "the moments reach that far");
    let (client, n) = (&x.client, layer.grid.channels);
    let [given, out] = [x, moments].map(|tensor| tensor.clone().into_buffer_arg());
    // SAFETY: the shader reads whole places of the input and writes two numbers a channel, which there are.
    unsafe { noting::launch_unchecked(client, cubes(n), units(), given, out, shape(layer, x, at, 0)) }
}

/// The output.
pub fn forward(layer: &Norm, weights: &CubeTensor, moments: &CubeTensor, x: &CubeTensor) -> CubeTensor {
    assert!(layer.range().end <= count(weights) && layer.kept().end <= count(moments), "both reach that far");
    let y = empty(x, [count(x) / layer.grid.len(), layer.grid.len()]);
    let n = count(x);
    let shape = shape(layer, x, layer.moments, 0);
    let [w, m, given, out] = [weights, moments, x, &y].map(|tensor| tensor.clone().into_buffer_arg());
    // SAFETY: the shader reads and writes as many numbers as the input has, and what is known of their channels.
    unsafe {
        normalised::launch_unchecked(
            &x.client,
            cubes(n.div_ceil(UNITS)),
            units(),
            w,
            m,
            given,
            out,
            n as u32,
            shape,
            tanh(layer),
        );
    }
    y
}

/// What backward passes are given: all weights, the moments and where the layer's begin, the input, the output and the gradient in it.
pub struct Given<'a> {
    pub weights: &'a CubeTensor,
    pub moments: (&'a CubeTensor, usize),
    pub x: &'a CubeTensor,
    pub y: &'a CubeTensor,
    pub dy: &'a CubeTensor,
}

/// The gradients in scales and shifts, written into their place among `into`.
pub fn sums(layer: &Norm, given: &Given<'_>, into: &CubeTensor, at: usize) {
    assert!(at + 2 * layer.grid.channels <= count(into), "the sums reach that far");
    let shape = shape(layer, given.x, given.moments.1, at);
    let [moments, x, y, dy, out] =
        [given.moments.0, given.x, given.y, given.dy, into].map(|tensor| tensor.clone().into_buffer_arg());
    let cubes = cubes(layer.grid.channels);
    // SAFETY: the shader reads whole places of three tensors of one shape and writes two numbers a channel, which there are.
    unsafe {
        summed::launch_unchecked(&into.client, cubes, units(), moments, x, y, dy, out, shape, tanh(layer));
    }
}

/// The gradient in the input, given the sums of [`sums`] and where they begin; `own`: the moments move with it.
pub fn input(layer: &Norm, given: &Given<'_>, (sums, at): (&CubeTensor, usize), own: bool) -> CubeTensor {
    assert!(layer.range().end <= count(given.weights), "the weights reach that far");
    let n = count(given.x);
    let shape = shape(layer, given.x, given.moments.1, at);
    let dx = empty(given.x, [n / layer.grid.len(), layer.grid.len()]);
    let [w, m, x, y, dy, sums, out] = [given.weights, given.moments.0, given.x, given.y, given.dy, sums, &dx]
        .map(|tensor| tensor.clone().into_buffer_arg());
    let cubes = cubes(n.div_ceil(UNITS));
    // SAFETY: the shader reads and writes as many numbers as the input has, and what is known of their channels.
    unsafe {
        back::launch_unchecked(
            &dx.client,
            cubes,
            units(),
            w,
            m,
            x,
            y,
            dy,
            sums,
            out,
            n as u32,
            shape,
            own,
            tanh(layer),
        );
    }
    dx
}

/// Numbers that [`bends`] finds of a channel.
const BENDS: usize = 5;

/// The gradient of u · tangent in the input: see [`crate::kernel::norm_tangent_backward`]. That in the scales is written into its place
/// among `into`, and zeros for the shifts.
pub fn tangent_input(
    layer: &Norm,
    weights: &CubeTensor,
    (moments, first): (&CubeTensor, usize),
    [x, t, u]: [&CubeTensor; 3],
    into: &CubeTensor,
) -> CubeTensor {
    assert!(layer.range().end <= count(into).min(count(weights)), "the weights reach that far");
    let (n, channels) = (count(x), layer.grid.channels);
    let found = empty(x, [BENDS * channels]);
    let dx = empty(x, [n / layer.grid.len(), layer.grid.len()]);
    let arg = |tensor: &CubeTensor| tensor.clone().into_buffer_arg();
    let of = || shape(layer, x, first, layer.offset);
    // SAFETY: the first shader reads whole places of three tensors of one shape and writes five numbers a channel and two more;
    // the second reads these and writes as many numbers as the input has.
    unsafe {
        bends::launch_unchecked(
            &x.client,
            cubes(channels),
            units(),
            arg(moments),
            arg(x),
            arg(t),
            arg(u),
            arg(&found),
            arg(into),
            of(),
        );
        bent::launch_unchecked(
            &x.client,
            cubes(n.div_ceil(UNITS)),
            units(),
            arg(weights),
            arg(moments),
            arg(x),
            arg(t),
            arg(u),
            arg(&found),
            arg(&dx),
            n as u32,
            of(),
        );
    }
    dx
}

/// The sum of what all units of a workgroup have.
#[cube]
pub fn total(part: f32) -> f32 {
    let unit = UNIT_POS as usize;
    let mut parts = Shared::<[f32]>::new_slice(UNITS);
    parts[unit] = part;
    sync_cube();
    #[unroll]
    for halving in 0..comptime!(UNITS.ilog2() as usize) {
        let half = comptime!(UNITS >> (halving + 1));
        if unit < half {
            let other = parts[unit + half];
            parts[unit] += other;
        }
        sync_cube();
    }
    parts[0]
}

#[cube]
fn inverse(variance: f32) -> f32 {
    1.0 / (variance + TINY).sqrt()
}

#[cube(launch_unchecked)]
fn noting(x: &[f32], moments: &mut [f32], shape: &Shape) {
    let channels = shape.channels as usize;
    let places = shape.places as usize;
    let channel = CUBE_POS;
    let unit = UNIT_POS as usize;
    let count = shape.places as f32;
    let mut sum = 0.0f32;
    if channel < channels {
        let mut i = unit;
        while i < places {
            sum += x[i * channels + channel];
            i += UNITS;
        }
    }
    let mean = total(sum) / count;
    let mut square = 0.0f32;
    if channel < channels {
        let mut i = unit;
        while i < places {
            let off = x[i * channels + channel] - mean;
            square += off * off;
            i += UNITS;
        }
    }
    let variance = total(square) / count;
    if channel < channels && unit == 0 {
        moments[shape.means as usize + channel] = mean;
        moments[shape.variances as usize + channel] = variance;
    }
}

#[cube(launch_unchecked)]
fn normalised(
    weights: &[f32],
    moments: &[f32],
    x: &[f32],
    y: &mut [f32],
    n: u32,
    shape: &Shape,
    #[comptime] tanh: bool,
) {
    let i = ABSOLUTE_POS;
    if i < n as usize {
        let channel = i % shape.channels as usize;
        let factor = weights[shape.scales as usize + channel] * inverse(moments[shape.variances as usize + channel]);
        let shifted =
            (x[i] - moments[shape.means as usize + channel]) * factor + weights[shape.shifts as usize + channel];
        if comptime!(tanh) {
            y[i] = hyperbolic_tangent(shifted);
        } else {
            // A comparison and no maximum: a NaN stays one.
            y[i] = select(shifted < 0.0, shape.leak * shifted, shifted);
        }
    }
}

#[cube(launch_unchecked)]
fn summed(moments: &[f32], x: &[f32], y: &[f32], dy: &[f32], out: &mut [f32], shape: &Shape, #[comptime] tanh: bool) {
    let channels = shape.channels as usize;
    let places = shape.places as usize;
    let channel = CUBE_POS;
    let unit = UNIT_POS as usize;
    let mut plain = 0.0f32;
    let mut scaled = 0.0f32;
    if channel < channels {
        let mean = moments[shape.means as usize + channel];
        let inverse = inverse(moments[shape.variances as usize + channel]);
        let mut i = unit;
        while i < places {
            let at = i * channels + channel;
            let d = before(dy[at], y[at], shape.leak, tanh);
            plain += d;
            scaled += d * ((x[at] - mean) * inverse);
            i += UNITS;
        }
    }
    let plain = total(plain);
    let scaled = total(scaled);
    if channel < channels && unit == 0 {
        out[shape.scaled as usize + channel] = scaled;
        out[shape.plain as usize + channel] = plain;
    }
}

#[cube(launch_unchecked)]
fn back(
    weights: &[f32],
    moments: &[f32],
    x: &[f32],
    y: &[f32],
    dy: &[f32],
    sums: &[f32],
    dx: &mut [f32],
    n: u32,
    shape: &Shape,
    #[comptime] own: bool,
    #[comptime] tanh: bool,
) {
    let i = ABSOLUTE_POS;
    if i < n as usize {
        let channel = i % shape.channels as usize;
        let inverse = inverse(moments[shape.variances as usize + channel]);
        let mut d = before(dy[i], y[i], shape.leak, tanh);
        if comptime!(own) {
            // The batch's own mean and variance move with x.
            let hat = (x[i] - moments[shape.means as usize + channel]) * inverse;
            let back = sums[shape.plain as usize + channel] + hat * sums[shape.scaled as usize + channel];
            d -= back / shape.places as f32;
        }
        dx[i] = weights[shape.scales as usize + channel] * inverse * d;
    }
}

/// Of each channel ⟨t⟩, ⟨u⟩, ⟨x̂u⟩, ⟨x̂t⟩ and ⟨ut⟩, and the gradient in its scale.
#[cube(launch_unchecked)]
fn bends(moments: &[f32], x: &[f32], t: &[f32], u: &[f32], found: &mut [f32], gradient: &mut [f32], shape: &Shape) {
    let channels = shape.channels as usize;
    let places = shape.places as usize;
    let channel = CUBE_POS;
    let unit = UNIT_POS as usize;
    let mut of_t = 0.0f32;
    let mut of_u = 0.0f32;
    let mut hat_u = 0.0f32;
    let mut hat_t = 0.0f32;
    let mut both = 0.0f32;
    let mut scale = 0.0f32;
    if channel < channels {
        let mean = moments[shape.means as usize + channel];
        scale = inverse(moments[shape.variances as usize + channel]);
        let mut i = unit;
        while i < places {
            let at = i * channels + channel;
            let hat = (x[at] - mean) * scale;
            of_t += t[at];
            of_u += u[at];
            hat_u += hat * u[at];
            hat_t += hat * t[at];
            both += u[at] * t[at];
            i += UNITS;
        }
    }
    let count = shape.places as f32;
    let of_t = total(of_t) / count;
    let of_u = total(of_u) / count;
    let hat_u = total(hat_u) / count;
    let hat_t = total(hat_t) / count;
    let both = total(both) / count;
    if channel < channels && unit == 0 {
        found[channel] = of_t;
        found[channels + channel] = of_u;
        found[2 * channels + channel] = hat_u;
        found[3 * channels + channel] = hat_t;
        found[4 * channels + channel] = both;
        gradient[shape.scaled as usize + channel] = count * scale * (both - of_u * of_t - hat_u * hat_t);
        gradient[shape.plain as usize + channel] = 0.0;
    }
}

#[cube(launch_unchecked)]
fn bent(
    weights: &[f32],
    moments: &[f32],
    x: &[f32],
    t: &[f32],
    u: &[f32],
    found: &[f32],
    dx: &mut [f32],
    n: u32,
    shape: &Shape,
) {
    let i = ABSOLUTE_POS;
    if i < n as usize {
        let channels = shape.channels as usize;
        let channel = i % channels;
        let inverse = inverse(moments[shape.variances as usize + channel]);
        let of_t = found[channel];
        let of_u = found[channels + channel];
        let hat_u = found[2 * channels + channel];
        let hat_t = found[3 * channels + channel];
        let both = found[4 * channels + channel];
        let bend = both - of_u * of_t - 3.0 * hat_u * hat_t;
        let outer = -weights[shape.scales as usize + channel] * inverse * inverse;
        let hat = (x[i] - moments[shape.means as usize + channel]) * inverse;
        dx[i] = outer * (hat * bend + hat_u * (t[i] - of_t) + hat_t * (u[i] - of_u));
    }
}
