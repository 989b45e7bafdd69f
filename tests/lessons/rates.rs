//! The faster D is, up to a point, the better it holds the ring.

use super::{Lesson, after, figure, five};

#[test]
fn a_slow_d_is_led_around_and_a_faster_one_holds_the_ring() {
    let lesson = Lesson::of("rates");
    let seen = |link: &str| {
        let mut s = after(link, 3_000);
        (figure(&mut s, "modes"), figure(&mut s, "hq"))
    };
    let slow = five(|seed| seen(&lesson.link(seed)));
    let of = |rate: &str| five(|seed| seen(&lesson.other(&format!("v=2&ema=0&dlr={rate}"), seed)));
    let [half, equal, faster] = ["0.001", "0.002", "0.005"].map(of);
    assert!(slow.iter().all(|(modes, _)| *modes <= 1.0), "{slow:?}");
    assert!([half, equal, faster].iter().flatten().all(|(modes, _)| *modes == 8.0), "{half:?} {equal:?} {faster:?}");
    assert!(equal.iter().all(|(_, share)| *share > 92.0) && faster.iter().all(|(_, share)| *share > 95.0));
    assert!(half.iter().zip(&faster).all(|((_, half), (_, faster))| half < faster), "{half:?} {faster:?}");
}
