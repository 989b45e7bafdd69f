//! Networks that code and decode: autoencoders, and variational ones (Kingma and Welling 2013, “Auto-Encoding Variational Bayes”,
//! arXiv 1312.6114).
//!
//! An encoder turns x into a code z, or into the mean and the log deviation of one; a decoder turns z into x again. Both minimise one
//! loss together.

mod seen;

use burn::tensor::{Device, Tensor};

use super::optimiser::{Mean, Optimiser};
use super::player::Player;
use super::program::{Codes, Decoded, Left, Loss, Losses, Move, Program, Want, Worth};
use super::supply::Batch;
use super::visit::Visit;
use crate::data::Source;
use crate::data::store::Beside;
use crate::experiment::{BATCH, Experiment, LATENT, MODEL, Noise, SEED};
use crate::kernel::{Curve, Term};
use crate::look::ask::Ask;
use crate::look::eye::{Eye, Report};
use crate::look::health::Signs;
use crate::look::judge::Asked;
use crate::look::metrics::{Better, Metric};
use crate::look::panel::Panel;
use crate::nn::{Network, exp, gradients, matrix, row_sums};
use crate::objective;
use crate::rng::Rng;
use crate::text::text;

/// What a decoder's numbers say of x.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Law {
    /// x itself; the loss is the sum of squares.
    Plain,
    /// The logit of each pixel's being white; images are drawn from their grey values anew for each step.
    Bernoulli,
    /// The mean of a Gaussian, whose deviation is learned and begins at this.
    Gaussian(f64),
}

/// What a family's coders are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spec {
    /// What the decoder says.
    pub law: Law,
    /// β, the weight of the divergence of codes from N(0, I); `None`: codes are numbers and not distributions.
    pub beta: Option<f64>,
    /// The deviation of noise on what is coded.
    pub corrupt: f64,
    /// Codes drawn for each x in the estimate of log p(x).
    pub weighed: usize,
}

/// The encoder and the decoder of an experiment.
pub type Networks = fn(&Experiment) -> [Box<dyn Network>; 2];

/// A run of a coder.
pub struct Coder {
    encoder: Player,
    decoder: Player,
    /// The log deviation of the decoder's Gaussian, if it is one: the output of a network for 1.
    deviation: Option<Player>,
    networks: Networks,
    spec_of: fn(&Experiment) -> Spec,
    spec: Spec,
    now: Experiment,
    source: Source,
}

/// ½ log 2π
const HALF_LOG_TAU: f64 = 0.918_938_533_204_672_7;
/// Numbers that the decoder would say for an estimate with 64 codes at an evaluation, at most, and for a final word; and rows of it
/// at once. With other codes there are as many x, so that estimates can be compared.
const SAID: usize = (1 << 22) / 64;
const SAID_AT_LAST: usize = (1 << 25) / 64;
const AT_ONCE: usize = 1024;
/// Codes along a side of their plane, and how far it reaches.
const SIDE: usize = 10;
const REACH: f32 = 2.0;
/// Inputs shown beside what becomes of them.
const PAIRS: usize = 20;

const RECONSTRUCTION: &str = "How surprising the last batch is to the decoder, given a code drawn for each: −log p(x|z), in nats and in the networks' units.";
const SQUARES: &str = "The sum of squares between the last batch and what became of it.";
const DIVERGENCE: &str =
    "How far the codes of the last batch are from N(0, I): the Kullback–Leibler divergence, in nats, without β.";
const BOUND: &str = "The evidence lower bound on log p(x) of test data, in nats: minus the reconstruction and the divergence. No training sees these.";
const WEIGHTED: &str = "An estimate of log p(x) of test data, in nats, from k codes each (Burda et al. 2015): with one it is the bound, and on average it never falls as k grows.";
const ERROR: &str =
    "The mean square between test data and what becomes of them, in the networks' units. No training sees these.";

/// The moves of a step.
pub fn moves(e: &Experiment, spec: Spec) -> Vec<Move> {
    let (rows, latent, features) = (e.get(&BATCH) as usize, e.get(&LATENT) as usize, e.features());
    let noise = |columns, law| Want::Noise { rows, columns, law };
    let code = spec.beta.map(|_| noise(latent, Noise::Gaussian));
    let pixels = (spec.law == Law::Bernoulli).then(|| noise(features, Noise::Uniform));
    let corrupt = (spec.corrupt > 0.0).then(|| noise(features, Noise::Gaussian));
    let wants = [Want::Real { rows }].into_iter().chain(code).chain(pixels).chain(corrupt).collect();
    vec![Move { name: "v", wants }; e.get(&MODEL.updates) as usize]
}

impl Coder {
    /// At its beginning.
    pub fn new(networks: Networks, spec_of: fn(&Experiment) -> Spec, e: &Experiment, device: &Device) -> Self {
        let (spec, model) = (spec_of(e), e.player(&MODEL));
        let player = |net, stream| {
            let optimiser = Optimiser::of(&model, Mean::NONE);
            Player::new(net, optimiser, &mut Rng::stream(e.get(&SEED), stream), device)
        };
        let [encoder, decoder] = networks(e);
        let deviation = match spec.law {
            Law::Gaussian(begin) => {
                let mut player = player(Box::new(crate::nn::Net::number()), "init s");
                player.parameters = crate::device::flat(vec![libm::log(begin) as f32, 0.0], device);
                Some(player)
            }
            Law::Plain | Law::Bernoulli => None,
        };
        Self {
            encoder: player(encoder, "init e"),
            decoder: player(decoder, "init d"),
            deviation,
            networks,
            spec_of,
            spec,
            now: e.clone(),
            source: e.data.source,
        }
    }

    fn device(&self) -> Device {
        self.encoder.parameters.device()
    }

    fn latent(&self) -> usize {
        self.now.get(&LATENT) as usize
    }

    /// The mean over rows of −log p(x|z), or the sum of squares, `[1]`; `x`: as the law has it, ±1 for black and white.
    fn reconstruction(&self, out: Tensor<2>, x: Tensor<2>, log_deviation: Option<Tensor<2>>) -> Tensor<1> {
        let [rows, columns] = out.dims();
        let all = rows * columns;
        let mean = |of: Tensor<2>, curve| {
            objective::loss(of.reshape([all, 1]), &[Term { rows: all, curve, weight: columns as f32 }])
        };
        match log_deviation {
            // −log σ(±l) = softplus(∓l)
            None if self.spec.law == Law::Bernoulli => mean(-(out * x), Curve::Softplus),
            None => mean(out - x, Curve::SquareTo(0.0)),
            Some(log) => {
                let squares = mean(out - x, Curve::SquareTo(0.0)).reshape([1, 1]);
                let share = exp(log.clone() * -2.0) * 0.5;
                (squares * share + log * columns as f64 + columns as f64 * HALF_LOG_TAU).reshape([1])
            }
        }
    }

    /// The mean over rows of the divergence of N(μ, σ²) from N(0, I), `[1]`.
    fn divergence(mean: Tensor<2>, log: Tensor<2>, deviation: Tensor<2>) -> Tensor<1> {
        let [rows, columns] = mean.dims();
        let all = rows * columns;
        let term = |weight, curve| Term { rows: all, curve, weight: weight * columns as f32 };
        let squares = Tensor::cat(vec![mean, deviation], 0).reshape([2 * all, 1]);
        let square = term(0.5, Curve::SquareTo(0.0));
        objective::loss(squares, &[square, square])
            + objective::loss(log.reshape([all, 1]), &[term(-1.0, Curve::Identity)])
            - 0.5 * columns as f64
    }

    /// What the encoder is given, and what the decoder is to say, from grey values or points.
    fn target(&self, x: Tensor<2>, drawn: Option<Tensor<2>>) -> Tensor<2> {
        match drawn {
            // A pixel is white with its grey value's probability.
            Some(uniform) => x.greater(uniform).float() * 2.0 - 1.0,
            None => x,
        }
    }

    /// What the encoder is given for a target.
    fn seen(&self, x: Tensor<2>) -> Tensor<2> {
        // 0 for black and 1 for white.
        if self.spec.law == Law::Bernoulli { x * 0.5 + 0.5 } else { x }
    }

    /// Samples in network units from what the decoder says.
    fn said(&self, out: Tensor<2>) -> Tensor<2> {
        // 2 σ(l) − 1
        if self.spec.law == Law::Bernoulli { (out * 0.5).tanh() } else { out }
    }

    /// Codes for rows, the means where these are distributions.
    fn code(&self, x: Tensor<2>) -> Tensor<2> {
        let rows = x.dims()[0];
        self.encoder.infer(self.seen(x)).slice([0..rows, 0..self.latent()])
    }

    /// For rows of test data: codes' means and log deviations, the codes that are drawn for each, and how far what the decoder says of
    /// each is from x ([`Coder::misfit`]); all as tensors to be read, part by part.
    fn weigh(&self, x: &Tensor<2>, each: usize, draws: &mut Rng) -> Vec<[Tensor<2>; 3]> {
        let (all, latent, step) = (x.dims()[0], self.latent(), (AT_ONCE / each).max(1));
        let part = |from: usize| {
            let x = x.clone().slice(from..(from + step).min(all));
            let rows = x.dims()[0];
            let given = self.encoder.infer(self.seen(x.clone()));
            let noise = matrix(Noise::Gaussian.draw(rows * each * latent, draws), latent, &self.device());
            let many = given.clone().repeat_dim(0, each);
            let count = rows * each;
            let mean = many.clone().slice([0..count, 0..latent]);
            let log = many.slice([0..count, latent..2 * latent]);
            let codes = mean + log.exp() * noise;
            let out = self.decoder.infer(codes.clone());
            [given, codes, self.misfit(x.repeat_dim(0, each), out)]
        };
        (0..all).step_by(step).map(part).collect()
    }

    /// The bound and the weighted estimate, means over rows in nats, from what [`Coder::weigh`] read.
    fn bounds(&self, parts: &[Vec<f32>], each: usize, log_deviation: f64) -> (f64, f64) {
        let latent = self.latent();
        let (mut bound, mut weighted, mut count) = (0.0, 0.0, 0.0);
        for part in parts.chunks_exact(3) {
            let [given, codes, misfit] = part else { unreachable!("three at a time") };
            let rows = given.len() / (2 * latent);
            for (i, given) in given.chunks_exact(2 * latent).enumerate() {
                let weight = |k: usize| {
                    let at = k * rows + i;
                    let z = &codes[at * latent..(at + 1) * latent];
                    self.log_likelihood(f64::from(misfit[at]), log_deviation) + log_ratio(z, given)
                };
                let weights: Vec<f64> = (0..each).map(weight).collect();
                bound += weights.iter().sum::<f64>() / each as f64;
                weighted += super::explicit::log_sum_exp(&weights) - libm::log(each as f64);
                count += 1.0;
            }
        }
        (bound / count, weighted / count)
    }

    /// How far what the decoder says is from x, `[rows, 1]`, x as the law has it: surprise in nats, or the sum of squares.
    fn misfit(&self, x: Tensor<2>, out: Tensor<2>) -> Tensor<2> {
        let far = match self.spec.law {
            Law::Bernoulli => {
                let against = -(x * out);
                against.clone().clamp_min(0.0) + (-against.abs()).exp().log1p()
            }
            Law::Plain | Law::Gaussian(_) => (x - out).square(),
        };
        row_sums(far)
    }

    /// log p(x|z) from how far z's decoding is from x.
    fn log_likelihood(&self, misfit: f64, log_deviation: f64) -> f64 {
        match self.spec.law {
            Law::Bernoulli => -misfit,
            Law::Plain | Law::Gaussian(_) => {
                let features = self.now.features() as f64;
                -0.5 * misfit * libm::exp(-2.0 * log_deviation) - features * (log_deviation + HALF_LOG_TAU)
            }
        }
    }

    /// Codes over the plane of their first two numbers, row by row from the top left; the others are 0.
    fn plane(&self) -> Tensor<2> {
        let at = |i: usize| (i as f32 / (SIDE - 1) as f32 * 2.0 - 1.0) * REACH;
        let code = |i: usize| {
            let place = [at(i % SIDE), -at(i / SIDE)];
            (0..self.latent()).map(move |k| place.get(k).copied().unwrap_or(0.0))
        };
        matrix((0..SIDE * SIDE).flat_map(code).collect(), self.latent(), &self.device())
    }

    /// Test data as the law has them, and how many of them there is time to weigh.
    fn tests(&self, eye: &Eye) -> Option<(Tensor<2>, usize)> {
        let (rows, is_last) = match eye.tested() {
            Some(tested) => (Tensor::cat(tested.images.clone(), 0), tested.all),
            None => (eye.held_out()?, false),
        };
        let count = rows.dims()[0];
        let said = if is_last { SAID_AT_LAST } else { SAID };
        let weighed = (said / self.now.features()).clamp(1, count.min(512));
        let drawn = (self.spec.law == Law::Bernoulli).then(|| {
            let features = self.now.features();
            let mut rng = Rng::stream(self.now.get(&SEED), "tested");
            matrix(Noise::Uniform.draw(count * features, &mut rng), features, &self.device())
        });
        Some((self.target(rows, drawn), weighed))
    }
}

/// log N(z; 0, I) − log N(z; μ, σ²)
fn log_ratio(z: &[f32], given: &[f32]) -> f64 {
    let (mean, log) = given.split_at(z.len());
    let each = z.iter().zip(mean.iter().zip(log)).map(|(&z, (&mean, &log))| {
        let (z, log) = (f64::from(z), f64::from(log));
        let gap = (z - f64::from(mean)) * libm::exp(-log);
        0.5 * (gap * gap - z * z) + log
    });
    each.sum()
}

impl Program for Coder {
    fn moves(&self) -> Vec<Move> {
        moves(&self.now, self.spec)
    }

    fn play(&mut self, _: usize, batch: &Batch) -> Losses {
        let mut next = 0;
        let mut take = |wanted: bool| {
            next += usize::from(wanted);
            wanted.then(|| batch.rows(next))
        };
        let (code, drawn, corrupt) =
            (take(self.spec.beta.is_some()), take(self.spec.law == Law::Bernoulli), take(self.spec.corrupt > 0.0));
        let x = self.target(batch.rows(0), drawn);
        let seen = self.seen(x.clone());
        let seen = match corrupt {
            Some(noise) => seen + noise * self.spec.corrupt,
            None => seen,
        };
        let leaves: Vec<_> =
            [&self.encoder, &self.decoder].into_iter().chain(&self.deviation).map(Player::leaves).collect();
        let given = self.encoder.net.forward(&leaves[0], seen);
        let (rows, latent) = (x.dims()[0], self.latent());
        let mean = given.clone().slice([0..rows, 0..latent]);
        let (z, divergence) = match code {
            Some(noise) => {
                let log = given.slice([0..rows, latent..2 * latent]);
                let deviation = exp(log.clone());
                let z = mean.clone() + deviation.clone() * noise.autodiff();
                (z, Some(Self::divergence(mean, log, deviation)))
            }
            None => (mean, None),
        };
        let out = self.decoder.net.forward(&leaves[1], z);
        let log_deviation = self
            .deviation
            .as_ref()
            .zip(leaves.get(2))
            .map(|(player, leaves)| player.net.forward(leaves, matrix(vec![1.0], 1, &self.device())));
        let reconstruction = self.reconstruction(out, x.autodiff(), log_deviation);
        let beta = self.spec.beta.unwrap_or(0.0);
        let all = divergence.clone().map_or_else(|| reconstruction.clone(), |kl| reconstruction.clone() + kl * beta);
        let mut found = gradients(&leaves, &all).into_iter();
        let players = [&mut self.encoder, &mut self.decoder].into_iter().chain(&mut self.deviation);
        players.for_each(|player| player.step(found.next().expect("a gradient for each")));
        let kl = divergence.map(|kl| (1, Worth::There(kl.inner())));
        [(0, Worth::There(reconstruction.inner()))].into_iter().chain(kl).collect()
    }

    fn beside(&self) -> Beside {
        Beside { tests: true, judge: self.spec.beta.is_some() }
    }

    fn losses(&self) -> Vec<Loss> {
        let loss = |name, metric, about| Loss { name, metric, role: "generator", about, equilibrium: None };
        let first = match self.spec.law {
            Law::Plain => loss("R", ("loss_r", "squared error"), SQUARES),
            Law::Bernoulli | Law::Gaussian(_) => loss("R", ("loss_rec", "reconstruction"), RECONSTRUCTION),
        };
        let kl = Loss { role: "discriminator", ..loss("KL", ("loss_kl", "divergence of codes"), DIVERGENCE) };
        [first].into_iter().chain(self.spec.beta.map(|_| kl)).collect()
    }

    fn visit(&mut self, visit: &mut dyn Visit) {
        self.encoder.visit("enc", visit);
        self.decoder.visit("dec", visit);
        if let Some(deviation) = &mut self.deviation {
            deviation.visit("deviation", visit);
        }
    }

    fn is_sound(&mut self, steps: u64) -> bool {
        [&self.encoder, &self.decoder].into_iter().chain(&self.deviation).all(|player| player.is_sound(steps))
    }

    fn tune(&mut self, now: &Experiment) {
        let ([encoder, decoder], model) = ((self.networks)(now), now.player(&MODEL));
        self.encoder.tune(encoder, &model, Mean::NONE);
        self.decoder.tune(decoder, &model, Mean::NONE);
        if let Some(deviation) = &mut self.deviation {
            deviation.tune(Box::new(crate::nn::Net::number()), &model, Mean::NONE);
        }
        self.spec = (self.spec_of)(now);
        self.now = now.clone();
    }

    fn schedule(&mut self, now: &Experiment, left: Left) {
        let rate = now.get(&MODEL.rate) * left.rate;
        let players = [&mut self.encoder, &mut self.decoder].into_iter().chain(&mut self.deviation);
        players.for_each(|player| player.optimiser.set_rate(rate));
    }

    fn sizes(&self) -> Vec<(&'static str, usize)> {
        vec![("enc", self.encoder.size()), ("dec", self.decoder.size())]
    }

    fn show<'a>(&'a self, eye: &'a Eye) -> Ask<'a, Vec<Panel>> {
        // What is generated: of prior codes, or, where codes have no law, what becomes of real data.
        let shown = match self.spec.beta {
            Some(_) => Some(eye.shown(&eye.latent)),
            None => eye.sight().map(|x| self.code(x)),
        };
        let samples = shown.map(|codes| {
            let made = self.said(self.decoder.infer(codes));
            let title = match self.spec.beta {
                Some(_) => text("samples: codes from N(0, I), decoded", "样本：从 N(0, I) 抽取的编码，解码所得"),
                None => text("what becomes of real data", "真实数据经编码再解码所得"),
            };
            Ask::of([made], move |[made]| eye.samples(title, &made, 0))
        });
        let samples = samples.unwrap_or_else(|| Ask::known(Vec::new()));
        let pairs = eye.tested().map(|tested| {
            let x = tested.images[0].clone().slice(0..PAIRS);
            if self.spec.corrupt == 0.0 {
                let again = self.said(self.decoder.infer(self.code(x.clone())));
                let title = text("test images, and what becomes of them", "测试图像，以及编码再解码所得");
                return Ask::of([x, again], move |[x, again]| eye.pairs(title, &[&x, &again]));
            }
            // Noise of its own, which stays the same.
            let [rows, columns] = x.dims();
            let mut rng = Rng::stream(self.now.get(&SEED), "corrupted");
            let noise = matrix(Noise::Gaussian.draw(rows * columns, &mut rng), columns, &self.device());
            let seen = x.clone() + noise * self.spec.corrupt;
            let again = self.said(self.decoder.infer(self.code(seen.clone())));
            let title = text(
                "test images, the same with noise, and what the decoder makes of that",
                "测试图像，加噪之后，以及解码器由此还原的样子",
            );
            Ask::of([x, seen, again], move |[x, seen, again]| eye.pairs(title, &[&x, &seen, &again]))
        });
        let plane = (self.spec.beta.is_some() && eye.is_of_images()).then(|| {
            let made = self.said(self.decoder.infer(self.plane()));
            let title =
                text("the plane of the first two numbers of a code, decoded", "编码前两个数所成的平面，解码所得");
            Ask::of([made], move |[made]| eye.sheet("plane", title, &made, SIDE))
        });
        let samples = match eye.image() {
            Some(image) => {
                let filters = self.encoder.filters(image, None);
                samples.and(filters).map(|(panels, filters)| panels.into_iter().chain(filters).collect())
            }
            None => samples,
        };
        [pairs, plane, self.cloud(eye), self.curves(eye)]
            .into_iter()
            .flatten()
            .fold(samples, |panels, one| panels.and(one).map(|(panels, one)| panels.into_iter().chain([one]).collect()))
    }

    fn judge<'a>(&'a self, eye: &'a Eye) -> Ask<'a, Report> {
        // Without a law of codes there are no samples to be measured.
        let report = if self.spec.beta.is_some() {
            let made = self.said(self.decoder.infer(eye.latent.clone()));
            let features = eye.features(&made);
            Ask::of([made], |[made]| eye.report(&made)).and(features).map(|(mut report, features)| {
                eye.recognise(&mut report, features, Asked::Nothing);
                report
            })
        } else {
            Ask::known(Report { metrics: Vec::new(), panels: Vec::new(), signs: Signs::default(), kinds: Vec::new() })
        };
        let tests = self.tests(eye);
        let own = match (self.spec.beta, tests) {
            (Some(_), Some((x, weighed))) => {
                let mut draws = Rng::stream(self.now.get(&SEED), "weighed");
                let mut all = |x: &Tensor<2>, each| {
                    Ask::all(self.weigh(x, each, &mut draws).into_iter().flatten().collect(), |parts| parts)
                };
                let each = self.spec.weighed;
                let (once, many) = (all(&x, 1), all(&x.clone().slice(0..weighed), each));
                let unit = self.unit();
                once.and(many).and(self.log_deviation()).map(move |((once, many), log)| {
                    let (bound, _) = self.bounds(&once, 1, log);
                    let (_, weighted) = self.bounds(&many, each, log);
                    vec![
                        metric("elbo", "Bound on log-likelihood", bound - unit, "nats", Better::Higher, BOUND),
                        Metric {
                            ideal: eye.exact(),
                            ..metric("iw", "Weighted log-likelihood", weighted - unit, "nats", Better::Higher, WEIGHTED)
                        },
                    ]
                })
            }
            (None, Some((x, _))) => {
                let again = self.said(self.decoder.infer(self.code(x.clone())));
                Ask::of([x, again], |[x, again]| {
                    let sum: f64 = x.iter().zip(&again).map(|(a, b)| f64::from(a - b).powi(2)).sum();
                    vec![metric("error", "Reconstruction error", sum / x.len() as f64, "", Better::Lower, ERROR)]
                })
            }
            _ => Ask::known(Vec::new()),
        };
        report.and(own).and(self.probes(eye)).map(|((mut report, own), probes)| {
            report.metrics.splice(..0, own);
            report.metrics.extend(probes);
            report.signs.turns = [true; 2];
            report
        })
    }

    fn sample(&self, count: usize, rng: &mut Rng) -> Ask<'_, Vec<f32>> {
        if self.spec.beta.is_none() {
            return Ask::known(Vec::new());
        }
        let codes = matrix(Noise::Gaussian.draw(count * self.latent(), rng), self.latent(), &self.device());
        Ask::of([self.said(self.decoder.infer(codes))], |[samples]| samples)
    }

    fn codes<'a>(&'a self, eye: &'a Eye) -> Option<Codes<'a>> {
        // A code without a law is one that something real has.
        let codes = if self.spec.beta.is_some() { eye.latent.clone() } else { self.code(eye.real_rows()?) };
        Some(Codes {
            numbers: Ask::of([codes], |[codes]| codes),
            columns: self.latent(),
            law: Noise::Gaussian,
            classes: 0,
        })
    }

    fn coded(&self, rows: Tensor<2>) -> Option<Ask<'_, Vec<f32>>> {
        Some(Ask::of([self.code(rows)], |[codes]| codes))
    }

    fn decode(&self, codes: Tensor<2>, _: &[usize]) -> Ask<'_, Decoded> {
        let rows = codes.dims()[0];
        Ask::of([self.said(self.decoder.infer(codes))], move |[samples]| Decoded {
            samples,
            believed: vec![None; rows],
        })
    }

    fn probe(&self, _: [f32; 2]) -> Ask<'_, f32> {
        Ask::known(0.0)
    }
}

impl Coder {
    /// What a log density in network units loses on the way to data units.
    fn unit(&self) -> f64 {
        match self.source {
            Source::Points(set) => 2.0 * libm::log(set.scale().unit),
            Source::Line(_) | Source::Images(_) => 0.0,
        }
    }

    fn log_deviation(&self) -> Ask<'_, f64> {
        match &self.deviation {
            Some(player) => Ask::of([player.infer(matrix(vec![1.0], 1, &self.device()))], |[log]| f64::from(log[0])),
            None => Ask::known(0.0),
        }
    }
}

fn metric(
    name: &'static str,
    title: &'static str,
    value: f64,
    unit: &'static str,
    better: Better,
    about: &'static str,
) -> Metric {
    let value = if value.is_finite() { value } else { f64::MIN };
    Metric { name, title, value, unit, of: None, ideal: None, spread: None, better, about }
}
