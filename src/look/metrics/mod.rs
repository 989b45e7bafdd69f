//! How good the generated samples are.
//!
//! Each metric is one file with its closed-form test; [`points::PointEvaluator`] and [`images::ImageEvaluator`] put
//! them together for a dataset. All are in data units, draw from a random stream of their own, and come with their
//! ideal: what an ideal generator, one that matches the data exactly, would score with as many samples. Nothing here
//! panics on bad samples: what is not finite counts as lying far outside.

pub mod diversity;
pub mod features;
pub mod images;
pub mod jensen_shannon;
pub mod line;
pub mod modes;
pub mod points;
pub mod probe;
pub mod sliced_wasserstein;

use serde::Serialize;

/// One metric's value, and what is needed to read it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Metric {
    /// Its name in reports.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// The value; always finite.
    pub value: f64,
    /// The unit: "%", "nats", "bits", or "" for counts and data units.
    pub unit: &'static str,
    /// The most that there can be, for counts: 7 of 8 modes.
    pub of: Option<f64>,
    /// The mean score of an ideal generator with the same number of samples, where it is known.
    pub ideal: Option<f64>,
    /// The standard deviation of an ideal generator's score.
    pub spread: Option<f64>,
    /// Which way is better.
    pub better: Better,
    /// What it is, and why it can stay off its ideal on a run that is solved to the eye.
    pub about: &'static str,
}

impl Metric {
    /// The same metric with its ideal, if that is known.
    pub(super) fn with_ideal(self, ideal: Option<Ideal>) -> Self {
        Self { ideal: ideal.map(|i| i.mean), spread: ideal.map(|i| i.spread), ..self }
    }
}

/// Which values of a metric are better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Better {
    /// The higher the better.
    Higher,
    /// The lower the better.
    Lower,
    /// The nearer to the ideal the better.
    Near,
}

/// What an ideal generator scores, one that matches the data exactly: not the metric's best value, since samples are
/// finite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ideal {
    /// The mean score.
    pub mean: f64,
    /// The score's standard deviation from sample to sample.
    pub spread: f64,
}

impl Ideal {
    /// From the scores of independent samples of the data; at least two.
    pub fn from_scores(scores: &[f64]) -> Self {
        let n = scores.len() as f64;
        let mean = scores.iter().sum::<f64>() / n;
        let squares: f64 = scores.iter().map(|s| (s - mean) * (s - mean)).sum();
        Self { mean, spread: (squares / (n - 1.0)).sqrt() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ideal_is_mean_and_standard_deviation() {
        let ideal = Ideal::from_scores(&[1.0, 2.0, 6.0]);
        assert_eq!(ideal, Ideal { mean: 3.0, spread: 7.0_f64.sqrt() });
    }

    #[test]
    fn a_metric_serialises_as_the_page_expects() {
        let metric = Metric {
            name: "modes",
            title: "Modes covered",
            value: 7.0,
            unit: "",
            of: Some(8.0),
            ideal: None,
            spread: None,
            better: Better::Higher,
            about: "",
        };
        let text = serde_json::to_string(&metric.clone().with_ideal(Some(Ideal { mean: 8.0, spread: 0.0 }))).unwrap();
        let expected = r#"{"name":"modes","title":"Modes covered","value":7.0,"unit":"","of":8.0,"ideal":8.0,"spread":0.0,"better":"higher","about":""}"#;
        assert_eq!(text, expected);
        assert_eq!(serde_json::to_value(metric).unwrap()["ideal"], serde_json::Value::Null);
        assert_eq!(serde_json::to_string(&[Better::Lower, Better::Near]).unwrap(), r#"["lower","near"]"#);
    }
}
