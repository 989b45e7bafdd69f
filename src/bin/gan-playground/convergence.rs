//! `gan-playground convergence`: the table of local convergence of Mescheder et al. 2018 (arXiv 1801.04406), on the Dirac-GAN.

use gan_playground::experiment::Experiment;
use gan_playground::families::toy;
use gan_playground::link;
use gan_playground::train::dynamics::{Dynamics, Order};

use crate::console;

/// What keeps the game, and the fields that say so.
const ROWS: [(&str, &str); 9] = [
    ("GAN", "objective=minimax"),
    ("non-saturating GAN", "objective=nonsaturating"),
    ("WGAN, clipped", "objective=wasserstein&penalty=clip"),
    ("WGAN-GP", "objective=wasserstein&penalty=gp"),
    ("DRAGAN", "objective=minimax&penalty=dragan"),
    ("R1", "objective=minimax&penalty=r1"),
    ("R2", "objective=minimax&penalty=r2"),
    ("non-saturating, R1", "objective=nonsaturating&penalty=r1"),
    ("consensus optimisation", "objective=minimax&consensus=1"),
];

/// Steps of the experiment of the paper, from (1, 1).
const STEPS: usize = 500;
/// Nearer than this after as many steps, a game has come to rest.
const REST: f64 = 1e-3;

/// Prints the table, as Markdown.
///
/// # Errors
/// If nobody reads it.
pub fn print() -> Result<(), String> {
    let mut text = String::from(
        "| game | eigenvalues of the flow | largest modulus of a step, simultaneous | alternating | radius after 500 steps, simultaneous | alternating | comes to rest |\n|---|---|---:|---:|---:|---:|---|\n",
    );
    for (name, fields) in ROWS {
        let (experiment, problems) = link::parse(&format!("v=2&family=toy&data=point&{fields}"));
        debug_assert!(problems.is_empty(), "{problems:?}");
        text.push_str(&row(name, &experiment));
    }
    console::print(&text).map(drop)
}

fn row(name: &str, experiment: &Experiment) -> String {
    let of = |order| Dynamics { order, ..toy::dynamics(experiment) };
    let orders = [Order::Simultaneous, Order::Alternating].map(of);
    let number = |x: f64| format!("{x:.4}").replace("-0.0000", "0.0000").replace('-', "−");
    let eigenvalues = match orders[0].eigenvalues() {
        None => "none: it has an edge there".into(),
        Some(real @ [[_, 0.0], _]) => real.map(|[re, _]| number(re)).join(", "),
        Some([[re, im], _]) => format!("{} ± {} i", number(re), number(im)),
    };
    let moduli = orders.each_ref().map(|game| game.factor().map_or_else(|| "–".into(), number));
    let radii = orders.each_ref().map(radius);
    let rests = if radii.iter().all(|radius| *radius < REST) { "yes" } else { "no" };
    let radii =
        radii.map(|radius| if radius < 1e-2 { format!("{radius:.2e}").replace('-', "−") } else { number(radius) });
    format!("| {name} | {eigenvalues} | {} | {} | {} | {} | {rests} |\n", moduli[0], moduli[1], radii[0], radii[1])
}

/// How far from the equilibrium a game is after so many steps from (1, 1).
fn radius(game: &Dynamics) -> f64 {
    let [theta, psi] = (0..STEPS).fold([1.0, 1.0], |at, _| game.step(at, None));
    theta.hypot(psi)
}
