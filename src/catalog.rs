//! What there is: a line for each dataset and each family.

use std::sync::LazyLock;

use crate::data::{self, Dataset};
use crate::experiment::{Experiment, Field, VERSIONS};
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
    &data::point::DATASET,
    &data::bell::DATASET,
    &data::bimodal::DATASET,
    &data::uneven::DATASET,
    &data::comb::DATASET,
    &data::mnist::DATASET,
    &data::fashion::DATASET,
    &data::stacked::DATASET,
    &data::emoji::DATASET,
    &data::twemoji::DATASET,
    &data::own::DATASET,
    &data::own::IN_GREY,
];

/// The model families. The first is the default.
pub static FAMILIES: &[&Family] = &[
    &families::gan::FAMILY,
    &families::dcgan::FAMILY,
    &families::cgan::FAMILY,
    &families::acgan::FAMILY,
    &families::infogan::FAMILY,
    &families::cyclegan::FAMILY,
    &families::classifier::FAMILY,
    &families::vae::FAMILY,
    &families::autoencoder::FAMILY,
    &families::gaussian::FAMILY,
    &families::mixture::FAMILY,
    &families::kde::FAMILY,
    &families::toy::FAMILY,
    &families::matrix::FAMILY,
];

/// The dataset of that name.
pub fn dataset(name: &str) -> Option<&'static Dataset> {
    DATASETS.iter().find(|d| d.name == name).copied()
}

/// The family of that name.
pub fn family(name: &str) -> Option<&'static Family> {
    FAMILIES.iter().find(|f| f.form.name == name).copied()
}

/// The family of an experiment.
pub fn family_of(experiment: &Experiment) -> &'static Family {
    family(experiment.form.name).expect("a form is a family's")
}

/// The newest defaults for a dataset: a configuration that learns it.
pub fn experiment(data: &'static Dataset) -> Experiment {
    Experiment::of(*VERSIONS.end(), data, &FAMILIES[0].form).expect("the first family learns everything")
}

/// Every field that some family has, in the order in which a link and the page show them.
pub fn fields() -> &'static [&'static Field] {
    static ALL: LazyLock<Vec<&'static Field>> = LazyLock::new(|| {
        let mut all: Vec<&'static Field> = experiment(DATASETS[0]).fields().collect();
        for family in FAMILIES {
            let own = family.form.fields.iter().copied().flatten().copied();
            for field in own {
                if all.iter().all(|known| known.name != field.name) {
                    // Before those of the run.
                    all.insert(all.len() - 3, field);
                }
            }
        }
        all
    });
    &ALL
}

/// The field of that name, whichever family has it.
pub fn field(name: &str) -> Option<&'static Field> {
    fields().iter().copied().find(|field| field.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Kind;

    #[test]
    fn names_are_unique_and_fit_a_link() {
        let names = || DATASETS.iter().map(|d| d.name).chain(FAMILIES.iter().map(|f| f.form.name));
        for name in names() {
            assert_eq!(names().filter(|n| *n == name).count(), 1, "{name} is there twice");
            assert!(name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()), "{name}");
        }
        for field in fields() {
            assert!(field.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()), "{}", field.name);
        }
    }

    #[test]
    fn every_family_learns_something_and_its_defaults_are_values() {
        for family in FAMILIES {
            let learns =
                |data: &&&'static Dataset| VERSIONS.clone().all(|v| Experiment::of(v, data, &family.form).is_ok());
            let learned = DATASETS.iter().filter(learns);
            assert!(learned.count() > 0, "{}", family.form.name);
        }
    }

    #[test]
    fn every_text_is_there_in_both_languages() {
        let options = |field: &Field| match field.kind {
            Kind::Choice(options) => options().into_iter().flat_map(|o| [o.title, o.about]).collect(),
            _ => Vec::new(),
        };
        let fields = fields().iter().flat_map(|f| [f.title, f.about].into_iter().chain(options(f)));
        let families = FAMILIES.iter().flat_map(|f| [f.form.title, f.about]);
        for text in fields.chain(families).chain(DATASETS.iter().flat_map(|d| [d.title, d.about])) {
            assert!(!text.en.is_empty() && !text.zh.is_empty(), "{text:?}");
        }
    }
}
