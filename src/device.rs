//! The engines: what computes, how it starts, and whether it computes right.

use burn::tensor::{Device, Tensor, TensorData, activation};

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
                Device::wgpu_options().init_async().await.map_err(|e| format!("the GPU could not be started: {e}"))
            }
            #[allow(unreachable_patterns, reason = "reached in builds without some engine")]
            other => Err(format!("this build does not contain the engine {}", other.name())),
        }
    }
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

/// Checks a device against known values: one forward and backward pass with every kind of operation that training uses.
///
/// A GPU whose shader fails validation reports nothing and leaves stale memory in the output, so only values tell.
///
/// # Errors
/// What was asked for, what came and what was expected.
pub async fn self_test(device: &Device) -> Result<(), String> {
    // Sizes that do not divide the usual tiles, and enough rows for several workgroups.
    let (rows, inner, columns) = (67, 33, 19);
    let value = |i: usize| ((i * 37 + 11) % 101) as f32 / 101.0 - 0.5;
    let a: Vec<f32> = (0..rows * inner).map(value).collect();
    let b: Vec<f32> = (0..inner * columns).map(|i| value(i + 5)).collect();
    let c: Vec<f32> = (0..columns).map(|i| value(i + 9)).collect();

    // The host's answer, in float64: loss = mean(softplus(−tanh(leaky(a·b + c)))), and its gradient in b.
    let mut loss = 0.0;
    let mut gradient = vec![0.0_f64; inner * columns];
    for r in 0..rows {
        for k in 0..columns {
            let dot: f64 = (0..inner).map(|i| f64::from(a[r * inner + i]) * f64::from(b[i * columns + k])).sum();
            let pre = dot + f64::from(c[k]);
            let (leaky, slope) = if pre > 0.0 { (pre, 1.0) } else { (0.2 * pre, 0.2) };
            let t = leaky.tanh();
            loss += (1.0 + (-t).exp()).ln();
            let outer = -1.0 / (1.0 + t.exp()) * (1.0 - t * t) * slope / (rows * columns) as f64;
            for i in 0..inner {
                gradient[i * columns + k] += outer * f64::from(a[r * inner + i]);
            }
        }
    }
    loss /= (rows * columns) as f64;

    let a = crate::nn::matrix(a, inner, device);
    let b = Tensor::<1>::from_data(b.as_slice(), device).autodiff().require_grad();
    let c = crate::nn::matrix(c, columns, device);
    let pre = a.matmul(b.clone().reshape([inner, columns])) + c;
    let out = -activation::log_sigmoid(activation::leaky_relu(pre, 0.2).tanh());
    let mean = out.mean();
    let mut gradients = mean.backward();
    let found = b.grad_remove(&mut gradients).ok_or("no gradient came back")?;
    // The optimiser's operations too: a square root and a quotient.
    let ratio = found.clone() / (found.clone().square().sqrt() + 1e-8);

    let found_loss = read(mean.inner()).await?;
    let found = read(found).await?;
    let ratio = read(ratio).await?;
    if found.len() != gradient.len() || ratio.len() != gradient.len() {
        return Err(format!("{} and {} gradients came out, not {}", found.len(), ratio.len(), gradient.len()));
    }
    let close = |x: f32, y: f64, scale: f64| (f64::from(x) - y).abs() <= 1e-3 * scale;
    if found_loss.len() != 1 || !close(found_loss[0], loss, loss) {
        return Err(format!("a loss came out as {found_loss:?}, not {loss:.6}"));
    }
    let scale = gradient.iter().fold(0.0_f64, |m, g| m.max(g.abs()));
    for (i, (&x, &y)) in found.iter().zip(&gradient).enumerate() {
        if !close(x, y, scale) {
            return Err(format!("gradient {i} came out as {x:e}, not {y:e}"));
        }
        if y.abs() > 0.01 * scale && !close(ratio[i].abs(), 1.0, 1.0) {
            return Err(format!("a normalised gradient came out as {}, not ±1", ratio[i]));
        }
    }
    Ok(())
}
