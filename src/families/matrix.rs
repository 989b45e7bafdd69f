//! Matrix games: von Neumann 1928, “Zur Theorie der Gesellschaftsspiele”. Two players with a few picks each, and what one pays the other
//! for each pair: the game that every GAN is a large one of, and the only one here whose solution is known beforehand.

use super::toy::{ORDER, RATE, drawn};
use super::{Family, Turn};
use crate::data::{Dataset, PointSet, Source};
use crate::experiment::{Choice, Defaults, Effect, Experiment, Field, Form, Group, Kind, SEED, Typed, choice, named};

use crate::look::ask::Ask;
use crate::look::eye::{Eye, Report};
use crate::look::health::Signs;
use crate::look::metrics::{Better, Metric};
use crate::look::panel::{Body, FieldScale, Lines, Panel, Place, Role};
use crate::message::Message;
use crate::rng::Rng;
use crate::text::{Text, name, text};
use crate::train::dynamics::Order;
use crate::train::payoff::{Learning, Mixed, Payoff};
use crate::train::program::{Left, Loss, Losses, Move, Program, Worth};
use crate::train::supply::Batch;
use crate::train::visit::Visit;
use crate::train::work::Work;

/// A game by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Game {
    /// Both show a side of a coin.
    Pennies,
    /// The same for other stakes.
    Uneven,
    /// Rock, paper, scissors.
    Rock,
    /// The same for other prizes.
    Prizes,
    /// One pick is the best of each player's.
    Saddle,
}

impl Game {
    const CHOICES: [Choice; 5] = [
        Choice {
            value: "pennies",
            title: text("matching pennies", "猜硬币"),
            about: text(
                "each shows a side of a coin; G pays 1 if they are the same, and else D does",
                "双方各出硬币的一面：相同则 G 付 1，不同则 D 付 1",
            ),
        },
        Choice {
            value: "uneven",
            title: text("uneven pennies", "不等额猜硬币"),
            about: text(
                "G pays 3 for two heads and 1 for two tails, and D pays 1 or 2 otherwise: whose game is it?",
                "两个正面 G 付 3，两个反面 G 付 1，其余 D 付 1 或 2：谁占便宜？",
            ),
        },
        Choice {
            value: "rock",
            title: text("rock, paper, scissors", "石头剪刀布"),
            about: text("who loses pays 1", "输者付 1"),
        },
        Choice {
            value: "prizes",
            title: text("rock, paper, scissors for 1, 2, 3", "石头剪刀布，赌注 1、2、3"),
            about: text(
                "paper wins 1, rock wins 2, scissors win 3: none plays them alike",
                "布赢得 1，石头赢得 2，剪刀赢得 3：三者不再均等",
            ),
        },
        Choice {
            value: "saddle",
            title: text("a saddle", "鞍点"),
            about: text(
                "one pick is best whatever the other does, so that nobody needs to mix",
                "双方都有一种无论对方怎样都最好的选择，因此谁也不必混合",
            ),
        },
    ];

    fn payoff(self) -> Payoff {
        match self {
            Self::Pennies => Payoff::new([[1.0, -1.0], [-1.0, 1.0]]),
            Self::Uneven => Payoff::new([[3.0, -1.0], [-2.0, 1.0]]),
            Self::Rock => Payoff::new([[0.0, 1.0, -1.0], [-1.0, 0.0, 1.0], [1.0, -1.0, 0.0]]),
            Self::Prizes => Payoff::new([[0.0, 1.0, -2.0], [-1.0, 0.0, 3.0], [2.0, -3.0, 0.0]]),
            Self::Saddle => Payoff::new([[2.0, 1.0], [3.0, 4.0]]),
        }
    }

    /// What the picks are called.
    fn picks(self) -> &'static [Text] {
        match self {
            Self::Pennies | Self::Uneven => &SIDES,
            Self::Rock | Self::Prizes => &HANDS,
            Self::Saddle => &LETTERS,
        }
    }
}

const SIDES: [Text; 2] = [text("heads", "正面"), text("tails", "反面")];
const HANDS: [Text; 3] = [text("rock", "石头"), text("paper", "布"), text("scissors", "剪刀")];
const LETTERS: [Text; 2] = [name("a"), name("b")];
const PLAYERS: [Text; 2] = [name("G"), name("D")];

named!(Game: Pennies, Uneven, Rock, Prizes, Saddle);

/// Which game is played.
static GAME: Typed<Game> = choice(Field {
    name: "game",
    title: text("Game", "博弈"),
    about: text("What G pays D for each pair of picks.", "每一对选择，G 付给 D 多少。"),
    group: Group::Game,
    kind: Kind::Choice(|| Game::CHOICES.to_vec()),
    default: "pennies",
    only: &[],
    effect: Effect::Anew,
});

impl Learning {
    const CHOICES: [Choice; 3] = [
        Choice {
            value: "fictitious",
            title: text("fictitious play", "虚拟博弈"),
            about: text(
                "picks what is best against all that the other has played so far (Brown 1951)",
                "针对对方迄今的全部选择，出最好的那一手（Brown，1951）",
            ),
        },
        Choice {
            value: "hedge",
            title: text("multiplied weights", "乘性权重"),
            about: text(
                "multiplies each probability by the exponential of its gain (Freund and Schapire 1999)",
                "把每个概率乘以其收益的指数（Freund 和 Schapire，1999）",
            ),
        },
        Choice {
            value: "gradient",
            title: text("gradient", "梯度"),
            about: text(
                "adds its gains to its probabilities, as a GAN's players do (Zinkevich 2003)",
                "把收益加到概率上，正如 GAN 的双方所为（Zinkevich，2003）",
            ),
        },
    ];
}

named!(Learning: Fictitious, Hedge, Gradient);

/// How both learn.
static LEARNING: Typed<Learning> = choice(Field {
    name: "learning",
    title: text("How they learn", "学习方式"),
    about: text(
        "How a player goes on from what each pick would have gained.",
        "根据每种选择本可获得的收益，怎样调整。",
    ),
    group: Group::Game,
    kind: Kind::Choice(|| Learning::CHOICES.to_vec()),
    default: "gradient",
    only: &[],
    effect: Effect::Live,
});

/// The family `matrix`.
pub static FAMILY: Family = Family {
    form: Form {
        name: "matrix",
        title: text("Matrix game", "矩阵博弈"),
        fields: &[&[&GAME.field, &LEARNING.field, &ORDER.field, &RATE.field]],
        fits,
        titled: &[&GAME.field, &LEARNING.field],
    },
    about: text(
        "Two players with two or three picks each. With mixed strategies the least that G must pay is the most that D can be sure of (von Neumann 1928); whether learning leads there is another question.",
        "双方各有两三种选择。允许混合策略时，G 至少要付的恰是 D 能确保得到的（冯·诺伊曼，1928）；而学习能否走到那里，是另一个问题。",
    ),
    paper: "von Neumann, Zur Theorie der Gesellschaftsspiele, Mathematische Annalen 100, 1928",
    year: 1928,
    parent: None,
    moves: &[
        Turn {
            name: "g",
            short: "G",
            only: text("Change only G's strategy", "只改变 G 的策略"),
            about: text("G changes how often it picks what", "G 调整各选择的概率"),
            times: None,
        },
        Turn {
            name: "d",
            short: "D",
            only: text("Change only D's strategy", "只改变 D 的策略"),
            about: text("D changes how often it picks what", "D 调整各选择的概率"),
            times: None,
        },
    ],
    networks: |_| vec![drawn("g", name("G")), drawn("d", name("D"))],
    work: |_| Work { flops: 200.0, bytes: 1e5, product: 0, step: 2e-6, look: 5e-6 },
    build: |e, _| Box::new(Play::new(e)),
};

const DEFAULTS: [Defaults; 1] = [Defaults { since: 1, fields: &[("h", "0.05")] }];

fn fits(data: &'static Dataset) -> Result<Vec<&'static Defaults>, Message> {
    if *data == crate::data::point::DATASET { Ok(DEFAULTS.iter().collect()) } else { Err(Message::PointOnly) }
}

/// How much of its course is shown.
const PATH: usize = 400;
/// Lines along a side of the picture of two picks.
const GRID: usize = 21;
/// Cells of its colours, an even number: the value's line then runs between them.
const CELLS: usize = 24;
/// From the left corner of G's triangle to that of D's.
const APART: f64 = 1.15;

struct Play {
    data: &'static dyn PointSet,
    game: Game,
    payoff: Payoff,
    value: f64,
    solution: Mixed,
    learning: Learning,
    order: Order,
    rate: f64,
    at: Mixed,
    /// What D goes to in its turn, where both have decided at once.
    promised: Option<Vec<f64>>,
    /// The gains of the step before, where steps remember them.
    before: Option<Mixed>,
    /// The sum of all that each has played, with where it began.
    sums: Mixed,
    /// Where both have been lately, as numbers of both one after the other, the newest last.
    path: Vec<Vec<f64>>,
}

/// The mean of what was played.
fn mean(sums: &Mixed) -> Mixed {
    sums.each_ref().map(|sum| {
        let all: f64 = sum.iter().sum();
        sum.iter().map(|x| x / all).collect()
    })
}

impl Play {
    fn new(e: &Experiment) -> Self {
        let Source::Points(data) = e.data.source else { unreachable!("it fits a point") };
        let (game, mut rng) = (e.get(&GAME), Rng::stream(e.get(&SEED), "strategies"));
        let payoff = game.payoff();
        let (value, solution) = payoff.solve();
        let at = payoff.size().map(|picks| {
            let numbers: Vec<f64> = (0..picks).map(|_| 0.05 + rng.uniform()).collect();
            let all: f64 = numbers.iter().sum();
            numbers.into_iter().map(|x| x / all).collect()
        });
        let mut play = Self {
            data,
            game,
            payoff,
            value,
            solution,
            learning: e.get(&LEARNING),
            order: e.get(&ORDER),
            rate: e.get(&RATE),
            at: at.clone(),
            promised: None,
            before: None,
            sums: at,
            path: Vec::new(),
        };
        play.path.push(play.at.concat());
        play
    }

    /// What a player goes to from where it stands, after gains.
    fn moved(&self, player: usize, gains: &Mixed) -> Vec<f64> {
        self.learning.moved(&self.at[player], &gains[player], self.rate)
    }

    /// The gains that a player learns from.
    fn gains(&self) -> Mixed {
        match self.learning {
            Learning::Fictitious => self.payoff.gains(&mean(&self.sums)),
            Learning::Hedge | Learning::Gradient => self.payoff.gains(&self.at),
        }
    }

    /// Where both go at once.
    fn both(&mut self) -> Mixed {
        let gains = self.gains();
        let by = match self.order {
            Order::Extragradient => {
                let ahead = [0, 1].map(|player| self.moved(player, &gains));
                match self.learning {
                    // It has no place to look from.
                    Learning::Fictitious => gains,
                    Learning::Hedge | Learning::Gradient => self.payoff.gains(&ahead),
                }
            }
            Order::Optimistic => {
                let last = self.before.replace(gains.clone()).unwrap_or_else(|| gains.clone());
                let twice = |(now, last): (&f64, &f64)| 2.0 * now - last;
                [0, 1].map(|player| gains[player].iter().zip(&last[player]).map(twice).collect())
            }
            Order::Alternating | Order::Simultaneous => gains,
        };
        [0, 1].map(|player| self.moved(player, &by))
    }

    fn put(&mut self, player: usize, to: Vec<f64>) {
        self.sums[player].iter_mut().zip(&to).for_each(|(sum, x)| *sum += x);
        self.at[player] = to;
    }

    /// Places of strategies in the picture: of two picks each how often G picks the first, and D; of three, two triangles.
    fn places(&self, of: &Mixed) -> Vec<[f64; 2]> {
        match self.payoff.size() {
            [2, 2] => vec![[of[0][0], of[1][0]]],
            _ => [0, 1].map(|player| corner(player, &of[player])).to_vec(),
        }
    }

    fn extent(&self) -> [f64; 4] {
        match self.payoff.size() {
            [2, 2] => [0.0, 0.0, 1.0, 1.0],
            _ => [-0.05, -0.75, 1.05 + APART, 0.5 + APART],
        }
    }

    fn points(&self, panel: &'static str, title: Text, role: Role, of: &Mixed) -> Panel {
        let data = self.places(of).into_iter().flatten().map(|x| x as f32).collect::<Vec<_>>();
        let body = Body::Points { role, data, labels: Vec::new(), names: Vec::new(), extent: self.extent() };
        Panel { name: panel, title, place: Place::Stage, body }
    }

    /// The course of both, each as lines.
    fn course(&self) -> Vec<f32> {
        let [picks, _] = self.payoff.size();
        let split = |both: &Vec<f64>| -> Mixed {
            let (p, q) = both.split_at(picks);
            [p.to_vec(), q.to_vec()]
        };
        let places: Vec<_> = self.path.iter().map(|both| self.places(&split(both))).collect();
        let lines = places
            .windows(2)
            .flat_map(|pair| pair[0].iter().zip(&pair[1]).flat_map(|(a, b)| [*a, *b].concat()).collect::<Vec<_>>());
        lines.map(|x| x as f32).collect()
    }

    /// In what directions both are drawn; of three picks, the triangles.
    fn lines(&self) -> Vec<f32> {
        let all: Vec<f64> = if self.payoff.size() == [2, 2] {
            let cell = 1.0 / GRID as f64;
            let centre = |i: usize| (i as f64 + 0.5) * cell;
            let line = |i: usize| {
                let [x, y] = [centre(i % GRID), centre(i / GRID)];
                let [p, q] = self.payoff.gains(&[vec![x, 1.0 - x], vec![y, 1.0 - y]]);
                let [u, v] = [p[0] - p[1], q[0] - q[1]];
                // Of one length, whatever the speed.
                let by = 0.7 * cell / u.hypot(v).max(1e-9);
                [x, y, x + by * u, y + by * v]
            };
            (0..GRID * GRID).flat_map(line).collect()
        } else {
            let side = |player: usize, i: usize| {
                let at =
                    |k: usize| corner(player, &(0..3).map(|j| f64::from(u8::from(j == k % 3))).collect::<Vec<_>>());
                [at(i), at(i + 1)].concat()
            };
            (0..2).flat_map(|player| (0..3).flat_map(move |i| side(player, i))).collect()
        };
        all.into_iter().map(|x| x as f32).collect()
    }
}

/// Three probabilities as a place in a player's triangle.
fn corner(player: usize, of: &[f64]) -> [f64; 2] {
    let x = of[1] + 0.5 * of[2];
    [x + APART * player as f64, of[2] * 0.75_f64.sqrt()]
}

const ABOUT: &str = "What D gains and G pays on average, as both play now. The dashed line is the value of the game.";

impl Program for Play {
    fn moves(&self) -> Vec<Move> {
        ["g", "d"].map(|name| Move { name, wants: Vec::new() }).to_vec()
    }

    fn play(&mut self, which: usize, _: &Batch) -> Losses {
        let paid = self.payoff.paid(&self.at);
        if self.order == Order::Alternating {
            let to = self.moved(which, &self.gains());
            self.put(which, to);
        } else if let (Some(to), 1) = (self.promised.take(), which) {
            self.put(1, to);
        } else {
            // Both decide from here, and D goes there in its own turn.
            let [p, q] = self.both();
            if which == 0 {
                self.put(0, p);
                self.promised = Some(q);
            } else {
                self.put(1, q);
            }
        }
        if which == 1 {
            self.path.push(self.at.concat());
            let spare = self.path.len().saturating_sub(PATH);
            self.path.drain(..spare);
        }
        vec![if which == 0 { (1, Worth::Here(paid as f32)) } else { (0, Worth::Here(-paid as f32)) }]
    }

    fn on_host(&self) -> bool {
        true
    }

    fn losses(&self) -> Vec<Loss> {
        let [d, g] = [Some(-self.value), Some(self.value)];
        vec![
            Loss { name: "D", metric: ("loss_d", "loss of D"), role: "discriminator", about: ABOUT, equilibrium: d },
            Loss { name: "G", metric: ("loss_g", "loss of G"), role: "generator", about: ABOUT, equilibrium: g },
        ]
    }

    fn visit(&mut self, visit: &mut dyn Visit) {
        let [rows, columns] = self.payoff.size();
        let mut all = [
            ("at", self.at.concat()),
            ("sums", self.sums.concat()),
            ("promised", self.promised.clone().unwrap_or_default()),
            ("before", self.before.iter().flat_map(|of| of.concat()).collect()),
            ("path", self.path.concat()),
        ];
        all.iter_mut().for_each(|(name, numbers)| visit.numbers(name, numbers));
        let [(_, at), (_, sums), (_, promised), (_, before), (_, path)] = all;
        // What is of another size is what no run comes to.
        let pair = |of: &[f64]| (of.len() == rows + columns).then(|| [of[..rows].to_vec(), of[rows..].to_vec()]);
        let unsound = || [vec![f64::NAN; rows], vec![f64::NAN; columns]];
        self.at = pair(&at).unwrap_or_else(unsound);
        self.sums = pair(&sums).unwrap_or_else(unsound);
        self.promised = (promised.len() == columns).then_some(promised);
        self.before = pair(&before);
        self.path = path.chunks_exact(rows + columns).map(<[f64]>::to_vec).collect();
    }

    fn is_sound(&mut self, _: u64) -> bool {
        let is_mixed = |of: &Vec<f64>| of.iter().all(|p| *p >= 0.0) && (of.iter().sum::<f64>() - 1.0).abs() < 1e-6;
        let sums = self.sums.iter().flatten().all(|x| x.is_finite() && *x >= 0.0);
        let finite = self.before.iter().flatten().flatten().chain(self.path.iter().flatten()).all(|x| x.is_finite());
        self.at.iter().chain(&self.promised).all(is_mixed) && sums && finite && self.path.len() <= PATH
    }

    fn tune(&mut self, now: &Experiment) {
        (self.learning, self.order, self.rate) = (now.get(&LEARNING), now.get(&ORDER), now.get(&RATE));
        self.before = self.before.take().filter(|_| self.order == Order::Optimistic);
    }

    fn schedule(&mut self, _: &Experiment, _: Left) {}

    fn sizes(&self) -> Vec<(&'static str, usize)> {
        let [rows, columns] = self.payoff.size();
        vec![("g", rows), ("d", columns)]
    }

    fn show<'a>(&'a self, _: &'a Eye) -> Ask<'a, Vec<Panel>> {
        let vectors = |name, title, data, directed| {
            let body = Body::Vectors { data, directed, extent: self.extent() };
            Panel { name, title, place: Place::Stage, body }
        };
        let is_square = self.payoff.size() == [2, 2];
        let drawn = if is_square {
            text(
                "where both are drawn; across how often G picks the first, upwards how often D does",
                "双方被拉往何处；横轴是 G 选第一种的概率，纵轴是 D 的",
            )
        } else {
            text(
                "each corner is a pick, and a place between them how often it is picked: G's triangle, and D's",
                "每个角是一种选择，其间的位置表示各选择的概率：左为 G，右为 D",
            )
        };
        let average = mean(&self.sums);
        let mut panels = vec![
            self.points("real", text("the equilibrium", "均衡点"), Role::Real, &self.solution),
            self.points("generated", text("how both play now", "双方现在的打法"), Role::Generated, &self.at),
            vectors("lines", drawn, self.lines(), is_square),
            vectors("course", text("its course, the last four hundred steps", "最近四百步的轨迹"), self.course(), true),
            Panel {
                name: "average",
                title: text(
                    "how often each pick was played, on average so far, in %",
                    "迄今每种选择平均打出的比例（%）",
                ),
                place: Place::Side,
                body: Body::Matrix {
                    rows: Lines { title: text("player", "玩家"), names: PLAYERS.to_vec() },
                    columns: Lines { title: text("pick", "选择"), names: self.game.picks().to_vec() },
                    data: average.concat().into_iter().map(|x| x as f32).collect(),
                },
            },
        ];
        if is_square {
            let centre = |i: usize| (i as f64 + 0.5) / CELLS as f64;
            let paid = |i: usize| {
                let [x, y] = [centre(i % CELLS), centre(i / CELLS)];
                self.payoff.paid(&[vec![x, 1.0 - x], vec![y, 1.0 - y]]) as f32
            };
            let data: Vec<f32> = (0..CELLS * CELLS).map(paid).collect();
            let (low, high) = data.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(l, h), &x| (l.min(x), h.max(x)));
            let scale = FieldScale {
                symbol: "V",
                range: [f64::from(low), f64::from(high)],
                level: Some((self.value, "value")),
            };
            let title = text("what G pays D on average", "G 平均付给 D 多少");
            let body = Body::Field { rows: CELLS, columns: CELLS, data, extent: self.extent(), scale };
            panels.push(Panel { name: "field", title, place: Place::Stage, body });
        }
        Ask::known(panels)
    }

    fn judge<'a>(&'a self, _: &'a Eye) -> Ask<'a, Report> {
        let average = mean(&self.sums);
        let metric = |name, title, value: f64, ideal, better, about| Metric {
            name,
            title,
            value,
            unit: "",
            of: None,
            ideal: Some(ideal),
            spread: None,
            better,
            about,
        };
        let gap = self.payoff.gap(&average);
        let metrics = vec![
            metric(
                "gap",
                "Duality gap of the averages",
                gap,
                0.0,
                Better::Lower,
                "How much both together could still gain against the other's average play: the least that G can then pay from the most that D can then get. It is 0 at the equilibrium alone, and falls for every way of learning without regret.",
            ),
            metric(
                "gapnow",
                "Duality gap now",
                self.payoff.gap(&self.at),
                0.0,
                Better::Lower,
                "The same of how both play now. It can go round for ever, or grow, while that of the averages falls: what a GAN shows is its last play, not its average.",
            ),
            metric(
                "paid",
                "Paid on average",
                self.payoff.paid(&average),
                self.value,
                Better::Near,
                "What G pays D where both play their averages. By the minimax theorem there is one value that G need not exceed and D need not fall short of.",
            ),
        ];
        // No data are to be matched, so that nothing is said of how near they are.
        let signs = Signs { turns: [true; 2], ..Signs::default() };
        Ask::known(Report { metrics, panels: Vec::new(), signs, kinds: Vec::new() })
    }

    fn sample(&self, _: usize, _: &mut Rng) -> Ask<'_, Vec<f32>> {
        Ask::known(Vec::new())
    }

    fn probe(&self, point: [f32; 2]) -> Ask<'_, f32> {
        let [x, y] = self.data.scale().to_data(point.map(f64::from)).map(|x| x.clamp(0.0, 1.0));
        let mixed = if self.payoff.size() == [2, 2] { [vec![x, 1.0 - x], vec![y, 1.0 - y]] } else { self.at.clone() };
        Ask::known(self.payoff.paid(&mixed) as f32)
    }
}
