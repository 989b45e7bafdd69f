//! The three products of a layer by one pair of shaders. Both fetch their factors through [`left`] and [`right`], which know
//! how a factor lies in memory, and which multiply the gradient by the activation's slope as they read it.

use burn_cubecl::cubecl::{self, prelude::*};
use burn_cubecl::tensor::CubeTensor;

use super::{MAX_CUBES, UNITS, count, cubes, units};
use crate::kernel::{Activation, Dense, LEAK};

/// A workgroup of [`tiled`] is a square of so many units a side, and takes so many inner indices at a time.
const SIDE: usize = 16;
/// How many units share a sum in [`sums`] where the sums are long and few.
pub const SHARE: usize = 16;

/// Which product of a layer, and what its left and right factors are; `d` is the gradient in what the activation was
/// given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pass {
    /// y = φ(x W + b): `x` and the weights; rows × outputs, over the inputs.
    Forward,
    /// The gradient in W and b: `x` transposed, with a row of ones below it for b, and `d`; (inputs + 1) × outputs, over
    /// the rows.
    Weights,
    /// The gradient in x: `d` and the weights; rows × inputs, over the outputs.
    Input,
}

/// A product's shape, and how it finds its numbers.
#[derive(CubeType, CubeLaunch, Clone, Copy)]
struct Product {
    /// Rows and columns of the result.
    rows: u32,
    columns: u32,
    /// How many numbers each of its sums has.
    inner: u32,
    /// Where the layer's weights begin in the flat ones.
    offset: u32,
    /// The activation's slope below 0; 1 for the identity.
    leak: f32,
}

/// Launches one product of a layer: left factor, right factor, the layer's output (which only backward passes read), and
/// the result.
pub fn launch(pass: Pass, layer: &Dense, batch: usize, [left, right, y, out]: [&CubeTensor; 4]) {
    let Dense { inputs, outputs, offset, .. } = *layer;
    let (rows, columns, inner) = match pass {
        Pass::Forward => (batch, outputs, inputs),
        Pass::Weights => (inputs + 1, outputs, batch),
        Pass::Input => (batch, inputs, outputs),
    };
    let (leak, tanh) = match layer.activation {
        None => (1.0, false),
        Some(Activation::Relu) => (0.0, false),
        Some(Activation::Leaky) => (LEAK, false),
        Some(Activation::Tanh) => (1.0, true),
        Some(Activation::Exp) => unreachable!("composed on a GPU, see `has`"),
    };
    let weights = match pass {
        Pass::Forward | Pass::Input => right,
        Pass::Weights => out,
    };
    assert!(layer.range().end <= count(weights), "the flat weights reach that far");
    let product = ProductLaunch::new(rows as u32, columns as u32, inner as u32, offset as u32, leak);
    let client = &out.client;
    let [left, right, y, out] = [left, right, y, out].map(|tensor| tensor.clone().into_buffer_arg());
    // SAFETY: both shaders read and write only inside the product's shape, which the tensors have.
    unsafe {
        match Plan::of(rows, columns, inner) {
            Plan::Sums(share) => {
                let n = (rows * columns).div_ceil(UNITS / share);
                sums::launch_unchecked(client, cubes(n), units(), left, right, y, out, product, pass, tanh, share);
            }
            Plan::Tiles(each) => {
                let tiles = |n: usize| n.div_ceil(SIDE * each) as u32;
                let cubes = CubeCount::Static(tiles(columns), tiles(rows), 1);
                tiled::launch_unchecked(client, cubes, units(), left, right, y, out, product, pass, tanh, each);
            }
        }
    }
}

/// Which shader computes a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// [`sums`], so many units to each sum.
    Sums(usize),
    /// [`tiled`], so many rows and columns of the result to each unit.
    Tiles(usize),
}

impl Plan {
    /// The plan for a product of this shape.
    pub fn of(rows: usize, columns: usize, inner: usize) -> Self {
        let tiles = |side: usize| rows.div_ceil(side) * columns.div_ceil(side);
        if rows.min(columns).min(inner) >= SIDE && rows * columns * inner >= 1 << 19 && rows <= SIDE * MAX_CUBES {
            // The larger tile reads less, but too few of them leave units of the GPU idle.
            Self::Tiles(if tiles(4 * SIDE) >= 32 { 4 } else { 2 })
        } else if inner >= 2 * SHARE && rows * columns <= 1 << 14 {
            Self::Sums(SHARE)
        } else {
            Self::Sums(1)
        }
    }
}

/// Each number of a product by itself, or by `share` units together: for small and for narrow ones.
#[cube(launch_unchecked)]
fn sums(
    a: &[f32],
    b: &[f32],
    y: &[f32],
    out: &mut [f32],
    product: &Product,
    #[comptime] pass: Pass,
    #[comptime] tanh: bool,
    #[comptime] share: usize,
) {
    let each = comptime!(UNITS / share);
    let unit = UNIT_POS as usize;
    let columns = product.columns as usize;
    let inner = product.inner as usize;
    // Neighbours read neighbouring numbers: for the weights' gradient along a row of the result, else along a sum.
    let mut place = unit % each;
    let mut part = unit / each;
    if comptime!(pass != Pass::Weights) {
        place = unit / share;
        part = unit % share;
    }
    let position = CUBE_POS * each + place;
    let inside = position < product.rows as usize * columns;
    let row = position / columns;
    let column = position % columns;
    let mut sum = 0.0f32;
    if inside {
        let mut k = part;
        while k < inner {
            sum += left(a, y, row, k, product, pass, tanh) * right(b, y, k, column, product, pass, tanh);
            k += share;
        }
    }
    if comptime!(share == 1) {
        if inside {
            store(sum, b, out, row, column, product, pass, tanh);
        }
    } else {
        let mut parts = Shared::<[f32]>::new_slice(UNITS);
        parts[part * each + place] = sum;
        sync_cube();
        if inside && part == 0 {
            let mut total = 0.0f32;
            for i in 0..share {
                total += parts[i * each + place];
            }
            store(total, b, out, row, column, product, pass, tanh);
        }
    }
}

/// A square tile of a product by a workgroup, `each` × `each` numbers by each of its units, which fetch both factors
/// together, a slab at a time.
#[cube(launch_unchecked)]
fn tiled(
    a: &[f32],
    b: &[f32],
    y: &[f32],
    out: &mut [f32],
    product: &Product,
    #[comptime] pass: Pass,
    #[comptime] tanh: bool,
    #[comptime] each: usize,
) {
    let side = comptime!(SIDE * each);
    // One more, so that units that write down a column do not wait for the same bank of memory.
    let pitch = comptime!(SIDE * each + 1);
    let mut lefts = Shared::<[f32]>::new_slice(comptime!(SIDE * (SIDE * each + 1)));
    let mut rights = Shared::<[f32]>::new_slice(comptime!(SIDE * (SIDE * each + 1)));
    let unit = UNIT_POS as usize;
    let low = unit % SIDE;
    let high = unit / SIDE;
    let first_row = CUBE_POS_Y as usize * side;
    let first_column = CUBE_POS_X as usize * side;
    let rows = product.rows as usize;
    let columns = product.columns as usize;
    let inner = product.inner as usize;

    let mut sums = Array::<f32>::new(comptime!(each * each));
    #[unroll]
    for i in 0..each * each {
        sums[i] = 0.0;
    }
    let slabs = inner.div_ceil(SIDE);
    for slab in 0..slabs {
        let start = slab * SIDE;
        #[unroll]
        for i in 0..each {
            let e = unit + i * UNITS;
            // Neighbours read neighbouring numbers, whichever way the factor lies.
            let mut k = e % SIDE;
            let mut m = e / SIDE;
            if comptime!(pass == Pass::Weights) {
                k = e / side;
                m = e % side;
            }
            let mut value = 0.0f32;
            if start + k < inner && first_row + m < rows {
                value = left(a, y, first_row + m, start + k, product, pass, tanh);
            }
            lefts[k * pitch + m] = value;

            let mut k = e / side;
            let mut n = e % side;
            if comptime!(pass == Pass::Input) {
                k = e % SIDE;
                n = e / SIDE;
            }
            let mut value = 0.0f32;
            if start + k < inner && first_column + n < columns {
                value = right(b, y, start + k, first_column + n, product, pass, tanh);
            }
            rights[k * pitch + n] = value;
        }
        sync_cube();
        for k in 0..SIDE {
            let mut across = Array::<f32>::new(each);
            #[unroll]
            for j in 0..each {
                across[j] = rights[k * pitch + low + j * SIDE];
            }
            #[unroll]
            for i in 0..each {
                let down = lefts[k * pitch + high + i * SIDE];
                #[unroll]
                for j in 0..each {
                    sums[i * each + j] += down * across[j];
                }
            }
        }
        sync_cube();
    }
    #[unroll]
    for i in 0..each {
        #[unroll]
        for j in 0..each {
            let row = first_row + high + i * SIDE;
            let column = first_column + low + j * SIDE;
            if row < rows && column < columns {
                store(sums[i * each + j], b, out, row, column, product, pass, tanh);
            }
        }
    }
}

/// The number of the left factor in a row, at inner index `k`.
#[cube]
fn left(
    a: &[f32],
    y: &[f32],
    row: usize,
    k: usize,
    product: &Product,
    #[comptime] pass: Pass,
    #[comptime] tanh: bool,
) -> f32 {
    if comptime!(pass == Pass::Weights) {
        let inputs = product.rows as usize - 1;
        let mut x = 1.0f32;
        if row < inputs {
            x = a[k * inputs + row];
        }
        x
    } else {
        let at = row * product.inner as usize + k;
        let mut x = a[at];
        if comptime!(pass == Pass::Input) {
            x = before(x, y[at], product.leak, tanh);
        }
        x
    }
}

/// The number of the right factor at inner index `k`, in a column.
#[cube]
fn right(
    b: &[f32],
    y: &[f32],
    k: usize,
    column: usize,
    product: &Product,
    #[comptime] pass: Pass,
    #[comptime] tanh: bool,
) -> f32 {
    if comptime!(pass == Pass::Input) {
        b[product.offset as usize + column * product.inner as usize + k]
    } else {
        let at = k * product.columns as usize + column;
        if comptime!(pass == Pass::Weights) {
            before(b[at], y[at], product.leak, tanh)
        } else {
            b[product.offset as usize + at]
        }
    }
}

/// Writes a sum to its place; forward, with bias and activation.
#[cube]
fn store(
    sum: f32,
    b: &[f32],
    out: &mut [f32],
    row: usize,
    column: usize,
    product: &Product,
    #[comptime] pass: Pass,
    #[comptime] tanh: bool,
) {
    let at = row * product.columns as usize + column;
    if comptime!(pass == Pass::Forward) {
        let bias = product.offset as usize + product.inner as usize * product.columns as usize + column;
        let x = sum + b[bias];
        if comptime!(tanh) {
            out[at] = hyperbolic_tangent(x);
        } else {
            // A comparison and no maximum: a NaN stays one.
            out[at] = select(x < 0.0, product.leak * x, x);
        }
    } else if comptime!(pass == Pass::Weights) {
        out[product.offset as usize + at] = sum;
    } else {
        out[at] = sum;
    }
}

/// The gradient in what the activation was given, from that in its output and the output.
#[cube]
fn before(dy: f32, y: f32, leak: f32, #[comptime] tanh: bool) -> f32 {
    if comptime!(tanh) { dy * (1.0 - y * y) } else { select(y > 0.0, dy, leak * dy) }
}

/// tanh x. A shader's own overflows on some GPUs; and on some, a comparison with a NaN is true, so no branch may lose one.
#[cube]
fn hyperbolic_tangent(x: f32) -> f32 {
    let e = (-2.0f32 * x.abs()).exp();
    let far = (1.0 - e) / (1.0 + e);
    let far = select(x < 0.0, -far, far);
    // Near 0, the difference would lose digits: the Taylor series to x⁷.
    let s = x * x;
    let near = x * (1.0 - s * (0.333_333_34f32 - s * (0.133_333_34f32 - s * 0.053_968_254f32)));
    select(x.abs() < 0.2, near, far)
}
