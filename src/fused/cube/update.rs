//! Updates in place, one number by each unit.

use burn_cubecl::cubecl::{self, prelude::*};
use burn_cubecl::{CubeBackend, tensor::CubeTensor};

use super::{UNITS, count, cubes, units};
use crate::fused::Moving;
use crate::kernel::{Adam, Descent, RATES, Update};

/// What the shader is told, the same in every step, so that cubecl keeps it on the device: the decays of [`Adam`], of which
/// plain descent uses none.
#[derive(CubeType, CubeLaunch, Clone, Copy)]
struct By {
    beta1: f32,
    rest1: f32,
    beta2: f32,
    rest2: f32,
}

/// One update, in place. `rates`: what changes from update to update, see [`Update::rates`].
pub fn launch(state: &Moving<CubeBackend>, gradient: CubeTensor, rates: CubeTensor, by: Update) {
    let Moving { parameters, first, second, average } = state;
    let n = count(parameters);
    let (adam, [beta1, rest1, beta2, rest2]) = match by.descent {
        Descent::Plain { .. } => (false, [0.0; 4]),
        Descent::Adam(Adam { beta1, rest1, beta2, rest2, .. }) => (true, [beta1, rest1, beta2, rest2]),
    };
    let averaged = by.average.is_some();
    let used = [(true, &gradient), (adam, first), (adam, second), (averaged, average)];
    assert!(used.iter().all(|(used, tensor)| !used || count(tensor) == n), "all of one length");
    assert_eq!(count(&rates), RATES, "what changes");
    let [p, m, v, a] = [parameters, first, second, average].map(|tensor| tensor.clone().into_buffer_arg());
    let [gradient, rates] = [gradient, rates].map(CubeTensor::into_buffer_arg);
    let (client, cubes) = (&parameters.client, cubes(n.div_ceil(UNITS)));
    let by = ByLaunch::new(beta1, rest1, beta2, rest2);
    // SAFETY: the shader reads and writes nothing past `n`, the length of all that it uses, and four rates.
    unsafe {
        moved::launch_unchecked(client, cubes, units(), gradient, rates, p, m, v, a, n as u32, by, adam, averaged)
    }
}

#[cube(launch_unchecked)]
fn moved(
    gradient: &[f32],
    rates: &[f32],
    parameters: &mut [f32],
    first: &mut [f32],
    second: &mut [f32],
    average: &mut [f32],
    n: u32,
    by: &By,
    #[comptime] adam: bool,
    #[comptime] averaged: bool,
) {
    let i = ABSOLUTE_POS;
    if i < n as usize {
        let mut step = gradient[i];
        if comptime!(adam) {
            let m = first[i] * by.beta1 + step * by.rest1;
            let v = second[i] * by.beta2 + step * step * by.rest2;
            first[i] = m;
            second[i] = v;
            step = m / (v.sqrt() + rates[1]);
        }
        let p = parameters[i] - step * rates[0];
        parameters[i] = p;
        if comptime!(averaged) {
            average[i] = average[i] * rates[2] + p * rates[3];
        }
    }
}
