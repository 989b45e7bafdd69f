//! Datasets: what the real samples are.
//!
//! A dataset is one file with one `DATASET`. Two-dimensional distributions implement [`PointSet`]: they can draw any
//! number of points, say where they lie and how to scale them for the networks, and give their density and their modes
//! where these are known exactly. Image sets come as files in shards ([`store::Store`]), visited in an order of their
//! own ([`order::Order`]).
//!
//! Samples depend on the random stream alone, and everything transcendental in them goes through `libm`, so that every
//! browser draws the same bits, and a native program draws them up to the tails of [`Rng::normal`].

mod mixture;
mod normals;

pub mod bell;
pub mod bimodal;
pub mod checkerboard;
pub mod circles;
pub mod comb;
pub mod disjoint;
pub mod emoji;
pub mod fashion;
pub mod gaussians;
pub mod grid25;
pub mod line;
pub mod mnist;
pub mod moons;
pub mod order;
pub mod own;
pub mod pacring;
pub mod pinwheel;
pub mod point;
pub mod ring;
pub mod ring8;
pub mod spirals;
pub mod stacked;
pub mod store;
pub mod swissroll;
pub mod twemoji;
pub mod uneven;

#[cfg(test)]
mod tests;

use crate::rng::Rng;
use crate::text::Text;
use store::ImageSet;

/// One dataset: its texts and its source.
pub struct Dataset {
    /// Its name in links and on the command line.
    pub name: &'static str,
    /// Its name for people.
    pub title: Text,
    /// One or two sentences on what it is and what makes it easy or hard.
    pub about: Text,
    /// Where it comes from: the paper or the program.
    pub cite: &'static str,
    /// What draws its samples.
    pub source: Source,
}

// Datasets are told apart by their names, which are unique.
impl PartialEq for Dataset {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl std::fmt::Debug for Dataset {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// What a dataset's samples are, and where they come from.
#[derive(Clone, Copy)]
pub enum Source {
    /// Points in the plane, drawn as needed.
    Points(&'static dyn PointSet),
    /// Numbers, drawn as needed.
    Line(&'static dyn LineSet),
    /// Images, fetched in shards.
    Images(&'static ImageSet),
}

impl Source {
    /// How many classes its samples are of; 1, where they are not told apart.
    pub fn classes(&self) -> usize {
        match self {
            Self::Points(set) => set.classes(),
            Self::Line(_) => 1,
            Self::Images(set) => set.classes.len().max(1),
        }
    }
}

/// A distribution over the line.
pub trait LineSet: Sync {
    /// One number, in data units.
    fn sample(&self, rng: &mut Rng) -> f64;

    /// The probability density at `x`, per unit of length.
    fn density(&self, x: f64) -> f64;

    /// What to show, `[x0, x1]` in data units; it holds more than 99.9 % of the mass.
    fn extent(&self) -> [f64; 2];

    /// How data units become the networks' units.
    fn scale(&self) -> LineScale;
}

/// The map between data units and network units on the line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LineScale {
    /// The number that becomes the networks' origin.
    pub centre: f64,
    /// The length that becomes 1.
    pub unit: f64,
}

impl LineScale {
    /// Data units to network units.
    pub fn to_network(&self, x: f64) -> f64 {
        (x - self.centre) / self.unit
    }

    /// Network units to data units.
    pub fn to_data(&self, x: f64) -> f64 {
        x * self.unit + self.centre
    }
}

/// A distribution over the plane.
pub trait PointSet: Sync {
    /// One point, in data units, and the class that it is of.
    fn draw(&self, rng: &mut Rng) -> ([f64; 2], u8);

    /// How many classes there are.
    fn classes(&self) -> usize {
        1
    }

    /// One point, in data units.
    fn sample(&self, rng: &mut Rng) -> [f64; 2] {
        self.draw(rng).0
    }

    /// The probability density at `x` (data units), per unit area, where it has a closed form.
    fn density(&self, _x: [f64; 2]) -> Option<f64> {
        None
    }

    /// The modes, where the distribution is a mixture of equally likely, well separated, round Gaussians.
    fn modes(&self) -> Option<Modes> {
        None
    }

    /// The square to show, `[x0, y0, x1, y1]` in data units; it holds more than 99.9 % of the mass.
    fn extent(&self) -> [f64; 4];

    /// How data units become the networks' units.
    fn scale(&self) -> Scale;
}

/// The modes of a mixture of equally likely round Gaussians.
#[derive(Clone, Debug, PartialEq)]
pub struct Modes {
    /// The centres, in data units.
    pub centres: Vec<[f64; 2]>,
    /// The standard deviation along each axis, in data units.
    pub sigma: f64,
}

/// The map between data units and network units, in which a dataset has a spread of about 1 along each axis.
///
/// One `unit` serves both axes, so that shapes keep their proportions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// The point that becomes the networks' origin, in data units.
    pub centre: [f64; 2],
    /// The length that becomes 1, in data units.
    pub unit: f64,
}

impl Scale {
    /// Data units to network units.
    pub fn to_network(&self, x: [f64; 2]) -> [f64; 2] {
        [(x[0] - self.centre[0]) / self.unit, (x[1] - self.centre[1]) / self.unit]
    }

    /// Network units to data units.
    pub fn to_data(&self, x: [f64; 2]) -> [f64; 2] {
        [x[0] * self.unit + self.centre[0], x[1] * self.unit + self.centre[1]]
    }
}

/// A square around `centre`, `half` to each side, as an extent.
const fn square(centre: [f64; 2], half: f64) -> [f64; 4] {
    [centre[0] - half, centre[1] - half, centre[0] + half, centre[1] + half]
}
