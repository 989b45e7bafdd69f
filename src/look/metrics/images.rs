//! The metrics of an image dataset, put together.

use super::diversity::{mean_pairwise_distance, mean_pixel, saturated};
use super::{Better, Ideal, Metric};

/// The number of generated images to evaluate. Their spread is known for this number only.
pub const SAMPLES: usize = 64;

/// Real images worth giving to [`ImageEvaluator::new`]: 16 groups of [`SAMPLES`]. More make the reference a little
/// better and the start slower.
pub const REFERENCE: usize = 16 * SAMPLES;

// What each metric is, and why it can stay off its ideal.
const DIVERSITY: &str = "The mean distance between two images. Blurred images are too near each other, speckled ones too far apart, though both can show every digit.";
const BRIGHTNESS: &str = "The mean pixel, from 0, black, to 1, white. Strokes that are a little too thick or grey raise it; it says nothing of shapes.";
const SATURATED: &str = "The share of pixels that are all but black or white. There G's tanh is flat and hardly learns; where it lies far above the data's own, G has run into its ends.";

/// Evaluates generated images against real ones.
pub struct ImageEvaluator {
    pixels: usize,
    diversity: Option<Ideal>,
    brightness: Option<Ideal>,
    saturated: Option<Ideal>,
}

impl ImageEvaluator {
    /// From real images of `pixels` pixels each, one after the other, pixels from 0 to 1. They are cut into groups of
    /// [`SAMPLES`], and the groups' scores give the ideal; with fewer than two groups it is not known.
    ///
    /// The images should be spread evenly over the data, in case neighbours are alike.
    pub fn new(real: &[f32], pixels: usize) -> Self {
        let groups = || real.chunks_exact(SAMPLES * pixels.max(1));
        let ideal = |score: fn(&[f32], usize) -> f64| {
            let scores: Vec<f64> = groups().map(|group| score(group, pixels)).collect();
            (scores.len() >= 2).then(|| Ideal::from_scores(&scores))
        };
        Self {
            pixels,
            diversity: ideal(mean_pairwise_distance),
            brightness: ideal(mean_pixel),
            saturated: ideal(percent_saturated),
        }
    }

    /// `diversity` (mean distance of two images), `brightness` (mean pixel) and `saturated` (pixels all but black or white) of generated
    /// images, laid out as the real ones; all are to be near the data's own.
    pub fn evaluate(&self, generated: &[f32]) -> Vec<Metric> {
        let counted = generated.len() / self.pixels.max(1) == SAMPLES;
        let metric = |name, title, value, unit, ideal: Option<Ideal>, about| Metric {
            name,
            title,
            value,
            unit,
            of: None,
            // All are means over images or pairs, so the ideal's mean holds for any number of images.
            ideal: ideal.map(|i| i.mean),
            spread: ideal.filter(|_| counted).map(|i| i.spread),
            better: Better::Near,
            about,
        };
        let diversity = mean_pairwise_distance(generated, self.pixels);
        let brightness = mean_pixel(generated, self.pixels);
        let ends = percent_saturated(generated, self.pixels);
        vec![
            metric("diversity", "Diversity", diversity, "", self.diversity, DIVERSITY),
            metric("brightness", "Brightness", brightness, "", self.brightness, BRIGHTNESS),
            metric("saturated", "Saturated pixels", ends, "%", self.saturated, SATURATED),
        ]
    }
}

fn percent_saturated(images: &[f32], pixels: usize) -> f64 {
    100.0 * saturated(images, pixels)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    fn noise(seed: u64, images: usize) -> Vec<f32> {
        let mut rng = Rng::stream(seed, "images");
        (0..images * 100).map(|_| rng.uniform() as f32).collect()
    }

    #[test]
    fn the_data_score_their_own_ideal() {
        let evaluator = ImageEvaluator::new(&noise(1, REFERENCE), 100);
        let metrics = evaluator.evaluate(&noise(2, SAMPLES));
        assert_eq!(metrics.iter().map(|m| m.name).collect::<Vec<_>>(), ["diversity", "brightness", "saturated"]);
        for m in &metrics {
            let (ideal, spread) = (m.ideal.unwrap(), m.spread.unwrap());
            assert!((m.value - ideal).abs() < 5.0 * spread, "{m:?}");
        }
        // √(100/6), a little less for the root's curvature; and ½.
        assert!((metrics[0].ideal.unwrap() - 4.07).abs() < 0.03, "{:?}", metrics[0]);
        assert!((metrics[1].ideal.unwrap() - 0.5).abs() < 0.005, "{:?}", metrics[1]);
        // A hundredth at either end.
        assert!((metrics[2].ideal.unwrap() - 2.0).abs() < 0.1, "{:?}", metrics[2]);
        let black = evaluator.evaluate(&[0.0; 100 * SAMPLES]);
        assert_eq!(black[2].value, 100.0);
    }

    #[test]
    fn a_collapsed_generator_has_no_diversity() {
        let evaluator = ImageEvaluator::new(&noise(1, REFERENCE), 100);
        let metrics = evaluator.evaluate(&noise(2, 1).repeat(SAMPLES));
        assert!(metrics[0].value < 1e-6 && metrics[0].ideal.unwrap() > 4.0, "{metrics:?}");
    }

    #[test]
    fn few_or_bad_images_are_no_trouble() {
        let evaluator = ImageEvaluator::new(&noise(1, SAMPLES), 100);
        for generated in [vec![], vec![f32::NAN; 6_400], noise(1, 3)] {
            let metrics = evaluator.evaluate(&generated);
            assert!(metrics.iter().all(|m| m.value.is_finite() && m.ideal.is_none() && m.spread.is_none()));
        }
        let known = ImageEvaluator::new(&noise(1, REFERENCE), 100).evaluate(&noise(2, 10));
        assert!(known.iter().all(|m| m.ideal.is_some() && m.spread.is_none()), "{known:?}");
    }
}
