//! What can be seen of a run: panels of plain numbers. No tensor type, no DOM.

use serde::Serialize;

use crate::message::Sentence;
use crate::metrics::Metric;
use crate::train::cures::Cure;

/// The state of a run at one step.
#[derive(Clone, Debug, Serialize)]
pub struct Snapshot {
    /// Steps done.
    pub step: u64,
    /// D has done its half of the next one.
    pub half: bool,
    /// One word, see [`crate::session::Status`].
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
    /// Numbers of weights.
    pub parameters: Parameters,
    /// What to draw.
    #[serde(skip)]
    pub panels: Vec<Panel>,
}

/// Numbers of weights of the two players.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Parameters {
    /// G's.
    pub g: usize,
    /// D's.
    pub d: usize,
}

/// Something to draw. A view is chosen by the kind alone, never by the model.
#[derive(Clone, Debug)]
pub enum Panel {
    /// Points in the plane, `[n, 2]` in data units, within `extent` (x0, y0, x1, y1) for the most part.
    Points { role: Role, data: Vec<f32>, extent: [f64; 4] },
    /// D's probability that a point is real, on a grid of `rows × columns` cell centres over `extent`; row 0 is at y0.
    Field { rows: usize, columns: usize, data: Vec<f32>, extent: [f64; 4] },
    /// `[n, height, width]` grey values, 0 black to 1 white.
    Images { role: Role, height: usize, width: usize, data: Vec<f32> },
    /// Curves over steps.
    Series { name: &'static str, steps: Vec<f64>, curves: Vec<Curve> },
}

/// Whose samples a panel shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// From the data.
    Real,
    /// From G.
    Generated,
}

impl Role {
    /// The role's name on the page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Real => "real",
            Self::Generated => "generated",
        }
    }
}

/// One curve of a series.
#[derive(Clone, Debug)]
pub struct Curve {
    /// Its label.
    pub name: String,
    /// Whose it is: `discriminator`, `generator`, or a `metric`.
    pub role: &'static str,
    /// A value for each step of the series; NaN where there is none.
    pub data: Vec<f32>,
    /// The value at the game's equilibrium, or a metric's ideal.
    pub equilibrium: Option<f64>,
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
