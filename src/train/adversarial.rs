//! The alternating game as a program: its moves, and what is seen of it.

use burn::tensor::{Device, Tensor};

use super::disturb::{Disturb, Drawn};
use super::game::{Adversarial, Bound, Turn, joined};
use super::informer::Informer;
use super::labels::{Head, Labels};
use super::manner::Manner;
use super::optimiser::{Mean, Optimiser};
use super::pack::Pack;
use super::player::Player;
use super::program::{Codes, Decoded, Left, Loss, Losses, Move, Program, Want, Worth};
use super::supply::Batch;
use super::visit::Visit;
use crate::data::Source;
use crate::experiment::{
    DISCRIMINATOR, Experiment, GENERATOR, LATENT, NOISE, Noise, OBJECTIVE, SEED, SMOOTH, SMOOTH_FAKE, SPECTRAL,
    SQUARE_FAKE, SQUARE_G, SQUARE_REAL, Spectral,
};
use crate::look::ask::Ask;
use crate::look::eye::{Eye, Report};
use crate::look::judge::Asked;
use crate::look::panel::{FieldScale, Panel, Role};
use crate::nn::{Network, matrix, units};
use crate::objective::{Score, Stakes, Targets};
use crate::rng::Rng;
use crate::text::{Text, text};

/// What there is to know of a loss.
const LOSS: &str =
    "Of the last batch. The dashed line is the loss where D can only guess; a loss beside it is no fault by itself.";

/// The same of a critic's that estimates a distance.
const ESTIMATE: &str = "Of the last batch, without the penalty. Minus D's is the critic's estimate of how far the samples are from the data, which falls as they improve; G's has no meaning by itself.";

/// What there is to know of the cross entropy.
const NAMED: &str =
    "How surprised D is at the labels of the last real batch: the cross entropy of what it says, before the update.";

/// What there is to know of Q's loss.
const READ: &str = "How surprised Q is at the codes of the last batch, in nats: log 10 = 2.3 where nothing can be read, 0 where every code can. Its distance from 2.3 bounds the information that code and sample share.";

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

/// D's map as a panel.
pub fn field(eye: &Eye, score: Score, scores: Vec<f32>) -> Panel {
    let said: Option<Vec<f32>> = scores.iter().map(|&s| score.probability(s)).collect();
    match said {
        Some(said) => eye.field(MAP, PROBABILITY, said),
        None => eye.field(VALUES, scale(&scores), scores),
    }
}

/// The share of samples, real or not, on which D is right; a critic says only which is higher.
pub fn right(score: Score, scores: &[f32], real: bool) -> Option<f64> {
    let said: Option<Vec<f32>> = scores.iter().map(|&s| score.probability(s)).collect();
    let said = said.filter(|said| !said.is_empty())?;
    let right = said.iter().filter(|&&p| (p > 0.5) == real).count();
    Some(right as f64 / said.len() as f64)
}

/// The share of samples of which D is all but sure, one way or the other: there its slope vanishes where it is read through a
/// logistic function. A critic is never sure.
fn sure(score: Score, scores: &[f32]) -> Option<f64> {
    let said: Option<Vec<f32>> = scores.iter().map(|&s| score.probability(s)).collect();
    let said = said.filter(|said| !said.is_empty())?;
    Some(said.iter().filter(|&&p| !(SURE..=1.0 - SURE).contains(&p)).count() as f64 / said.len() as f64)
}

/// The standard deviation of scores.
fn deviation(scores: &[f32]) -> Option<f64> {
    let count = scores.len() as f64;
    let of = || scores.iter().map(|&s| f64::from(s));
    let mean = of().sum::<f64>() / count;
    Some((of().map(|s| (s - mean).powi(2)).sum::<f64>() / count).sqrt()).filter(|found| found.is_finite())
}

/// D is all but sure of a sample that it gives less than this, or more than the rest to 1.
const SURE: f32 = 0.01;

/// The networks of a family: G, from noise to samples, and D, from samples to a score.
pub type Networks = fn(&Experiment) -> [Box<dyn Network>; 2];

/// How labels enter the games of a family.
pub type Labelled = fn(&Experiment) -> Option<Labels>;

/// What reads codes in the games of a family: its network and its weight.
pub type Informs = fn(&Experiment) -> (Box<dyn Network>, f64);

/// The moves of a step: D's updates, then G's; `units`: those before D's score.
pub fn moves(e: &Experiment, labels: Option<Labels>, units: usize) -> Vec<Move> {
    let (rows, columns) = (Pack::of(e).batch(e), e.get(&LATENT) as usize);
    let units = [rows / Pack::of(e).0, units];
    let (real, noise) = (Want::Real { rows }, Want::Noise { rows, columns, law: e.get(&NOISE) });
    let drawn = Bound::of(e).draws(e.features());
    let mix = drawn.map(|columns| Want::Noise { rows, columns, law: Noise::Uniform });
    let classes = labels.map(|labels| labels.classes);
    let asked = classes.map(|classes| Want::Classes { rows, classes });
    let is_code = labels.is_some_and(|labels| labels.head == Head::Code);
    let given = if is_code { asked } else { classes.map(|classes| Want::Labels { rows, classes }) };
    let warp = match e.data.source {
        Source::Images(set) if is_code => Some(Want::Warp { side: set.side }),
        _ => None,
    };
    let disturb = Disturb::of(e);
    let drawn = disturb.of_d(rows, e.features(), units).into_iter().flatten();
    let of_d: Vec<Want> = [real, noise].into_iter().chain(given).chain(mix).chain(drawn).collect();
    // Where scores are compared, or both slopes are looked at, G's turn takes real samples too, and their labels after them.
    let others = (stakes(e).compares() || Manner::of(e).takes_real()).then_some(real);
    let labels = others.and(classes).filter(|_| !is_code).map(|classes| Want::Labels { rows, classes });
    let of_g = [noise].into_iter().chain(asked).chain(warp).chain(others).chain(labels);
    let of_g: Vec<Want> = of_g.chain(disturb.of_g(rows, e.features(), units).into_iter().flatten()).collect();
    let [d, g] = updates(e);
    let d = std::iter::repeat_n(Move { name: "d", wants: of_d }, d);
    let g = std::iter::repeat_n(Move { name: "g", wants: of_g }, g);
    d.chain(g).collect()
}

/// A D with normalised matrices, if the experiment says so.
pub fn normalise(discriminator: &mut Player, e: &Experiment) {
    discriminator.normalise(e.get(&SPECTRAL) == Spectral::On, || Rng::stream(e.get(&SEED), "spectral d"));
}

/// What the players of an experiment minimise.
pub fn stakes(e: &Experiment) -> Stakes {
    let number = |field| e.get(field) as f32;
    let squares = [&SQUARE_FAKE, &SQUARE_REAL, &SQUARE_G].map(number);
    Stakes::with(e.get(&OBJECTIVE), Targets { squares, smooth: [&SMOOTH, &SMOOTH_FAKE].map(number) })
}

/// Updates in a step: D's, G's.
pub fn updates(e: &Experiment) -> [usize; 2] {
    [&DISCRIMINATOR, &GENERATOR].map(|player| e.get(&player.updates) as usize)
}

/// Samples along a number of a code, and how far from 0 the first and the last are.
const ACROSS: usize = 9;
const REACH: f32 = 2.0;
/// What the panels of a code's numbers are called.
const NUMBERS: [(&str, Text); 2] = [
    (
        "first",
        text(
            "the first number of the code, from −2 to 2; a row for each class",
            "编码的第一个数，从 −2 到 2；每行一个类别",
        ),
    ),
    (
        "second",
        text(
            "the second number of the code, from −2 to 2; a row for each class",
            "编码的第二个数，从 −2 到 2；每行一个类别",
        ),
    ),
];

/// Noises of a sheet of images of classes, each a row.
const SHEET: usize = 6;

/// The game as a program: D's updates, then G's.
pub struct Alternating {
    game: Adversarial,
    networks: Networks,
    labelled: Labelled,
    /// Q and its weight, where there is one.
    informs: Option<Informs>,
    now: Experiment,
    /// Updates in a step: D's, G's.
    updates: [usize; 2],
}

impl Alternating {
    /// At its beginning, without labels.
    pub fn new(networks: Networks, experiment: &Experiment, device: &Device) -> Self {
        Self::labelled(networks, |_| None, experiment, device)
    }

    /// At its beginning.
    pub fn labelled(networks: Networks, labelled: Labelled, experiment: &Experiment, device: &Device) -> Self {
        let player = |net, fields, mean, stream| {
            let (spec, mut rng) = (experiment.player(fields), Rng::stream(experiment.get(&SEED), stream));
            Player::new(net, Optimiser::of(&spec, mean), &mut rng, device)
        };
        let [g, d] = networks(experiment);
        let generator = player(g, &GENERATOR, Mean::of_generator(experiment), "init g");
        let mut discriminator = player(d, &DISCRIMINATOR, Mean::NONE, "init d");
        normalise(&mut discriminator, experiment);
        let game = Adversarial {
            generator,
            discriminator,
            stakes: stakes(experiment),
            bound: Bound::of(experiment),
            disturb: Disturb::of(experiment),
            pack: Pack::of(experiment),
            labels: labelled(experiment),
            informer: None,
            manner: Manner::of(experiment),
        };
        Self { game, networks, labelled, informs: None, now: experiment.clone(), updates: updates(experiment) }
    }

    /// The same with what reads codes.
    pub fn informed(mut self, informer: Informer, informs: Informs) -> Self {
        self.game.informer = Some(informer);
        self.informs = Some(informs);
        self
    }

    fn device(&self) -> Device {
        self.game.generator.parameters.device()
    }

    /// Units before D's score.
    fn units(&self) -> usize {
        units(self.game.discriminator.net.as_ref())
    }

    /// What G is given for rows of noise: one class after the other, where it is told a class.
    fn told(&self, noise: Tensor<2>) -> Tensor<2> {
        let labels = self.game.labels.map(|labels| labels.in_turn(noise.dims()[0], &self.device()));
        joined(noise, self.game.raised(labels.as_ref()).as_ref())
    }

    /// Noise for the samples that are shown. Of images of classes, each noise makes a row of all classes.
    fn shown(&self, eye: &Eye) -> Tensor<2> {
        let rows = eye.shown(&eye.latent);
        match self.game.labels {
            Some(Labels { classes, .. }) if eye.is_of_images() => {
                let row = |i| eye.latent.clone().slice(i..i + 1).repeat_dim(0, classes);
                Tensor::cat((0..SHEET).map(row).collect(), 0)
            }
            _ => rows,
        }
    }

    /// What each number of a code does, where codes have any: samples of every class along the number, the noise the same.
    fn traversed<'a>(&self, eye: &'a Eye) -> Option<Ask<'a, Vec<Panel>>> {
        let (informer, labels) = self.game.informer.as_ref().zip(self.game.labels)?;
        let rows = labels.classes * ACROSS;
        let classes = labels.rows((0..rows).map(|i| i / ACROSS), &self.device());
        let along = (0..rows).map(|i| (2.0 * (i % ACROSS) as f32 / (ACROSS - 1) as f32 - 1.0) * REACH).collect();
        let along = matrix(along, 1, &self.device());
        let noise = eye.latent.clone().slice(0..1).repeat_dim(0, rows);
        let columns = noise.dims()[1];
        let numbers = (0..informer.numbers.min(columns)).map(|k| {
            let [before, after] = [0..k, k + 1..columns];
            let parts = [(before.clone(), None), (k..k + 1, Some(along.clone())), (after.clone(), None)];
            let parts = parts.into_iter().filter(|(range, _)| !range.is_empty());
            let parts = parts.map(|(range, own)| own.unwrap_or_else(|| noise.clone().slice([0..rows, range])));
            let codes = Tensor::cat(parts.collect(), 1);
            self.game.generator.infer_averaged(joined(codes, self.game.raised(Some(&classes)).as_ref()))
        });
        Some(Ask::all(numbers.collect(), move |numbers: Vec<Vec<f32>>| {
            let named = NUMBERS.iter().zip(&numbers);
            named.map(|(&(name, title), samples)| eye.sheet(name, title, samples, ACROSS)).collect()
        }))
    }

    /// What D gives for samples, each by itself; where it is told classes, as one of every class.
    fn believes(&self, samples: Tensor<2>) -> Tensor<2> {
        let alike = self.game.pack.alike(samples);
        self.game.discriminator.infer(match self.game.labels {
            Some(labels) => labels.of_any(alike),
            None => alike,
        })
    }

    /// What D gives for samples of these classes, each by itself.
    fn believes_of(&self, samples: Tensor<2>, classes: impl Iterator<Item = usize>) -> Tensor<2> {
        self.game.discriminator.infer(self.of_classes(self.game.pack.alike(samples), classes))
    }

    /// The first of these samples as D is given it: one of its own kind, where several are packed, and of no class.
    fn first_of(&self, samples: Tensor<2>) -> Tensor<2> {
        let one = self.game.pack.alike(samples.slice(0..1));
        match self.game.labels {
            Some(labels) if labels.told() > 0 => {
                let none = labels.rows(std::iter::once(labels.classes), &self.device());
                labels.shown(one, &none)
            }
            _ => one,
        }
    }

    /// Samples as D is given them where they are of these classes.
    fn of_classes(&self, samples: Tensor<2>, classes: impl Iterator<Item = usize>) -> Tensor<2> {
        match self.game.labels {
            Some(labels) if labels.told() > 0 => {
                let rows = labels.rows(classes.take(samples.dims()[0]), &self.device());
                labels.shown(samples, &rows)
            }
            _ => samples,
        }
    }

    /// How hard the game pulls at D and at G, once there are real samples.
    fn pulls<'a>(&self, eye: &Eye) -> Ask<'a, [Option<f64>; 2]> {
        let Some((told, real, labels)) = eye.pulled(self.told(eye.latent.clone())) else {
            return Ask::known([None; 2]);
        };
        let rows = told.dims()[0];
        let labels = self.game.labels.map(|how| {
            let asked = how.rows((0..rows).map(|i| i % how.classes), &self.device());
            let known = match how.head {
                Head::Code => asked.clone(),
                _ => how.rows(labels.iter().map(|&label| usize::from(label)), &self.device()),
            };
            [asked, known]
        });
        let [d, g] = self.game.pull(told, real, labels);
        Ask::of([d, g], |lengths| lengths.map(|length| length.first().map(|&x| f64::from(x)).filter(|x| x.is_finite())))
    }

    /// Probabilities or values of samples, from what D gives for them: of the class that fits best, where there are classes.
    fn scores(&self, given: Vec<f32>) -> Vec<f32> {
        self.game.labels.map_or(given.clone(), |labels| labels.best(&given))
    }
}

impl Program for Alternating {
    fn moves(&self) -> Vec<Move> {
        moves(&self.now, self.game.labels, self.units())
    }

    fn play(&mut self, which: usize, batch: &Batch) -> Losses {
        let has_labels = self.game.labels.is_some();
        if which < self.updates[0] {
            let labels = has_labels.then(|| batch.rows(2));
            let (drawn, units) = (self.game.bound.draws(self.now.features()), self.units());
            let mut next = 2 + usize::from(has_labels);
            let mut rows = |is_there: bool| {
                is_there.then(|| {
                    next += 1;
                    batch.rows(next - 1)
                })
            };
            let mix = rows(drawn.is_some());
            let disturb = self.game.disturb;
            let drawn = Drawn {
                noise: rows(disturb.sigma > 0.0),
                coins: rows(disturb.flips > 0.0),
                masks: rows(disturb.drops(units)),
            };
            let Turn { loss, named } = self.game.discriminator_turn(batch.rows(0), batch.rows(1), mix, drawn, labels);
            let named = named.map(|named| (2, Worth::There(named)));
            [(0, Worth::There(loss))].into_iter().chain(named).collect()
        } else {
            let labels = has_labels.then(|| batch.rows(1));
            let warp = self.game.informer.is_some().then(|| batch.rows(2));
            let next = 1 + usize::from(has_labels) + usize::from(warp.is_some());
            let is_code = self.game.labels.is_some_and(|labels| labels.head == Head::Code);
            let real = (self.game.stakes.compares() || self.game.manner.takes_real()).then(|| {
                let labels = (has_labels && !is_code).then(|| batch.rows(next + 1));
                (batch.rows(next), labels)
            });
            // Noise, and after it masks, come last.
            let masks = self.game.disturb.drops(self.units());
            let blur = (self.game.disturb.sigma > 0.0).then(|| batch.rows(batch.len() - 1 - usize::from(masks)));
            let drawn = Drawn { noise: blur, coins: None, masks: masks.then(|| batch.rows(batch.len() - 1)) };
            let Turn { loss, named } = self.game.generator_turn(batch.rows(0), labels, warp, real, drawn);
            let named = named.map(|named| (2, Worth::There(named)));
            [(1, Worth::There(loss))].into_iter().chain(named).collect()
        }
    }

    fn losses(&self) -> Vec<Loss> {
        let about = if self.game.stakes.estimates_distance() { ESTIMATE } else { LOSS };
        let [d, g] = self.game.stakes.equilibrium;
        let loss = |name, metric, role, equilibrium| Loss { name, metric, role, about, equilibrium };
        let named = matches!(self.game.labels, Some(Labels { head: Head::Auxiliary(_), .. }));
        let metric = ("loss_c", "loss of D's labels");
        let named = named.then_some(Loss { name: "C", metric, role: "discriminator", about: NAMED, equilibrium: None });
        let game = [
            loss("D", ("loss_d", "loss of D"), "discriminator", d),
            loss("G", ("loss_g", "loss of G"), "generator", g),
        ];
        let code = self.game.informer.as_ref().map(|_| Loss {
            name: "Q",
            metric: ("loss_q", "loss of Q"),
            role: "other",
            about: READ,
            equilibrium: Some(0.0),
        });
        game.into_iter().chain(named).chain(code).collect()
    }

    fn visit(&mut self, visit: &mut dyn Visit) {
        self.game.generator.visit("g", visit);
        self.game.discriminator.visit("d", visit);
        if let Some(informer) = &mut self.game.informer {
            informer.q.visit("q", visit);
        }
    }

    fn is_sound(&mut self, steps: u64) -> bool {
        let q = self.game.informer.as_ref().map(|informer| &informer.q);
        [&self.game.generator, &self.game.discriminator].into_iter().chain(q).all(|player| player.is_sound(steps))
    }

    fn tune(&mut self, now: &Experiment) {
        let [g, d] = (self.networks)(now);
        self.game.generator.tune(g, &now.player(&GENERATOR), Mean::of_generator(now));
        self.game.discriminator.tune(d, &now.player(&DISCRIMINATOR), Mean::NONE);
        normalise(&mut self.game.discriminator, now);
        self.game.stakes = stakes(now);
        self.game.bound = Bound::of(now);
        self.game.disturb = Disturb { left: self.game.disturb.left, ..Disturb::of(now) };
        self.game.labels = (self.labelled)(now);
        self.game.manner = Manner { eased: self.game.manner.eased, ..Manner::of(now) };
        if let Some((informer, informs)) = self.game.informer.as_mut().zip(self.informs) {
            let (net, weight) = informs(now);
            informer.q.tune(net, &Informer::spec(), Mean::NONE);
            informer.weight = weight;
        }
        self.updates = updates(now);
        self.now = now.clone();
    }

    fn schedule(&mut self, now: &Experiment, left: Left) {
        self.game.generator.optimiser.set_rate(now.get(&GENERATOR.rate) * left.rate);
        self.game.discriminator.optimiser.set_rate(now.get(&DISCRIMINATOR.rate) * left.rate);
        self.game.disturb.left = left.noise;
        self.game.manner.eased = left.penalty;
    }

    fn sizes(&self) -> Vec<(&'static str, usize)> {
        let q = self.game.informer.as_ref().map(|informer| ("q", informer.q.size()));
        [("g", self.game.generator.size()), ("d", self.game.discriminator.size())].into_iter().chain(q).collect()
    }

    fn show<'a>(&'a self, eye: &'a Eye) -> Ask<'a, Vec<Panel>> {
        if let Some(line) = eye.line() {
            let score = self.game.stakes.score;
            let flat = self.now.get(&LATENT) == 1;
            let (samples, scores) =
                (self.game.generator.infer_averaged(eye.latent.clone()), self.believes(line.map.clone()));
            return Ask::of([samples, scores, eye.latent.clone()], move |[samples, scores, noise]| {
                let said = scores.iter().map(|&s| score.probability(s)).collect();
                vec![line.graph(&samples, said, flat.then_some(&noise))]
            });
        }
        let generated = self.game.generator.infer_averaged(self.told(self.shown(eye)));
        let score = self.game.stakes.score;
        let map =
            eye.map().map(|map| Ask::of([self.believes(map)], move |[scores]| field(eye, score, self.scores(scores))));
        let title = text("samples of the generator G", "生成器 G 的样本");
        let classes = self.asked().classes();
        let samples = if eye.is_of_images() {
            let turns = (0..).map(move |i| i % classes.max(1));
            let believed = self.believes_of(generated.clone(), turns.clone());
            Ask::of([generated, believed], move |[samples, given]| {
                let scores = self.game.labels.map_or(given.clone(), |labels| labels.scores(&given, turns));
                let said: Option<Vec<f32>> = scores.iter().map(|&s| score.probability(s)).collect();
                let panels = eye.samples(title, &samples, classes).into_iter();
                panels
                    .map(|panel| {
                        if panel.name == Role::Generated.name() {
                            panel.believed(said.clone().unwrap_or_default())
                        } else {
                            panel
                        }
                    })
                    .collect()
            })
        } else {
            Ask::of([generated], move |[samples]| eye.samples(title, &samples, classes))
        };
        let samples = match self.traversed(eye) {
            Some(numbers) => {
                samples.and(numbers).map(|(samples, numbers)| samples.into_iter().chain(numbers).collect())
            }
            None => samples,
        };
        let samples = match map {
            Some(map) => samples.and(map).map(|(samples, map)| samples.into_iter().chain([map]).collect()),
            None => samples,
        };
        match eye.image() {
            Some(image) => {
                let one = eye.real_rows().map(|rows| self.first_of(rows));
                let filters = self.game.discriminator.filters(image, one);
                samples.and(filters).map(|(panels, filters)| panels.into_iter().chain(filters).collect())
            }
            None => samples,
        }
    }

    fn judge<'a>(&'a self, eye: &'a Eye) -> Ask<'a, Report> {
        let Adversarial { generator, discriminator, stakes, pack, .. } = &self.game;
        // What is shown comes from the running mean of G's weights, where one is kept. D plays against G itself, and G's health
        // is its own: a mean that still lags behind is no collapse.
        let latent = self.told(eye.latent.clone());
        let shown = generator.infer_averaged(latent.clone());
        let averaged = generator.optimiser.average().is_some();
        let own = if averaged { generator.infer(latent) } else { shown.clone() };
        let judged = eye.judged(own.clone());
        let labels = judged.labels;
        let (samples, generated) = pack.apart(judged.samples, judged.generated);
        let real = labels.iter().map(|&label| usize::from(label));
        let classes = self.asked().classes().max(1);
        let scores = discriminator.infer(self.of_classes(samples, (0..generated).map(|i| i % classes).chain(real)));
        let share = |scores: &[f32], real| right(stakes.score, scores, real);
        let finish = move |shown: &[f32], own: Option<&[f32]>, scores: &[f32]| {
            let scores = match self.game.labels {
                Some(how) => {
                    let asked = (0..generated).map(|i| i % how.classes);
                    &how.scores(scores, asked.chain(labels.iter().map(|&label| usize::from(label))))
                }
                None => scores,
            };
            let mut report = eye.report(shown);
            report.signs.own = own.map(|own| eye.shape(own));
            report.kinds = eye.kinds(own.unwrap_or(shown));
            report.signs.accuracy = [share(&scores[generated..], true), share(&scores[..generated], false)];
            report.signs.sure = sure(stakes.score, scores);
            report.signs.scored = deviation(scores);
            report.signs.turns = self.updates.map(|updates| updates > 0);
            report
        };
        let features = eye.features(&shown);
        let pulls = self.pulls(eye);
        let report = if averaged {
            Ask::of([shown, own, scores], move |[shown, own, scores]| finish(&shown, Some(&own), &scores))
        } else {
            Ask::of([shown, scores], move |[shown, scores]| finish(&shown, None, &scores))
        };
        report.and(features).and(pulls).map(|((mut report, features), pulls)| {
            eye.recognise(&mut report, features, self.asked());
            report.signs.pulls = pulls;
            report
        })
    }

    fn sample(&self, count: usize, rng: &mut Rng) -> Ask<'_, Vec<f32>> {
        let columns = self.now.get(&LATENT) as usize;
        let noise = matrix(self.now.get(&NOISE).draw(count * columns, rng), columns, &self.device());
        Ask::of([self.game.generator.infer_averaged(self.told(noise))], |[samples]| samples)
    }

    fn codes<'a>(&'a self, eye: &'a Eye) -> Option<Codes<'a>> {
        Some(Codes {
            numbers: Ask::of([eye.latent.clone()], |[latent]| latent),
            columns: self.now.get(&LATENT) as usize,
            law: self.now.get(&NOISE),
            classes: self.asked().classes(),
        })
    }

    fn decode(&self, codes: Tensor<2>, classes: &[usize]) -> Ask<'_, Decoded> {
        let labels = self.game.labels.map(|labels| labels.rows(classes.iter().copied(), &self.device()));
        let generated = self.game.generator.infer_averaged(joined(codes, self.game.raised(labels.as_ref()).as_ref()));
        let given = self.believes_of(generated.clone(), classes.iter().copied());
        let (score, classes) = (self.game.stakes.score, classes.to_vec());
        Ask::of([generated, given], move |[samples, given]| {
            let scores = self.game.labels.map_or(given.clone(), |labels| labels.scores(&given, classes.into_iter()));
            Decoded { samples, believed: scores.into_iter().map(|s| score.probability(s)).collect() }
        })
    }

    fn asked(&self) -> Asked {
        match self.game.labels {
            None => Asked::Nothing,
            Some(Labels { classes, head: Head::Code }) => Asked::Codes(classes),
            Some(Labels { classes, .. }) => Asked::Classes(classes),
        }
    }

    fn probe(&self, point: [f32; 2]) -> Ask<'_, f32> {
        let x = matrix(point.to_vec(), 2, &self.device());
        let score = self.game.stakes.score;
        Ask::of([self.believes(x)], move |[given]| {
            let score_of = self.scores(given)[0];
            score.probability(score_of).unwrap_or(score_of)
        })
    }
}
