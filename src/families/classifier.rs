//! A classifier: LeCun et al. 1998, “Gradient-Based Learning Applied to Document Recognition”, the class of its LeNet-5. The
//! network that other families' samples are judged by.
//!
//! It minimises the cross entropy of a softmax, and is tested on images that no training sees.

use burn::tensor::Device;

use super::{Family, Turn, drawn};
use crate::data::store::{Beside, ImageSet};
use crate::data::{Dataset, Source};
use crate::experiment::{
    BATCH, DECAY, Defaults, Effect, Experiment, Field, Form, Group, Kind, MODEL, MODEL_LEARNING, SCHEDULE, SEED, Typed,
    WIDTH, integer,
};
use crate::look::ask::Ask;
use crate::look::eye::{Eye, Report};
use crate::look::health::Signs;
use crate::look::metrics::features::likeliest;
use crate::look::metrics::{Better, Metric};
use crate::look::panel::{Body, Caption, Lines, Panel, Place};
use crate::message::Message;
use crate::nn::{Lenet, Network};
use crate::objective;
use crate::rng::Rng;
use crate::text::{Text, text};
use crate::train::optimiser::{Mean, Optimiser};
use crate::train::player::Player;
use crate::train::program::{Left, Loss, Losses, Move, Program, Want, Worth};
use crate::train::supply::Batch;
use crate::train::visit::Visit;
use crate::train::work;

/// How many features the scores are made of.
pub static FEATURES: Typed<u64> = integer(Field {
    name: "features",
    title: text("Features", "特征数"),
    about: text("The width of the fully connected layer before the scores.", "打分之前全连接层的宽度。"),
    group: Group::Game,
    kind: Kind::Integer { min: 1, max: 512 },
    default: "64",
    only: &[],
    effect: Effect::Anew,
});

/// The family `classifier`.
pub static FAMILY: Family = Family {
    form: Form {
        name: "classifier",
        title: text("Classifier", "分类器"),
        fields: &[
            &[&WIDTH.field, &FEATURES.field, &MODEL.activation.field, &BATCH.field],
            &MODEL_LEARNING,
            &[&SCHEDULE.field, &DECAY.field],
        ],
        fits,
        titled: &[],
    },
    about: text(
        "No game: a convolutional network learns to tell the classes apart, and is tested on images that it has never seen.",
        "没有博弈：卷积网络学习区分各个类别，并用从未见过的图像来测试。",
    ),
    paper: "LeCun, Bottou, Bengio and Haffner, Gradient-Based Learning Applied to Document Recognition, 1998",
    year: 1998,
    parent: None,
    moves: &[Turn {
        name: "c",
        short: "C",
        only: text("Update the network", "更新网络"),
        about: text("the network learns to name what it is shown", "网络学习说出看到的是什么"),
        times: Some("steps"),
    }],
    networks: |e| vec![drawn("c", text("classifier", "分类器"), network(e).as_ref())],
    work: |e| work::of_model(e, &[network(e)], &moves(e), 1_000),
    build: |e, device| Box::new(Classifier::new(e, device)),
};

/// Adam at a high rate that falls, eight times through all images.
const IMAGES: [Defaults; 1] = [Defaults {
    since: 1,
    fields: &[
        ("images", "60000"),
        ("batch", "64"),
        ("lr", "0.002"),
        ("b1", "0.9"),
        ("schedule", "cosine"),
        ("decay", "7500"),
    ],
}];

/// Of few images a network soon knows each by heart.
const FEW: Defaults = Defaults { since: 1, fields: &[("width", "32"), ("features", "32"), ("decay", "300")] };
/// The most classes of which there is a table.
const TABLE: usize = 25;
/// So many are few.
const SMALL: usize = 10_000;

fn fits(data: &'static Dataset) -> Result<Vec<&'static Defaults>, Message> {
    match data.source {
        Source::Images(set) if set.tests == 0 => Err(Message::Untested),
        Source::Images(set) if set.side >= Lenet::LEAST && !set.classes.is_empty() => {
            let few = (set.images() < SMALL).then_some(&FEW);
            Ok(IMAGES.iter().chain(few).collect())
        }
        _ => Err(Message::ImagesOnly),
    }
}

fn set_of(e: &Experiment) -> &'static ImageSet {
    let Source::Images(set) = e.data.source else { unreachable!("it fits images") };
    set
}

fn network(e: &Experiment) -> Box<dyn Network> {
    Box::new(lenet(e).scores())
}

/// The network of an experiment of this family.
pub fn lenet(e: &Experiment) -> Lenet {
    let set = set_of(e);
    let (width, features) = (e.get(&WIDTH) as usize, e.get(&FEATURES) as usize);
    let activation = e.get(&MODEL.activation);
    Lenet { image: set.grid(), width, features, classes: set.classes.len(), activation }
}

fn moves(e: &Experiment) -> Vec<Move> {
    let rows = e.get(&BATCH) as usize;
    let wants = vec![Want::Real { rows }, Want::Labels { rows, classes: set_of(e).classes.len() }];
    vec![Move { name: "c", wants }; e.get(&MODEL.updates) as usize]
}

struct Classifier {
    player: Player,
    set: &'static ImageSet,
    moves: Vec<Move>,
}

/// Images shown with what is said of them.
const SHOWN: usize = 36;

/// What there is to know of the loss.
const LOSS: &str = "The cross entropy of the last batch, before the update: 2.3 for who guesses among ten classes, 0 for who is always sure and right.";
const ACCURACY: &str = "The share of test images that get the highest score for what they are. No training sees them.";
const ENTROPY: &str =
    "The mean surprise at what test images are. It rises again where a network grows too sure of what it has seen.";

impl Classifier {
    fn new(e: &Experiment, device: &Device) -> Self {
        let spec = e.player(&MODEL);
        let optimiser = Optimiser::of(&spec, Mean::NONE);
        let player = Player::new(network(e), optimiser, &mut Rng::stream(e.get(&SEED), "init c"), device);
        Self { player, set: set_of(e), moves: moves(e) }
    }

    /// The metrics and the table of what was said for what.
    fn report(&self, scores: &[f32], labels: &[u8]) -> Report {
        let classes = self.set.classes.len();
        let mut counts = vec![0.0_f32; classes * classes];
        let (mut right, mut surprise) = (0, 0.0);
        for (row, &label) in scores.chunks_exact(classes).zip(labels) {
            let (said, truth) = (likeliest(row), usize::from(label));
            counts[truth * classes + said] += 1.0;
            right += usize::from(said == truth);
            let highest = f64::from(row[said]);
            let total: f64 = row.iter().map(|&s| libm::exp(f64::from(s) - highest)).sum();
            surprise += highest + libm::log(total) - f64::from(row[truth]);
        }
        let count = labels.len().max(1) as f64;
        let metric = |name, title, value: f64, unit, better, about| Metric {
            name,
            title,
            value: if value.is_finite() { value } else { f64::MAX },
            unit,
            of: None,
            ideal: None,
            spread: None,
            better,
            about,
        };
        let metrics = vec![
            metric("accuracy", "Test accuracy", 100.0 * right as f64 / count, "%", Better::Higher, ACCURACY),
            metric("test_loss", "Test loss", surprise / count, "nats", Better::Lower, ENTROPY),
        ];
        let lines = |title| Lines { title, names: self.set.classes.to_vec() };
        let body = Body::Matrix {
            rows: lines(text("it is", "实际")),
            columns: lines(text("taken for", "判为")),
            data: counts,
        };
        let title = text("what test images are taken for", "测试图像被判为什么");
        // Of very many classes nobody could read a table.
        let table = (classes <= TABLE).then_some(Panel { name: "confusion", title, place: Place::Side, body });
        let panels = table.into_iter().collect();
        Report { metrics, panels, signs: signs(), kinds: Vec::new() }
    }
}

/// A model that plays against nobody has its turns, and no other sign.
fn signs() -> Signs {
    Signs { turns: [true; 2], ..Signs::default() }
}

impl Program for Classifier {
    fn moves(&self) -> Vec<Move> {
        self.moves.clone()
    }

    fn play(&mut self, _: usize, batch: &Batch) -> Losses {
        let (images, labels) = (batch.rows(0), batch.rows(1));
        vec![(0, Worth::There(self.player.learn(images, |scores| objective::cross_entropy(scores, labels.autodiff()))))]
    }

    fn beside(&self) -> Beside {
        Beside { tests: true, judge: false }
    }

    fn losses(&self) -> Vec<Loss> {
        let metric = ("loss_c", "loss of the classifier");
        vec![Loss { name: "C", metric, role: "generator", about: LOSS, equilibrium: None }]
    }

    fn visit(&mut self, visit: &mut dyn Visit) {
        self.player.visit("c", visit);
    }

    fn is_sound(&mut self, steps: u64) -> bool {
        self.player.is_sound(steps)
    }

    fn tune(&mut self, now: &Experiment) {
        self.player.tune(network(now), &now.player(&MODEL), Mean::NONE);
        self.moves = moves(now);
    }

    fn schedule(&mut self, now: &Experiment, left: Left) {
        self.player.optimiser.set_rate(now.get(&MODEL.rate) * left.rate);
    }

    fn sizes(&self) -> Vec<(&'static str, usize)> {
        vec![("c", self.player.size())]
    }

    fn show<'a>(&'a self, eye: &'a Eye) -> Ask<'a, Vec<Panel>> {
        let Some(tested) = eye.tested() else { return Ask::known(Vec::new()) };
        let images = tested.images[0].clone().slice(0..SHOWN.min(tested.labels.len()));
        let scores = self.player.infer(images.clone());
        Ask::of([images, scores], move |[images, scores]| {
            let classes: &[Text] = self.set.classes;
            let said = scores.chunks_exact(classes.len()).map(likeliest).zip(&tested.labels);
            let captions = said
                .map(|(said, &label)| Caption { text: classes[said], right: Some(said == usize::from(label)) })
                .collect();
            let title = text("test images, and what each is taken for", "测试图像，以及网络的判断");
            vec![eye.captioned("tested", title, &images, captions)]
        })
        .and(self.player.filters(self.set.grid(), Some(tested.images[0].clone().slice(0..1))))
        .map(|(panels, filters)| panels.into_iter().chain(filters).collect())
    }

    fn judge<'a>(&'a self, eye: &'a Eye) -> Ask<'a, Report> {
        let Some(tested) = eye.tested() else {
            return Ask::known(Report { metrics: Vec::new(), panels: Vec::new(), signs: signs(), kinds: Vec::new() });
        };
        let scores = tested.images.iter().map(|images| self.player.infer(images.clone())).collect();
        Ask::all(scores, move |scores: Vec<Vec<f32>>| self.report(&scores.concat(), &tested.labels))
    }

    fn sample(&self, _: usize, _: &mut Rng) -> Ask<'_, Vec<f32>> {
        Ask::known(Vec::new())
    }

    fn probe(&self, _: [f32; 2]) -> Ask<'_, f32> {
        Ask::known(0.0)
    }
}
