//! A VAE's codes trade what comes back for what can be sampled, and dear ones say nothing.

use super::{Lesson, after, figure, five};

/// High quality in percent, nats of the codes, and what reconstructions cost.
fn seen(link: &str) -> [f64; 3] {
    let mut s = after(link, 4_000);
    ["hq", "loss_kl", "loss_rec"].map(|name| figure(&mut s, name))
}

#[test]
fn cheap_codes_bring_back_and_dear_ones_say_nothing() {
    let lesson = Lesson::of("price");
    let usual = five(|seed| seen(&lesson.link(seed)));
    let cheap = five(|seed| seen(&lesson.other("v=2&family=vae&data=ring8&beta=0.1", seed)));
    let dear = five(|seed| seen(&lesson.other("v=2&family=vae&data=ring8&beta=4", seed)));
    let near = |x: f64, to: f64, by: f64| (x - to).abs() < by;
    assert!(usual.iter().all(|[hq, kl, _]| near(*hq, 70.0, 5.0) && near(*kl, 3.4, 0.3)), "{usual:?}");
    assert!(cheap.iter().all(|[hq, kl, _]| near(*hq, 21.0, 6.0) && near(*kl, 12.0, 1.0)), "{cheap:?}");
    assert!(dear.iter().all(|[hq, kl, _]| *hq < 1.0 && *kl < 0.01), "{dear:?}");
    for ((a, b), c) in cheap.iter().zip(&usual).zip(&dear) {
        assert!(a[2] < b[2] && b[2] < c[2], "the cheaper, the more comes back: {a:?} {b:?} {c:?}");
    }
}
