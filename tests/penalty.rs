//! The gradient penalty against finite differences in 64 bits, on both CPU engines; and a critic that estimates a distance
//! known exactly.

mod common;

use burn::tensor::{Device, Tensor};
use gan_playground::device::Engine;
use gan_playground::kernel::{Activation, LEAK};
use gan_playground::nn::{Net, Network, Weights, matrix};
use gan_playground::penalty::{Critic, Norm};
use gan_playground::rng::Rng;

const WIDTHS: [usize; 4] = [2, 7, 5, 1];
const ROWS: usize = 9;
const LAMBDA: f64 = 10.0;

/// A critic whose network gives its score.
fn critic<'a>(net: &'a Net, flat: &'a Tensor<1>, leaves: &'a Weights) -> Critic<'a> {
    Critic { net, flat, leaves, shown: &|x| x, along: &|v| v, score: &|given| given }
}

/// The penalty in 64 bits, by the chain rule written out: rows of x, D's weights.
fn reference(activation: Activation, weights: &[f64], x: &[f64], wanted: Norm) -> f64 {
    let mut start = 0;
    let mut layers = Vec::new();
    for pair in WIDTHS.windows(2) {
        let (matrix, bias) = (start, start + pair[0] * pair[1]);
        layers.push((pair[0], pair[1], matrix, bias));
        start = bias + pair[1];
    }
    let mut total = 0.0;
    for row in x.chunks_exact(WIDTHS[0]) {
        let mut y = row.to_vec();
        // The Jacobian of the layers so far: inputs × outputs.
        let mut jacobian: Vec<Vec<f64>> =
            (0..WIDTHS[0]).map(|i| (0..WIDTHS[0]).map(|j| f64::from(u8::from(i == j))).collect()).collect();
        for (l, &(inputs, outputs, matrix, bias)) in layers.iter().enumerate() {
            let w = |i: usize, o: usize| weights[matrix + i * outputs + o];
            let z: Vec<f64> =
                (0..outputs).map(|o| weights[bias + o] + (0..inputs).map(|i| y[i] * w(i, o)).sum::<f64>()).collect();
            let last = l + 1 == layers.len();
            let value = |z: f64| match activation {
                _ if last => (z, 1.0),
                Activation::Relu => (z.max(0.0), f64::from(u8::from(z > 0.0))),
                Activation::Leaky if z > 0.0 => (z, 1.0),
                Activation::Leaky => (f64::from(LEAK) * z, f64::from(LEAK)),
                Activation::Tanh => (z.tanh(), 1.0 - z.tanh().powi(2)),
                Activation::Exp => (z.exp(), z.exp()),
            };
            let found: Vec<(f64, f64)> = z.into_iter().map(value).collect();
            jacobian = jacobian
                .iter()
                .map(|of| {
                    (0..outputs).map(|o| found[o].1 * (0..inputs).map(|i| of[i] * w(i, o)).sum::<f64>()).collect()
                })
                .collect();
            y = found.into_iter().map(|(value, _)| value).collect();
        }
        let norm = jacobian.iter().map(|of| of[0] * of[0]).sum::<f64>().sqrt();
        let off = norm - wanted.target;
        total += wanted.lambda * (if wanted.one_sided { off.max(0.0) } else { off }).powi(2);
    }
    total / ROWS as f64
}

fn check(device: &Device, activation: Activation, wanted: Norm) {
    let net = Net::mlp(WIDTHS[0], &WIDTHS[1..3], 1, activation, None);
    let mut rng = Rng::stream(5, "penalty");
    let mut draw = |n: usize| -> Vec<f32> { (0..n).map(|_| rng.normal() as f32).collect() };
    let (flat, x) = (draw(net.layout().len()), draw(ROWS * WIDTHS[0]));
    let tensor = Tensor::<1>::from_data(flat.as_slice(), device);
    let leaves = net.layout().leaves(&tensor);
    let scores = net.forward(&leaves, matrix(x.clone(), WIDTHS[0], device)).sum() * 0.0;
    let penalty = critic(&net, &tensor, &leaves).gradient_norm(matrix(x.clone(), WIDTHS[0], device), wanted);
    // As in D's turn, the loss beside it reaches every weight.
    let found: Vec<f32> = leaves.gradient(&(scores + penalty)).into_data().try_to_vec().unwrap();
    let wide = |v: &[f32]| v.iter().copied().map(f64::from).collect::<Vec<_>>();
    let (flat, x) = (wide(&flat), wide(&x));
    const H: f64 = 1e-6;
    let at = |i: usize, h: f64| {
        let mut moved = flat.clone();
        moved[i] += h;
        reference(activation, &moved, &x, wanted)
    };
    let expected: Vec<f64> = (0..flat.len()).map(|i| (at(i, H) - at(i, -H)) / (2.0 * H)).collect();
    let scale = expected.iter().fold(0.0_f64, |m, x| m.max(x.abs()));
    let worst = found.iter().zip(&expected).map(|(a, b)| (f64::from(*a) - b).abs()).fold(0.0, f64::max) / scale;
    println!("{activation:?}, {wanted:?}: off by {worst:.1e} of {scale:.1}");
    // What 32 bits leave.
    assert!(worst < 1e-6, "{activation:?}, {wanted:?}: a gradient is off by {worst:e} of the largest");
}

#[test]
fn the_penaltys_gradient_is_that_of_differences() {
    for engine in [Engine::Cpu, Engine::Ndarray] {
        let device = pollster::block_on(engine.start()).unwrap();
        for activation in [Activation::Relu, Activation::Leaky, Activation::Tanh] {
            for (target, one_sided) in [(1.0, false), (0.3, true), (0.0, false)] {
                check(&device, activation, Norm { lambda: LAMBDA, target, one_sided });
            }
        }
    }
}

/// A D that is told a class beside a point is, for that class, one of points alone whose first biases hold the class's weights.
#[test]
fn a_penalty_of_labelled_points_is_of_the_points_alone() {
    use gan_playground::train::labels::{Head, Labels};

    let device = pollster::block_on(Engine::Cpu.start()).unwrap();
    let labels = Labels { classes: 3, head: Head::Beside { places: 1 } };
    let (told, alone) = [5, 2].map(|inputs| Net::mlp(inputs, &[6], 1, Activation::Tanh, None)).into();
    let mut rng = Rng::stream(8, "penalty");
    let mut draw = |n: usize| -> Vec<f32> { (0..n).map(|_| rng.normal() as f32).collect() };
    let (flat, x) = (draw(told.layout().len()), matrix(draw(ROWS * 2), 2, &device));
    // Rows of the first matrix: of x, of y, of each class; then the biases.
    let (of_points, of_class, bias) = (&flat[..12], &flat[12 + 6..12 + 12], &flat[5 * 6..6 * 6]);
    let biases = bias.iter().zip(of_class).map(|(a, b)| a + b);
    let fewer: Vec<f32> = of_points.iter().copied().chain(biases).chain(flat[6 * 6..].iter().copied()).collect();
    let rows = labels.rows([1].into_iter().cycle().take(ROWS), &device);
    let penalty = |net: &Net, flat: &[f32], labelled: bool| -> Vec<f32> {
        let flat = Tensor::<1>::from_data(flat, &device);
        let leaves = net.layout().leaves(&flat);
        let shown = |x| if labelled { labels.shown(x, &rows) } else { x };
        let along = |v| if labelled { labels.along(v, &rows) } else { v };
        let scores = net.forward(&leaves, shown(x.clone())).sum() * 0.0;
        let critic = Critic { net, flat: &flat, leaves: &leaves, shown: &shown, along: &along, score: &|given| given };
        let penalty = critic.zero_centred(x.clone(), 3.0);
        leaves.gradient(&(scores + penalty)).into_data().try_to_vec().unwrap()
    };
    let (found, expected) = (penalty(&told, &flat, true), penalty(&alone, &fewer, false));
    let close = |a: &[f32], b: &[f32]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-5 * (1.0 + b.abs()));
    assert!(close(&found[..12], &expected[..12]) && close(&found[6 * 6..], &expected[3 * 6..]));
    // What a class's weights do, the biases do.
    assert!(close(&found[12 + 6..12 + 12], &expected[12..18]) && close(&found[5 * 6..6 * 6], &expected[12..18]));
    assert!(found[12..18].iter().chain(&found[24..30]).all(|x| *x == 0.0), "no sample is of the other classes");
}

/// P and P moved by a vector are apart by its length: an optimal critic is the slope along it.
#[test]
fn a_critic_estimates_the_distance_of_a_known_shift() {
    use gan_playground::objective::{Stakes, WASSERSTEIN};
    use gan_playground::train::disturb::{Disturb, Drawn};
    use gan_playground::train::game::{Adversarial, Bound};
    use gan_playground::train::manner::Manner;
    use gan_playground::train::optimiser::{Mean, Optimiser, Rule};
    use gan_playground::train::pack::Pack;
    use gan_playground::train::player::Player;

    let device = pollster::block_on(Engine::Cpu.start()).unwrap();
    let rng = &mut Rng::stream(3, "critic");
    let rule = Rule::Adam { beta1: 0.0, beta2: 0.9 };
    let player =
        |net: Net, rng: &mut Rng| Player::new(Box::new(net), Optimiser::new(rule, 1e-3, Mean::NONE), rng, &device);
    // G passes on what it is given.
    let mut generator = player(Net::mlp(2, &[], 2, Activation::Relu, None), rng);
    generator.parameters = Tensor::from_data([1.0_f32, 0.0, 0.0, 1.0, 0.0, 0.0].as_slice(), &device);
    let discriminator = player(Net::mlp(2, &[64, 64], 1, Activation::Leaky, None), rng);
    // The optimum under a penalty of weight λ is steeper than 1 by the distance over 2 λ.
    let bound = Bound::Gradient(Norm { lambda: 100.0, target: 1.0, one_sided: false });
    let mut game = Adversarial {
        generator,
        discriminator,
        stakes: Stakes::of(&WASSERSTEIN),
        bound,
        disturb: Disturb::default(),
        pack: Pack::ALONE,
        labels: None,
        informer: None,
        manner: Manner::default(),
    };
    for shift in [[0.6_f32, -0.8], [3.0, 0.0]] {
        let exact = f64::from(shift[0].hypot(shift[1]));
        let mut last = Vec::new();
        for step in 0..1_500 {
            let draw = |n: usize, rng: &mut Rng| -> Vec<f32> { (0..n).map(|_| rng.normal() as f32).collect() };
            let (real, noise) = (draw(512, rng), draw(512, rng));
            let real = real.chunks_exact(2).flat_map(|x| [x[0] + shift[0], x[1] + shift[1]]).collect();
            let mix = (0..256).map(|_| 2.0 * rng.uniform() as f32 - 1.0).collect();
            let [real, noise, mix] =
                [(real, 2), (noise, 2), (mix, 1)].map(|(values, columns)| matrix(values, columns, &device));
            let loss = game.discriminator_turn(real, noise, Some(mix), Drawn::default(), None).loss;
            if step >= 1_000 {
                last.push(-f64::from(loss.into_scalar::<f32>()));
            }
        }
        let estimate = last.iter().sum::<f64>() / last.len() as f64;
        assert!((estimate / exact - 1.0).abs() < 0.05, "{estimate} for a distance of {exact}");
    }
}

/// What a penalty adds to D's gradient, in a turn: R1 and R2 add up, and DRAGAN without noise is the gradient penalty at real samples.
#[test]
fn each_penalty_is_taken_where_its_paper_says() {
    use gan_playground::objective::{NON_SATURATING, Stakes};
    use gan_playground::train::disturb::{Disturb, Drawn};
    use gan_playground::train::game::{Adversarial, Bound};
    use gan_playground::train::manner::Manner;
    use gan_playground::train::optimiser::{Mean, Optimiser, Rule};
    use gan_playground::train::pack::Pack;
    use gan_playground::train::player::Player;

    let device = pollster::block_on(Engine::Cpu.start()).unwrap();
    let turn = |bound: Bound, at: f32, of_real: f32| -> Vec<f64> {
        let rng = &mut Rng::stream(4, "penalty");
        let player = |outputs, rng: &mut Rng| {
            let net = Net::mlp(2, &[9, 7], outputs, Activation::Tanh, None);
            Player::new(Box::new(net), Optimiser::new(Rule::Sgd, 1.0, Mean::NONE), rng, &device)
        };
        let (generator, discriminator) = (player(2, rng), player(1, rng));
        let stakes = Stakes::of(&NON_SATURATING);
        let mut game = Adversarial {
            generator,
            discriminator,
            stakes,
            bound,
            disturb: Disturb::default(),
            pack: Pack::ALONE,
            labels: None,
            informer: None,
            manner: Manner::default(),
        };
        let mut draw = |n: usize, by: f32| -> Vec<f32> { (0..n).map(|_| by * rng.normal() as f32).collect() };
        let [real, noise] = [draw(20, of_real), draw(20, 1.0)].map(|values| matrix(values, 2, &device));
        let mix = bound.draws(2).map(|columns| matrix(vec![at; 10 * columns], columns, &device));
        game.discriminator_turn(real, noise, mix, Drawn::default(), None);
        let weights = game.discriminator.parameters.into_data().try_to_vec::<f32>().unwrap();
        weights.into_iter().map(f64::from).collect()
    };
    let squares = |at| Bound::Squares { at, gamma: 3.0, every: 1 };
    let norm = Norm { lambda: 2.0, target: 1.0, one_sided: false };
    let free = turn(Bound::Free, 0.0, 1.0);
    let added = |bound, at| -> Vec<f64> { turn(bound, at, 1.0).iter().zip(&free).map(|(a, b)| a - b).collect() };
    let [real, fake, both] = [[true, false], [false, true], [true, true]].map(|at| added(squares(at), 0.0));
    let largest = both.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    assert!(largest > 1e-2 && real.iter().zip(&fake).any(|(a, b)| (a - b).abs() > 0.1 * largest));
    for ((real, fake), both) in real.iter().zip(&fake).zip(&both) {
        assert!((real + fake - both).abs() < 1e-5 * (1.0 + largest), "{real} and {fake} are not {both}");
    }
    // R2 does not look at real samples: on others it adds the same.
    let (other, other_free) = (turn(squares([false, true]), 0.0, 2.0), turn(Bound::Free, 0.0, 2.0));
    for ((a, b), fake) in other.iter().zip(&other_free).zip(&fake) {
        assert!((a - b - fake).abs() < 1e-5 * (1.0 + largest), "R2 sees real samples");
    }
    // A share of 1 is the real sample itself.
    let (dragan, penalty) = (added(Bound::Dragan(norm), 0.0), added(Bound::Gradient(norm), 1.0));
    assert!(dragan.iter().zip(&penalty).all(|(a, b)| (a - b).abs() < 1e-6));
    assert!(added(Bound::Dragan(norm), 0.9).iter().zip(&dragan).any(|(a, b)| (a - b).abs() > 1e-4));
}

/// R1 through convolutions, normalisations and pools, whose rows hang together.
#[test]
fn the_gradient_of_r1_is_that_of_differences() {
    use gan_playground::kernel::{Grid, Pooled};
    use gan_playground::nn::{Build, Init, Square};
    use gan_playground::self_test::images::through;

    const GAMMA: f64 = 3.0;
    const IMAGES: usize = 3;
    let grid = Grid { height: 6, width: 4, channels: 2 };
    let square = |size, stride, padding| Square { size, stride, padding };
    for engine in [Engine::Cpu, Engine::Ndarray] {
        let device = pollster::block_on(engine.start()).unwrap();
        for (activation, by_rows) in [
            (Activation::Tanh, false),
            (Activation::Leaky, false),
            (Activation::Relu, false),
            (Activation::Tanh, true),
            (Activation::Leaky, true),
        ] {
            let net =
                Build::new(grid, Init::FanIn).conv(4, square(4, 2, 1), Some(activation)).conv(5, square(3, 1, 1), None);
            let net = if by_rows { net.row_norm(Some(activation)) } else { net.norm(Some(activation)) };
            let net = net.pool(Pooled::Mean, 2, 1).dense(6, Some(activation)).dense(1, None).done();
            let mut rng = Rng::stream(6, "penalty");
            let mut draw = |n: usize, by: f64| -> Vec<f32> { (0..n).map(|_| (by * rng.normal()) as f32).collect() };
            let (flat, x) = (draw(net.layout().len(), 0.8), draw(IMAGES * grid.len(), 1.0));
            let tensor = Tensor::<1>::from_data(flat.as_slice(), &device);
            let leaves = net.layout().leaves(&tensor);
            let rows = matrix(x.clone(), grid.len(), &device);
            let scores = net.forward(&leaves, rows.clone()).sum() * 0.0;
            let penalty = critic(&net, &tensor, &leaves).zero_centred(rows, GAMMA);
            let found: Vec<f32> = leaves.gradient(&(scores + penalty)).into_data().try_to_vec().unwrap();

            let wide = |v: &[f32]| v.iter().copied().map(f64::from).collect::<Vec<_>>();
            let (flat, x) = (wide(&flat), wide(&x));
            let of = |weights: &[f64]| -> f64 {
                let sum = |i: usize, h: f64| {
                    let mut x = x.clone();
                    x[i] += h;
                    through(net.layers(), weights, x).iter().sum::<f64>()
                };
                let squares = (0..x.len()).map(|i| ((sum(i, 1e-5) - sum(i, -1e-5)) / 2e-5).powi(2));
                GAMMA / 2.0 * squares.sum::<f64>() / IMAGES as f64
            };
            let at = |i: usize, h: f64| {
                let mut moved = flat.clone();
                moved[i] += h;
                of(&moved)
            };
            let checked: Vec<usize> = (0..flat.len()).step_by(7).collect();
            let expected: Vec<f64> = checked.iter().map(|&i| (at(i, 1e-5) - at(i, -1e-5)) / 2e-5).collect();
            let scale = expected.iter().fold(0.0_f64, |m, x| m.max(x.abs()));
            let off = checked.iter().zip(&expected).map(|(&i, y)| (f64::from(found[i]) - y).abs());
            let worst = off.fold(0.0, f64::max) / scale;
            println!("{activation:?} on {engine:?}: off by {worst:.1e} of {scale:.3}");
            // Scores of normalised rows nearly cancel in their sum, which costs 32 bits some digits.
            assert!(scale > 1e-3 && worst < 2e-4, "{activation:?}: a gradient is off by {worst:e} of {scale}");
        }
    }
}

/// Scores in 64 bits of a critic that is told of its batch: 2 numbers over `HIDDEN` by tanh; `count`: of matrices of `COLUMNS`, or none
/// for the deviation.
fn of_a_batch(weights: &[f64], count: usize, x: &[f64]) -> Vec<f64> {
    let mut rest = weights;
    let mut dense = |rows: &[Vec<f64>], outputs: usize| -> Vec<Vec<f64>> {
        let inputs = rows[0].len();
        let (own, after) = rest.split_at((inputs + 1) * outputs);
        rest = after;
        let sum = |row: &Vec<f64>, o: usize| (0..inputs).map(|i| row[i] * own[i * outputs + o]).sum::<f64>();
        rows.iter().map(|row| (0..outputs).map(|o| own[inputs * outputs + o] + sum(row, o)).collect()).collect()
    };
    let rows: Vec<Vec<f64>> = x.chunks(2).map(<[f64]>::to_vec).collect();
    let mut h: Vec<Vec<f64>> = dense(&rows, HIDDEN).iter().map(|row| row.iter().map(|z| z.tanh()).collect()).collect();
    let n = h.len();
    let found: Vec<Vec<f64>> = if count == 0 {
        let deviation = |k: usize| {
            let mean = h.iter().map(|row| row[k]).sum::<f64>() / n as f64;
            (h.iter().map(|row| (row[k] - mean).powi(2)).sum::<f64>() / n as f64 + 1e-8).sqrt()
        };
        vec![vec![(0..HIDDEN).map(deviation).sum::<f64>() / HIDDEN as f64]; n]
    } else {
        let m = dense(&h, count * COLUMNS);
        let apart = |i: usize, j: usize, b: usize| -> f64 {
            (b * COLUMNS..(b + 1) * COLUMNS).map(|k| (m[i][k] - m[j][k]).abs()).sum()
        };
        let near = |i: usize, b: usize| (0..n).filter(|&j| j != i).map(|j| (-apart(i, j, b)).exp()).sum();
        (0..n).map(|i| (0..count).map(|b| near(i, b)).collect()).collect()
    };
    h.iter_mut().zip(found).for_each(|(row, found)| row.extend(found));
    dense(&h, 1).into_iter().map(|row| row[0]).collect()
}

const HIDDEN: usize = 6;
const COLUMNS: usize = 5;

/// What D is told of its batch, its gradient, its tangent, and the gradient of R1 through it, of any number of rows.
#[test]
fn a_critic_that_is_told_of_its_batch_is_that_of_its_definition() {
    use gan_playground::kernel::Grid;
    use gan_playground::nn::{Build, Init};

    const GAMMA: f64 = 3.0;
    for engine in [Engine::Cpu, Engine::Ndarray] {
        let device = pollster::block_on(engine.start()).unwrap();
        for (count, n) in [(0, 7), (0, 2), (0, 1), (3, 7), (3, 2), (1, 1)] {
            let net = Build::new(Grid { height: 1, width: 1, channels: 2 }, Init::FanIn);
            let net = net.dense(HIDDEN, Some(Activation::Tanh));
            let net = if count == 0 { net.deviation() } else { net.kernels(count, COLUMNS) }.dense(1, None).done();
            let mut rng = Rng::stream(7, "penalty");
            let mut draw = |n: usize, by: f64| -> Vec<f32> { (0..n).map(|_| (by * rng.normal()) as f32).collect() };
            let (flat, x, v) = (draw(net.layout().len(), 0.5), draw(2 * n, 1.0), draw(2 * n, 1.0));
            let tensor = Tensor::<1>::from_data(flat.as_slice(), &device);
            let leaves = net.layout().leaves(&tensor);
            let rows = matrix(x.clone(), 2, &device);
            let read = |x: Tensor<2>| x.into_data().try_to_vec::<f32>().unwrap();
            let scores = read(net.forward(&net.layout().constants(&tensor), rows.clone()));
            let moved =
                read(net.tangent(&net.layout().constants(&tensor), rows.clone(), matrix(v.clone(), 2, &device)));
            let penalty = critic(&net, &tensor, &leaves).zero_centred(rows.clone(), GAMMA);
            let both = net.forward(&leaves, rows).sum() + penalty;
            let found: Vec<f32> = leaves.gradient(&both).into_data().try_to_vec().unwrap();

            let wide = |v: &[f32]| v.iter().copied().map(f64::from).collect::<Vec<_>>();
            let (flat, x, v) = (wide(&flat), wide(&x), wide(&v));
            let what = format!("{count} matrices, {n} rows, {engine:?}");
            let near = |found: f32, truth: f64, by: f64, of: &str| {
                assert!(
                    (f64::from(found) - truth).abs() < by * (1.0 + truth.abs()),
                    "{what}: {of} {found}, not {truth}"
                );
            };
            of_a_batch(&flat, count, &x).iter().zip(&scores).for_each(|(truth, found)| near(*found, *truth, 1e-5, "y"));
            let along =
                |h: f64| of_a_batch(&flat, count, &x.iter().zip(&v).map(|(x, v)| x + h * v).collect::<Vec<_>>());
            let truths = along(1e-6).into_iter().zip(along(-1e-6)).map(|(a, b)| (a - b) / 2e-6);
            truths.zip(&moved).for_each(|(truth, found)| near(*found, truth, 1e-4, "tangent"));
            let of = |weights: &[f64]| -> f64 {
                let sum = |i: usize, h: f64| {
                    let mut x = x.clone();
                    x[i] += h;
                    of_a_batch(weights, count, &x).iter().sum::<f64>()
                };
                let squares = (0..x.len()).map(|i| ((sum(i, 1e-5) - sum(i, -1e-5)) / 2e-5).powi(2));
                of_a_batch(weights, count, &x).iter().sum::<f64>() + GAMMA / 2.0 * squares.sum::<f64>() / n as f64
            };
            for (i, found) in found.iter().enumerate() {
                let at = |h: f64| {
                    let mut moved = flat.clone();
                    moved[i] += h;
                    of(&moved)
                };
                near(*found, (at(1e-5) - at(-1e-5)) / 2e-5, 1e-3, "gradient");
            }
        }
    }
}
