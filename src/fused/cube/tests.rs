//! Against [`crate::kernel`] on the host. Without a GPU, or a software one such as Mesa's lavapipe, these say so and pass.

use std::sync::{Arc, Mutex, OnceLock};
use std::thread::{self, ThreadId};

use burn::backend::ops::FloatTensorOps;
use burn::backend::{Backend, DispatchDevice};
use burn::tensor::{Device, Tensor, TensorData};
use burn_cubecl::CubeDevice;
use burn_cubecl::cubecl::logging::{LaunchObservation, LaunchObserver};

use super::product::{Plan, SHARE};
use super::*;
use crate::device::{self, Engine};
use crate::kernel::{self, Activation, Adam, Average, Curve, Descent, Moved, Update};
use crate::kernel::{Conv, Dense, Grid, Pool, Pooled, Resize, Window};
use crate::nn::{Net, Network};
use crate::objective::{NON_SATURATING, Stakes};
use crate::rng::Rng;
use crate::train::disturb::{Disturb, Drawn};
use crate::train::game::{Adversarial, Bound};
use crate::train::optimiser::{Mean, Optimiser, Rule};
use crate::train::pack::Pack;
use crate::train::player::Player;

type Gpu = CubeBackend;

/// The engine and its device, started once.
fn gpu() -> Option<(Device, CubeDevice)> {
    static GPU: OnceLock<Option<Device>> = OnceLock::new();
    let started =
        || pollster::block_on(Engine::Webgpu.start()).inspect_err(|e| eprintln!("nothing was tested: {e}")).ok();
    let device = GPU.get_or_init(started).clone()?;
    let DispatchDevice::Cube(inner) = device.as_dispatch() else { panic!("{device:?} is no GPU") };
    let inner = inner.clone();
    Some((device, inner))
}

fn draw(n: usize, rng: &mut Rng) -> Vec<f32> {
    (0..n).map(|_| rng.uniform() as f32 - 0.5).collect()
}

fn tensor<const D: usize>(values: &[f32], shape: [usize; D], device: &CubeDevice) -> CubeTensor {
    Gpu::float_from_data(TensorData::new(values.to_vec(), shape), device)
}

fn read(tensor: CubeTensor) -> Vec<f32> {
    device::floats(pollster::block_on(Gpu::float_into_data(tensor)).unwrap()).unwrap()
}

fn assert_close(found: &[f32], expected: &[f32], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let scale = expected.iter().fold(1e-6_f32, |m, x| m.max(x.abs()));
    for (i, (x, y)) in found.iter().zip(expected).enumerate() {
        assert!((x - y).abs() <= 3e-5 * scale, "{what}: number {i} is {x}, not {y}");
    }
}

/// A fully connected layer's output.
fn through(layer: Dense, weights: CubeTensor, x: CubeTensor) -> CubeTensor {
    Gpu::layer(Layer::Dense(layer), weights.clone(), weights, x)
}

/// Which memory a tensor has.
fn place(tensor: &CubeTensor) -> String {
    format!("{:?}", tensor.handle.clone().binding().memory.descriptor())
}

/// Leaves conspicuous numbers in memory that results will get.
fn litter(n: usize, device: &CubeDevice) {
    drop([0; 3].map(|_| tensor(&vec![1e30; n], [n], device)));
}

#[test]
fn products_are_those_of_the_host() {
    let Some((_, device)) = gpu() else { return };
    let shapes = [
        (150, 2, 8),
        (150, 8, 1),
        (1, 1, 1),
        (300, 40, 5),
        (20, 5, 40),
        (33, 257, 1),
        (64, 128, 128),
        (67, 131, 97),
        (385, 321, 330),
        (128, 100, 784),
        (70_000, 2, 65),
    ];
    let mut plans = Vec::new();
    for (case, (rows, inputs, outputs)) in shapes.into_iter().enumerate() {
        for activation in [None, Some(Activation::Relu), Some(Activation::Leaky), Some(Activation::Tanh)] {
            let rng = &mut Rng::stream(case as u64, "test");
            let layer = Dense { offset: 13, inputs, outputs, activation };
            let n = layer.range().end + 7;
            let bound = (inputs as f32).sqrt();
            let flat: Vec<f32> = draw(n, rng).iter().map(|w| 2.0 * w / bound).collect();
            let (x, dy) = (draw(rows * inputs, rng), draw(rows * outputs, rng));
            let y = kernel::forward(&Layer::Dense(layer), &flat, &[], &x);
            let mut expected = vec![7.0; n];
            let given = kernel::Backward { x: &x, y: &y, weights: &flat };
            let dx =
                kernel::backward(&Layer::Dense(layer), &given, (&[], true), &mut dy.clone(), Some(&mut expected), true)
                    .unwrap();

            let what = format!("{rows} × {inputs} × {outputs}, {activation:?}");
            litter(rows * outputs, &device);
            litter(rows * inputs, &device);
            let weights = tensor(&flat, [n], &device);
            let input = tensor(&x, [rows, inputs], &device);
            let output = through(layer, weights.clone(), input.clone());
            assert_close(&read(output), &y, &format!("{what}: y"));
            let forward = [input, tensor(&y, [rows, outputs], &device)];
            let gradient = tensor(&vec![7.0; n], [n], &device);
            let dy = tensor(&dy, [rows, outputs], &device);
            let (found, gradient) = Gpu::layer_backward(
                Layer::Dense(layer),
                weights.clone(),
                (weights, true),
                forward,
                dy,
                Some(gradient),
                true,
            );
            assert_close(&read(found.unwrap()), &dx, &format!("{what}: dx"));
            assert_close(&read(gradient.unwrap()), &expected, &format!("{what}: dW"));
            plans.extend([
                (Pass::Forward, Plan::of(rows, outputs, inputs)),
                (Pass::Weights, Plan::of(inputs + 1, outputs, rows)),
                (Pass::Input, Plan::of(rows, inputs, outputs)),
            ]);
        }
    }
    for pass in [Pass::Forward, Pass::Weights, Pass::Input] {
        for plan in [Plan::Sums(1), Plan::Sums(SHARE), Plan::Sums(UNITS), Plan::Tiles(2), Plan::Tiles(4)] {
            // So long a sum over the inputs or the outputs nobody has.
            if plan == Plan::Sums(UNITS) && pass != Pass::Weights {
                continue;
            }
            assert!(plans.contains(&(pass, plan)), "no shape for {pass:?} by {plan:?}");
        }
    }
}

/// A layer's output and gradients beside the host's, for rows of numbers; `moments` are the network's.
fn compare(layer: Layer, rows: usize, own: bool, device: &CubeDevice) {
    let rng = &mut Rng::stream(rows as u64, "test");
    let n = layer.range().end.max(13) + 7;
    let bound = (layer.products() as f32 / layer.output().places() as f32 / layer.output().channels as f32).sqrt();
    let flat: Vec<f32> = draw(n, rng).iter().map(|w| 2.0 * w / bound.max(1.0)).collect();
    let (x, dy) = (draw(rows * layer.inputs(), rng), draw(rows * layer.outputs(), rng));
    // Moments of two networks' worth; the layer's lie behind others.
    let (kept, given) = match &layer {
        Layer::Norm(norm) => {
            let found = if own { kernel::moments(norm, &x) } else { draw(2 * norm.grid.channels, rng) };
            let found: Vec<f32> = found.iter().map(|m| if own { *m } else { m + 0.7 }).collect();
            ([vec![9.0; norm.moments], found.clone()].concat(), found)
        }
        _ => (vec![0.0], Vec::new()),
    };
    let y = kernel::forward(&layer, &flat, &given, &x);
    let mut expected = vec![7.0; n];
    let passed = kernel::Backward { x: &x, y: &y, weights: &flat };
    let dx = kernel::backward(&layer, &passed, (&given, own), &mut dy.clone(), Some(&mut expected), true).unwrap();

    let what = format!("{rows} rows through {layer:?}, {own}");
    litter(y.len(), device);
    litter(x.len(), device);
    let (weights, input) = (tensor(&flat, [n], device), tensor(&x, [rows, layer.inputs()], device));
    let moments = match (&layer, own) {
        (Layer::Norm(norm), true) => {
            let noted = Gpu::noted(*norm, tensor(&vec![9.0; kept.len()], [kept.len()], device), input.clone());
            assert_close(&read(noted.clone()), &kept, &format!("{what}: moments"));
            noted
        }
        _ => tensor(&kept, [kept.len()], device),
    };
    let output = Gpu::layer(layer, weights.clone(), moments.clone(), input.clone());
    assert_close(&read(output), &y, &format!("{what}: y"));
    let forward = || [input.clone(), tensor(&y, [rows, layer.outputs()], device)];
    let dy = || tensor(&dy, [rows, layer.outputs()], device);
    let gradient = Some(tensor(&vec![7.0; n], [n], device));
    let back = |gradient, wanted| {
        Gpu::layer_backward(layer, weights.clone(), (moments.clone(), own), forward(), dy(), gradient, wanted)
    };
    let (found, gradient) = back(gradient, true);
    assert_close(&read(found.unwrap()), &dx, &format!("{what}: dx"));
    assert_close(&read(gradient.unwrap()), &expected, &format!("{what}: dW"));
    let (alone, none) = back(None, true);
    assert_close(&read(alone.unwrap()), &dx, &format!("{what}: dx alone"));
    assert!(none.is_none());
}

/// A grid of so many lines, columns and channels.
fn grid(height: usize, width: usize, channels: usize) -> Grid {
    Grid { height, width, channels }
}

#[test]
fn convolutions_are_those_of_the_host() {
    let Some((_, device)) = gpu() else { return };
    let window = |fine, coarse, size, stride, padding| Window { fine, coarse, size, stride, padding };
    let windows = [
        // DCGAN's, and one that keeps the size; unequal ones; no padding; a stride that misses places; one place.
        window(grid(8, 8, 3), grid(4, 4, 5), [4, 4], [2, 2], [1, 1]),
        window(grid(7, 5, 4), grid(7, 5, 6), [3, 3], [1, 1], [1, 1]),
        window(grid(6, 9, 2), grid(3, 3, 7), [2, 3], [2, 3], [0, 0]),
        window(grid(5, 4, 1), grid(2, 4, 3), [3, 2], [2, 1], [0, 1]),
        window(grid(9, 9, 2), grid(3, 3, 2), [2, 2], [3, 3], [0, 0]),
        window(grid(4, 4, 9), grid(1, 1, 4), [4, 4], [1, 1], [0, 0]),
        window(grid(14, 14, 16), grid(7, 7, 32), [4, 4], [2, 2], [1, 1]),
        window(grid(28, 28, 1), grid(14, 14, 16), [4, 4], [2, 2], [1, 1]),
    ];
    for (case, window) in windows.into_iter().enumerate() {
        for transposed in [false, true] {
            for activation in [None, Some(Activation::Leaky), Some(Activation::Tanh)] {
                let rows = [3, 2, 5, 4, 3, 1, 64, 33][case];
                compare(Layer::Conv(Conv { offset: 13, window, transposed, activation }), rows, true, &device);
            }
        }
    }
}

#[test]
fn normalisation_is_that_of_the_host_and_so_is_its_tangent() {
    let Some((_, device)) = gpu() else { return };
    for (rows, grid) in [(6, grid(4, 5, 3)), (300, grid(1, 1, 9)), (5, grid(7, 7, 1)), (64, grid(14, 14, 16))] {
        for activation in [None, Some(Activation::Relu), Some(Activation::Leaky), Some(Activation::Tanh)] {
            for own in [true, false] {
                compare(Layer::Norm(Norm { offset: 13, moments: 5, grid, activation }), rows, own, &device);
            }
        }
        let layer = Norm { offset: 13, moments: 5, grid, activation: Some(Activation::Relu) };
        let rng = &mut Rng::stream(7, "test");
        let (n, m) = (rows * grid.len(), layer.range().end + 3);
        let [x, t, u] = [(); 3].map(|()| draw(n, rng));
        let flat = draw(m, rng);
        let up = |values: &[f32]| tensor(values, [rows, grid.len()], &device);
        let weights = tensor(&flat, [m], &device);
        let found = read(Gpu::tangent(layer, weights.clone(), up(&x), up(&t)));
        assert_close(&found, &kernel::norm_tangent(&layer, &flat, &x, &t), &format!("{grid:?}: tangent"));
        let mut expected = vec![7.0; m];
        let [dx, dt] = kernel::norm_tangent_backward(&layer, &flat, [&x, &t, &u], Some(&mut expected));
        litter(n, &device);
        let gradient = tensor(&vec![7.0; m], [m], &device);
        let ([of_x, of_t], gradient) = Gpu::tangent_backward(layer, weights, [up(&x), up(&t), up(&u)], gradient);
        assert_close(&read(of_x), &dx, &format!("{grid:?}: dx of the tangent"));
        assert_close(&read(of_t), &dt, &format!("{grid:?}: dt of the tangent"));
        assert_close(&read(gradient), &expected, &format!("{grid:?}: dW of the tangent"));
    }
}

#[test]
fn resizing_and_pooling_are_those_of_the_host() {
    let Some((_, device)) = gpu() else { return };
    for (rows, layer) in [
        (3, Resize { grid: grid(3, 2, 5), factor: 3 }),
        (64, Resize { grid: grid(7, 7, 16), factor: 2 }),
        (1, Resize { grid: grid(1, 1, 1), factor: 1 }),
    ] {
        compare(Layer::Resize(layer), rows, true, &device);
    }
    let windows = [
        Window { fine: grid(8, 6, 3), coarse: grid(4, 3, 3), size: [2, 2], stride: [2, 2], padding: [0, 0] },
        Window { fine: grid(5, 7, 3), coarse: grid(2, 3, 3), size: [3, 3], stride: [2, 2], padding: [0, 0] },
        Window { fine: grid(4, 5, 2), coarse: grid(1, 1, 2), size: [4, 5], stride: [1, 1], padding: [0, 0] },
        Window { fine: grid(7, 7, 1), coarse: grid(2, 2, 1), size: [2, 2], stride: [3, 4], padding: [0, 0] },
    ];
    for window in windows {
        for kind in [Pooled::Mean, Pooled::Most] {
            compare(Layer::Pool(Pool { window, kind }), 5, true, &device);
        }
    }
    // Two as large: the first has it all. A NaN stays one.
    let window = Window { fine: grid(2, 2, 1), coarse: grid(1, 1, 1), size: [2, 2], stride: [2, 2], padding: [0, 0] };
    let layer = Layer::Pool(Pool { window, kind: Pooled::Most });
    let up = |values: &[f32]| tensor(values, [1, values.len()], &device);
    let passed = [up(&[2.0, 2.0, 1.0, 2.0]), up(&[2.0])];
    let (dx, _) = Gpu::layer_backward(layer, up(&[0.0]), (up(&[0.0]), true), passed, up(&[7.0]), None, true);
    assert_eq!(read(dx.unwrap()), [7.0, 0.0, 0.0, 0.0]);
    for values in [[f32::NAN, 1.0, 2.0, 3.0], [1.0, 2.0, f32::NAN, 3.0]] {
        assert!(read(Gpu::layer(layer, up(&[0.0]), up(&[0.0]), up(&values)))[0].is_nan());
    }
}

#[test]
fn inputs_may_lie_anyhow() {
    let Some((_, device)) = gpu() else { return };
    let rng = &mut Rng::stream(1, "test");
    let layer = Dense { offset: 3, inputs: 64, outputs: 5, activation: Some(Activation::Tanh) };
    let (flat, x) = (draw(layer.range().end, rng), draw(20 * 64, rng));
    let weights = tensor(&flat, [flat.len()], &device);
    let expected = kernel::forward(&Layer::Dense(layer), &flat, &[], &x);
    // Rows 4 to 16 of a larger tensor and of a flat one, in place (from a multiple of 256 bytes) and not; a transpose.
    let whole = tensor(&x, [20, 64], &device);
    let rows = Gpu::float_slice(whole.clone(), &[burn::tensor::Slice::from(4..16), burn::tensor::Slice::from(0..64)]);
    assert_eq!(rows.handle.offset_start, Some(4 * 4 * 64), "no copy");
    assert_close(&read(through(layer, weights.clone(), rows)), &expected[4 * 5..16 * 5], "rows");
    for start in [64, 3] {
        let part = Gpu::window(tensor(&x, [x.len()], &device), start, 5, 64);
        let aligned = (start as u64 * 4).is_multiple_of(part.client.properties().memory.alignment);
        assert_eq!(part.handle.offset_start == Some(4 * start as u64), aligned, "in place, if the device can");
        assert_eq!(read(part.clone()), x[start..start + 5 * 64]);
        let expected = kernel::forward(&Layer::Dense(layer), &flat, &[], &x[start..start + 5 * 64]);
        assert_close(&read(through(layer, weights.clone(), part)), &expected, "a window");
    }
    let turned: Vec<f32> = (0..64 * 20).map(|i| x[i % 20 * 64 + i / 20]).collect();
    let turned = Gpu::float_transpose(tensor(&turned, [64, 20], &device));
    assert_close(&read(through(layer, weights, turned)), &expected, "a transpose");
}

#[test]
fn losses_are_those_of_the_host() {
    let Some((_, device)) = gpu() else { return };
    let term = |rows, curve, weight| Term { rows, curve, weight };
    let all = [
        vec![term(300, Curve::SoftplusOfMinus, 1.0), term(211, Curve::Softplus, 1.0)],
        vec![term(3, Curve::SquareTo(1.0), 0.5), term(4, Curve::SquareTo(0.0), 0.5)],
        vec![term(64, Curve::Softplus, -1.0)],
        vec![term(1, Curve::SquareTo(0.5), 2.0)],
        vec![term(30, Curve::Identity, -1.0), term(31, Curve::Identity, 1.0)],
        vec![term(30, Curve::Hinge(-1.0), 1.0), term(31, Curve::Hinge(1.0), 1.0), term(300, Curve::Tanh, -0.5)],
        vec![
            term(7, Curve::Exp { rate: 0.1, shift: -1.0 }, 1.0),
            term(9, Curve::Exp { rate: -0.1, shift: 0.0 }, -1.0),
            term(20, Curve::Softplus, 0.1),
            term(21, Curve::Identity, 0.9),
        ],
    ];
    for terms in all {
        let rows: usize = terms.iter().map(|term| term.rows).sum();
        let mut scores: Vec<f32> = draw(rows, &mut Rng::stream(1, "test")).iter().map(|s| 20.0 * s).collect();
        if rows > 8 {
            let most = if terms.iter().any(|term| matches!(term.curve, Curve::Exp { .. })) { 300.0 } else { 1e4 };
            scores[..6].copy_from_slice(&[200.0, -200.0, 0.0, most, -most, -20.0]);
        }
        litter(rows, &device);
        litter(1, &device);
        let given = tensor(&scores, [rows, 1], &device);
        let loss = read(Gpu::score_loss(given.clone(), &terms));
        assert_close(&loss, &[kernel::loss(&scores, &terms)], &format!("{terms:?}"));
        let slope = read(Gpu::score_loss_backward(given, &terms, tensor(&[0.7], [1], &device)));
        assert_close(&slope, &kernel::loss_gradient(&scores, &terms, 0.7), &format!("{terms:?}, slope"));
    }
}

#[test]
fn a_nan_stays_one() {
    let Some((_, device)) = gpu() else { return };
    for activation in [None, Some(Activation::Relu), Some(Activation::Leaky), Some(Activation::Tanh)] {
        let layer = Dense { offset: 0, inputs: 1, outputs: 1, activation };
        let y = through(layer, tensor(&[1.0, 0.0], [2], &device), tensor(&[f32::NAN, 1.0], [2, 1], &device));
        let y = read(y);
        assert!(y[0].is_nan() && y[1] > 0.0, "{activation:?}: {y:?}");
    }
    let exp = Curve::Exp { rate: 1.0, shift: 0.0 };
    let curves = [Curve::Softplus, Curve::SoftplusOfMinus, Curve::SquareTo(1.0), Curve::Identity];
    for curve in curves.into_iter().chain([Curve::Hinge(1.0), exp, Curve::Tanh]) {
        let terms = [Term { rows: 3, curve, weight: 1.0 }];
        let scores = tensor(&[1.0, f32::NAN, 2.0], [3, 1], &device);
        assert!(read(Gpu::score_loss(scores.clone(), &terms))[0].is_nan(), "{curve:?}");
        let slope = read(Gpu::score_loss_backward(scores, &terms, tensor(&[1.0], [1], &device)));
        assert!((slope[1].is_nan() || curve == Curve::Identity) && slope[0].is_finite(), "{curve:?}: {slope:?}");
    }
}

#[test]
fn updates_are_those_of_the_host_and_leave_what_others_hold() {
    let Some((_, device)) = gpu() else { return };
    let n = 1000;
    let rng = &mut Rng::stream(1, "test");
    let adam = Adam { beta1: 0.5, rest1: 0.5, beta2: 0.9, rest2: 0.1, rate: 0.01, epsilon: 1e-8 };
    let [p, m, a, g] = [(); 4].map(|()| draw(n, rng));
    let v: Vec<f32> = draw(n, rng).iter().map(|x| x.abs()).collect();
    let up = |values: &[f32]| tensor(values, [values.len()], &device);
    for descent in [Descent::Adam(adam), Descent::Plain { rate: 0.3 }] {
        for average in [None, Some(Average { decay: 0.9, rest: 0.1 })] {
            let by = Update { descent, average };
            let is_adam = matches!(descent, Descent::Adam(_));
            // What is not used is a tensor of one number on the device, and nothing on the host.
            let used = |used: bool, values: &Vec<f32>| if used { values.clone() } else { Vec::new() };
            let device_side = |values: &[f32]| up(if values.is_empty() { &[7.0] } else { values });
            let [m, v, a] = [used(is_adam, &m), used(is_adam, &v), used(average.is_some(), &a)];
            let [mut p1, mut m1, mut v1, mut a1] = [&p, &m, &v, &a].map(Vec::clone);
            let moved = Moved { parameters: &mut p1, first: &mut m1, second: &mut v1, average: &mut a1 };
            kernel::update(moved, &g, by);
            for shared in [false, true] {
                let [parameters, first, second, average] = [&p, &m, &v, &a].map(|values| device_side(values));
                let held = shared.then(|| parameters.clone());
                // Their count of users tells whether memory may be written to, so it must be settled.
                Gpu::sync(&device).unwrap();
                let before = place(&parameters);
                let rates = up(&by.rates());
                let state = Gpu::update(Moving { parameters, first, second, average }, up(&g), rates, by);
                let after = place(&state.parameters);
                assert_eq!(before != after, shared, "in place only if nobody else holds it");
                for (name, found, expected) in [
                    ("parameters", state.parameters, &p1),
                    ("first", state.first, &m1),
                    ("second", state.second, &v1),
                    ("average", state.average, &a1),
                ] {
                    let expected = if expected.is_empty() { &vec![7.0] } else { expected };
                    assert_close(&read(found), expected, &format!("{by:?}: {name}"));
                }
                if let Some(held) = held {
                    assert_eq!(read(held), p, "what others hold");
                }
            }
        }
    }
    // Moments that are one tensor, as at the first update.
    let (zeros, by) = (up(&vec![0.0; n]), Update { descent: Descent::Adam(adam), average: None });
    let state = Moving { parameters: up(&p), first: zeros.clone(), second: zeros, average: up(&[7.0]) };
    let state = Gpu::update(state, up(&g), up(&by.rates()), by);
    let [mut p1, mut m1, mut v1] = [p.clone(), vec![0.0; n], vec![0.0; n]];
    let moved = Moved { parameters: &mut p1, first: &mut m1, second: &mut v1, average: &mut [] };
    kernel::update(moved, &g, by);
    assert_close(&read(state.parameters), &p1, "parameters");
    assert_close(&read(state.second), &v1, "second");
}

#[test]
fn the_engine_passes_its_self_test() {
    let Some((device, _)) = gpu() else { return };
    pollster::block_on(crate::self_test::run(&device)).unwrap();
}

/// The names of the kernels that one thread launches.
struct Launches {
    thread: ThreadId,
    names: Mutex<Vec<&'static str>>,
}

impl LaunchObserver for Launches {
    fn launched(&self, kernel: &'static str) {
        if thread::current().id() == self.thread {
            self.names.lock().unwrap().push(kernel);
        }
    }
}

/// Two players' weights after three steps and one that is watched, on the GPU and on the host; and what that one launched.
fn play(make: impl Fn(&Device) -> (Adversarial, [Tensor<2>; 2])) -> Option<(Vec<[Vec<f32>; 2]>, Vec<&'static str>)> {
    let (gpu, _) = gpu()?;
    let (mut found, mut names) = (Vec::new(), Vec::new());
    for device in [gpu, Device::flex()] {
        let (mut game, [real, noise]) = make(&device);
        let mut step = || {
            drop(game.discriminator_turn(real.clone(), noise.clone(), None, Drawn::default(), None));
            drop(game.generator_turn(noise.clone(), None, None, None, Drawn::default()));
        };
        // The first makes the moments; from then on, nothing is copied.
        (0..3).for_each(|_| step());
        let launches = Arc::new(Launches { thread: thread::current().id(), names: Mutex::default() });
        let watching = LaunchObservation::new(launches.clone());
        step();
        drop(watching);
        names.extend(launches.names.lock().unwrap().drain(..));
        found.push(
            [&game.generator, &game.discriminator]
                .map(|player| pollster::block_on(device::read(player.parameters.clone())).unwrap()),
        );
    }
    Some((found, names))
}

const ADAM: Rule = Rule::Adam { beta1: 0.5, beta2: 0.9 };

fn player(net: Box<dyn Network>, rule: Rule, stream: &str, device: &Device) -> Player {
    let rate = if rule == ADAM { 1e-3 } else { 0.1 };
    let optimiser = Optimiser::new(rule, rate, Mean { decay: 0.999, warm: true });
    Player::new(net, optimiser, &mut Rng::stream(1, stream), device)
}

fn game([generator, discriminator]: [Player; 2], bound: Bound) -> Adversarial {
    Adversarial {
        generator,
        discriminator,
        stakes: Stakes::of(&NON_SATURATING),
        bound,
        disturb: Disturb::default(),
        pack: Pack::ALONE,
        labels: None,
        informer: None,
        manner: Manner::default(),
    }
}

fn apart(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(x, y)| (x - y).abs()).fold(0.0, f32::max)
}

#[test]
fn a_step_takes_few_dispatches_and_learns_what_the_cpu_learns() {
    let rng = &mut Rng::stream(1, "test");
    let rows = [(); 2].map(|()| draw(150 * 2, rng));
    let made = play(|device| {
        let net = |outputs| Box::new(Net::mlp(2, &[128, 64], outputs, Activation::Leaky, None));
        let players = [(2, "init g"), (1, "init d")].map(|(n, stream)| player(net(n), ADAM, stream, device));
        let given = rows.each_ref().map(|rows| crate::nn::matrix(rows.clone(), 2, device));
        (game(players, Bound::Free), given)
    });
    let Some((found, names)) = made else { return };
    assert!(names.len() <= 35, "{} dispatches: {names:#?}", names.len());
    for player in [0, 1] {
        let far = apart(&found[0][player], &found[1][player]);
        assert!(far <= 1e-4, "weights are {far} apart");
    }
}

#[test]
fn a_dcgan_takes_few_dispatches_and_learns_what_the_cpu_learns() {
    use crate::families::body;
    for (up, down, bound) in [
        ("transposed", "strided", Bound::Free),
        ("resize", "pool", Bound::Free),
        ("resize", "strided", Bound::Squares { at: [true, false], gamma: 1.0, every: 1 }),
    ] {
        // Smooth ones: rounding may turn what lies on an edge.
        let link = format!("v=2&family=dcgan&data=mnist&gact=tanh&dact=tanh&width=8&z=10&up={up}&down={down}");
        let (e, problems) = crate::link::parse(&link);
        assert!(problems.is_empty(), "{problems:?}");
        let image = body::image_of(e.data).unwrap();
        let rng = &mut Rng::stream(1, "test");
        let (real, noise) = (draw(12 * image.len(), rng), draw(12 * 10, rng));
        let made = play(|device| {
            let nets = [body::generator(&e, 0, image), body::discriminator(&e, image, 1)];
            let [g, d] = nets;
            // Adam's first steps go by the sign of a gradient, which may turn too.
            let players = [(g, "init g"), (d, "init d")].map(|(net, stream)| player(net, Rule::Sgd, stream, device));
            let given = [(&real, image.len()), (&noise, 10)];
            (game(players, bound), given.map(|(rows, columns)| crate::nn::matrix(rows.clone(), columns, device)))
        });
        let Some((found, names)) = made else { return };
        println!("{up}, {bound:?}: {} dispatches", names.len());
        // As its paper has it, without a penalty.
        if (down, bound) == ("strided", Bound::Free) {
            assert!(names.len() <= 110, "{} dispatches: {names:#?}", names.len());
        }
        for player in [0, 1] {
            let (gpu, cpu) = (&found[0][player], &found[1][player]);
            let far = apart(gpu, cpu);
            println!("{up}, {bound:?}: weights are at most {far} apart");
            assert!(far <= 1e-5, "{up}, {bound:?}: weights are {far} apart");
        }
    }
}
