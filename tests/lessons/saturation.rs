//! The loss log(1 − D) pulls at nothing where D is sure; by plain gradient descent G then learns nothing, by Adam it does.

use super::{Lesson, after, figure, five, from_there};

#[test]
fn a_loss_that_is_flat_pulls_at_nothing() {
    let lesson = Lesson::of("saturation");
    let seen = five(|seed| {
        let link = lesson.link(seed);
        let mut s = after(&link, 1_500);
        let state = pollster::block_on(s.save()).unwrap();
        // With the changes of some of its buttons, so many steps later.
        let with = |buttons: &[String], steps| from_there(&link, &state, &buttons.join("&"), steps);
        let [steep, descent, adam] =
            ["objective", "gsteps=1&gopt=sgd", "gsteps=1&gopt=adam"].map(|of| lesson.change(of));
        let flat = figure(&mut s, "grad_g");
        let pulled = figure(&mut with(std::slice::from_ref(&steep), 1), "grad_g") / flat;
        let modes = |buttons: &[String]| figure(&mut with(buttons, 3_000), "modes");
        (pulled, modes(std::slice::from_ref(&descent)), modes(&[steep, descent]), modes(&[adam]))
    });
    for (pulled, stuck, moved, hidden) in &seen {
        assert!(*pulled > 1e3 && *stuck == 0.0 && *moved >= 2.0 && *hidden >= 6.0, "{seen:?}");
    }
}
