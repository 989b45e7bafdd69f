//! A G that goes four times as fast as D runs about; at D's rate, or by what the health card offers, it learns the ring.

use super::{Lesson, after, common, figure, five, from_there};

#[test]
fn it_is_cured_on_the_running_run() {
    let lesson = Lesson::of("instability");
    five(|seed| {
        let link = lesson.link(seed);
        let mut s = after(&link, 3_000);
        let few = figure(&mut s, "modes");
        assert!(
            ["far", "partial", "collapsed", "hopping"].contains(&s.health_word()),
            "seed {seed}: {}, {few} modes",
            s.health_word()
        );
        let state = pollster::block_on(s.save()).unwrap();
        let offered = s.cures().into_iter().map(|cure| {
            assert!(!cure.anew);
            common::offered(&cure)
        });
        let cures: Vec<_> = offered.chain([lesson.change("glr")]).collect();
        assert!(cures.len() >= 2, "seed {seed}: nothing is offered");
        for cure in cures {
            let mut s = from_there(&link, &state, &cure, 8_000);
            let modes = figure(&mut s, "modes");
            assert!(
                s.health_word() == "good" && modes == 8.0,
                "seed {seed}, {cure}: {}, {modes} modes",
                s.health_word()
            );
        }
    });
}
