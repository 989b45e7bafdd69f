//! The fused operations against the same composed from burn's own.

use burn::tensor::{Device, Tensor, Tolerance};

use super::*;
use crate::kernel::{Activation, Adam, Average, Curve, Descent, Grid, Pool, Pooled, RATES};
use crate::nn::{Build, Init, Net, Network, Square, matrix};
use crate::objective::{OBJECTIVES, Part, plain_loss};
use crate::rng::Rng;
use crate::train::optimiser::plain_update;

fn draw(n: usize, rng: &mut Rng) -> Vec<f32> {
    (0..n).map(|_| rng.normal() as f32).collect()
}

fn assert_close<const D: usize>(found: Tensor<D>, expected: Tensor<D>) {
    found.into_data().assert_approx_eq::<f32>(&expected.into_data(), Tolerance::rel_abs(1e-4, 1e-6));
}

/// A network's output and gradients in weights and input, fused and composed.
fn check_layers(device: &Device) {
    for (activation, last) in
        [(Activation::Relu, None), (Activation::Leaky, Some(Activation::Tanh)), (Activation::Tanh, None)]
    {
        let net = Net::mlp(3, &[21, 5], 4, activation, last);
        let mut rng = Rng::stream(5, "fused");
        let flat = Tensor::<1>::from_data(draw(net.layout().len(), &mut rng).as_slice(), device);
        let x = matrix(draw(37 * 3, &mut rng), 3, device);
        let weight = matrix(draw(37 * 4, &mut rng), 4, device);
        let run = |leaves: crate::nn::Weights| {
            let x = x.clone().autodiff().require_grad();
            let y = net.forward(&leaves, x.clone());
            let loss = (y.clone() * weight.clone().autodiff()).sum();
            // A second use of the input, so that gradients are added up.
            let loss = loss + x.clone().sum();
            let mut gradients = loss.clone().backward();
            let dx = x.grad_remove(&mut gradients).unwrap();
            let again = net.forward(&leaves, x);
            let loss = (again * weight.clone().autodiff()).sum();
            (y.inner(), dx, leaves.gradient(&loss))
        };
        let (y, dx, dw) = run(net.layout().leaves(&flat));
        let (plain_y, plain_dx, plain_dw) = run(net.layout().plain_leaves(&flat));
        assert_close(y, plain_y);
        assert_close(dx, plain_dx);
        assert_close(dw, plain_dw);
    }
}

/// Networks of images: every kind of layer, all but the fully connected ones.
fn image_networks() -> [Net; 4] {
    let [grid, wide] = [Grid { height: 6, width: 5, channels: 2 }, Grid { height: 3, width: 3, channels: 8 }];
    let square = |size, stride, padding| Square { size, stride, padding };
    [
        Build::new(grid, Init::FanIn)
            .conv(9, square(3, 1, 1), Some(Activation::Tanh))
            .norm(Some(Activation::Leaky))
            .pool(Pooled::Mean, 2, 1)
            .conv(4, square(4, 2, 1), None)
            .norm(None)
            .pool_all()
            .dense(3, None)
            .done(),
        Build::new(Grid { height: 1, width: 1, channels: 7 }, Init::Narrow)
            .dense_to(wide, None)
            .norm(Some(Activation::Relu))
            .transposed(6, square(4, 2, 1), None)
            .norm(Some(Activation::Relu))
            .enlarge(2)
            .conv(1, square(3, 1, 1), Some(Activation::Tanh))
            .done(),
        Build::new(grid, Init::FanIn)
            .conv(5, square(3, 1, 1), None)
            .row_norm(Some(Activation::Leaky))
            .conv(4, square(4, 2, 1), None)
            .row_norm(Some(Activation::Tanh))
            .dense(6, None)
            .row_norm(None)
            .dense(2, None)
            .done(),
        Build::new(grid, Init::FanIn).conv(3, square(2, 1, 0), None).pool(Pooled::Most, 2, 2).dense(2, None).done(),
    ]
}

/// Their output, moments and gradients in weights and input, fused and composed, in training and with moments given.
fn check_images(device: &Device) {
    for (which, net) in image_networks().into_iter().enumerate() {
        let mut rng = Rng::stream(8, "fused");
        let (first, last) = (net.layers()[0], net.layers()[net.layers().len() - 1]);
        let flat: Vec<f32> = draw(net.layout().len(), &mut rng).iter().map(|w| 0.3 * w).collect();
        let flat = Tensor::<1>::from_data(flat.as_slice(), device);
        let x = matrix(draw(5 * first.inputs(), &mut rng), first.inputs(), device);
        let weight = matrix(draw(5 * last.outputs(), &mut rng), last.outputs(), device);
        let given: Vec<f32> = (0..net.layout().moments()).map(|i| 0.5 + 0.01 * i as f32).collect();
        let given = (!given.is_empty()).then(|| Tensor::<1>::from_data(given.as_slice(), device));
        for moments in [None, given] {
            let run = |leaves: crate::nn::Weights| {
                let x = x.clone().autodiff().require_grad();
                let passed = net.pass(&leaves, moments.as_ref(), x.clone());
                let loss = (passed.y.clone() * weight.clone().autodiff()).sum();
                let dx = x.grad(&loss.backward()).unwrap();
                // A graph can be gone back through only once.
                let again = net.pass(&leaves, moments.as_ref(), x.clone());
                let loss = (again.y * weight.clone().autodiff()).sum();
                (passed.y.inner(), passed.moments.map(Tensor::inner), dx, leaves.gradient(&loss))
            };
            let (y, found, dx, dw) = run(net.layout().leaves(&flat));
            let (plain_y, plain_found, plain_dx, plain_dw) = run(net.layout().plain_leaves(&flat));
            assert_close(y, plain_y);
            assert_eq!(found.is_some(), net.layout().moments() > 0, "network {which}");
            if let (Some(found), Some(plain)) = (found, plain_found) {
                assert_eq!(found.dims(), [net.layout().moments()]);
                assert_close(found, plain);
            }
            assert_near(dx, plain_dx, which);
            assert_near(dw, plain_dw, which);
        }
        if net.layers().iter().any(|layer| matches!(layer, Layer::Pool(Pool { kind: Pooled::Most, .. }))) {
            continue;
        }
        let v = matrix(draw(5 * first.inputs(), &mut rng), first.inputs(), device);
        let run = |leaves: crate::nn::Weights| {
            let t = net.tangent(&leaves, x.clone(), v.clone());
            // As in D's turn, something beside it reaches every weight.
            let beside = net.forward(&leaves, x.clone()).sum() * 0.0;
            let loss = (t.clone() * weight.clone().autodiff()).sum() + beside;
            (t.inner(), leaves.gradient(&loss))
        };
        let (t, dw) = run(net.layout().leaves(&flat));
        let (plain_t, plain_dw) = run(net.layout().plain_leaves(&flat));
        assert_near(t, plain_t, which);
        assert_near(dw, plain_dw, which);
    }
}

/// Sums over many places, of which some cancel: near by the largest of them.
fn assert_near<const D: usize>(found: Tensor<D>, expected: Tensor<D>, which: usize) {
    let [found, expected] = [found, expected].map(|t| t.into_data().try_to_vec::<f32>().unwrap());
    let scale = expected.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
    assert!(scale > 0.0 && found.len() == expected.len(), "network {which}");
    for (i, (x, y)) in found.iter().zip(&expected).enumerate() {
        assert!((x - y).abs() < 1e-5 * scale, "network {which}, number {i}: {x}, not {y}, of at most {scale}");
    }
}

fn check_losses(device: &Device) {
    let mut rng = Rng::stream(6, "fused");
    let term = |rows, (weight, curve): &Part| Term { rows, curve: *curve, weight: *weight };
    for objective in OBJECTIVES {
        let d = objective.real.iter().map(|part| term(20, part));
        let d: Vec<Term> = d.chain(objective.fake.iter().map(|part| term(17, part))).collect();
        let g: Vec<Term> = objective.generator.iter().chain(objective.others).map(|part| term(9, part)).collect();
        // Any number of terms.
        let all: Vec<Term> = d.iter().chain(&g).chain(&d).copied().collect();
        for terms in [&d, &g, &all] {
            let rows = terms.iter().map(|term| term.rows).sum();
            let scores = matrix(draw(rows, &mut rng), 1, device) * 4.0;
            let run = |of: &dyn Fn(Tensor<2>, &[Term]) -> Tensor<1>| {
                let scores = scores.clone().autodiff().require_grad();
                let loss = of(scores.clone(), terms) * 3.0;
                let gradient = scores.grad_remove(&mut loss.backward()).unwrap();
                (loss.inner(), gradient)
            };
            let (found, gradient) = run(&|scores, terms| loss(scores, terms));
            let (plain, plain_gradient) = run(&|scores, terms| plain_loss(scores, terms));
            assert_close(found, plain);
            assert_close(gradient, plain_gradient);
        }
    }
    let terms = [Term { rows: 2, curve: Curve::Softplus, weight: 1.0 }];
    let extreme = loss(matrix(vec![-200.0, 200.0], 1, device), &terms).into_scalar::<f32>();
    assert!((extreme - 100.0).abs() < 1e-3, "{extreme}");
    assert!(loss(matrix(vec![f32::NAN, 0.0], 1, device), &terms).into_scalar::<f32>().is_nan());
}

/// The cross entropy and its gradient, fused and composed.
fn check_cross_entropy(device: &Device) {
    let mut rng = Rng::stream(9, "fused");
    let given = matrix(draw(7 * 10, &mut rng), 10, device) * 3.0;
    let targets: Vec<f32> = (0..70).map(|i| f32::from(u8::from(i % 10 == i / 10 * 3 % 10))).collect();
    let targets = matrix(targets, 10, device);
    let run = |of: &dyn Fn(Tensor<2>, Tensor<2>) -> Tensor<1>| {
        let scores = given.clone().autodiff().require_grad();
        let loss = of(scores.clone(), targets.clone().autodiff()) * 3.0;
        let gradient = scores.grad_remove(&mut loss.backward()).unwrap();
        (loss.inner(), gradient)
    };
    let (found, gradient) = run(&cross_entropy);
    let (plain, plain_gradient) = run(&crate::objective::plain_cross_entropy);
    assert_close(found, plain);
    assert_close(gradient, plain_gradient);
}

/// Every kind of update, fused and composed: the tensors that each uses.
fn check_updates(device: &Device) -> Vec<[Tensor<1>; 2]> {
    let mut rng = Rng::stream(7, "fused");
    let mut vector = || Tensor::<1>::from_data(draw(1000, &mut rng).as_slice(), device);
    let (parameters, gradient) = (vector(), vector());
    let [average, first, second] = [vector(), vector(), vector().square()];
    let adam = Adam { beta1: 0.5, rest1: 0.5, beta2: 0.999, rest2: 1e-3, rate: 2e-3, epsilon: 1e-8 };
    let before = parameters.clone().into_data();
    let mut pairs = Vec::new();
    for (descent, moments) in [(Descent::Adam(adam), true), (Descent::Plain { rate: 0.1 }, false)] {
        for mean in [None, Some(Average { decay: 0.99, rest: 0.01 })] {
            let used = [true, mean.is_some(), moments, moments];
            let state: [Tensor<1>; 4] = [&parameters, &average, &first, &second].map(Tensor::clone);
            let state: Vec<_> =
                state.into_iter().zip(used).map(|(t, used)| if used { t } else { t.slice(0..1) }).collect();
            let state: [Tensor<1>; 4] = state.try_into().unwrap();
            let by = Update { descent, average: mean };
            let rates = rates_by_tensor(device).then(|| matrix(by.rates().to_vec(), RATES, device));
            let found = update(state.clone(), gradient.clone(), rates, by);
            let plain = plain_update(state, gradient.clone(), by);
            pairs.extend(found.into_iter().zip(plain).map(|(found, plain)| [found, plain]));
            assert_eq!(parameters.clone().into_data(), before, "a tensor that somebody else holds does not change");
        }
    }
    pairs
}

#[cfg(feature = "cpu")]
#[test]
fn on_the_cpu_they_agree_with_the_composed_ones() {
    let device = Device::flex();
    assert!(available(&device) && available(&device.clone().autodiff()));
    check_layers(&device);
    check_images(&device);
    check_losses(&device);
    check_cross_entropy(&device);
    for [found, plain] in check_updates(&device) {
        assert_eq!(found.into_data(), plain.into_data(), "one operation after the other on each number: the same bits");
    }
}
