//! The boundary to JavaScript: the only file that knows `wasm-bindgen`.
//!
//! Plain data crosses as objects, large arrays as typed arrays. Panics go to the console with their place.

use js_sys::{Array, Float32Array, Float64Array, Object, Reflect};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::data::Source;
use crate::device::{self, Engine};
use crate::experiment::link;
use crate::rng::Rng;
use crate::schema::{self, Opened};
use crate::session;
use crate::snapshot::Panel;
use crate::train::supply::Turns;

/// The engine of this module: each is built with exactly one.
const ENGINE: Engine = Engine::BUILT[0];

thread_local! {
    // The GPU may be started once only; later sessions share the device.
    static DEVICE: std::cell::RefCell<Option<burn::tensor::Device>> = const { std::cell::RefCell::new(None) };
}

#[wasm_bindgen(start)]
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
#[wasm_bindgen(js_name = engineName)]
pub fn engine_name() -> String {
    ENGINE.name().into()
}

/// Families, datasets and fields.
#[wasm_bindgen(unchecked_return_type = "object")]
pub fn catalog() -> JsValue {
    plain(&schema::catalog())
}

/// The experiment of a link. Never throws: what is wrong is listed in `problems`.
#[wasm_bindgen(unchecked_return_type = "object")]
pub fn open(link: &str) -> JsValue {
    plain(&Opened::from(link::parse(link)))
}

/// The experiment of a link with some fields replaced (`changes`: name → text; an empty text resets the field).
#[wasm_bindgen(unchecked_return_type = "object")]
pub fn change(link: &str, changes: &Object) -> JsValue {
    let text = |value: JsValue| value.as_string().unwrap_or_else(|| String::from(js_sys::JsString::from(value)));
    let pairs: Vec<(String, String)> = Object::entries(changes)
        .iter()
        .map(|pair| {
            let pair = Array::from(&pair);
            (text(pair.get(0)), text(pair.get(1)))
        })
        .collect();
    plain(&Opened::from(link::change(link, pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())))))
}

/// `count` points of a dataset, `x, y` in turn, in data units; empty for images or an unknown name.
#[wasm_bindgen]
pub fn preview(dataset: &str, count: usize) -> Vec<f32> {
    match crate::catalog::dataset(dataset).map(|d| d.source) {
        Some(Source::Points(set)) => {
            let mut rng = Rng::stream(0, "preview");
            (0..count).flat_map(|_| set.sample(&mut rng).map(|x| x as f32)).collect()
        }
        _ => Vec::new(),
    }
}

/// Checks the engine against known values: `{ok, detail}`.
#[wasm_bindgen(js_name = selfTest, unchecked_return_type = "object")]
pub async fn self_test() -> JsValue {
    #[derive(Serialize)]
    struct Verdict {
        ok: bool,
        detail: String,
    }
    let result = match device().await {
        Ok(device) => device::self_test(&device).await,
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
#[wasm_bindgen]
pub struct Session(session::Session);

#[wasm_bindgen]
impl Session {
    /// The run of a link, at step 0.
    pub async fn create(link: &str) -> Result<Session, JsError> {
        let (experiment, _) = link::parse(link);
        let device = device().await.map_err(error)?;
        session::Session::new(experiment, device).map(Self).map_err(error)
    }

    /// The piece of data that the run must have before it can go on (`{shard, url}`), or undefined.
    #[wasm_bindgen(unchecked_return_type = "{shard: number, url: string} | undefined")]
    pub fn needs(&self) -> JsValue {
        self.0.needs().map_or(JsValue::UNDEFINED, |need| plain(&need))
    }

    /// How many shards of data the whole run uses.
    pub fn shards(&self) -> usize {
        self.0.shards()
    }

    /// Where a shard lies, relative to the page; undefined if the run has no such shard.
    pub fn url(&self, shard: usize) -> Option<String> {
        self.0.url(shard)
    }

    /// Provides a shard as its file holds it; throws if it is truncated or altered.
    pub fn provide(&mut self, shard: usize, bytes: &[u8]) -> Result<(), JsError> {
        self.0.provide(shard, bytes).map_err(error)
    }

    /// Trains until `budget` milliseconds are over or `max_steps` steps are done; 0 stands for no such bound. With neither
    /// bound it does one step.
    #[wasm_bindgen(unchecked_return_type = "object")]
    pub async fn advance(&mut self, budget: f64, max_steps: u32) -> Result<JsValue, JsError> {
        let end = if budget <= 0.0 && max_steps > 0 { f64::INFINITY } else { now() + budget };
        let progress = self.0.advance(|| now() < end, u64::from(max_steps)).await.map_err(error)?;
        Ok(plain(&progress))
    }

    /// One step (`both`), or only D's (`d`) or G's (`g`) half of it.
    #[wasm_bindgen(js_name = move, unchecked_return_type = "object")]
    pub async fn step_by_hand(&mut self, which: &str) -> Result<JsValue, JsError> {
        let which = match which {
            "both" => Turns::Both,
            "d" => Turns::Discriminator,
            "g" => Turns::Generator,
            other => return Err(error(format!("a move is “both”, “d” or “g”, not “{other}”"))),
        };
        Ok(plain(&self.0.step_by_hand(which).await.map_err(error)?))
    }

    /// What there is to see.
    #[wasm_bindgen(unchecked_return_type = "object")]
    pub async fn snapshot(&mut self) -> Result<JsValue, JsError> {
        let snapshot = self.0.snapshot().await.map_err(error)?;
        let object = plain(&snapshot);
        let panels: Array = snapshot.panels.iter().map(panel).collect();
        set(&object, "panels", &panels);
        Ok(object)
    }

    /// Evaluates the run as it is now and gives the metrics.
    #[wasm_bindgen(unchecked_return_type = "object[]")]
    pub async fn evaluate(&mut self) -> Result<JsValue, JsError> {
        Ok(plain(&self.0.evaluate().await.map_err(error)?))
    }

    /// D's probability that a point (data units) is real; undefined for images.
    pub async fn probe(&self, x: f64, y: f64) -> Result<Option<f32>, JsError> {
        self.0.probe([x, y]).await.map_err(error)
    }

    /// The whole state as bytes, for [`Session::load`] on any engine.
    pub async fn save(&mut self) -> Result<Vec<u8>, JsError> {
        self.0.save().await.map_err(error)
    }

    /// Continues from a saved state of the same experiment.
    pub async fn load(&mut self, bytes: &[u8]) -> Result<(), JsError> {
        self.0.load(bytes).map_err(error)
    }
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
    let common = |kind: &str, name: &str, shape: &[usize]| {
        set(&object, "kind", &kind.into());
        set(&object, "name", &name.into());
        let shape: Array = shape.iter().map(|&n| JsValue::from_f64(n as f64)).collect();
        set(&object, "shape", &shape);
    };
    let floats = |data: &[f32]| set(&object, "data", &Float32Array::from(data));
    let place = |extent: &[f64; 4]| {
        let extent: Array = extent.iter().map(|&x| JsValue::from_f64(x)).collect();
        set(&object, "extent", &extent);
    };
    match panel {
        Panel::Points { role, data, extent } => {
            common("points", role.name(), &[data.len() / 2, 2]);
            set(&object, "role", &role.name().into());
            floats(data);
            place(extent);
        }
        Panel::Field { rows, columns, data, extent } => {
            common("field", "discriminator", &[*rows, *columns]);
            floats(data);
            place(extent);
        }
        Panel::Images { role, height, width, data } => {
            common("images", role.name(), &[data.len() / (height * width), *height, *width]);
            set(&object, "role", &role.name().into());
            floats(data);
        }
        Panel::Series { steps, curves } => {
            common("series", "losses", &[curves.len(), steps.len()]);
            set(&object, "steps", &Float64Array::from(steps.as_slice()));
            let curves: Array = curves
                .iter()
                .map(|curve| {
                    let entry = Object::new();
                    set(&entry, "name", &curve.name.into());
                    set(&entry, "role", &curve.role.into());
                    set(&entry, "data", &Float32Array::from(curve.data.as_slice()));
                    set(&entry, "equilibrium", &curve.equilibrium.into());
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
