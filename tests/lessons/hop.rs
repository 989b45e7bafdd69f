//! A D of 8 and 8 units: few modes; what makes D see more brings them back.

use super::{Lesson, after, anew, count, figure, five, then};

fn modes(link: &str, steps: u64) -> f64 {
    figure(&mut after(link, steps), "modes")
}

#[test]
fn samples_sit_on_few_modes_and_more_updates_of_d_bring_more() {
    let lesson = Lesson::of("hop");
    let seen = five(|seed| {
        let link = lesson.link(seed);
        let mut s = after(&link, 3_000);
        let few = figure(&mut s, "modes");
        then(&mut s, &link, &lesson.change("dsteps"), 3_000);
        (few, figure(&mut s, "modes"), modes(&link, 6_000))
    });
    assert!(seen.iter().all(|(few, more, _)| *few <= 3.0 && *more >= 5.0), "{seen:?}");
    // Left alone, most runs stay as they are.
    assert!(count(&seen, |(_, _, alone)| *alone <= 2.0) >= 3, "{seen:?}");
}

#[test]
fn packs_a_view_of_the_batch_and_a_wider_d_learn_the_ring() {
    let lesson = Lesson::of("hop");
    let of = |field, steps| five(|seed| modes(&anew(&lesson.link(seed), &lesson.change(field)), steps));
    let [packed, told, wide] = [of("pac=", 6_000), of("mb=", 3_000), of("d=", 3_000)];
    assert!(
        packed.iter().chain(&told).all(|n| *n >= 7.0) && wide.iter().all(|n| *n == 8.0),
        "{packed:?} {told:?} {wide:?}"
    );
}
