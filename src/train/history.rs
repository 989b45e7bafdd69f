//! The losses of a whole run in bounded memory.

use serde::{Deserialize, Serialize};

/// The most points a history keeps.
pub const CAPACITY: usize = 1024;

/// Mean losses over equal spans of steps. When the memory is full, neighbouring spans merge and the span doubles, so a
/// run of any length keeps between 512 and 1,024 points, and what is kept depends on the steps alone.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct History {
    span: u64,
    open: Bin,
    bins: Vec<Bin>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Bin {
    last: u64,
    steps: u64,
    sum: [f64; 2],
    count: [u32; 2],
}

impl Bin {
    fn merge(&mut self, other: &Self) {
        self.last = other.last;
        self.steps += other.steps;
        for i in 0..2 {
            self.sum[i] += other.sum[i];
            self.count[i] += other.count[i];
        }
    }

    fn mean(&self, curve: usize) -> f32 {
        // NaN marks a span in which this player had no turn; a chart leaves a gap there.
        (self.sum[curve] / f64::from(self.count[curve])) as f32
    }
}

impl Default for History {
    fn default() -> Self {
        Self { span: 1, open: Bin::default(), bins: Vec::new() }
    }
}

impl History {
    /// Notes the losses (D's, G's) of a step; `None` where that player had no turn.
    pub fn push(&mut self, step: u64, losses: [Option<f32>; 2]) {
        let mut one = Bin { last: step, steps: 1, ..Bin::default() };
        for (i, loss) in losses.into_iter().enumerate() {
            if let Some(loss) = loss {
                one.sum[i] = f64::from(loss);
                one.count[i] = 1;
            }
        }
        self.open.merge(&one);
        if self.open.steps < self.span {
            return;
        }
        self.bins.push(std::mem::take(&mut self.open));
        if self.bins.len() == CAPACITY {
            let merged = self.bins.chunks(2).map(|pair| {
                let mut bin = pair[0].clone();
                bin.merge(&pair[1]);
                bin
            });
            self.bins = merged.collect();
            self.span *= 2;
        }
    }

    /// The step at which each kept span ends.
    pub fn steps(&self) -> Vec<f64> {
        self.bins.iter().map(|b| b.last as f64).collect()
    }

    /// The curve of D (0) or G (1), one mean for each of [`History::steps`].
    pub fn curve(&self, player: usize) -> Vec<f32> {
        self.bins.iter().map(|b| b.mean(player)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_bounded_and_means_are_kept() {
        let mut history = History::default();
        for step in 1..=10_000_u64 {
            history.push(step, [Some(step as f32), None]);
        }
        let (steps, d, g) = (history.steps(), history.curve(0), history.curve(1));
        assert!(steps.len() < CAPACITY && steps.len() >= CAPACITY / 2, "{}", steps.len());
        assert!(g.iter().all(|x| x.is_nan()));
        // A span that ends at step s and holds n steps has the mean s − (n − 1)/2.
        let n = steps[1] - steps[0];
        for (s, mean) in steps.iter().zip(&d) {
            assert!((f64::from(*mean) - (s - (n - 1.0) / 2.0)).abs() < 1e-3);
        }
    }
}
