//! Losses tell a good run from a bad one hardly at all.

use super::{Lesson, common, figure, five, session};
use gan_playground::device::Engine;

/// The modes held after 3,000 steps, and the mean losses of D and G over the last 500 of them.
fn seen(link: &str) -> (f64, [f64; 2]) {
    let mut s = session(link, Engine::Cpu);
    common::run(&mut s, 2_500);
    let mut sums = [0.0; 2];
    for _ in 0..50 {
        common::run(&mut s, 10);
        for (sum, name) in sums.iter_mut().zip(["loss_d", "loss_g"]) {
            *sum += figure(&mut s, name) / 50.0;
        }
    }
    (figure(&mut s, "modes"), sums)
}

#[test]
fn equal_losses_at_eight_modes_and_at_three() {
    let lesson = Lesson::of("losses");
    let bad = five(|seed| seen(&lesson.link(seed)));
    let good = five(|seed| seen(&lesson.other("v=2&ema=0", seed)));
    assert!(
        bad.iter().all(|(modes, _)| *modes <= 3.0) && good.iter().all(|(modes, _)| *modes == 8.0),
        "{bad:?} {good:?}"
    );
    let near = |(_, [d, g]): &(f64, [f64; 2])| (d - 4f64.ln()).abs() < 0.2 && (g - 2f64.ln()).abs() < 0.2;
    assert!(bad.iter().all(near) && good.iter().all(near), "{bad:?} {good:?}");
}
