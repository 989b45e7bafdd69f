//! A small classifier of rows of numbers: what there is in them besides what a straight cut finds.

use super::optimiser::{Mean, Optimiser};
use super::player::Player;
use crate::device::{Engine, read};
use crate::experiment::{Begin, Method, PlayerSpec};
use crate::kernel::Activation;
use crate::look::metrics::features::likeliest;
use crate::nn::{Net, matrix};
use crate::objective;
use crate::rng::Rng;

/// The small classifier: one hidden layer, Adam, and so many updates on so many rows each.
const HIDDEN: usize = 64;
const UPDATES: usize = 3_000;
const BATCH: usize = 100;
/// Rows that go through a network at once.
const AT_ONCE: usize = 1_000;

/// Rows of numbers with their labels.
pub struct Rows {
    /// Row by row.
    pub numbers: Vec<f32>,
    /// Numbers in a row.
    pub width: usize,
    /// The class of each row.
    pub labels: Vec<u8>,
}

impl Rows {
    /// Those in some places.
    #[must_use]
    pub fn some(&self, chosen: &[usize]) -> Self {
        let row = |&i: &usize| &self.numbers[i * self.width..(i + 1) * self.width];
        Self {
            numbers: chosen.iter().flat_map(row).copied().collect(),
            width: self.width,
            labels: chosen.iter().map(|&i| self.labels[i]).collect(),
        }
    }
}

/// How often a small network that has learned from labelled rows names test rows rightly.
///
/// # Errors
/// If the device fails.
pub async fn small(train: &Rows, tests: &Rows, classes: usize, rng: &mut Rng) -> Result<f64, String> {
    let device = &Engine::Cpu.start().await?;
    let spec = PlayerSpec {
        layers: vec![HIDDEN],
        activation: Activation::Relu,
        begin: Begin::Usual,
        method: Method::Adam,
        rate: 1e-3,
        betas: [0.9, 0.999],
        momentum: 0.0,
        decay: 0.0,
        most: 0.0,
        updates: 1,
    };
    // Codes are of any size: both kinds of rows are measured in the deviation of what is learned from.
    let unit = unit(&train.numbers);
    let scaled = |rows: &[f32]| rows.iter().map(|x| x / unit).collect::<Vec<f32>>();
    let net = Net::mlp(train.width, &spec.layers, classes, spec.activation, None);
    let mut player = Player::new(Box::new(net), Optimiser::of(&spec, Mean::NONE), rng, device);
    let count = train.labels.len();
    for _ in 0..UPDATES {
        let batch = train.some(&(0..BATCH.min(count)).map(|_| rng.below(count)).collect::<Vec<usize>>());
        let target = |&label: &u8| (0..classes).map(move |class| f32::from(u8::from(usize::from(label) == class)));
        let targets = matrix(batch.labels.iter().flat_map(target).collect(), classes, device);
        let rows = matrix(scaled(&batch.numbers), train.width, device);
        player.learn(rows, |scores| objective::cross_entropy(scores, targets.autodiff()));
    }
    let mut right = 0;
    for (part, labels) in tests.numbers.chunks(AT_ONCE * tests.width).zip(tests.labels.chunks(AT_ONCE)) {
        let scores = player.infer(matrix(scaled(part), tests.width, device));
        let scores = read(scores).await?;
        let named = scores.chunks_exact(classes).map(likeliest).zip(labels);
        right += named.filter(|(named, label)| *named == usize::from(**label)).count();
    }
    Ok(right as f64 / tests.labels.len() as f64)
}

/// The deviation of numbers around their mean.
fn unit(numbers: &[f32]) -> f32 {
    let count = numbers.len() as f64;
    let mean = numbers.iter().map(|&x| f64::from(x)).sum::<f64>() / count;
    let square = numbers.iter().map(|&x| (f64::from(x) - mean).powi(2)).sum::<f64>() / count;
    square.sqrt().max(1e-6) as f32
}
