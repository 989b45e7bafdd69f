//! The alternating game: fix G and update D; fix D and update G (Goodfellow et al. 2014, algorithm 1).

use burn::tensor::{Device, Tensor};

use super::optimiser::{Mean, Optimiser, Rule};
use super::player::Player;
use super::program::{Loss, Losses, Move, Program, Want, Worth};
use super::supply::Batch;
use super::visit::Visit;
use crate::experiment::{
    BATCH, CLIP, DISCRIMINATOR, Experiment, GAMMA, GENERATOR, LAMBDA, LATENT, LAZY, NOISE, Noise, OBJECTIVE, PENALTY,
    Penalty, SEED,
};
use crate::look::ask::Ask;
use crate::look::eye::{Eye, Report};
use crate::look::panel::{FieldScale, Panel};
use crate::nn::{Network, Passed, matrix};
use crate::objective::{self, Objective, Score};
use crate::penalty;
use crate::rng::Rng;
use crate::text::{Text, text};

/// Two players and what they play for.
pub struct Adversarial {
    /// G: noise `[batch, latent]` to samples `[batch, features]`.
    pub generator: Player,
    /// D: samples `[batch, features]` to scores `[batch, 1]`.
    pub discriminator: Player,
    /// The losses.
    pub objective: &'static Objective,
    /// What keeps D from changing too fast.
    pub bound: Bound,
}

/// A penalty and its strength.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// None.
    Free,
    /// λ of the gradient penalty.
    Gradient(f64),
    /// R1.
    Real {
        /// γ
        gamma: f64,
        /// Every how many updates it is taken, and so with that weight.
        every: u32,
    },
    /// The most that a weight may be.
    Clip(f64),
}

impl Bound {
    /// That of an experiment.
    fn of(e: &Experiment) -> Self {
        match e.get(&PENALTY) {
            Penalty::None => Self::Free,
            Penalty::Gradient => Self::Gradient(e.get(&LAMBDA)),
            Penalty::Real => Self::Real { gamma: e.get(&GAMMA), every: e.get(&LAZY) as u32 },
            Penalty::Clip => Self::Clip(e.get(&CLIP)),
        }
    }
}

impl Adversarial {
    /// D's turn: G is fixed. The loss before the update and without the penalty, shape `[1]`.
    ///
    /// # Shapes
    /// - `real`: `[batch, features]`; `noise`: `[batch, latent]`; `mix`: `[batch, 1]`, in [−1, 1), where the gradient penalty is
    ///   to be taken between a real sample and a generated one
    pub fn discriminator_turn(&mut self, real: Tensor<2>, noise: Tensor<2>, mix: Option<Tensor<2>>) -> Tensor<1> {
        let (batch, generated) = (real.dims()[0], noise.dims()[0]);
        let fake = self.generator.play(noise);
        let d = &self.discriminator;
        let leaves = d.net.layout().leaves(&d.parameters);
        let (scores, moments) = if d.net.is_coupled() {
            // Each half by its own moments (Radford et al. 2015; Chintala et al. 2016).
            let [real, fake] = [&real, &fake].map(|x| d.net.pass(&leaves, None, x.clone()));
            (Tensor::cat(vec![real.y, fake.y], 0), [real.moments, fake.moments])
        } else {
            // One pass over both halves: D treats rows alone, so this equals two passes.
            (d.net.forward(&leaves, Tensor::cat(vec![real.clone(), fake.clone()], 0)), [None, None])
        };
        let loss = objective::loss(scores, &self.objective.discriminator(batch, generated));
        let penalty = match (self.bound, mix) {
            (Bound::Gradient(lambda), Some(mix)) => {
                let share = ((mix + 1.0) * 0.5).expand(real.dims());
                let between = real * share.clone() + fake * (-share + 1.0);
                Some(penalty::gradient_norm(d.net.as_ref(), &d.parameters, &leaves, between, lambda))
            }
            (Bound::Real { gamma, every }, _) if d.optimiser.updates().is_multiple_of(every) => {
                let gamma = gamma * f64::from(every);
                Some(penalty::zero_centred(d.net.as_ref(), &d.parameters, &leaves, real, gamma))
            }
            _ => None,
        };
        let all = penalty.map_or_else(|| loss.clone(), |penalty| loss.clone() + penalty);
        self.discriminator.descend(leaves, &all);
        moments.into_iter().for_each(|found| self.discriminator.note(found));
        if let Bound::Clip(most) = self.bound {
            let weights = self.discriminator.parameters.clone();
            self.discriminator.parameters = weights.clamp(-most, most);
        }
        loss.inner()
    }

    /// G's turn: D is fixed. The loss before the update, shape `[1]`.
    ///
    /// # Shapes
    /// - `noise`: `[batch, latent]`
    pub fn generator_turn(&mut self, noise: Tensor<2>) -> Tensor<1> {
        let batch = noise.dims()[0];
        let leaves = self.generator.net.layout().leaves(&self.generator.parameters);
        let Passed { y: fake, moments } = self.generator.net.pass(&leaves, None, noise);
        let judge = self.discriminator.net.layout().constants(&self.discriminator.parameters);
        let scores = self.discriminator.net.forward(&judge, fake);
        let loss = objective::loss(scores, &self.objective.generator(batch));
        self.generator.descend(leaves, &loss);
        self.generator.note(moments);
        loss.inner()
    }
}

/// What there is to know of a loss.
const LOSS: &str =
    "Of the last batch. The dashed line is the loss where D can only guess; a loss beside it is no fault by itself.";

/// The same of a critic's.
const ESTIMATE: &str = "Of the last batch, without the penalty. Minus D's is the critic's estimate of how far the samples are from the data, which falls as they improve; G's has no meaning by itself.";

/// What D's map is called.
const MAP: Text = text("D's map: where it believes in real data", "D 的判断图：哪里像真实数据");
/// The same of a critic.
const VALUES: Text = text("the critic's value: the higher, the more like real data", "评分者给的值：越高越像真实数据");

/// The colours of a critic's values: from the least to the greatest, which part in the middle.
fn scale(scores: &[f32]) -> FieldScale {
    let (low, high) = scores.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(l, h), &s| (l.min(s), h.max(s)));
    let range = if low < high && (high - low).is_finite() { [low, high] } else { [-1.0, 1.0] }.map(f64::from);
    FieldScale { symbol: "f(x)", range, level: Some(((range[0] + range[1]) / 2.0, "")) }
}

/// What D's map shows.
const PROBABILITY: FieldScale = FieldScale { symbol: "D(x)", range: [0.0, 1.0], level: Some((0.5, "½")) };

/// The networks of a family: G, from noise to samples, and D, from samples to a score.
pub type Networks = fn(&Experiment) -> [Box<dyn Network>; 2];

/// The moves of a step: D's updates, then G's.
pub fn moves(e: &Experiment) -> Vec<Move> {
    let (rows, columns) = (e.get(&BATCH) as usize, e.get(&LATENT) as usize);
    let (real, noise) = (Want::Real { rows }, Want::Noise { rows, columns, law: e.get(&NOISE) });
    let mix =
        matches!(Bound::of(e), Bound::Gradient(_)).then_some(Want::Noise { rows, columns: 1, law: Noise::Uniform });
    let of_d: Vec<Want> = [real, noise].into_iter().chain(mix).collect();
    let [d, g] = updates(e);
    let d = std::iter::repeat_n(Move { name: "d", wants: of_d }, d);
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
        let game = Adversarial {
            generator,
            discriminator,
            objective: experiment.get(&OBJECTIVE),
            bound: Bound::of(experiment),
        };
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
            let mix = matches!(self.game.bound, Bound::Gradient(_)).then(|| batch.rows(2));
            vec![(0, Worth::There(self.game.discriminator_turn(batch.rows(0), batch.rows(1), mix)))]
        } else {
            vec![(1, Worth::There(self.game.generator_turn(batch.rows(0))))]
        }
    }

    fn losses(&self) -> Vec<Loss> {
        let about = if self.game.objective.score == Score::Critic { ESTIMATE } else { LOSS };
        let [d, g] = self.game.objective.equilibrium;
        let loss = |name, metric, role, equilibrium| Loss { name, metric, role, about, equilibrium };
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
        self.game.bound = Bound::of(now);
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
        if let Some(line) = eye.line() {
            let score = self.game.objective.score;
            let flat = self.now.get(&LATENT) == 1;
            let (samples, scores) = (
                self.game.generator.infer_averaged(eye.latent.clone()),
                self.game.discriminator.infer(line.map.clone()),
            );
            return Ask::of([samples, scores, eye.latent.clone()], move |[samples, scores, noise]| {
                let said = scores.iter().map(|&s| score.probability(s)).collect();
                vec![line.graph(&samples, said, flat.then_some(&noise))]
            });
        }
        let generated = self.game.generator.infer_averaged(eye.shown(&eye.latent));
        let score = self.game.objective.score;
        let map = eye.map().map(|map| {
            Ask::of([self.game.discriminator.infer(map)], move |[scores]| {
                let said: Option<Vec<f32>> = scores.iter().map(|&s| score.probability(s)).collect();
                match said {
                    Some(said) => eye.field(MAP, PROBABILITY, said),
                    None => eye.field(VALUES, scale(&scores), scores),
                }
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
        let Adversarial { generator, discriminator, objective, .. } = &self.game;
        // What is shown comes from the running mean of G's weights, where one is kept. D plays against G itself, and G's health
        // is its own: a mean that still lags behind is no collapse.
        let shown = generator.infer_averaged(eye.latent.clone());
        let averaged = generator.optimiser.average().is_some();
        let own = if averaged { generator.infer(eye.latent.clone()) } else { shown.clone() };
        let judged = eye.judged(own.clone());
        let generated = judged.generated;
        let scores = discriminator.infer(judged.samples);
        let share = |scores: &[f32], real: bool| {
            // A critic says only which is higher.
            let said: Option<Vec<f32>> = scores.iter().map(|&s| objective.score.probability(s)).collect();
            let said = said.filter(|said| !said.is_empty())?;
            let right = said.iter().filter(|&&p| (p > 0.5) == real).count();
            Some(right as f64 / said.len() as f64)
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
        Ask::of([self.game.discriminator.infer(x)], move |[scores]| score.probability(scores[0]).unwrap_or(scores[0]))
    }
}
