//! Curves over a whole run in bounded memory.

use serde::{Deserialize, Serialize};

/// Means over equal spans of entries. When the memory is full, neighbouring spans merge and the span doubles, so a run of
/// any length keeps between half of its capacity and all of it, and what is kept depends on the entries alone.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct History {
    capacity: usize,
    span: u64,
    open: Bin,
    bins: Vec<Bin>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Bin {
    last: u64,
    entries: u64,
    sum: Vec<f64>,
    count: Vec<u32>,
}

impl Bin {
    fn new(curves: usize) -> Self {
        Self { last: 0, entries: 0, sum: vec![0.0; curves], count: vec![0; curves] }
    }

    fn merge(&mut self, other: &Self) {
        self.last = other.last;
        self.entries += other.entries;
        for i in 0..self.sum.len() {
            self.sum[i] += other.sum[i];
            self.count[i] += other.count[i];
        }
    }

    fn mean(&self, curve: usize) -> f32 {
        // NaN marks a span in which this curve had no value; a chart leaves a gap there.
        (self.sum[curve] / f64::from(self.count[curve])) as f32
    }
}

impl History {
    /// An empty history of so many curves and at most `capacity` points, an even number.
    pub fn new(curves: usize, capacity: usize) -> Self {
        Self { capacity, span: 1, open: Bin::new(curves), bins: Vec::new() }
    }

    /// Notes the values at a step; `None` where a curve has none.
    pub fn push(&mut self, step: u64, values: impl IntoIterator<Item = Option<f64>>) {
        self.open.last = step;
        self.open.entries += 1;
        for (i, value) in values.into_iter().enumerate() {
            if let Some(value) = value {
                self.open.sum[i] += value;
                self.open.count[i] += 1;
            }
        }
        if self.open.entries < self.span {
            return;
        }
        let curves = self.open.sum.len();
        self.bins.push(std::mem::replace(&mut self.open, Bin::new(curves)));
        if self.bins.len() == self.capacity {
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

    /// A curve, one mean for each of [`History::steps`].
    pub fn curve(&self, curve: usize) -> Vec<f32> {
        self.bins.iter().map(|b| b.mean(curve)).collect()
    }

    /// Whether it could be one of a run like that of `other`: as many curves, no more memory.
    pub fn is_like(&self, other: &Self) -> bool {
        let curves = other.open.sum.len();
        let fits = |bin: &Bin| bin.sum.len() == curves && bin.count.len() == curves;
        self.capacity == other.capacity
            && self.bins.len() < self.capacity
            && self.span > 0
            && fits(&self.open)
            && self.bins.iter().all(fits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_bounded_and_means_are_kept() {
        const CAPACITY: usize = 1024;
        let mut history = History::new(2, CAPACITY);
        for step in 1..=10_000_u64 {
            history.push(step, [Some(step as f64), None]);
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
