//! A game whose solution is known: play goes around it, is driven off or comes in, and averages come in whatever is done.

use super::{Lesson, after, anew, figure, five};

#[test]
fn averages_come_in_and_play_only_where_it_looks_ahead() {
    let lesson = Lesson::of("minimax");
    let of = |changes: Option<&str>| {
        five(|seed| {
            let link = lesson.link(seed);
            let link = changes.map_or(link.clone(), |changes| anew(&link, &lesson.change(changes)));
            let mut s = after(&link, 2_000);
            [figure(&mut s, "gapnow"), figure(&mut s, "gap"), figure(&mut s, "paid")]
        })
    };
    let ring = of(None);
    let [off, ahead, answers, prizes] = [
        "learning=gradient&order=simultaneous",
        "learning=gradient&order=extragradient",
        "learning=fictitious",
        "game=prizes",
    ]
    .map(|changes| of(Some(changes)));
    for all in [ring, off, ahead, answers, prizes] {
        assert!(all.iter().all(|[_, gap, paid]| *gap < 0.06 && paid.abs() < 0.03), "{all:?}");
    }
    assert!(ahead.iter().all(|[now, ..]| *now < 1e-3), "{ahead:?}");
    assert!(
        off.iter().all(|[now, ..]| *now > 0.8) && answers.iter().all(|[now, ..]| *now == 2.0),
        "{off:?} {answers:?}"
    );
    assert!(off.iter().zip(&ring).all(|(off, ring)| off[0] > ring[0] && ring[0] > 1e-2), "{off:?} {ring:?}");
}
