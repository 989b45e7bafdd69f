//! Updates in place, one number by each unit.

use burn_cubecl::cubecl::{self, prelude::*};
use burn_cubecl::{CubeBackend, tensor::CubeTensor};

use super::{UNITS, count, cubes, units};
use crate::fused::Moving;
use crate::kernel::Adam;

/// [`Adam`] for the shader.
#[derive(CubeType, CubeLaunch, Clone, Copy)]
struct AdamBy {
    beta1: f32,
    rest1: f32,
    beta2: f32,
    rest2: f32,
    rate: f32,
    epsilon: f32,
}

/// One update by Adam, in place.
pub fn adam(state: &Moving<CubeBackend>, gradient: CubeTensor, by: Adam) {
    let Moving { parameters, first, second } = state;
    let n = count(parameters);
    assert!([first, second, &gradient].iter().all(|tensor| count(tensor) == n), "all of one length");
    let [p, m, v] = [parameters, first, second].map(|tensor| tensor.clone().into_buffer_arg());
    let (client, cubes, gradient) = (&parameters.client, cubes(n.div_ceil(UNITS)), gradient.into_buffer_arg());
    let by = AdamByLaunch::new(by.beta1, by.rest1, by.beta2, by.rest2, by.rate, by.epsilon);
    // SAFETY: the shader reads and writes nothing past `n`, the length of each.
    unsafe { adam_at::launch_unchecked(client, cubes, units(), gradient, p, m, v, n as u32, by) }
}

/// One update by gradient descent, in place.
pub fn sgd(parameters: &CubeTensor, gradient: CubeTensor, rate: f32) {
    let n = count(parameters);
    assert_eq!(n, count(&gradient), "both of one length");
    let [p, gradient] = [parameters.clone(), gradient].map(CubeTensor::into_buffer_arg);
    // SAFETY: the shader reads and writes nothing past `n`, the length of both.
    unsafe {
        sgd_at::launch_unchecked(&parameters.client, cubes(n.div_ceil(UNITS)), units(), gradient, p, n as u32, rate);
    }
}

#[cube(launch_unchecked)]
fn adam_at(gradient: &[f32], parameters: &mut [f32], first: &mut [f32], second: &mut [f32], n: u32, by: &AdamBy) {
    let i = ABSOLUTE_POS;
    if i < n as usize {
        let g = gradient[i];
        let m = first[i] * by.beta1 + g * by.rest1;
        let v = second[i] * by.beta2 + g * g * by.rest2;
        first[i] = m;
        second[i] = v;
        parameters[i] -= m / (v.sqrt() + by.epsilon) * by.rate;
    }
}

#[cube(launch_unchecked)]
fn sgd_at(gradient: &[f32], parameters: &mut [f32], n: u32, rate: f32) {
    let i = ABSOLUTE_POS;
    if i < n as usize {
        parameters[i] -= gradient[i] * rate;
    }
}
