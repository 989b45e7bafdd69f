//! A critic held by nothing is a gamble, a clipped one is blunt, and a gradient penalty holds it.

use super::{Lesson, after, count, figure, five};

#[test]
fn a_penalty_holds_what_clipping_blunts() {
    let lesson = Lesson::of("critic");
    let modes = |link: &str| figure(&mut after(link, 2_000), "modes");
    let free = five(|seed| modes(&lesson.link(seed)));
    assert!(count(&free, |held| *held <= 3.0) >= 3, "{free:?}");
    let clipped = five(|seed| modes(&lesson.other("v=2&objective=wasserstein&ema=0&penalty=clip", seed)));
    assert!(clipped.iter().all(|&held| held <= 3.0), "{clipped:?}");
    let held = five(|seed| modes(&lesson.other("v=2&objective=wasserstein&ema=0&penalty=gp&dsteps=2", seed)));
    assert!(held.iter().all(|&held| held == 8.0), "{held:?}");
}
