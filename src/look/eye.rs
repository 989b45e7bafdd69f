//! Looking at a run without touching it: fixed noise, fixed real samples, and the figures drawn from them.

use burn::tensor::{Device, Tensor, Transaction};

use super::health::{Shape, Signs};
use super::metrics::images::ImageEvaluator;
use super::metrics::points::{self, PointEvaluator};
use super::metrics::{self, Metric};
use super::panel::{Panel, Role};
use crate::data::mnist::{ImageSet, Store};
use crate::data::{PointSet, Source};
use crate::device;
use crate::experiment::Experiment;
use crate::nn::matrix;
use crate::rng::Rng;
use crate::train::adversarial::Adversarial;

/// Points shown of each kind.
const SHOWN_POINTS: usize = 600;
/// Images shown: six rows of six.
const SHOWN_IMAGES: usize = 36;
/// Samples of each kind on which D's accuracy is measured: points cost little.
const JUDGED_POINTS: usize = 1024;
const JUDGED_IMAGES: usize = 256;
/// Cells along each side of D's map.
const MAP: usize = 48;

/// What evaluations and snapshots of one run look at. It never changes during the run, and draws from streams of its own.
pub struct Evaluation {
    latent: Tensor<2>,
    data: Data,
}

enum Data {
    Points(Box<PointData>),
    Images(Box<ImageData>),
}

struct PointData {
    set: &'static dyn PointSet,
    judge: PointEvaluator,
    /// Real points in data units, `x, y` in turn, and the first of them in network units.
    real: Vec<f32>,
    judged: Tensor<2>,
    /// The centres of D's map in network units.
    map: Tensor<2>,
    spread: f64,
}

/// Images come later than the session, so what is made of them is made when they are there.
struct ImageData {
    set: &'static ImageSet,
    device: Device,
    real: Option<RealImages>,
}

struct RealImages {
    judge: ImageEvaluator,
    shown: Vec<f32>,
    tensor: Tensor<2>,
}

/// What an evaluation found.
pub struct Report {
    /// For people.
    pub metrics: Vec<Metric>,
    /// For the health states; whose turns there are is not known here.
    pub signs: Signs,
    /// Whether D was asked about real samples, too: images may still be on their way.
    pub judged_real: bool,
}

impl Evaluation {
    /// For a run on `device`.
    pub fn new(experiment: &Experiment, device: &Device) -> Self {
        let mut rng = Rng::stream(experiment.seed, "view");
        let rows = match experiment.data.source {
            Source::Points(_) => points::SAMPLES,
            Source::Images(_) => JUDGED_IMAGES,
        };
        let latent = matrix(experiment.noise.draw(rows * experiment.latent, &mut rng), experiment.latent, device);
        let data = match experiment.data.source {
            Source::Points(set) => {
                let scale = set.scale();
                let flat = |p: [f64; 2]| p.map(|x| x as f32);
                let sample: Vec<[f64; 2]> = (0..JUDGED_POINTS).map(|_| set.sample(&mut rng)).collect();
                let [x0, y0, x1, y1] = set.extent();
                let centre = |i: usize, from: f64, to: f64| from + (to - from) * (i as f64 + 0.5) / MAP as f64;
                let map = (0..MAP * MAP)
                    .flat_map(|i| flat(scale.to_network([centre(i % MAP, x0, x1), centre(i / MAP, y0, y1)])));
                let network = sample.iter().flat_map(|&p| flat(scale.to_network(p))).collect();
                Data::Points(Box::new(PointData {
                    set,
                    judge: PointEvaluator::new(set, experiment.seed),
                    spread: spread(&sample),
                    real: sample[..SHOWN_POINTS].iter().flat_map(|&p| flat(p)).collect(),
                    judged: matrix(network, 2, device),
                    map: matrix(map.collect(), 2, device),
                }))
            }
            Source::Images(set) => Data::Images(Box::new(ImageData { set, device: device.clone(), real: None })),
        };
        Self { latent, data }
    }

    /// Goes on with another law of the noise.
    pub fn tune(&mut self, experiment: &Experiment) {
        let [rows, _] = self.latent.dims();
        let mut rng = Rng::stream(experiment.seed, "view");
        self.latent =
            matrix(experiment.noise.draw(rows * experiment.latent, &mut rng), experiment.latent, &self.latent.device());
    }

    /// The figures of the run as it is.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn report(&mut self, game: &Adversarial, store: Option<&Store>) -> Result<Report, String> {
        self.look_at(store);
        // What is shown comes from the running mean of G's weights, where one is kept. D plays against G itself, and G's health
        // is its own: a mean that still lags behind is no collapse.
        let shown = game.generator.infer_averaged(self.latent.clone());
        let averaged = game.generator.optimiser.average().is_some();
        let own = if averaged { game.generator.infer(self.latent.clone()) } else { shown.clone() };
        let real = match &self.data {
            Data::Points(points) => Some(points.judged.clone()),
            Data::Images(images) => images.real.as_ref().map(|r| r.tensor.clone()),
        };
        let judged_rows = match self.data {
            Data::Points(_) => JUDGED_POINTS,
            Data::Images(_) => JUDGED_IMAGES,
        };
        let judged = Tensor::cat([Some(own.clone().slice(0..judged_rows)), real].into_iter().flatten().collect(), 0);
        let scores = game.discriminator.infer(judged);
        let (shown, own, scores) = if averaged {
            let [shown, own, scores] = read_all([shown, own, scores]).await?;
            (shown, Some(own), scores)
        } else {
            let [shown, scores] = read_all([shown, scores]).await?;
            (shown, None, scores)
        };
        let share = |scores: &[f32], real: bool| {
            let right = scores.iter().filter(|&&s| (game.objective.score.probability(s) > 0.5) == real).count();
            (!scores.is_empty()).then(|| right as f64 / scores.len() as f64)
        };
        let (on_generated, on_real) = (share(&scores[..judged_rows], false), share(&scores[judged_rows..], true));
        let (metrics, mut signs) = self.figures(&shown);
        signs.own = own.map(|own| self.shape(&own));
        // Of what is not known nothing is to be concluded.
        signs.accuracy = [on_real, on_generated].map(|share| share.unwrap_or(0.5));
        Ok(Report { metrics, signs, judged_real: on_real.is_some() })
    }

    /// How samples of G, in network units, are spread.
    fn shape(&self, fake: &[f32]) -> Shape {
        match &self.data {
            Data::Points(points) => {
                let PointData { set, judge, spread: real_spread, .. } = &**points;
                let samples = to_data(*set, fake);
                Shape {
                    modes: judge.modes_held(&samples).zip(set.modes().map(|m| m.centres.len())),
                    spread: Some(spread(&samples) / real_spread).filter(|s| s.is_finite()),
                }
            }
            Data::Images(_) => self.figures(fake).1.shape,
        }
    }

    /// The metrics of G's samples, in network units, and what these alone tell of its health.
    fn figures(&self, fake: &[f32]) -> (Vec<Metric>, Signs) {
        let mut signs = Signs::default();
        let found = match &self.data {
            Data::Points(points) => {
                let PointData { set, judge, spread: real_spread, .. } = &**points;
                let found = judge.evaluate(&to_data(*set, fake));
                let metric = |name| found.iter().find(|m| m.name == name);
                signs.shape = self.shape(fake);
                signs.quality = metric("hq").map(|m| m.value / 100.0);
                signs.distance = metric("sw").and_then(|m| Some(m.value / m.ideal?));
                signs.offset = metric("sw").map(|m| m.value / real_spread);
                found
            }
            Data::Images(images) => {
                let ImageData { real, set, .. } = &**images;
                let fake = grey(set, &fake[..metrics::images::SAMPLES * set.pixels()]);
                let found = real.as_ref().map_or_else(Vec::new, |r| r.judge.evaluate(&fake));
                if let Some(Metric { value, ideal: Some(ideal), .. }) = found.iter().find(|m| m.name == "diversity") {
                    signs.shape.spread = Some(value / ideal).filter(|s| s.is_finite());
                }
                found
            }
        };
        (found, signs)
    }

    /// The panels of samples and of D's map, and what else was asked to be read with them.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn panels(
        &mut self,
        game: &Adversarial,
        store: Option<&Store>,
        also: [Tensor<1>; 2],
    ) -> Result<(Vec<Panel>, [Vec<f32>; 2]), String> {
        self.look_at(store);
        let shown = match self.data {
            Data::Points(_) => SHOWN_POINTS,
            Data::Images(_) => SHOWN_IMAGES,
        };
        let fake = game.generator.infer_averaged(self.latent.clone().slice(0..shown));
        let [g, d] = also.map(|flat| {
            let n = flat.dims()[0];
            flat.reshape([n, 1])
        });
        match &self.data {
            Data::Points(points) => {
                let PointData { set, real, map, .. } = &**points;
                let [fake, map, g, d] = read_all([fake, game.discriminator.infer(map.clone()), g, d]).await?;
                let extent = set.extent();
                let fake = to_data(*set, &fake).into_iter().flatten().map(|x| x as f32).collect();
                let map = map.into_iter().map(|s| game.objective.score.probability(s)).collect();
                let panels = vec![
                    Panel::Field { rows: MAP, columns: MAP, data: map, extent },
                    Panel::Points { role: Role::Real, data: real.clone(), extent },
                    Panel::Points { role: Role::Generated, data: fake, extent },
                ];
                Ok((panels, [g, d]))
            }
            Data::Images(images) => {
                let ImageData { set, real, .. } = &**images;
                let [fake, g, d] = read_all([fake, g, d]).await?;
                let panel = |role, data| Panel::Images { role, height: set.side, width: set.side, data };
                let mut panels = vec![panel(Role::Generated, grey(set, &fake))];
                panels.extend(real.as_ref().map(|r| panel(Role::Real, r.shown.clone())));
                Ok((panels, [g, d]))
            }
        }
    }

    /// Makes what needs real images once their first shard is there, and from that shard alone, so that it does not depend
    /// on what else has arrived.
    fn look_at(&mut self, store: Option<&Store>) {
        let (Data::Images(images), Some(store)) = (&mut self.data, store) else { return };
        let ImageData { set, device, real } = &mut **images;
        if real.is_some() || !store.has(0) {
            return;
        }
        let features = set.pixels();
        // From all over the first shard, whose neighbours are alike in nothing but chance.
        let there = store.images().min(store.set().shard_images);
        let count = metrics::images::REFERENCE.min(there);
        let mut network: Vec<f32> =
            (0..count).flat_map(|i| store.pixels(i * there / count)).map(|&p| set.to_network(p)).collect();
        let grey = grey(set, &network);
        network.truncate(JUDGED_IMAGES * features);
        *real = Some(RealImages {
            judge: ImageEvaluator::new(&grey, features),
            shown: grey[..grey.len().min(SHOWN_IMAGES * features)].to_vec(),
            tensor: matrix(network, features, device),
        });
    }
}

/// Reads several tensors in one go.
async fn read_all<const N: usize>(tensors: [Tensor<2>; N]) -> Result<[Vec<f32>; N], String> {
    let read = tensors.into_iter().fold(Transaction::default(), |t, tensor| t.register(tensor));
    let data = read.execute_async().await.map_err(|e| format!("the device failed: {e:?}"))?;
    let values: Result<Vec<Vec<f32>>, String> = data.into_iter().map(device::floats).collect();
    values?.try_into().map_err(|_| "the device answered with too few results".into())
}

/// Rows of network units as points in data units.
fn to_data(set: &dyn PointSet, flat: &[f32]) -> Vec<[f64; 2]> {
    let scale = set.scale();
    flat.chunks_exact(2).map(|p| scale.to_data([f64::from(p[0]), f64::from(p[1])])).collect()
}

/// Pixels in network units as grey values.
fn grey(set: &ImageSet, pixels: &[f32]) -> Vec<f32> {
    pixels.iter().map(|&x| set.to_grey(x)).collect()
}

/// Root mean square distance of points to their mean.
fn spread(points: &[[f64; 2]]) -> f64 {
    let n = points.len() as f64;
    let mean = |k: usize| points.iter().map(|p| p[k]).sum::<f64>() / n;
    let (mx, my) = (mean(0), mean(1));
    (points.iter().map(|p| (p[0] - mx).powi(2) + (p[1] - my).powi(2)).sum::<f64>() / n).sqrt()
}

/// Samples in network units as a person sees them: points in data units, images as grey values, row-major.
pub fn shown(source: Source, flat: &[f32]) -> Vec<f32> {
    match source {
        Source::Points(set) => to_data(set, flat).into_iter().flatten().map(|x| x as f32).collect(),
        Source::Images(set) => grey(set, flat),
    }
}
