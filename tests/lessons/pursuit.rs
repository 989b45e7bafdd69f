//! A G that plays against a D that stands still pleases it ever more, and makes ever less.

use super::common::run;
use super::{Lesson, after, count, figure, five, then};

#[test]
fn variety_goes_and_comes_back() {
    let lesson = Lesson::of("pursuit");
    let seen = five(|seed| {
        let link = lesson.link(seed);
        let mut s = after(&link, 300);
        let before = figure(&mut s, "loss_g");
        run(&mut s, 2_000);
        let [modes, loss] = ["modes", "loss_g"].map(|name| figure(&mut s, name));
        then(&mut s, &link, &lesson.change("dsteps"), 3_000);
        (modes, before - loss, figure(&mut s, "modes"))
    });
    // They run to where D is surest, or out of the picture; G's loss falls.
    assert!(seen.iter().all(|(modes, fell, _)| *modes <= 3.0 && *fell > 0.0), "{seen:?}");
    assert!(count(&seen, |(_, _, back)| *back == 8.0) >= 4, "{seen:?}");
}
