//! Words for people, in both languages that the page speaks.

use serde::Serialize;

/// The same in English and in Chinese.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Text {
    /// English.
    pub en: &'static str,
    /// Chinese, in simplified characters.
    pub zh: &'static str,
}

/// A text in both languages.
pub const fn text(en: &'static str, zh: &'static str) -> Text {
    Text { en, zh }
}

/// A name that is the same in both languages: Adam, MNIST, β₁.
pub const fn name(name: &'static str) -> Text {
    Text { en: name, zh: name }
}
