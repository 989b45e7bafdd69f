//! What part of the time evaluations take at the cadence that an experiment has, natively on one thread.
//!
//! `evaluations LINK` prints `{"every": steps, "step": seconds, "evaluation": seconds, "share": %}`, medians of five.

mod site;

use std::time::Instant;

use gan_playground::device::Engine;
use gan_playground::session::Session;
use gan_playground::{cost, link};
use site::provide;

const TIMES: usize = 5;

fn main() {
    // `cargo bench` adds an option of its own.
    let link = std::env::args().skip(1).find(|argument| argument != "--bench").unwrap_or_default();
    let (experiment, problems) = link::parse(&link);
    assert!(problems.is_empty(), "{problems:?}");
    let every = cost::cadence(&experiment);
    let device = pollster::block_on(Engine::Cpu.start()).expect("a device");
    let mut session = Session::new(experiment, device).expect("a session");
    provide(&mut session);
    // Few enough that no evaluation comes between.
    let steps = (every / (2 * TIMES as u64)).clamp(1, 20);
    run(&mut session, steps);
    let step = median(|| timed(|| run(&mut session, steps)) / steps as f64);
    let evaluation = median(|| {
        run(&mut session, 1);
        timed(|| {
            pollster::block_on(session.evaluate()).expect("an evaluation");
        })
    });
    let share = 100.0 * evaluation / (every as f64 * step + evaluation);
    println!("{}", serde_json::json!({ "every": every, "step": step, "evaluation": evaluation, "share": share }));
}

fn run(session: &mut Session, steps: u64) {
    let end = session.step() + steps;
    while session.step() < end {
        pollster::block_on(session.advance(|_| true, end - session.step())).expect("a step");
        provide(session);
    }
}

fn timed(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

fn median(mut of: impl FnMut() -> f64) -> f64 {
    let mut all: Vec<f64> = (0..TIMES).map(|_| of()).collect();
    all.sort_by(f64::total_cmp);
    all[TIMES / 2]
}
