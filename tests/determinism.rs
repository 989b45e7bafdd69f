//! The result of a run depends on the experiment and the step alone.

mod common;

use common::{fingerprint, run, session, shard, weights};
use gan_playground::device::Engine;
use gan_playground::kernel::pool;
use gan_playground::look::panel::{Body, Role};
use gan_playground::session::Status;

const SMALL: &str = "v=1&g=16,16&d=16,16&batch=32";

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

/// What the browser computes, see `tests/browser/bits.test.mjs`, which reads the same file. A change of these numbers is a
/// change of what every link means.
#[test]
fn a_native_build_gives_the_bits_of_the_browser() {
    let pinned: serde_json::Map<String, serde_json::Value> = serde_json::from_str(include_str!("bits.json")).unwrap();
    assert!(pinned.len() > 5);
    for (link, expected) in pinned {
        let mut s = session(&link, Engine::Cpu);
        let steps = s.experiment().get(&gan_playground::experiment::STOP);
        run(&mut s, steps);
        assert_eq!(fingerprint(&mut s), expected, "{link}");
    }
}

#[test]
fn the_result_does_not_depend_on_threads() {
    let print = || {
        // D's layers are large enough to be shared.
        ["v=1&batch=256&g=128,128&d=128,128", "v=1&batch=1024&g=8&d=1024,4"].map(|link| {
            let mut s = session(link, Engine::Cpu);
            run(&mut s, 4);
            fingerprint(&mut s)
        })
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
    assert_eq!(print("v=1&seed=3&g=8&d=8"), print("v=1&seed=3&g=8&d=8"));
    assert_ne!(print("v=1&seed=3&g=8&d=8"), print("v=1&seed=4&g=8&d=8"));
    assert_ne!(print("v=1&seed=3&g=8&d=8"), print("v=1&seed=3&g=8&d=8&glr=0.002"));
    assert_eq!(print("v=1&seed=3&g=8&d=8"), print("v=1&seed=3&g=8&d=8&engine=cpu&stop=50"));
}

#[test]
fn a_saved_run_continues_to_the_same_bits() {
    for link in [
        SMALL.to_string(),
        format!("{SMALL}&gopt=sgd&dsteps=3&noise=uniform"),
        format!("{SMALL}&gopt=rmsprop&gb2=0.9&dopt=sgd&ema=0.9"),
        format!("{SMALL}&gopt=sgd&ema=0.9"),
    ] {
        let mut straight = session(&link, Engine::Cpu);
        run(&mut straight, 90);
        let mut first = session(&link, Engine::Cpu);
        run(&mut first, 37);
        let state = pollster::block_on(first.save()).unwrap();
        let mut second = session(&link, Engine::Cpu);
        second.load(&state).unwrap();
        run(&mut second, 53);
        assert_eq!(fingerprint(&mut straight), fingerprint(&mut second));
        let sample = |session: &mut gan_playground::session::Session| pollster::block_on(session.sample(5)).unwrap();
        assert_eq!(sample(&mut straight), sample(&mut second), "what is shown, by a running mean too");

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

/// The word and the sentence, what the metrics are, and the panels.
fn seen(
    session: &mut gan_playground::session::Session,
) -> (String, Vec<(&'static str, f64)>, Vec<gan_playground::look::panel::Panel>) {
    let snapshot = pollster::block_on(session.snapshot()).unwrap();
    let metrics = snapshot.metrics.iter().map(|m| (m.name, m.value)).collect();
    (format!("{} {}", snapshot.status, snapshot.sentence), metrics, snapshot.panels)
}

/// A mean so slow that it would look like a collapse.
#[test]
fn a_running_mean_shows_in_panels_and_metrics_and_not_in_health() {
    let link = "v=1&g=32,32&d=32,32&batch=64";
    let mut plain = session(link, Engine::Cpu);
    let mut averaged = session(&format!("{link}&ema=0.9999"), Engine::Cpu);
    run(&mut plain, 2500);
    run(&mut averaged, 2500);
    let [(health, metrics, panels), (same, by_mean, from_mean)] = [seen(&mut plain), seen(&mut averaged)];
    assert!(health.starts_with("running") || health.starts_with("good"), "{health}");
    // The words are of what is shown, which lags; the run itself is well, so none of them is an alarm.
    assert!(same.starts_with("running") && same.contains("10000 updates"), "{same}");
    for ((name, value), (_, other)) in metrics.iter().zip(&by_mean) {
        // How D does and the losses are of the game itself; the others are of what is shown.
        let of_the_game = ["d_", "loss_", "grad_"].iter().any(|of| name.starts_with(of));
        assert_eq!(value == other, of_the_game, "{name}: {value}, {other}");
    }
    for (panel, other) in panels.iter().zip(&from_mean) {
        let same = match (&panel.body, &other.body) {
            (Body::Points { data: a, .. }, Body::Points { data: b, .. }) => a == b,
            (Body::Field { data: a, .. }, Body::Field { data: b, .. }) => a == b,
            _ => continue,
        };
        let generated = matches!(panel.body, Body::Points { role: Role::Generated, .. });
        assert_eq!(same, !generated, "only the generated points come from the mean");
    }
}

#[test]
fn a_running_mean_changes_what_is_shown_and_no_weight() {
    let mut plain = session(SMALL, Engine::Cpu);
    let mut averaged = session(&format!("{SMALL}&ema=0.9"), Engine::Cpu);
    let sample = |session: &mut gan_playground::session::Session| pollster::block_on(session.sample(5)).unwrap();
    assert_eq!(sample(&mut plain), sample(&mut averaged), "before the first update the mean is the weights");
    run(&mut plain, 30);
    run(&mut averaged, 30);
    assert_eq!(fingerprint(&mut plain), fingerprint(&mut averaged));
    let [shown, by_mean] = [sample(&mut plain), sample(&mut averaged)];
    assert!(shown != by_mean && by_mean.iter().all(|x| x.is_finite()), "{shown:?}, {by_mean:?}");
}

#[test]
fn a_diverged_run_gives_back_a_finite_running_mean() {
    let mut s =
        session(&format!("{SMALL}&gopt=sgd&dopt=sgd&glr=10&dlr=10&objective=leastsquares&ema=0.5"), Engine::Cpu);
    let progress = pollster::block_on(s.advance(|_| true, 2000)).unwrap();
    assert_eq!(progress.status, Status::Diverged);
    assert!(pollster::block_on(s.sample(20)).unwrap().iter().all(|x| x.is_finite()));
}

#[test]
fn images_arrive_late_and_change_nothing() {
    let link = "data=mnist&images=10200&batch=512&g=8&d=8";
    let mut early = session(link, Engine::Cpu);
    early.provide(1, &shard(1)).unwrap();
    run(&mut early, 24);

    let mut late = session(link, Engine::Cpu);
    let progress = pollster::block_on(late.advance(|_| true, 24)).unwrap();
    // 10,000 images make 19 whole batches of 512; the twentieth needs the second shard.
    assert_eq!((progress.step, progress.status), (19, Status::Waiting));
    assert_eq!(late.needs().unwrap().shard, 1);
    run(&mut late, 0);
    common::provide(&mut late);
    run(&mut late, 5);
    assert_eq!(fingerprint(&mut early), fingerprint(&mut late));
}

#[test]
fn the_halves_of_a_step_are_a_step_and_any_other_order_is_a_detour() {
    use gan_playground::session::Hand;
    let by_hand =
        |s: &mut gan_playground::session::Session, name| pollster::block_on(s.by_hand(Hand::Move(name))).unwrap().step;
    let look = |s: &mut gan_playground::session::Session| {
        let snapshot = pollster::block_on(s.snapshot()).unwrap();
        (snapshot.step, snapshot.half, snapshot.detour)
    };
    let mut s = session(SMALL, Engine::Cpu);
    run(&mut s, 2);
    let [g, d] = weights(&mut s);
    assert_eq!(by_hand(&mut s, "d"), 2, "half a step is none");
    assert_eq!(look(&mut s), (2, true, false));
    let [g_half, d_half] = weights(&mut s);
    assert!(g == g_half && d != d_half, "only D moved");
    // Saved and loaded between the halves.
    let state = pollster::block_on(s.save()).unwrap();
    let mut s = session(SMALL, Engine::Cpu);
    s.load(&state).unwrap();
    assert_eq!(by_hand(&mut s, "g"), 3);
    assert_eq!(look(&mut s), (3, false, false));
    by_hand(&mut s, "d");
    run(&mut s, 2);
    let mut straight = session(SMALL, Engine::Cpu);
    run(&mut straight, 5);
    assert_eq!(fingerprint(&mut s), fingerprint(&mut straight), "halves are a step to the bit");

    let [_, d] = weights(&mut s);
    assert_eq!(by_hand(&mut s, "g"), 5, "G alone is no step");
    assert!(weights(&mut s)[1] == d, "only G moved");
    assert_eq!(look(&mut s), (5, false, true));
    let mut s = session(SMALL, Engine::Cpu);
    by_hand(&mut s, "d");
    by_hand(&mut s, "d");
    assert_eq!(look(&mut s), (0, true, true), "D twice");
    assert_eq!(pollster::block_on(s.by_hand(Hand::Step)).unwrap().step, 1, "what is left of it");
    let said = pollster::block_on(s.by_hand(Hand::Move("e"))).unwrap_err();
    assert_eq!(said, "a move is “step”, “d”, “g”, not “e”");
}

#[test]
fn a_run_may_be_left_between_any_two_moves() {
    let link = "v=1&g=8&d=8&batch=16&dsteps=3&gsteps=2&dopt=rmsprop&ema=0.9";
    let mut straight = session(link, Engine::Cpu);
    run(&mut straight, 40);
    let mut s = session(link, Engine::Cpu);
    let mut calls = 0;
    while s.step() < 40 {
        // The time is over after every move, and the run goes on elsewhere after some.
        pollster::block_on(s.advance(|_| false, 0)).unwrap();
        calls += 1;
        if calls % 7 == 0 {
            let state = pollster::block_on(s.save()).unwrap();
            s = session(link, Engine::Cpu);
            s.load(&state).unwrap();
        }
    }
    assert_eq!(calls, 40 * 5);
    assert_eq!(fingerprint(&mut s), fingerprint(&mut straight));
}

/// Everything that can change in a run, at steps that are no multiples of anything.
const TUNED: &str = "v=1&g=16,16&d=16,16&batch=32&37:glr=0.0002&37:gopt=sgd&50:ema=0.9&61:batch=8&61:dsteps=3&70:noise=uniform\
                     &77:objective=leastsquares&77:gopt=adam&80:dact=tanh&83:schedule=linear&83:decay=100&90:db1=0.9&90:ema=0";

#[test]
fn a_tuned_run_is_reproduced_from_its_link() {
    let (whole, problems) = gan_playground::link::parse(TUNED);
    assert_eq!(problems, vec![]);
    let expected = |engine| {
        let mut s = session(TUNED, engine);
        run(&mut s, 230);
        fingerprint(&mut s)
    };
    assert_ne!(expected(Engine::Cpu), {
        let mut s = session(SMALL, Engine::Cpu);
        run(&mut s, 230);
        fingerprint(&mut s)
    });
    // As a person does it: step by step, each change when its step is reached, with looks in between.
    let mut live = session(SMALL, Engine::Cpu);
    for change in whole.changes() {
        let left = change.step - live.step();
        run(&mut live, left);
        let text = gan_playground::link::write(live.experiment());
        let (tuned, problems) = gan_playground::link::tune(&text, live.step(), [(change.field, change.text.as_str())]);
        assert_eq!(problems, vec![]);
        live.tune(tuned).unwrap();
        pollster::block_on(live.snapshot()).unwrap();
    }
    run(&mut live, 140);
    assert_eq!(live.step(), 230);
    assert_eq!(live.experiment(), &whole);
    assert_eq!(fingerprint(&mut live), expected(Engine::Cpu));
    // On the other engine too, where it gives other bits.
    assert_eq!(expected(Engine::Ndarray), expected(Engine::Ndarray));
}

#[test]
fn a_saved_run_goes_on_through_changes_and_branches() {
    let mut straight = session(TUNED, Engine::Cpu);
    run(&mut straight, 120);
    for at in [36, 37, 38, 61, 78, 90, 95] {
        let mut first = session(TUNED, Engine::Cpu);
        run(&mut first, at);
        let state = pollster::block_on(first.save()).unwrap();
        let mut second = session(TUNED, Engine::Cpu);
        second.load(&state).unwrap();
        run(&mut second, 120 - at);
        assert_eq!(fingerprint(&mut straight), fingerprint(&mut second), "saved at {at}");
        let (link, step) = gan_playground::session::inspect(&state).unwrap();
        assert_eq!(step, at);
        // Its own link opens it, and so does every other that agrees up to there.
        session(&link, Engine::Cpu).load(&state).unwrap();
        session(&format!("{link}&95:glr=0.01&stop=500"), Engine::Cpu).load(&state).unwrap();
        let other = session(&format!("{link}&30:glr=0.01"), Engine::Cpu).load(&state);
        assert!(other.unwrap_err().contains("another experiment"));
    }
    let other = gan_playground::link::parse(&format!("{TUNED}&5:batch=4")).0;
    assert!(straight.tune(other).unwrap_err().contains("step 120"), "the past cannot be changed");
}

#[test]
fn play_goes_on_after_a_stop() {
    let mut s = session(&format!("{SMALL}&stop=20"), Engine::Cpu);
    run(&mut s, 20);
    assert_eq!(s.status(), Status::Stopped);
    let further = gan_playground::link::parse(SMALL).0;
    s.tune(further).unwrap();
    run(&mut s, 10);
    let mut straight = session(SMALL, Engine::Cpu);
    run(&mut straight, 30);
    assert_eq!(fingerprint(&mut s), fingerprint(&mut straight));
}

#[test]
fn one_evaluation_serves_metrics_and_words() {
    let mut s = session("v=1&batch=1&stop=470", Engine::Cpu);
    run(&mut s, 470);
    let snapshot = pollster::block_on(s.snapshot()).unwrap();
    assert_eq!((snapshot.step, snapshot.metrics_step), (470, 470));
    let metric = |name| snapshot.metrics.iter().find(|m| m.name == name).unwrap().value;
    let said = snapshot.sentence.to_string();
    let accuracy = format!("D recognises {:.0} % of the real and {:.0} % of", metric("d_real"), metric("d_generated"));
    assert!(said.contains(&accuracy), "{accuracy} in {said}");
    assert_ne!(snapshot.status, "good");
    // A look by hand refreshes both, and leaves no trace in what health goes by.
    let mut blind = session(SMALL, Engine::Cpu);
    let mut watched = session(SMALL, Engine::Cpu);
    for _ in 0..33 {
        run(&mut watched, 11);
        pollster::block_on(watched.evaluate()).unwrap();
        let snapshot = pollster::block_on(watched.snapshot()).unwrap();
        assert_eq!(snapshot.metrics_step, snapshot.step);
    }
    run(&mut blind, 363);
    pollster::block_on(blind.evaluate()).unwrap();
    assert_eq!(seen(&mut blind).0, seen(&mut watched).0);
    assert_eq!(seen(&mut blind).1, seen(&mut watched).1);
}
