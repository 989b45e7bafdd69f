//! Layers composed from burn's own operations: what an engine without ours runs, and what ours are checked against.

use burn::tensor::Tensor;
use burn::tensor::module::{avg_pool2d, conv_transpose2d, conv2d, max_pool2d};
use burn::tensor::ops::{AvgPoolOptions, ConvOptions, ConvTransposeOptions, MaxPoolOptions};

use super::{Passed, activation, parts_of};
use crate::kernel::{Conv, Grid, Layer, Norm, Pool, Pooled, Resize, RowNorm, TINY, Window};

/// Whether networks are ever composed: an engine that has all layers as operations of its own need not carry burn's.
const COMPOSED: bool = cfg!(any(test, feature = "ndarray", feature = "webgpu", not(target_arch = "wasm32")));

/// See [`super::Weights::pass`].
pub fn pass(mut parts: &[Tensor<1>], layers: &[Layer], moments: Option<&Tensor<1>>, mut x: Tensor<2>) -> Passed {
    if !COMPOSED {
        unreachable!("this engine has all layers");
    }
    let mut found = Vec::new();
    for layer in layers {
        let (own, rest) = parts.split_at(parts_of(layer));
        parts = rest;
        x = match layer {
            Layer::Dense(layer) => {
                let x = x.matmul(own[0].clone().reshape([layer.inputs, layer.outputs]));
                x + own[1].clone().reshape([1, layer.outputs])
            }
            Layer::Conv(layer) => convolve(layer, own, x),
            Layer::Norm(layer) => {
                let (mean, variance) = match moments {
                    Some(moments) => {
                        let c = layer.grid.channels;
                        let row = |start: usize| moments.clone().slice(start..start + c).reshape([1, c]);
                        (row(layer.moments), row(layer.moments + c))
                    }
                    None => moments_of(layer, x.clone()),
                };
                if moments.is_none() {
                    found.extend([&mean, &variance].map(|m| m.clone().detach().reshape([layer.grid.channels])));
                }
                normalise(layer, own, x, mean, variance)
            }
            Layer::RowNorm(layer) => normalise_rows(layer, own, x),
            Layer::Resize(layer) => enlarge(layer, x),
            Layer::Pool(layer) => pool(layer, x),
        };
        if let Some(function) = layer.activation() {
            x = activation::apply(function, x);
        }
    }
    let moments = match moments {
        Some(moments) if layers.iter().any(|layer| matches!(layer, Layer::Norm(_))) => Some(moments.clone()),
        _ if found.is_empty() => None,
        _ => Some(Tensor::cat(found, 0)),
    };
    Passed { y: x, moments }
}

/// Rows as images, `[rows, channels, height, width]`.
fn images(x: Tensor<2>, grid: Grid) -> Tensor<4> {
    let rows = x.dims()[0];
    x.reshape([rows, grid.height, grid.width, grid.channels]).permute([0, 3, 1, 2])
}

/// Images as rows.
fn rows(x: Tensor<4>) -> Tensor<2> {
    let [rows, channels, height, width] = x.dims();
    x.permute([0, 2, 3, 1]).reshape([rows, height * width * channels])
}

/// A convolution without bias and activation; with them, but for the activation.
fn convolve(layer: &Conv, parts: &[Tensor<1>], x: Tensor<2>) -> Tensor<2> {
    let Window { fine, coarse, size, stride, padding } = layer.window;
    let matrix = parts[0].clone().reshape([size[0], size[1], fine.channels, coarse.channels]);
    let x = images(x, layer.input());
    let long = |axis: usize, n: usize| (n - 1) * stride[axis] + size[axis];
    let whole = [long(0, coarse.height), long(1, coarse.width)];
    let y = if layer.transposed {
        let options = ConvTransposeOptions::new(stride, [0, 0], [0, 0], [1, 1], 1);
        let y = conv_transpose2d(x, matrix.permute([3, 2, 0, 1]), None, options);
        let to = [padding[0] + fine.height, padding[1] + fine.width];
        let y = grown(y, [0, 0], to);
        let [n, c, ..] = y.dims();
        y.slice([0..n, 0..c, padding[0]..to[0], padding[1]..to[1]])
    } else {
        let x = grown(x, padding, whole);
        let [n, c, ..] = x.dims();
        let x = x.slice([0..n, 0..c, 0..whole[0], 0..whole[1]]);
        conv2d(x, matrix.permute([3, 2, 0, 1]), None, ConvOptions::new(stride, [0, 0], [1, 1], 1))
    };
    let channels = layer.output().channels;
    rows(y + parts[1].clone().reshape([1, channels, 1, 1]))
}

/// Images with zeros before them, and after them at least up to `to` lines and columns.
fn grown(x: Tensor<4>, before: [usize; 2], to: [usize; 2]) -> Tensor<4> {
    let [n, c, height, width] = x.dims();
    let (high, wide) = ((height + before[0]).max(to[0]), (width + before[1]).max(to[1]));
    if [high, wide] == [height, width] {
        return x;
    }
    let device = x.device();
    let zeros = |shape: [usize; 4]| Tensor::<4>::zeros(shape, &device);
    let x = Tensor::cat(vec![zeros([n, c, before[0], width]), x, zeros([n, c, high - before[0] - height, width])], 2);
    Tensor::cat(vec![zeros([n, c, high, before[1]]), x, zeros([n, c, high, wide - before[1] - width])], 3)
}

/// Mean and variance of each channel, `[1, channels]`.
fn moments_of(layer: &Norm, x: Tensor<2>) -> (Tensor<2>, Tensor<2>) {
    let x = places(layer, x);
    let mean = x.clone().mean_dim(0);
    let off = x - mean.clone();
    (mean, off.square().mean_dim(0))
}

/// `[places of all rows, channels]`
fn places(layer: &Norm, x: Tensor<2>) -> Tensor<2> {
    let n = x.dims()[0] * layer.grid.places();
    x.reshape([n, layer.grid.channels])
}

fn normalise(layer: &Norm, parts: &[Tensor<1>], x: Tensor<2>, mean: Tensor<2>, variance: Tensor<2>) -> Tensor<2> {
    let (shape, c) = (x.dims(), layer.grid.channels);
    let [scale, shift] = [0, 1].map(|i| parts[i].clone().reshape([1, c]));
    ((places(layer, x) - mean) / (variance + TINY).sqrt() * scale + shift).reshape(shape)
}

fn normalise_rows(layer: &RowNorm, parts: &[Tensor<1>], x: Tensor<2>) -> Tensor<2> {
    let (shape, c) = (x.dims(), layer.grid.channels);
    let off = x.clone() - x.mean_dim(1);
    let hat = off.clone() / (off.square().mean_dim(1) + TINY).sqrt();
    let [scale, shift] = [0, 1].map(|i| parts[i].clone().reshape([1, c]));
    (hat.reshape([shape[0] * layer.grid.places(), c]) * scale + shift).reshape(shape)
}

/// See [`super::Weights::norm_tangent`].
pub fn norm_tangent(scale: &Tensor<1>, layer: &Norm, x: Tensor<2>, t: Tensor<2>) -> Tensor<2> {
    if !COMPOSED {
        unreachable!("this engine has all layers");
    }
    let shape = x.dims();
    let (mean, variance) = moments_of(layer, x.clone());
    let root = (variance + TINY).sqrt();
    let x = (places(layer, x) - mean) / root.clone();
    let t = places(layer, t);
    let off = t.clone() - t.clone().mean_dim(0) - x.clone() * (x * t).mean_dim(0);
    (off / root * scale.clone().reshape([1, layer.grid.channels])).reshape(shape)
}

fn enlarge(layer: &Resize, x: Tensor<2>) -> Tensor<2> {
    let (Grid { height, width, channels }, f, n) = (layer.grid, layer.factor, x.dims()[0]);
    let x = x.reshape([n, height, 1, width, 1, channels]).expand([n, height, f, width, f, channels]);
    x.reshape([n, height * f * width * f * channels])
}

fn pool(layer: &Pool, x: Tensor<2>) -> Tensor<2> {
    let Window { fine, size, stride, .. } = layer.window;
    let x = images(x, fine);
    rows(match layer.kind {
        Pooled::Mean => avg_pool2d(x, AvgPoolOptions::new(size).with_stride(stride)),
        Pooled::Most => max_pool2d(x, MaxPoolOptions::new(size).with_stride(stride)),
    })
}
