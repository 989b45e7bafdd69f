//! Saved runs that are forged, damaged or of another experiment are refused, and the run goes on as it was.

mod common;

use common::{fingerprint, run, session};
use gan_playground::device::Engine;

const SMALL: &str = "v=1&g=16,16&d=16,16&batch=32";

/// What a forger alters: facts, the list of tensors, their numbers.
type Alteration<'a> = &'a dyn Fn(&mut serde_json::Value, &mut serde_json::Value, &mut Vec<u8>);

/// What a forger could write: other facts, other tensors, other numbers, and the digest that belongs to them.
fn forged(state: &[u8], alter: Alteration<'_>) -> Vec<u8> {
    use sha2::Digest;
    let length = u64::from_le_bytes(state[..8].try_into().unwrap()) as usize;
    let mut head: serde_json::Value = serde_json::from_slice(&state[8..8 + length]).unwrap();
    let mut numbers = state[8 + length..].to_vec();
    let entry = head["__metadata__"]["gan-playground"].as_str().unwrap()[64..].to_owned();
    let mut facts: serde_json::Value = serde_json::from_str(&entry).unwrap();
    alter(&mut facts, &mut head, &mut numbers);
    let facts = facts.to_string();
    let digest = sha2::Sha256::new().chain_update(&facts).chain_update(&numbers).finalize();
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    head["__metadata__"]["gan-playground"] = format!("{digest}{facts}").into();
    let head = serde_json::to_vec(&head).unwrap();
    [&(head.len() as u64).to_le_bytes(), head.as_slice(), &numbers].concat()
}

/// Where its moves are others than at the state's step.
#[test]
fn a_tuned_run_goes_on_as_it_was_after_a_forged_state() {
    let link = format!("{SMALL}&6:gsteps=3");
    let mut s = session(&link, Engine::Cpu);
    run(&mut s, 5);
    let state = pollster::block_on(s.save()).unwrap();
    run(&mut s, 15);
    let mut taker = session(&link, Engine::Cpu);
    run(&mut taker, 12);
    let bytes = forged(&state, &|facts, _, _| facts["feed"]["stream"] = "nowhere".into());
    assert!(taker.load(&bytes).unwrap_err().contains("stream"));
    run(&mut taker, 8);
    assert_eq!(fingerprint(&mut taker), fingerprint(&mut s));
}

#[test]
fn a_state_that_does_not_fit_its_experiment_is_refused() {
    let link = format!("{SMALL}&ema=0.9");
    let mut s = session(&link, Engine::Cpu);
    run(&mut s, 5);
    let state = pollster::block_on(s.save()).unwrap();
    let length = u64::from_le_bytes(state[..8].try_into().unwrap()) as usize;
    let forge = |alter: Alteration<'_>| {
        let bytes = forged(&state, alter);
        let mut taker = session(&link, Engine::Cpu);
        run(&mut taker, 2);
        let before = fingerprint(&mut taker);
        let outcome = taker.load(&bytes);
        assert!(outcome.is_ok() || fingerprint(&mut taker) == before, "a run goes on as it was");
        outcome
    };
    assert_eq!(forge(&|_, _, _| ()), Ok(()), "what is not altered is taken");
    let old = forge(&|facts, _, _| facts["format"] = 1.into()).unwrap_err();
    assert!(old.contains("format 1"), "{old}");
    let unknown = forge(&|facts, _, _| {
        facts["format"] = 9.into();
        facts.as_object_mut().unwrap().remove("counts");
    });
    assert!(unknown.unwrap_err().contains("format 9"));
    type Forgery<'a> = (&'a str, &'a dyn Fn(&mut serde_json::Value));
    let facts: [Forgery<'_>; 7] = [
        ("updates beyond the steps", &|facts| facts["counts"]["d.updates"] = u32::MAX.into()),
        ("a count too few", &|facts| drop(facts["counts"].as_object_mut().unwrap().remove("d.updates"))),
        ("a count too many", &|facts| facts["counts"]["e.updates"] = 1.into()),
        ("a place beyond the step", &|facts| facts["place"] = 2.into()),
        ("a loss too many", &|facts| facts["losses"].as_array_mut().unwrap().push(1.into())),
        ("a history of other losses", &|facts| facts["history"]["open"]["sum"] = serde_json::json!([1.0])),
        ("a history too long", &|facts| {
            let bin = facts["history"]["open"].clone();
            facts["history"]["bins"] = vec![bin; 5_000].into();
        }),
    ];
    for (what, alter) in facts {
        assert!(forge(&|facts, _, _| alter(facts)).is_err(), "{what} was taken");
    }
    for (from, to) in [("g.average", "d.average"), ("g.first", "g.third"), ("d.weights", "e.weights")] {
        let renamed = forge(&|_, head, _| {
            let tensor = head.as_object_mut().unwrap().remove(from).unwrap();
            head[to] = tensor;
        });
        assert!(renamed.unwrap_err().contains("altered"), "{from} as {to} was taken");
    }
    let not_finite = forge(&|_, _, numbers| numbers[..4].copy_from_slice(&f32::NAN.to_le_bytes()));
    assert!(not_finite.unwrap_err().contains("altered"));
    let longer = forge(&|_, _, numbers| numbers.extend([0; 4]));
    assert!(longer.unwrap_err().contains("altered"));
    for end in [0, 7, 8, length, state.len() - 1] {
        assert!(session(&link, Engine::Cpu).load(&state[..end]).unwrap_err().contains("cut short"), "{end} bytes");
    }
    // The form before this one.
    let header = br#"{"format":3,"experiment":"v=1"}"#;
    let older = [&(header.len() as u32).to_le_bytes(), header.as_slice(), &[0; 40]].concat();
    let said = session(&link, Engine::Cpu).load(&older).unwrap_err();
    assert_eq!(said, "this run was saved in format 3, this program reads 4");
}

#[test]
fn the_best_so_far_is_held_and_leads_where_the_link_leads() {
    let link = "v=2&d=8,8&ema=0";
    let mut s = session(link, Engine::Cpu);
    assert_eq!(pollster::block_on(s.save_best()).unwrap(), None, "nothing was looked at yet");
    run(&mut s, 1_200);
    let seen = pollster::block_on(s.snapshot()).unwrap();
    let best = seen.best.unwrap();
    assert!(seen.best_held && best.step < 1_200 && best.value > 0.0, "{best:?}");
    let state = pollster::block_on(s.save_best()).unwrap().unwrap();
    let mut there = session(link, Engine::Cpu);
    there.load(&state).unwrap();
    assert_eq!(there.step(), best.step);
    let shown = pollster::block_on(there.snapshot()).unwrap();
    assert_eq!((shown.metrics_step, shown.metrics[0].value), (best.step, best.value), "it is seen as it was");
    run(&mut there, 1_200 - best.step);
    assert_eq!(fingerprint(&mut there), seen.fingerprint, "from there the run goes as it went");
    // Of a run that goes on from a state, what was before it is not known.
    let later = pollster::block_on(s.save()).unwrap();
    let mut later_on = session(link, Engine::Cpu);
    later_on.load(&later).unwrap();
    let seen = pollster::block_on(later_on.snapshot()).unwrap();
    assert_eq!((seen.best.map(|best| best.step), seen.best_held), (Some(best.step), false));
    assert_eq!(pollster::block_on(later_on.save_best()).unwrap(), None);
}
