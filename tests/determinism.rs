//! The result of a run depends on the experiment and the step alone.

mod common;

use common::{fingerprint, run, session, shard, weights};
use gan_playground::device::Engine;
use gan_playground::kernel::pool;
use gan_playground::session::Status;

const SMALL: &str = "g=16,16&d=16,16&batch=32";

#[test]
fn the_result_does_not_depend_on_how_steps_are_grouped() {
    for engine in [Engine::Cpu, Engine::Ndarray] {
        let mut whole = session(SMALL, engine);
        run(&mut whole, 230);
        let mut single = session(SMALL, engine);
        (0..230).for_each(|_| run(&mut single, 1));
        let mut mixed = session(SMALL, engine);
        for steps in [3, 13, 100, 1, 64, 49] {
            run(&mut mixed, steps);
        }
        let expected = fingerprint(&mut whole);
        assert_eq!(expected, fingerprint(&mut single), "{engine:?}, one by one");
        assert_eq!(expected, fingerprint(&mut mixed), "{engine:?}, in groups");
    }
}

#[test]
fn the_result_does_not_depend_on_who_looked() {
    let mut blind = session(SMALL, Engine::Cpu);
    run(&mut blind, 120);
    let mut watched = session(SMALL, Engine::Cpu);
    for _ in 0..24 {
        run(&mut watched, 5);
        pollster::block_on(async {
            watched.snapshot().await.unwrap();
            watched.evaluate().await.unwrap();
            watched.sample(10).await.unwrap();
            watched.probe([0.3, -0.4]).await.unwrap();
            watched.save().await.unwrap();
        });
    }
    assert_eq!(fingerprint(&mut blind), fingerprint(&mut watched));
}

/// What the browser computes, see `tests/browser/bits.test.mjs`. A change of these numbers is a change of what every link means.
#[test]
fn a_native_build_gives_the_bits_of_the_browser() {
    for (link, expected) in [
        ("v=1&data=moons&batch=32&g=16,16&d=16,16&seed=3&stop=200", "bb77dc77"),
        ("v=1&data=grid25&g=33,17&d=21,50&gact=tanh&dact=tanh&stop=100", "b63add10"),
    ] {
        let mut s = session(link, Engine::Cpu);
        let steps = s.experiment().stop;
        run(&mut s, steps);
        assert_eq!(fingerprint(&mut s), expected, "{link}");
    }
}

#[test]
fn the_result_does_not_depend_on_threads() {
    let print = || {
        // D's layers are large enough to be shared.
        let mut s = session("v=1&batch=256&g=128,128&d=128,128", Engine::Cpu);
        run(&mut s, 4);
        fingerprint(&mut s)
    };
    let alone = print();
    pool::start(3);
    assert_eq!(print(), alone, "three threads");
    pool::announce(1);
}

#[test]
fn seeds_and_settings_matter_and_repeat() {
    let print = |link: &str| {
        let mut s = session(link, Engine::Cpu);
        run(&mut s, 20);
        fingerprint(&mut s)
    };
    assert_eq!(print("seed=3&g=8&d=8"), print("seed=3&g=8&d=8"));
    assert_ne!(print("seed=3&g=8&d=8"), print("seed=4&g=8&d=8"));
    assert_ne!(print("seed=3&g=8&d=8"), print("seed=3&g=8&d=8&glr=0.002"));
    assert_eq!(print("seed=3&g=8&d=8"), print("seed=3&g=8&d=8&engine=cpu&stop=50"));
}

#[test]
fn a_saved_run_continues_to_the_same_bits() {
    for link in [SMALL.to_string(), format!("{SMALL}&gopt=sgd&dsteps=3&noise=uniform")] {
        let mut straight = session(&link, Engine::Cpu);
        run(&mut straight, 90);
        let mut first = session(&link, Engine::Cpu);
        run(&mut first, 37);
        let state = pollster::block_on(first.save()).unwrap();
        let mut second = session(&link, Engine::Cpu);
        second.load(&state).unwrap();
        run(&mut second, 53);
        assert_eq!(fingerprint(&mut straight), fingerprint(&mut second));

        // Damage anywhere, and a state of another experiment, are refused, and nothing has changed then.
        let before = fingerprint(&mut second);
        for cut in [0, 3, 4, 100, state.len() - 1] {
            assert!(second.load(&state[..cut]).is_err(), "cut at {cut}");
        }
        for at in [0, 4, 40, 200, state.len() / 2, state.len() - 33, state.len() - 1] {
            let mut flipped = state.clone();
            flipped[at] ^= 1;
            assert!(second.load(&flipped).is_err(), "flipped at {at}");
        }
        assert_eq!(fingerprint(&mut second), before);
        let error = session("data=moons", Engine::Cpu).load(&state).unwrap_err();
        assert!(error.contains("another experiment"), "{error}");
    }
}

#[test]
fn images_arrive_late_and_change_nothing() {
    let link = "data=mnist&images=10200&batch=512&g=8&d=8";
    let mut early = session(link, Engine::Cpu);
    early.provide(1, &shard(1)).unwrap();
    run(&mut early, 24);

    let mut late = session(link, Engine::Cpu);
    let progress = pollster::block_on(late.advance(|| true, 24)).unwrap();
    // 10,000 images make 19 whole batches of 512; the twentieth needs the second shard.
    assert_eq!((progress.step, progress.status), (19, Status::Waiting));
    assert_eq!(late.needs().unwrap().shard, 1);
    run(&mut late, 0);
    common::provide(&mut late);
    run(&mut late, 5);
    assert_eq!(fingerprint(&mut early), fingerprint(&mut late));
}

#[test]
fn a_half_step_is_a_detour_that_moves_one_player_only() {
    use gan_playground::train::supply::Turns;
    let mut s = session(SMALL, Engine::Cpu);
    run(&mut s, 2);
    assert!(!pollster::block_on(s.snapshot()).unwrap().detour);
    let [g, d] = weights(&mut s);
    let progress = pollster::block_on(s.step_by_hand(Turns::Generator)).unwrap();
    assert_eq!(progress.step, 3);
    let [g_after, d_after] = weights(&mut s);
    assert!(g != g_after && d == d_after, "only G moved");
    pollster::block_on(s.step_by_hand(Turns::Discriminator)).unwrap();
    let [g_last, d_last] = weights(&mut s);
    assert!(g_after == g_last && d_after != d_last, "only D moved");
    assert!(pollster::block_on(s.snapshot()).unwrap().detour);
    let whole = pollster::block_on(s.step_by_hand(Turns::Both)).unwrap();
    assert_eq!((whole.step, whole.ran), (5, 1));
}
