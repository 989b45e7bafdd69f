//! A narrow D sees in two samples what it does not see in one.

use super::{Lesson, after, figure, five};

#[test]
fn several_at_a_time_hold_more_modes_than_one() {
    let lesson = Lesson::of("packs");
    let modes = |link: &str| figure(&mut after(link, 3_000), "modes");
    let one = five(|seed| modes(&lesson.link(seed)));
    assert!(one.iter().all(|&held| held <= 3.0), "{one:?}");
    for packed in ["v=2&d=8,8&ema=0&pac=2", "v=2&d=8,8&ema=0&pac=4"] {
        let many = five(|seed| modes(&lesson.other(packed, seed)));
        assert!(many.iter().all(|&held| held >= 4.0), "{packed}: {many:?}");
    }
}
