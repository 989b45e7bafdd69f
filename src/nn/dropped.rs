//! Dropout: Srivastava et al. 2014, “Dropout: A Simple Way to Prevent Neural Networks from Overfitting”.

use burn::tensor::Tensor;

use super::net::{along, through};
use super::{Layout, Network, Passed, Weights};

/// A network of which some units before the last layer are left out; what is left is as much larger. Where nothing is told, none is.
pub struct Dropped<'a> {
    /// The network.
    pub net: &'a dyn Network,
    /// What each unit of each row is multiplied with, `[rows, units]`: 0, or one over the probability that it is kept.
    pub kept: Option<Tensor<2>>,
}

/// How many units lie before the last layer; 0 where that is the only one.
pub fn units(net: &dyn Network) -> usize {
    match net.layers() {
        [_, .., last] => last.inputs(),
        _ => 0,
    }
}

/// Numbers times what is kept of them.
pub(super) fn thinned(x: Tensor<2>, kept: &Tensor<2>) -> Tensor<2> {
    let kept = kept.clone();
    if x.is_autodiff() { x * kept.autodiff() } else { x * kept }
}

impl Network for Dropped<'_> {
    fn layout(&self) -> &Layout {
        self.net.layout()
    }

    fn pass(&self, weights: &Weights, moments: Option<&Tensor<1>>, x: Tensor<2>) -> Passed {
        match &self.kept {
            Some(kept) => through(self.layout(), weights, moments, x, Some(kept)),
            None => self.net.pass(weights, moments, x),
        }
    }

    fn tangent(&self, weights: &Weights, x: Tensor<2>, v: Tensor<2>) -> Tensor<2> {
        match &self.kept {
            Some(kept) => along(self.layout(), weights, x, v, Some(kept)),
            None => self.net.tangent(weights, x, v),
        }
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;
    use crate::kernel::Activation;
    use crate::nn::{Net, matrix};

    #[test]
    fn what_is_dropped_counts_for_nothing_and_the_rest_for_more() {
        let device = Device::flex();
        // h = (x, 10 x), y = h₁ + 2 h₂.
        let net = Net::mlp(1, &[2], 1, Activation::Relu, None);
        let flat = Tensor::<1>::from_floats([1.0_f32, 10.0, 0.0, 0.0, 1.0, 2.0, 0.5], &device);
        let weights = net.layout().constants(&flat);
        let kept = matrix(vec![2.0, 0.0, 0.0, 2.0], 2, &device);
        let x = matrix(vec![1.0, 3.0], 1, &device);
        let read = |x: Tensor<2>| x.into_data().try_to_vec::<f32>().unwrap();
        let dropped = Dropped { net: &net, kept: Some(kept) };
        assert_eq!(read(dropped.forward(&weights, x.clone())), [2.5, 120.5]);
        assert_eq!(read(dropped.tangent(&weights, x.clone(), x.zeros_like() + 1.0)), [2.0, 40.0]);
        let none = Dropped { net: &net, kept: None };
        assert_eq!(read(none.forward(&weights, x.clone())), read(net.forward(&weights, x)));
        assert_eq!((units(&net), units(&Net::mlp(3, &[], 1, Activation::Relu, None))), (2, 0));
    }
}
