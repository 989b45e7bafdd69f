//! What JavaScript hands over, taken only if it is what it should be. A wrong kind of value would trap in the generated
//! code, and a module that has trapped is lost.

use js_sys::{Array, Object, Uint8Array};
use wasm_bindgen::prelude::*;

use crate::experiment::Pick;
use crate::message::Message;

/// Samples made by hand at once, at most.
const PICKS: u32 = 256;

/// A text.
pub fn text(value: &JsValue, what: &str) -> Result<String, JsError> {
    value.as_string().ok_or_else(|| wrong(what, "a text", value))
}

/// A whole number from 0 to `most`.
pub fn whole(value: &JsValue, what: &str, most: u32) -> Result<u32, JsError> {
    let number = value.as_f64().filter(|x| x.fract() == 0.0 && (0.0..=f64::from(most)).contains(x));
    number.map(|x| x as u32).ok_or_else(|| wrong(what, &format!("a whole number from 0 to {most}"), value))
}

/// A finite number.
pub fn number(value: &JsValue, what: &str) -> Result<f64, JsError> {
    value.as_f64().filter(|x| x.is_finite()).ok_or_else(|| wrong(what, "a finite number", value))
}

/// Bytes.
pub fn bytes(value: &JsValue, what: &str) -> Result<Vec<u8>, JsError> {
    value.dyn_ref().map(Uint8Array::to_vec).ok_or_else(|| wrong(what, "a Uint8Array", value))
}

/// A sample that is put together by hand.
pub fn pick(value: &JsValue) -> Result<Pick, JsError> {
    let text = text(value, "a sample")?;
    Pick::parse(&text).ok_or_else(|| {
        let text = text.chars().take(40).collect();
        JsError::new(&Message::NotAPick { text }.to_string())
    })
}

/// Some of them.
pub fn picks(value: &JsValue) -> Result<Vec<Pick>, JsError> {
    if !Array::is_array(value) {
        return Err(wrong("the samples", "a list of texts such as [\"12\"]", value));
    }
    let list: &Array = value.unchecked_ref();
    if list.length() > PICKS {
        return Err(JsError::new(&format!("at most {PICKS} samples are made by hand at once, not {}", list.length())));
    }
    list.iter().map(|value| pick(&value)).collect()
}

/// Names and texts.
pub fn texts(value: &JsValue, what: &str) -> Result<Vec<(String, String)>, JsError> {
    if !value.is_object() || Array::is_array(value) {
        return Err(wrong(what, "an object with a text for each field, such as {batch: \"64\"}", value));
    }
    let pair = |pair: JsValue| {
        let pair = Array::from(&pair);
        // Keys are texts.
        let name = pair.get(0).as_string().unwrap_or_default();
        let value = text(&pair.get(1), &format!("the value of “{name}”"))?;
        Ok((name, value))
    };
    Object::entries(value.unchecked_ref()).iter().map(pair).collect()
}

fn wrong(what: &str, expected: &str, found: &JsValue) -> JsError {
    JsError::new(&format!("{what} must be {expected}, not {}", shown(found)))
}

/// A value as a person would write it, where that is short.
fn shown(value: &JsValue) -> String {
    if let Some(text) = value.as_string() {
        let short: String = text.chars().take(40).collect();
        return format!("“{short}”");
    }
    if let Some(number) = value.as_f64() {
        return if number.is_infinite() { "Infinity".into() } else { number.to_string() };
    }
    match value.js_typeof().as_string() {
        Some(kind) if kind == "object" && !value.is_null() => "an object".into(),
        Some(kind) if !value.is_null() && kind != "undefined" => format!("a {kind}"),
        _ => if value.is_null() { "null" } else { "undefined" }.into(),
    }
}
