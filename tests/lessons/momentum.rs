//! Momentum loses the ring at first, and most runs heal by themselves.

use super::{Lesson, after, common, count, figure, five};

#[test]
fn what_heals_by_itself_needs_no_cure() {
    let lesson = Lesson::of("momentum");
    let with = five(|seed| {
        let mut s = after(&lesson.link(seed), 1_500);
        let early = figure(&mut s, "modes");
        common::run(&mut s, 6_500);
        (early, figure(&mut s, "modes"))
    });
    let without = five(|seed| figure(&mut after(&lesson.other("v=2&ema=0", seed), 1_500), "modes"));
    assert!(with.iter().all(|(early, _)| *early <= 1.0) && without.iter().all(|n| *n == 8.0), "{with:?} {without:?}");
    assert!(count(&with, |(_, late)| *late >= 6.0) >= 4, "{with:?}");
}
