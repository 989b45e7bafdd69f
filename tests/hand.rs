//! Samples made by hand: those of a number are the ones that are shown, and looking moves nothing.

mod common;

use common::{fingerprint, run, session};
use gan_playground::device::Engine;
use gan_playground::experiment::Pick;
use gan_playground::look::panel::{Body, Role};
use gan_playground::session::{Handmade, Session};

fn made(session: &mut Session, texts: &[&str]) -> Handmade {
    let picks: Vec<Pick> = texts.iter().map(|text| Pick::parse(text).unwrap()).collect();
    pollster::block_on(session.by_code(&picks)).unwrap()
}

/// The samples that are shown, numbers in a row.
fn shown(session: &mut Session, features: usize) -> Vec<Vec<f32>> {
    let snapshot = pollster::block_on(session.snapshot()).unwrap();
    let found = snapshot.panels.iter().find_map(|panel| match &panel.body {
        Body::Points { role: Role::Generated, data, .. } | Body::Images { role: Role::Generated, data, .. } => {
            Some(data)
        }
        _ => None,
    });
    found.unwrap().chunks_exact(features).map(<[f32]>::to_vec).collect()
}

#[test]
fn numbered_samples_are_those_of_the_sheet() {
    let games = [
        ("data=ring8&g=16&d=16&batch=32", 2, ["3", "17"], [3, 17]),
        ("family=vae&data=moons&layers=16&batch=32", 2, ["3", "17"], [3, 17]),
        ("data=mnist&images=500&g=16&d=16&batch=16", 784, ["3", "17"], [3, 17]),
        // A row of the sheet is one noise in ten classes.
        ("family=cgan&data=mnist&images=500&body=mlp&g=16&d=16&batch=16", 784, ["0@y:7", "2@y:3"], [7, 23]),
    ];
    for (link, features, picks, places) in games {
        let mut s = session(link, Engine::Cpu);
        run(&mut s, 5);
        let all = shown(&mut s, features);
        let found = made(&mut s, &picks);
        assert_eq!(found.samples.len(), 2 * features, "{link}");
        for (sample, place) in found.samples.chunks_exact(features).zip(places) {
            let gap = sample.iter().zip(&all[place]).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(gap < 1e-5, "{link}: {gap}");
        }
        assert_eq!(found.codes.len(), 2 * found.columns);
    }
}

#[test]
fn ways_begin_and_end_at_samples_and_numbers_are_moved() {
    let mut s = session("data=ring8&g=16&d=16&batch=32", Engine::Cpu);
    run(&mut s, 5);
    let found = made(&mut s, &["4", "9", "4~9:0", "4~9:1", "4@1:2.5", "4-4_9"]);
    let codes: Vec<&[f32]> = found.codes.chunks_exact(2).collect();
    let near = |a: &[f32], b: &[f32]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-6);
    assert!(near(codes[2], codes[0]) && near(codes[3], codes[1]) && near(codes[5], codes[1]));
    assert_eq!(codes[4], [codes[0][0], 2.5]);
    assert!(found.about.iter().all(|about| about.believed.is_some_and(|p| (0.0..=1.0).contains(&p))));
    assert!(found.about.iter().all(|about| about.class.is_none() && about.taken.is_none()));
}

#[test]
fn looking_moves_nothing() {
    let link = "family=cgan&data=mnist&images=500&body=mlp&g=16&d=16&batch=16";
    let (mut s, mut other) = (session(link, Engine::Cpu), session(link, Engine::Cpu));
    run(&mut s, 4);
    run(&mut other, 4);
    let found = made(&mut s, &["0@y:7", "1~2:0.3", "7.9-1_2"]);
    assert_eq!(found.about.iter().map(|about| about.class).collect::<Vec<_>>(), [Some(7), Some(1), Some(7)]);
    assert!(found.about.iter().all(|about| about.taken.is_some_and(|(_, sure)| (0.1..=1.0).contains(&sure))));
    pollster::block_on(s.nearest(&Pick::parse("0@y:7").unwrap())).unwrap().unwrap();
    run(&mut s, 4);
    run(&mut other, 4);
    assert_eq!(fingerprint(&mut s), fingerprint(&mut other));
}

#[test]
fn an_autoencoder_s_codes_are_those_of_real_data_and_what_is_near_is_found() {
    let mut s = session("family=autoencoder&data=mnist&images=500&layers=64&batch=32", Engine::Cpu);
    run(&mut s, 150);
    // Of 500 images, those from which codes come are the first, and so on.
    let near = pollster::block_on(s.nearest(&Pick::parse("0").unwrap())).unwrap().unwrap();
    let far = pollster::block_on(s.nearest(&Pick::parse("0@0:8@1:-8@2:8").unwrap())).unwrap().unwrap();
    assert!(near.pixels.len() == 784 && near.distance < far.distance, "{} {}", near.distance, far.distance);
    // A family without codes makes nothing.
    let mut none = session("family=kde&data=moons", Engine::Cpu);
    assert_eq!(made(&mut none, &["0"]), Handmade::default());
}

#[test]
fn of_chosen_classes_nothing_else_is_learned_shown_or_tested() {
    let mut s = session("data=mnist&images=2000&classes=3,8&g=16&d=16&batch=16&seed=3", Engine::Cpu);
    run(&mut s, 100);
    pollster::block_on(s.evaluate()).unwrap();
    let snapshot = pollster::block_on(s.snapshot()).unwrap();
    let names: Vec<&str> = snapshot.metrics.iter().map(|metric| metric.name).collect();
    assert!(names.contains(&"chosen") && !names.contains(&"fd"), "{names:?}");
    let value = |name: &str| snapshot.metrics.iter().find(|metric| metric.name == name).unwrap();
    assert!(value("sure").ideal.is_none());
    // The nearest of the training images to anything is of a chosen class.
    for pick in ["0", "9", "31"] {
        let near = pollster::block_on(s.nearest(&Pick::parse(pick).unwrap())).unwrap().unwrap();
        assert!(["3", "8"].contains(&near.label.en), "{}", near.label.en);
    }
    // All of them is no choice, and of none of them nothing can be learned.
    let all = gan_playground::link::parse("data=mnist&classes=9,8,7,6,5,4,3,2,1,0").0;
    assert!(!gan_playground::link::write(&all).contains("classes"));
    let (few, _) = gan_playground::link::parse("data=mnist&images=2&classes=7");
    let mut few = Session::new(few, pollster::block_on(Engine::Cpu.start()).unwrap()).unwrap();
    let refused = few.provide(0, &common::shard(0)).unwrap_err();
    assert!(refused.contains("none of the first 2 images"), "{refused}");
}
