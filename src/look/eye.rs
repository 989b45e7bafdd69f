//! Looking at a run without touching it: fixed noise, fixed real samples, and the figures drawn from them.

use burn::tensor::{Device, Tensor};

use super::health::{Shape, Signs};
use super::metrics::images::ImageEvaluator;
use super::metrics::line::LineEvaluator;
use super::metrics::points::{self, PointEvaluator};
use super::metrics::{self, Metric};
use super::panel::{Body, FieldScale, Function, Panel, Place, Role};
use crate::data::store::{ImageSet, Store};
use crate::data::{LineSet, PointSet, Source};
use crate::experiment::{Experiment, LATENT, NOISE, SEED};
use crate::nn::matrix;
use crate::rng::Rng;
use crate::text::{Text, text};

/// Points shown of each kind.
const SHOWN_POINTS: usize = 600;
/// Images shown: six rows of six.
const SHOWN_IMAGES: usize = 36;
/// Samples of each kind on which D's accuracy is measured: points cost little.
const JUDGED_POINTS: usize = 1024;
const JUDGED_IMAGES: usize = 256;
/// Places on the line at which functions are taken.
const GRID: usize = 240;
/// One in so many of the samples shown has a link to its noise.
const EACH: usize = 20;
/// Cells along each side of D's map.
const MAP: usize = 48;

/// Samples for a D to judge.
pub struct Judged {
    /// Generated ones, and then as many real ones, if there are any yet.
    pub samples: Tensor<2>,
    /// How many are generated.
    pub generated: usize,
}

/// What evaluations and snapshots of one run look at. It never changes during the run, and draws from streams of its own.
pub struct Eye {
    /// Fixed noise for G, `[rows, latent]`.
    pub latent: Tensor<2>,
    data: Data,
}

enum Data {
    Points(Box<PointData>),
    Line(Box<LineData>),
    Images(Box<ImageData>),
}

struct PointData {
    set: &'static dyn PointSet,
    judge: PointEvaluator,
    /// Real points in data units, `x, y` in turn, and the first of them in network units.
    real: Vec<f32>,
    judged: Tensor<2>,
    /// Those that are judged, in data units.
    sample: Vec<[f64; 2]>,
    /// The centres of D's map in network units.
    map: Tensor<2>,
    spread: f64,
}

struct LineData {
    set: &'static dyn LineSet,
    judge: LineEvaluator,
    judged: Tensor<2>,
    /// Where the graph's functions are taken, in data units, and the same in network units.
    xs: Vec<f64>,
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
    /// For the health states.
    pub signs: Signs,
}

impl Eye {
    /// For a run on `device`.
    pub fn new(experiment: &Experiment, device: &Device) -> Self {
        let mut rng = Rng::stream(experiment.get(&SEED), "view");
        let rows = match experiment.data.source {
            Source::Points(_) | Source::Line(_) => points::SAMPLES,
            Source::Images(_) => JUDGED_IMAGES,
        };
        let latent = latent(experiment, rows, &mut rng, device);
        let data = match experiment.data.source {
            Source::Points(set) => {
                let scale = set.scale();
                let flat = |p: [f64; 2]| p.map(|x| x as f32);
                let sample: Vec<[f64; 2]> = (0..JUDGED_POINTS).map(|_| set.sample(&mut rng)).collect();
                let [x0, y0, x1, y1] = set.extent();
                let map = (0..MAP * MAP)
                    .flat_map(|i| flat(scale.to_network([centre(i % MAP, x0, x1), centre(i / MAP, y0, y1)])));
                let network = sample.iter().flat_map(|&p| flat(scale.to_network(p))).collect();
                Data::Points(Box::new(PointData {
                    set,
                    judge: PointEvaluator::new(set, experiment.get(&SEED)),
                    spread: spread(&sample),
                    real: sample[..SHOWN_POINTS].iter().flat_map(|&p| flat(p)).collect(),
                    sample,
                    judged: matrix(network, 2, device),
                    map: matrix(map.collect(), 2, device),
                }))
            }
            Source::Line(set) => {
                let scale = set.scale();
                let sample: Vec<f64> = (0..JUDGED_POINTS).map(|_| set.sample(&mut rng)).collect();
                let [x0, x1] = set.extent();
                let xs: Vec<f64> = (0..GRID).map(|i| x0 + (x1 - x0) * i as f64 / (GRID - 1) as f64).collect();
                let network = |x: &[f64]| matrix(x.iter().map(|&x| scale.to_network(x) as f32).collect(), 1, device);
                Data::Line(Box::new(LineData {
                    set,
                    judge: LineEvaluator::new(set, experiment.get(&SEED)),
                    judged: network(&sample),
                    map: network(&xs),
                    spread: deviation(&sample),
                    xs,
                }))
            }
            Source::Images(set) => Data::Images(Box::new(ImageData { set, device: device.clone(), real: None })),
        };
        Self { latent, data }
    }

    /// Goes on with another law of the noise.
    pub fn tune(&mut self, experiment: &Experiment) {
        let [rows, _] = self.latent.dims();
        let mut rng = Rng::stream(experiment.get(&SEED), "view");
        self.latent = latent(experiment, rows, &mut rng, &self.latent.device());
    }

    /// As many of these rows as samples are shown.
    pub fn shown(&self, rows: &Tensor<2>) -> Tensor<2> {
        rows.clone().slice(0..self.count())
    }

    /// Generated samples beside real ones, on which D's accuracy is measured.
    pub fn judged(&self, generated: Tensor<2>) -> Judged {
        let (rows, real) = match &self.data {
            Data::Points(points) => (JUDGED_POINTS, Some(points.judged.clone())),
            Data::Line(line) => (JUDGED_POINTS, Some(line.judged.clone())),
            Data::Images(images) => (JUDGED_IMAGES, images.real.as_ref().map(|r| r.tensor.clone())),
        };
        let generated = generated.slice(0..rows);
        let samples = match real {
            Some(real) => Tensor::cat(vec![generated, real], 0),
            None => generated,
        };
        Judged { samples, generated: rows }
    }

    /// The centres of the field's cells, in network units, if the data are points.
    pub fn map(&self) -> Option<Tensor<2>> {
        match &self.data {
            Data::Points(points) => Some(points.map.clone()),
            Data::Line(_) | Data::Images(_) => None,
        }
    }

    /// The same in data units; none, if the data are not points.
    pub fn centres(&self) -> Vec<[f64; 2]> {
        let Data::Points(points) = &self.data else { return Vec::new() };
        let [x0, y0, x1, y1] = points.set.extent();
        (0..MAP * MAP).map(|i| [centre(i % MAP, x0, x1), centre(i / MAP, y0, y1)]).collect()
    }

    /// Real points that no training has seen, in data units; none, if the data are not points.
    pub fn real(&self) -> &[[f64; 2]] {
        match &self.data {
            Data::Points(points) => &points.sample,
            Data::Line(_) | Data::Images(_) => &[],
        }
    }

    /// How many samples are shown.
    pub fn count(&self) -> usize {
        match self.data {
            Data::Points(_) | Data::Line(_) => SHOWN_POINTS,
            Data::Images(_) => SHOWN_IMAGES,
        }
    }

    /// A value for each row of [`Eye::map`], as a panel.
    pub fn field(&self, title: Text, scale: FieldScale, data: Vec<f32>) -> Panel {
        let Data::Points(points) = &self.data else { unreachable!("only points have a map") };
        let body = Body::Field { rows: MAP, columns: MAP, data, extent: points.set.extent(), scale };
        Panel { name: "field", title, place: Place::Stage, body }
    }

    /// Generated samples, in network units, as panels beside real ones.
    pub fn samples(&self, title: Text, generated: &[f32]) -> Vec<Panel> {
        let panel = |role: Role, body| {
            let title = if role == Role::Real { text("real data", "真实数据") } else { title };
            Panel { name: role.name(), title, place: Place::Stage, body }
        };
        match &self.data {
            Data::Points(points) => {
                let PointData { set, real, .. } = &**points;
                let extent = set.extent();
                let generated = to_data(*set, generated).into_iter().flatten().map(|x| x as f32).collect();
                vec![
                    panel(Role::Real, Body::Points { role: Role::Real, data: real.clone(), extent }),
                    panel(Role::Generated, Body::Points { role: Role::Generated, data: generated, extent }),
                ]
            }
            // The graph shows them.
            Data::Line(_) => Vec::new(),
            Data::Images(images) => {
                let ImageData { set, real, .. } = &**images;
                let panel = |role, data| panel(role, Body::Images { role, height: set.side, width: set.side, data });
                let mut panels = vec![panel(Role::Generated, grey(set, generated))];
                panels.extend(real.as_ref().map(|r| panel(Role::Real, r.shown.clone())));
                panels
            }
        }
    }

    /// Where functions of the line are taken, in network units, `[n, 1]`, if the data are numbers.
    pub fn line(&self) -> Option<Tensor<2>> {
        match &self.data {
            Data::Line(line) => Some(line.map.clone()),
            Data::Points(_) | Data::Images(_) => None,
        }
    }

    /// Both densities, what D says of each x, and what the best D would say, as a panel: the picture of the first paper (its
    /// figure 1). `said` is D's answer at each row of [`Eye::line`], where that is a probability; `noise` is what the generated
    /// samples came from, where it has one dimension.
    pub fn graph(&self, generated: &[f32], said: Option<Vec<f32>>, noise: Option<&[f32]>) -> Panel {
        let Data::Line(line) = &self.data else { unreachable!("only numbers have a graph") };
        let samples = line.to_data(generated);
        let p: Vec<f64> = line.xs.iter().map(|&x| line.set.density(x)).collect();
        let q = estimate(&samples, &line.xs);
        let narrow = |values: &[f64]| values.iter().map(|&x| x as f32).collect::<Vec<f32>>();
        let function = |name, title, role, is_share, data| Function { name, title, role, is_share, data };
        let mut functions = vec![
            function("p(x)", text("density of the data", "数据的密度"), "real", false, narrow(&p)),
            function("q(x)", text("density of G's samples", "生成样本的密度"), "generated", false, narrow(&q)),
        ];
        if let Some(said) = said {
            functions.push(function("D(x)", text("what D says", "D 的判断"), "discriminator", true, said));
            // Where hardly anything lies it could say anything.
            let best = |(p, q): (&f64, &f64)| if p + q > 2e-3 { p / (p + q) } else { f64::NAN };
            let best: Vec<f64> = p.iter().zip(&q).map(best).collect();
            let title = text("what the best D would say: p / (p + q)", "最优的 D 会说：p / (p + q)");
            functions.push(function("D*(x)", title, "optimal", true, narrow(&best)));
        }
        let mut links: Vec<[f32; 2]> = match noise {
            Some(noise) => noise.iter().zip(&samples).take(SHOWN_POINTS).map(|(&z, &x)| [z, x as f32]).collect(),
            None => Vec::new(),
        };
        links.sort_unstable_by(|a, b| a[0].total_cmp(&b[0]));
        let links = links.into_iter().skip(EACH / 2).step_by(EACH).collect();
        let xs = narrow(&line.xs);
        let body = Body::Graph { xs, extent: line.set.extent(), functions, links };
        Panel {
            name: "graph",
            title: text("data, samples and D on the line", "直线上的数据、样本与 D"),
            place: Place::Stage,
            body,
        }
    }

    /// How generated samples, in network units, are spread.
    pub fn shape(&self, generated: &[f32]) -> Shape {
        match &self.data {
            Data::Points(points) => points.shape(&to_data(points.set, generated)),
            Data::Line(line) => line.shape(&line.to_data(generated)),
            Data::Images(images) => images.figures(generated).1,
        }
    }

    /// The metrics of generated samples, in network units, and what these alone tell of a run's health.
    pub fn report(&self, generated: &[f32]) -> Report {
        let mut signs = Signs::default();
        let metrics = match &self.data {
            Data::Points(points) => {
                let samples = to_data(points.set, generated);
                let found = points.judge.evaluate(&samples);
                let metric = |name| found.iter().find(|m| m.name == name);
                signs.shape = points.shape(&samples);
                signs.quality = metric("hq").map(|m| m.value / 100.0);
                signs.distance = metric("sw").and_then(|m| Some(m.value / m.ideal?));
                signs.offset = metric("sw").map(|m| m.value / points.spread);
                found
            }
            Data::Line(line) => {
                let samples = line.to_data(generated);
                let found = line.judge.evaluate(&samples);
                let metric = |name| found.iter().find(|m| m.name == name);
                signs.shape = line.shape(&samples);
                signs.distance = metric("w1").and_then(|m| Some(m.value / m.ideal?));
                signs.offset = metric("w1").map(|m| m.value / line.spread);
                found
            }
            Data::Images(images) => {
                let (found, shape) = images.figures(generated);
                signs.shape = shape;
                found
            }
        };
        Report { metrics, signs }
    }

    /// Makes what needs real images once their first shard is there, and from that shard alone, so that it does not depend
    /// on what else has arrived.
    pub fn look_at(&mut self, store: Option<&Store>) {
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

impl LineData {
    fn to_data(&self, flat: &[f32]) -> Vec<f64> {
        let scale = self.set.scale();
        flat.iter().map(|&x| scale.to_data(f64::from(x))).collect()
    }

    fn shape(&self, samples: &[f64]) -> Shape {
        Shape { modes: None, spread: Some(deviation(samples) / self.spread).filter(|s| s.is_finite()) }
    }
}

impl PointData {
    /// How points, in data units, are spread.
    fn shape(&self, points: &[[f64; 2]]) -> Shape {
        Shape {
            modes: self.judge.modes_held(points).zip(self.set.modes().map(|m| m.centres.len())),
            spread: Some(spread(points) / self.spread).filter(|s| s.is_finite()),
        }
    }
}

impl ImageData {
    /// The metrics of images in network units, and how they are spread.
    fn figures(&self, images: &[f32]) -> (Vec<Metric>, Shape) {
        let images = grey(self.set, &images[..metrics::images::SAMPLES * self.set.pixels()]);
        let found = self.real.as_ref().map_or_else(Vec::new, |r| r.judge.evaluate(&images));
        let spread = match found.iter().find(|m| m.name == "diversity") {
            Some(Metric { value, ideal: Some(ideal), .. }) => Some(value / ideal).filter(|s| s.is_finite()),
            _ => None,
        };
        (found, Shape { modes: None, spread })
    }
}

/// The middle of a cell of the map.
fn centre(i: usize, from: f64, to: f64) -> f64 {
    from + (to - from) * (i as f64 + 0.5) / MAP as f64
}

/// Rows of noise for G.
fn latent(experiment: &Experiment, rows: usize, rng: &mut Rng, device: &Device) -> Tensor<2> {
    let columns = experiment.get(&LATENT) as usize;
    matrix(experiment.get(&NOISE).draw(rows * columns, rng), columns, device)
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

/// Standard deviation of numbers.
fn deviation(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt()
}

/// An estimate of a density at evenly spaced `xs`, from samples: counted at the two nearest, and smoothed by a Gaussian of
/// Silverman's width.
fn estimate(samples: &[f64], xs: &[f64]) -> Vec<f64> {
    let (first, step) = (xs[0], xs[1] - xs[0]);
    let mut counts = vec![0.0; xs.len()];
    for x in samples {
        let at = (x - first) / step;
        if (0.0..(xs.len() - 1) as f64).contains(&at) {
            let (below, share) = (at as usize, at.fract());
            counts[below] += 1.0 - share;
            counts[below + 1] += share;
        }
    }
    let mut sorted: Vec<f64> = samples.iter().copied().filter(|x| x.is_finite()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let quantile = |q: f64| sorted.get((q * sorted.len() as f64) as usize).copied().unwrap_or(0.0);
    let narrow = deviation(&sorted).min((quantile(0.75) - quantile(0.25)) / 1.34);
    let width = 0.9 * narrow * libm::pow((sorted.len().max(1)) as f64, -0.2);
    // Narrower than the grid nothing is seen, and two humps are no reason for a wide one.
    let width = if width.is_finite() { width.clamp(step, 4.0 * step) } else { step };
    let reach = (4.0 * width / step).ceil() as usize;
    let kernel: Vec<f64> = (0..=reach).map(|k| libm::exp(-0.5 * (k as f64 * step / width).powi(2))).collect();
    let total: f64 = kernel[0] + 2.0 * kernel[1..].iter().sum::<f64>();
    let scale = 1.0 / (samples.len().max(1) as f64 * step * total);
    (0..xs.len())
        .map(|i| {
            let near = i.saturating_sub(reach)..(i + reach + 1).min(xs.len());
            scale * near.map(|j| counts[j] * kernel[i.abs_diff(j)]).sum::<f64>()
        })
        .collect()
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
        Source::Line(set) => flat.iter().map(|&x| set.scale().to_data(f64::from(x)) as f32).collect(),
        Source::Images(set) => grey(set, flat),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::bimodal;

    #[test]
    fn the_estimated_density_is_near_the_true_one_and_integrates_to_one() {
        let Source::Line(set) = bimodal::DATASET.source else { unreachable!() };
        let mut rng = Rng::stream(4, "test");
        let samples: Vec<f64> = (0..4_000).map(|_| set.sample(&mut rng)).collect();
        let [x0, x1] = set.extent();
        let xs: Vec<f64> = (0..201).map(|i| x0 + (x1 - x0) * f64::from(i) / 200.0).collect();
        let found = estimate(&samples, &xs);
        let step = xs[1] - xs[0];
        let total: f64 = found.iter().sum::<f64>() * step;
        assert!((total - 1.0).abs() < 0.01, "{total}");
        let apart: f64 = found.iter().zip(&xs).map(|(q, &x)| (q - set.density(x)).abs() * step).sum();
        assert!(apart < 0.12, "{apart} of the mass is elsewhere");
        // All samples in one place, none at all, and none that is a number.
        for samples in [vec![1.0; 100], vec![], vec![f64::NAN; 3]] {
            assert!(estimate(&samples, &xs).iter().all(|q| q.is_finite()), "{samples:?}");
        }
    }
}
