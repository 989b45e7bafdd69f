//! The lessons go wrong as they say, and what is advised then cures, over several seeds.

mod common;

use common::{run, session};
use gan_playground::device::Engine;
use gan_playground::link;
use gan_playground::session::Session;

/// A lesson's link, as the page has it.
fn lesson(name: &str) -> &'static str {
    let file = include_str!("../www/lessons.js");
    let (_, rest) = file.split_once(&format!("export const {name} = \"")).expect(name);
    rest.split('"').next().unwrap()
}

/// The word for how it is, and the modes held.
fn seen(s: &mut Session) -> (&'static str, f64) {
    let metrics = pollster::block_on(s.evaluate()).unwrap().to_vec();
    (s.health_word(), metrics.iter().find(|m| m.name == "modes").unwrap().value)
}

/// Runs a lesson with five seeds for `before` steps, applies each cure that it then offers, and runs on for `after` steps.
fn lesson_and_cures(name: &str, before: u64, wrong: &[&str], after: u64, held: f64) {
    for seed in 1..=5 {
        let link = format!("{}&seed={seed}", lesson(name));
        let mut s = session(&link, Engine::Cpu);
        run(&mut s, before);
        let (word, modes) = seen(&mut s);
        assert!(wrong.contains(&word), "{name}, seed {seed}: {word} with {modes} modes");
        let cures = s.cures();
        assert!(!cures.is_empty(), "{name}, seed {seed}: nothing is offered");
        let state = pollster::block_on(s.save()).unwrap();
        for cure in cures {
            let mut s = session(&link, Engine::Cpu);
            s.load(&state).unwrap();
            let changes = cure.changes.iter().map(|(field, text)| (*field, text.as_str()));
            let (tuned, problems) = link::tune(&link, before, changes);
            assert_eq!((problems, cure.anew), (vec![], false));
            s.tune(tuned).unwrap();
            run(&mut s, after);
            let (word, modes) = seen(&mut s);
            assert!(word == "good" && modes >= held, "{name}, seed {seed}, {}: {word}, {modes} modes", cure.what);
        }
    }
}

#[test]
fn instability_is_cured_on_the_running_run() {
    lesson_and_cures("instability", 3_000, &["far", "collapsed"], 8_000, 8.0);
}

#[test]
fn collapse_holds_few_modes_and_a_new_start_cures() {
    for seed in 1..=5 {
        let link = format!("{}&seed={seed}", lesson("collapse"));
        let mut s = session(&link, Engine::Cpu);
        run(&mut s, 4_000);
        let (word, modes) = seen(&mut s);
        assert!(word == "collapsed" && (2.0..=6.0).contains(&modes), "seed {seed}: {word} with {modes} modes");
        let [cure] = s.cures().try_into().unwrap();
        assert!(cure.anew, "no change of the running run was found to help");
        let changes = cure.changes.iter().map(|(field, text)| (*field, text.as_str()));
        let (again, problems) = link::change(&link, 4_000, [("data", "ring8")].into_iter().chain(changes));
        assert_eq!(problems, vec![]);
        let mut s = session(&link::write(&again), Engine::Cpu);
        run(&mut s, 10_000);
        let (word, modes) = seen(&mut s);
        assert!(word == "good" && modes == 8.0, "seed {seed}, cured: {word} with {modes} modes");
    }
}

/// What people ask about most: D is right on everything, and the non-saturating loss's gradient does not vanish.
#[test]
fn d_has_won_is_said_and_cured() {
    let link = "v=1&data=mnist&glr=0.00002&dlr=0.002&g=64&d=128";
    let mut s = session(link, Engine::Cpu);
    run(&mut s, 1_600);
    let accuracy = |s: &mut Session| {
        let metrics = pollster::block_on(s.evaluate()).unwrap().to_vec();
        metrics.iter().find(|m| m.name == "d_generated").unwrap().value
    };
    assert!(accuracy(&mut s) > 97.0);
    assert_eq!(s.health_word(), "won");
    let [cure] = s.cures().try_into().unwrap();
    let changes = cure.changes.iter().map(|(field, text)| (*field, text.as_str()));
    let (tuned, _) = link::tune(link, 1_600, changes);
    s.tune(tuned).unwrap();
    run(&mut s, 3_000);
    assert_ne!(accuracy(&mut s), 100.0);
    assert_ne!(s.health_word(), "won");
}
