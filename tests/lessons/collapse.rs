//! A D far ahead: few modes, which no change of the running run brings back; a new start by better rules does.

use super::{Lesson, after, anew, common, figure, five, then};

#[test]
fn it_holds_few_modes_and_a_new_start_cures() {
    let lesson = Lesson::of("collapse");
    five(|seed| {
        let link = lesson.link(seed);
        let mut s = after(&link, 4_000);
        let modes = figure(&mut s, "modes");
        assert!(
            ["partial", "collapsed"].contains(&s.health_word()) && (2.0..=6.0).contains(&modes),
            "seed {seed}: {}, {modes}",
            s.health_word()
        );
        let cures = s.cures();
        assert!(
            !cures.is_empty() && cures.iter().all(|cure| cure.anew),
            "no change of the running run was found to help"
        );
        for cure in cures {
            let again = anew(&link, &format!("data=ring8&{}", common::offered(&cure)));
            let mut s = after(&again, 10_000);
            let modes = figure(&mut s, "modes");
            assert!(
                s.health_word() == "good" && modes == 8.0,
                "seed {seed}, {}: {}, {modes}",
                cure.what,
                s.health_word()
            );
        }
        then(&mut s, &link, &lesson.change("glr"), 6_000);
        let still = figure(&mut s, "modes");
        assert!(still < 8.0, "seed {seed}: equal rates brought all of them back");
        let better = figure(&mut after(&lesson.other("v=2", seed), 4_000), "modes");
        assert!(better == 8.0, "seed {seed}: {better}");
    });
}
