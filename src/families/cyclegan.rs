//! CycleGAN: Zhu, Park, Isola and Efros 2017, “Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks”
//! (arXiv 1703.10593), on two sets of points that nobody has paired.
//!
//! G maps x to where y lie, F maps y to where x lie, a discriminator judges each, and what goes there and back is to come back.

use burn::tensor::{Device, Tensor};

use super::gan::FAMILY as GAN;
use super::{Family, drawn, mlp};
use crate::data::{self, Dataset, PointSet, Source};
use crate::experiment::{
    AVERAGE, BATCH, Choice, DECAY, DISCRIMINATOR, DISCRIMINATOR_LEARNING, Defaults, Effect, Experiment, Field, Form,
    GENERATOR, GENERATOR_LEARNING, Group, INIT, Kind, Named, OBJECTIVE, PlayerFields, SCHEDULE, SEED, SPECTRAL, Scale,
    Typed, choice, number,
};
use crate::kernel::{Curve, Term};
use crate::look::ask::Ask;
use crate::look::eye::{self, Eye, Report};
use crate::look::metrics::{Better, Metric, points};
use crate::look::panel::{Body, Panel, Place};
use crate::message::Message;
use crate::nn::{Network, gradients, matrix};
use crate::objective::{self, Stakes};
use crate::rng::Rng;
use crate::text::{name, text};
use crate::train::adversarial;
use crate::train::optimiser::{Mean, Optimiser};
use crate::train::player::Player;
use crate::train::program::{Left, Loss, Losses, Move, Program, Want, Worth};
use crate::train::supply::Batch;
use crate::train::visit::Visit;
use crate::train::work::{self, Work};

/// A set of points to translate from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct From(&'static Dataset);

/// Those that there are.
static SETS: [&Dataset; 8] = [
    &data::moons::DATASET,
    &data::ring8::DATASET,
    &data::ring::DATASET,
    &data::gaussians::DATASET,
    &data::circles::DATASET,
    &data::spirals::DATASET,
    &data::swissroll::DATASET,
    &data::pinwheel::DATASET,
];

impl Named for From {
    fn name(self) -> &'static str {
        self.0.name
    }

    fn named(name: &str) -> Option<Self> {
        SETS.iter().find(|set| set.name == name).map(|set| Self(set))
    }
}

/// Where x come from.
pub static FROM: Typed<From> = choice(Field {
    name: "from",
    title: text("From", "来源"),
    about: text(
        "The data that are translated; what they become is chosen above.",
        "要翻译的数据；要变成的数据在上面选择。",
    ),
    group: Group::Data,
    kind: Kind::Choice(|| {
        SETS.iter().map(|set| Choice { value: set.name, title: set.title, about: set.about }).collect()
    }),
    default: "moons",
    only: &[],
    effect: Effect::Anew,
});

/// λ
pub static CYCLE: Typed<f64> = number(Field {
    name: "cycle",
    title: text("Weight of the cycle", "循环的权重"),
    about: text(
        "How much G and F mind that what goes there and back does not come back. 0: any two maps that hit both sets will do. The paper's 10 for images leaves no room here.",
        "G 和 F 有多在意去而复返之后回不到原处。0：只要落在两个数据集上，任何映射都行。论文对图像用的 10 在这里太大。",
    ),
    group: Group::Game,
    kind: Kind::Number { min: 0.0, max: 100.0, scale: Scale::Factors },
    default: "1",
    only: &[],
    effect: Effect::Live,
});

/// The weight of the identity loss.
pub static IDENTITY: Typed<f64> = number(Field {
    name: "identity",
    title: text("Weight of the identity", "恒等的权重"),
    about: text(
        "How much G minds moving what is a y already, and F an x: keeps colours of images; between sets of points it hinders.",
        "G 有多在意挪动本来就是 y 的点，F 有多在意挪动 x：对图像可保住颜色，对点集则有碍。",
    ),
    group: Group::Game,
    kind: Kind::Number { min: 0.0, max: 100.0, scale: Scale::Factors },
    default: "0",
    only: &[],
    effect: Effect::Live,
});

/// The family `cyclegan`.
pub static FAMILY: Family = Family {
    form: Form {
        name: "cyclegan",
        title: name("CycleGAN"),
        fields: &[
            &[
                &FROM.field,
                &OBJECTIVE.field,
                &CYCLE.field,
                &IDENTITY.field,
                &BATCH.field,
                &SCHEDULE.field,
                &DECAY.field,
            ],
            &[&GENERATOR.layers.field, &GENERATOR.activation.field],
            &GENERATOR_LEARNING,
            &[&AVERAGE.field],
            &[&DISCRIMINATOR.layers.field, &DISCRIMINATOR.activation.field],
            &DISCRIMINATOR_LEARNING,
            &[&SPECTRAL.field, &INIT.field],
        ],
        fits,
        titled: &[],
    },
    about: text(
        "Two games at once: G moves x onto the y, F moves y onto the x, and what goes there and back is to come back. Nobody has said which x belongs to which y, and symmetries stay undecided.",
        "两个博弈同时进行：G 把 x 移到 y 上，F 把 y 移到 x 上，去而复返要回到原处。没有人说过哪个 x 对应哪个 y，所以对称性无法确定。",
    ),
    paper: "Zhu, Park, Isola and Efros, Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks, arXiv 1703.10593",
    year: 2017,
    parent: Some("gan"),
    moves: GAN.moves,
    networks: |e| {
        let [g, f, d_y, d_x] = networks(e);
        vec![
            drawn("g", name("G"), g.as_ref()),
            drawn("f", name("F"), f.as_ref()),
            drawn("d", name("D"), d_y.as_ref()),
            drawn("c", text("D of x", "x 的 D"), d_x.as_ref()),
        ]
    },
    work,
    build: |e, device| Box::new(Cycle::new(e, device)),
};

/// Rates held for half of the run and falling to 0 in the other: nothing else helps as much.
const POINTS: [Defaults; 1] = [Defaults {
    since: 1,
    fields: &[
        ("objective", "leastsquares"),
        ("schedule", "linear"),
        ("decay", "4000"),
        ("glr", "0.002"),
        ("gb1", "0"),
        ("gb2", "0.99"),
        ("dlr", "0.002"),
        ("db1", "0"),
        ("db2", "0.99"),
    ],
}];
/// From the ring, where that is where one goes by itself.
const BACK: [Defaults; 1] = [Defaults { since: 1, fields: &[("from", "ring8")] }];

fn fits(data: &'static Dataset) -> Result<Vec<&'static Defaults>, Message> {
    let Source::Points(_) = data.source else { return Err(Message::PointsOnly) };
    let own: &[Defaults] = if data.name == "moons" { &BACK } else { &[] };
    Ok(POINTS.iter().chain(own).collect())
}

/// G, F, the discriminator of y and that of x.
fn networks(e: &Experiment) -> [Box<dyn Network>; 4] {
    let (g, d) = (e.player(&GENERATOR), e.player(&DISCRIMINATOR));
    [mlp(&g, 2, 2, None), mlp(&g, 2, 2, None), mlp(&d, 2, 1, None), mlp(&d, 2, 1, None)]
}

fn work(e: &Experiment) -> Work {
    // Two games, and the way back in G's turn.
    let game = work::of_game(e, |e| {
        let [g, _, d, _] = networks(e);
        [g, d]
    });
    Work { flops: 2.2 * game.flops, bytes: 2.0 * game.bytes, step: 2.2 * game.step, look: 2.0 * game.look, ..game }
}

/// Discriminators' updates, then those of G and F.
fn moves(e: &Experiment) -> Vec<Move> {
    let rows = e.get(&BATCH) as usize;
    let wants = vec![Want::Real { rows }, Want::Other { rows, set: e.get(&FROM).0 }];
    let [d, g] = adversarial::updates(e);
    let d = std::iter::repeat_n(Move { name: "d", wants: wants.clone() }, d);
    d.chain(std::iter::repeat_n(Move { name: "g", wants }, g)).collect()
}

struct Cycle {
    /// G, F.
    maps: [Player; 2],
    /// The discriminator of y, that of x.
    judges: [Player; 2],
    stakes: Stakes,
    /// Weights of the cycle and of the identity.
    weights: [f64; 2],
    now: Experiment,
    /// x that are shown and measured, in network units, and what they spread.
    x: Tensor<2>,
    spread: f64,
    /// Where y lie.
    to: &'static dyn PointSet,
}

/// Lines drawn of a map.
const LINES: usize = 120;

const THERE: &str = "How far x come back from where they were, by G and then by F, in percent of what they spread. Without the cycle's weight nothing brings them back.";
const BACK_AGAIN: &str = "The same of y, by F and then by G.";
const LOSS_D: &str =
    "Of both discriminators, on the last batch. The dashed line is the loss where they can only guess.";
const LOSS_G: &str = "Of G and F against their discriminators, on the last batch, without the cycle.";
const LOSS_C: &str = "The mean distance along an axis, in the networks' units, between where points of the last batch were and where they come back to, both ways.";

impl Cycle {
    fn new(e: &Experiment, device: &Device) -> Self {
        let Source::Points(to) = e.data.source else { unreachable!("it fits points") };
        let Source::Points(from) = e.get(&FROM).0.source else { unreachable!("only points are listed") };
        let player = |net, fields: &PlayerFields, mean, stream| {
            let spec = e.player(fields);
            Player::new(net, Optimiser::of(&spec, mean), &mut Rng::stream(e.get(&SEED), stream), device)
        };
        let [g, f, d_y, d_x] = networks(e);
        let mut rng = Rng::stream(e.get(&SEED), "view x");
        let x: Vec<f32> = (0..points::SAMPLES)
            .flat_map(|_| from.scale().to_network(from.sample(&mut rng)).map(|x| x as f32))
            .collect();
        let mean = Mean::of_generator(e);
        let judge = |net, stream| {
            let mut player = player(net, &DISCRIMINATOR, Mean::NONE, stream);
            adversarial::normalise(&mut player, e);
            player
        };
        Self {
            maps: [player(g, &GENERATOR, mean, "init g"), player(f, &GENERATOR, mean, "init f")],
            judges: [judge(d_y, "init d"), judge(d_x, "init c")],
            stakes: adversarial::stakes(e),
            weights: [e.get(&CYCLE), e.get(&IDENTITY)],
            now: e.clone(),
            spread: spread(&x),
            x: matrix(x, 2, device),
            to,
        }
    }

    /// Both discriminators, each of its own set.
    fn judge_turn(&mut self, y: Tensor<2>, x: Tensor<2>) -> Tensor<1> {
        let rows = y.dims()[0];
        let [g, f] = &self.maps;
        let made = [g.play(x.clone()), f.play(y.clone())];
        let judged = self.judges.iter_mut().zip([y, x].into_iter().zip(made));
        let losses = judged.map(|(judge, (real, made))| {
            judge.learn(Tensor::cat(vec![real, made], 0), |scores| self.stakes.discriminator(scores, rows))
        });
        losses.reduce(|a, b| a + b).expect("there are two")
    }

    /// G and F together: the game's loss, and the mean of the cycle's.
    fn map_turn(&mut self, y: Tensor<2>, x: Tensor<2>) -> [Tensor<1>; 2] {
        let rows = y.dims()[0];
        let leaves = [self.maps[0].leaves(), self.maps[1].leaves()];
        let map = |which: usize, x: Tensor<2>| self.maps[which].forward(&leaves[which], x);
        let gap = |a: Tensor<2>, b: Tensor<2>| {
            let all = 2 * rows;
            let gaps = (a - b.autodiff()).abs().reshape([all, 1]);
            objective::loss(gaps, &[Term { rows: all, curve: Curve::Identity, weight: 1.0 }])
        };
        let starts = [x, y];
        let mut game = Vec::new();
        let mut cycle = Vec::new();
        let mut rest = Vec::new();
        for which in [0, 1] {
            let start = starts[which].clone();
            let there = map(which, start.clone());
            let scores = self.judges[which].play(there.clone());
            let others = self.stakes.compares().then(|| self.judges[which].play(starts[1 - which].clone()).autodiff());
            game.push(self.stakes.generator(scores, others));
            cycle.push(gap(map(1 - which, there), start.clone()));
            if self.weights[1] > 0.0 {
                // What is a y already, G is to leave.
                let other = starts[1 - which].clone();
                rest.push(gap(map(which, other.clone()), other));
            }
        }
        let sum = |parts: Vec<Tensor<1>>| parts.into_iter().reduce(|a, b| a + b);
        let (game, cycle) = (sum(game).expect("two"), sum(cycle).expect("two"));
        let mut all = game.clone() + cycle.clone() * self.weights[0];
        if let Some(rest) = sum(rest) {
            all = all + rest * self.weights[1];
        }
        for (player, gradient) in self.maps.iter_mut().zip(gradients(&leaves, &all)) {
            player.step(gradient);
        }
        [game.inner(), cycle.inner() * 0.5]
    }

    /// Where rows are, where a map takes them and where the other takes that.
    fn trip(&self, first: usize, rows: Tensor<2>) -> [Tensor<2>; 3] {
        let there = self.maps[first].infer_averaged(rows.clone());
        let back = self.maps[1 - first].infer_averaged(there.clone());
        [rows, there, back]
    }
}

/// What rows of points spread.
fn spread(flat: &[f32]) -> f64 {
    let points: Vec<[f64; 2]> = flat.chunks_exact(2).map(|p| [f64::from(p[0]), f64::from(p[1])]).collect();
    eye::spread(&points)
}

/// Root mean square distance between points, in percent of a spread.
fn apart(a: &[f32], b: &[f32], spread: f64) -> f64 {
    let sum: f64 = a.iter().zip(b).map(|(a, b)| f64::from(a - b).powi(2)).sum();
    let value = 100.0 * (sum / (a.len() / 2) as f64).sqrt() / spread;
    if value.is_finite() { value } else { f64::MAX }
}

impl Program for Cycle {
    fn moves(&self) -> Vec<Move> {
        moves(&self.now)
    }

    fn play(&mut self, which: usize, batch: &Batch) -> Losses {
        let (y, x) = (batch.rows(0), batch.rows(1));
        if which < adversarial::updates(&self.now)[0] {
            vec![(0, Worth::There(self.judge_turn(y, x)))]
        } else {
            let [game, cycle] = self.map_turn(y, x);
            vec![(1, Worth::There(game)), (2, Worth::There(cycle))]
        }
    }

    fn losses(&self) -> Vec<Loss> {
        let [d, g] = self.stakes.equilibrium.map(|one| one.map(|one| 2.0 * one));
        let loss = |name, metric, role, about, equilibrium| Loss { name, metric, role, about, equilibrium };
        vec![
            loss("D", ("loss_d", "loss of D"), "discriminator", LOSS_D, d),
            loss("G", ("loss_g", "loss of G"), "generator", LOSS_G, g),
            loss("C", ("loss_cycle", "loss of the cycle"), "other", LOSS_C, Some(0.0)),
        ]
    }

    fn visit(&mut self, visit: &mut dyn Visit) {
        for (player, name) in self.maps.iter_mut().chain(&mut self.judges).zip(["g", "f", "d", "c"]) {
            player.visit(name, visit);
        }
    }

    fn is_sound(&mut self, steps: u64) -> bool {
        self.maps.iter().chain(&self.judges).all(|player| player.is_sound(steps))
    }

    fn tune(&mut self, now: &Experiment) {
        let [g, f, d_y, d_x] = networks(now);
        let (map, judge, mean) = (now.player(&GENERATOR), now.player(&DISCRIMINATOR), Mean::of_generator(now));
        self.maps.iter_mut().zip([g, f]).for_each(|(player, net)| player.tune(net, &map, mean));
        self.judges.iter_mut().zip([d_y, d_x]).for_each(|(player, net)| player.tune(net, &judge, Mean::NONE));
        self.judges.iter_mut().for_each(|player| adversarial::normalise(player, now));
        self.stakes = adversarial::stakes(now);
        self.weights = [now.get(&CYCLE), now.get(&IDENTITY)];
        self.now = now.clone();
    }

    fn schedule(&mut self, now: &Experiment, left: Left) {
        for (players, fields) in [(&mut self.maps, &GENERATOR), (&mut self.judges, &DISCRIMINATOR)] {
            let rate = now.get(&fields.rate) * left.rate;
            players.iter_mut().for_each(|player| player.optimiser.set_rate(rate));
        }
    }

    fn sizes(&self) -> Vec<(&'static str, usize)> {
        let sizes = self.maps.iter().chain(&self.judges).map(Player::size);
        ["g", "f", "d", "c"].into_iter().zip(sizes).collect()
    }

    fn show<'a>(&'a self, eye: &'a Eye) -> Ask<'a, Vec<Panel>> {
        let there = self.maps[0].infer_averaged(eye.shown(&self.x));
        let samples = Ask::of([there, eye.shown(&self.x)], |[there, x]| {
            let title = text("where G takes x", "G 把 x 带到的地方");
            let mut panels = eye.samples(title, &there, 0);
            let title = text("lines from x to where G takes them", "从 x 到 G 所带往之处的连线");
            panels.push(self.lines("there", title, Place::Stage, &x, &there));
            panels
        });
        let map = eye.map().map(|map| {
            let score = self.stakes.score;
            Ask::of([self.judges[0].infer(map)], move |[scores]| adversarial::field(eye, score, scores))
        });
        let back = eye.sight().map(|y| {
            let back = self.maps[1].infer_averaged(y.clone());
            Ask::of([y, back], |[y, back]| {
                let title = text("lines from y to where F takes them", "从 y 到 F 所带往之处的连线");
                self.lines("back", title, Place::Side, &y, &back)
            })
        });
        [map, back]
            .into_iter()
            .flatten()
            .fold(samples, |panels, one| panels.and(one).map(|(panels, one)| panels.into_iter().chain([one]).collect()))
    }

    fn judge<'a>(&'a self, eye: &'a Eye) -> Ask<'a, Report> {
        let there = self.trip(0, self.x.clone());
        let judged = eye.judged(there[1].clone());
        let (generated, scores) = (judged.generated, self.judges[0].infer(judged.samples));
        let y = eye.held_out().expect("points are held out");
        let [y, x_made, y_back] = self.trip(1, y);
        let [x, y_made, x_back] = there;
        let score = self.stakes.score;
        Ask::all(vec![x, y_made, x_back, y, x_made, y_back, scores], move |read| {
            let [x, y_made, x_back, y, _, y_back, scores] = read.as_slice() else { unreachable!("as many as asked") };
            let mut report = eye.report(y_made);
            let metric = |name, title, value, about| Metric {
                name,
                title,
                value,
                unit: "%",
                of: None,
                ideal: Some(0.0),
                spread: None,
                better: Better::Lower,
                about,
            };
            report.metrics.push(metric("cycle", "Round trip of x", apart(x, x_back, self.spread), THERE));
            report.metrics.push(metric("back", "Round trip of y", apart(y, y_back, spread(y)), BACK_AGAIN));
            let (made, real) = scores.split_at(generated);
            report.signs.accuracy = [adversarial::right(score, real, true), adversarial::right(score, made, false)];
            report.signs.turns = adversarial::updates(&self.now).map(|updates| updates > 0);
            report
        })
    }

    fn sample(&self, count: usize, rng: &mut Rng) -> Ask<'_, Vec<f32>> {
        let Source::Points(from) = self.now.get(&FROM).0.source else { unreachable!("only points are listed") };
        let x: Vec<f32> =
            (0..count).flat_map(|_| from.scale().to_network(from.sample(rng)).map(|x| x as f32)).collect();
        Ask::of([self.maps[0].infer_averaged(matrix(x, 2, &self.x.device()))], |[samples]| samples)
    }

    fn probe(&self, point: [f32; 2]) -> Ask<'_, f32> {
        let x = matrix(point.to_vec(), 2, &self.x.device());
        let score = self.stakes.score;
        Ask::of([self.judges[0].infer(x)], move |[scores]| score.probability(scores[0]).unwrap_or(scores[0]))
    }
}

impl Cycle {
    /// Lines between points of the two sets, both in network units, where y lie.
    fn lines(&self, name: &'static str, title: crate::text::Text, place: Place, from: &[f32], to: &[f32]) -> Panel {
        let scale = self.to.scale();
        let at = |p: &[f32]| scale.to_data([f64::from(p[0]), f64::from(p[1])]).map(|x| x as f32);
        let pairs = from.chunks_exact(2).zip(to.chunks_exact(2)).take(LINES);
        let data = pairs.flat_map(|(from, to)| at(from).into_iter().chain(at(to))).collect();
        Panel { name, title, place, body: Body::Vectors { data, directed: true, extent: self.to.extent() } }
    }
}
