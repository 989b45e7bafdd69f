//! Weights that are known to be good, and the end of a run that has none any more.

use super::Session;
use crate::device;
use crate::train::adversarial::PlayerWeights;

/// How many sets of known good weights are kept; the newest may already hold the damage.
const KEPT: usize = 3;

/// Weights after a step; cheap to keep, since tensors share their memory until one changes.
pub(super) struct Good {
    step: u64,
    generator: PlayerWeights,
    discriminator: PlayerWeights,
}

impl Session {
    /// Ends the run if the weights themselves are not finite. A loss is taken before its step's update, so only this
    /// can tell about the last update.
    pub(super) async fn vouch(&mut self) -> Result<(), String> {
        self.catch_up().await?;
        if self.diverged.is_some() {
            return Ok(());
        }
        let weights = [self.game.generator.parameters.clone(), self.game.discriminator.parameters.clone()];
        for weights in weights {
            if device::read(weights).await?.iter().any(|w| !w.is_finite()) {
                self.end_at(self.step + 1);
                return Ok(());
            }
        }
        Ok(())
    }

    pub(super) fn keep(&mut self) {
        if self.good.len() == KEPT {
            self.good.pop_front();
        }
        self.good.push_back(Good {
            step: self.step,
            generator: self.game.generator.weights(),
            discriminator: self.game.discriminator.weights(),
        });
    }

    /// Ends the run: the loss of step `at` was not finite. A loss is taken before the update, so the weights of the step
    /// before are suspect; the newest that a later, finite loss has vouched for come back.
    pub(super) fn end_at(&mut self, at: u64) {
        self.diverged = Some(at);
        self.half = None;
        let vouched = self.good.iter().rposition(|good| good.step + 1 < at).unwrap_or(0);
        if let Some(good) = self.good.remove(vouched) {
            self.step = good.step;
            self.game.generator.set_weights(good.generator);
            self.game.discriminator.set_weights(good.discriminator);
        }
        self.good.clear();
    }
}
