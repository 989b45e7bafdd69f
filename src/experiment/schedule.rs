//! How learning rates go over a run.

use std::f64::consts::PI;

use super::field::{Choice, named};
use crate::text::text;

/// A law of the share of a learning rate that holds at a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// All of it.
    Constant,
    /// All of it for half of the span, then falling to nothing on a line.
    Linear,
    /// Half of a cosine over the span, from all to nothing (Loshchilov and Hutter 2017, without restarts).
    Cosine,
    /// All of it for half of the span, a tenth for a quarter, and a hundredth from then on.
    Stairs,
    /// Rising on a line over a tenth of the span, and all of it from then on.
    WarmUp,
}

impl Schedule {
    /// Every choice.
    pub const CHOICES: [Choice; 5] = [
        Choice {
            value: "constant",
            title: text("constant", "恒定"),
            about: text("the rates stay: for runs without an end in sight", "学习率不变：适合没有终点的训练"),
        },
        Choice {
            value: "linear",
            title: text("held, then linear", "先保持，后线性下降"),
            about: text(
                "the rates stay for half of the span and then fall to 0 on a line",
                "前一半保持不变，然后沿直线降到 0",
            ),
        },
        Choice {
            value: "cosine",
            title: text("cosine", "余弦"),
            about: text(
                "the rates fall to 0 by half of a cosine over the span (Loshchilov and Hutter 2017)",
                "在整个跨度内沿半个余弦降到 0（Loshchilov 和 Hutter，2017）",
            ),
        },
        Choice {
            value: "stairs",
            title: text("stairs", "阶梯"),
            about: text(
                "a tenth of the rates after half of the span, a hundredth after three quarters",
                "过了一半降为十分之一，过了四分之三降为百分之一",
            ),
        },
        Choice {
            value: "warmup",
            title: text("warm-up", "预热"),
            about: text(
                "the rates rise from 0 over a tenth of the span and then stay",
                "在跨度的前十分之一从 0 升起，然后保持",
            ),
        },
    ];

    /// The share of a rate that holds in the step after `step` of its span of `span` steps; nothing beyond its end.
    pub fn share(self, step: u64, span: u64) -> f64 {
        let done = (step as f64 / span.max(1) as f64).min(1.0);
        match self {
            Self::Constant => 1.0,
            Self::Linear => (2.0 - 2.0 * done).min(1.0),
            Self::Cosine => 0.5 + 0.5 * libm::cos(PI * done),
            Self::Stairs if done < 0.5 => 1.0,
            Self::Stairs => {
                if done < 0.75 {
                    0.1
                } else {
                    0.01
                }
            }
            // The first step has something to go by.
            Self::WarmUp => (10.0 * (done + 1.0 / span.max(1) as f64)).min(1.0),
        }
    }

    /// The shares over the span, to be drawn.
    pub fn curve(self) -> Vec<f64> {
        const POINTS: u64 = 80;
        (0..=POINTS).map(|i| self.share(i * 100, POINTS * 100)).collect()
    }
}

named!(Schedule: Constant, Linear, Cosine, Stairs, WarmUp);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_go_as_the_names_say() {
        let shares = |schedule: Schedule| [0, 250, 500, 750, 1_000, 5_000].map(|step| schedule.share(step, 1_000));
        assert_eq!(shares(Schedule::Constant), [1.0; 6]);
        assert_eq!(shares(Schedule::Linear), [1.0, 1.0, 1.0, 0.5, 0.0, 0.0]);
        assert_eq!(shares(Schedule::Stairs), [1.0, 1.0, 0.1, 0.01, 0.01, 0.01]);
        let warm = |step| Schedule::WarmUp.share(step, 1_000);
        assert_eq!([0, 49, 99, 100, 5_000].map(warm), [0.01, 0.5, 1.0, 1.0, 1.0]);
        let cosine = shares(Schedule::Cosine);
        for (found, expected) in cosine.iter().zip([1.0, 0.5 + 0.125_f64.sqrt(), 0.5, 0.5 - 0.125_f64.sqrt(), 0.0, 0.0])
        {
            assert!((found - expected).abs() < 1e-12, "{cosine:?}");
        }
    }
}
