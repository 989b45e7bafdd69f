//! Of models of the ring that have a likelihood, the better by that is the better by its samples.

use super::{Lesson, after, count, five};
use gan_playground::look::metrics::Metric;

/// The log-likelihood of unseen points less the true law's, in nats, and the share of samples on modes, in percent.
fn seen(link: &str) -> [f64; 2] {
    let mut s = after(link, 300);
    let metrics: Vec<Metric> = pollster::block_on(s.evaluate()).unwrap().to_vec();
    let of = |name| metrics.iter().find(|m| m.name == name).unwrap();
    [of("loglik").value - of("loglik").ideal.unwrap(), of("hq").value]
}

#[test]
fn both_put_three_models_in_one_order() {
    let lesson = Lesson::of("likelihood");
    let bells = five(|seed| seen(&lesson.link(seed)));
    let gaussian = five(|seed| seen(&lesson.other("v=2&family=gaussian", seed)));
    let mixture = five(|seed| seen(&lesson.other("v=2&family=mixture", seed)));
    assert!(gaussian.iter().all(|[_, hq]| (4.0..10.0).contains(hq)), "{gaussian:?}");
    assert!(bells.iter().all(|[off, hq]| (-0.15..-0.05).contains(off) && *hq > 93.0), "{bells:?}");
    assert!(count(&mixture, |[off, hq]| *off > -0.05 && *hq > 97.0) >= 4, "{mixture:?}");
    for pair in [(&gaussian, &bells), (&gaussian, &mixture), (&bells, &mixture)] {
        for (a, b) in pair.0.iter().zip(pair.1) {
            assert_eq!(a[0] < b[0], a[1] < b[1], "{a:?} {b:?}");
        }
    }
}
