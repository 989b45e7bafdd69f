//! The three products of a layer by one pair of shaders. Both fetch their factors through [`left`] and [`right`], which know
//! how a factor lies in memory, and which multiply the gradient by the activation's slope as they read it. What a convolution
//! sees of an image is gathered as it is read: nothing is laid out in memory.

use burn_cubecl::cubecl::{self, prelude::*};
use burn_cubecl::tensor::CubeTensor;

use super::{MAX_CUBES, UNITS, count, cubes, units};
use crate::kernel::{Activation, Conv, Dense, Grid, LEAK, Window};

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

/// What a row of a layer's input or output is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// All of a row.
    Dense,
    /// A place of the coarse grid of a convolution.
    Conv,
    /// A place of the fine grid of a transposed one.
    Transposed,
}

/// How a row of the left factor comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Seen {
    /// It is a row.
    Row,
    /// It is what a place of the coarse grid sees of the fine one: tap by tap, channel by channel.
    Fine,
    /// It is what of the coarse grid sees a place of the fine one.
    Coarse,
}

/// How a product's left factor is read.
fn seen(pass: Pass, way: Way) -> Seen {
    match (way, pass) {
        (Way::Dense, _) => Seen::Row,
        (Way::Conv, Pass::Forward) | (_, Pass::Weights) | (Way::Transposed, Pass::Input) => Seen::Fine,
        (Way::Conv, Pass::Input) | (Way::Transposed, Pass::Forward) => Seen::Coarse,
    }
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
    /// The window of a convolution: lines, columns and channels of both grids, columns that are seen, the stride and the padding.
    fine_height: u32,
    fine_width: u32,
    fine_channels: u32,
    coarse_height: u32,
    coarse_width: u32,
    coarse_channels: u32,
    size: u32,
    stride_down: u32,
    stride_across: u32,
    padding_above: u32,
    padding_before: u32,
}

/// No window.
const NONE: Window = {
    let grid = Grid { height: 1, width: 1, channels: 1 };
    Window { fine: grid, coarse: grid, size: [1; 2], stride: [1; 2], padding: [0; 2] }
};

/// Launches one product of a fully connected layer: left factor, right factor, the layer's output (which only backward passes
/// read), and the result.
pub fn launch(pass: Pass, layer: &Dense, batch: usize, tensors: [&CubeTensor; 4]) {
    let Dense { inputs, outputs, offset, activation } = *layer;
    let shape = match pass {
        Pass::Forward => [batch, outputs, inputs],
        Pass::Weights => [inputs + 1, outputs, batch],
        Pass::Input => [batch, inputs, outputs],
    };
    assert!(layer.range().end <= count(weights(pass, tensors)), "the flat weights reach that far");
    multiply(pass, Way::Dense, shape, (offset, activation), &NONE, tensors);
}

/// The same of a convolution. Of a transposed one, the gradient in the bias is not among the weights'.
pub fn convolve(pass: Pass, layer: &Conv, batch: usize, tensors: [&CubeTensor; 4]) {
    let Conv { offset, window, transposed, activation } = *layer;
    let Window { fine, coarse, .. } = window;
    let [of_fine, of_coarse] = [fine.channels, coarse.channels].map(|channels| window.taps() * channels);
    let [on_fine, on_coarse] = [fine, coarse].map(|grid| batch * grid.places());
    let way = if transposed { Way::Transposed } else { Way::Conv };
    let shape = match (pass, seen(pass, way)) {
        // A row of ones for the bias.
        (Pass::Weights, _) => [of_fine + usize::from(!transposed), coarse.channels, on_coarse],
        (_, Seen::Coarse) => [on_fine, fine.channels, of_coarse],
        (_, Seen::Fine | Seen::Row) => [on_coarse, coarse.channels, of_fine],
    };
    assert!(layer.range().end <= count(weights(pass, tensors)), "the flat weights reach that far");
    multiply(pass, way, shape, (offset, activation), &window, tensors);
}

/// Which of a product's tensors is the flat weights, or their gradient.
fn weights(pass: Pass, [_, right, _, out]: [&CubeTensor; 4]) -> &CubeTensor {
    match pass {
        Pass::Forward | Pass::Input => right,
        Pass::Weights => out,
    }
}

/// What the shaders are told of an activation: its slope below 0, and whether it is tanh.
pub fn bend(activation: Option<Activation>) -> (f32, bool) {
    match activation {
        None => (1.0, false),
        Some(Activation::Relu) => (0.0, false),
        Some(Activation::Leaky) => (LEAK, false),
        Some(Activation::Tanh) => (1.0, true),
        Some(Activation::Exp) => unreachable!("composed on a GPU, see `has`"),
    }
}

/// Launches a product of this shape: rows, columns, inner.
fn multiply(
    pass: Pass,
    way: Way,
    [rows, columns, inner]: [usize; 3],
    (offset, activation): (usize, Option<Activation>),
    window: &Window,
    [left, right, y, out]: [&CubeTensor; 4],
) {
    let (leak, tanh) = bend(activation);
    let Window { fine, coarse, size, stride, padding } = *window;
    let short = |n: usize| n as u32;
    let product = ProductLaunch::new(
        short(rows),
        short(columns),
        short(inner),
        short(offset),
        leak,
        short(fine.height),
        short(fine.width),
        short(fine.channels),
        short(coarse.height),
        short(coarse.width),
        short(coarse.channels),
        short(size[1]),
        short(stride[0]),
        short(stride[1]),
        short(padding[0]),
        short(padding[1]),
    );
    let client = &out.client;
    let [left, right, y, out] = [left, right, y, out].map(|tensor| tensor.clone().into_buffer_arg());
    // SAFETY: both shaders read and write only inside the product's shape, which the tensors have.
    unsafe {
        match Plan::of(rows, columns, inner) {
            Plan::Sums(share) => {
                let n = (rows * columns).div_ceil(UNITS / share);
                sums::launch_unchecked(client, cubes(n), units(), left, right, y, out, product, pass, way, tanh, share);
            }
            Plan::Tiles(each) => {
                let tiles = |n: usize| n.div_ceil(SIDE * each) as u32;
                let cubes = CubeCount::Static(tiles(columns), tiles(rows), 1);
                tiled::launch_unchecked(client, cubes, units(), left, right, y, out, product, pass, way, tanh, each);
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
        } else if inner >= 16 * UNITS && rows * columns <= 1 << 12 {
            // A workgroup to each of few and very long sums: what the weights of a convolution get from all places.
            Self::Sums(UNITS)
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
    #[comptime] way: Way,
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
            sum += left(a, y, row, k, product, pass, way, tanh) * right(b, y, k, column, product, pass, way, tanh);
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
    #[comptime] way: Way,
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
                value = left(a, y, first_row + m, start + k, product, pass, way, tanh);
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
                value = right(b, y, start + k, first_column + n, product, pass, way, tanh);
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
    #[comptime] way: Way,
    #[comptime] tanh: bool,
) -> f32 {
    if comptime!(seen(pass, way) == Seen::Coarse) {
        from_coarse(a, y, row, k, product, pass, tanh)
    } else if comptime!(pass == Pass::Weights && way == Way::Transposed) {
        // The gradient lies on the fine grid.
        from_fine(a, y, k, row, product, true, tanh)
    } else if comptime!(pass == Pass::Weights && way == Way::Conv) {
        let mut x = 1.0f32;
        if row + 1 < product.rows as usize {
            x = from_fine(a, y, k, row, product, false, tanh);
        }
        x
    } else if comptime!(seen(pass, way) == Seen::Fine) {
        from_fine(a, y, row, k, product, comptime!(pass == Pass::Input), tanh)
    } else if comptime!(pass == Pass::Weights) {
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
    #[comptime] way: Way,
    #[comptime] tanh: bool,
) -> f32 {
    if comptime!(seen(pass, way) == Seen::Coarse) {
        let channels = product.coarse_channels as usize;
        let tap = k / channels;
        b[product.offset as usize + (tap * product.columns as usize + column) * channels + k % channels]
    } else if comptime!(pass == Pass::Input && way == Way::Dense) {
        b[product.offset as usize + column * product.inner as usize + k]
    } else {
        let at = k * product.columns as usize + column;
        if comptime!(pass == Pass::Weights && way == Way::Transposed) {
            b[at]
        } else if comptime!(pass == Pass::Weights) {
            before(b[at], y[at], product.leak, tanh)
        } else {
            b[product.offset as usize + at]
        }
    }
}

/// What a place of the coarse grid sees at a tap, in a channel of the fine one; times the activation's slope, where it is a gradient.
#[cube]
fn from_fine(
    a: &[f32],
    y: &[f32],
    row: usize,
    k: usize,
    product: &Product,
    #[comptime] slope: bool,
    #[comptime] tanh: bool,
) -> f32 {
    let channels = product.fine_channels as usize;
    let width = product.coarse_width as usize;
    let size = product.size as usize;
    let places = product.coarse_height as usize * width;
    let channel = k % channels;
    let tap = k / channels;
    let place = row % places;
    // From the first line and column that any place sees.
    let line = place / width * product.stride_down as usize + tap / size;
    let column = place % width * product.stride_across as usize + tap % size;
    let above = product.padding_above as usize;
    let before_it = product.padding_before as usize;
    let height = product.fine_height as usize;
    let wide = product.fine_width as usize;
    let mut value = 0.0f32;
    if line >= above && line < above + height && column >= before_it && column < before_it + wide {
        let at = ((row / places * height + line - above) * wide + column - before_it) * channels + channel;
        value = a[at];
        if comptime!(slope) {
            value = before(value, y[at], product.leak, tanh);
        }
    }
    value
}

/// What sees a place of the fine grid by a tap, in a channel of the coarse one; times the activation's slope, where it is a gradient.
#[cube]
fn from_coarse(
    a: &[f32],
    y: &[f32],
    row: usize,
    k: usize,
    product: &Product,
    #[comptime] pass: Pass,
    #[comptime] tanh: bool,
) -> f32 {
    let channels = product.coarse_channels as usize;
    let width = product.fine_width as usize;
    let size = product.size as usize;
    let places = product.fine_height as usize * width;
    let channel = k % channels;
    let tap = k / channels;
    let place = row % places;
    let line = place / width + product.padding_above as usize;
    let column = place % width + product.padding_before as usize;
    let down = product.stride_down as usize;
    let across = product.stride_across as usize;
    let mut value = 0.0f32;
    if line >= tap / size && column >= tap % size {
        let far_down = line - tap / size;
        let far_across = column - tap % size;
        let i = far_down / down;
        let j = far_across / across;
        let height = product.coarse_height as usize;
        let wide = product.coarse_width as usize;
        if i * down == far_down && j * across == far_across && i < height && j < wide {
            let at = ((row / places * height + i) * wide + j) * channels + channel;
            value = a[at];
            if comptime!(pass == Pass::Input) {
                value = before(value, y[at], product.leak, tanh);
            }
        }
    }
    value
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
pub fn before(dy: f32, y: f32, leak: f32, #[comptime] tanh: bool) -> f32 {
    if comptime!(tanh) { dy * (1.0 - y * y) } else { select(y > 0.0, dy, leak * dy) }
}

/// tanh x. A shader's own overflows on some GPUs; and on some, a comparison with a NaN is true, so no branch may lose one.
#[cube]
pub fn hyperbolic_tangent(x: f32) -> f32 {
    let e = (-2.0f32 * x.abs()).exp();
    let far = (1.0 - e) / (1.0 + e);
    let far = select(x < 0.0, -far, far);
    // Near 0, the difference would lose digits: the Taylor series to x⁷.
    let s = x * x;
    let near = x * (1.0 - s * (0.333_333_34f32 - s * (0.133_333_34f32 - s * 0.053_968_254f32)));
    select(x.abs() < 0.2, near, far)
}
