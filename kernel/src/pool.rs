//! Threads that share the work of one large operation.
//!
//! The parts of an operation write to places of their own and every number is computed by one of them alone, so the bits
//! do not depend on how many threads there are or who does what.
//!
//! Natively the pool starts its threads itself. In a browser they are workers, which the page starts on the module's
//! shared memory and which call [`help`]; a module without shared memory has no other thread, and everything here is a
//! plain loop.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// How many threads take part, this one included.
static THREADS: AtomicUsize = AtomicUsize::new(1);
/// Held by who shares out work: one job at a time.
static TURN: Mutex<()> = Mutex::new(());
static STATE: Mutex<State> = Mutex::new(State { job: None, next: 0, parts: 0, running: 0, failed: false });
/// There is something to do.
static WORK: Condvar = Condvar::new();
/// A part is done, and none is left to take.
static DONE: Condvar = Condvar::new();

struct State {
    job: Option<Job>,
    /// The next part that nobody has taken.
    next: usize,
    parts: usize,
    /// Parts that are taken and not done.
    running: usize,
    /// Whether a part has panicked.
    failed: bool,
}

/// What to do for a part. The true lifetime is that of a call to [`run`], which outlasts every use.
#[derive(Clone, Copy)]
struct Job(&'static (dyn Fn(usize) + Sync));

/// How many threads take part in large operations.
pub fn threads() -> usize {
    THREADS.load(Ordering::Relaxed)
}

/// Does `part` with each item and its number, on all threads, and returns when all are done. A part must not share out
/// work itself.
///
/// # Panics
/// If a part does.
pub fn share<T: Send>(items: impl Iterator<Item = T>, part: impl Fn(usize, T) + Sync) {
    let items: Vec<Mutex<Option<T>>> = items.map(|item| Mutex::new(Some(item))).collect();
    run(items.len(), &|i| {
        if let Some(item) = lock(&items[i]).take() {
            part(i, item);
        }
    });
}

/// Calls `part` with 0 to `parts` − 1, on all threads, and returns when all are done.
fn run(parts: usize, part: &(dyn Fn(usize) + Sync)) {
    let turn = lock(&TURN);
    // SAFETY: only the lifetime changes. `End` waits, even when a part panics here, until no part runs and takes the job
    // back, so nobody has it when this returns.
    let job = Job(unsafe { std::mem::transmute::<&(dyn Fn(usize) + Sync), &'static (dyn Fn(usize) + Sync)>(part) });
    let end = End;
    *lock(&STATE) = State { job: Some(job), next: 0, parts, running: 0, failed: false };
    WORK.notify_all();
    loop {
        // A statement of its own, so that the lock is free while the part computes.
        let taken = take(&mut lock(&STATE));
        let Some(taken) = taken else { break };
        taken.compute();
    }
    drop(end);
    let failed = lock(&STATE).failed;
    drop(turn);
    assert!(!failed, "a part of a shared operation failed");
}

/// Takes the job back when dropped, after the parts that run.
struct End;

impl Drop for End {
    fn drop(&mut self) {
        let mut state = lock(&STATE);
        state.next = state.parts;
        while state.running > 0 {
            state = DONE.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.job = None;
    }
}

/// What a helping thread does, for ever.
pub fn help() -> ! {
    loop {
        let mut state = lock(&STATE);
        let taken = loop {
            match take(&mut state) {
                Some(taken) => break taken,
                None => state = WORK.wait(state).unwrap_or_else(PoisonError::into_inner),
            }
        };
        drop(state);
        taken.compute();
    }
}

/// A part that is taken, and done when this is dropped.
struct Taken(usize, Job);

impl Taken {
    fn compute(self) {
        let Job(part) = self.1;
        part(self.0);
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        let mut state = lock(&STATE);
        state.running -= 1;
        state.failed |= std::thread::panicking();
        if state.running == 0 && state.next == state.parts {
            DONE.notify_one();
        }
    }
}

fn take(state: &mut State) -> Option<Taken> {
    let job = state.job.filter(|_| state.next < state.parts)?;
    state.next += 1;
    state.running += 1;
    Some(Taken(state.next - 1, job))
}

/// Whoever panicked has told so; the lock itself guards nothing that could be half done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Announces that so many threads take part: one that trains, and others that [`help`].
pub fn announce(threads: usize) {
    THREADS.store(threads.max(1), Ordering::Relaxed);
}

/// Starts as many helping threads as it takes to have `threads` in all. Once in a process.
#[cfg(not(target_arch = "wasm32"))]
pub fn start(threads: usize) {
    for _ in 1..threads {
        std::thread::spawn(|| help());
    }
    announce(threads);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_done_once_by_whoever_comes() {
        start(3);
        for parts in [0, 1, 2, 50] {
            let mut counts = vec![0; parts];
            share(counts.iter_mut(), |i, count| *count += i + 1);
            assert_eq!(counts, (1..=parts).collect::<Vec<_>>());
        }
        let failed = std::panic::catch_unwind(|| share(0..20, |_, i| assert!(i != 7, "on purpose")));
        assert!(failed.is_err());
        share(0..20, |_, _| ());
        announce(1);
    }
}
