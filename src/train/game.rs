//! The turns of a game: fix G and update D; fix D and update G (Goodfellow et al. 2014, algorithm 1).

use std::ops::Range;

use burn::tensor::Tensor;

use super::disturb::{Disturb, Drawn};
use super::informer::Informer;
use super::labels::Labels;
use super::manner::Manner;
use super::pack::Pack;
use super::player::Player;
use super::unrolled::Ahead;
use crate::experiment::{CLIP, Experiment, GAMMA, LAMBDA, LAZY, PENALTY, Penalty, SIDES, Sides, TARGET};
use crate::nn::{Dropped, Network, Passed, gradients, row_sums};
use crate::objective::Stakes;
use crate::penalty::{Critic, Norm};

/// Two players and what they play for.
pub struct Adversarial {
    /// G: noise `[batch, latent]` to samples `[batch, features]`.
    pub generator: Player,
    /// D: samples `[batch, features]` to scores `[batch, 1]`.
    pub discriminator: Player,
    /// The losses.
    pub stakes: Stakes,
    /// What keeps D from changing too fast.
    pub bound: Bound,
    /// What disturbs D.
    pub disturb: Disturb,
    /// How many samples D sees at once: one, where there are labels.
    pub pack: Pack,
    /// How labels enter, if they do.
    pub labels: Option<Labels>,
    /// What reads codes from samples, if anything does.
    pub informer: Option<Informer>,
    /// How turns are taken.
    pub manner: Manner,
}

/// What a turn found before its update, `[1]` each.
pub struct Turn {
    /// The player's loss in the game.
    pub loss: Tensor<1>,
    /// The cross entropy of what D says of labels, where it says anything.
    pub named: Option<Tensor<1>>,
}

/// A penalty and its strength.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// None.
    Free,
    /// A gradient's norm, between real and generated samples.
    Gradient(Norm),
    /// The same, around real samples.
    Dragan(Norm),
    /// R1, R2, or both.
    Squares {
        /// Whether at real samples, and at generated ones.
        at: [bool; 2],
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
    pub(super) fn of(e: &Experiment) -> Self {
        let norm = Norm { lambda: e.get(&LAMBDA), target: e.get(&TARGET), one_sided: e.get(&SIDES) == Sides::One };
        let squares = |at| Self::Squares { at, gamma: e.get(&GAMMA), every: e.get(&LAZY) as u32 };
        match e.get(&PENALTY) {
            Penalty::None => Self::Free,
            Penalty::Gradient => Self::Gradient(norm),
            Penalty::Dragan => Self::Dragan(norm),
            Penalty::Real => squares([true, false]),
            Penalty::Generated => squares([false, true]),
            Penalty::Both => squares([true, true]),
            Penalty::Clip => Self::Clip(e.get(&CLIP)),
        }
    }

    /// Random numbers in [−1, 1) that it takes for each row of so many features.
    pub fn draws(&self, features: usize) -> Option<usize> {
        match self {
            Self::Gradient(_) => Some(1),
            Self::Dragan(_) => Some(features),
            Self::Free | Self::Squares { .. } | Self::Clip(_) => None,
        }
    }
}

impl Adversarial {
    /// D's turn: G is fixed. The loss is without the penalty.
    ///
    /// # Shapes
    /// - `real`: `[batch, features]`; `noise`: `[batch, latent]`; `mix`: `[batch, draws]`, in [−1, 1), where a penalty
    ///   is to be taken ([`Bound::draws`]); `drawn`: what D is disturbed with; `labels`: `[batch, classes]`, of the real samples, and what
    ///   generated ones are to be
    pub fn discriminator_turn(
        &mut self,
        real: Tensor<2>,
        noise: Tensor<2>,
        mix: Option<Tensor<2>>,
        drawn: Drawn,
        labels: Option<Tensor<2>>,
    ) -> Turn {
        let stance = self.stance(&noise, Some(&real));
        let fake = self.generator.play(joined(noise, self.raised(labels.as_ref()).as_ref()));
        let [real, fake] = self.blurred([real, fake], drawn.noise.as_ref()).map(|rows| self.pack.whole(rows));
        let batch = real.dims()[0];
        let coins = drawn.coins.map(|coins| coins.slice(0..batch));
        let labels = labels.map(Tensor::autodiff);
        // Of each pair both are of one class.
        let [taken, other] = self.disturb.flipped([real.clone(), fake.clone()], coins);
        let [taken, other] = [taken, other].map(|rows| self.shown(rows, labels.as_ref()));
        let d = &self.discriminator;
        let leaves = d.net.layout().leaves(&d.parameters);
        let rows = taken.dims()[0];
        let thin = |of: Range<usize>| self.thinned(drawn.masks.as_ref().map(|masks| masks.clone().slice(of)));
        let (given, moments) = if d.net.is_coupled() {
            // Each half by its own moments (Radford et al. 2015; Chintala et al. 2016).
            let [one, two] = [(taken, 0..rows), (other, rows..2 * rows)].map(|(x, of)| thin(of).pass(&leaves, None, x));
            (Tensor::cat(vec![one.y, two.y], 0), [one.moments, two.moments])
        } else {
            // One pass over both halves: D treats rows alone, so this equals two passes.
            (thin(0..2 * rows).forward(&leaves, Tensor::cat(vec![taken, other], 0)), [None, None])
        };
        let both = labels.as_ref().map(|labels| Tensor::cat(vec![labels.clone(), labels.clone()], 0));
        let scores = self.score(given.clone(), both.as_ref());
        let loss = self.stakes.discriminator(scores, batch);
        let named = self.labels.zip(labels.as_ref()).and_then(|(how, labels)| how.named(&given, labels));
        let score = |given| self.score(given, labels.as_ref());
        let shown = |rows| self.shown(rows, labels.as_ref());
        let along = |rows: Tensor<2>| match (self.labels, &labels) {
            (Some(how), Some(labels)) => how.along(rows, labels),
            _ => rows,
        };
        let net = &thin(0..rows);
        let critic = Critic { net, flat: &d.parameters, leaves: &leaves, shown: &shown, along: &along, score: &score };
        let penalty = match (self.bound, mix) {
            _ if self.manner.eased == 0.0 => None,
            (Bound::Gradient(norm), Some(mix)) => {
                let share = ((mix.slice(0..batch) + 1.0) * 0.5).expand(real.dims());
                let between = real * share.clone() + fake * (-share + 1.0);
                Some(critic.gradient_norm(between, norm))
            }
            (Bound::Dragan(norm), Some(mix)) => Some(critic.gradient_norm(real + self.pack.whole(mix) * AROUND, norm)),
            (Bound::Squares { at, gamma, every }, _) if d.optimiser.updates().is_multiple_of(every) => {
                let rows = [real, fake].into_iter().zip(at).filter_map(|(rows, is_asked)| is_asked.then_some(rows));
                let parts = rows.map(|rows| critic.zero_centred(rows, gamma * f64::from(every)));
                parts.reduce(|sum, part| sum + part)
            }
            _ => None,
        };
        let penalty =
            penalty.map(|penalty| if self.manner.eased == 1.0 { penalty } else { penalty * self.manner.eased });
        let all = [penalty, named.clone()].into_iter().flatten().fold(loss.clone(), |sum, part| sum + part);
        let gradient = leaves.gradient(&all);
        let gradient = self.moved_by(stance, 1, gradient);
        self.discriminator.step(gradient);
        moments.into_iter().for_each(|found| self.discriminator.note(found));
        if let Bound::Clip(most) = self.bound {
            self.discriminator.clip(most);
        }
        Turn { loss: loss.inner(), named: named.map(Tensor::inner) }
    }

    /// How hard the game pulls at each player, D and G, where they stand: the length of its loss's gradient by its weights,
    /// `[1, 1]` each, without a penalty and without what disturbs D. Nothing is moved.
    ///
    /// # Shapes
    /// - `told`: `[rows, latent]`, with what samples are to be; `real`: `[rows, features]`; `labels`: `[rows, classes]`, of generated
    ///   samples and of real ones
    pub fn pull(&self, told: Tensor<2>, real: Tensor<2>, labels: Option<[Tensor<2>; 2]>) -> [Tensor<2>; 2] {
        self.slopes(told, real, labels).map(length)
    }

    /// The gradients of both losses, D's and G's, each flat, as [`Self::pull`] takes them.
    pub(super) fn slopes(&self, told: Tensor<2>, real: Tensor<2>, labels: Option<[Tensor<2>; 2]>) -> [Tensor<1>; 2] {
        let labels = labels.map(|both| both.map(Tensor::autodiff));
        let [asked, known] = match &labels {
            Some([asked, known]) => [Some(asked), Some(known)],
            None => [None, None],
        };
        let real = self.pack.whole(real);
        let of_g = self.generator.leaves();
        let fake = self.pack.whole(self.generator.forward(&of_g, told));
        let judge = self.discriminator.net.layout().constants(&self.discriminator.parameters);
        let judged = |rows: Tensor<2>, labels| {
            self.score(self.discriminator.net.forward(&judge, self.shown(rows, labels)), labels)
        };
        let others = self.stakes.compares().then(|| judged(real.clone(), known).autodiff());
        let loss_of_g = self.stakes.generator(judged(fake.clone(), asked), others);
        let of_d = self.discriminator.leaves();
        let count = real.dims()[0];
        // Each half by its own moments, as in training.
        let both = [(real, known), (fake.inner(), asked)];
        let scores =
            both.map(|(rows, labels)| self.score(self.discriminator.forward(&of_d, self.shown(rows, labels)), labels));
        let scores = Tensor::cat(scores.into(), 0);
        let loss_of_d = self.stakes.discriminator(scores, count);
        [of_d.gradient(&loss_of_d), of_g.gradient(&loss_of_g)]
    }

    /// Samples of both kinds as D is shown them.
    fn blurred(&self, both: [Tensor<2>; 2], noise: Option<&Tensor<2>>) -> [Tensor<2>; 2] {
        let Some(noise) = noise else { return both };
        let rows = both[0].dims()[0];
        let mut first = 0;
        both.map(|samples| {
            let part = noise.clone().slice(first..first + rows);
            first += rows;
            self.disturb.blurred(samples, Some(&part))
        })
    }

    /// D's network without the units that a mask leaves out.
    fn thinned(&self, masks: Option<Tensor<2>>) -> Dropped<'_> {
        Dropped { net: self.discriminator.net.as_ref(), kept: masks.map(|masks| self.disturb.kept(masks)) }
    }

    /// What D's network is given for samples, of these labels if there are any.
    fn shown(&self, samples: Tensor<2>, labels: Option<&Tensor<2>>) -> Tensor<2> {
        match (self.labels, labels) {
            (Some(how), Some(labels)) => how.shown(samples, labels),
            _ => samples,
        }
    }

    /// The score of what D's network gives for samples, of these labels if there are any.
    fn score(&self, given: Tensor<2>, labels: Option<&Tensor<2>>) -> Tensor<2> {
        match (self.labels, labels) {
            (Some(how), Some(labels)) => how.score(given, labels),
            _ => given,
        }
    }

    /// Labels as G is told them: a code ever louder, from 2 to 6, which keeps G from giving up on it.
    pub(super) fn raised(&self, labels: Option<&Tensor<2>>) -> Option<Tensor<2>> {
        let updates = f64::from(self.generator.optimiser.updates());
        let height = if self.informer.is_some() { 2.0 + 4.0 * (updates / RISING).min(1.0) } else { 1.0 };
        labels.map(|labels| if height == 1.0 { labels.clone() } else { labels.clone() * height })
    }

    /// G's turn: D is fixed. The loss is without what is told.
    ///
    /// # Shapes
    /// - `noise`: `[batch, latent]`; `labels`: `[batch, classes]`, what samples are to be; `warp`: what the informer looks through;
    ///   `real`: real samples and their labels, where scores are compared with theirs; `drawn`: what D is disturbed with
    pub fn generator_turn(
        &mut self,
        noise: Tensor<2>,
        labels: Option<Tensor<2>>,
        warp: Option<Tensor<2>>,
        real: Option<(Tensor<2>, Option<Tensor<2>>)>,
        drawn: Drawn,
    ) -> Turn {
        let stance = self.stance(&noise, real.as_ref().map(|(real, _)| real));
        let leaves = self.generator.net.layout().leaves(&self.generator.parameters);
        let Passed { y: fake, moments } = {
            let told = joined(noise.clone(), self.raised(labels.as_ref()).as_ref());
            self.generator.net.pass(&leaves, None, told)
        };
        let judge = self.discriminator.net.layout().constants(&self.discriminator.parameters);
        let labels = labels.map(Tensor::autodiff);
        let seen = self.pack.whole(self.disturb.blurred(fake.clone(), drawn.noise.as_ref()));
        if let (1.., Some((real, _))) = (self.manner.unroll, &real) {
            let ahead = Ahead {
                net: self.discriminator.net.as_ref(),
                optimiser: &self.discriminator.optimiser,
                stakes: &self.stakes,
                clip: if let Bound::Clip(most) = self.bound { Some(most) } else { None },
                real: self.pack.whole(real.clone()),
            };
            let (loss, slope) = ahead.loss(self.manner.unroll, &self.discriminator.parameters, &seen.clone().inner());
            let gradient = leaves.gradient(&(seen * slope.autodiff()).sum());
            let gradient = self.moved_by(stance, 0, gradient);
            self.generator.step(gradient);
            self.generator.note(moments);
            return Turn { loss, named: None };
        }
        let discriminator = self.thinned(drawn.masks);
        let given = discriminator.forward(&judge, self.shown(seen, labels.as_ref()));
        // Of these no gradient comes to G.
        let others = real.filter(|_| self.stakes.compares()).map(|(real, labels)| {
            let seen = self.shown(self.pack.whole(real), labels.as_ref());
            self.score(discriminator.forward(&judge, seen), labels.as_ref()).autodiff()
        });
        let loss = self.stakes.generator(self.score(given.clone(), labels.as_ref()), others);
        let how = self.labels.zip(labels.as_ref());
        let named = how.and_then(|(how, labels)| Some(how.named(&given, labels)? * how.weight()));
        let all = named.map_or_else(|| loss.clone(), |named| loss.clone() + named);
        let read = match (&mut self.informer, labels, warp) {
            (Some(informer), Some(codes), Some(warp)) => {
                let reading = informer.q.leaves();
                let [class, numbers] = informer.surprise(&reading, fake, &warp, codes, &noise);
                let both = (class.clone() + numbers) * informer.weight;
                let mut found = gradients(&[leaves, reading], &(all + both)).into_iter();
                let mut next = || found.next().expect("two networks");
                self.generator.step(next());
                informer.q.step(next());
                Some(class)
            }
            _ => {
                let gradient = leaves.gradient(&all);
                let gradient = self.moved_by(stance, 0, gradient);
                self.generator.step(gradient);
                None
            }
        };
        self.generator.note(moments);
        Turn { loss: loss.inner(), named: read.map(Tensor::inner) }
    }
}

/// How far DRAGAN looks around real samples: half of their deviation, which is about 1 in the networks' units (its authors' code).
const AROUND: f64 = 0.5;

/// Updates of G until a code is as loud as it gets.
const RISING: f64 = 3_000.0;

/// The length of a vector, `[1, 1]`.
fn length(vector: Tensor<1>) -> Tensor<2> {
    let [n] = vector.dims();
    let row = vector.reshape([1, n]);
    row_sums(row.clone() * row).sqrt()
}

/// Noise beside labels: what G is given.
pub(super) fn joined(noise: Tensor<2>, labels: Option<&Tensor<2>>) -> Tensor<2> {
    match labels {
        Some(labels) => Tensor::cat(vec![noise, labels.clone()], 1),
        None => noise,
    }
}
