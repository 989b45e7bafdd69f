//! States of made series of evaluations.

use super::*;

const FINE: Signs = Signs {
    shape: Shape { modes: Some((8, 8)), spread: Some(1.0) },
    own: None,
    quality: Some(0.9),
    distance: Some(2.0),
    offset: Some(0.03),
    accuracy: [Some(0.6), Some(0.55)],
    pulls: [Some(0.1), Some(0.1)],
    sure: Some(0.0),
    scored: Some(1.0),
    named: None,
    newness: None,
    turns: [true; 2],
};
const ONE: Signs = Signs { shape: Shape { modes: Some((1, 8)), spread: Some(1.0) }, ..FINE };

fn watched(signs: impl IntoIterator<Item = Signs>) -> Health {
    let mut health = Health::default();
    for (i, signs) in signs.into_iter().enumerate() {
        health.watch(100 * (i as u64 + 1), signs);
    }
    health
}

/// Fine at step 100, then so from step 200 on, for so many steps.
fn after(signs: Signs, steps: u64) -> Health {
    watched(std::iter::once(FINE).chain((0..=steps / 100).map(|_| signs)))
}

#[test]
fn only_a_run_that_matches_the_data_is_good() {
    assert_eq!(after(FINE, 5_000).state(), State::Good);
    assert_eq!(
        after(FINE, 5_000).sentence().to_string(),
        "8 of 8 modes, for 5100 steps now. 90 % of the samples lie on them. D recognises 60 % of the real and 55 % of \
         the generated samples."
    );
    let off = |signs| watched([signs]).state();
    assert_eq!(off(Signs { quality: Some(0.5), ..FINE }), State::Learning, "eight modes touched by strays");
    assert_eq!(off(Signs { shape: Shape { modes: Some((7, 8)), ..FINE.shape }, ..FINE }), State::Learning);
    let plain = Signs { shape: Shape { modes: None, spread: Some(1.0) }, quality: None, ..FINE };
    assert_eq!(off(plain), State::Good);
    assert_eq!(off(Signs { distance: Some(4.5), ..plain }), State::Learning);
    assert_eq!(off(Signs { distance: None, offset: None, ..plain }), State::Learning, "nothing is known");
}

#[test]
fn few_modes_for_long_is_a_collapse_and_a_recovery_ends_it() {
    assert_eq!(after(ONE, 400).state(), State::Learning);
    let mut health = after(ONE, 500);
    assert_eq!(health.state(), State::Collapsed);
    assert_eq!(health.sentence().0[0], Message::FewModes { held: 1, of: 8, steps: 500 });
    health.watch(800, FINE);
    assert_eq!(health.state(), State::Good);
    let passed = health.past().iter().map(|p| (p.state, p.began, p.named));
    let (learning, good) = (State::Learning, State::Good);
    assert!(passed.eq([(good, 100, 100), (learning, 200, 200), (State::Collapsed, 200, 700), (good, 800, 800)]));
}

#[test]
fn a_collapse_is_whole_or_of_some_modes() {
    let held = |held| Signs { shape: Shape { modes: Some((held, 8)), spread: Some(1.0) }, ..ONE };
    let of = |n| after(held(n), 1_500).state();
    assert_eq!(
        [1, 2, 3, 6, 7].map(of),
        [State::Collapsed, State::Collapsed, State::Partial, State::Partial, State::Learning]
    );
    let narrow = Signs { shape: Shape { modes: Some((4, 8)), spread: Some(0.1) }, ..ONE };
    assert_eq!(after(narrow, 1_500).state(), State::Collapsed);
}

#[test]
fn a_sign_must_be_seen_three_times() {
    let seen = |steps: &[u64]| {
        let mut health = Health::default();
        health.watch(1, FINE);
        for step in steps {
            health.watch(*step, ONE);
        }
        health.state()
    };
    assert_eq!(seen(&[1_000, 2_000]), State::Learning);
    assert_eq!(seen(&[1_000, 2_000, 3_000]), State::Collapsed);
}

#[test]
fn of_very_many_states_the_last_are_remembered() {
    let mut health = Health::default();
    for i in 1..=200 {
        health.watch(i, if i % 2 == 0 { FINE } else { Signs { turns: [true, false], ..FINE } });
    }
    assert_eq!(health.past().len(), 64);
    assert_eq!(health.past().last().map(|p| (p.state, p.named)), Some((State::Good, 200)));
}

#[test]
fn samples_too_near_to_training_images_for_long_are_copies() {
    let images = Signs { shape: Shape { modes: None, spread: Some(1.0) }, quality: None, distance: None, ..FINE };
    let of = |newness, steps| after(Signs { newness: Some(newness), ..images }, steps);
    assert_eq!(of(0.9, 2_000).state(), State::Learning);
    assert_eq!(of(0.5, 400).state(), State::Learning);
    assert_eq!(of(0.5, 500).state(), State::Copying);
    assert_eq!(of(0.5, 500).sentence().0[0], Message::Copies { share: 50, steps: 500 });
}

#[test]
fn a_run_that_still_finds_modes_has_not_collapsed() {
    let held = |n| Signs { shape: Shape { modes: Some((n, 25)), spread: Some(1.0) }, quality: Some(0.1), ..FINE };
    assert_eq!(watched((1..=12).flat_map(|n| [held(n); 4])).state(), State::Learning);
    assert_eq!(watched((1..=12).flat_map(|n| [held(n); 4]).chain([held(12); 8])).state(), State::Partial);
    // With more than half of them it takes twice as long.
    let most = |n| watched((1..=16).flat_map(|n| [held(n); 2]).chain(std::iter::repeat_n(held(16), n))).state();
    assert_eq!([most(8), most(20)], [State::Learning, State::Partial]);
}

#[test]
fn no_mode_yet_is_not_a_collapse_but_a_narrow_cloud_is() {
    let none = Signs { shape: Shape { modes: Some((0, 8)), spread: Some(1.0) }, ..FINE };
    assert_eq!(watched([none; 30]).state(), State::Learning);
    let lost = after(none, 2_000);
    assert_eq!(lost.state(), State::Collapsed, "modes that were found and are lost again");
    assert_eq!(lost.sentence().0[0], Message::FewModes { held: 0, of: 8, steps: 2_000 });
    let narrow = Signs { shape: Shape { modes: None, spread: Some(0.1) }, distance: Some(9.0), ..FINE };
    assert_eq!(after(narrow, 2_000).state(), State::Collapsed);
}

#[test]
fn a_mean_that_lags_is_no_collapse() {
    let lagging = Signs { own: Some(FINE.shape), ..ONE };
    assert_eq!(after(lagging, 2_000).state(), State::Learning);
    assert_eq!(after(Signs { own: Some(ONE.shape), ..ONE }, 2_000).state(), State::Collapsed);
}

#[test]
fn d_has_won_when_it_is_right_on_all_for_long() {
    let won = Signs { accuracy: [Some(1.0), Some(0.996)], quality: Some(0.0), ..ONE };
    assert_eq!(watched([won; 5]).state(), State::Learning, "for 400 steps");
    assert_eq!(watched([won; 6]).state(), State::Won);
    let half = Signs { accuracy: [Some(1.0), Some(0.9)], ..won };
    assert_ne!(watched([half; 11]).state(), State::Won);
    assert_eq!(watched([Signs { shape: FINE.shape, quality: Some(0.9), ..won }; 11]).state(), State::Good);
}

#[test]
fn samples_far_from_the_data_are_far_off() {
    let away = Signs { offset: Some(735.0), ..ONE };
    let health = watched([away]);
    assert_eq!(health.state(), State::Far);
    assert_eq!(health.sentence().0[0], Message::Far { times: "735".into() });
    let wide = Signs { shape: Shape { modes: None, spread: Some(3.5) }, offset: None, distance: None, ..FINE };
    assert_eq!(watched([wide]).sentence().0[0], Message::Wide { times: "3.5".into() });
    // As far as any run begins: only if it stays so.
    let start = Signs { quality: Some(0.1), offset: Some(0.7), accuracy: [Some(0.8); 2], ..ONE };
    assert_eq!(watched([start; 5]).state(), State::Learning);
    assert_eq!(watched([start; 6]).state(), State::Far);
}

#[test]
fn few_modes_held_well_are_a_collapse_however_far_the_others_are() {
    let half = |share| Signs {
        shape: Shape { modes: Some((4, 8)), spread: Some(1.0) },
        quality: Some(share),
        offset: Some(0.7),
        accuracy: [Some(0.8); 2],
        ..FINE
    };
    assert_eq!(after(half(0.8), 2_000).state(), State::Partial);
    assert_eq!(after(half(0.2), 2_000).state(), State::Far);
    assert_eq!(after(Signs { offset: Some(2.0), ..half(0.8) }, 2_000).state(), State::Far, "half of them lie far away");
}

#[test]
fn a_run_that_comes_no_nearer_has_stalled() {
    let middling = Signs { quality: Some(0.4), offset: Some(0.2), ..FINE };
    assert_eq!(watched([middling; 50]).state(), State::Learning);
    assert_eq!(watched([middling; 51]).state(), State::Stalled);
    let better = Signs { offset: Some(0.18), ..middling };
    assert_eq!(watched([middling; 51].into_iter().chain([better])).state(), State::Learning);
}

#[test]
fn a_player_without_turns_is_frozen() {
    let d = Signs { turns: [false, true], offset: Some(214.0), ..ONE };
    assert_eq!(watched([d]).state(), State::Frozen);
    assert_eq!(watched([d]).sentence().0[..2], [Message::FrozenD, Message::Far { times: "214".into() }]);
    assert_eq!(watched([Signs { turns: [true, false], ..FINE }]).sentence().0[0], Message::Frozen);
    assert_eq!(watched([Signs { turns: [false, false], ..FINE }]).sentence().0[0], Message::BothFrozen);
}

#[test]
fn accuracy_is_that_of_the_last_evaluations() {
    let look = |a| Signs { accuracy: [Some(a), Some(1.0 - a)], ..FINE };
    let mut health = Health::default();
    let seen: Vec<_> = (1..=20).map(|i| health.watch(i, look(f64::from(i as u32 % 2)))).collect();
    assert_eq!(seen[0], [Some(1.0), Some(0.0)]);
    let unknown = Signs { accuracy: [None, Some(1.0)], ..FINE };
    assert_eq!(Health::default().watch(1, unknown), [None, Some(1.0)]);
    assert!(seen[7..].iter().all(|a| *a == [Some(0.5), Some(0.5)]), "{seen:?}");
}

#[test]
fn samples_that_change_their_modes_hop() {
    // All on one mode at a time, and none held well; or shares that tremble.
    let series = |kinds: &dyn Fn(usize) -> Vec<f64>, steps: usize| {
        let mut health = Health::default();
        for i in 0..=steps / 100 {
            health.count(kinds(i));
            health.watch(100 * (i as u64 + 1), Signs { quality: Some(0.1), ..ONE });
        }
        health
    };
    let jumping = |i: usize| (0..8).map(|mode| if mode == i % 8 { 1.0 } else { 0.0 }).collect();
    let trembling = |i: usize| (0..8).map(|mode| if mode == i % 8 { 0.3 } else { 0.1 }).collect();
    let health = series(&jumping, 600);
    assert_eq!(health.state(), State::Hopping);
    assert_eq!(health.sentence().0[0], Message::Hops { share: 100, steps: 200 });
    assert_eq!(series(&jumping, 400).state(), State::Learning, "four jumps, and for 100 steps");
    assert_eq!(series(&jumping, 500).state(), State::Hopping);
    assert_eq!(series(&trembling, 400).state(), State::Learning);
    assert_eq!(series(&trembling, 600).state(), State::Collapsed);
}

#[test]
fn a_d_that_cannot_tell_what_is_far_apart_lags() {
    let apart = Signs { quality: Some(0.1), offset: Some(0.7), accuracy: [Some(0.5), Some(0.6)], ..ONE };
    assert_eq!(watched([apart; 11]).state(), State::Lagging);
    assert_eq!(watched([apart; 6]).sentence().0[0], Message::Lags { steps: 500 });
    let told = Signs { accuracy: [Some(0.7), Some(0.7)], ..apart };
    assert_eq!(watched([told; 11]).state(), State::Far);
}

#[test]
fn two_codes_on_one_class_are_caught_once_they_are_settled() {
    let images = Signs { shape: Shape { modes: None, spread: Some(1.0) }, quality: None, distance: None, ..FINE };
    let named = |named| Signs { named: Some((named, 10)), ..images };
    let at = |signs, evaluations| watched(vec![signs; evaluations]).state();
    assert_eq!(at(named(9), 19), State::Learning, "at step 1,900 they may still part");
    assert_eq!(at(named(9), 20), State::Doubled);
    assert_eq!(at(named(10), 20), State::Learning);
    assert_eq!(watched([named(9); 20]).sentence().0[0], Message::Doubled { named: 9, of: 10 });
}
