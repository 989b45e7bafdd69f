//! What a step asks of the program: fused operations, and allocations, which are most of what a step on a small network
//! costs beside its arithmetic. For `cargo xtask bench`; the shipped program does not count them.
//!
//! `per_step LINK ENGINE STEPS` prints `{"operations": …, "allocations": …}`, evaluations included.

mod site;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicU64, Ordering};

use gan_playground::device::Engine;
use gan_playground::link;
use gan_playground::session::Session;
use site::provide;

/// Allocations since the program began.
static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

struct Counted;

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.realloc(place, layout, size) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counted = Counted;

fn main() {
    // `cargo bench` adds an option of its own.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let argument = |i: usize, usual: &str| arguments.get(i).cloned().unwrap_or_else(|| usual.to_owned());
    let (mut experiment, problems) = link::parse(&argument(0, ""));
    assert!(problems.is_empty(), "{problems:?}");
    let (name, steps) = (argument(1, "cpu"), argument(2, "1000").parse().expect("a number of steps"));
    experiment.set(&gan_playground::experiment::STOP, steps);
    let engine = Engine::BUILT.iter().find(|engine| engine.name() == name).expect("an engine of this build");
    let device = pollster::block_on(engine.start()).expect("a device");
    let mut session = Session::new(experiment, device).expect("a session");

    provide(&mut session);
    let before = counted();
    while session.step() < steps {
        let progress = pollster::block_on(session.advance(|_| true, 0)).expect("a step");
        assert!(progress.ran > 0 || session.needs().is_some(), "{}", progress.sentence);
        provide(&mut session);
    }
    let [operations, allocations] = counted().map(|n| n as f64);
    let [operations, allocations] =
        [operations - before[0] as f64, allocations - before[1] as f64].map(|n| n / steps as f64);
    println!("{}", serde_json::json!({ "operations": operations, "allocations": allocations }));
}

/// Since the program began.
fn counted() -> [u64; 2] {
    [&gan_playground::fused::OPERATIONS, &ALLOCATIONS].map(|counter| counter.load(Ordering::Relaxed))
}
