//! Toy games: Mescheder, Geiger and Nowozin 2018, “Which Training Methods for GANs do actually Converge?” (arXiv 1801.04406). All data
//! are at one place, G puts its one sample at θ, and D is a line of slope ψ: a GAN with two weights, whose whole course is a picture.
//!
//! With the Wasserstein objective it is the bilinear game min max θψ.

use super::{Drawn, Family, Stage, Turn};
use crate::data::{Dataset, PointSet, Source};
use crate::experiment::{
    CLIP, CONSENSUS, Choice, Defaults, Effect, Experiment, Field, Form, GAMMA, Group, Kind, LAMBDA, OBJECTIVE, PENALTY,
    Penalty, SIDES, SMOOTH, SMOOTH_FAKE, SQUARE_FAKE, SQUARE_G, SQUARE_REAL, Scale, Sides, TARGET, Typed, choice,
    named, number,
};
use crate::look::ask::Ask;
use crate::look::eye::{Eye, Report};
use crate::look::health::Signs;
use crate::look::metrics::{Better, Metric};
use crate::look::panel::{Body, FieldScale, Panel, Place, Role};
use crate::message::Message;
use crate::penalty::Norm;
use crate::rng::Rng;
use crate::text::{Text, name, text};
use crate::train::adversarial;
use crate::train::dynamics::{Dynamics, Hold, Order, State};
use crate::train::program::{Left, Loss, Losses, Move, Program, Worth};
use crate::train::supply::Batch;
use crate::train::visit::Visit;
use crate::train::work::Work;

impl Order {
    const CHOICES: [Choice; 4] = [
        Choice {
            value: "alternating",
            title: text("alternating", "交替"),
            about: text("G moves, and then D, which sees where G is now", "G 先走，D 看到 G 的新位置后再走"),
        },
        Choice {
            value: "simultaneous",
            title: text("simultaneous", "同时"),
            about: text("both move from where they stand", "双方都从原处出发"),
        },
        Choice {
            value: "extragradient",
            title: text("extragradient", "外梯度"),
            about: text(
                "both look where a step would lead, and move by the gradient there (Korpelevich 1976)",
                "双方先看一步会走到哪里，再按那里的梯度走（Korpelevich，1976）",
            ),
        },
        Choice {
            value: "optimistic",
            title: text("optimistic", "乐观"),
            about: text(
                "both move by twice their gradient less the one before (Daskalakis et al. 2018)",
                "双方按两倍的梯度减去上一次的梯度走（Daskalakis 等，2018）",
            ),
        },
    ];
}

named!(Order: Alternating, Simultaneous, Extragradient, Optimistic);

/// Who moves when.
pub static ORDER: Typed<Order> = choice(Field {
    name: "order",
    title: text("Order of moves", "行动次序"),
    about: text("Who moves when, and from what.", "谁在何时行动，依据什么。"),
    group: Group::Game,
    kind: Kind::Choice(|| Order::CHOICES.to_vec()),
    default: "alternating",
    only: &[],
    effect: Effect::Live,
});

/// The step size.
pub static RATE: Typed<f64> = number(Field {
    name: "h",
    title: text("Step size h", "步长 h"),
    about: text("How far a move goes, times the gradient.", "每次移动是梯度的多少倍。"),
    group: Group::Game,
    kind: Kind::Number { min: 1e-4, max: 10.0, scale: Scale::Factors },
    default: "0.2",
    only: &[],
    effect: Effect::Live,
});

/// Half the curvature of G's loss besides.
pub static BEND: Typed<f64> = number(Field {
    name: "bend",
    title: text("Curvature of G's loss", "G 损失的弯曲"),
    about: text(
        "Adds so many times θ² to G's loss: above 0 it is a quadratic game, which holds G at the data by itself.",
        "给 G 的损失加上这么多倍的 θ²：大于 0 时成为二次博弈，它自己就把 G 留在数据处。",
    ),
    group: Group::Game,
    kind: Kind::Number { min: -1.0, max: 10.0, scale: Scale::Factors },
    default: "0",
    only: &[],
    effect: Effect::Live,
});

/// Where θ begins.
pub static THETA: Typed<f64> = number(start(
    "theta",
    text("θ at first", "θ 的起点"),
    text("Where G puts its sample at first.", "G 的样本最初在哪里。"),
));
/// Where ψ begins.
pub static PSI: Typed<f64> =
    number(start("psi", text("ψ at first", "ψ 的起点"), text("D's slope at first.", "D 最初的斜率。")));

const fn start(name: &'static str, title: Text, about: Text) -> Field {
    Field {
        name,
        title,
        about,
        group: Group::Game,
        kind: Kind::Number { min: -10.0, max: 10.0, scale: Scale::Factors },
        default: "1",
        only: &[],
        effect: Effect::Anew,
    }
}

/// The family `toy`.
pub static FAMILY: Family = Family {
    form: Form {
        name: "toy",
        title: text("Toy game", "玩具博弈"),
        fields: &[
            &[&OBJECTIVE.field, &SQUARE_FAKE.field, &SQUARE_REAL.field, &SQUARE_G.field],
            &[&SMOOTH.field, &SMOOTH_FAKE.field, &PENALTY.field, &LAMBDA.field, &TARGET.field, &SIDES.field],
            &[&GAMMA.field, &CLIP.field, &ORDER.field, &RATE.field, &CONSENSUS.field, &BEND.field],
            &[&THETA.field, &PSI.field],
        ],
        fits,
        titled: &[&OBJECTIVE.field],
    },
    about: text(
        "A GAN with two weights: G puts its one sample at θ, D is a line of slope ψ, and all data are at 0. Whether it comes to rest there is seen in its course.",
        "只有两个权重的 GAN：G 把唯一的样本放在 θ，D 是斜率为 ψ 的直线，所有数据都在 0。它会不会停在那里，看它的轨迹便知。",
    ),
    paper: "Mescheder, Geiger and Nowozin, Which Training Methods for GANs do actually Converge?, arXiv 1801.04406",
    year: 2018,
    parent: Some("gan"),
    moves: &[
        Turn {
            name: "g",
            short: "G",
            only: text("Move only θ", "只移动 θ"),
            about: text("G moves its sample θ", "G 移动样本 θ"),
            times: None,
        },
        Turn {
            name: "d",
            short: "D",
            only: text("Move only ψ", "只移动 ψ"),
            about: text("D turns its line, of slope ψ", "D 转动斜率为 ψ 的直线"),
            times: None,
        },
    ],
    networks: |_| vec![drawn("g", name("G")), drawn("d", name("D"))],
    // Nothing is sampled to be looked at, and whoever watches it watches slowly.
    work: |_| Work { flops: 100.0, bytes: 1e5, product: 0, step: 2e-6, look: 5e-6 },
    build: |e, _| Box::new(Toy::new(e)),
};

/// A player of one number.
pub(super) fn drawn(player: &'static str, title: Text) -> Drawn {
    let stage = |layer| Stage { layer, height: 1, width: 1, channels: 1 };
    Drawn { player, title, stages: vec![stage("input"), stage("dense")] }
}

const DEFAULTS: [Defaults; 1] =
    [Defaults { since: 1, fields: &[("objective", "minimax"), ("r1", "0.3"), ("gp", "0.35"), ("clip", "1")] }];

fn fits(data: &'static Dataset) -> Result<Vec<&'static Defaults>, Message> {
    if *data == crate::data::point::DATASET { Ok(DEFAULTS.iter().collect()) } else { Err(Message::PointOnly) }
}

/// The game of an experiment of this family.
pub fn dynamics(e: &Experiment) -> Dynamics {
    let norm = Norm { lambda: e.get(&LAMBDA), target: e.get(&TARGET), one_sided: e.get(&SIDES) == Sides::One };
    let hold = match e.get(&PENALTY) {
        Penalty::None => Hold::Free,
        Penalty::Gradient | Penalty::Dragan => Hold::Norm(norm),
        Penalty::Real | Penalty::Generated => Hold::Square(e.get(&GAMMA)),
        Penalty::Both => Hold::Square(2.0 * e.get(&GAMMA)),
        Penalty::Clip => Hold::Clip(e.get(&CLIP)),
    };
    Dynamics {
        stakes: adversarial::stakes(e),
        hold,
        consensus: e.get(&CONSENSUS),
        bend: e.get(&BEND),
        rate: e.get(&RATE),
        order: e.get(&ORDER),
    }
}

struct Toy {
    data: &'static dyn PointSet,
    game: Dynamics,
    at: State,
    /// Where D goes in its turn, where both have decided at once.
    promised: Option<f64>,
    /// The direction of the last step of both.
    before: Option<State>,
    /// Where it has been lately, the newest last.
    path: Vec<State>,
}

/// How much of its course is shown.
const PATH: usize = 400;
/// Half the side of what is shown, and lines along it.
const HALF: f64 = 2.0;
const GRID: usize = 21;

const LOSS: &str = "Of G's one sample and the data at 0. The dashed line is the loss where D can only guess.";

const LINES: Text = text(
    "where both are drawn; across θ, G's sample, upwards ψ, D's slope",
    "双方被拉往何处；横轴 θ 是 G 的样本，纵轴 ψ 是 D 的斜率",
);
const COURSE: Text = text("its course, the last four hundred steps", "最近四百步的轨迹");
const SPECTRUM: Text = text(
    "eigenvalues of one step at the equilibrium: within the circle the game comes to rest there",
    "一步在均衡点处的特征值：都在圆内，博弈便会停在那里",
);
const SPEED: Text = text("how fast", "有多快");

impl Toy {
    fn new(e: &Experiment) -> Self {
        let Source::Points(data) = e.data.source else { unreachable!("it fits a point") };
        let at = [e.get(&THETA), e.get(&PSI)];
        Self { data, game: dynamics(e), at, promised: None, before: None, path: vec![at] }
    }

    fn radius(&self) -> f64 {
        self.at[0].hypot(self.at[1])
    }

    /// The directions at places of a grid, which are given with them.
    fn flow(&self) -> Vec<[State; 2]> {
        let cell = 2.0 * HALF / GRID as f64;
        let centre = |i: usize| (i as f64 + 0.5) * cell - HALF;
        let places = (0..GRID * GRID).map(|i| [centre(i % GRID), centre(i / GRID)]);
        places.map(|at| [at, self.game.direction(at)]).collect()
    }

    fn panel(&self, name: &'static str, title: Text, body: Body) -> Panel {
        Panel { name, title, place: Place::Stage, body }
    }
}

impl Program for Toy {
    fn moves(&self) -> Vec<Move> {
        ["g", "d"].map(|name| Move { name, wants: Vec::new() }).to_vec()
    }

    fn play(&mut self, which: usize, _: &Batch) -> Losses {
        let [d, g] = self.game.losses(self.at);
        let is_of_g = which == 0;
        if self.game.order == Order::Alternating {
            self.at = self.game.half(self.at, is_of_g);
        } else if let (Some(psi), false) = (self.promised.take(), is_of_g) {
            self.at[1] = psi;
        } else {
            // Both decide from here, and D goes there in its own turn.
            let v = self.game.direction(self.at);
            let [theta, psi] = self.game.step(self.at, self.before.replace(v));
            if is_of_g {
                self.at[0] = theta;
                self.promised = Some(psi);
            } else {
                self.at[1] = psi;
            }
        }
        if !is_of_g {
            self.path.push(self.at);
            let spare = self.path.len().saturating_sub(PATH);
            self.path.drain(..spare);
        }
        vec![if is_of_g { (1, Worth::Here(g as f32)) } else { (0, Worth::Here(d as f32)) }]
    }

    fn on_host(&self) -> bool {
        true
    }

    fn losses(&self) -> Vec<Loss> {
        let [d, g] = self.game.stakes.equilibrium;
        vec![
            Loss { name: "D", metric: ("loss_d", "loss of D"), role: "discriminator", about: LOSS, equilibrium: d },
            Loss { name: "G", metric: ("loss_g", "loss of G"), role: "generator", about: LOSS, equilibrium: g },
        ]
    }

    fn visit(&mut self, visit: &mut dyn Visit) {
        let mut all = [
            ("at", self.at.to_vec()),
            ("promised", self.promised.into_iter().collect()),
            ("before", self.before.into_iter().flatten().collect()),
            ("path", self.path.iter().flatten().copied().collect()),
        ];
        all.iter_mut().for_each(|(name, numbers)| visit.numbers(name, numbers));
        let [(_, at), (_, promised), (_, before), (_, path)] = &all;
        let pair = |of: &[f64]| <State>::try_from(of).ok();
        self.at = pair(at).unwrap_or([f64::NAN; 2]);
        self.promised = promised.first().copied();
        self.before = pair(before);
        self.path = path.as_chunks().0.to_vec();
    }

    fn is_sound(&mut self, _: u64) -> bool {
        let numbers = self.path.iter().chain([&self.at]).chain(&self.before).flatten().chain(&self.promised);
        numbers.into_iter().all(|x| x.is_finite()) && self.path.len() <= PATH
    }

    fn tune(&mut self, now: &Experiment) {
        self.game = dynamics(now);
    }

    fn schedule(&mut self, _: &Experiment, _: Left) {}

    fn sizes(&self) -> Vec<(&'static str, usize)> {
        vec![("g", 1), ("d", 1)]
    }

    fn show<'a>(&'a self, _: &'a Eye) -> Ask<'a, Vec<Panel>> {
        let extent = [-HALF, -HALF, HALF, HALF];
        let points = |role, [x, y]: State| {
            let data = vec![x as f32, y as f32];
            Body::Points { role, data, labels: Vec::new(), names: Vec::new(), extent }
        };
        let flow = self.flow();
        let speeds: Vec<f32> = flow.iter().map(|[_, [u, v]]| u.hypot(*v) as f32).collect();
        // Of one length, whatever the speed.
        let lines = flow.iter().flat_map(|[[x, y], [u, v]]| {
            let by = 1.4 * HALF / GRID as f64 / u.hypot(*v).max(1e-9);
            [*x, *y, x + by * u, y + by * v].map(|x| x as f32)
        });
        let most = f64::from(speeds.iter().copied().fold(1e-6, f32::max));
        let scale = FieldScale { symbol: "‖v‖", range: [0.0, most], level: None };
        let speed = Body::Field { rows: GRID, columns: GRID, data: speeds, extent, scale };
        let course = self.path.windows(2).flat_map(|pair| pair.concat()).map(|x| x as f32);
        let spectrum = self.game.of_a_step().map(|values| {
            let body = Body::Spectrum { values: values.map(|of| of.map(|x| x as f32)).to_vec() };
            Panel { name: "spectrum", title: SPECTRUM, place: Place::Side, body }
        });
        let panels = [
            self.panel("real", text("the equilibrium", "均衡点"), points(Role::Real, [0.0; 2])),
            self.panel("generated", text("where the game stands", "博弈现在的位置"), points(Role::Generated, self.at)),
            self.panel("lines", LINES, Body::Vectors { data: lines.collect(), directed: true, extent }),
            self.panel("course", COURSE, Body::Vectors { data: course.collect(), directed: true, extent }),
            self.panel("field", SPEED, speed),
        ];
        Ask::known(panels.into_iter().chain(spectrum).collect())
    }

    fn judge<'a>(&'a self, _: &'a Eye) -> Ask<'a, Report> {
        let metric = |name, title, value: f64, ideal, better, about| Metric {
            name,
            title,
            value,
            unit: "",
            of: None,
            ideal,
            spread: None,
            better,
            about,
        };
        let mut metrics = vec![metric(
            "radius",
            "Distance from the equilibrium",
            self.radius(),
            Some(0.0),
            Better::Lower,
            "√(θ² + ψ²). It falls to 0 where training converges, stays where it circles, and grows where it diverges.",
        )];
        if let Some([one, _]) = self.game.eigenvalues() {
            metrics.extend([
                metric(
                    "re",
                    "Eigenvalue, real part",
                    one[0],
                    None,
                    Better::Lower,
                    "Of the gradients' Jacobian at the equilibrium, the larger of two. Below 0 the flow comes in, at 0 it circles (Mescheder et al. 2018, section 3).",
                ),
                metric(
                    "im",
                    "Eigenvalue, imaginary part",
                    one[1],
                    None,
                    Better::Near,
                    "How fast the flow turns around the equilibrium. The more it turns for how much it comes in, the smaller the step must be.",
                ),
            ]);
        }
        if let Some(factor) = self.game.factor() {
            metrics.push(metric("factor", "Change of distance a step", factor, None, Better::Lower, "The largest modulus of an eigenvalue of one step near the equilibrium: below 1 it converges there, above 1 it is driven off."));
        }
        let signs = Signs {
            turns: [true; 2],
            offset: Some(self.radius()),
            distance: Some(self.radius() / NEAR),
            ..Signs::default()
        };
        Ask::known(Report { metrics, panels: Vec::new(), signs, kinds: Vec::new() })
    }

    fn sample(&self, count: usize, _: &mut Rng) -> Ask<'_, Vec<f32>> {
        // Its one sample lies at θ on a line.
        let sample = self.data.scale().to_network([self.at[0], 0.0]).map(|x| x as f32);
        Ask::known(sample.repeat(count))
    }

    fn probe(&self, point: [f32; 2]) -> Ask<'_, f32> {
        let [u, v] = self.game.direction(self.data.scale().to_data(point.map(f64::from)));
        Ask::known(u.hypot(v) as f32)
    }
}

/// A run that is this near has come to rest, in a quarter.
const NEAR: f64 = 0.01;
