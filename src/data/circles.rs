//! Two concentric circles: scikit-learn's `make_circles`, with factor .5 and noise .08 (FFJORD's choice).
//!
//! With t uniform in [0, 2π): r (cos t, sin t) + .08 ε, r = 1 or, as likely, ½. The distance from the centre has a Rice
//! distribution, so the density is p(x) = ½ Σ_r exp(−(ρ² + r²)/2σ²) I₀(ρr/σ²) / 2πσ² with ρ = |x|.

use std::f64::consts::TAU;

use super::{Dataset, PointSet, Scale, Source, square};
use crate::rng::Rng;
use crate::text::text;

const RADII: [f64; 2] = [1.0, 0.5];
const NOISE: f64 = 0.08;

struct Circles;

impl PointSet for Circles {
    fn draw(&self, rng: &mut Rng) -> ([f64; 2], u8) {
        let which = rng.below(2);
        let (sin, cos) = libm::sincos(TAU * rng.uniform());
        ([cos, sin].map(|x| RADII[which] * x + NOISE * rng.normal()), which as u8)
    }

    fn classes(&self) -> usize {
        2
    }

    fn density(&self, x: [f64; 2]) -> Option<f64> {
        let rho = (x[0] * x[0] + x[1] * x[1]).sqrt();
        let variance = NOISE * NOISE;
        let one = |r: f64| {
            // exp(−(ρ² + r²)/2σ²) exp(ρr/σ²) = exp(−(ρ − r)²/2σ²): scaled, so that nothing overflows.
            let gap = (rho - r) / NOISE;
            libm::exp(-0.5 * gap * gap) * scaled_bessel_i0(rho * r / variance) / (TAU * variance)
        };
        Some(0.5 * (one(RADII[0]) + one(RADII[1])))
    }

    fn extent(&self) -> [f64; 4] {
        square([0.0; 2], 1.5)
    }

    fn scale(&self) -> Scale {
        Scale { centre: [0.0; 2], unit: 0.6 }
    }
}

/// exp(−x) I₀(x) for x ≥ 0, I₀ the modified Bessel function of the first kind; relative error below 3e-7.
///
/// Abramowitz and Stegun, Handbook of Mathematical Functions, 9.8.1 and 9.8.2.
fn scaled_bessel_i0(x: f64) -> f64 {
    const SMALL: [f64; 7] = [1.0, 3.5156229, 3.0899424, 1.2067492, 0.2659732, 0.0360768, 0.0045813];
    const LARGE: [f64; 9] =
        [0.39894228, 0.01328592, 0.00225319, -0.00157565, 0.00916281, -0.02057706, 0.02635537, -0.01647633, 0.00392377];
    let polynomial = |coefficients: &[f64], t: f64| coefficients.iter().rev().fold(0.0, |sum, c| sum * t + c);
    let t = x / 3.75;
    if t < 1.0 { libm::exp(-x) * polynomial(&SMALL, t * t) } else { polynomial(&LARGE, 1.0 / t) / x.sqrt() }
}

/// The two circles.
pub static DATASET: Dataset = Dataset {
    name: "circles",
    title: text("Two circles", "两个圆"),
    about: text(
        "One circle inside another: two closed bands that a single sheet of noise has to cover.",
        "一个圆套在另一个圆里：一整片噪声要覆盖两条闭合的带。",
    ),
    cite: "Pedregosa et al., scikit-learn, 2011 (make_circles, factor 0.5, noise 0.08)",
    source: Source::Points(&Circles),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bessel_i0_agrees_with_its_integral() {
        // I₀(x) = (1/π) ∫₀^π exp(x cos t) dt; the midpoint rule converges exponentially.
        for x in [0.0, 0.3, 1.0, 3.7, 3.8, 10.0, 150.0] {
            let n = 400;
            let mean = (0..n)
                .map(|k| {
                    let t = std::f64::consts::PI * (f64::from(k) + 0.5) / f64::from(n);
                    libm::exp(x * (libm::cos(t) - 1.0))
                })
                .sum::<f64>()
                / f64::from(n);
            let value = scaled_bessel_i0(x);
            assert!((value / mean - 1.0).abs() < 5e-7, "I0 at {x}: {value} against {mean}");
        }
    }
}
