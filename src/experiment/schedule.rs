//! How learning rates go over a run.

use std::f64::consts::PI;

use super::field::{Choice, Named};
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
}

impl Schedule {
    /// Every choice.
    pub const CHOICES: [Choice; 3] = [
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
    ];
    const ALL: [Self; 3] = [Self::Constant, Self::Linear, Self::Cosine];

    /// The share of a rate that holds in the step after `step` of its span of `span` steps; nothing beyond its end.
    pub fn share(self, step: u64, span: u64) -> f64 {
        let done = (step as f64 / span.max(1) as f64).min(1.0);
        match self {
            Self::Constant => 1.0,
            Self::Linear => (2.0 - 2.0 * done).min(1.0),
            Self::Cosine => 0.5 + 0.5 * libm::cos(PI * done),
        }
    }
}

impl Named for Schedule {
    fn name(self) -> &'static str {
        Self::CHOICES[self as usize].value
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|schedule| schedule.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_go_as_the_names_say() {
        let shares = |schedule: Schedule| [0, 250, 500, 750, 1_000, 5_000].map(|step| schedule.share(step, 1_000));
        assert_eq!(shares(Schedule::Constant), [1.0; 6]);
        assert_eq!(shares(Schedule::Linear), [1.0, 1.0, 1.0, 0.5, 0.0, 0.0]);
        let cosine = shares(Schedule::Cosine);
        for (found, expected) in cosine.iter().zip([1.0, 0.5 + 0.125_f64.sqrt(), 0.5, 0.5 - 0.125_f64.sqrt(), 0.0, 0.0])
        {
            assert!((found - expected).abs() < 1e-12, "{cosine:?}");
        }
        for schedule in Schedule::ALL {
            assert_eq!(Schedule::named(schedule.name()), Some(schedule));
        }
    }
}
