//! Diversity of images: the mean Euclidean distance between two of them.
//!
//! A generator that draws one picture again and again scores near 0; one that draws as variously as the data scores
//! what the data score. So it is to be near the data's own value, and noise can score above it. Nothing is said about
//! whether an image looks like the data.

/// The mean distance over all pairs of images, each `pixels` long, one after the other; pixels from 0 to 1.
///
/// Images with a pixel that is not finite are left out, and so is a last one that is incomplete. With fewer than two
/// images left the value is 0.
pub fn mean_pairwise_distance(images: &[f32], pixels: usize) -> f64 {
    let images: Vec<&[f32]> = finite(images, pixels).collect();
    let mut sum = 0.0;
    for (i, a) in images.iter().enumerate() {
        for b in &images[..i] {
            sum += f64::from(squared_distance(a, b)).sqrt();
        }
    }
    let pairs = images.len() * images.len().saturating_sub(1) / 2;
    sum / pairs.max(1) as f64
}

/// The mean pixel over all images, with the same images left out; 0 if none are left.
pub fn mean_pixel(images: &[f32], pixels: usize) -> f64 {
    let (mut sum, mut count) = (0.0, 0_usize);
    for image in finite(images, pixels) {
        sum += image.iter().map(|&p| f64::from(p)).sum::<f64>();
        count += pixels;
    }
    sum / count.max(1) as f64
}

/// The share of pixels within a hundredth of black or white, over all images, with the same images left out; 0 if none are left.
pub fn saturated(images: &[f32], pixels: usize) -> f64 {
    let (mut ends, mut count) = (0_usize, 0_usize);
    for image in finite(images, pixels) {
        ends += image.iter().filter(|&&p| !(0.01..=0.99).contains(&p)).count();
        count += pixels;
    }
    ends as f64 / count.max(1) as f64
}

fn finite(images: &[f32], pixels: usize) -> impl Iterator<Item = &[f32]> {
    images.chunks_exact(pixels.max(1)).filter(|image| image.iter().all(|p| p.is_finite()))
}

/// Sixteen sums side by side, which a compiler turns into vector instructions, always added in the same order.
fn squared_distance(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0_f32; 16];
    let (a_chunks, b_chunks) = (a.chunks_exact(16), b.chunks_exact(16));
    let rest: f32 = a_chunks.remainder().iter().zip(b_chunks.remainder()).map(|(a, b)| (a - b) * (a - b)).sum();
    for (a, b) in a_chunks.zip(b_chunks) {
        for lane in 0..16 {
            let gap = a[lane] - b[lane];
            sums[lane] += gap * gap;
        }
    }
    sums.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    #[test]
    fn three_points_of_a_right_triangle() {
        // Sides 3, 4 and 5.
        let images = [0.0, 0.0, 3.0, 0.0, 0.0, 4.0];
        assert_eq!(mean_pairwise_distance(&images, 2), 4.0);
        assert_eq!(mean_pixel(&images, 2), 7.0 / 6.0);
    }

    #[test]
    fn one_picture_again_and_again_has_none() {
        let image: Vec<f32> = (0..784).map(|i| (i % 7) as f32 / 7.0).collect();
        assert_eq!(mean_pairwise_distance(&image.repeat(5), 784), 0.0);
    }

    #[test]
    fn long_images_are_summed_whole() {
        // Black and white images of 784 pixels are 28 apart; a length that is no multiple of 16 counts its rest.
        for pixels in [784_usize, 19, 16, 5] {
            let mut images = vec![0.0; pixels];
            images.extend(vec![1.0; pixels]);
            assert!((mean_pairwise_distance(&images, pixels) - (pixels as f64).sqrt()).abs() < 1e-6, "{pixels}");
        }
    }

    #[test]
    fn independent_uniform_pixels_have_a_closed_form() {
        // E|a − b|² = d/6, and in d = 784 dimensions the distance is close to its root: √(784/6) = 11.43.
        let mut rng = Rng::stream(1, "uniform");
        let images: Vec<f32> = (0..40 * 784).map(|_| rng.uniform() as f32).collect();
        let value = mean_pairwise_distance(&images, 784);
        assert!((value - (784.0_f64 / 6.0).sqrt()).abs() < 0.1, "{value}");
        assert!((mean_pixel(&images, 784) - 0.5).abs() < 0.01);
    }

    #[test]
    fn empty_and_bad_images_are_left_out() {
        assert_eq!(mean_pairwise_distance(&[], 784), 0.0);
        assert_eq!(mean_pairwise_distance(&[1.0; 784], 784), 0.0);
        assert_eq!((mean_pixel(&[], 784), mean_pixel(&[], 0)), (0.0, 0.0));
        let images = [0.0, 0.0, f32::NAN, 0.0, 3.0, 4.0, 1.0, f32::INFINITY, 9.0];
        assert_eq!(mean_pairwise_distance(&images, 2), 5.0);
        assert_eq!(mean_pixel(&images, 2), 7.0 / 4.0);
    }
}
