//! What an experiment costs before it runs: the arithmetic of a step and the memory of a run, from its layers alone, and a
//! refusal of what no page could bear.

use serde::Serialize;

use crate::catalog;
use crate::data::Source;
use crate::experiment::{BATCH, DISCRIMINATOR, Experiment, GENERATOR, IMAGES, LATENT, PlayerFields, Typed};
use crate::kernel;
use crate::message::Message;
use crate::train::work::Work;

/// The longest step that is not refused, in seconds: for as long a page hears no pause.
const LONGEST: f64 = 20.0;
/// Floating-point operations a second of the CPU engine in WebAssembly, in products as large as those that take seconds, on
/// one core. A machine of 2025 makes three times as many (`BENCHMARKS.md`); half the visitors have a slower one. GPUs and
/// threads are left out on purpose: a link opens everywhere.
const RATE: f64 = 8e9;
/// The most memory that is not refused, in bytes: three quarters of what the module with threads may have
/// (`--max-memory` in `xtask/src/wasm.rs`). The rest is lost between pieces: WebAssembly's memory never shrinks.
const LARGEST: f64 = 0.75 * (1_u64 << 30) as f64;
/// The module itself, and what a run has whatever its size, in bytes.
const BASE: f64 = 4e6;
/// What an experiment costs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cost {
    /// Floating-point operations of a step: its matrix products, two for each multiplication and addition.
    pub flops: f64,
    /// About how many seconds a step takes on the CPU engine in WebAssembly, on one core of a machine of 2025. By what a
    /// machine makes of one experiment, another is foretold.
    pub seconds: f64,
    /// Bytes of memory that the run takes at most.
    pub bytes: f64,
    /// Why it is refused, if it is.
    pub refusal: Option<Message>,
    /// The field to lower, if it is refused.
    pub field: Option<&'static str>,
}

impl Cost {
    /// Of an experiment: of its dearest part, where it changes on the way.
    pub fn of(e: &Experiment) -> Self {
        let parts =
            std::iter::once(0).chain(e.changes().iter().map(|change| change.step)).map(|step| Self::at(&e.at(step)));
        let dearer = |a: Self, b: Self| match (&a.refusal, &b.refusal) {
            (None, Some(_)) => b,
            (Some(_), None) => a,
            _ if b.flops > a.flops => b,
            _ => a,
        };
        parts.reduce(dearer).expect("there is a base")
    }

    /// Of settings that do not change.
    fn at(e: &Experiment) -> Self {
        let (flops, bytes) = (flops(e), bytes(e));
        let remedy = (!fits(e)).then(|| remedy(e)).flatten();
        let refusal = remedy.as_ref().map(|(field, less)| {
            let text = |e: &Experiment| e.field(field).map(|f| e.text(f)).unwrap_or_default();
            let (value, instead) = (text(e), text(less));
            if flops / RATE > LONGEST {
                let (seconds, most) = ((flops / RATE).round() as u64, LONGEST as u64);
                Message::SlowStep { seconds, most, field, value, instead }
            } else {
                let [megabytes, most] = [bytes, LARGEST].map(|bytes| (bytes / 1e6).round() as u64);
                Message::LargeRun { megabytes, most, field, value, instead }
            }
        });
        Self { flops, seconds: work(e).step, bytes, refusal, field: remedy.map(|(field, _)| field) }
    }
}

/// Floating-point operations of a step: what its updates need of matrix products, and nothing else.
pub fn flops(e: &Experiment) -> f64 {
    work(e).flops
}

/// Bytes of memory that a run takes at most, while it trains, is looked at and is saved.
pub fn bytes(e: &Experiment) -> f64 {
    let images = match e.data.source {
        Source::Points(_) | Source::Line(_) => 0.0,
        // One more while it is unpacked.
        Source::Images(set) => {
            ((set.used(e.get(&IMAGES) as usize).div_ceil(set.shard_images) + 1) * set.bytes(set.shard_images)) as f64
        }
    };
    BASE + work(e).bytes + images
}

/// Whether a step has matrix products that several threads would share.
pub fn is_large(e: &Experiment) -> bool {
    work(e).product >= kernel::SHARED
}

/// Every how many steps a run is evaluated: a function of the experiment, so that every machine evaluates at the same
/// steps, chosen so that evaluations take about a twentieth of the time.
pub fn cadence(e: &Experiment) -> u64 {
    let Work { step, look, .. } = work(e);
    ((20.0 * look / step / 50.0).ceil() * 50.0).clamp(50.0, 1000.0) as u64
}

fn work(e: &Experiment) -> Work {
    (catalog::family_of(e).work)(e)
}

fn fits(e: &Experiment) -> bool {
    flops(e) / RATE <= LONGEST && bytes(e) <= LARGEST
}

/// A field whose lowering costs something less.
enum Lever {
    Number(&'static Typed<u64>),
    /// The widest of a player's layers.
    Width(&'static PlayerFields),
}

/// In the order of preference, where several help as much.
static LEVERS: [Lever; 7] = [
    Lever::Number(&BATCH),
    Lever::Number(&DISCRIMINATOR.updates),
    Lever::Number(&GENERATOR.updates),
    Lever::Width(&DISCRIMINATOR),
    Lever::Width(&GENERATOR),
    Lever::Number(&LATENT),
    Lever::Number(&IMAGES),
];

impl Lever {
    fn field(&self) -> &'static str {
        match self {
            Self::Number(field) => field.field.name,
            Self::Width(player) => player.layers.field.name,
        }
    }

    fn value(&self, e: &Experiment) -> usize {
        match self {
            Self::Number(field) => e.find(field).unwrap_or(0) as usize,
            Self::Width(player) => e.find(&player.layers).into_iter().flatten().max().unwrap_or(0),
        }
    }

    fn lower(&self, e: &mut Experiment, to: usize) {
        match self {
            Self::Number(field) => e.set(field, to as u64),
            Self::Width(player) => {
                let widths = e.get(&player.layers).into_iter().map(|width| width.min(to)).collect();
                e.set(&player.layers, widths);
            }
        }
    }
}

/// The one field whose lowering makes the experiment fit with the most of its value left, and the experiment with it.
fn remedy(e: &Experiment) -> Option<(&'static str, Experiment)> {
    let lowered = |lever: &Lever, to| {
        let mut less = e.clone();
        lever.lower(&mut less, to);
        less
    };
    let mut best: Option<(f64, &'static str, Experiment)> = None;
    for lever in &LEVERS {
        let value = lever.value(e);
        // The largest value that fits; at 1 a player is not frozen, and a layer is still there.
        let (mut fitting, mut over) = (0, value);
        while over - fitting > 1 {
            let middle = fitting + (over - fitting) / 2;
            if fits(&lowered(lever, middle)) { fitting = middle } else { over = middle }
        }
        let left = fitting as f64 / value.max(1) as f64;
        if fitting > 0 && best.as_ref().is_none_or(|(most, ..)| left > *most) {
            best = Some((left, lever.field(), lowered(lever, fitting)));
        }
    }
    best.map(|(_, field, less)| (field, less))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link;

    const WIDE: &str = "1024,1024,1024,1024,1024,1024";

    fn experiment(text: &str) -> Experiment {
        let (experiment, problems) = link::parse(text);
        assert!(problems.is_empty(), "{problems:?}");
        experiment
    }

    #[test]
    fn the_arithmetic_is_that_of_a_step_counted_by_hand() {
        // G 3-5-2: 15 + 10 multiplications a row; D 2-4-1: 8 + 4.
        let e = experiment("z=3&g=5&d=4&batch=7&dsteps=2&gsteps=3");
        let d_turn = 7 * (15 + 10) + 14 * (8 + 4) + 14 * (8 + 4) + 14 * 4;
        let g_turn = 7 * (15 + 10) + 7 * (8 + 4) + 7 * (4 + 8) + 7 * (15 + 10) + 7 * 10;
        assert_eq!(flops(&e), f64::from(2 * (2 * d_turn + 3 * g_turn)));
        // No hidden layer: one product each.
        let e = experiment("z=3&g=none&d=none&batch=7");
        assert_eq!(flops(&e), f64::from(2 * 7 * (6 + 2 * (2 + 2) + 6 + 2 + 2 + 6)));
        assert_eq!(flops(&experiment("dsteps=0&gsteps=0")), 0.0);
    }

    #[test]
    fn the_arithmetic_is_that_of_the_benchmarks() {
        for (text, millions) in [
            ("g=8,8&d=8,8&batch=150", "0.312"),
            ("", "26.3"),
            ("g=128,128,128&d=128,128,128", "204"),
            ("g=512,512,512&d=512,512,512", "3230"),
            ("v=1&data=mnist", "725"),
        ] {
            let found = flops(&experiment(text)) / 1e6;
            let expected: f64 = millions.parse().unwrap();
            assert!((found / expected - 1.0).abs() < 0.005, "{text}: {found} million, not {millions}");
        }
    }

    #[test]
    fn what_trains_in_a_page_is_not_refused() {
        for text in [
            "".into(),
            "data=mnist".into(),
            "data=mnist&images=60000&ema=0.999".into(),
            "g=512,512,512&d=512,512,512".into(),
            "g=512,512,512&d=512,512,512&batch=1024".into(),
            "batch=1024&gsteps=10&dsteps=10&z=256".into(),
            format!("g={WIDE}&d={WIDE}&batch=16&ema=0.999"),
            format!("g={WIDE}&d={WIDE}"),
            format!("data=mnist&g={WIDE}&d={WIDE}"),
        ] {
            let cost = Cost::of(&experiment(&text));
            assert_eq!((cost.refusal, cost.field), (None, None), "{text}");
        }
    }

    #[test]
    fn what_no_page_can_bear_is_refused_with_what_to_lower() {
        let heavy = format!("z=256&batch=1024&g={WIDE}&d={WIDE}&gsteps=10&dsteps=10&ema=0.999");
        let cost = Cost::of(&experiment(&heavy));
        assert_eq!(cost.field, Some("batch"));
        assert_eq!(
            cost.refusal.unwrap().to_string(),
            "A step of this experiment takes about 163 s on one processor core, and more than 20 s is refused. Lower \
             “batch”: 125 instead of 1024 would do."
        );
        for text in [heavy.clone(), format!("{heavy}&data=mnist"), format!("{heavy}&data=mnist&images=60000")] {
            let e = experiment(&text);
            let (field, less) = remedy(&e).expect("something helps");
            assert!(!fits(&e) && fits(&less), "{text}: {field} does not help");
        }
    }

    #[test]
    fn too_much_memory_is_refused_in_its_own_words() {
        // Quick, and larger than any link can ask for.
        let mut e = experiment(&format!("batch=1&ema=0.999&g={WIDE}&d={WIDE}"));
        e.set(&GENERATOR.layers, vec![1024; 12]);
        let cost = Cost::of(&e);
        assert!(flops(&e) / RATE < LONGEST && cost.bytes > LARGEST);
        assert_eq!(cost.field, Some("g"));
        let said = cost.refusal.unwrap().to_string();
        assert!(said.contains(" MB of memory") && said.contains("“g”"), "{said}");
    }
}
