//! Samples that D judges as one: Lin et al. 2018, “PacGAN: The power of two samples in generative adversarial networks” (arXiv
//! 1712.04086). What a generator lacks in variety shows sooner in several of its samples than in one.

use burn::tensor::Tensor;

use crate::experiment::{BATCH, Experiment, PACK};

/// How many samples D sees at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pack(pub usize);

impl Pack {
    /// One by one.
    pub const ALONE: Self = Self(1);

    /// That of an experiment.
    pub fn of(e: &Experiment) -> Self {
        Self(e.get(&PACK) as usize)
    }

    /// Samples of a batch: whole packs, at least one.
    pub fn batch(self, e: &Experiment) -> usize {
        (e.get(&BATCH) as usize / self.0).max(1) * self.0
    }

    /// Samples as D sees them: the numbers of one place beside each other, as the channels of an image are. What fills no pack
    /// is left out.
    ///
    /// # Shapes
    /// - `rows`: `[count, columns]`; result: `[count / pack, columns · pack]`
    pub fn whole(self, rows: Tensor<2>) -> Tensor<2> {
        let [count, columns] = rows.dims();
        if self == Self::ALONE {
            return rows;
        }
        let packs = count / self.0;
        let rows = rows.slice(0..packs * self.0).reshape([packs, self.0, columns]);
        rows.swap_dims(1, 2).reshape([packs, columns * self.0])
    }

    /// Packs of which each is one sample, over and over: what D makes of a place.
    pub fn alike(self, rows: Tensor<2>) -> Tensor<2> {
        let [count, columns] = rows.dims();
        if self == Self::ALONE {
            return rows;
        }
        let rows = rows.reshape([count, columns, 1]).repeat_dim(2, self.0);
        rows.reshape([count, columns * self.0])
    }

    /// Packs of samples of two kinds, none with both, and how many are of the first; `first`: how many samples are.
    pub fn apart(self, samples: Tensor<2>, first: usize) -> (Tensor<2>, usize) {
        let rows = samples.dims()[0];
        if self == Self::ALONE || rows <= first {
            let packs = self.whole(samples);
            let count = first.min(packs.dims()[0]);
            return (packs, count);
        }
        let [one, other] = [0..first, first..rows].map(|of| self.whole(samples.clone().slice(of)));
        let count = one.dims()[0];
        (Tensor::cat(vec![one, other], 0), count)
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, TensorData};

    use super::*;

    fn rows(of: &[f32], columns: usize) -> Tensor<2> {
        Tensor::from_data(TensorData::new(of.to_vec(), [of.len() / columns, columns]), &Device::flex())
    }

    fn read(x: Tensor<2>) -> Vec<f32> {
        x.into_data().try_to_vec().expect("numbers")
    }

    #[test]
    fn samples_lie_beside_each_other_as_channels_do() {
        let five = rows(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0], 2);
        assert_eq!(read(Pack(2).whole(five.clone())), [1.0, 3.0, 2.0, 4.0, 5.0, 7.0, 6.0, 8.0]);
        assert_eq!(read(Pack(1).whole(five.clone())), read(five.clone()));
        assert_eq!(read(Pack(3).alike(rows(&[1.0, 2.0], 2))), [1.0, 1.0, 1.0, 2.0, 2.0, 2.0]);
        // Three of one kind make one pack, and leave one out; two of the other make one.
        let (packs, first) = Pack(2).apart(five, 3);
        assert_eq!((read(packs), first), (vec![1.0, 3.0, 2.0, 4.0, 7.0, 9.0, 8.0, 10.0], 1));
    }
}
