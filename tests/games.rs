//! Every game under every objective and every penalty: it makes steps, stays finite, and goes on from a saved state to the same bits.

mod common;

use common::{fingerprint, run, session};
use gan_playground::device::Engine;
use gan_playground::experiment::{DISCRIMINATOR, INIT, Kind, PENALTY};
use gan_playground::objective::OBJECTIVES;

fn check(link: &str) {
    let mut s = session(link, Engine::Cpu);
    let before = fingerprint(&mut s);
    run(&mut s, 3);
    let state = pollster::block_on(s.save()).unwrap();
    run(&mut s, 2);
    let snapshot = pollster::block_on(s.snapshot()).unwrap();
    assert!(snapshot.fingerprint != before && snapshot.status != "diverged", "{link}: {}", snapshot.status);
    let mut other = session(link, Engine::Cpu);
    other.load(&state).unwrap();
    run(&mut other, 2);
    assert_eq!(fingerprint(&mut other), snapshot.fingerprint, "{link}");
}

#[test]
fn every_objective_is_played_by_every_family_of_games() {
    for objective in OBJECTIVES.iter().map(|objective| objective.name) {
        for family in [
            "family=gan",
            "family=cgan&data=ring8",
            "family=cgan&data=ring8&label=input",
            "family=acgan&data=ring8",
            "family=cyclegan&data=ring8",
        ] {
            check(&format!("{family}&objective={objective}&g=8&d=8&batch=16"));
        }
    }
}

#[test]
fn comparisons_take_real_images_their_labels_and_codes() {
    for objective in ["relativistic", "average"] {
        for family in ["dcgan", "cgan", "cgan&label=input", "acgan", "infogan"] {
            check(&format!("family={family}&data=mnist&images=200&objective={objective}&width=4&batch=8"));
        }
    }
}

#[test]
fn every_penalty_is_taken() {
    let Kind::Choice(penalties) = PENALTY.field.kind else { panic!("penalties are a choice") };
    for penalty in penalties().iter().map(|choice| choice.value) {
        for family in [
            "family=gan",
            "family=cgan&data=ring8",
            "family=cgan&data=ring8&label=input",
            "family=gan&data=mnist&images=200",
        ] {
            check(&format!("{family}&penalty={penalty}&sides=one&lazy=2&g=8&d=8&batch=16"));
        }
    }
}

#[test]
fn units_are_dropped_in_every_game_and_into_a_state() {
    for family in
        ["gan&pac=2", "cgan&data=ring8", "cgan&data=ring8&label=input", "acgan&data=ring8", "gan&objective=average"]
    {
        for penalty in ["none", "gp", "r1"] {
            check(&format!("family={family}&drop=0.5&inoise=0.1&flips=0.1&penalty={penalty}&g=8&d=8,8&batch=16"));
        }
    }
    check("family=dcgan&data=mnist&images=200&drop=0.3&penalty=r1&width=4&batch=8");
    check("family=gan&drop=0.5&g=8&d=none&batch=16");
    let after = |link: &str| {
        let mut s = session(link, Engine::Cpu);
        run(&mut s, 2);
        fingerprint(&mut s)
    };
    assert_ne!(after("g=8&d=8&batch=16&drop=0.5"), after("g=8&d=8&batch=16&drop=0.2"));
    assert_eq!(after("g=8&d=8&batch=16&drop=0"), after("g=8&d=8&batch=16"));
}

#[test]
fn layers_are_normalised_in_every_way_with_every_penalty() {
    for normal in ["gnorm=batch&dnorm=batch", "gnorm=layer&dnorm=layer", "gnorm=batch&dnorm=layer&pac=2&sn=on"] {
        for penalty in ["none", "gp", "r1", "dragan"] {
            check(&format!("family=gan&{normal}&penalty={penalty}&g=8,8&d=8,8&batch=16"));
        }
        let normal = normal.replace("&pac=2", "");
        check(&format!("family=dcgan&data=mnist&images=200&{normal}&penalty=r1&width=4&batch=8"));
        check(&format!("family=cgan&data=mnist&images=200&{normal}&penalty=gp&width=4&batch=8"));
    }
}

#[test]
fn normalised_matrices_go_with_every_penalty_and_into_a_state() {
    for penalty in ["none", "gp", "r1", "clip"] {
        for family in ["family=gan", "family=cgan&data=ring8", "family=gan&data=mnist&images=200"] {
            check(&format!("{family}&penalty={penalty}&sn=on&g=8&d=8&batch=16"));
        }
    }
    check("family=cyclegan&data=ring8&sn=on&g=8&d=8&batch=16");
    check("family=dcgan&data=mnist&images=200&sn=on&width=4&batch=8");
}

#[test]
fn every_optimiser_goes_on_from_a_state() {
    let Kind::Choice(methods) = DISCRIMINATOR.method.field.kind else { panic!("optimisers are a choice") };
    for method in methods().iter().map(|choice| choice.value) {
        let restraint = "gwd=0.01&dwd=0.1&gmax=0.1&dmax=1";
        check(&format!("family=gan&gopt={method}&dopt={method}&{restraint}&ema=0.9&g=8&d=8&batch=16"));
        check(&format!("family=cgan&data=ring8&gopt={method}&dopt={method}&{restraint}&sn=on&g=8&d=8&batch=16"));
    }
    check("family=vae&data=ring8&opt=nesterov&lr=0.001&wd=0.1&max=1&layers=8&batch=16");
}

#[test]
fn a_disturbed_critic_goes_with_what_else_there_is() {
    for family in
        ["family=gan", "family=cgan&data=ring8", "family=acgan&data=ring8", "family=gan&data=mnist&images=200&pac=2"]
    {
        for rest in ["penalty=gp", "penalty=r1&sn=on", "objective=average", "objective=leastsquares&penalty=dragan"] {
            check(&format!("{family}&{rest}&inoise=0.5&flips=0.2&g=8&d=8&batch=16"));
        }
    }
    for family in ["dcgan", "infogan", "cgan"] {
        check(&format!("family={family}&data=mnist&images=200&inoise=0.5&inoisespan=4&flips=0.1&width=4&batch=8"));
    }
}

#[test]
fn every_start_is_played_from() {
    let Kind::Choice(starts) = INIT.field.kind else { panic!("starts are a choice") };
    for init in starts().iter().map(|choice| choice.value) {
        check(&format!("family=gan&init={init}&g=8&d=8&batch=16"));
        check(&format!("family=dcgan&data=mnist&images=200&init={init}&width=4&batch=8"));
    }
}

#[test]
fn packs_are_whole_however_few_samples_there_are() {
    for objective in ["nonsaturating", "average", "wasserstein"] {
        for penalty in ["none", "gp", "dragan", "r1r2"] {
            for family in ["family=gan", "family=gan&data=bimodal", "family=gan&data=mnist&images=200"] {
                check(&format!("{family}&objective={objective}&penalty={penalty}&g=8&d=8&batch=2&pac=3"));
            }
        }
    }
    for penalty in ["none", "r1"] {
        check(&format!("family=dcgan&data=mnist&images=200&penalty={penalty}&width=4&batch=9&pac=2"));
    }
}

#[test]
fn noise_on_samples_goes_when_its_time_is_over() {
    let print = |link: &str, steps| {
        let mut s = session(link, Engine::Cpu);
        run(&mut s, steps);
        fingerprint(&mut s)
    };
    let (stays, goes, none) = ("g=8&d=8&batch=16&inoise=0.5", "&inoisespan=10", "g=8&d=8&batch=16");
    let goes = format!("{stays}{goes}");
    // What falls does so every sixteen steps, and by then this noise has gone.
    assert_eq!(print(stays, 16), print(&goes, 16));
    assert_ne!(print(stays, 17), print(&goes, 17));
    assert_ne!(print(stays, 1), print(none, 1));
}

#[test]
fn d_sees_the_batch_in_every_game_with_every_penalty() {
    for mingled in ["mb=deviation", "mb=kernels&mbk=3"] {
        for family in
            ["gan&pac=2", "gan&dnorm=batch", "cgan&data=ring8", "acgan&data=ring8&drop=0.5", "gan&objective=average"]
        {
            for penalty in ["none", "gp", "r1"] {
                check(&format!("family={family}&{mingled}&penalty={penalty}&g=8&d=8,8&batch=12"));
            }
        }
        for family in ["dcgan", "cgan", "infogan"] {
            check(&format!("family={family}&data=mnist&images=200&{mingled}&penalty=r1&width=4&batch=8"));
        }
        check(&format!("family=gan&{mingled}&g=8&d=none&batch=2"));
        check(&format!("family=gan&{mingled}&g=8&d=8&batch=1"));
    }
}

#[test]
fn turns_are_taken_in_every_manner_under_every_objective_rule_and_layer() {
    for objective in OBJECTIVES.iter().map(|objective| objective.name) {
        check(&format!("family=gan&objective={objective}&unroll=2&g=8&d=8&batch=16"));
    }
    for with in [
        "pac=2",
        "dnorm=batch",
        "dnorm=layer",
        "mb=deviation",
        "mb=kernels&mbk=2",
        "sn=on",
        "penalty=clip",
        "penalty=r1",
        "drop=0.5&inoise=0.1&flips=0.1",
        "dopt=momentum",
        "dopt=nesterov",
        "dopt=rmsprop",
        "dopt=optimistic",
        "dopt=sgd&dwd=0.1&dmax=0.1",
        "dsteps=0",
    ] {
        check(&format!("family=gan&unroll=2&{with}&g=8&d=8,8&batch=12"));
    }
    check("family=dcgan&data=mnist&images=200&unroll=1&penalty=none&width=4&batch=8");
    for manner in ["extra=on", "consensus=0.3", "extra=on&consensus=0.3&unroll=1"] {
        for with in
            ["pac=2", "gnorm=batch&dnorm=batch", "dnorm=layer&mb=deviation", "sn=on&penalty=r1", "objective=average"]
        {
            check(&format!("family=gan&{manner}&{with}&g=8,8&d=8,8&batch=12"));
        }
        check(&format!("family=dcgan&data=mnist&images=200&{manner}&width=4&batch=8"));
    }
    // Beginning in the middle of a run, and no longer.
    check("family=gan&2:unroll=1&4:unroll=0&g=8&d=8&batch=16");
}

#[test]
fn a_penalty_falls_as_it_is_said_to() {
    let after = |link: &str, steps: u64| {
        let mut s = session(link, Engine::Cpu);
        run(&mut s, steps);
        fingerprint(&mut s)
    };
    for penalty in ["gp", "r1"] {
        let rest = format!("g=8&d=8&batch=16&penalty={penalty}");
        let (stays, goes) = (rest.clone(), format!("{rest}&pspan=32"));
        assert_eq!(after(&stays, 16), after(&goes, 16), "it falls every 16 steps");
        assert_ne!(after(&stays, 17), after(&goes, 17), "half is left");
        let (halved, kept) = (format!("{goes}&16:pspan=0"), after(&stays, 24));
        assert_eq!(after(&halved, 24), kept, "{penalty}: the penalty is whole again");
    }
    // Once it has gone there is none.
    let gone = "g=8&d=8&batch=16&penalty=r1&pspan=16";
    assert_eq!(after(gone, 20), after(&format!("{gone}&16:penalty=none"), 20));
}
