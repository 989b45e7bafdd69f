//! The smallest game stays on a ring, is driven off, or comes in, by who moves when and by a penalty. It has no seed.

use super::{Lesson, after, anew, figure};

#[test]
fn the_order_of_moves_and_a_penalty_decide() {
    let lesson = Lesson::of("circles");
    let link = lesson.link(7);
    let seen = |changes: &str| {
        let mut s = after(&anew(&link, &format!("seed=8&{}", lesson.change(changes))), 500);
        [figure(&mut s, "radius"), figure(&mut s, "re"), figure(&mut s, "im")]
    };
    let [ring, off, ahead, held] = [
        seen("order=alternating&penalty=none"),
        seen("order=simultaneous"),
        seen("order=extragradient"),
        seen("order=alternating&penalty=r1"),
    ];
    // It began at (1, 1).
    assert!((0.9..2.0).contains(&ring[0]), "{ring:?}");
    assert!((off[0] / (2f64.sqrt() * 1.04f64.powi(250)) - 1.0).abs() < 1e-3, "{off:?}");
    assert!(ahead[0] < 1e-3 && held[0] < 1e-9, "{ahead:?} {held:?}");
    assert!(ring[1].abs() < 1e-6 && (ring[2] - 1.0).abs() < 1e-6 && (held[1] + 0.5).abs() < 1e-6, "{ring:?} {held:?}");
}
