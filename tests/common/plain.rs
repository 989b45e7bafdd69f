//! Layers by their definitions, in 64 bits.

use gan_playground::kernel::{Activation, Conv, LEAK, Layer, Pooled, TINY};

/// The output of layers for rows of `x`, normalising by the rows' own moments.
pub fn through(layers: &[Layer], weights: &[f64], x: &[f64]) -> Vec<f64> {
    layers.iter().fold(x.to_vec(), |x, layer| {
        let mut y = layer_of(layer, weights, &x);
        if let Some(function) = layer.activation() {
            y.iter_mut().for_each(|y| *y = activate(function, *y));
        }
        y
    })
}

fn activate(function: Activation, x: f64) -> f64 {
    match function {
        Activation::Relu => x.max(0.0),
        Activation::Leaky => x.max(f64::from(LEAK) * x),
        Activation::Tanh => x.tanh(),
        Activation::Exp => x.exp(),
    }
}

fn layer_of(layer: &Layer, weights: &[f64], x: &[f64]) -> Vec<f64> {
    let own = &weights[layer.range()];
    let rows = x.chunks_exact(layer.inputs());
    match layer {
        Layer::Dense(dense) => {
            let (matrix, bias) = own.split_at(dense.inputs * dense.outputs);
            let sum = |row: &[f64], o: usize| {
                row.iter().enumerate().map(|(i, x)| x * matrix[i * dense.outputs + o]).sum::<f64>()
            };
            rows.flat_map(|row| (0..dense.outputs).map(|o| bias[o] + sum(row, o)).collect::<Vec<_>>()).collect()
        }
        Layer::Conv(conv) => rows.flat_map(|row| convolve(conv, own, row)).collect(),
        Layer::Norm(norm) => {
            let c = norm.grid.channels;
            let n = (x.len() / c) as f64;
            let mean = |k: usize, f: &dyn Fn(f64) -> f64| x.iter().skip(k).step_by(c).map(|&x| f(x)).sum::<f64>() / n;
            let means: Vec<f64> = (0..c).map(|k| mean(k, &|x| x)).collect();
            let roots: Vec<f64> =
                (0..c).map(|k| (mean(k, &|x| (x - means[k]).powi(2)) + f64::from(TINY)).sqrt()).collect();
            let one = |(i, x): (usize, &f64)| (x - means[i % c]) / roots[i % c] * own[i % c] + own[c + i % c];
            x.iter().enumerate().map(one).collect()
        }
        Layer::Resize(resize) => {
            let (grid, f) = (resize.grid, resize.factor);
            let at = |row: &[f64], i: usize| {
                let (place, k) = (i / grid.channels, i % grid.channels);
                let (line, column) = (place / (grid.width * f) / f, place % (grid.width * f) / f);
                row[(line * grid.width + column) * grid.channels + k]
            };
            rows.flat_map(|row| (0..layer.outputs()).map(|i| at(row, i)).collect::<Vec<_>>()).collect()
        }
        Layer::Pool(pool) => {
            let (fine, coarse) = (pool.window.fine, pool.window.coarse);
            let ([high, wide], [down, across]) = (pool.window.size, pool.window.stride);
            let at = |row: &[f64], i: usize| {
                let (place, k) = (i / fine.channels, i % fine.channels);
                let (line, column) = (place / coarse.width * down, place % coarse.width * across);
                let seen = (0..high * wide).map(|t| (line + t / wide) * fine.width + column + t % wide);
                let seen = seen.map(|place| row[place * fine.channels + k]);
                match pool.kind {
                    Pooled::Mean => seen.sum::<f64>() / (high * wide) as f64,
                    Pooled::Most => seen.fold(f64::NEG_INFINITY, f64::max),
                }
            };
            rows.flat_map(|row| (0..layer.outputs()).map(|i| at(row, i)).collect::<Vec<_>>()).collect()
        }
    }
}

fn convolve(conv: &Conv, own: &[f64], row: &[f64]) -> Vec<f64> {
    let window = conv.window;
    let (matrix, bias) = own.split_at(conv.matrix());
    let (fine, coarse, out) = (window.fine, window.coarse, conv.output().channels);
    let mut y: Vec<f64> = (0..conv.output().places()).flat_map(|_| bias).copied().collect();
    for at in 0..coarse.places() {
        for tap in 0..window.taps() {
            let line = at / coarse.width * window.stride[0] + tap / window.size[1];
            let column = at % coarse.width * window.stride[1] + tap % window.size[1];
            let seen = (line.wrapping_sub(window.padding[0]), column.wrapping_sub(window.padding[1]));
            if seen.0 >= fine.height || seen.1 >= fine.width {
                continue;
            }
            let seen = seen.0 * fine.width + seen.1;
            for f in 0..fine.channels {
                for c in 0..coarse.channels {
                    let w = matrix[(tap * fine.channels + f) * coarse.channels + c];
                    if conv.transposed {
                        y[seen * out + f] += w * row[at * coarse.channels + c];
                    } else {
                        y[at * out + c] += w * row[seen * fine.channels + f];
                    }
                }
            }
        }
    }
    y
}
