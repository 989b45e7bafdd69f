//! Two independent CPU implementations check each other, and every entry of the catalogue runs on both.

mod common;

use common::{fingerprint, run, session, weights};
use gan_playground::catalog::{DATASETS, FAMILIES};
use gan_playground::device::Engine;
use gan_playground::experiment::Experiment;
use gan_playground::kernel::Grid;
use gan_playground::link;
use gan_playground::look::health::State;
use gan_playground::look::panel::{Body, Function};
use gan_playground::session::{Session, Status};

const ENGINES: [Engine; 2] = [Engine::Cpu, Engine::Ndarray];

#[test]
fn cpu_and_ndarray_agree_for_fifty_steps() {
    for (link, most) in [
        ("v=1", 0.02),
        ("v=1&objective=minimax&gopt=sgd&dopt=sgd&glr=0.05&dlr=0.05", 0.02),
        ("v=1&objective=leastsquares&gact=tanh&dact=relu", 0.02),
        ("v=1&gopt=rmsprop&dopt=rmsprop&gb2=0.9&db2=0.9&ema=0.9", 0.02),
        // Without a mean of gradients, a weight whose gradient is next to nothing takes whole steps by its sign.
        ("v=2", 0.1),
    ] {
        let [mut a, mut b] = ENGINES.map(|engine| session(link, engine));
        let start = weights(&mut a);
        run(&mut a, 50);
        run(&mut b, 50);
        let largest = |x: &[f32], y: &[f32]| x.iter().zip(y).map(|(x, y)| (x - y).abs()).fold(0.0_f32, f32::max);
        for ((start, x), y) in start.iter().zip(weights(&mut a)).zip(weights(&mut b)) {
            let (moved, apart) = (largest(start, &x), largest(&x, &y));
            assert!(moved > 0.002, "“{link}”: weights moved by {moved} only");
            assert!(apart < most * moved, "“{link}”: engines are {apart} apart where weights moved by {moved}");
        }
    }
}

#[test]
fn engines_pass_their_self_test() {
    for engine in ENGINES {
        pollster::block_on(async { gan_playground::self_test::run(&engine.start().await.unwrap()).await }).unwrap();
    }
}

#[test]
fn every_dataset_and_family_runs_on_every_engine() {
    for data in DATASETS {
        for family in FAMILIES {
            let Ok(defaults) = Experiment::of(1, data, &family.form) else { continue };
            for engine in ENGINES {
                let small =
                    [("batch", "16"), ("g", "8"), ("d", "8"), ("width", "4"), ("images", "200"), ("layers", "8")];
                let small = small.iter().filter(|(name, _)| defaults.field(name).is_some());
                let small: String = small.map(|(name, text)| format!("&{name}={text}")).collect();
                let text = format!("v=1&data={}&family={}&seed=5{small}", data.name, family.form.name);
                let what = format!("{text} on {engine:?}");
                let mut s = session(&text, engine);
                let before = fingerprint(&mut s);
                run(&mut s, 3);
                let snapshot = pollster::block_on(s.snapshot()).unwrap();
                assert_ne!(snapshot.fingerprint, before, "{what}: weights moved");
                assert_eq!((snapshot.step, s.status()), (3, Status::Going(State::Learning)), "{what}");
                for panel in &snapshot.panels {
                    let (data, expected) = match &panel.body {
                        Body::Points { data, .. } if ["toy", "matrix"].contains(&family.form.name) => (data.clone(), 2),
                        Body::Points { data, labels, names, .. } if panel.name == "cloud" => {
                            assert!(labels.iter().all(|&label| usize::from(label) < names.len()), "{what}: classes");
                            (data.clone(), 2 * labels.len())
                        }
                        Body::Points { data, .. } => (data.clone(), 2 * 600),
                        Body::Field { rows, columns, data, scale, .. } => {
                            let [low, high] = scale.range.map(|end| end as f32);
                            assert!(data.iter().all(|p| (low..=high).contains(p)), "{what}: within the colours");
                            (data.clone(), rows * columns)
                        }
                        Body::Graph { xs, functions, .. } => {
                            let all: Vec<f32> = functions.iter().flat_map(|f| f.data.clone()).collect();
                            // What the best D would say is not known where nothing lies.
                            let known = |f: &&Function| f.role != "optimal";
                            assert!(functions.iter().filter(known).all(|f| f.data.iter().all(|y| y.is_finite())));
                            (
                                all.iter().map(|y| if y.is_nan() { 0.5 } else { *y }).collect(),
                                functions.len() * xs.len(),
                            )
                        }
                        Body::Vectors { data, .. } => match panel.name {
                            // A place of a grid each, or a step.
                            "lines" => (data.clone(), 4 * 21 * 21),
                            "course" => (data.clone(), 4 * 3),
                            // A line of codes, or both ways through a plane of them.
                            "plane" if family.form.name == "autoencoder" => (data.clone(), 4 * 199),
                            "plane" => (data.clone(), 4 * 2 * 11 * 40),
                            _ => (data.clone(), 4 * 120),
                        },
                        Body::Matrix { rows, columns, data } => (data.clone(), rows.names.len() * columns.names.len()),
                        Body::Images {
                            image: Grid { height, width, channels },
                            data,
                            captions,
                            believed,
                            columns,
                            ..
                        } => {
                            let count = match panel.name {
                                "pairs" => 40,
                                // Units of small networks, or channels.
                                "kernels" | "maps" => data.len() / (height * width * channels),
                                "plane" => 100,
                                "first" | "second" => 90,
                                _ if *columns > 0 => 6 * columns,
                                _ => 36,
                            };
                            assert!(
                                believed.is_empty() || believed.len() == if *columns > 0 { 6 * columns } else { 36 }
                            );
                            assert!(believed.iter().all(|p| (0.0..=1.0).contains(p)), "{what}: probabilities");
                            assert!(captions.is_empty() || captions.len() == 36, "{what}: a word under each");
                            assert!(data.iter().all(|p| (0.0..=1.0).contains(p)), "{what}: light");
                            (data.clone(), count * height * width * channels)
                        }
                        Body::Spectrum { values } => (values.concat(), 4),
                        // Before the first evaluation.
                        Body::Series { curves, .. } if panel.name == "metrics" => {
                            assert!(curves.is_empty(), "{what}");
                            continue;
                        }
                        Body::Series { steps, curves } => {
                            (curves.iter().flat_map(|c| c.data.clone()).collect(), curves.len() * steps.len())
                        }
                    };
                    assert!(expected > 0 && data.len() == expected, "{what}: shape of {panel:?}");
                    assert!(data.iter().all(|x| x.is_finite()), "{what}: finite");
                }
                let metrics = pollster::block_on(s.evaluate()).unwrap().to_vec();
                assert!(metrics.len() >= 2 && metrics.iter().all(|m| m.value.is_finite()), "{what}: {metrics:?}");
                let mut again = session(&link::write(s.experiment()), engine);
                run(&mut again, 3);
                assert_eq!(fingerprint(&mut again), snapshot.fingerprint, "{what}: same link, same bits");
                // Saved between two moves, if a step has several, and gone on with elsewhere.
                pollster::block_on(again.advance(|_| false, 0)).unwrap();
                let state = pollster::block_on(again.save()).unwrap();
                let mut loaded = session(&text, engine);
                loaded.load(&state).unwrap_or_else(|e| panic!("{what}: {e}"));
                for s in [&mut again, &mut loaded, &mut s] {
                    let left = 8 - s.step();
                    run(s, left);
                }
                let prints = [&mut again, &mut loaded, &mut s].map(fingerprint);
                assert!(prints.iter().all(|print| *print == prints[0]), "{what}: saved and loaded, {prints:?}");
            }
        }
    }
}

#[test]
fn a_judge_knows_real_images_from_noise() {
    use gan_playground::data::Source;
    use gan_playground::look::judge::Judge;
    for (name, shard, least) in
        [("mnist", 1, 500), ("fashion", 1, 450), ("stacked", 1, 480), ("emoji", 0, 330), ("twemoji", 0, 330)]
    {
        let Source::Images(set) = gan_playground::catalog::dataset(name).unwrap().source else { unreachable!() };
        let mut s = session(&format!("data={name}&images=1500"), Engine::Cpu);
        let bytes = common::file(&format!("data/{name}/judge"));
        let device = pollster::block_on(Engine::Cpu.start()).unwrap();
        let judge = Judge::read(&bytes, &device).unwrap();
        assert!(bytes.len() < 400_000, "{} bytes", bytes.len());
        let unpacked = common::unpacked(&format!("data/{name}/{shard}.shard"));
        let (pixels, labels) = unpacked.split_at(set.shard_images * set.values());
        let some = &pixels[..512 * set.values()];
        let network: Vec<f32> = some.iter().map(|&p| set.to_network(p)).collect();
        let features = pollster::block_on(judge.read_features(&network)).unwrap();
        let said = judge.classes(&features);
        let right = said.iter().zip(labels).filter(|(said, label)| **said == usize::from(**label)).count();
        assert!(right > least, "{name}: {right} of 512");
        // As many real images score their ideal; noise is far off.
        let (made, real) = features.split_at(features.len() / 2);
        let figures = |made: &[f32]| judge.figures(made, real, gan_playground::look::judge::Asked::Nothing, &[]);
        for metric in figures(made) {
            let ideal = metric.ideal.unwrap();
            // Of one number for all, its spread is not known; and that of images that were learned from is not quite that of others.
            let spread = metric.spread.map_or(0.05 * ideal, |spread| spread.max(0.02 * ideal));
            assert!((metric.value - ideal).abs() < 5.0 * spread + 1e-9, "{name}: {metric:?}");
        }
        let mut rng = gan_playground::rng::Rng::stream(1, "noise");
        let noise: Vec<f32> = (0..256 * set.values()).map(|_| (2.0 * rng.uniform() - 1.0) as f32).collect();
        let noise = pollster::block_on(judge.read_features(&noise)).unwrap();
        let distance = |made: &[f32]| figures(made).iter().find(|metric| metric.name == "fd").unwrap().value;
        assert!(distance(&noise) > 10.0 * distance(made), "{name}: {}", distance(&noise));
        // Damage is named, and no panic.
        for cut in [0, 7, 100, bytes.len() / 2, bytes.len() - 1] {
            assert!(Judge::read(&bytes[..cut], &device).is_err());
        }
        run(&mut s, 1);
        let found = pollster::block_on(s.evaluate()).unwrap();
        let first = if set.classes.len() > 25 { "met" } else { "fd" };
        assert_eq!(found[0].name, first, "first among the metrics");
    }
}

#[test]
fn a_classifier_learns_from_its_link() {
    // What makes a judge, cut short.
    let mut s = session("v=2&data=mnist&family=classifier&images=10000&seed=1", Engine::Cpu);
    run(&mut s, 60);
    let found = pollster::block_on(s.evaluate()).unwrap();
    assert!(found[0].name == "accuracy" && found[0].value > 88.0, "{:?}", found[0]);
}

#[test]
fn a_run_stops_where_the_link_says() {
    let mut s = session("stop=7&g=4&d=4&batch=8", Engine::Cpu);
    let progress = pollster::block_on(s.advance(|_| true, 0)).unwrap();
    assert_eq!((progress.step, progress.status), (7, Status::Stopped));
    assert_eq!(pollster::block_on(s.advance(|_| true, 0)).unwrap().ran, 0);
}

#[test]
fn a_frozen_player_keeps_its_weights() {
    let mut s = session("dsteps=0&gsteps=2&g=4&d=4&batch=8", Engine::Cpu);
    let [g, d] = weights(&mut s);
    run(&mut s, 20);
    let [g_after, d_after] = weights(&mut s);
    assert!(g != g_after && d == d_after, "only G learns");
    let snapshot = pollster::block_on(s.snapshot()).unwrap();
    let losses = snapshot.panels.iter().find_map(|panel| match &panel.body {
        Body::Series { curves, .. } if panel.name == "losses" => Some(curves),
        _ => None,
    });
    let curves = losses.expect("the losses are there");
    assert!(curves[0].data.iter().all(|x| x.is_nan()), "D had no turn, so it has no loss");
    assert!(curves[1].data.iter().all(|x| x.is_finite()));
}

#[test]
fn a_stop_is_evaluated_and_its_last_update_vouched_for() {
    let mut s = session("stop=7&g=4&d=4&batch=8", Engine::Cpu);
    run(&mut s, 7);
    let snapshot = pollster::block_on(s.snapshot()).unwrap();
    assert_eq!((snapshot.status, snapshot.metrics_step), ("stopped", 7));
    assert!(snapshot.metrics.iter().any(|m| m.name == "modes"));

    // Where the run without a stop diverges, the one that stops right before the loss could tell must not end well.
    let link = "objective=leastsquares&gopt=sgd&dopt=sgd&glr=10&dlr=10&g=16,16&d=16,16";
    let mut free = session(link, Engine::Cpu);
    run_to_end(&mut free);
    let sentence = pollster::block_on(free.snapshot()).unwrap().sentence.to_string();
    let at: u64 = sentence.split("at step ").nth(1).and_then(|s| s.split(',').next()).unwrap().parse().unwrap();
    let mut stopped = session(&format!("{link}&stop={}", at - 1), Engine::Cpu);
    let progress = pollster::block_on(stopped.advance(|_| true, 0)).unwrap();
    let finite = weights_are_finite(&mut stopped);
    assert!(finite, "{:?} with weights that are not finite", progress.status);
}

fn weights_are_finite(s: &mut Session) -> bool {
    let snapshot = pollster::block_on(s.snapshot()).unwrap();
    snapshot.panels.iter().all(|panel| match &panel.body {
        Body::Points { data, .. } => data.iter().all(|x| x.is_finite()),
        _ => true,
    })
}

#[test]
fn a_run_that_diverges_ends_with_its_last_good_weights() {
    // Least squares with a huge rate overflows within a few steps.
    let link = "objective=leastsquares&gopt=sgd&dopt=sgd&glr=10&dlr=10&g=16,16&d=16,16";
    let at = |group: u64| {
        let mut s = session(link, Engine::Cpu);
        for _ in 0..2_000 {
            let progress = pollster::block_on(s.advance(|_| true, group)).unwrap();
            if progress.status == Status::Diverged {
                break;
            }
        }
        assert_eq!(s.status(), Status::Diverged);
        let snapshot = pollster::block_on(s.snapshot()).unwrap();
        assert!(snapshot.sentence.to_string().contains("not a finite number at step"), "{}", snapshot.sentence);
        for panel in &snapshot.panels {
            if let Body::Points { data, .. } = &panel.body {
                assert!(data.iter().all(|x| x.is_finite()), "the last good weights give finite samples");
            }
        }
        (snapshot.step, snapshot.fingerprint, snapshot.sentence)
    };
    assert_eq!(at(1), at(0), "where a run diverges does not depend on how steps are grouped");
    let error = {
        let mut s = session(link, Engine::Cpu);
        run_to_end(&mut s);
        pollster::block_on(s.save()).unwrap_err()
    };
    assert!(error.contains("diverged"), "{error}");
}

fn run_to_end(s: &mut Session) {
    while s.status() != Status::Diverged {
        pollster::block_on(s.advance(|_| true, 100)).unwrap();
    }
}
