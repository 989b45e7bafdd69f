//! A mean of weights steadies a good run; of a run that hops it shows nothing that is there.

use super::{Lesson, after, anew, count, figure, five};

#[test]
fn a_mean_steadies_a_good_run() {
    let lesson = Lesson::of("averaging");
    let gained = |steps| {
        let share = |link: &str| figure(&mut after(link, steps), "hq");
        five(|seed| {
            let link = lesson.link(seed);
            share(&link) - share(&anew(&link, &format!("data=ring8&{}", lesson.change("ema"))))
        })
    };
    let [early, late] = [200, 1_500].map(gained);
    assert!(count(&early, |gained| *gained > 5.0) >= 3 && early.iter().sum::<f64>() > 15.0, "{early:?}");
    assert!(late.iter().sum::<f64>() > 0.0, "{late:?}");
}

#[test]
fn a_mean_of_what_hops_lies_on_no_mode() {
    let lesson = Lesson::of("averaging");
    let seen = five(|seed| {
        let mut s = after(&lesson.other("v=2&d=8,8", seed), 3_000);
        ["modes", "hq"].map(|name| figure(&mut s, name))
    });
    assert!(count(&seen, |[modes, share]| *modes == 0.0 && *share < 10.0) >= 4, "{seen:?}");
}
