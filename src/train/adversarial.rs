//! The alternating game: fix G and update D; fix D and update G (Goodfellow et al. 2014, algorithm 1).

use burn::tensor::{Device, Tensor};

use super::optimiser::{Mean, Optimiser, Rule};
use super::player::Player;
use super::program::{Loss, Losses, Move, Program, Want, Worth};
use super::supply::Batch;
use super::visit::Visit;
use crate::experiment::{BATCH, DISCRIMINATOR, Experiment, GENERATOR, LATENT, NOISE, OBJECTIVE, SEED};
use crate::look::ask::Ask;
use crate::look::eye::{Eye, Report};
use crate::look::panel::{FieldScale, Panel};
use crate::nn::{Network, matrix};
use crate::objective::{self, Objective};
use crate::rng::Rng;
use crate::text::text;

/// Two players and what they play for.
pub struct Adversarial {
    /// G: noise `[batch, latent]` to samples `[batch, features]`.
    pub generator: Player,
    /// D: samples `[batch, features]` to scores `[batch, 1]`.
    pub discriminator: Player,
    /// The losses.
    pub objective: &'static Objective,
}

impl Adversarial {
    /// D's turn: G is fixed. The loss before the update, shape `[1]`.
    ///
    /// # Shapes
    /// - `real`: `[batch, features]`; `noise`: `[batch, latent]`
    pub fn discriminator_turn(&mut self, real: Tensor<2>, noise: Tensor<2>) -> Tensor<1> {
        let (batch, generated) = (real.dims()[0], noise.dims()[0]);
        let fake = self.generator.infer(noise);
        let leaves = self.discriminator.net.layout().leaves(&self.discriminator.parameters);
        // One pass over both halves: D treats rows alone, so this equals two passes.
        let scores = self.discriminator.net.forward(&leaves, Tensor::cat(vec![real, fake], 0));
        let loss = objective::loss(scores, &self.objective.discriminator(batch, generated));
        self.discriminator.descend(leaves, &loss);
        loss.inner()
    }

    /// G's turn: D is fixed. The loss before the update, shape `[1]`.
    ///
    /// # Shapes
    /// - `noise`: `[batch, latent]`
    pub fn generator_turn(&mut self, noise: Tensor<2>) -> Tensor<1> {
        let batch = noise.dims()[0];
        let leaves = self.generator.net.layout().leaves(&self.generator.parameters);
        let fake = self.generator.net.forward(&leaves, noise);
        let judge = self.discriminator.net.layout().constants(&self.discriminator.parameters);
        let scores = self.discriminator.net.forward(&judge, fake);
        let loss = objective::loss(scores, &self.objective.generator(batch));
        self.generator.descend(leaves, &loss);
        loss.inner()
    }
}

/// What there is to know of a loss.
const LOSS: &str =
    "Of the last batch. The dashed line is the loss where D can only guess; a loss beside it is no fault by itself.";

/// What D's map shows.
const PROBABILITY: FieldScale = FieldScale { symbol: "D(x)", range: [0.0, 1.0], level: Some((0.5, "½")) };

/// The networks of a family: G, from noise to samples, and D, from samples to a score.
pub type Networks = fn(&Experiment) -> [Box<dyn Network>; 2];

/// The moves of a step: D's updates, then G's.
pub fn moves(e: &Experiment) -> Vec<Move> {
    let (rows, columns) = (e.get(&BATCH) as usize, e.get(&LATENT) as usize);
    let (real, noise) = (Want::Real { rows }, Want::Noise { rows, columns, law: e.get(&NOISE) });
    let [d, g] = updates(e);
    let d = std::iter::repeat_n(Move { name: "d", wants: vec![real, noise] }, d);
    let g = std::iter::repeat_n(Move { name: "g", wants: vec![noise] }, g);
    d.chain(g).collect()
}

/// Updates in a step: D's, G's.
fn updates(e: &Experiment) -> [usize; 2] {
    [&DISCRIMINATOR, &GENERATOR].map(|player| e.get(&player.updates) as usize)
}

/// The game as a program: D's updates, then G's.
pub struct Alternating {
    game: Adversarial,
    networks: Networks,
    now: Experiment,
    /// Updates in a step: D's, G's.
    updates: [usize; 2],
}

impl Alternating {
    /// At its beginning.
    pub fn new(networks: Networks, experiment: &Experiment, device: &Device) -> Self {
        let player = |net, fields, mean, stream| {
            let (spec, mut rng) = (experiment.player(fields), Rng::stream(experiment.get(&SEED), stream));
            Player::new(net, Optimiser::new(Rule::of(&spec), spec.rate, mean), &mut rng, device)
        };
        let [g, d] = networks(experiment);
        let generator = player(g, &GENERATOR, Mean::of_generator(experiment), "init g");
        let discriminator = player(d, &DISCRIMINATOR, Mean::NONE, "init d");
        let game = Adversarial { generator, discriminator, objective: experiment.get(&OBJECTIVE) };
        Self { game, networks, now: experiment.clone(), updates: updates(experiment) }
    }

    fn latent(&self, values: Vec<f32>) -> Tensor<2> {
        matrix(values, self.now.get(&LATENT) as usize, &self.game.generator.parameters.device())
    }
}

impl Program for Alternating {
    fn moves(&self) -> Vec<Move> {
        moves(&self.now)
    }

    fn play(&mut self, which: usize, batch: &Batch) -> Losses {
        if which < self.updates[0] {
            vec![(0, Worth::There(self.game.discriminator_turn(batch.rows(0), batch.rows(1))))]
        } else {
            vec![(1, Worth::There(self.game.generator_turn(batch.rows(0))))]
        }
    }

    fn losses(&self) -> Vec<Loss> {
        let (d, g) = self.game.objective.equilibrium;
        let loss =
            |name, metric, role, equilibrium| Loss { name, metric, role, about: LOSS, equilibrium: Some(equilibrium) };
        vec![loss("D", ("loss_d", "loss of D"), "discriminator", d), loss("G", ("loss_g", "loss of G"), "generator", g)]
    }

    fn visit(&mut self, visit: &mut dyn Visit) {
        self.game.generator.visit("g", visit);
        self.game.discriminator.visit("d", visit);
    }

    fn is_sound(&mut self, steps: u64) -> bool {
        [&self.game.generator, &self.game.discriminator].iter().all(|player| player.is_sound(steps))
    }

    fn tune(&mut self, now: &Experiment) {
        let [g, d] = (self.networks)(now);
        self.game.generator.tune(g, &now.player(&GENERATOR), Mean::of_generator(now));
        self.game.discriminator.tune(d, &now.player(&DISCRIMINATOR), Mean::NONE);
        self.game.objective = now.get(&OBJECTIVE);
        self.updates = updates(now);
        self.now = now.clone();
    }

    fn schedule(&mut self, now: &Experiment, share: f64) {
        self.game.generator.optimiser.set_rate(now.get(&GENERATOR.rate) * share);
        self.game.discriminator.optimiser.set_rate(now.get(&DISCRIMINATOR.rate) * share);
    }

    fn sizes(&self) -> Vec<(&'static str, usize)> {
        vec![("g", self.game.generator.size()), ("d", self.game.discriminator.size())]
    }

    fn show<'a>(&'a self, eye: &'a Eye) -> Ask<'a, Vec<Panel>> {
        let generated = self.game.generator.infer_averaged(eye.shown(&eye.latent));
        let score = self.game.objective.score;
        let map = eye.map().map(|map| {
            Ask::of([self.game.discriminator.infer(map)], move |[scores]| {
                let title = text("D's map: where it believes in real data", "D 的判断图：哪里像真实数据");
                eye.field(title, PROBABILITY, scores.into_iter().map(|s| score.probability(s)).collect())
            })
        });
        let title = text("samples of the generator G", "生成器 G 的样本");
        let samples = Ask::of([generated], move |[samples]| eye.samples(title, &samples));
        match map {
            Some(map) => samples.and(map).map(|(samples, map)| samples.into_iter().chain([map]).collect()),
            None => samples,
        }
    }

    fn judge<'a>(&'a self, eye: &'a Eye) -> Ask<'a, Report> {
        let Adversarial { generator, discriminator, objective } = &self.game;
        // What is shown comes from the running mean of G's weights, where one is kept. D plays against G itself, and G's health
        // is its own: a mean that still lags behind is no collapse.
        let shown = generator.infer_averaged(eye.latent.clone());
        let averaged = generator.optimiser.average().is_some();
        let own = if averaged { generator.infer(eye.latent.clone()) } else { shown.clone() };
        let judged = eye.judged(own.clone());
        let generated = judged.generated;
        let scores = discriminator.infer(judged.samples);
        let share = |scores: &[f32], real: bool| {
            let right = scores.iter().filter(|&&s| (objective.score.probability(s) > 0.5) == real).count();
            (!scores.is_empty()).then(|| right as f64 / scores.len() as f64)
        };
        let finish = move |shown: &[f32], own: Option<&[f32]>, scores: &[f32]| {
            let mut report = eye.report(shown);
            report.signs.own = own.map(|own| eye.shape(own));
            report.signs.accuracy = [share(&scores[generated..], true), share(&scores[..generated], false)];
            report.signs.turns = self.updates.map(|updates| updates > 0);
            report
        };
        if averaged {
            Ask::of([shown, own, scores], move |[shown, own, scores]| finish(&shown, Some(&own), &scores))
        } else {
            Ask::of([shown, scores], move |[shown, scores]| finish(&shown, None, &scores))
        }
    }

    fn sample(&self, count: usize, rng: &mut Rng) -> Ask<'_, Vec<f32>> {
        let noise = self.latent(self.now.get(&NOISE).draw(count * self.now.get(&LATENT) as usize, rng));
        Ask::of([self.game.generator.infer_averaged(noise)], |[samples]| samples)
    }

    fn probe(&self, point: [f32; 2]) -> Ask<'_, f32> {
        let x = matrix(point.to_vec(), 2, &self.game.generator.parameters.device());
        let score = self.game.objective.score;
        Ask::of([self.game.discriminator.infer(x)], move |[scores]| score.probability(scores[0]))
    }
}
