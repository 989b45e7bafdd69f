//! Losses on their way from the device into the history.

use burn::tensor::Tensor;

use super::Session;
use crate::device;
use crate::train::program::Worth;

/// Losses that are still on the device; `None` where no move gave one.
pub(super) struct Unread {
    /// Of which step; none, if they are of a part of one.
    pub step: Option<u64>,
    pub losses: Vec<Option<Worth>>,
}

impl Session {
    /// Reads the losses of all steps since the last time, and ends the run at the first that is not finite.
    pub(super) async fn catch_up(&mut self) -> Result<(), String> {
        if self.unread.is_empty() {
            return Ok(());
        }
        let unread = std::mem::take(&mut self.unread);
        let there = |worth: &Worth| match worth {
            Worth::There(tensor) => Some(tensor.clone()),
            Worth::Here(_) => None,
        };
        let tensors: Vec<Tensor<1>> = unread.iter().flat_map(|u| u.losses.iter().flatten().filter_map(there)).collect();
        let values = if tensors.is_empty() { Vec::new() } else { device::read(Tensor::cat(tensors, 0)).await? };
        let mut values = values.into_iter();
        for Unread { step, losses } in &unread {
            let losses: Vec<Option<f32>> = losses
                .iter()
                .map(|loss| match loss {
                    Some(Worth::Here(value)) => Some(*value),
                    Some(Worth::There(_)) => values.next(),
                    None => None,
                })
                .collect();
            if losses.iter().flatten().any(|loss| !loss.is_finite()) {
                self.end_at(step.unwrap_or(self.step + 1));
                return Ok(());
            }
            if let Some(step) = step {
                self.history.push(*step, losses.iter().map(|loss| loss.map(f64::from)));
            }
            for (last, loss) in self.losses.iter_mut().zip(losses) {
                *last = loss.or(*last);
            }
        }
        Ok(())
    }
}
