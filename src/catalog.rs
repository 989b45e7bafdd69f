//! What there is: a line for each dataset and each family.

use crate::data::{self, Dataset};
use crate::families::{self, Family};

/// The datasets, in the order in which the page shows them. The first is the default.
pub static DATASETS: &[&Dataset] = &[
    &data::ring8::DATASET,
    &data::pacring::DATASET,
    &data::grid25::DATASET,
    &data::line::DATASET,
    &data::gaussians::DATASET,
    &data::ring::DATASET,
    &data::disjoint::DATASET,
    &data::moons::DATASET,
    &data::circles::DATASET,
    &data::swissroll::DATASET,
    &data::spirals::DATASET,
    &data::checkerboard::DATASET,
    &data::pinwheel::DATASET,
    &data::mnist::DATASET,
];

/// The model families. The first is the default.
pub static FAMILIES: &[&dyn Family] = &[&families::gan::Gan];

/// The dataset of that name.
pub fn dataset(name: &str) -> Option<&'static Dataset> {
    DATASETS.iter().find(|d| d.name == name).copied()
}

/// The family of that name.
pub fn family(name: &str) -> Option<&'static dyn Family> {
    FAMILIES.iter().find(|f| f.info().name == name).copied()
}

// Datasets are told apart by their names, which are unique.
impl PartialEq for Dataset {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl std::fmt::Debug for Dataset {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_fit_a_link() {
        let names = || DATASETS.iter().map(|d| d.name).chain(FAMILIES.iter().map(|f| f.info().name));
        for name in names() {
            assert_eq!(names().filter(|n| *n == name).count(), 1, "{name} is there twice");
            assert!(name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()), "{name}");
        }
    }
}
