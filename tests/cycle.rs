//! CycleGAN's turns against finite differences in 64 bits.

mod common;

use common::{mlp, points, run, session, weights_of};
use gan_playground::device::Engine;
use gan_playground::rng::Rng;

const ROWS: usize = 12;
const CYCLE: f64 = 0.8;
const IDENTITY: f64 = 0.3;
const MAP: [usize; 3] = [2, 6, 2];
const JUDGE: [usize; 3] = [2, 6, 1];
const NAMES: [&str; 4] = ["g", "f", "d", "c"];

/// So many points of a set from a stream, in network units, as they come to the networks.
fn batch(set: &str, stream: &str) -> Vec<Vec<f64>> {
    let (set, mut rng) = (points(set), Rng::stream(4, stream));
    let scale = set.scale();
    (0..ROWS).map(|_| scale.to_network(set.sample(&mut rng)).map(|x| f64::from(x as f32)).to_vec()).collect()
}

fn mean(rows: &[Vec<f64>], of: impl Fn(&[f64]) -> f64) -> f64 {
    rows.iter().map(|row| of(row)).sum::<f64>() / rows.len() as f64
}

fn check(turns: &str, players: [usize; 2], loss: impl Fn(&[Vec<f64>], &[Vec<f64>], &[Vec<f64>]) -> f64) {
    let link = format!(
        "v=2&family=cyclegan&data=ring8&from=moons&g=6&d=6&batch={ROWS}&cycle={CYCLE}&identity={IDENTITY}&gopt=sgd&dopt=sgd&dact=relu\
         &glr=1&dlr=1&schedule=constant&seed=4&{turns}"
    );
    for engine in [Engine::Cpu, Engine::Ndarray] {
        let mut s = session(&link, engine);
        let before: Vec<Vec<f64>> = NAMES.iter().map(|name| weights_of(&mut s, name)).collect();
        run(&mut s, 1);
        let (y, x) = (batch("ring8", "data"), batch("moons", "noise"));
        for (player, name) in NAMES.iter().enumerate() {
            let after = weights_of(&mut s, name);
            if !players.contains(&player) {
                assert_eq!(after, before[player], "{name} is fixed");
                continue;
            }
            for i in 0..after.len() {
                let at = |h: f64| {
                    let mut moved = before.clone();
                    moved[player][i] += h;
                    loss(&moved, &y, &x)
                };
                let truth = (at(1e-6) - at(-1e-6)) / 2e-6;
                let found = before[player][i] - after[i];
                assert!((found - truth).abs() < 1e-4, "{engine:?}, {name} {i}: {found}, not {truth}");
            }
        }
    }
}

#[test]
fn maps_go_down_their_gradient() {
    check("dsteps=0", [0, 1], |w, y, x| {
        let map = |which: usize, p: &[f64]| mlp(&w[which], &MAP, p);
        let gap = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - b).abs()).sum::<f64>() / 2.0;
        let one_way = |which: usize, start: &[Vec<f64>], other: &[Vec<f64>]| {
            let game = mean(start, |p| 0.5 * (mlp(&w[2 + which], &JUDGE, &map(which, p))[0] - 1.0).powi(2));
            let cycle = mean(start, |p| gap(&map(1 - which, &map(which, p)), p));
            let rest = mean(other, |p| gap(&map(which, p), p));
            game + CYCLE * cycle + IDENTITY * rest
        };
        one_way(0, x, y) + one_way(1, y, x)
    });
}

#[test]
fn discriminators_go_down_theirs() {
    check("gsteps=0", [2, 3], |w, y, x| {
        let score = |which: usize, p: &[f64]| mlp(&w[2 + which], &JUDGE, p)[0];
        let one = |which: usize, real: &[Vec<f64>], start: &[Vec<f64>]| {
            let fake = mean(start, |p| 0.5 * score(which, &mlp(&w[which], &MAP, p)).powi(2));
            mean(real, |p| 0.5 * (score(which, p) - 1.0).powi(2)) + fake
        };
        one(0, y, x) + one(1, x, y)
    });
}

#[test]
fn what_goes_there_and_back_comes_back_if_that_counts() {
    let trip = |cycle: &str| {
        let mut s =
            session(&format!("v=2&family=cyclegan&data=gaussians&from=moons&decay=1000&seed=1{cycle}"), Engine::Cpu);
        run(&mut s, 1000);
        let found = pollster::block_on(s.evaluate()).unwrap().to_vec();
        found.iter().find(|m| m.name == "cycle").unwrap().value
    };
    let (with, without) = (trip(""), trip("&cycle=0"));
    assert!(with < 10.0 && without > 60.0, "{with} and {without} %");
}
