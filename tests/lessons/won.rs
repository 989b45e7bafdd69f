//! "D has won" is said, and what is offered then ends it.

use gan_playground::device::Engine;
use gan_playground::link;
use gan_playground::session::Session;

use super::{run, session};

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
