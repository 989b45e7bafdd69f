//! A move of D leaves the samples where they are, a move of G leaves what D says; at first D can only guess.

use super::{Lesson, after, figure, five};
use gan_playground::look::panel::Body;
use gan_playground::session::{Hand, Session};

/// The samples of G, and what D says of the plane.
fn seen(s: &mut Session) -> [Vec<f32>; 2] {
    let snapshot = pollster::block_on(s.snapshot()).unwrap();
    let of = |name| match &snapshot.panels.iter().find(|p| p.name == name).unwrap().body {
        Body::Points { data, .. } | Body::Field { data, .. } => data.clone(),
        _ => unreachable!("points, or a field"),
    };
    [of("generated"), of("field")]
}

#[test]
fn each_move_changes_one_thing() {
    five(|seed| {
        let mut s = after(&Lesson::of("sight").link(seed), 100);
        let [samples, field] = seen(&mut s);
        pollster::block_on(s.by_hand(Hand::Move("d"))).unwrap();
        let [still, changed] = seen(&mut s);
        assert!(samples == still && field != changed, "seed {seed}: D's move");
        pollster::block_on(s.by_hand(Hand::Move("g"))).unwrap();
        let [moved, same] = seen(&mut s);
        assert!(samples != moved && changed == same, "seed {seed}: G's move");
    });
}

#[test]
fn at_first_d_can_only_guess() {
    let losses = five(|seed| figure(&mut after(&Lesson::of("sight").link(seed), 1), "loss_d"));
    assert!(losses.iter().all(|loss| (loss - 4f64.ln()).abs() < 0.1), "{losses:?}");
}
