//! Matrix games: one player picks a row, the other a column, and the first pays the second what stands there. Von Neumann 1928, “Zur Theorie
//! der Gesellschaftsspiele”: with mixed strategies the least that one must pay is the most that the other can be sure of.

/// Probabilities of picking each row, and each column.
pub type Mixed = [Vec<f64>; 2];

/// What the row's player pays the column's, for each pair.
#[derive(Clone, Debug, PartialEq)]
pub struct Payoff {
    rows: Vec<Vec<f64>>,
}

/// How a player goes on from what each pick would have gained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Learning {
    /// It picks what is best against all that the other has played so far: Brown 1951, “Iterative Solution of Games by Fictitious Play”.
    Fictitious,
    /// It multiplies each probability by the exponential of its gain: Freund and Schapire 1999, “Adaptive Game Playing Using
    /// Multiplicative Weights”.
    Hedge,
    /// It adds the gains, and takes the nearest probabilities to that: Zinkevich 2003, “Online Convex Programming”.
    Gradient,
}

impl Payoff {
    /// A game of these rows, all of one length.
    pub fn new<const N: usize, const M: usize>(rows: [[f64; M]; N]) -> Self {
        Self { rows: rows.iter().map(|row| row.to_vec()).collect() }
    }

    /// Rows and columns.
    pub fn size(&self) -> [usize; 2] {
        [self.rows.len(), self.rows[0].len()]
    }

    /// What is paid on average.
    pub fn paid(&self, [p, q]: &Mixed) -> f64 {
        p.iter().zip(&self.rows).map(|(p, row)| p * row.iter().zip(q).map(|(a, q)| a * q).sum::<f64>()).sum()
    }

    /// What each pick of either player would gain on average against the other: of rows minus what is paid, of columns what is.
    pub fn gains(&self, [p, q]: &Mixed) -> Mixed {
        let [_, columns] = self.size();
        let of_rows = self.rows.iter().map(|row| -row.iter().zip(q).map(|(a, q)| a * q).sum::<f64>());
        let of_column = |j: usize| p.iter().zip(&self.rows).map(|(p, row)| p * row[j]).sum::<f64>();
        [of_rows.collect(), (0..columns).map(of_column).collect()]
    }

    /// What strategies leave to each other: how much both together could gain by changing theirs, which is 0 at the equilibrium alone.
    pub fn gap(&self, at: &Mixed) -> f64 {
        let [rows, columns] = self.gains(at);
        let most = |gains: Vec<f64>| gains.into_iter().fold(f64::NEG_INFINITY, f64::max);
        most(rows) + most(columns)
    }

    /// The value of the game and an equilibrium, by linear programming.
    ///
    /// With all payoffs above 0, the rows' player maximises Σ x with Aᵀ x ≤ 1, x ≥ 0, and the columns' minimises Σ y with A y ≥ 1, y ≥ 0,
    /// which are each other's duals; strategies are x and y over their sums, and the value is one over that sum (Dantzig 1951). The simplex
    /// method begins at x = 0, and Bland's rule keeps it from going round in a circle.
    pub fn solve(&self) -> (f64, Mixed) {
        let [rows, columns] = self.size();
        let least = self.rows.iter().flatten().copied().fold(f64::INFINITY, f64::min);
        let above = 1.0 - least;
        // A line for each constraint: its column of A, the slack variables, and the bound; and one more, what a unit of each variable adds.
        let (slack, bound) = (rows, rows + columns);
        let mut table: Vec<Vec<f64>> = (0..columns)
            .map(|j| {
                let own = (0..columns).map(|k| f64::from(u8::from(k == j)));
                self.rows.iter().map(|row| row[j] + above).chain(own).chain([1.0]).collect()
            })
            .collect();
        let mut adds = vec![0.0; bound + 1];
        adds[..rows].fill(1.0);
        table.push(adds);
        let mut basis: Vec<usize> = (slack..bound).collect();
        while let Some(enters) = (0..bound).find(|&variable| table[columns][variable] > TINY) {
            let most = |line: usize| table[line][bound] / table[line][enters];
            let bounds = (0..columns).filter(|&line| table[line][enters] > TINY);
            let leaves = bounds.min_by(|&a, &b| most(a).total_cmp(&most(b)).then(basis[a].cmp(&basis[b])));
            let leaves = leaves.expect("payoffs above 0 bound every variable");
            let pivot = table[leaves][enters];
            table[leaves].iter_mut().for_each(|x| *x /= pivot);
            let own = table[leaves].clone();
            for (_, other) in table.iter_mut().enumerate().filter(|(line, _)| *line != leaves) {
                let by = other[enters];
                other.iter_mut().zip(&own).for_each(|(x, y)| *x -= by * y);
            }
            basis[leaves] = enters;
        }
        let total = -table[columns][bound];
        let mut p = vec![0.0; rows];
        for (line, &variable) in basis.iter().enumerate().filter(|(_, variable)| **variable < rows) {
            p[variable] = table[line][bound] / total;
        }
        // What a unit of each slack variable would cost is the dual's solution.
        let q = (slack..bound).map(|variable| -table[columns][variable] / total).collect();
        (1.0 / total - above, [p, q])
    }
}

/// What rounding leaves of 0.
const TINY: f64 = 1e-12;

impl Learning {
    /// Probabilities after gains, by a step of this size. Fictitious play has no step: it picks one.
    pub fn moved(self, from: &[f64], gains: &[f64], by: f64) -> Vec<f64> {
        let most = gains.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        match self {
            Self::Fictitious => {
                let best = gains.iter().position(|gain| *gain == most).unwrap_or(0);
                (0..gains.len()).map(|i| f64::from(u8::from(i == best))).collect()
            }
            Self::Hedge => {
                let raised: Vec<f64> =
                    from.iter().zip(gains).map(|(p, gain)| p.max(LEAST) * libm::exp(by * (gain - most))).collect();
                let all: f64 = raised.iter().sum();
                raised.into_iter().map(|p| p / all).collect()
            }
            Self::Gradient => nearest(&from.iter().zip(gains).map(|(p, gain)| p + by * gain).collect::<Vec<_>>()),
        }
    }
}

/// No probability of multiplied weights falls below this, so that none is lost for ever to rounding.
const LEAST: f64 = 1e-300;

/// The probabilities nearest to some numbers (Duchi et al. 2008, “Efficient Projections onto the ℓ1-Ball”, figure 1).
fn nearest(to: &[f64]) -> Vec<f64> {
    let mut sorted = to.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    let mut sum = 0.0;
    let mut less = 0.0;
    for (i, x) in sorted.iter().enumerate() {
        sum += x;
        let share = (sum - 1.0) / (i + 1) as f64;
        if x - share > 0.0 {
            less = share;
        }
    }
    to.iter().map(|x| (x - less).max(0.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_those_of_the_closed_forms() {
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a}, not {b}");
        // (ad − bc) / (a + d − b − c), where no pick is always best.
        for [[a, b], [c, d]] in [[[1.0, -1.0], [-1.0, 1.0]], [[3.0, -1.0], [-2.0, 1.0]], [[0.0, 5.0], [2.0, -7.0]]] {
            let (value, [p, q]) = Payoff::new([[a, b], [c, d]]).solve();
            let all = a + d - b - c;
            near(value, (a * d - b * c) / all);
            near(p[0], (d - c) / all);
            near(q[0], (d - b) / all);
        }
        // A saddle: the row's player never pays more than 2, the column's never gets less.
        let (value, [p, q]) = Payoff::new([[2.0, 1.0], [3.0, 4.0]]).solve();
        assert_eq!((value, p, q), (2.0, vec![1.0, 0.0], vec![1.0, 0.0]));
        // Rock, paper, scissors, with prizes a, b and c.
        let [a, b, c] = [1.0, 2.0, 3.0];
        let (value, [p, q]) = Payoff::new([[0.0, -a, b], [a, 0.0, -c], [-b, c, 0.0]]).solve();
        near(value, 0.0);
        for of in [&p, &q] {
            of.iter().zip([c, b, a]).for_each(|(p, prize)| near(*p, prize / (a + b + c)));
        }
    }

    #[test]
    fn no_player_can_gain_at_a_solution_and_what_is_paid_is_the_value() {
        let mut rng = crate::rng::Rng::stream(4, "games");
        for _ in 0..200 {
            let rows: [[f64; 4]; 3] =
                std::array::from_fn(|_| std::array::from_fn(|_| (6.0 * rng.uniform()).floor() - 3.0));
            let game = Payoff::new(rows);
            let (value, at) = game.solve();
            assert!(game.gap(&at).abs() < 1e-9 && (game.paid(&at) - value).abs() < 1e-9, "{rows:?}: {at:?}");
            for of in &at {
                assert!((of.iter().sum::<f64>() - 1.0).abs() < 1e-9 && of.iter().all(|p| *p >= -1e-12), "{at:?}");
            }
        }
    }

    #[test]
    fn the_nearest_probabilities_are_nearer_than_others() {
        let mut rng = crate::rng::Rng::stream(5, "games");
        for _ in 0..50 {
            let to: Vec<f64> = (0..3).map(|_| 3.0 * rng.uniform() - 1.0).collect();
            let found = nearest(&to);
            assert!((found.iter().sum::<f64>() - 1.0).abs() < 1e-12 && found.iter().all(|p| *p >= 0.0));
            let far = |p: &[f64]| p.iter().zip(&to).map(|(p, x)| (p - x).powi(2)).sum::<f64>();
            for i in 0..=20 {
                for j in 0..=20 - i {
                    let other = [f64::from(i) / 20.0, f64::from(j) / 20.0, f64::from(20 - i - j) / 20.0];
                    assert!(far(&found) <= far(&other) + 1e-12, "{to:?}: {found:?}, {other:?}");
                }
            }
        }
    }

    #[test]
    fn a_step_gains_and_keeps_probabilities() {
        for learning in [Learning::Fictitious, Learning::Hedge, Learning::Gradient] {
            let p = learning.moved(&[0.2, 0.3, 0.5], &[3.0, -1.0, 0.5], 0.1);
            assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-12 && p[0] > 0.2 && p[1] < 0.3, "{learning:?}: {p:?}");
        }
        let hedge = Learning::Hedge.moved(&[0.5, 0.5], &[1.0, 0.0], 0.2);
        assert!((hedge[0] / hedge[1] - 0.2_f64.exp()).abs() < 1e-12);
        assert_eq!(Learning::Gradient.moved(&[0.5, 0.5], &[1.0, 0.0], 0.2), [0.6, 0.4]);
    }
}
