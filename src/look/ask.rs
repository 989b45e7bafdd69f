//! A question to the device: what is to be read, and what is made of the answer.

use burn::tensor::{Tensor, Transaction};

use crate::device;

/// Tensors to read back in one go, and what is then made of their numbers.
pub struct Ask<'a, T> {
    tensors: Vec<Tensor<2>>,
    finish: Box<dyn FnOnce(Vec<Vec<f32>>) -> T + 'a>,
}

impl<'a, T: 'a> Ask<'a, T> {
    /// What these tensors hold, each row-major, given to `finish` in their order.
    pub fn of<const N: usize>(tensors: [Tensor<2>; N], finish: impl FnOnce([Vec<f32>; N]) -> T + 'a) -> Self {
        let finish = move |values: Vec<Vec<f32>>| {
            finish(values.try_into().unwrap_or_else(|_| unreachable!("as many answers as tensors")))
        };
        Self::all(tensors.into(), finish)
    }

    /// The same for any number of tensors.
    pub fn all(tensors: Vec<Tensor<2>>, finish: impl FnOnce(Vec<Vec<f32>>) -> T + 'a) -> Self {
        Self { tensors, finish: Box::new(finish) }
    }

    /// What is known without asking.
    pub fn known(value: T) -> Self {
        Self { tensors: Vec::new(), finish: Box::new(|_| value) }
    }

    /// Both answers, read together.
    pub fn and<U: 'a>(mut self, other: Ask<'a, U>) -> Ask<'a, (T, U)> {
        let own = self.tensors.len();
        self.tensors.extend(other.tensors);
        let finish = move |mut values: Vec<Vec<f32>>| {
            let others = values.split_off(own);
            ((self.finish)(values), (other.finish)(others))
        };
        Ask { tensors: self.tensors, finish: Box::new(finish) }
    }

    /// Something else made of the answer.
    pub fn map<U: 'a>(self, then: impl FnOnce(T) -> U + 'a) -> Ask<'a, U> {
        Ask { tensors: self.tensors, finish: Box::new(move |values| then((self.finish)(values))) }
    }

    /// Asks.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn answer(self) -> Result<T, String> {
        let values = if self.tensors.is_empty() { Vec::new() } else { read(self.tensors).await? };
        Ok((self.finish)(values))
    }
}

async fn read(tensors: Vec<Tensor<2>>) -> Result<Vec<Vec<f32>>, String> {
    let count = tensors.len();
    let read = tensors.into_iter().fold(Transaction::default(), Transaction::register);
    let data = read.execute_async().await.map_err(|e| format!("the device failed: {e:?}"))?;
    let values: Vec<Vec<f32>> = data.into_iter().map(device::floats).collect::<Result<_, String>>()?;
    if values.len() != count {
        return Err("the device answered with too few results".into());
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;
    use crate::nn::matrix;

    #[test]
    fn answers_come_to_who_asked() {
        let device = Device::flex();
        let tensor = |x: f32| matrix(vec![x, x + 1.0], 2, &device);
        let first = Ask::of([tensor(1.0), tensor(3.0)], |[a, b]| [a, b].concat());
        let all = first.and(Ask::known("known")).and(Ask::of([tensor(5.0)], |[c]| c)).map(|answer| (answer, 7));
        let found = pollster::block_on(all.answer()).unwrap();
        assert_eq!(found, (((vec![1.0, 2.0, 3.0, 4.0], "known"), vec![5.0, 6.0]), 7));
    }
}
