//! Images that no training sees, with their labels: what a model that is given data is tested on.

use burn::tensor::{Device, Tensor};

use crate::data::store::{ImageSet, Store};
use crate::nn::matrix;

/// Images of an evaluation: what it finds is off by a percent or less.
const LOOKED_AT: usize = 1_000;
/// Images that go through a network at once.
const AT_ONCE: usize = 250;

/// Images and labels.
pub struct Tested {
    /// The images in network units, `[rows, values]` each, one after the other.
    pub images: Vec<Tensor<2>>,
    /// Their labels.
    pub labels: Vec<u8>,
    /// Whether these are all that there are.
    pub all: bool,
    set: &'static ImageSet,
}

impl Tested {
    /// Some from all over the shard, or all of it; `None` as long as it is not there.
    pub fn new(store: &Store, all: bool, device: &Device) -> Option<Self> {
        if !store.has_tests() {
            return None;
        }
        let set = store.set();
        let kept = store.kept_tests();
        let there = kept.len();
        let count = if all { there } else { LOOKED_AT.min(there) };
        let (mut pixels, mut labels) = (Vec::with_capacity(count * set.values()), Vec::with_capacity(count));
        for i in 0..count {
            let (image, label) = store.tested(kept[i * there / count]);
            pixels.extend(image.iter().map(|&p| set.to_network(p)));
            labels.push(label);
        }
        let parts = pixels.chunks(AT_ONCE * set.values());
        let images = parts.map(|part| matrix(part.to_vec(), set.values(), device)).collect();
        Some(Self { images, labels, all, set })
    }

    /// How many classes there are.
    pub fn classes(&self) -> usize {
        self.set.classes.len()
    }
}
