//! What is to be drawn of a run: panels of plain numbers. No tensor type, no DOM.

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
