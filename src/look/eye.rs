//! Looking at a run without touching it: fixed noise, fixed real samples, and the figures drawn from them.

use burn::tensor::{Device, Tensor};

use super::ask::Ask;
use super::health::{Shape, Signs};
use super::judge::{Asked, Judge};
use super::line::LineData;
use super::metrics::images::ImageEvaluator;
use super::metrics::points::{self, PointEvaluator};
use super::metrics::{self, Metric};
use super::panel::{Body, Caption, FieldScale, Lines, Panel, Place, Role};
use super::plane;
use super::tested::Tested;
use crate::data::store::{ImageSet, Store};
use crate::data::{PointSet, Source};
use crate::experiment::{Experiment, LATENT, NOISE, SEED};
use crate::kernel::Grid;
use crate::nn::matrix;
use crate::rng::Rng;
use crate::text::{Text, name, text};

/// Points shown of each kind.
pub(super) const SHOWN_POINTS: usize = 600;
/// What codes are called.
const NUMBERED: [Text; 12] = [
    name("a"),
    name("b"),
    name("c"),
    name("d"),
    name("e"),
    name("f"),
    name("g"),
    name("h"),
    name("i"),
    name("j"),
    name("k"),
    name("l"),
];
/// Pairs of images side by side.
const PAIRED: usize = 10;
/// Images shown: six rows of six.
const SHOWN_IMAGES: usize = 36;
/// Samples of each kind on which D's accuracy is measured: points cost little.
pub(super) const JUDGED_POINTS: usize = 1024;
const JUDGED_IMAGES: usize = 256;
/// Those on which the game's pull is measured: as many as a batch has by default.
pub const PULLED_POINTS: usize = 256;
pub const PULLED_IMAGES: usize = 64;
/// Cells along each side of D's map.
const MAP: usize = 48;

/// Samples for a D to judge.
pub struct Judged {
    /// Generated ones, and then as many real ones, if there are any yet.
    pub samples: Tensor<2>,
    /// How many are generated.
    pub generated: usize,
    /// The labels of the real ones.
    pub labels: Vec<u8>,
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
    /// Those that are judged, in data units, and their labels.
    sample: Vec<[f64; 2]>,
    labels: Vec<u8>,
    /// The centres of D's map in network units.
    map: Tensor<2>,
    spread: f64,
}

/// Images come later than the session, so what is made of them is made when they are there.
struct ImageData {
    set: &'static ImageSet,
    device: Device,
    real: Option<RealImages>,
    tested: Option<Tested>,
    judge: Option<Judge>,
}

struct RealImages {
    judge: ImageEvaluator,
    shown: Vec<f32>,
    tensor: Tensor<2>,
    labels: Vec<u8>,
    /// The classes that are learned, if these are not all.
    chosen: Vec<usize>,
    /// What the judge makes of them, if there is one.
    features: Option<Tensor<2>>,
}

/// What an evaluation found.
pub struct Report {
    /// For people.
    pub metrics: Vec<Metric>,
    /// What was found besides, to be drawn until the next evaluation.
    pub panels: Vec<Panel>,
    /// For the health states.
    pub signs: Signs,
    /// For them, too: the shares of G's own samples that are nearest to each mode, if the data have modes.
    pub kinds: Vec<f64>,
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
                let (sample, labels): (Vec<[f64; 2]>, Vec<u8>) = (0..JUDGED_POINTS).map(|_| set.draw(&mut rng)).unzip();
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
                    labels,
                    judged: matrix(network, 2, device),
                    map: matrix(map.collect(), 2, device),
                }))
            }
            Source::Line(set) => Data::Line(Box::new(LineData::new(set, experiment.get(&SEED), &mut rng, device))),
            Source::Images(set) => {
                Data::Images(Box::new(ImageData { set, device: device.clone(), real: None, tested: None, judge: None }))
            }
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
        let (rows, real, labels) = match &self.data {
            Data::Points(points) => (JUDGED_POINTS, Some(points.judged.clone()), points.labels.clone()),
            Data::Line(line) => (JUDGED_POINTS, Some(line.judged.clone()), Vec::new()),
            Data::Images(images) => {
                let real = images.real.as_ref();
                (JUDGED_IMAGES, real.map(|r| r.tensor.clone()), real.map(|r| r.labels.clone()).unwrap_or_default())
            }
        };
        let generated = generated.slice(0..rows);
        let samples = match real {
            Some(real) => Tensor::cat(vec![generated, real], 0),
            None => generated,
        };
        Judged { samples, generated: rows, labels }
    }

    /// Rows of what G is told, real rows, and their labels if they have any: as many as the pull of a game is measured on.
    pub fn pulled(&self, told: Tensor<2>) -> Option<(Tensor<2>, Tensor<2>, Vec<u8>)> {
        let (most, labels) = match &self.data {
            Data::Points(points) => (PULLED_POINTS, points.labels.as_slice()),
            Data::Line(_) => (PULLED_POINTS, [].as_slice()),
            Data::Images(images) => (PULLED_IMAGES, images.real.as_ref()?.labels.as_slice()),
        };
        let real = self.real_rows()?;
        let rows = most.min(real.dims()[0]).min(told.dims()[0]);
        let labels = labels.get(..rows).map(<[u8]>::to_vec).unwrap_or_default();
        Some((told.slice(0..rows), real.slice(0..rows), labels))
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

    /// The same as [`Eye::real`], in network units.
    pub fn held_out(&self) -> Option<Tensor<2>> {
        match &self.data {
            Data::Points(points) => Some(points.judged.clone()),
            Data::Line(line) => Some(line.judged.clone()),
            Data::Images(_) => None,
        }
    }

    /// Real samples in network units, as many as there are judged, once there are any.
    pub fn real_rows(&self) -> Option<Tensor<2>> {
        match &self.data {
            Data::Points(_) | Data::Line(_) => self.held_out(),
            Data::Images(images) => images.real.as_ref().map(|real| real.tensor.clone()),
        }
    }

    /// Those of them that are shown.
    pub fn sight(&self) -> Option<Tensor<2>> {
        self.real_rows().map(|rows| {
            let count = self.count().min(rows.dims()[0]);
            rows.slice(0..count)
        })
    }

    /// The mean log density of [`Eye::real`] under the data's own law, where that is known.
    pub fn exact(&self) -> Option<f64> {
        let Data::Points(points) = &self.data else { return None };
        let sum: Option<f64> = points.sample.iter().map(|&x| points.set.density(x).map(libm::log)).sum();
        sum.map(|sum| sum / points.sample.len() as f64)
    }

    /// Rows of images in network units, each above the next one's of the same place, as a panel.
    pub fn pairs(&self, title: Text, rows: &[&[f32]]) -> Panel {
        let Data::Images(images) = &self.data else { unreachable!("only images come in pairs") };
        let set = images.set;
        let line = PAIRED * set.values();
        let lines = rows.first().map_or(0, |row| row.len().div_ceil(line));
        let parts = (0..lines).flat_map(|i| rows.iter().filter_map(move |row| row.chunks(line).nth(i)));
        let data = parts.flat_map(|part| light(set, part)).collect();
        let body = Body::Images {
            role: Role::Both,
            image: set.grid(),
            data,
            captions: Vec::new(),
            believed: Vec::new(),
            columns: PAIRED,
        };
        Panel { name: "pairs", title, place: Place::Side, body }
    }

    /// Images in network units in so many columns, as a panel beside the stage.
    pub fn sheet(&self, name: &'static str, title: Text, images: &[f32], columns: usize) -> Panel {
        let Data::Images(data) = &self.data else { unreachable!("only images are laid out") };
        let (image, data) = (data.set.grid(), light(data.set, images));
        let body = Body::Images { role: Role::Both, image, data, captions: Vec::new(), believed: Vec::new(), columns };
        Panel { name, title, place: Place::Side, body }
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

    /// The shape of an image, if the data are images.
    pub fn image(&self) -> Option<Grid> {
        match &self.data {
            Data::Images(images) => Some(images.set.grid()),
            Data::Points(_) | Data::Line(_) => None,
        }
    }

    /// Whether the data are images.
    pub fn is_of_images(&self) -> bool {
        matches!(self.data, Data::Images(_))
    }

    /// Generated samples, in network units, as panels beside real ones. If they are of so many `classes`, one after the other, these
    /// can be told apart.
    pub fn samples(&self, title: Text, generated: &[f32], classes: usize) -> Vec<Panel> {
        let panel = |role: Role, body| {
            let title = if role == Role::Real { text("real data", "真实数据") } else { title };
            Panel { name: role.name(), title, place: Place::Stage, body }
        };
        match &self.data {
            Data::Points(points) => {
                let PointData { set, real, labels, .. } = &**points;
                let extent = set.extent();
                let generated: Vec<f32> = to_data(*set, generated).into_iter().flatten().map(|x| x as f32).collect();
                let asked =
                    (0..if classes > 0 { generated.len() / 2 } else { 0 }).map(|i| (i % classes) as u8).collect();
                let known = if classes > 0 { labels[..real.len() / 2].to_vec() } else { Vec::new() };
                let points =
                    |role, data, labels| panel(role, Body::Points { role, data, labels, names: Vec::new(), extent });
                vec![points(Role::Real, real.clone(), known), points(Role::Generated, generated, asked)]
            }
            // The graph shows them.
            Data::Line(_) => Vec::new(),
            Data::Images(images) => {
                let ImageData { set, real, .. } = &**images;
                let panel = |role, data, columns| {
                    panel(
                        role,
                        Body::Images {
                            role,
                            image: set.grid(),
                            data,
                            captions: Vec::new(),
                            believed: Vec::new(),
                            columns,
                        },
                    )
                };
                let mut panels = vec![panel(Role::Generated, light(set, generated), classes)];
                panels.extend(real.as_ref().map(|r| panel(Role::Real, r.shown.clone(), 0)));
                panels
            }
        }
    }

    /// The data, if they are numbers.
    pub fn line(&self) -> Option<&LineData> {
        match &self.data {
            Data::Line(line) => Some(line),
            Data::Points(_) | Data::Images(_) => None,
        }
    }

    /// How generated samples, in network units, are spread.
    pub fn shape(&self, generated: &[f32]) -> Shape {
        match &self.data {
            Data::Points(points) => points.shape(&to_data(points.set, generated)),
            Data::Line(line) => line.shape(generated),
            Data::Images(images) => images.figures(generated).1,
        }
    }

    /// The shares of generated samples, in network units, that are nearest to each mode; none where there are no modes.
    pub fn kinds(&self, generated: &[f32]) -> Vec<f64> {
        match &self.data {
            Data::Points(points) => points.judge.kinds(&to_data(points.set, generated)),
            Data::Line(_) | Data::Images(_) => Vec::new(),
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
            Data::Line(line) => line.report(generated, &mut signs),
            Data::Images(images) => {
                let (found, shape) = images.figures(generated);
                signs.shape = shape;
                found
            }
        };
        Report { metrics, panels: Vec::new(), signs, kinds: Vec::new() }
    }

    /// What judges images, once it is there.
    pub fn judge(&self) -> Option<&Judge> {
        match &self.data {
            Data::Images(images) => images.judge.as_ref(),
            Data::Points(_) | Data::Line(_) => None,
        }
    }

    /// The features of samples and of real images, if anything judges them.
    pub fn features(&self, samples: &Tensor<2>) -> Ask<'static, Option<[Vec<f32>; 2]>> {
        let Data::Images(images) = &self.data else { return Ask::known(None) };
        let real = images.real.as_ref().and_then(|real| real.features.clone());
        match (&images.judge, real) {
            (Some(judge), Some(real)) => Ask::of([judge.features(samples.clone()), real], Some),
            _ => Ask::known(None),
        }
    }

    /// Puts what these features say first among the metrics, and codes beside what they are taken for.
    pub fn recognise(&self, report: &mut Report, features: Option<[Vec<f32>; 2]>, asked: Asked) {
        let (Some(judge), Some([made, real]), Data::Images(images)) = (self.judge(), features, &self.data) else {
            return;
        };
        let chosen = images.real.as_ref().map_or(&[][..], |real| &real.chosen);
        report.metrics.splice(..0, judge.figures(&made, &real, asked, chosen));
        let newness = report.metrics.iter().find(|m| m.name == "newness");
        report.signs.newness = newness.and_then(|m| Some(m.value / m.ideal.filter(|ideal| *ideal > 0.0)?));
        if let Asked::Codes(codes) = asked {
            let named = report.metrics.iter().find(|m| m.name == "named").map(|m| m.value as usize);
            let classes = if chosen.is_empty() { images.set.classes.len() } else { chosen.len() };
            report.signs.named = named.map(|named| (named, codes.min(classes)));
            let body = Body::Matrix {
                rows: Lines { title: text("code", "编码"), names: NUMBERED[..codes].to_vec() },
                columns: Lines { title: text("taken for", "判为"), names: images.set.classes.to_vec() },
                data: judge.table(&made, codes),
            };
            let title = text("what samples of each code are taken for", "每个编码的样本被判为什么");
            report.panels.push(Panel { name: "codes", title, place: Place::Side, body });
        }
    }

    /// What the classes or codes that are asked for are called, where they have names.
    pub fn names(&self, asked: Asked) -> Vec<Text> {
        match (asked, &self.data) {
            (Asked::Codes(codes), _) => NUMBERED[..codes].to_vec(),
            (Asked::Classes(_), Data::Images(images)) => images.set.classes.to_vec(),
            _ => Vec::new(),
        }
    }

    /// What a model is tested on, once it is there.
    pub fn tested(&self) -> Option<&Tested> {
        match &self.data {
            Data::Images(images) => images.tested.as_ref(),
            Data::Points(_) | Data::Line(_) => None,
        }
    }

    /// Images in network units with something under each, as a panel.
    pub fn captioned(&self, name: &'static str, title: Text, images: &[f32], captions: Vec<Caption>) -> Panel {
        let Data::Images(images_of) = &self.data else { unreachable!("only images have captions") };
        let set = images_of.set;
        let (role, data) = (Role::Real, light(set, images));
        let body = Body::Images { role, image: set.grid(), data, captions, believed: Vec::new(), columns: 0 };
        Panel { name, title, place: Place::Stage, body }
    }

    /// Two numbers for each of these labelled rows of `width`, as points of their classes, in a panel beside the stage.
    pub fn cloud(&self, name: &'static str, title: Text, rows: &[f32], width: usize, labels: &[u8]) -> Panel {
        let names = match &self.data {
            Data::Images(images) => images.set.classes.to_vec(),
            Data::Points(_) | Data::Line(_) => Vec::new(),
        };
        let data = plane::flat(rows, width);
        let (labels, extent) = (labels.to_vec(), plane::square(&data));
        Panel { name, title, place: Place::Side, body: Body::Points { role: Role::Both, data, labels, names, extent } }
    }

    /// Curves through the plane as a panel on the stage: rows of points in network units, so many to a curve.
    pub fn curves(&self, name: &'static str, title: Text, points: &[f32], each: usize) -> Panel {
        let Data::Points(data) = &self.data else { unreachable!("only points have a plane") };
        let points: Vec<[f32; 2]> = to_data(data.set, points).into_iter().map(|p| p.map(|x| x as f32)).collect();
        let lines = points.chunks_exact(each).flat_map(|curve| curve.windows(2).flat_map(|pair| pair.concat()));
        let body = Body::Vectors { data: lines.collect(), directed: false, extent: data.set.extent() };
        Panel { name, title, place: Place::Stage, body }
    }

    /// Labelled images in network units that training sees: the first so many, where there are as many and more than one class.
    pub fn labelled(&self, count: usize) -> Option<(Tensor<2>, &[u8])> {
        let Data::Images(images) = &self.data else { return None };
        let real = images.real.as_ref().filter(|real| images.set.classes.len() > 1 && real.labels.len() >= count)?;
        Some((real.tensor.clone().slice(0..count), &real.labels[..count]))
    }

    /// Takes all that a model is tested on, for a final word, where an evaluation takes part of it.
    pub fn take_all(&mut self, store: Option<&Store>) {
        if let (Data::Images(images), Some(store)) = (&mut self.data, store) {
            images.tested = Tested::new(store, true, &images.device);
        }
    }

    /// Makes what needs real images once their first shard is there, and from that shard alone, so that it does not depend
    /// on what else has arrived.
    pub fn look_at(&mut self, store: Option<&Store>) {
        let (Data::Images(images), Some(store)) = (&mut self.data, store) else { return };
        let ImageData { set, device, real, tested, judge } = &mut **images;
        if let (None, Some(bytes)) = (&judge, store.judge()) {
            *judge = Some(Judge::read(bytes, device).expect("its checksum is right"));
        }
        if tested.is_none() {
            *tested = Tested::new(store, false, device);
        }
        if real.is_some() || !store.has(0) {
            return;
        }
        let features = set.values();
        // From all over the first shard, whose neighbours are alike in nothing but chance.
        let kept = store.kept(0);
        let count = metrics::images::REFERENCE.min(kept.len());
        let at = |i: usize| kept[i * kept.len() / count];
        let mut network: Vec<f32> = (0..count).flat_map(|i| store.pixels(at(i))).map(|&p| set.to_network(p)).collect();
        let light = light(set, &network);
        network.truncate(JUDGED_IMAGES * features);
        let labels = (0..count.min(JUDGED_IMAGES)).map(|i| store.label(at(i))).collect();
        let tensor = matrix(network, features, device);
        *real = Some(RealImages {
            judge: ImageEvaluator::new(&light, features),
            shown: light[..light.len().min(SHOWN_IMAGES * features)].to_vec(),
            labels,
            chosen: store.chosen().classes.clone(),
            features: judge.as_ref().map(|judge| judge.features(tensor.clone())),
            tensor,
        });
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
        let images = light(self.set, &images[..metrics::images::SAMPLES * self.set.values()]);
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

/// Values in network units as how light they are.
fn light(set: &ImageSet, values: &[f32]) -> Vec<f32> {
    values.iter().map(|&x| set.to_light(x)).collect()
}

/// Root mean square distance of points to their mean.
pub fn spread(points: &[[f64; 2]]) -> f64 {
    let n = points.len() as f64;
    let mean = |k: usize| points.iter().map(|p| p[k]).sum::<f64>() / n;
    let (mx, my) = (mean(0), mean(1));
    (points.iter().map(|p| (p[0] - mx).powi(2) + (p[1] - my).powi(2)).sum::<f64>() / n).sqrt()
}

/// Samples in network units as a person sees them: points in data units, images as how light they are, row-major.
pub fn shown(source: Source, flat: &[f32]) -> Vec<f32> {
    match source {
        Source::Points(set) => to_data(set, flat).into_iter().flatten().map(|x| x as f32).collect(),
        Source::Line(set) => flat.iter().map(|&x| set.scale().to_data(f64::from(x)) as f32).collect(),
        Source::Images(set) => light(set, flat),
    }
}
