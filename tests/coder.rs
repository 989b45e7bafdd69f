//! Coders against finite differences in 64 bits, and against a likelihood that is known in closed form.

mod common;

use common::{mlp, points, run, session, weights_of as weights};
use gan_playground::data::PointSet;
use gan_playground::device::Engine;
use gan_playground::rng::Rng;

fn moons() -> &'static dyn PointSet {
    points("moons")
}

#[test]
fn the_bound_goes_down_its_gradient() {
    const ROWS: usize = 16;
    const BETA: f64 = 0.7;
    let link =
        "v=2&family=vae&data=moons&layers=5&z=2&batch=16&beta=0.7&opt=sgd&lr=1&schedule=constant&sigma=0.6&seed=3";
    for engine in [Engine::Cpu, Engine::Ndarray] {
        let mut s = session(link, engine);
        let names = ["enc", "dec", "deviation"];
        let before: Vec<Vec<f64>> = names.iter().map(|name| weights(&mut s, name)).collect();
        run(&mut s, 1);
        let (mut data, mut noise) = (Rng::stream(3, "data"), Rng::stream(3, "noise"));
        let scale = moons().scale();
        let x: Vec<[f64; 2]> =
            (0..ROWS).map(|_| scale.to_network(moons().sample(&mut data)).map(|x| f64::from(x as f32))).collect();
        let noise: Vec<f64> = (0..2 * ROWS).map(|_| f64::from(noise.normal() as f32)).collect();
        let loss = |w: &[Vec<f64>]| -> f64 {
            let log = w[2][0] + w[2][1];
            let row = |(x, noise): (&[f64; 2], &[f64])| {
                let given = mlp(&w[0], &[2, 5, 4], x);
                let z: Vec<f64> = (0..2).map(|k| given[k] + given[2 + k].exp() * noise[k]).collect();
                let out = mlp(&w[1], &[2, 5, 2], &z);
                let gap: f64 = x.iter().zip(&out).map(|(x, out)| ((x - out) / log.exp()).powi(2)).sum();
                let likelihood = -0.5 * gap - 2.0 * log - (2.0 * std::f64::consts::PI).ln();
                let kl = |k: usize| 0.5 * (given[k].powi(2) + (2.0 * given[2 + k]).exp() - 1.0) - given[2 + k];
                -likelihood + BETA * (kl(0) + kl(1))
            };
            x.iter().zip(noise.chunks(2)).map(row).sum::<f64>() / ROWS as f64
        };
        for (player, name) in names.iter().enumerate() {
            let after = weights(&mut s, name);
            for i in 0..after.len() {
                let at = |h: f64| {
                    let mut moved = before.clone();
                    moved[player][i] += h;
                    loss(&moved)
                };
                let truth = (at(1e-5) - at(-1e-5)) / 2e-5;
                let found = before[player][i] - after[i];
                assert!(
                    (found - truth).abs() < 2e-4 * truth.abs().max(1.0),
                    "{engine:?}, {name} {i}: {found}, not {truth}"
                );
            }
        }
    }
}

#[test]
fn a_linear_coder_finds_the_likelihood_that_it_has() {
    // Without hidden layers x is W z + b and noise: a Gaussian, whose log density is known.
    let mut s = session("v=2&family=vae&data=moons&layers=none&z=1&decay=1500&sigma=0.5&seed=2", Engine::Cpu);
    run(&mut s, 1500);
    let found = pollster::block_on(s.evaluate()).unwrap().to_vec();
    let value = |name: &str| found.iter().find(|m| m.name == name).unwrap().value;
    let (w, log) = (weights(&mut s, "dec"), weights(&mut s, "deviation"));
    let variance = (2.0 * (log[0] + log[1])).exp();
    let (a, b, c) = (w[0] * w[0] + variance, w[0] * w[1], w[1] * w[1] + variance);
    let det = a * c - b * b;
    let scale = moons().scale();
    let mut rng = Rng::stream(9, "test");
    let exact = (0..20_000).map(|_| {
        let x = scale.to_network(moons().sample(&mut rng));
        let (u, v) = (x[0] - w[2], x[1] - w[3]);
        let square = (c * u * u - 2.0 * b * u * v + a * v * v) / det;
        -0.5 * square - 0.5 * det.ln() - (2.0 * std::f64::consts::PI).ln() - 2.0 * scale.unit.ln()
    });
    let exact = exact.sum::<f64>() / 20_000.0;
    assert!((value("iw") - exact).abs() < 0.08, "{} and exactly {exact}", value("iw"));
    assert!(value("elbo") <= value("iw") + 0.02 && value("elbo") > exact - 0.2, "{found:?}");
    // A Gaussian with all of the data's covariance is the best there is, and one number of code reaches it in the plane.
    assert!((value("elbo") - exact).abs() < 0.1, "the best encoder of such a coder is linear too");
}

#[test]
fn more_codes_bring_the_estimate_nearer_and_train_alike() {
    let mut s = session("v=2&family=vae&data=moons&weighed=1&seed=4", Engine::Cpu);
    run(&mut s, 400);
    let mut found = Vec::new();
    for codes in ["1", "10", "500"] {
        let mut other = session(&format!("v=2&family=vae&data=moons&weighed={codes}&seed=4"), Engine::Cpu);
        run(&mut other, 400);
        assert_eq!(common::fingerprint(&mut other), common::fingerprint(&mut s), "looking trains nothing");
        let metrics = pollster::block_on(other.evaluate()).unwrap();
        found.push(metrics.iter().find(|m| m.name == "iw").unwrap().value);
    }
    assert!(found[1] > found[0] + 0.005 && found[2] > found[1], "{found:?}");
}

#[test]
fn a_probe_tells_digits_by_their_codes() {
    let mut s = session("v=2&family=autoencoder&data=mnist&images=5000&seed=4", Engine::Cpu);
    run(&mut s, 500);
    let metrics = pollster::block_on(s.evaluate()).unwrap();
    let value = |name: &str| metrics.iter().find(|m| m.name == name).unwrap().value;
    // A hundred labels and ridge regression on pixels: about seven of ten.
    assert!((60.0..80.0).contains(&value("probe_pixels")), "{}", value("probe_pixels"));
    assert!((60.0..90.0).contains(&value("probe")), "{}", value("probe"));
}

#[test]
fn two_numbers_hold_a_point_and_learning_under_noise_costs_detail() {
    let error = |link: &str| {
        let mut s = session(link, Engine::Cpu);
        run(&mut s, 1500);
        pollster::block_on(s.evaluate()).unwrap()[0].value
    };
    let plain = error("v=2&family=autoencoder&data=moons&z=2&seed=1");
    let noisy = error("v=2&family=autoencoder&data=moons&z=2&corrupt=0.5&seed=1");
    assert!(plain < 0.005, "two numbers hold a point: {plain}");
    assert!(noisy > plain, "what is not there cannot be brought back whole: {noisy}");
}

#[test]
fn a_denoising_coder_is_shown_with_what_it_sees() {
    use gan_playground::look::panel::Body;
    let mut s = session("v=2&family=autoencoder&data=mnist&images=200&layers=16&batch=16&corrupt=0.5", Engine::Cpu);
    run(&mut s, 2);
    let snapshot = pollster::block_on(s.snapshot()).unwrap();
    let pairs = snapshot.panels.iter().find(|panel| panel.name == "pairs").unwrap();
    let Body::Images { data, columns: 10, .. } = &pairs.body else { panic!("{pairs:?}") };
    let line = 10 * 784;
    assert_eq!(data.len(), 3 * 2 * line, "clean, noisy and restored, twice");
    let apart = |a: usize, b: usize| {
        let [a, b] = [a, b].map(|i| &data[i * line..(i + 1) * line]);
        a.iter().zip(b).map(|(a, b)| (a - b).abs()).sum::<f32>() / line as f32
    };
    // Noise of .5 in −1 to 1 is .25 of lightness; on black and white half of it is cut off: .25 √(2/π) / 2.
    assert!((apart(0, 1) - 0.1).abs() < 0.02, "{}", apart(0, 1));
    assert!(apart(1, 2) > 0.05 && apart(0, 3) > 0.05);
}
