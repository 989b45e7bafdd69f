//! What is seen of a coder's codes: where those of test data lie, what becomes of a plane of them, and how well they tell classes apart.

use burn::tensor::Tensor;

use super::{Coder, metric};
use crate::look::ask::Ask;
use crate::look::eye::Eye;
use crate::look::metrics::probe::Probe;
use crate::look::metrics::{Better, Metric};
use crate::look::panel::Panel;
use crate::nn::matrix;
use crate::text::text;

/// Curves that a plane of codes is drawn by, each way, and their points; and those of a line of codes.
const CURVES: usize = 11;
const POINTS: usize = 41;
const FINE: usize = 200;
/// How far from 0 such codes reach where they are drawn from N(0, I).
const REACH: f32 = 2.5;
/// Parts of the test images whose codes are shown.
const SHOWN: usize = 2;
/// Labels that a probe is given.
pub(super) const LABELS: usize = 100;

const OF_CODES: &str = "A linear classifier of codes: ridge regression on those of 100 labelled training images. How often it names a test image rightly; what it gains over pixels is what the coder has found without any label.";
const OF_PIXELS: &str =
    "The same classifier of the pixels themselves, from the same 100 labelled images: what there is to gain over.";

impl Coder {
    /// The codes of test images, a colour for each class.
    pub(super) fn cloud<'a>(&'a self, eye: &'a Eye) -> Option<Ask<'a, Panel>> {
        let width = self.latent();
        let tested = eye.tested().filter(|tested| width > 1 && tested.classes() > 1)?;
        let codes = tested.images.iter().take(SHOWN).map(|images| self.code(images.clone()));
        let title = if width == 2 {
            text("codes of test images, a colour for each class", "测试图像的编码，每个类别一种颜色")
        } else {
            text(
                "codes of test images in the plane where they differ most, a colour for each class",
                "测试图像的编码，取差异最大的平面，每个类别一种颜色",
            )
        };
        Some(Ask::all(codes.collect(), move |codes: Vec<Vec<f32>>| {
            let codes = codes.concat();
            eye.cloud("cloud", title, &codes, width, &tested.labels[..codes.len() / width])
        }))
    }

    /// What becomes of lines of codes, where these have one number or two and the data are points.
    pub(super) fn curves<'a>(&'a self, eye: &'a Eye) -> Option<Ask<'a, Panel>> {
        let latent = self.latent();
        let real = eye.held_out().filter(|_| latent <= 2)?;
        let along = |i: usize, of: usize| i as f32 / (of - 1) as f32;
        let (unit, each): (Vec<f32>, usize) = if latent == 1 {
            ((0..FINE).map(|i| along(i, FINE)).collect(), FINE)
        } else {
            let point = |k: usize| {
                let (way, line, i) = (k / (CURVES * POINTS), k / POINTS % CURVES, k % POINTS);
                let both = [along(i, POINTS), along(line, CURVES)];
                [both[way], both[1 - way]]
            };
            ((0..2 * CURVES * POINTS).flat_map(point).collect(), POINTS)
        };
        let unit = matrix(unit, latent, &self.device());
        let codes = if self.spec.beta.is_some() {
            unit * (2.0 * REACH) - REACH
        } else {
            // As far as those of data reach.
            let codes = self.code(real);
            let (least, most) = (codes.clone().min_dim(0), codes.max_dim(0));
            let shape = unit.dims();
            unit * (most - least.clone()).expand(shape) + least.expand(shape)
        };
        let title = text("what becomes of straight lines of codes", "编码空间中的直线，解码后的样子");
        Some(Ask::of([self.said(self.decoder.infer(codes))], move |[points]| eye.curves("plane", title, &points, each)))
    }

    /// How well a straight cut through codes tells classes apart, beside one through pixels.
    pub(super) fn probes<'a>(&'a self, eye: &'a Eye) -> Ask<'a, Vec<Metric>> {
        let (Some((images, labels)), Some(tested)) = (eye.labelled(LABELS), eye.tested()) else {
            return Ask::known(Vec::new());
        };
        let of = |name, title, code: &dyn Fn(Tensor<2>) -> Tensor<2>, about| {
            let tensors = [images.clone()].into_iter().chain(tested.images.iter().cloned());
            let classes = tested.classes();
            Ask::all(tensors.map(code).collect(), move |mut rows: Vec<Vec<f32>>| {
                let train = rows.remove(0);
                let probe = Probe::of(&train, train.len() / labels.len(), labels, classes);
                let found = 100.0 * probe.accuracy(&rows.concat(), &tested.labels);
                metric(name, title, found, "%", Better::Higher, about)
            })
        };
        let codes = of("probe", "Linear probe on codes", &|images| self.code(images), OF_CODES);
        codes
            .and(of("probe_pixels", "Linear probe on pixels", &|images| images, OF_PIXELS))
            .map(|(codes, pixels)| vec![codes, pixels])
    }
}
