//! The gradients of a turn against central differences of an independent float64 implementation.

use burn::tensor::{Device, Tensor};
use gan_playground::kernel::Activation;
use gan_playground::nn::{Net, matrix};
use gan_playground::objective::{OBJECTIVES, Objective, Stakes};
use gan_playground::rng::Rng;
use gan_playground::train::disturb::{Disturb, Drawn};
use gan_playground::train::game::{Adversarial, Bound};
use gan_playground::train::manner::Manner;
use gan_playground::train::optimiser::{Mean, Optimiser, Rule};
use gan_playground::train::pack::Pack;
use gan_playground::train::player::Player;

const LATENT: usize = 3;
const HIDDEN: [usize; 2] = [5, 4];
const BATCH: usize = 6;

/// An MLP in float64, written again from the definition.
fn forward(weights: &[f64], widths: &[usize], activation: Activation, x: &[f64]) -> Vec<f64> {
    let mut at = 0;
    let mut x = x.to_vec();
    for (layer, pair) in widths.windows(2).enumerate() {
        let (inputs, outputs) = (pair[0], pair[1]);
        let bias = at + inputs * outputs;
        x = (0..outputs)
            .map(|o| {
                let sum: f64 = (0..inputs).map(|i| x[i] * weights[at + i * outputs + o]).sum();
                let pre = sum + weights[bias + o];
                match activation {
                    _ if layer + 2 == widths.len() => pre,
                    Activation::Relu => pre.max(0.0),
                    Activation::Leaky if pre < 0.0 => 0.2 * pre,
                    Activation::Leaky => pre,
                    Activation::Tanh => pre.tanh(),
                    Activation::Exp => pre.exp(),
                }
            })
            .collect();
        at = bias + outputs;
    }
    x
}

struct Reference {
    objective: &'static Objective,
    activation: Activation,
    real: Vec<f64>,
    noise: Vec<f64>,
}

impl Reference {
    /// Of drawn rows, which are given too: real ones and noise.
    fn drawn(
        objective: &'static Objective,
        activation: Activation,
        rng: &mut Rng,
        device: &Device,
    ) -> (Self, [Tensor<2>; 2]) {
        let mut draw = |n: usize| -> Vec<f32> { (0..n).map(|_| rng.normal() as f32).collect() };
        let (real, noise) = (draw(BATCH * 2), draw(BATCH * LATENT));
        let [wide_real, wide_noise] = [&real, &noise].map(|v| v.iter().copied().map(f64::from).collect());
        let reference = Self { objective, activation, real: wide_real, noise: wide_noise };
        (reference, [matrix(real, 2, device), matrix(noise, LATENT, device)])
    }

    fn scores(&self, g: &[f64], d: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let (g_widths, d_widths) = ([LATENT, HIDDEN[0], HIDDEN[1], 2], [2, HIDDEN[0], HIDDEN[1], 1]);
        let score = |x: &[f64]| forward(d, &d_widths, self.activation, x)[0];
        let real = self.real.chunks(2).map(score).collect();
        let fake = self.noise.chunks(LATENT).map(|z| score(&forward(g, &g_widths, self.activation, z))).collect();
        (real, fake)
    }

    fn loss_d(&self, g: &[f64], d: &[f64]) -> f64 {
        let (real, fake) = self.scores(g, d);
        match self.objective.name {
            "leastsquares" => 0.5 * (mean(&real, |s| (s - 1.0).powi(2)) + mean(&fake, |s| s * s)),
            "minimax" | "nonsaturating" => -mean(&real, |s| sigma(s).ln()) - mean(&fake, |s| (1.0 - sigma(s)).ln()),
            "wasserstein" => mean(&fake, |s| s) - mean(&real, |s| s),
            "hinge" => mean(&real, |s| (1.0 - s).max(0.0)) + mean(&fake, |s| (1.0 + s).max(0.0)),
            "relativistic" => pairs(&real, &fake),
            "average" => averages(&real, &fake),
            "kl" => mean(&fake, |s| (s - 1.0).exp()) - mean(&real, |s| s),
            "reversekl" => mean(&fake, |s| s - 1.0) + mean(&real, |s| (-s).exp()),
            "pearson" => mean(&fake, |s| s * s / 4.0 + s) - mean(&real, |s| s),
            "hellinger" => mean(&fake, |s| s.exp() - 1.0) + mean(&real, |s| (-s).exp() - 1.0),
            "tv" => mean(&fake, |s| 0.5 * s.tanh()) - mean(&real, |s| 0.5 * s.tanh()),
            other => panic!("{other} has no reference"),
        }
    }

    fn loss_g(&self, g: &[f64], d: &[f64]) -> f64 {
        let (real, fake) = self.scores(g, d);
        match self.objective.name {
            "minimax" => mean(&fake, |s| (1.0 - sigma(s)).ln()),
            "nonsaturating" => -mean(&fake, |s| sigma(s).ln()),
            "leastsquares" => 0.5 * mean(&fake, |s| (s - 1.0).powi(2)),
            "wasserstein" | "hinge" | "kl" | "pearson" => -mean(&fake, |s| s),
            "relativistic" => pairs(&fake, &real),
            "average" => averages(&fake, &real),
            "reversekl" | "hellinger" => mean(&fake, |s| (-s).exp()),
            "tv" => -mean(&fake, |s| 0.5 * s.tanh()),
            other => panic!("{other} has no reference"),
        }
    }
}

/// A game of both players with these optimisers, G's and D's.
fn game(
    reference: &Reference,
    optimisers: [Optimiser; 2],
    manner: Manner,
    rng: &mut Rng,
    device: &Device,
) -> Adversarial {
    let mut player = |inputs, outputs, optimiser| {
        let net = Net::mlp(inputs, &HIDDEN, outputs, reference.activation, None);
        Player::new(Box::new(net), optimiser, rng, device)
    };
    let [of_g, of_d] = optimisers;
    Adversarial {
        generator: player(LATENT, 2, of_g),
        discriminator: player(2, 1, of_d),
        stakes: Stakes::of(reference.objective),
        bound: Bound::Free,
        disturb: Disturb::default(),
        pack: Pack::ALONE,
        labels: None,
        informer: None,
        manner,
    }
}

/// How surprising it is that the first of each pair is the more real.
fn pairs(first: &[f64], second: &[f64]) -> f64 {
    let gaps: Vec<f64> = first.iter().zip(second).map(|(a, b)| a - b).collect();
    -mean(&gaps, |gap| sigma(gap).ln())
}

/// That the first are more real than the average of the second, and these less than that of the first.
fn averages(first: &[f64], second: &[f64]) -> f64 {
    let (of_first, of_second) = (mean(first, |s| s), mean(second, |s| s));
    -mean(first, |s| sigma(s - of_second).ln()) - mean(second, |s| (1.0 - sigma(s - of_first)).ln())
}

fn sigma(s: f64) -> f64 {
    1.0 / (1.0 + (-s).exp())
}

fn mean(values: &[f64], f: impl Fn(f64) -> f64) -> f64 {
    values.iter().map(|&v| f(v)).sum::<f64>() / values.len() as f64
}

fn central(parameters: &[f64], loss: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    const H: f64 = 1e-6;
    let at = |i: usize, h: f64| {
        let mut p = parameters.to_vec();
        p[i] += h;
        loss(&p)
    };
    (0..parameters.len()).map(|i| (at(i, H) - at(i, -H)) / (2.0 * H)).collect()
}

fn values(tensor: &Tensor<1>) -> Vec<f64> {
    tensor.to_data().try_to_vec::<f32>().unwrap().into_iter().map(f64::from).collect()
}

fn close(found: &[f64], expected: &[f64], what: &str) {
    let scale = expected.iter().fold(0.0_f64, |m, x| m.max(x.abs()));
    assert!(scale > 1e-4, "{what}: the reference gradient is all but zero, so this would compare nothing");
    for (i, (a, b)) in found.iter().zip(expected).enumerate() {
        assert!((a - b).abs() < 1e-4 * scale, "{what}: gradient {i} is {a}, not {b}");
    }
}

fn check(device: &Device, objective: &'static Objective, activation: Activation) {
    let what = format!("{}, {activation:?}", objective.name);
    let mut rng = Rng::stream(11, "gradients");
    let (reference, [real, noise]) = Reference::drawn(objective, activation, &mut rng, device);

    // With plain gradient descent at rate 1, what an update subtracts is the gradient.
    let optimisers = [0, 1].map(|_| Optimiser::new(Rule::Sgd, 1.0, Mean::NONE));
    let mut game = game(&reference, optimisers, Manner::default(), &mut rng, device);
    let (g, d) = (values(&game.generator.parameters), values(&game.discriminator.parameters));

    let pulls = game.pull(noise.clone(), real.clone(), None).map(|length| values(&length.reshape([1]))[0]);
    let lengths = [central(&d, |d| reference.loss_d(&g, d)), central(&g, |g| reference.loss_g(g, &d))]
        .map(|gradient| gradient.iter().map(|x| x * x).sum::<f64>().sqrt());
    close(&pulls, &lengths, &format!("{what}: pulls"));
    assert_eq!(values(&game.generator.parameters), g, "{what}: looking moves nothing");
    let loss = game.discriminator_turn(real.clone(), noise.clone(), None, Drawn::default(), None).loss;
    assert!((values(&loss)[0] - reference.loss_d(&g, &d)).abs() < 1e-5, "{what}: D's loss");
    assert_eq!(values(&game.generator.parameters), g, "{what}: G is fixed in D's turn");
    let after = values(&game.discriminator.parameters);
    let found: Vec<f64> = d.iter().zip(&after).map(|(a, b)| a - b).collect();
    close(&found, &central(&d, |d| reference.loss_d(&g, d)), &format!("{what}: D"));

    let d = after;
    let real = game.stakes.compares().then(|| (real, None));
    let loss = game.generator_turn(noise, None, None, real, Drawn::default()).loss;
    assert!((values(&loss)[0] - reference.loss_g(&g, &d)).abs() < 1e-5, "{what}: G's loss");
    assert_eq!(values(&game.discriminator.parameters), d, "{what}: D is fixed in G's turn");
    let expected = central(&g, |g| reference.loss_g(g, &d));
    let found: Vec<f64> = g.iter().zip(values(&game.generator.parameters)).map(|(a, b)| a - b).collect();
    close(&found, &expected, &format!("{what}: G"));
}

fn check_all(device: &Device) {
    for objective in OBJECTIVES {
        for activation in [Activation::Relu, Activation::Leaky, Activation::Tanh] {
            check(device, objective, activation);
        }
    }
}

#[test]
fn gradients_on_cpu_are_those_of_finite_differences() {
    check_all(&Device::flex());
}

#[test]
fn gradients_on_ndarray_are_those_of_finite_differences() {
    #[expect(deprecated, reason = "the second CPU engine, kept on purpose")]
    check_all(&Device::ndarray());
}

/// D and what its optimiser remembers, in float64.
#[derive(Clone)]
struct Learner {
    d: Vec<f64>,
    first: Vec<f64>,
    second: Vec<f64>,
    updates: i32,
}

impl Learner {
    fn new(d: Vec<f64>) -> Self {
        let zeros = vec![0.0; d.len()];
        Self { d, first: zeros.clone(), second: zeros, updates: 0 }
    }

    /// One update, by the rules as their papers have them.
    fn update(&mut self, rule: Rule, rate: f64, gradient: &[f64]) {
        self.updates += 1;
        let t = self.updates;
        for (i, &g) in gradient.iter().enumerate() {
            let (m, v) = (&mut self.first[i], &mut self.second[i]);
            let step = |t: i32, m: f64, v: f64, [beta1, beta2]: [f64; 2]| {
                m / (1.0 - beta1.powi(t)) / ((v / (1.0 - beta2.powi(t))).sqrt() + 1e-8)
            };
            self.d[i] -= rate
                * match rule {
                    Rule::Sgd => g,
                    Rule::Momentum { mu, ahead } => {
                        *m = mu * *m + g;
                        if ahead { g + mu * *m } else { *m }
                    }
                    Rule::RmsProp { beta2 } => {
                        *v = beta2 * *v + (1.0 - beta2) * g * g;
                        g / (v.sqrt() + 1e-8)
                    }
                    Rule::Adam { beta1, beta2 } | Rule::Optimistic { beta1, beta2 } => {
                        let before = if t > 1 { step(t - 1, *m, *v, [beta1, beta2]) } else { 0.0 };
                        *m = beta1 * *m + (1.0 - beta1) * g;
                        *v = beta2 * *v + (1.0 - beta2) * g * g;
                        let now = step(t, *m, *v, [beta1, beta2]);
                        if matches!(rule, Rule::Optimistic { .. }) { 2.0 * now - before } else { now }
                    }
                };
        }
    }
}

/// G's gradient through updates of D that it foresees, from a D that remembers an update of its own.
fn check_foreseen(device: &Device, objective: &'static Objective, activation: Activation, rule: Rule, rate: f64) {
    const STEPS: usize = 3;
    let what = format!("{}, {activation:?}, {rule:?}", objective.name);
    let mut rng = Rng::stream(12, "gradients");
    let (reference, [real, noise]) = Reference::drawn(objective, activation, &mut rng, device);
    let optimisers = [(Rule::Sgd, 1.0), (rule, rate)].map(|(rule, rate)| Optimiser::new(rule, rate, Mean::NONE));
    let manner = Manner { unroll: STEPS, ..Manner::default() };
    let mut game = game(&reference, optimisers, manner, &mut rng, device);
    let (g, d) = (values(&game.generator.parameters), values(&game.discriminator.parameters));
    game.discriminator_turn(real.clone(), noise.clone(), None, Drawn::default(), None);
    let before = values(&game.discriminator.parameters);
    let loss = game.generator_turn(noise, None, None, Some((real, None)), Drawn::default()).loss;
    assert_eq!(values(&game.discriminator.parameters), before, "{what}: D only answers in G's mind");

    let slopes = |g: &[f64], d: &[f64]| -> Vec<f64> {
        let at = |i: usize, h: f64| {
            let mut d = d.to_vec();
            d[i] += h;
            reference.loss_d(g, &d)
        };
        (0..d.len()).map(|i| (at(i, 1e-5) - at(i, -1e-5)) / 2e-5).collect()
    };
    let mut learner = Learner::new(d);
    let gradient = slopes(&g, &learner.d);
    learner.update(rule, rate, &gradient);
    learner.d = before;
    let foreseen = |g: &[f64]| {
        let mut learner = learner.clone();
        for _ in 0..STEPS {
            let gradient = slopes(g, &learner.d);
            learner.update(rule, rate, &gradient);
        }
        reference.loss_g(g, &learner.d)
    };
    assert!((values(&loss)[0] - foreseen(&g)).abs() < 1e-4, "{what}: {:?}, not {}", values(&loss), foreseen(&g));
    let at = |i: usize, h: f64| {
        let mut g = g.clone();
        g[i] += h;
        foreseen(&g)
    };
    let expected: Vec<f64> = (0..g.len()).map(|i| (at(i, 1e-4) - at(i, -1e-4)) / 2e-4).collect();
    let found: Vec<f64> = g.iter().zip(values(&game.generator.parameters)).map(|(a, b)| a - b).collect();
    let scale = expected.iter().fold(0.0_f64, |m, x| m.max(x.abs()));
    let worst = found.iter().zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max) / scale;
    println!("{what}: off by {worst:.1e} of {scale:.3}");
    assert!(scale > 1e-4 && worst < 2e-3, "{what}: off by {worst:e} of {scale}");
    // What it is without the way through the updates is another thing.
    let plain = central(&g, |g| reference.loss_g(g, &learner.d));
    let apart = plain.iter().zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max) / scale;
    assert!(apart > 1e-2, "{what}: nothing is foreseen");
}

#[test]
fn foreseen_updates_are_answered_as_differences_say() {
    let (beta1, beta2) = (0.5, 0.9);
    for engine in [gan_playground::device::Engine::Cpu, gan_playground::device::Engine::Ndarray] {
        let device = pollster::block_on(engine.start()).unwrap();
        for objective in OBJECTIVES {
            check_foreseen(&device, objective, Activation::Tanh, Rule::Sgd, 0.5);
        }
        let relativistic = OBJECTIVES.iter().find(|o| o.name == "average").unwrap();
        for (rule, rate) in [
            (Rule::Momentum { mu: 0.8, ahead: false }, 0.3),
            (Rule::Momentum { mu: 0.8, ahead: true }, 0.3),
            (Rule::RmsProp { beta2 }, 0.02),
            (Rule::Adam { beta1, beta2 }, 0.02),
            (Rule::Optimistic { beta1, beta2 }, 0.02),
        ] {
            check_foreseen(&device, relativistic, Activation::Tanh, rule, rate);
        }
        check_foreseen(&device, OBJECTIVES[1], Activation::Leaky, Rule::Sgd, 0.5);
    }
}

/// A turn of each by the slope where a step of both would lead, and with consensus, against differences.
fn check_manner(device: &Device, objective: &'static Objective, manner: Manner) {
    const RATE: f64 = 0.3;
    let activation = Activation::Tanh;
    let what = format!("{}, {manner:?}", objective.name);
    let mut rng = Rng::stream(13, "gradients");
    let (reference, [real, noise]) = Reference::drawn(objective, activation, &mut rng, device);
    let optimisers = [0, 1].map(|_| Optimiser::new(Rule::Sgd, RATE, Mean::NONE));
    let mut game = game(&reference, optimisers, manner, &mut rng, device);
    let at = |game: &Adversarial| [&game.generator, &game.discriminator].map(|player| values(&player.parameters));
    let [g, d] = at(&game);
    let slope = |of: &[f64], loss: &dyn Fn(&[f64]) -> f64| -> Vec<f64> {
        let at = |i: usize, h: f64| {
            let mut of = of.to_vec();
            of[i] += h;
            loss(&of)
        };
        (0..of.len()).map(|i| (at(i, 1e-4) - at(i, -1e-4)) / 2e-4).collect()
    };
    let of_d = |g: &[f64], d: &[f64]| slope(d, &|d| reference.loss_d(g, d));
    let of_g = |g: &[f64], d: &[f64]| slope(g, &|g| reference.loss_g(g, d));
    let ahead = |g: &[f64], d: &[f64]| -> [Vec<f64>; 2] {
        let go = |from: &[f64], by: Vec<f64>| from.iter().zip(by).map(|(x, slope)| x - RATE * slope).collect();
        if manner.extragradient { [go(g, of_g(g, d)), go(d, of_d(g, d))] } else { [g.to_vec(), d.to_vec()] }
    };
    let half_square = |g: &[f64], d: &[f64]| {
        let square = |v: Vec<f64>| v.iter().map(|x| x * x).sum::<f64>();
        if manner.consensus > 0.0 { manner.consensus * (square(of_d(g, d)) + square(of_g(g, d))) / 2.0 } else { 0.0 }
    };
    let near = |before: &[f64], after: &[f64], expected: Vec<f64>, whose: &str| {
        let found: Vec<f64> = before.iter().zip(after).map(|(a, b)| (a - b) / RATE).collect();
        let scale = expected.iter().fold(0.0_f64, |m, x| m.max(x.abs()));
        let worst = found.iter().zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max) / scale;
        println!("{what}, {whose}: off by {worst:.1e} of {scale:.3}");
        assert!(scale > 1e-4 && worst < 1e-3, "{what}, {whose}: off by {worst:e} of {scale}");
    };
    game.discriminator_turn(real.clone(), noise.clone(), None, Drawn::default(), None);
    let [same, after] = at(&game);
    assert_eq!(same, g, "{what}: G is fixed in D's turn");
    let [to_g, to_d] = ahead(&g, &d);
    near(&d, &after, slope(&to_d, &|d| reference.loss_d(&to_g, d) + half_square(&to_g, d)), "D");
    let d = after;
    game.generator_turn(noise, None, None, Some((real, None)), Drawn::default());
    let [after, same] = at(&game);
    assert_eq!(same, d, "{what}: D is fixed in G's turn");
    let [to_g, to_d] = ahead(&g, &d);
    near(&g, &after, slope(&to_g, &|g| reference.loss_g(g, &to_d) + half_square(g, &to_d)), "G");
}

#[test]
fn turns_that_look_ahead_or_agree_are_those_of_differences() {
    for engine in [gan_playground::device::Engine::Cpu, gan_playground::device::Engine::Ndarray] {
        let device = pollster::block_on(engine.start()).unwrap();
        for objective in OBJECTIVES {
            for (extragradient, consensus) in [(true, 0.0), (false, 0.5), (true, 0.5)] {
                check_manner(&device, objective, Manner { extragradient, consensus, ..Manner::default() });
            }
        }
    }
}
