//! What runs: any number of players, and the moves that are a step.

use burn::tensor::Tensor;

use super::supply::Batch;
use super::visit::Visit;
use crate::data::Dataset;
use crate::data::store::Beside;
use crate::experiment::{Experiment, Noise};
use crate::look::ask::Ask;
use crate::look::eye::{Eye, Report};
use crate::look::judge::Asked;
use crate::look::panel::Panel;
use crate::rng::Rng;

/// A part of a step: what is done between two places at which a run may stand.
#[derive(Clone, Debug, PartialEq)]
pub struct Move {
    /// Its name; moves of one name in a row are one to a person.
    pub name: &'static str,
    /// What it consumes, in this order.
    pub wants: Vec<Want>,
}

/// Rows that a move consumes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Want {
    /// Real samples, in network units.
    Real {
        /// How many.
        rows: usize,
    },
    /// What the real samples that were wanted last are, each a row with a 1 in the place of its class.
    Labels {
        /// How many: as many as of these samples.
        rows: usize,
        /// How many classes there are.
        classes: usize,
    },
    /// A random affine map of square images, as a matrix of so many pixels a side.
    Warp {
        /// Pixels along a side.
        side: usize,
    },
    /// Samples of another set of points, in network units, drawn as noise is.
    Other {
        /// How many.
        rows: usize,
        /// Which set.
        set: &'static Dataset,
    },
    /// Classes for generated samples, all as likely, each a row with a 1 in its place.
    Classes {
        /// How many rows.
        rows: usize,
        /// How many classes there are.
        classes: usize,
    },
    /// Noise.
    Noise {
        /// How many.
        rows: usize,
        /// Its dimension.
        columns: usize,
        /// Its law.
        law: Noise,
    },
}

/// A loss over the run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Loss {
    /// Its label.
    pub name: &'static str,
    /// Its name and its title as a metric.
    pub metric: (&'static str, &'static str),
    /// Whose it is: `discriminator`, `generator`, or `other`.
    pub role: &'static str,
    /// What it is, and of what.
    pub about: &'static str,
    /// Its value at the equilibrium.
    pub equilibrium: Option<f64>,
}

/// Shares of what falls over a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Left {
    /// Of the learning rates.
    pub rate: f64,
    /// Of the noise on what D is shown.
    pub noise: f64,
    /// Of the penalty on D's slope.
    pub penalty: f64,
}

/// The value of a loss.
#[allow(clippy::large_enum_variant, reason = "there are a few of them at a time")]
#[derive(Clone)]
pub enum Worth {
    /// On the device, `[1]`.
    There(Tensor<1>),
    /// Known.
    Here(f32),
}

/// The losses of a move, by their place in [`Program::losses`].
pub type Losses = Vec<(usize, Worth)>;

/// Codes that never change during a run, or those of samples that do not.
pub struct Codes<'a> {
    /// Row by row.
    pub numbers: Ask<'a, Vec<f32>>,
    /// Numbers in a row.
    pub columns: usize,
    /// The law they are drawn from, or near.
    pub law: Noise,
    /// How many classes may be asked for; 0, if none.
    pub classes: usize,
}

/// Samples that were made of codes.
pub struct Decoded {
    /// In network units, row-major.
    pub samples: Vec<f32>,
    /// How likely D thinks each real, where it says that.
    pub believed: Vec<Option<f32>>,
}

/// What a family's run is made of. Nothing here waits for the device.
pub trait Program {
    /// The moves that are a step, in order. They change only where the program is tuned.
    fn moves(&self) -> Vec<Move>;

    /// Plays a move of [`Program::moves`]: queues its work, and gives its losses.
    fn play(&mut self, which: usize, batch: &Batch) -> Losses;

    /// Whether moves compute on the host, so that what they want is not uploaded.
    fn on_host(&self) -> bool {
        false
    }

    /// What evaluations use besides the data.
    fn beside(&self) -> Beside {
        Beside { tests: false, judge: true }
    }

    /// The losses that moves give.
    fn losses(&self) -> Vec<Loss>;

    /// Shows everything that outlives a step.
    fn visit(&mut self, visit: &mut dyn Visit);

    /// Whether it could have come to what it holds by `steps` steps: what was loaded may be forged.
    fn is_sound(&mut self, steps: u64) -> bool;

    /// Goes on under other settings.
    fn tune(&mut self, now: &Experiment);

    /// Sets what is left from the next step on of what falls over a run.
    fn schedule(&mut self, now: &Experiment, left: Left);

    /// How many weights each player has.
    fn sizes(&self) -> Vec<(&'static str, usize)>;

    /// What there is to draw.
    fn show<'a>(&'a self, eye: &'a Eye) -> Ask<'a, Vec<Panel>>;

    /// What there is to measure.
    fn judge<'a>(&'a self, eye: &'a Eye) -> Ask<'a, Report>;

    /// `count` samples, in network units, row-major; none, if it makes no samples.
    fn sample(&self, count: usize, rng: &mut Rng) -> Ask<'_, Vec<f32>>;

    /// What is asked of samples, one class or code after the other.
    fn asked(&self) -> Asked {
        Asked::Nothing
    }

    /// The codes from which samples can be made by hand, if there are any.
    fn codes<'a>(&'a self, _: &'a Eye) -> Option<Codes<'a>> {
        None
    }

    /// The codes of samples in network units, if it has any; row-major.
    fn coded(&self, _: Tensor<2>) -> Option<Ask<'_, Vec<f32>>> {
        None
    }

    /// The samples of codes, `[rows, columns]`, each of the class in its place, where there are classes.
    fn decode(&self, _: Tensor<2>, _: &[usize]) -> Ask<'_, Decoded> {
        unreachable!("a program with codes decodes them")
    }

    /// What the field shows at a point in network units.
    fn probe(&self, point: [f32; 2]) -> Ask<'_, f32>;
}
