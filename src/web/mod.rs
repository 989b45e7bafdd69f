//! The boundary to JavaScript: the only place that knows `wasm-bindgen`.
//!
//! Plain data crosses as objects, large arrays as typed arrays. Panics go to the console with their place. What is exported
//! is described in `types.ts`, which becomes the package's types as it is and which the page's types come from; what
//! comes in is checked (`given.rs`).

mod given;

use js_sys::{Array, Float32Array, Float64Array, Object, Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::data::Source;
use crate::device::Engine;
use crate::kernel::Grid;
use crate::link;
use crate::look::panel::{Body, Panel};
use crate::rng::Rng;
use crate::schema::{self, Opened};
use crate::self_test;
use crate::session::{self, Done, Hand};

/// The engine of this module: each is built with exactly one.
const ENGINE: Engine = Engine::BUILT[0];

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.ts");

/// How long the rest of a step is waited for, in milliseconds, once the time to train is over.
const PATIENCE: f64 = 200.0;
/// The most points of a preview.
const PREVIEW: u32 = 1_000_000;
/// The most samples at once.
const SAMPLES: u32 = 100_000;
/// The last step at which something may change.
const STEPS: u32 = 1_000_000_000;

thread_local! {
    // The GPU may be started once only; later sessions share the device.
    static DEVICE: std::cell::RefCell<Option<burn::tensor::Device>> = const { std::cell::RefCell::new(None) };
}

#[wasm_bindgen(start, skip_typescript)]
fn start() {
    console_error_panic_hook::set_once();
}

async fn device() -> Result<burn::tensor::Device, String> {
    if let Some(device) = DEVICE.with_borrow(Clone::clone) {
        return Ok(device);
    }
    let device = ENGINE.start().await?;
    DEVICE.set(Some(device.clone()));
    Ok(device)
}

fn plain(value: &impl Serialize) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&serializer).unwrap_or_else(|e| JsError::new(&e.to_string()).into())
}

fn error(message: String) -> JsError {
    JsError::new(&message)
}

/// The name of this module's engine.
#[wasm_bindgen(js_name = engineName, skip_typescript)]
pub fn engine_name() -> String {
    ENGINE.name().into()
}

/// Families, datasets and fields.
#[wasm_bindgen(skip_typescript)]
pub fn catalog() -> JsValue {
    plain(&schema::catalog())
}

/// The experiment of a link.
#[wasm_bindgen(skip_typescript)]
pub fn open(link: &JsValue) -> Result<JsValue, JsError> {
    let link = given::text(link, "a link")?;
    Ok(plain(&Opened::from(link::parse(&link))))
}

/// The experiment of a link with some fields replaced, for a run from step 0.
#[wasm_bindgen(skip_typescript)]
pub fn change(link: &JsValue, changes: &JsValue, step: &JsValue) -> Result<JsValue, JsError> {
    let (link, pairs) = (given::text(link, "a link")?, given::texts(changes, "the changes")?);
    let step = if step.is_undefined() { 0 } else { given::whole(step, "the step", STEPS)? };
    let pairs = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    Ok(plain(&Opened::from(link::change(&link, u64::from(step), pairs))))
}

/// The experiment of a run in which fields change after some steps.
#[wasm_bindgen(skip_typescript)]
pub fn tune(link: &JsValue, step: &JsValue, changes: &JsValue) -> Result<JsValue, JsError> {
    let (link, pairs) = (given::text(link, "a link")?, given::texts(changes, "the changes")?);
    let step = given::whole(step, "the step", STEPS)?;
    let pairs = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    Ok(plain(&Opened::from(link::tune(&link, u64::from(step), pairs))))
}

/// What a saved run is of.
#[wasm_bindgen(skip_typescript)]
pub fn inspect(bytes: &JsValue) -> Result<JsValue, JsError> {
    #[derive(Serialize)]
    struct Of {
        link: String,
        step: u64,
    }
    let (link, step) = session::inspect(&given::bytes(bytes, "a saved run")?).map_err(error)?;
    Ok(plain(&Of { link, step }))
}

/// Points of a dataset.
#[wasm_bindgen(skip_typescript)]
pub fn preview(dataset: &JsValue, count: &JsValue) -> Result<Vec<f32>, JsError> {
    let (dataset, count) = (given::text(dataset, "a dataset")?, given::whole(count, "the number of points", PREVIEW)?);
    Ok(match crate::catalog::dataset(&dataset).map(|d| d.source) {
        Some(Source::Points(set)) => {
            let mut rng = Rng::stream(0, "preview");
            (0..count).flat_map(|_| set.sample(&mut rng).map(|x| x as f32)).collect()
        }
        // As many points under the curve of the density.
        Some(Source::Line(set)) => {
            let mut rng = Rng::stream(0, "preview");
            let point = |_| {
                let x = set.sample(&mut rng);
                [x, set.density(x) * rng.uniform()].map(|x| x as f32)
            };
            (0..count).flat_map(point).collect()
        }
        _ => Vec::new(),
    })
}

/// Checks the engine against known values: all of it, or only what layers of images take, or only the rest.
#[wasm_bindgen(js_name = selfTest, skip_typescript)]
pub async fn self_test(images: Option<bool>) -> JsValue {
    #[derive(Serialize)]
    struct Verdict {
        ok: bool,
        detail: String,
    }
    let result = match device().await {
        Ok(device) => match images {
            None => self_test::run(&device).await,
            Some(true) => self_test::images::run(&device).await,
            Some(false) => self_test::plain(&device).await,
        },
        Err(detail) => Err(detail),
    };
    plain(&Verdict { ok: result.is_ok(), detail: result.err().unwrap_or_else(|| "values are right".into()) })
}

/// A thread that helps another with its large operations, for ever: for a worker that has started this module on the
/// memory of the one that trains.
#[cfg(target_feature = "atomics")]
#[wasm_bindgen]
pub fn help() {
    crate::kernel::pool::help();
}

/// Says how many threads there are: one that trains, and others that [`help`].
#[cfg(target_feature = "atomics")]
#[wasm_bindgen]
pub fn announce(threads: usize) {
    crate::kernel::pool::announce(threads);
}

/// One run.
#[wasm_bindgen(skip_typescript)]
pub struct Session(session::Session);

#[wasm_bindgen]
impl Session {
    /// The run of a link, at step 0.
    pub async fn create(link: JsValue) -> Result<Session, JsError> {
        let link = given::text(&link, "a link")?;
        if !link::is_link(&link) {
            let shown: String = link.chars().take(80).collect();
            return Err(error(format!(
                "“{shown}” names no field of an experiment, so it is no link; one looks like v=1&data=moons"
            )));
        }
        let (experiment, _) = link::parse(&link);
        let device = device().await.map_err(error)?;
        session::Session::new(experiment, device).map(Self).map_err(error)
    }

    /// Goes on under another link.
    pub fn tune(&mut self, link: &JsValue) -> Result<(), JsError> {
        let link = given::text(link, "a link")?;
        self.0.tune(link::parse(&link).0).map_err(error)
    }

    /// The canonical link of the run.
    pub fn link(&self) -> String {
        link::write(self.0.experiment())
    }

    /// G's samples for fresh noise.
    pub async fn samples(&mut self, count: JsValue) -> Result<Vec<f32>, JsError> {
        let count = given::whole(&count, "the number of samples", SAMPLES)?;
        self.0.sample(count as usize).await.map_err(error)
    }

    /// The piece of data that the run must have before it can go on.
    pub fn needs(&self) -> JsValue {
        self.0.needs().map_or(JsValue::UNDEFINED, |need| plain(&need))
    }

    /// How many shards of data the whole run uses.
    pub fn shards(&self) -> usize {
        self.0.shards()
    }

    /// Where a shard lies, relative to the page.
    pub fn url(&self, shard: &JsValue) -> Result<Option<String>, JsError> {
        Ok(self.0.url(shard_of(shard)?))
    }

    /// Provides a shard as its file holds it.
    pub fn provide(&mut self, shard: &JsValue, bytes: &JsValue) -> Result<(), JsError> {
        let (shard, bytes) = (shard_of(shard)?, given::bytes(bytes, "a shard's file")?);
        self.0.provide(shard, &bytes).map_err(error)
    }

    /// Trains for so long, or so many steps.
    pub async fn advance(&mut self, milliseconds: JsValue, steps: JsValue) -> Result<JsValue, JsError> {
        let budget = given::number(&milliseconds, "the time to train, in milliseconds,")?;
        if budget < 0.0 {
            return Err(error(format!("the time to train, in milliseconds, must not be negative, and is {budget}")));
        }
        let steps = if steps.is_undefined() { 0 } else { given::whole(&steps, "the number of steps", u32::MAX)? };
        let end = if budget == 0.0 && steps > 0 { f64::INFINITY } else { now() + budget };
        // A step that is soon done is done; in the middle of a long one a pause is heard.
        let patience = if budget == 0.0 { f64::INFINITY } else { PATIENCE };
        let go_on = |done| now() < if done == Done::Step { end } else { end + patience };
        let progress = self.0.advance(go_on, u64::from(steps)).await.map_err(error)?;
        Ok(plain(&progress))
    }

    /// One step, or one half of it.
    #[wasm_bindgen(js_name = move)]
    pub async fn by_hand(&mut self, which: JsValue) -> Result<JsValue, JsError> {
        let which = given::text(&which, "a move")?;
        let which = if which == "step" { Hand::Step } else { Hand::Move(&which) };
        Ok(plain(&self.0.by_hand(which).await.map_err(error)?))
    }

    /// What there is to see.
    pub async fn snapshot(&mut self) -> Result<JsValue, JsError> {
        let snapshot = self.0.snapshot().await.map_err(error)?;
        let object = plain(&snapshot);
        let panels: Array = snapshot.panels.iter().map(panel).collect();
        set(&object, "panels", &panels);
        Ok(object)
    }

    /// Evaluates the run as it is now and gives the metrics.
    pub async fn evaluate(&mut self) -> Result<JsValue, JsError> {
        Ok(plain(&self.0.evaluate().await.map_err(error)?))
    }

    /// D's probability that a point (data units) is real.
    pub async fn probe(&self, x: JsValue, y: JsValue) -> Result<Option<f32>, JsError> {
        let point = [given::number(&x, "a coordinate")?, given::number(&y, "a coordinate")?];
        self.0.probe(point).await.map_err(error)
    }

    /// Samples of codes that are put together by hand.
    #[wasm_bindgen(js_name = byCode)]
    pub async fn by_code(&mut self, picks: JsValue) -> Result<JsValue, JsError> {
        let picks = given::picks(&picks)?;
        let made = self.0.by_code(&picks).await.map_err(error)?;
        let object = Object::new();
        set(&object, "columns", &JsValue::from_f64(made.columns as f64));
        set(&object, "classes", &JsValue::from_f64(made.classes as f64));
        set(&object, "names", &plain(&made.names));
        set(&object, "codes", &Float32Array::from(made.codes.as_slice()));
        set(&object, "samples", &Float32Array::from(made.samples.as_slice()));
        set(&object, "about", &plain(&made.about));
        Ok(object.into())
    }

    /// The training image that is nearest to such a sample.
    pub async fn nearest(&mut self, pick: JsValue) -> Result<JsValue, JsError> {
        let pick = given::pick(&pick)?;
        let Some(near) = self.0.nearest(&pick).await.map_err(error)? else { return Ok(JsValue::UNDEFINED) };
        let object = Object::new();
        set(&object, "index", &JsValue::from_f64(near.index as f64));
        set(&object, "label", &plain(&near.label));
        set(&object, "distance", &near.distance.into());
        set(&object, "pixels", &Float32Array::from(near.pixels.as_slice()));
        Ok(object.into())
    }

    /// The whole state as bytes.
    pub async fn save(&mut self) -> Result<Vec<u8>, JsError> {
        self.0.save().await.map_err(error)
    }

    /// The state of the best so far as bytes, where it is held.
    #[wasm_bindgen(js_name = saveBest)]
    pub async fn save_best(&mut self) -> Result<Option<Vec<u8>>, JsError> {
        self.0.save_best().await.map_err(error)
    }

    /// Continues from a saved state of the same experiment.
    pub async fn load(&mut self, bytes: JsValue) -> Result<(), JsError> {
        self.0.load(&given::bytes(&bytes, "a saved state")?).map_err(error)
    }
}

fn shard_of(value: &JsValue) -> Result<usize, JsError> {
    given::whole(value, "the number of a shard", u32::MAX).map(|shard| shard as usize)
}

/// Milliseconds, from an origin that does not matter.
fn now() -> f64 {
    thread_local! {
        static CLOCK: Option<web_sys::Performance> = Reflect::get(&js_sys::global(), &"performance".into())
            .ok()
            .and_then(|p| p.dyn_into().ok());
    }
    CLOCK.with(|clock| clock.as_ref().map_or_else(js_sys::Date::now, web_sys::Performance::now))
}

fn panel(panel: &Panel) -> Object {
    let object = Object::new();
    let common = |kind: &str, shape: &[usize]| {
        set(&object, "kind", &kind.into());
        set(&object, "name", &panel.name.into());
        set(&object, "title", &plain(&panel.title));
        set(&object, "place", &panel.place.name().into());
        let shape: Array = shape.iter().map(|&n| JsValue::from_f64(n as f64)).collect();
        set(&object, "shape", &shape);
    };
    let floats = |data: &[f32]| set(&object, "data", &Float32Array::from(data));
    let numbers = |name: &str, values: &[f64]| {
        let values: Array = values.iter().map(|&x| JsValue::from_f64(x)).collect();
        set(&object, name, &values);
    };
    match &panel.body {
        Body::Points { role, data, labels, names, extent } => {
            common("points", &[data.len() / 2, 2]);
            set(&object, "role", &role.name().into());
            floats(data);
            set(&object, "labels", &Uint8Array::from(labels.as_slice()));
            set(&object, "names", &plain(names));
            numbers("extent", extent);
        }
        Body::Vectors { data, directed, extent } => {
            common("vectors", &[data.len() / 4, 4]);
            floats(data);
            set(&object, "directed", &(*directed).into());
            numbers("extent", extent);
        }
        Body::Field { rows, columns, data, extent, scale } => {
            common("field", &[*rows, *columns]);
            floats(data);
            numbers("extent", extent);
            set(&object, "symbol", &scale.symbol.into());
            numbers("range", &scale.range);
            let level = scale.level.map_or(JsValue::NULL, |(value, name)| {
                let level = Object::new();
                set(&level, "value", &value.into());
                set(&level, "name", &name.into());
                level.into()
            });
            set(&object, "level", &level);
        }
        Body::Images { role, image: Grid { height, width, channels }, data, captions, believed, columns } => {
            common("images", &[data.len() / (height * width * channels), *height, *width, *channels]);
            set(&object, "role", &role.name().into());
            floats(data);
            set(&object, "captions", &plain(captions));
            set(&object, "believed", &Float32Array::from(believed.as_slice()));
            set(&object, "columns", &JsValue::from_f64(*columns as f64));
        }
        Body::Matrix { rows, columns, data } => {
            common("matrix", &[rows.names.len(), columns.names.len()]);
            floats(data);
            for (name, lines) in [("rows", rows), ("columns", columns)] {
                let entry = Object::new();
                set(&entry, "title", &plain(&lines.title));
                set(&entry, "names", &plain(&lines.names));
                set(&object, name, &entry);
            }
        }
        Body::Graph { xs, extent, functions, links } => {
            common("graph", &[functions.len(), xs.len()]);
            set(&object, "xs", &Float32Array::from(xs.as_slice()));
            numbers("extent", extent);
            let functions: Array = functions
                .iter()
                .map(|function| {
                    let entry = Object::new();
                    set(&entry, "name", &function.name.into());
                    set(&entry, "title", &plain(&function.title));
                    set(&entry, "role", &function.role.into());
                    set(&entry, "share", &function.is_share.into());
                    set(&entry, "data", &Float32Array::from(function.data.as_slice()));
                    entry
                })
                .collect();
            set(&object, "functions", &functions);
            set(&object, "links", &Float32Array::from(links.as_flattened()));
        }
        Body::Spectrum { values } => {
            common("spectrum", &[values.len(), 2]);
            floats(values.as_flattened());
        }
        Body::Series { steps, curves } => {
            common("series", &[curves.len(), steps.len()]);
            set(&object, "steps", &Float64Array::from(steps.as_slice()));
            let curves: Array = curves
                .iter()
                .map(|curve| {
                    let entry = Object::new();
                    set(&entry, "name", &curve.name.as_str().into());
                    set(&entry, "role", &curve.role.into());
                    set(&entry, "data", &Float32Array::from(curve.data.as_slice()));
                    set(&entry, "equilibrium", &curve.equilibrium.map_or(JsValue::NULL, JsValue::from));
                    entry
                })
                .collect();
            set(&object, "curves", &curves);
        }
    }
    object
}

/// Setting a property of a fresh, plain object does not fail.
fn set(object: &JsValue, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}
