//! Noise on all that D sees makes two laws meet that did not: the slope comes back, and G learns where it was lost.

use super::{Lesson, after, figure, five, from_there};

#[test]
fn noise_brings_back_the_slope_of_a_loss_that_was_flat() {
    let lesson = Lesson::of("overlap");
    let seen = five(|seed| {
        let link = lesson.link(seed);
        let mut s = after(&link, 1_500);
        let state = pollster::block_on(s.save()).unwrap();
        // With the changes of one of its buttons, so many steps later.
        let with = |button: &str, steps| from_there(&link, &state, &lesson.change(button), steps);
        let flat = figure(&mut s, "grad_g");
        let met = figure(&mut with("inoise=0.5", 500), "grad_g") / flat;
        let modes = |button: &str, steps| figure(&mut with(button, steps), "modes");
        (flat, met, modes("gsteps=1&gopt=sgd&glr=0.01", 3_000), modes("gsteps=1&gopt=sgd&glr=0.01&inoise", 6_000))
    });
    for (flat, met, stuck, learned) in &seen {
        assert!(*flat < 1e-3 && *met > 400.0 && *stuck == 0.0 && *learned >= 6.0, "{seen:?}");
    }
}
