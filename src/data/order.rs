//! The order in which a run visits its images.
//!
//! An epoch visits the shards in turn, and within a shard every image once in a random order. The first epoch takes the
//! shards as 0, 1, 2, …, so that training begins when the first is there; later epochs shuffle the shards too. The
//! order depends on the random stream alone: where a shard is missing the run waits, so the result never depends on
//! when files arrive.

use serde::{Deserialize, Serialize};

use crate::rng::Rng;

/// A place in the endless sequence of epochs. Small enough to save with a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Saved")]
pub struct Order {
    images: u32,
    shard_images: u32,
    epoch: u64,
    /// This epoch's shards, in the order of their visit.
    shards: Vec<u16>,
    /// How many of `shards` have been visited completely.
    visited: u32,
    /// The current shard's images that are visited, in the order of their visit, counted from the shard's first; empty until the shard
    /// is begun.
    within: Vec<u16>,
    /// How many of `within` have been visited.
    used: u32,
}

impl Order {
    /// The beginning of the first epoch over `images` images (at least 1) in shards of `shard_images`, of which the
    /// last may be used in part.
    ///
    /// # Panics
    /// If there are no images, or a shard holds none or more than 65,536.
    pub fn new(images: usize, shard_images: usize) -> Self {
        assert!(images > 0 && (1..=1 << 16).contains(&shard_images), "{images} images in shards of {shard_images}");
        let shards = (0..images.div_ceil(shard_images)).map(|shard| shard as u16).collect();
        Self {
            images: images as u32,
            shard_images: shard_images as u32,
            epoch: 0,
            shards,
            visited: 0,
            within: Vec::new(),
            used: 0,
        }
    }

    /// Whether both visit the same images in the same shards, wherever they stand.
    pub fn visits_like(&self, other: &Self) -> bool {
        (self.images, self.shard_images) == (other.images, other.shard_images)
    }

    /// The next `n` images of those that `keep` takes; in the first shard is one of them. `n` may exceed the number of images, and a batch runs on across the end of an epoch.
    ///
    /// `rng` must be the same stream in every call, used for nothing that depends on when shards arrive.
    ///
    /// # Errors
    /// The shard that is needed, if one of these images lies in a shard for which `has` is false. Nothing is consumed
    /// then, here or in `rng`: once the shard is there the same call gives the batch that it would have given.
    pub fn next_batch(
        &mut self,
        n: usize,
        rng: &mut Rng,
        has: impl Fn(usize) -> bool,
        keep: impl Fn(usize) -> bool,
    ) -> Result<Vec<usize>, usize> {
        // Most batches lie in a shard already begun and draw nothing; the others are tried on a copy.
        if n <= self.within.len() - self.used as usize {
            return self.take(n, rng, has, keep);
        }
        let (mut order, mut stream) = (self.clone(), rng.clone());
        let batch = order.take(n, &mut stream, has, keep)?;
        (*self, *rng) = (order, stream);
        Ok(batch)
    }

    fn take(
        &mut self,
        n: usize,
        rng: &mut Rng,
        has: impl Fn(usize) -> bool,
        keep: impl Fn(usize) -> bool,
    ) -> Result<Vec<usize>, usize> {
        let mut batch = Vec::with_capacity(n);
        while batch.len() < n {
            let shard = usize::from(self.shards[self.visited as usize]);
            if !has(shard) {
                return Err(shard);
            }
            let first = shard * self.shard_images as usize;
            if self.within.is_empty() {
                self.within = shuffled(self.images_in(shard), rng);
                self.within.retain(|&i| keep(first + usize::from(i)));
            }
            let used = self.used as usize;
            let taken = (n - batch.len()).min(self.within.len() - used);
            batch.extend(self.within[used..used + taken].iter().map(|&i| first + usize::from(i)));
            self.used += taken as u32;
            if self.used as usize == self.within.len() {
                self.leave_shard(rng);
            }
        }
        Ok(batch)
    }

    fn leave_shard(&mut self, rng: &mut Rng) {
        self.within.clear();
        self.used = 0;
        self.visited += 1;
        if self.visited as usize == self.shards.len() {
            self.visited = 0;
            self.epoch += 1;
            self.shards = shuffled(self.shards.len(), rng);
        }
    }

    fn images_in(&self, shard: usize) -> usize {
        let size = self.shard_images as usize;
        size.min(self.images as usize - shard * size)
    }
}

/// A random permutation of 0..n (Fisher and Yates), n at most 65,536.
fn shuffled(n: usize, rng: &mut Rng) -> Vec<u16> {
    let mut items: Vec<u16> = (0..n).map(|i| i as u16).collect();
    for i in (1..n).rev() {
        items.swap(i, rng.below(i + 1));
    }
    items
}

/// An [`Order`] as it was saved, before it is known to be sound.
#[derive(Deserialize)]
struct Saved {
    images: u32,
    shard_images: u32,
    epoch: u64,
    shards: Vec<u16>,
    visited: u32,
    within: Vec<u16>,
    used: u32,
}

impl TryFrom<Saved> for Order {
    type Error = &'static str;

    /// Refuses what [`Order`] could not have written, so that a damaged file cannot lead outside the data.
    fn try_from(saved: Saved) -> Result<Self, Self::Error> {
        let Saved { images, shard_images, epoch, shards, visited, within, used } = saved;
        if images == 0 || !(1..=1 << 16).contains(&shard_images) {
            return Err("the saved order of the images is damaged: it covers no images");
        }
        let count = images.div_ceil(shard_images) as usize;
        if count > 1 << 16 || !is_permutation(&shards, count) || visited as usize >= count {
            return Err("the saved order of the images is damaged: its shards are wrong");
        }
        let order = Self { images, shard_images, epoch, shards, visited, within, used };
        let size = order.images_in(usize::from(order.shards[visited as usize]));
        let begun = are_some_of(&order.within, size) && (used as usize) < order.within.len();
        let waiting = order.within.is_empty() && used == 0;
        if !begun && !waiting {
            return Err("the saved order of the images is damaged: its current shard is wrong");
        }
        Ok(order)
    }
}

fn is_permutation(items: &[u16], n: usize) -> bool {
    items.len() == n && are_some_of(items, n)
}

/// Whether these are some of 0..n, each once.
fn are_some_of(items: &[u16], n: usize) -> bool {
    let mut seen = vec![false; n];
    items.iter().all(|&i| seen.get_mut(usize::from(i)).is_some_and(|s| !std::mem::replace(s, true)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream() -> Rng {
        Rng::stream(5, "data")
    }

    #[test]
    fn each_epoch_visits_each_image_once_shard_by_shard() {
        let (mut order, mut rng) = (Order::new(25, 10), stream());
        let mut epochs = Vec::new();
        for epoch in 0..6 {
            assert_eq!(order.epoch, epoch);
            let visit = order.next_batch(25, &mut rng, |_| true, |_| true).unwrap();
            let mut sorted = visit.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, (0..25).collect::<Vec<_>>());
            let mut shards: Vec<_> = visit.iter().map(|i| i / 10).collect();
            shards.dedup();
            assert_eq!(shards.len(), 3, "a shard was left and entered again");
            epochs.push((visit, shards));
        }
        assert_eq!(epochs[0].1, [0, 1, 2], "the first epoch takes the shards as they come");
        assert!(epochs.iter().any(|e| e.1 != [0, 1, 2]), "later epochs shuffle them");
        assert!(epochs[0].0[..10] != (0..10).collect::<Vec<_>>(), "images within a shard are shuffled");
        assert!(epochs[1..].iter().all(|e| e.0 != epochs[0].0), "each epoch has an order of its own");
    }

    #[test]
    fn of_chosen_images_each_is_visited_once_an_epoch() {
        let (mut order, mut rng) = (Order::new(25, 10), stream());
        // None of the second shard.
        let keep = |i: usize| i < 10 && i.is_multiple_of(3) || i == 22;
        for _ in 0..4 {
            let mut visit = order.next_batch(5, &mut rng, |_| true, keep).unwrap();
            visit.sort_unstable();
            assert_eq!(visit, [0, 3, 6, 9, 22]);
        }
        order.next_batch(2, &mut rng, |_| true, keep).unwrap();
        let text = serde_json::to_string(&order).unwrap();
        let mut restored: Order = serde_json::from_str(&text).unwrap();
        let mut other = stream();
        other.seek(rng.position());
        let rest = order.next_batch(40, &mut rng, |_| true, keep).unwrap();
        assert_eq!(restored.next_batch(40, &mut other, |_| true, keep).unwrap(), rest);
    }

    #[test]
    fn batches_of_any_size_give_the_same_sequence() {
        let (mut whole, mut rng) = (Order::new(25, 10), stream());
        let all = whole.next_batch(140, &mut rng, |_| true, |_| true).unwrap();
        let (mut order, mut rng) = (Order::new(25, 10), stream());
        let mut pieces = Vec::new();
        for n in [0, 1, 9, 10, 3, 30, 7, 60, 20] {
            pieces.extend(order.next_batch(n, &mut rng, |_| true, |_| true).unwrap());
        }
        assert_eq!(pieces, all);
        assert_eq!(order, whole);
    }

    #[test]
    fn the_order_does_not_depend_on_when_shards_arrive() {
        let batches = |mut order: Order, rng: &mut Rng| -> Vec<Vec<usize>> {
            (0..12).map(|_| order.next_batch(7, rng, |_| true, |_| true).unwrap()).collect()
        };
        let at_once = batches(Order::new(25, 10), &mut stream());

        let (mut order, mut rng) = (Order::new(25, 10), stream());
        let mut here = [false; 3];
        let (mut seen, mut waits) = (Vec::new(), Vec::new());
        while seen.len() < 12 {
            let before = (order.clone(), rng.position());
            match order.next_batch(7, &mut rng, |shard| here[shard], |_| true) {
                Ok(batch) => seen.push(batch),
                Err(shard) => {
                    assert_eq!((order.clone(), rng.position()), before, "waiting consumed something");
                    assert_eq!(order.next_batch(7, &mut rng, |shard| here[shard], |_| true), Err(shard));
                    waits.push((seen.len(), shard));
                    here[shard] = true;
                }
            }
        }
        assert_eq!(seen, at_once);
        // 7 + 7 images reach into shard 1, 21 into shard 2.
        assert_eq!(waits, [(0, 0), (1, 1), (2, 2)]);
    }

    #[test]
    fn a_saved_order_goes_on_where_it_was() {
        for steps in 0..8 {
            let (mut order, mut rng) = (Order::new(25, 10), stream());
            for _ in 0..steps {
                order.next_batch(5, &mut rng, |_| true, |_| true).unwrap();
            }
            let text = serde_json::to_string(&order).unwrap();
            let mut restored: Order = serde_json::from_str(&text).unwrap();
            assert_eq!(restored, order);
            let mut other = stream();
            other.seek(rng.position());
            let next = |order: &mut Order, rng: &mut Rng| order.next_batch(40, rng, |_| true, |_| true).unwrap();
            assert_eq!(next(&mut restored, &mut other), next(&mut order, &mut rng));
        }
    }

    #[test]
    fn a_damaged_save_is_refused() {
        let (mut order, mut rng) = (Order::new(4, 3), stream());
        order.next_batch(1, &mut rng, |_| true, |_| true).unwrap();
        let good = serde_json::to_value(&order).unwrap();
        assert!(serde_json::from_value::<Order>(good.clone()).is_ok());
        let damage = [
            ("images", serde_json::json!(0)),
            ("images", serde_json::json!(40)),
            ("shard_images", serde_json::json!(0)),
            ("shards", serde_json::json!([0, 0])),
            ("shards", serde_json::json!([0, 7])),
            ("visited", serde_json::json!(2)),
            ("within", serde_json::json!([0, 1, 0])),
            ("within", serde_json::json!([0, 1, 3])),
            ("used", serde_json::json!(3)),
        ];
        for (field, value) in damage {
            let mut bad = good.clone();
            bad[field] = value.clone();
            assert!(serde_json::from_value::<Order>(bad).is_err(), "{field} = {value} was accepted");
        }
    }

    #[test]
    fn every_order_of_three_is_equally_likely() {
        let mut rng = stream();
        let mut counts = std::collections::BTreeMap::new();
        for _ in 0..6_000 {
            *counts.entry(shuffled(3, &mut rng)).or_insert(0) += 1;
        }
        // Binomial with mean 1,000 and standard deviation 29.
        assert!(counts.len() == 6 && counts.values().all(|n| (850..1_150).contains(n)), "{counts:?}");
    }
}
