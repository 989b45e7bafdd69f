//! The classifier that images are judged by: what it makes of them, and what real ones would score.
//!
//! Its file comes beside the images. It holds the weights of a network of the family `classifier`, the moments of its features
//! of the images that no training sees, and what as many real training images score: the floor of each figure.

use std::collections::{BTreeMap, HashMap};

use burn::tensor::{Device, Tensor};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::{Deserialize, Serialize};

use super::ask::Ask;
use super::metrics::features::{self, Moments, Overlap, Taken};
use super::metrics::{Better, Ideal, Metric};
use crate::kernel::{Activation, Grid};
use crate::nn::{Lenet, Net, Network, matrix};

/// The entry of the file's metadata.
const ENTRY: &str = "gan-playground";

/// What the file says of itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Facts {
    /// The link of the run that made the weights.
    link: String,
    side: usize,
    /// Where nothing is said, images are grey.
    #[serde(default = "grey", skip_serializing_if = "is_grey")]
    channels: usize,
    width: usize,
    features: usize,
    classes: usize,
    /// For each number of images, the mean and the standard deviation of each figure of real ones.
    ideals: BTreeMap<usize, BTreeMap<String, [f64; 2]>>,
}

fn grey() -> usize {
    1
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_grey(channels: &usize) -> bool {
    *channels == grey()
}

/// What samples were asked to be, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Nothing.
    Nothing,
    /// Of so many classes.
    Classes(usize),
    /// Of so many codes that nobody has given a meaning.
    Codes(usize),
}

impl Asked {
    /// How many there are.
    pub fn classes(self) -> usize {
        match self {
            Self::Nothing => 0,
            Self::Classes(n) | Self::Codes(n) => n,
        }
    }
}

/// A classifier that has learned.
pub struct Judge {
    facts: Facts,
    net: Net,
    weights: Tensor<1>,
    /// Of the scores: features × classes, and a bias for each class.
    head: Vec<f32>,
    reference: Moments,
}

/// A figure: its name, its title, its unit, which way is better, and what it is.
type Figure = (&'static str, &'static str, &'static str, Better, &'static str);

/// The figures, in the order in which they are shown.
const FIGURES: [Figure; 11] = [
    MET,
    ("fd", "Fréchet distance", "", Better::Lower, FRECHET),
    ("sure", "Recognised", "%", Better::Near, SURE),
    ("entropy", "Entropy of classes", "nats", Better::Near, ENTROPY),
    ("score", "Classifier score", "", Better::Near, SCORE),
    ("kd", "Kernel distance", "", Better::Lower, KERNEL),
    ("precision", "Precision", "%", Better::Near, PRECISION),
    ("recall", "Recall", "%", Better::Near, RECALL),
    ("density", "Density", "", Better::Near, DENSITY),
    ("coverage", "Coverage", "%", Better::Near, COVERAGE),
    NEWNESS,
];

/// That of samples of which a class is asked for.
const AGREEMENT: Figure = (
    "agreement",
    "Label agreement",
    "%",
    Better::Higher,
    "The share of samples that the classifier takes for the class that was asked for.",
);

/// That of samples where images of some classes alone are learned.
const OF_CHOSEN: Figure = (
    "chosen",
    "Of the chosen classes",
    "%",
    Better::Higher,
    "The share of samples that the classifier takes for one of the classes that are learned. It knows all classes, and takes every picture for one of them.",
);

/// Those of samples of codes.
const CODES: [Figure; 2] = [
    (
        "code",
        "Code accuracy",
        "%",
        Better::Higher,
        "The share of samples that the classifier takes for what most samples of their code are taken for.",
    ),
    (
        "named",
        "Classes with a code",
        "",
        Better::Higher,
        "How many classes are what most samples of some code are taken for. Where two codes are one class, another has none: begin again with another seed.",
    ),
];

const FRECHET: &str = "How far the features of the samples are from those of real images, both taken for Gaussians (Heusel et al. 2017). The features are those of a small classifier of this project, so this is not the published FID, which is Inception's. Few samples raise it, the ideal too.";
const SURE: &str = "The share of samples that the classifier gives more than nine tenths to one class. A generator that paints one perfect picture again and again scores 100: to be read with the entropy.";
const ENTROPY: &str = "How evenly samples are spread over what the classifier takes them for: the logarithm of their number for classes alike, 2.303 for ten; 0 for one alone.";
const SCORE: &str = "exp of the mean divergence of what is said of one sample from what is said of all (Salimans et al. 2016, with this classifier): at most the number of classes.";
const KERNEL: &str = "The squared maximum mean discrepancy of features under a cubic kernel (Bińkowski et al. 2018), in their own spread: near 0 for real images, however few.";
const PRECISION: &str = "The share of samples whose features lie within reach of a real image's: nearer than its fifth neighbour (Kynkäänniemi et al. 2019).";
const RECALL: &str = "The share of real images whose features lie within reach of a sample's.";
const DENSITY: &str = "How many real images reach a sample, in fifths (Naeem et al. 2020). Above the ideal where samples crowd where images are dense.";
const COVERAGE: &str = "The share of real images that reach a sample (Naeem et al. 2020): what of the data is covered.";

/// That of very many classes, which are the modes of such data.
const MET: Figure = (
    "met",
    "Kinds met",
    "",
    Better::Higher,
    "How many classes the classifier takes some sample for. Real images meet as many as their number lets them: of 256, seven of a hundred kinds are missed by chance; a final word has 10,000. How evenly they are met says the entropy: log 100 is 4.605.",
);
/// From so many classes on.
const MANY: usize = 26;

const NEWNESS: Figure = (
    "newness",
    "Newness",
    "",
    Better::Near,
    "How far a sample's features are from those of the nearest training image that is looked at, in what that image is from the next one; the median. Copies score 0. The ideal is what one half of these images scores beside the other.",
);

/// Images that go through the network at once.
const AT_ONCE: usize = 250;
/// The most rows that are compared one by one.
const COMPARED: usize = 1_000;

impl Judge {
    /// From its file.
    ///
    /// # Errors
    /// If the file is not one of these.
    pub fn read(bytes: &[u8], device: &Device) -> Result<Self, String> {
        let wrong = |what: &str| format!("the classifier's file is damaged: {what}");
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(|e| wrong(&e.to_string()))?;
        let entry = metadata
            .metadata()
            .as_ref()
            .and_then(|entries| entries.get(ENTRY))
            .ok_or_else(|| wrong("it says nothing of itself"))?;
        let facts: Facts = serde_json::from_str(entry).map_err(|e| wrong(&e.to_string()))?;
        let file = SafeTensors::deserialize(bytes).map_err(|e| wrong(&e.to_string()))?;
        let data = |name: &str| file.tensor(name).map(|t| t.data().to_vec()).map_err(|e| wrong(&e.to_string()));
        let doubles = |name: &str| -> Result<Vec<f64>, String> {
            Ok(data(name)?.as_chunks().0.iter().map(|b| f64::from_le_bytes(*b)).collect())
        };
        let weights: Vec<f32> = data("weights")?.as_chunks().0.iter().map(|b| f32::from_le_bytes(*b)).collect();
        let reference =
            Moments::from_numbers(&doubles("mean")?, &doubles("covariance")?).ok_or_else(|| wrong("its moments"))?;
        Self::of(facts, &weights, reference, device).ok_or_else(|| wrong("its numbers do not fit its network"))
    }

    fn of(facts: Facts, weights: &[f32], reference: Moments, device: &Device) -> Option<Self> {
        let net = facts.lenet();
        let (all, body) = (net.scores().layout().len(), net.seen());
        let (first, head) = weights.split_at_checked(body.layout().len())?;
        let fits = weights.len() == all && reference.numbers().0.len() == facts.features;
        let weights = crate::device::flat(first.to_vec(), device);
        fits.then(|| Self { net: body, weights, head: head.to_vec(), reference, facts })
    }

    /// The features that it makes of images in network units, `[rows, features]`.
    pub fn features(&self, images: Tensor<2>) -> Tensor<2> {
        self.net.forward(&self.net.layout().constants(&self.weights), images)
    }

    /// The same of any number of images, one after the other.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn read_features(&self, images: &[f32]) -> Result<Vec<f32>, String> {
        let (values, device) = (self.facts.side.pow(2) * self.facts.channels, self.weights.device());
        let mut features = Vec::new();
        for some in images.chunks(AT_ONCE * values) {
            let found = self.features(matrix(some.to_vec(), values, &device));
            features.extend(Ask::of([found], |[found]| found).answer().await?);
        }
        Ok(features)
    }

    /// What it takes rows of features for.
    pub fn classes(&self, features: &[f32]) -> Vec<usize> {
        self.scores(features).chunks_exact(self.facts.classes).map(features::likeliest).collect()
    }

    /// What it takes rows of features for, and how sure it is.
    pub fn says(&self, features: &[f32]) -> Vec<(usize, f64)> {
        let scores = self.scores(features);
        scores
            .chunks_exact(self.facts.classes)
            .map(|row| {
                let class = features::likeliest(row);
                (class, features::softmax(row)[class])
            })
            .collect()
    }

    /// A score for each class from rows of features.
    fn scores(&self, features: &[f32]) -> Vec<f32> {
        let Facts { features: width, classes, .. } = self.facts;
        let (matrix, bias) = self.head.split_at(width * classes);
        let mut scores = Vec::with_capacity(features.len() / width * classes);
        for row in features.chunks_exact(width) {
            let mut sums: Vec<f64> = bias.iter().map(|&b| f64::from(b)).collect();
            for (feature, weights) in row.iter().zip(matrix.chunks_exact(classes)) {
                let active = f64::from(feature.max(0.0));
                sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += active * f64::from(*weight));
            }
            scores.extend(sums.into_iter().map(|sum| sum as f32));
        }
        scores
    }

    /// The figures of rows of features, each with what as many real images score, where that is known; `real`: features of real
    /// images. Rows that are not finite are left out, and of fewer than twenty nothing is said. Where images of some `classes` alone
    /// are learned, nothing is compared with those of all.
    pub fn figures(&self, made: &[f32], real: &[f32], asked: Asked, chosen: &[usize]) -> Vec<Metric> {
        let rows = made.len() / self.facts.features;
        let ideals = self.facts.ideals.get(&rows).filter(|_| chosen.is_empty());
        let mut values = self.values(made, real);
        if !chosen.is_empty() {
            values.remove("fd");
        }
        let metric = |(name, title, unit, better, about): &Figure| {
            let ideal = ideals
                .and_then(|ideals| ideals.get(*name))
                .map(|[mean, spread]| Ideal { mean: *mean, spread: *spread });
            let metric = Metric {
                name,
                title,
                value: *values.get(name)?,
                unit,
                of: (*name == MET.0).then_some(self.facts.classes as f64),
                ideal: None,
                spread: None,
                better: *better,
                about,
            };
            let metric = metric.with_ideal(ideal);
            // Of these images alone, and no deviation is known of it.
            let own = values.get("newness ideal").copied().filter(|_| *name == NEWNESS.0);
            let metric = Metric { ideal: metric.ideal.or(own), ..metric };
            metric.value.is_finite().then_some(metric)
        };
        let whole = |(name, title, unit, better, about): Figure, value, of| Metric {
            name,
            title,
            value,
            unit,
            of,
            ideal: None,
            spread: None,
            better,
            about,
        };
        let count = (made.len() / self.facts.features).max(1) as f64;
        let (mut agreement, mut codes) = (None, Vec::new());
        let of_chosen = (!chosen.is_empty()).then(|| {
            let right = self.classes(made).into_iter().filter(|class| chosen.contains(class)).count();
            whole(OF_CHOSEN, 100.0 * right as f64 / count, None)
        });
        match asked {
            Asked::Nothing => {}
            Asked::Classes(classes) => {
                let right =
                    self.classes(made).into_iter().enumerate().filter(|&(i, class)| class == i % classes).count();
                agreement = Some(whole(AGREEMENT, 100.0 * right as f64 / count, None));
            }
            Asked::Codes(n) => {
                let table = self.table(made, n);
                let rows = || table.chunks_exact(self.facts.classes);
                let right: f32 = rows().map(|row| row[features::likeliest(row)]).sum();
                let mut named: Vec<usize> = rows().map(features::likeliest).collect();
                named.sort_unstable();
                named.dedup();
                codes = vec![
                    whole(CODES[0], 100.0 * f64::from(right) / count, None),
                    whole(CODES[1], named.len() as f64, Some(self.facts.classes as f64)),
                ];
            }
        }
        of_chosen.into_iter().chain(FIGURES.iter().filter_map(metric)).chain(agreement).chain(codes).collect()
    }

    /// How often each code is taken for each class, a row for each code.
    pub fn table(&self, made: &[f32], codes: usize) -> Vec<f32> {
        let mut counts = vec![0.0; codes * self.facts.classes];
        for (i, class) in self.classes(made).into_iter().enumerate() {
            counts[i % codes * self.facts.classes + class] += 1.0;
        }
        counts
    }

    fn values(&self, made: &[f32], real: &[f32]) -> HashMap<&'static str, f64> {
        let width = self.facts.features;
        let finite = |row: &&[f32]| row.iter().all(|x| x.is_finite() && x.abs() < 1e6);
        let made: Vec<f32> = made.chunks_exact(width).filter(finite).flatten().copied().collect();
        if made.len() < 20 * width {
            return HashMap::new();
        }
        let some = |rows: &[f32]| rows[..rows.len().min(COMPARED * width)].to_vec();
        let (few, real) = (some(&made), some(real));
        let Taken { sure, entropy, score } = features::taken(&self.scores(&made), self.facts.classes);
        let mut values = HashMap::from([
            ("fd", Moments::of(&made, width).distance(&self.reference)),
            ("sure", 100.0 * sure),
            ("entropy", entropy),
            ("score", score),
        ]);
        if self.facts.classes >= MANY {
            let met: std::collections::HashSet<usize> = self.classes(&made).into_iter().collect();
            values.insert(MET.0, met.len() as f64);
        }
        if real.len() >= 20 * width {
            let Overlap { precision, recall, density, coverage } = features::overlap(&real, &few, width);
            values.extend([
                ("kd", features::kernel_distance(&real, &few, width, self.reference.unit())),
                ("precision", 100.0 * precision),
                ("recall", 100.0 * recall),
                ("density", density),
                ("coverage", 100.0 * coverage),
            ]);
            values.extend(features::nearness(&real, &few, width).map(|found| (NEWNESS.0, found)));
            let (one, other) = real.split_at(real.len() / width / 2 * width);
            values.extend(features::nearness(one, other, width).map(|found| ("newness ideal", found)));
        }
        values
    }
}

impl Facts {
    fn lenet(&self) -> Lenet {
        Lenet {
            image: Grid { height: self.side, width: self.side, channels: self.channels },
            width: self.width,
            features: self.features,
            classes: self.classes,
            activation: Activation::Relu,
        }
    }
}

/// A judge's file in the making.
pub struct Making {
    judge: Judge,
    weights: Vec<f32>,
}

impl Making {
    /// From the weights of a classifier's run.
    ///
    /// # Errors
    /// If they are not those of such a network.
    pub fn new(link: String, lenet: Lenet, weights: Vec<f32>, device: &Device) -> Result<Self, String> {
        if lenet.activation != Activation::Relu {
            return Err("a judge's layers are ReLUs".into());
        }
        let Lenet { image, width, features, classes, .. } = lenet;
        let facts = Facts {
            link,
            side: image.height,
            channels: image.channels,
            width,
            features,
            classes,
            ideals: BTreeMap::new(),
        };
        let nothing = Moments::from_numbers(&vec![0.0; features], &vec![0.0; features * features]);
        let judge = nothing.and_then(|nothing| Judge::of(facts, &weights, nothing, device));
        Ok(Self { judge: judge.ok_or("the weights are not those of this network")?, weights })
    }

    /// See [`Judge::read_features`].
    ///
    /// # Errors
    /// If the device fails.
    pub async fn features(&self, images: &[f32]) -> Result<Vec<f32>, String> {
        self.judge.read_features(images).await
    }

    /// The file: its reference are features of test images, and its ideals come from groups of features of training images, beside
    /// `real`, which are others of them.
    pub fn finish(mut self, tests: &[f32], groups: &[Vec<f32>], real: &[f32]) -> Vec<u8> {
        let width = self.judge.facts.features;
        self.judge.reference = Moments::of(tests, width);
        let mut found: BTreeMap<usize, BTreeMap<String, Vec<f64>>> = BTreeMap::new();
        for group in groups {
            let rows = group.len() / width;
            let beside = &real[..real.len().min(rows.max(256) * width)];
            for (name, value) in self.judge.values(group, beside) {
                found.entry(rows).or_default().entry(name.into()).or_default().push(value);
            }
        }
        let ideal = |values: Vec<f64>| {
            let Ideal { mean, spread } = Ideal::from_scores(&values);
            [mean, spread]
        };
        let all = |figures: BTreeMap<String, Vec<f64>>| {
            figures.into_iter().map(|(name, values)| (name, ideal(values))).collect()
        };
        // One group has no spread.
        found.retain(|_, figures| figures.values().all(|values| values.len() > 1));
        self.judge.facts.ideals = found.into_iter().map(|(rows, figures)| (rows, all(figures))).collect();

        let (mean, covariance) = self.judge.reference.numbers();
        let singles: Vec<u8> = self.weights.iter().flat_map(|x| x.to_le_bytes()).collect();
        let [mean, covariance] =
            [mean, covariance].map(|numbers| -> Vec<u8> { numbers.iter().flat_map(|x| x.to_le_bytes()).collect() });
        let view =
            |kind, shape: Vec<usize>, bytes| TensorView::new(kind, shape, bytes).expect("as many bytes as numbers");
        let tensors = [
            ("weights", view(Dtype::F32, vec![self.weights.len()], &singles)),
            ("mean", view(Dtype::F64, vec![width], &mean)),
            ("covariance", view(Dtype::F64, vec![width, width], &covariance)),
        ];
        let facts = serde_json::to_string(&self.judge.facts).expect("plain facts");
        let metadata = Some([(ENTRY.to_owned(), facts)].into_iter().collect());
        safetensors::serialize(tensors, metadata).expect("a plain file")
    }
}
