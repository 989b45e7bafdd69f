//! What every dataset has to satisfy.

use std::f64::consts::PI;

use super::*;
use crate::catalog::DATASETS;

fn point_sets() -> impl Iterator<Item = (&'static str, &'static dyn PointSet)> {
    DATASETS.iter().filter_map(|d| match d.source {
        Source::Points(points) => Some((d.name, points)),
        Source::Line(_) | Source::Images(_) => None,
    })
}

fn draw(points: &dyn PointSet, n: usize) -> Vec<[f64; 2]> {
    let mut rng = Rng::stream(20, "dataset tests");
    (0..n).map(|_| points.sample(&mut rng)).collect()
}

/// Mean, and the covariance's entries xx, yy, xy.
fn moments(samples: &[[f64; 2]]) -> ([f64; 2], [f64; 3]) {
    let n = samples.len() as f64;
    let mean = [0, 1].map(|axis| samples.iter().map(|x| x[axis]).sum::<f64>() / n);
    let second = |i: usize, j: usize| samples.iter().map(|x| (x[i] - mean[i]) * (x[j] - mean[j])).sum::<f64>() / n;
    (mean, [second(0, 0), second(1, 1), second(0, 1)])
}

#[test]
fn names_are_unique_and_texts_are_there() {
    for (i, a) in DATASETS.iter().enumerate() {
        assert!(DATASETS[..i].iter().all(|b| a.name != b.name), "{} is there twice", a.name);
        assert!(a.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()), "{}", a.name);
        assert!(!a.title.en.is_empty() && a.about.en.ends_with(['.', '?']) && !a.cite.is_empty(), "{}", a.name);
    }
}

#[test]
fn the_extent_is_a_square_that_holds_the_samples_with_a_margin() {
    for (name, points) in point_sets() {
        let [x0, y0, x1, y1] = points.extent();
        assert!(((x1 - x0) - (y1 - y0)).abs() < 1e-12, "{name} is not shown in a square");
        let samples = draw(points, 100_000);
        let out = |[x, y]: &[f64; 2]| !(x0..=x1).contains(x) || !(y0..=y1).contains(y);
        let outside = samples.iter().filter(|x| out(x)).count();
        assert!(outside < 100, "{outside} of 100,000 points of {name} lie outside its extent");
        // Not lost in a corner either: the samples span at least half of the longer side.
        let span = |axis: usize| {
            let mut values: Vec<f64> = samples.iter().map(|x| x[axis]).collect();
            values.sort_by(f64::total_cmp);
            values[99_500] - values[500]
        };
        assert!(span(0).max(span(1)) > 0.5 * (x1 - x0), "{name} fills too little of its extent");
    }
}

#[test]
fn the_scale_makes_unit_size_and_goes_back() {
    for (name, points) in point_sets() {
        let scale = points.scale();
        let samples = draw(points, 20_000);
        for &x in &samples[..100] {
            let back = scale.to_data(scale.to_network(x));
            assert!((0..2).all(|i| (back[i] - x[i]).abs() < 1e-12), "{name}: {x:?} came back as {back:?}");
        }
        let network: Vec<_> = samples.iter().map(|&x| scale.to_network(x)).collect();
        let (mean, [xx, yy, _]) = moments(&network);
        let size = ((xx + yy) / 2.0).sqrt();
        assert!((0.65..1.25).contains(&size), "{name} has a spread of {size} in network units");
        assert!(mean[0].hypot(mean[1]) < 0.3, "{name} has the mean {mean:?} in network units");
    }
    let scale = Scale { centre: [1.0, -2.0], unit: 4.0 };
    assert_eq!(scale.to_network([3.0, 2.0]), [0.5, 1.0]);
    assert_eq!(scale.to_data([0.5, 1.0]), [3.0, 2.0]);
}

#[test]
fn moments_are_those_of_the_formulas() {
    let square = |x: f64| x * x;
    let [a, b] = [1.5 * PI, 4.5 * PI];
    let t2 = (a * a + a * b + b * b) / 3.0;
    let roll_mean = [2.0 / 7.5, 2.0 / (3.0 * PI) / 7.5];
    let roll = |raw: f64| raw / square(7.5);
    let noise = square(0.25 / 7.5);
    let n_cos = -4.0 / (3.0 * PI);
    let n_sin = 2.0 - 8.0 / square(3.0 * PI);
    let moon_gap = 4.0 / PI - 0.5;
    // The name, the mean, and the covariance's xx, yy, xy; each worked out by hand from the formula in the file.
    let expected: [(&str, [f64; 2], [f64; 3]); 14] = [
        ("ring8", [0.0; 2], [0.5025, 0.5025, 0.0]),
        ("pacring", [0.0; 2], [0.5001, 0.5001, 0.0]),
        ("grid25", [0.0; 2], [8.0025, 8.0025, 0.0]),
        ("line", [0.425, 0.75], [0.5625 / 12.0 + 1e-4, 0.09 / 12.0 + 1e-4, -0.225 / 12.0]),
        ("gaussians", [0.5, 0.55], [0.04 + 0.00625, 0.0225 + 0.025, -0.03]),
        ("ring", [0.5, 0.45], [0.045 + 0.000625, 0.03125 + 0.000625, 0.0]),
        (
            "disjoint",
            [0.333 * 1.1 + 0.334 * 0.45, 0.333 * 1.35 + 0.334 * 0.35],
            [0.0288889 + 0.000625, 0.0272222 + 0.000625, -0.0027778],
        ),
        ("moons", [0.5, 0.25], [0.75 + 0.01, 0.5 - square(2.0 / PI) + square(moon_gap) / 4.0 + 0.01, -moon_gap / 4.0]),
        ("circles", [0.0; 2], [0.3125 + 0.0064, 0.3125 + 0.0064, 0.0]),
        (
            "swissroll",
            roll_mean,
            [
                roll(t2 / 2.0 - 0.25) - square(roll_mean[0]) + noise,
                roll(t2 / 2.0 + 0.25) - square(roll_mean[1]) + noise,
                roll(1.5 * PI) - roll_mean[0] * roll_mean[1],
            ],
        ),
        (
            "spirals",
            [0.0; 2],
            [
                (2.25 * PI * PI + 0.75 - 0.5 * n_cos + 1.0 / 12.0) / 9.0 + 0.01,
                (2.25 * PI * PI - 0.75 + 0.5 * n_sin + 1.0 / 12.0) / 9.0 + 0.01,
                (1.5 * PI - 0.25 / PI + 0.25 * (n_sin - n_cos) + 0.0625) / 9.0,
            ],
        ),
        ("checkerboard", [0.0; 2], [16.0 / 3.0, 16.0 / 3.0, 1.0]),
        ("pinwheel", [0.0; 2], [2.2, 2.2, 0.0]),
        ("point", [0.0; 2], [0.0004, 0.0004, 0.0]),
    ];
    for (name, points) in point_sets() {
        let (_, mean, covariance) = expected.iter().find(|e| e.0 == name).expect("every dataset has its moments here");
        let (seen_mean, seen) = moments(&draw(points, 200_000));
        let spread = (covariance[0] + covariance[1]).sqrt();
        // Five standard errors, generously: the spread over √n for a mean, its square over √n for a variance.
        let tolerance = 5.0 / 200_000.0_f64.sqrt();
        for axis in 0..2 {
            let error = (seen_mean[axis] - mean[axis]).abs() / spread;
            assert!(error < tolerance, "{name}: mean {seen_mean:?}, expected {mean:?}");
        }
        for k in 0..3 {
            let error = (seen[k] - covariance[k]).abs() / spread.powi(2);
            assert!(error < tolerance, "{name}: covariance {seen:?}, expected {covariance:?}");
        }
    }
}

#[test]
fn the_density_integrates_to_one_and_is_what_is_drawn() {
    // 36 cells a side put the checkerboard's edges on cell edges; 10² points in each resolve pacring's σ of .01.
    const CELLS: usize = 36;
    const SUB: usize = 10;
    let mut with_density = 0;
    for (name, points) in point_sets() {
        let [x0, y0, x1, _] = points.extent();
        if points.density([x0, y0]).is_none() {
            continue;
        }
        with_density += 1;
        let step = (x1 - x0) / (CELLS * SUB) as f64;
        let mut mass = vec![0.0; CELLS * CELLS];
        for i in 0..CELLS * SUB {
            for j in 0..CELLS * SUB {
                let at = [x0 + (i as f64 + 0.5) * step, y0 + (j as f64 + 0.5) * step];
                mass[i / SUB * CELLS + j / SUB] += points.density(at).expect("a density everywhere") * step * step;
            }
        }
        let total: f64 = mass.iter().sum();
        assert!((0.999..1.0001).contains(&total), "{name}'s density integrates to {total} over its extent");

        let n = 200_000;
        let mut counts = vec![0.0; CELLS * CELLS];
        let cell = |x: f64, low: f64| (0.0..CELLS as f64).contains(&((x - low) / step / SUB as f64));
        for x in draw(points, n) {
            if cell(x[0], x0) && cell(x[1], y0) {
                let [i, j] = [(x[0] - x0) / step, (x[1] - y0) / step].map(|k| k as usize / SUB);
                counts[i * CELLS + j] += 1.0;
            }
        }
        // Pearson's statistic over the cells with enough expected points has mean = its number of cells.
        let (mut chi2, mut cells, mut rare, mut rare_expected) = (0.0, 0.0, 0.0, 0.0);
        for (count, mass) in counts.iter().zip(&mass) {
            let expected = mass * n as f64;
            if expected >= 10.0 {
                chi2 += (count - expected) * (count - expected) / expected;
                cells += 1.0;
            } else {
                rare += count;
                rare_expected += expected;
            }
        }
        assert!((chi2 - cells).abs() < 5.0 * (2.0_f64 * cells).sqrt(), "{name}: χ² {chi2:.0} over {cells} cells");
        assert!(
            (rare - rare_expected).abs() < 5.0 * rare_expected.sqrt() + 5.0,
            "{name}: {rare} points in empty cells"
        );
    }
    assert_eq!(with_density, 9);
}

#[test]
fn modes_are_far_apart_and_hold_the_samples() {
    let mut with_modes = Vec::new();
    for (name, points) in point_sets() {
        let Some(modes) = points.modes() else { continue };
        with_modes.push((name, modes.centres.len(), modes.sigma));
        for (i, a) in modes.centres.iter().enumerate() {
            for b in &modes.centres[..i] {
                let distance = (a[0] - b[0]).hypot(a[1] - b[1]);
                assert!(distance > 10.0 * modes.sigma, "two modes of {name} lie only {distance} apart");
            }
        }
        for x in draw(points, 2_000) {
            let nearest = modes.centres.iter().map(|c| (x[0] - c[0]).hypot(x[1] - c[1])).fold(f64::MAX, f64::min);
            assert!(nearest < 6.0 * modes.sigma, "{x:?} of {name} lies {nearest} from every mode");
        }
    }
    let expected =
        [("ring8", 8, 0.05), ("pacring", 8, 0.01), ("grid25", 25, 0.05), ("disjoint", 3, 0.025), ("point", 1, 0.02)];
    assert_eq!(with_modes, expected);
}

#[test]
fn the_checkerboard_is_ffjords() {
    // FFJORD: x1 = 4u − 2; x2 = v − {0, 2} + floor(x1) mod 2; both times 2. So (−3, −3) is filled and (−1, −3) is not.
    let Source::Points(board) = checkerboard::DATASET.source else { unreachable!() };
    for (x, y, density) in [(-3.0, -3.0, 1.0), (-1.0, -3.0, 0.0), (-1.0, -1.0, 1.0), (3.0, 3.0, 1.0), (5.0, 1.0, 0.0)] {
        assert_eq!(board.density([x, y]), Some(density / 32.0), "at ({x}, {y})");
    }
}

#[test]
fn on_the_line_the_density_integrates_to_one_and_is_what_is_drawn() {
    const CELLS: usize = 200;
    const SUB: usize = 20;
    let mut seen = 0;
    for dataset in DATASETS {
        let (name, Source::Line(line)) = (dataset.name, dataset.source) else { continue };
        seen += 1;
        let [x0, x1] = line.extent();
        let step = (x1 - x0) / (CELLS * SUB) as f64;
        let mut mass = vec![0.0; CELLS];
        for i in 0..CELLS * SUB {
            mass[i / SUB] += line.density(x0 + (i as f64 + 0.5) * step) * step;
        }
        let total: f64 = mass.iter().sum();
        assert!((0.999..1.0001).contains(&total), "{name}'s density integrates to {total} over its extent");

        let n = 100_000;
        let mut rng = Rng::stream(20, "dataset tests");
        let samples: Vec<f64> = (0..n).map(|_| line.sample(&mut rng)).collect();
        let mut below = (0.0, 0.0);
        let mut sorted = samples.clone();
        sorted.sort_by(f64::total_cmp);
        // Kolmogorov and Smirnov: both distribution functions at every cell's edge.
        for (i, mass) in mass.iter().enumerate() {
            below.0 += mass;
            below.1 = sorted.partition_point(|&x| x < x0 + (i + 1) as f64 * step * SUB as f64) as f64 / n as f64;
            assert!((below.0 - below.1).abs() < 2.0 / (n as f64).sqrt(), "{name}: {below:?} below cell {i}");
        }

        let scale = line.scale();
        let network: Vec<f64> = samples.iter().map(|&x| scale.to_network(x)).collect();
        assert!((scale.to_data(network[0]) - samples[0]).abs() < 1e-12, "{name}");
        let mean = network.iter().sum::<f64>() / n as f64;
        let size = (network.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n as f64).sqrt();
        assert!((0.8..1.25).contains(&size), "{name} has a spread of {size} in network units");
        assert!(mean.abs() < 0.3, "{name} has the mean {mean} in network units");
    }
    assert_eq!(seen, 4);
}
