//! The memory that an experiment is said to cost, against what its run is measured to take. Alone in its program, since
//! tests beside it would be measured too.

mod common;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use common::{run, session};
use gan_playground::cost;
use gan_playground::device::Engine;
use gan_playground::link;

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

/// The system's allocator, which counts the bytes that are out.
struct Counting;

// SAFETY: everything is passed on as it comes.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        PEAK.fetch_max(NOW.fetch_add(layout.size(), Relaxed) + layout.size(), Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

#[test]
fn a_run_takes_the_memory_that_was_said() {
    for (text, steps) in [
        // Weights, moments, means; after two blocks and a step all weights are kept that are ever kept.
        ("g=512,512,512,512,512,512&d=512,512,512,512,512,512&batch=8&ema=0.999", 33),
        // Activations.
        ("g=128,128,128&d=128,128,128&batch=1024&gopt=sgd&dopt=sgd", 3),
        // What steps consume.
        ("batch=1024&g=8&d=8&z=256&gsteps=10&dsteps=10", 3),
    ] {
        let before = NOW.load(Relaxed);
        PEAK.store(before, Relaxed);
        let mut session = session(text, Engine::Cpu);
        run(&mut session, steps);
        pollster::block_on(async {
            session.snapshot().await.unwrap();
            session.evaluate().await.unwrap();
            session.save().await.unwrap();
        });
        let found = (PEAK.load(Relaxed) - before) as f64;
        let said = cost::bytes(&link::parse(text).0);
        println!("{text}: {:.1} MB, said {:.1}", found / 1e6, said / 1e6);
        assert!((0.55..1.1).contains(&(found / said)), "{text}: {found} bytes instead of {said}");
    }
}
