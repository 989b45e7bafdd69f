//! The engines: what computes, how it starts, and how its answers are read.

use burn::backend::{Dispatch, ops::FloatTensorOps};
use burn::tensor::{Device, Tensor, TensorData};

/// Something that can train.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// The graphics processor, through `burn-wgpu`.
    Webgpu,
    /// The CPU through `burn-flex`: the reference.
    Cpu,
    /// The CPU through `burn-ndarray`: the second opinion, and the way out where there is no SIMD.
    Ndarray,
}

impl Engine {
    /// The engines that this build contains, the preferred one first.
    pub const BUILT: &'static [Self] = &[
        #[cfg(feature = "cpu")]
        Self::Cpu,
        #[cfg(feature = "ndarray")]
        Self::Ndarray,
        #[cfg(feature = "webgpu")]
        Self::Webgpu,
    ];

    /// Its name in links, folders and messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Webgpu => "webgpu",
            Self::Cpu => "cpu",
            Self::Ndarray => "ndarray",
        }
    }

    /// Starts the engine. Once per process for `webgpu`; clone the device afterwards.
    ///
    /// # Errors
    /// If this build does not contain the engine, or the machine has no such device.
    pub async fn start(self) -> Result<Device, String> {
        match self {
            #[cfg(feature = "cpu")]
            Self::Cpu => Ok(Device::flex()),
            #[cfg(feature = "ndarray")]
            #[expect(deprecated, reason = "kept on purpose as the second CPU implementation, see ARCHITECTURE.md")]
            Self::Ndarray => Ok(Device::ndarray()),
            #[cfg(feature = "webgpu")]
            Self::Webgpu => {
                // A submit costs the browser as much as several dispatches; this many are a few steps.
                let options = Device::wgpu_options().tasks_max(128);
                options.init_async().await.map_err(|e| format!("the GPU could not be started: {e}"))
            }
            #[allow(unreachable_patterns, reason = "reached in builds without some engine")]
            other => Err(format!("this build does not contain the engine {}", other.name())),
        }
    }
}

/// Numbers of the host as a tensor, row-major. Not by `Tensor::from_data`, which brings the conversions between all kinds of
/// number with it, a twentieth of the module.
///
/// # Panics
/// If the shape is of another number of numbers.
pub fn tensor<const D: usize>(numbers: Vec<f32>, shape: [usize; D], device: &Device) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::float_from_data(TensorData::new(numbers, shape), device.as_dispatch()))
}

/// The same in one line.
pub fn flat(numbers: Vec<f32>, device: &Device) -> Tensor<1> {
    let count = numbers.len();
    tensor(numbers, [count], device)
}

/// Reads a flat tensor back to the host.
///
/// # Errors
/// If the device failed to execute what was asked of it, for example because it was lost.
pub async fn read<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>, String> {
    floats(tensor.into_data_async().await.map_err(|e| format!("the device failed: {e:?}"))?)
}

/// The numbers of what a device answered.
///
/// # Errors
/// If they are not 32-bit floats.
pub fn floats(data: TensorData) -> Result<Vec<f32>, String> {
    data.try_into_vec().map_err(|e| format!("the device answered in another number format: {e:?}"))
}
