//! Against [`crate::kernel`] on the host. Without a GPU, or a software one such as Mesa's lavapipe, these say so and pass.

use std::sync::{Arc, Mutex, OnceLock};
use std::thread::{self, ThreadId};

use burn::backend::ops::FloatTensorOps;
use burn::backend::{Backend, DispatchDevice};
use burn::tensor::{Device, TensorData};
use burn_cubecl::CubeDevice;
use burn_cubecl::cubecl::logging::{LaunchObservation, LaunchObserver};

use super::product::{Plan, SHARE};
use super::*;
use crate::device::{self, Engine};
use crate::kernel::{self, Activation, Adam, Average, Curve, Descent, Moved, Update};
use crate::nn::Net;
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
        for plan in [Plan::Sums(1), Plan::Sums(SHARE), Plan::Tiles(2), Plan::Tiles(4)] {
            assert!(plans.contains(&(pass, plan)), "no shape for {pass:?} by {plan:?}");
        }
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

#[test]
fn a_step_takes_few_dispatches_and_learns_what_the_cpu_learns() {
    let Some((gpu, _)) = gpu() else { return };
    let rng = &mut Rng::stream(1, "test");
    let [real, noise] = [(); 2].map(|()| draw(150 * 2, rng));
    let mut found = Vec::new();
    for device in [gpu, Device::flex()] {
        let player = |outputs: usize, stream: &str| {
            let net = Box::new(Net::mlp(2, &[128, 64], outputs, Activation::Leaky, None));
            let optimiser =
                Optimiser::new(Rule::Adam { beta1: 0.5, beta2: 0.9 }, 1e-3, Mean { decay: 0.999, warm: true });
            Player::new(net, optimiser, &mut Rng::stream(1, stream), &device)
        };
        let (generator, discriminator) = (player(2, "init g"), player(1, "init d"));
        let mut game = Adversarial {
            generator,
            discriminator,
            stakes: Stakes::of(&NON_SATURATING),
            bound: Bound::Free,
            disturb: Disturb::default(),
            pack: Pack::ALONE,
            labels: None,
            informer: None,
        };
        let mut step = || {
            let rows = |values: &[f32]| crate::nn::matrix(values.to_vec(), 2, &device);
            drop(game.discriminator_turn(rows(&real), rows(&noise), None, Drawn::default(), None));
            drop(game.generator_turn(rows(&noise), None, None, None, None));
        };
        // The first makes the moments; from then on, nothing is copied.
        (0..3).for_each(|_| step());
        let launches = Arc::new(Launches { thread: thread::current().id(), names: Mutex::default() });
        let watching = LaunchObservation::new(launches.clone());
        step();
        drop(watching);
        let names = launches.names.lock().unwrap();
        assert!(names.len() <= 35, "{} dispatches: {names:#?}", names.len());
        found.push(
            [&game.generator, &game.discriminator]
                .map(|player| pollster::block_on(device::read(player.parameters.clone())).unwrap()),
        );
    }
    let [gpu, cpu] = &found[..] else { panic!("two engines") };
    for (gpu, cpu) in gpu.iter().zip(cpu) {
        let far = gpu.iter().zip(cpu).map(|(x, y)| (x - y).abs()).fold(0.0, f32::max);
        assert!(far <= 1e-4, "weights are {far} apart");
    }
}
