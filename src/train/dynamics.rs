//! A game of two numbers as a dynamical system: Mescheder et al. 2018, “Which Training Methods for GANs do actually Converge?” (arXiv
//! 1801.04406), the Dirac-GAN. All data are at 0, G puts its one sample at θ, and D is a line of slope ψ.
//!
//! As in the paper, D's line rises where samples are generated: D(x) = −ψ x is the score of being real.

use crate::objective::Stakes;
use crate::penalty::Norm;

/// θ and ψ.
pub type State = [f64; 2];

/// What keeps ψ small.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Hold {
    /// Nothing.
    Free,
    /// λ (|ψ| − t)², between the data and the sample or around the data: D's slope is the same everywhere.
    Norm(Norm),
    /// γ/2 ψ², at the data, at the sample, or at both, which are then twice.
    Square(f64),
    /// |ψ| ≤ c, after each update.
    Clip(f64),
}

/// In which order the players move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// G, and then D, which has seen where G is now.
    Alternating,
    /// Both from where they stand.
    Simultaneous,
    /// Both from where they would stand after such a step (Korpelevich 1976).
    Extragradient,
    /// Both by twice their gradient less the one before (Daskalakis et al. 2018).
    Optimistic,
}

/// A game of two numbers.
#[derive(Clone, Debug)]
pub struct Dynamics {
    /// What the players minimise.
    pub stakes: Stakes,
    /// What keeps D.
    pub hold: Hold,
    /// The weight of consensus: both also lessen ½‖v‖² (Mescheder et al. 2017, “The Numerics of GANs”, arXiv 1705.10461).
    pub consensus: f64,
    /// Half the curvature that G's loss has besides, in θ²: 0 in a Dirac-GAN.
    pub bend: f64,
    /// The step size.
    pub rate: f64,
    /// Who moves when.
    pub order: Order,
}

/// How far apart numbers are of whose difference a slope is taken.
const NEAR: f64 = 1e-5;

impl Dynamics {
    /// The losses of D and of G.
    pub fn losses(&self, [theta, psi]: State) -> [f64; 2] {
        let [d, g] = self.stakes.alone([0.0, -psi * theta]);
        [d.0, g.0]
    }

    /// The direction in which both would move without consensus: minus each player's gradient of its own loss.
    fn plain(&self, [theta, psi]: State) -> State {
        // Only the sample's score depends on either: D(0) = 0.
        let [(_, d), (_, g)] = self.stakes.alone([0.0, -psi * theta]);
        let kept = match self.hold {
            Hold::Free | Hold::Clip(_) => 0.0,
            Hold::Square(gamma) => gamma * psi,
            Hold::Norm(Norm { lambda, target, one_sided }) => {
                let off = psi.abs() - target;
                2.0 * lambda * if one_sided { off.max(0.0) } else { off } * sign(psi)
            }
        };
        [g * psi - 2.0 * self.bend * theta, d * theta - kept]
    }

    /// The direction in which both move.
    pub fn direction(&self, at: State) -> State {
        let v = self.plain(at);
        if self.consensus == 0.0 {
            return v;
        }
        // v − γ Jᵀ v
        let [[a, b], [c, d]] = jacobian(|x| self.plain(x), at);
        [v[0] - self.consensus * (a * v[0] + c * v[1]), v[1] - self.consensus * (b * v[0] + d * v[1])]
    }

    fn clipped(&self, [theta, psi]: State) -> State {
        match self.hold {
            Hold::Clip(most) => [theta, psi.clamp(-most, most)],
            _ => [theta, psi],
        }
    }

    /// One player's part of an alternating step: G's, or D's.
    pub fn half(&self, at: State, of_g: bool) -> State {
        let v = self.direction(at);
        let moved = if of_g { [at[0] + self.rate * v[0], at[1]] } else { [at[0], at[1] + self.rate * v[1]] };
        self.clipped(moved)
    }

    /// A step of both; `before`: the direction of the step before, where there was one.
    pub fn step(&self, at: State, before: Option<State>) -> State {
        let go = |from: State, v: State, by: f64| self.clipped([from[0] + by * v[0], from[1] + by * v[1]]);
        let v = self.direction(at);
        match self.order {
            Order::Alternating => self.half(self.half(at, true), false),
            Order::Simultaneous => go(at, v, self.rate),
            Order::Extragradient => go(at, self.direction(go(at, v, self.rate)), self.rate),
            Order::Optimistic => {
                let last = before.unwrap_or(v);
                go(at, [2.0 * v[0] - last[0], 2.0 * v[1] - last[1]], self.rate)
            }
        }
    }

    /// The eigenvalues of the direction's Jacobian at the equilibrium, as their real and imaginary parts: below 0, the flow comes in; beside
    /// it, it turns. None where there is no Jacobian: a penalty on a slope's distance from another than 0 has an edge there.
    pub fn eigenvalues(&self) -> Option<[[f64; 2]; 2]> {
        self.is_smooth().then(|| eigenvalues(jacobian(|x| self.direction(x), [0.0; 2])))
    }

    /// Whether the direction has a Jacobian at the equilibrium.
    fn is_smooth(&self) -> bool {
        !matches!(self.hold, Hold::Norm(Norm { lambda, target, one_sided: false }) if lambda != 0.0 && target != 0.0)
    }

    /// By how much a step near the equilibrium changes the distance from it in the long run: below 1 it comes nearer. None of optimistic
    /// steps, which remember.
    pub fn factor(&self) -> Option<f64> {
        Some(self.of_a_step()?.into_iter().map(|[re, im]| re.hypot(im)).fold(0.0, f64::max))
    }

    /// The eigenvalues of one step at the equilibrium, as a map of where the game stands: within the unit circle it comes nearer. None
    /// of optimistic steps, and where there is no Jacobian.
    pub fn of_a_step(&self) -> Option<[[f64; 2]; 2]> {
        (self.order != Order::Optimistic && self.is_smooth())
            .then(|| eigenvalues(jacobian(|x| self.step(x, None), [0.0; 2])))
    }
}

fn sign(x: f64) -> f64 {
    if x == 0.0 { 0.0 } else { x.signum() }
}

/// By differences on both sides.
fn jacobian(of: impl Fn(State) -> State, [x, y]: State) -> [[f64; 2]; 2] {
    let slope = |a: State, b: State| [0, 1].map(|i| (a[i] - b[i]) / (2.0 * NEAR));
    let [a, c] = slope(of([x + NEAR, y]), of([x - NEAR, y]));
    let [b, d] = slope(of([x, y + NEAR]), of([x, y - NEAR]));
    [[a, b], [c, d]]
}

/// Those of a matrix of two by two.
fn eigenvalues([[a, b], [c, d]]: [[f64; 2]; 2]) -> [[f64; 2]; 2] {
    let (middle, under) = ((a + d) / 2.0, ((a - d) / 2.0).powi(2) + b * c);
    let root = under.abs().sqrt();
    if under < 0.0 { [[middle, root], [middle, -root]] } else { [[middle + root, 0.0], [middle - root, 0.0]] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::{MINIMAX, NON_SATURATING, Objective, WASSERSTEIN};

    fn game(objective: &'static Objective, hold: Hold, order: Order) -> Dynamics {
        Dynamics { stakes: Stakes::of(objective), hold, consensus: 0.0, bend: 0.0, rate: 0.2, order }
    }

    fn radius(game: &Dynamics) -> f64 {
        let end = (0..500).fold([1.0, 1.0], |at, _| game.step(at, None));
        end[0].hypot(end[1])
    }

    /// From (1, 1), 500 steps of .2: the paper's experiment, computed apart.
    #[test]
    fn final_radii_are_those_of_the_table() {
        let gp = Hold::Norm(Norm { lambda: 0.35, target: 1.0, one_sided: false });
        let table = [
            (&MINIMAX, Hold::Free, 0.0, [3.097, 1.421]),
            (&NON_SATURATING, Hold::Free, 0.0, [0.6402, 0.2839]),
            (&WASSERSTEIN, Hold::Clip(1.0), 0.0, [1.002, 1.024]),
            (&WASSERSTEIN, gp, 0.0, [1.802, 1.221]),
            (&MINIMAX, Hold::Square(0.3), 0.0, [2.643e-6, 2.301e-7]),
            (&MINIMAX, Hold::Square(1.0), 0.0, [9.529e-22, 7.481e-17]),
            (&NON_SATURATING, Hold::Square(0.3), 0.0, [2.212e-6, 1.499e-7]),
            (&MINIMAX, Hold::Free, 1.0, [2.579e-10, 1.724e-11]),
        ];
        for (objective, hold, consensus, expected) in table {
            for (order, expected) in [Order::Simultaneous, Order::Alternating].into_iter().zip(expected) {
                let found = radius(&Dynamics { consensus, ..game(objective, hold, order) });
                let near = (found / expected - 1.0).abs() < 1e-3;
                assert!(near, "{} {hold:?} {consensus} {order:?}: {found:e}, not {expected:e}", objective.name);
            }
        }
    }

    #[test]
    fn eigenvalues_of_a_step_are_one_and_the_flows() {
        // Both from where they stand: 1 + hλ. By turns the product is 1, and their sum 2 − h²/4.
        let of = |hold, order| game(&MINIMAX, hold, order).of_a_step().unwrap();
        let flow = game(&MINIMAX, Hold::Square(0.3), Order::Simultaneous).eigenvalues().unwrap();
        for (step, flow) in of(Hold::Square(0.3), Order::Simultaneous).into_iter().zip(flow) {
            assert!((step[0] - 1.0 - 0.2 * flow[0]).abs() < 1e-6 && (step[1] - 0.2 * flow[1]).abs() < 1e-6);
        }
        let [[re, im], _] = of(Hold::Free, Order::Alternating);
        assert!((re * re + im * im - 1.0).abs() < 1e-6 && (2.0 * re - 2.0 + 0.01).abs() < 1e-6, "{re} {im}");
        assert_eq!(game(&MINIMAX, Hold::Free, Order::Optimistic).of_a_step(), None);
        let edge = Hold::Norm(Norm { lambda: 0.35, target: 1.0, one_sided: false });
        let edge = game(&WASSERSTEIN, edge, Order::Alternating);
        assert_eq!((edge.eigenvalues(), edge.of_a_step(), edge.factor()), (None, None, None));
    }

    #[test]
    fn eigenvalues_are_those_of_the_paper() {
        let of = |objective, hold| game(objective, hold, Order::Simultaneous).eigenvalues().unwrap();
        let close = |found: [[f64; 2]; 2], expected: [[f64; 2]; 2]| {
            let all = found.iter().flatten().zip(expected.iter().flatten());
            assert!(all.clone().all(|(a, b)| (a - b).abs() < 1e-6), "{found:?}, not {expected:?}");
        };
        for objective in [&MINIMAX, &NON_SATURATING] {
            // ± i f′(0), and with R1 −γ/2 ± √(γ²/4 − f′(0)²), where f′(0) = ½.
            close(of(objective, Hold::Free), [[0.0, 0.5], [0.0, -0.5]]);
            let turn = (0.25 - 0.0225_f64).sqrt();
            close(of(objective, Hold::Square(0.3)), [[-0.15, turn], [-0.15, -turn]]);
            let root = (1.0 - 0.25_f64).sqrt();
            close(of(objective, Hold::Square(2.0)), [[-1.0 + root, 0.0], [-1.0 - root, 0.0]]);
        }
    }

    /// The bilinear game of min max xy, which is the Wasserstein objective's.
    #[test]
    fn the_bilinear_game_is_that_of_the_textbook() {
        let of = |order| game(&WASSERSTEIN, Hold::Free, order);
        let after = |order| {
            let [x, y] = of(order).step([0.6, -0.8], None);
            x.hypot(y)
        };
        assert!((after(Order::Simultaneous) - (1.0 + 0.04_f64).sqrt()).abs() < 1e-12);
        assert!((after(Order::Extragradient) - (1.0 - 0.04 + 0.0016_f64).sqrt()).abs() < 1e-12);
        assert!((of(Order::Extragradient).factor().unwrap() - (1.0 - 0.04 + 0.0016_f64).sqrt()).abs() < 1e-6);
        // θ first: θ² + ψ² − h θψ or + h θψ stays, by the sign of the turn.
        let kept = |[x, y]: State| x * x + y * y + 0.2 * x * y;
        let other = |[x, y]: State| x * x + y * y - 0.2 * x * y;
        let alternating = of(Order::Alternating);
        let end = (0..1000).fold([1.0, 1.0], |at, _| alternating.step(at, None));
        let stays = [(kept)([1.0, 1.0]) - kept(end), other([1.0, 1.0]) - other(end)];
        assert!(stays.iter().any(|off| off.abs() < 1e-9), "{end:?}: {stays:?}");
        // Optimistic steps come in.
        let optimistic = of(Order::Optimistic);
        let (mut at, mut before) = ([1.0, 1.0], None);
        for _ in 0..2000 {
            let v = optimistic.direction(at);
            at = optimistic.step(at, before);
            before = Some(v);
        }
        assert!(at[0].hypot(at[1]) < 1e-6, "{at:?}");
    }
}
