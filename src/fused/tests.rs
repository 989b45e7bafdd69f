//! The fused operations against the same composed from burn's own.

use burn::tensor::{Device, Tensor, Tolerance};

use super::*;
use crate::kernel::{Activation, Adam, Average, Curve, Descent, RATES};
use crate::nn::{Mlp, Network, matrix};
use crate::objective::{OBJECTIVES, plain_loss};
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
        let net = Mlp::new(3, &[21, 5], 4, activation, last);
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

fn check_losses(device: &Device) {
    let mut rng = Rng::stream(6, "fused");
    for objective in OBJECTIVES {
        let (d, g) = (objective.discriminator(20, 17), objective.generator(37));
        for terms in [d.as_slice(), &g] {
            let scores = matrix(draw(37, &mut rng), 1, device) * 4.0;
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
    check_losses(&device);
    for [found, plain] in check_updates(&device) {
        assert_eq!(found.into_data(), plain.into_data(), "one operation after the other on each number: the same bits");
    }
}
