//! A narrow D that is told the class holds every mode, where the same D without labels holds next to none.

use super::{Lesson, after, count, figure, five};

#[test]
fn labels_hold_what_hops_without_them() {
    let lesson = Lesson::of("labels");
    let seen = |link: &str| {
        let mut s = after(link, 3_000);
        let health = s.health_word();
        (health, figure(&mut s, "modes"), figure(&mut s, "hq"))
    };
    let told = five(|seed| seen(&lesson.link(seed)));
    let untold = five(|seed| seen(&lesson.other("v=2&data=ring8&d=8,8", seed)));
    let naming = five(|seed| seen(&lesson.other("v=2&data=ring8&family=acgan&d=8,8", seed)));
    assert!(told.iter().all(|(health, modes, hq)| *health == "good" && *modes == 8.0 && *hq > 94.0), "{told:?}");
    assert!(untold.iter().all(|(health, modes, _)| *health == "hopping" && *modes <= 1.0), "{untold:?}");
    assert!(count(&naming, |(_, modes, _)| *modes == 8.0) >= 4, "{naming:?}");
}
