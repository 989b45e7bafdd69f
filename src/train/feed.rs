//! Real samples for the training loop, in network units.

use serde::{Deserialize, Serialize};

use crate::data::order::Order;
use crate::data::store::{Beside, Chosen, Store};
use crate::data::{LineSet, PointSet, Source};
use crate::rng::Rng;

/// Draws batches of real samples from the stream `data`.
pub struct Feed {
    rng: Rng,
    from: From,
}

enum From {
    Points {
        set: &'static dyn PointSet,
        /// The labels of the last batch.
        labels: Vec<u8>,
    },
    Line(&'static dyn LineSet),
    Images {
        store: Store,
        order: Order,
        /// The labels of the last batch.
        labels: Vec<u8>,
    },
}

/// Where a feed stands; with the experiment it restores the feed.
#[derive(Serialize, Deserialize)]
pub struct Position {
    // JSON numbers do not hold 128 bits.
    stream: String,
    order: Option<Order>,
}

impl Feed {
    /// A feed from the beginning; `chosen` says which images of an image set are used, and `beside` what else of it.
    pub fn new(source: Source, chosen: Chosen, beside: Beside, seed: u64) -> Self {
        let from = match source {
            Source::Points(set) => From::Points { set, labels: Vec::new() },
            Source::Line(set) => From::Line(set),
            Source::Images(set) => {
                let store = Store::new(set, chosen, beside);
                // Not the number that was asked for: an image that is not there would be waited for for ever.
                let order = Order::new(store.images(), set.shard_images);
                From::Images { store, order, labels: Vec::new() }
            }
        };
        Self { rng: Rng::stream(seed, "data"), from }
    }

    /// The next `size` samples, flat and row-major.
    ///
    /// # Errors
    /// The shard that must be provided first. Nothing is consumed then: the same samples come later.
    pub fn batch(&mut self, size: usize) -> Result<Vec<f32>, usize> {
        match &mut self.from {
            From::Points { set, labels } => {
                let (scale, rng) = (set.scale(), &mut self.rng);
                labels.clear();
                let point = |_| {
                    let (point, label) = set.draw(rng);
                    labels.push(label);
                    scale.to_network(point).map(|x| x as f32)
                };
                Ok((0..size).flat_map(point).collect())
            }
            From::Line(set) => {
                let (scale, rng) = (set.scale(), &mut self.rng);
                Ok((0..size).map(|_| scale.to_network(set.sample(rng)) as f32).collect())
            }
            From::Images { store, order, labels } => {
                let indices = order.next_batch(
                    size,
                    &mut self.rng,
                    |shard| store.has(shard),
                    |i| store.chosen().takes(store.label(i)),
                )?;
                let set = store.set();
                *labels = indices.iter().map(|&i| store.label(i)).collect();
                Ok(indices.iter().flat_map(|&i| store.pixels(i).iter().map(|&p| set.to_network(p))).collect())
            }
        }
    }

    /// The labels of the last batch, if its samples have any.
    pub fn labels(&self) -> &[u8] {
        match &self.from {
            From::Line(_) => &[],
            From::Points { labels, .. } | From::Images { labels, .. } => labels,
        }
    }

    /// The images, if the data are images.
    pub fn store(&self) -> Option<&Store> {
        match &self.from {
            From::Points { .. } | From::Line(_) => None,
            From::Images { store, .. } => Some(store),
        }
    }

    /// The images, to provide a shard.
    pub fn store_mut(&mut self) -> Option<&mut Store> {
        match &mut self.from {
            From::Points { .. } | From::Line(_) => None,
            From::Images { store, .. } => Some(store),
        }
    }

    /// Where the feed stands.
    pub fn position(&self) -> Position {
        let order = match &self.from {
            From::Points { .. } | From::Line(_) => None,
            From::Images { order, .. } => Some(order.clone()),
        };
        Position { stream: self.rng.position().to_string(), order }
    }

    /// Continues from a position of a feed of the same experiment.
    ///
    /// # Errors
    /// If the position is not one of such a feed; the feed is then unchanged.
    pub fn seek(&mut self, position: Position) -> Result<(), String> {
        let stream = position.stream.parse().map_err(|_| "the position in the data stream is not a number")?;
        match (&mut self.from, position.order) {
            (From::Points { .. } | From::Line(_), None) => {}
            (From::Images { order, .. }, Some(saved)) if saved.visits_like(order) => *order = saved,
            _ => return Err("the state belongs to other data".into()),
        }
        self.rng.seek(stream);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::store::ImageSet;

    /// One shard of three 2 × 2 images with the pixel bytes 0 … 11 and the labels 7, 8, 9.
    static THREE: ImageSet = ImageSet {
        name: "three",
        side: 2,
        channels: 1,
        shard_images: 3,
        tests: 0,
        shards: &["1fc82c9d1efa23bb5cea02f2150485a8c0556cb3bf67f8d5986f124cc11a012a"],
        test: "",
        judge: "",
        classes: &[],
        path: "data/three",
        attribution: "",
        command: "",
        icon: "",
    };

    #[test]
    fn more_images_than_there_are_is_all_of_them() {
        let feed = |images| {
            let mut feed = Feed::new(Source::Images(&THREE), Chosen::first(images), Beside::default(), 7);
            let file: Vec<u8> = (0..12).chain(7..10).collect();
            feed.store_mut().unwrap().provide(0, &file).unwrap();
            feed.batch(20).map(|pixels| (pixels, feed.labels().to_vec()))
        };
        let (pixels, labels) = feed(3).unwrap();
        assert_eq!(labels.len(), 20);
        for (image, label) in pixels.chunks(4).zip(labels) {
            assert_eq!(image[0], THREE.to_network(4 * (label - 7)), "a label is its image's");
        }
        assert_eq!(feed(60_000), feed(3), "a shard that is not there is waited for");
        let mut feed =
            Feed::new(Source::Images(&THREE), Chosen { images: 3, classes: vec![7, 9] }, Beside::default(), 7);
        feed.store_mut().unwrap().provide(0, &(0..12).chain(7..10).collect::<Vec<u8>>()).unwrap();
        feed.batch(20).unwrap();
        assert!(feed.labels().iter().all(|label| [7, 9].contains(label)) && feed.labels().contains(&9));
        assert_eq!((THREE.used(2), THREE.used(60_000)), (2, 3));
        assert_eq!(THREE.fewer(3), None);
        assert_eq!(THREE.fewer(4).unwrap().to_string(), "this set has only 3 images, and all of them are used");
    }
}
