//! What can be seen of a run at one step.

use std::collections::BTreeMap;

use serde::Serialize;

use super::watch::Best;
use crate::look::cures::Cure;
use crate::look::health::Passage;
use crate::look::metrics::Metric;
use crate::look::panel::Panel;
use crate::message::Sentence;

/// The state of a run at one step.
#[derive(Clone, Debug, Serialize)]
pub struct Snapshot {
    /// Steps done.
    pub step: u64,
    /// A part of the next one is done.
    pub half: bool,
    /// One word, see [`super::Status`].
    pub status: &'static str,
    /// What there is to say about the status.
    pub sentence: Sentence,
    /// What may help.
    pub cures: Vec<Cure>,
    /// Eight hex digits of all weights at `step`.
    pub fingerprint: String,
    /// A move by hand happened: the link alone no longer leads to these weights.
    pub detour: bool,
    /// Figures of the last evaluation, which was at `metrics_step`.
    pub metrics: Vec<Metric>,
    /// The step of the last evaluation.
    #[serde(rename = "metricsStep")]
    pub metrics_step: u64,
    /// The best that the first of the metrics has been.
    pub best: Option<Best>,
    /// Its state is held: see [`super::Session::save_best`].
    #[serde(rename = "bestHeld")]
    pub best_held: bool,
    /// The states of its health so far, by the evaluations that the experiment fixes.
    pub states: Vec<Passage>,
    /// How many weights each player has.
    pub parameters: BTreeMap<&'static str, usize>,
    /// What to draw.
    #[serde(skip)]
    pub panels: Vec<Panel>,
}

/// Eight hex digits of the bits of all weights: FNV-1a over 64 bits, a word at a time, folded to 32.
pub fn fingerprint<'a>(weights: impl IntoIterator<Item = &'a [f32]>) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for w in weights.into_iter().flatten() {
        hash = (hash ^ u64::from(w.to_bits())).wrapping_mul(0x0000_0100_0000_01b3);
        // The plain hash moves bits only upwards; fold the top down so that every bit of a word counts.
        hash ^= hash >> 32;
    }
    format!("{:08x}", (hash ^ (hash >> 32)) as u32)
}

#[cfg(test)]
mod tests {
    use super::fingerprint;

    #[test]
    fn a_fingerprint_sees_every_bit_and_the_order() {
        let base = [1.0_f32, 2.0, -0.5];
        let print = |w: &[f32]| fingerprint([w]);
        assert_eq!(print(&base), print(&base));
        for i in 0..3 {
            for bit in 0..32 {
                let mut other = base;
                other[i] = f32::from_bits(base[i].to_bits() ^ (1 << bit));
                assert_ne!(print(&base), print(&other), "bit {bit} of weight {i}");
            }
        }
        assert_ne!(print(&base), print(&[2.0, 1.0, -0.5]));
        assert_eq!(print(&base), fingerprint([&base[..1], &base[1..]]));
    }
}
