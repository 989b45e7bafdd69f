//! What is to be drawn of a run: panels of plain numbers. No tensor type, no DOM.

use serde::Serialize;

use crate::kernel::Grid;
use crate::text::Text;

/// Something to draw. A view is chosen by the body alone, never by the model.
#[derive(Clone, Debug)]
pub struct Panel {
    /// Its name among a run's panels.
    pub name: &'static str,
    /// What it shows, in a phrase.
    pub title: Text,
    /// Where it belongs.
    pub place: Place,
    /// What is drawn.
    pub body: Body,
}

impl Panel {
    /// The same with how likely D takes each image for real.
    #[must_use]
    pub fn believed(mut self, said: Vec<f32>) -> Self {
        if let Body::Images { believed, .. } = &mut self.body {
            *believed = said;
        }
        self
    }
}

/// A part of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the large picture.
    Stage,
    /// Beside it.
    Side,
    /// With the metrics.
    Metrics,
}

impl Place {
    /// Its name on the page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stage => "stage",
            Self::Side => "side",
            Self::Metrics => "metrics",
        }
    }
}

/// What is drawn.
#[derive(Clone, Debug)]
pub enum Body {
    /// Points in the plane, `[n, 2]` in data units, within `extent` (x0, y0, x1, y1) for the most part; and the class of each, if
    /// these matter, with what classes are called, if they have names.
    Points { role: Role, data: Vec<f32>, labels: Vec<u8>, names: Vec<Text>, extent: [f64; 4] },
    /// Lines in the plane, `[n, 4]`: from where, x and y, and to where; and whether it matters which is which.
    Vectors { data: Vec<f32>, directed: bool, extent: [f64; 4] },
    /// A function of the plane on a grid of `rows × columns` cell centres over `extent`; row 0 is at y0.
    Field { rows: usize, columns: usize, data: Vec<f32>, extent: [f64; 4], scale: FieldScale },
    /// Of this shape and so many of them: how light each channel of each pixel is, 0 dark to 1 light, `[n, height, width, channels]`;
    /// what is said of each, or of none; how likely D takes each for real, if it says; and in how many columns they belong, 0 where
    /// that does not matter.
    Images { role: Role, image: Grid, data: Vec<f32>, captions: Vec<Caption>, believed: Vec<f32>, columns: usize },
    /// A number for each pair of a row and a column, row-major.
    Matrix { rows: Lines, columns: Lines, data: Vec<f32> },
    /// Functions over `extent` of the line, at `xs`; and where noise goes: pairs of a noise and its sample.
    Graph { xs: Vec<f32>, extent: [f64; 2], functions: Vec<Function>, links: Vec<[f32; 2]> },
    /// Complex numbers, real and imaginary part, beside the unit circle.
    Spectrum { values: Vec<[f32; 2]> },
    /// Curves over steps.
    Series { steps: Vec<f64>, curves: Vec<Curve> },
}

/// What is said of a picture.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Caption {
    /// In few letters.
    pub text: Text,
    /// Whether that is as it should be, where it is known.
    pub right: Option<bool>,
}

/// The rows of a matrix, or its columns.
#[derive(Clone, Debug)]
pub struct Lines {
    /// What they all are.
    pub title: Text,
    /// What each is.
    pub names: Vec<Text>,
}

/// One function of a graph.
#[derive(Clone, Debug)]
pub struct Function {
    /// What it is called, as a formula.
    pub name: &'static str,
    /// What it is.
    pub title: Text,
    /// Whose it is: `real`, `generated`, `discriminator`, `optimal`.
    pub role: &'static str,
    /// Whether its values are from 0 to 1, and not a density.
    pub is_share: bool,
    /// A value at each x; not a number where there is none.
    pub data: Vec<f32>,
}

/// What the values of a field mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FieldScale {
    /// What a value is called, as a formula: D(x).
    pub symbol: &'static str,
    /// The values at the ends of the colours.
    pub range: [f64; 2],
    /// A value whose line is drawn, with what it is called; the colours then part there.
    pub level: Option<(f64, &'static str)>,
}

/// Whose samples a panel shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// From the data.
    Real,
    /// From G.
    Generated,
    /// Neither alone.
    Both,
}

impl Role {
    /// The role's name on the page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Real => "real",
            Self::Generated => "generated",
            Self::Both => "both",
        }
    }
}

/// One curve of a series.
#[derive(Clone, Debug)]
pub struct Curve {
    /// Its label.
    pub name: String,
    /// Whose it is: `discriminator`, `generator`, `other`, or a `metric`.
    pub role: &'static str,
    /// A value for each step of the series; NaN where there is none.
    pub data: Vec<f32>,
    /// The value at the game's equilibrium, or a metric's ideal.
    pub equilibrium: Option<f64>,
}
