//! What an experiment of a family is made of: its fields, and what they hold where nobody says otherwise.

use super::field::Field;
use crate::data::Dataset;
use crate::message::Message;
use crate::text::Text;

/// Values of fields in their text form that are defaults from a version of links on.
pub struct Defaults {
    /// The version that brought them.
    pub since: u8,
    /// Fields and their values.
    pub fields: &'static [(&'static str, &'static str)],
}

/// The shape of a family's experiments.
pub struct Form {
    /// The family's name in a link.
    pub name: &'static str,
    /// Its name for people.
    pub title: Text,
    /// Its own fields, beside those of every experiment, in the order in which a link and the page show them.
    pub fields: &'static [&'static [&'static Field]],
    /// Its defaults on a dataset, the later over the earlier; or why it cannot learn it.
    pub fits: fn(&'static Dataset) -> Result<Vec<&'static Defaults>, Message>,
    /// Which of its values name what it is: they belong to an experiment's title.
    pub titled: &'static [&'static Field],
}

impl PartialEq for Form {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl std::fmt::Debug for Form {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}
