//! What the lessons of the page (`www/lessons/`) claim, over five seeds: they go wrong as they say, and what is to be done then
//! does what they say.

#[path = "../common/mod.rs"]
mod common;

mod averaging;
mod circles;
mod collapse;
mod critic;
mod hop;
mod instability;
mod labels;
mod likelihood;
mod losses;
mod minimax;
mod momentum;
mod overlap;
mod packs;
mod price;
mod pursuit;
mod rates;
mod saturation;
mod sight;
mod won;

use common::{anew, run, session, then};
use gan_playground::device::Engine;
use gan_playground::link;
use gan_playground::session::Session;

/// A lesson's file, as the page has it.
pub struct Lesson(String);

impl Lesson {
    /// That of the name.
    pub fn of(name: &str) -> Self {
        let path = format!("{}/www/lessons/{name}.js", env!("CARGO_MANIFEST_DIR"));
        Self(std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}")))
    }

    /// The experiment that it opens with, for a seed.
    pub fn link(&self, seed: u64) -> String {
        let link = self.all("\n  link: \"").next().unwrap();
        format!("{link}&seed={seed}")
    }

    /// One of its other experiments, for a seed.
    pub fn other(&self, link: &str, seed: u64) -> String {
        assert!(self.all(" link: \"").any(|l| l == link), "the lesson has no {link}");
        format!("{link}&seed={seed}")
    }

    /// The changes that it has a button for, by how they begin.
    pub fn change(&self, begin: &str) -> String {
        let begins = |changes: &&str| changes.starts_with(begin);
        self.all(" changes: \"").find(begins).unwrap_or_else(|| panic!("no change of {begin}")).to_owned()
    }

    fn all(&self, before: &'static str) -> impl Iterator<Item = &str> {
        self.0.split(before).skip(1).map(|rest| rest.split('"').next().unwrap())
    }
}

/// A run after so many steps.
pub fn after(link: &str, steps: u64) -> Session {
    let mut s = session(link, Engine::Cpu);
    run(&mut s, steps);
    s
}

/// What becomes of a state of a run, with changes from there on, after so many steps.
pub fn from_there(link: &str, state: &[u8], changes: &str, steps: u64) -> Session {
    let mut s = session(link, Engine::Cpu);
    s.load(state).unwrap();
    then(&mut s, link, changes, steps);
    s
}

/// A figure of a run.
pub fn figure(s: &mut Session, name: &str) -> f64 {
    let metrics = pollster::block_on(s.evaluate()).unwrap();
    metrics.iter().find(|m| m.name == name).unwrap_or_else(|| panic!("no {name}")).value
}

/// What `look` finds for each of five seeds.
pub fn five<T>(mut look: impl FnMut(u64) -> T) -> [T; 5] {
    [1, 2, 3, 4, 5].map(&mut look)
}

/// How many of them fulfil a condition.
pub fn count<T>(seen: &[T], is_so: impl Fn(&T) -> bool) -> usize {
    seen.iter().filter(|x| is_so(x)).count()
}

#[test]
fn every_lesson_of_the_page_has_its_claim_here() {
    let read = |path: &str| std::fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let (list, claims) = (read("www/lessons/list.js"), read("tests/lessons/main.rs"));
    let names: Vec<_> = list.lines().filter_map(|line| line.strip_prefix("import { ")?.split(' ').next()).collect();
    assert!(names.len() >= 8);
    for name in names {
        assert!(claims.contains(&format!("\nmod {name};")), "{name} has no claim");
        let lesson = Lesson::of(name);
        let links = lesson.all(" link: \"").map(|link| link::parse(link).1);
        let changes = lesson.all(" changes: \"").map(|c| link::change(&lesson.link(7), 1, common::pairs(c)).1);
        assert!(links.chain(changes).all(|problems| problems.is_empty()), "{name}: a link that is not understood");
    }
}
