//! Optimisers over one flat parameter tensor, and the running mean of it that some runs show.

use burn::tensor::{Device, Tensor};

use super::visit::{Part, Visit};
use crate::experiment::{AVERAGE, Experiment, Method, PlayerSpec};
use crate::fused;
use crate::kernel::{Adam, Average, Descent, RATES, Update};

/// Which rule turns a gradient into a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rule {
    /// θ ← θ − α g
    Sgd,
    /// v ← μ v + g, θ ← θ − α v; or, from where it is about to be, θ ← θ − α (g + μ v), as in PyTorch.
    Momentum {
        /// μ, in [0, 1).
        mu: f64,
        /// Whether it is Nesterov's.
        ahead: bool,
    },
    /// v ← β₂ v + (1 − β₂) g², θ ← θ − α g / (√v + ε), with ε = 1e-8 outside the root, as in PyTorch.
    RmsProp {
        /// Decay of the mean of squared gradients, in [0, 1).
        beta2: f64,
    },
    /// Kingma and Ba 2015, algorithm 1, with ε = 1e-8.
    Adam {
        /// Decay of the mean of gradients, in [0, 1).
        beta1: f64,
        /// Decay of the mean of squared gradients, in [0, 1).
        beta2: f64,
    },
    /// Daskalakis et al. 2018, “Training GANs with Optimism” (arXiv 1711.00141), algorithm 1: θ ← θ − 2 dₜ + dₜ₋₁, where d is Adam's step.
    Optimistic {
        /// As Adam's.
        beta1: f64,
        /// As Adam's.
        beta2: f64,
    },
}

/// What becomes of a gradient and of weights besides the rule.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Restraint {
    /// How fast weights fall towards 0, times the rate (Loshchilov and Hutter 2019, “Decoupled Weight Decay Regularization”).
    pub decay: f64,
    /// The most that the gradient's norm may be (Pascanu et al. 2013); 0: anything.
    pub most: f64,
}

impl Restraint {
    /// A player's.
    pub fn of(player: &PlayerSpec) -> Self {
        Self { decay: player.decay, most: player.most }
    }

    /// The gradient, no longer than it may be.
    fn shorten(self, gradient: Tensor<1>) -> Tensor<1> {
        if self.most == 0.0 {
            return gradient;
        }
        let length = gradient.clone().square().sum().sqrt();
        // A norm of 0 stays, for the quotient is then above 1.
        let by = (length + 1e-12).recip() * self.most;
        gradient.clone() * by.clamp_max(1.0).expand(gradient.dims())
    }
}

const EPSILON: f64 = 1e-8;

impl Rule {
    /// A player's.
    pub fn of(player: &PlayerSpec) -> Self {
        let [beta1, beta2] = player.betas;
        match player.method {
            Method::Sgd => Self::Sgd,
            Method::Momentum => Self::Momentum { mu: player.momentum, ahead: false },
            Method::Nesterov => Self::Momentum { mu: player.momentum, ahead: true },
            Method::RmsProp => Self::RmsProp { beta2 },
            Method::Adam => Self::Adam { beta1, beta2 },
            Method::Optimistic => Self::Optimistic { beta1, beta2 },
        }
    }

    /// The rule at its `t`-th update, from 1, if it is one that engines have fused.
    fn descent(self, rate: f64, t: u32) -> Option<Descent> {
        let by_moments = |beta1: f64, beta2: f64, rate: f64, epsilon: f64| {
            Descent::Adam(Adam {
                beta1: beta1 as f32,
                rest1: (1.0 - beta1) as f32,
                beta2: beta2 as f32,
                rest2: (1.0 - beta2) as f32,
                rate: rate as f32,
                epsilon: epsilon as f32,
            })
        };
        Some(match self {
            Self::Momentum { .. } | Self::Optimistic { .. } => return None,
            Self::Sgd => Descent::Plain { rate: rate as f32 },
            // Adam without a mean of gradients and without bias corrections.
            Self::RmsProp { beta2 } => by_moments(0.0, beta2, rate, EPSILON),
            Self::Adam { beta1, beta2 } => {
                // θ − α m̂ / (√v̂ + ε) with the bias corrections moved into two host scalars.
                let t = f64::from(t);
                let correction = (1.0 - libm::pow(beta2, t)).sqrt();
                by_moments(beta1, beta2, rate * correction / (1.0 - libm::pow(beta1, t)), EPSILON * correction)
            }
        })
    }

    /// Whether the first moment is kept, and the second.
    fn moments(self) -> [bool; 2] {
        match self {
            Self::Sgd => [false, false],
            Self::Momentum { .. } => [true, false],
            Self::RmsProp { .. } | Self::Adam { .. } | Self::Optimistic { .. } => [true, true],
        }
    }
}

/// The running mean of parameters that an optimiser keeps beside them: θ̄ ← d θ̄ + (1 − d) θ after each update, from the
/// initial ones on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mean {
    /// d, in (0, 1); 0 keeps none.
    pub decay: f64,
    /// Whether it follows quickly at first: at update t, d is at most (1 + t) / (10 + t).
    pub warm: bool,
}

impl Mean {
    /// None is kept.
    pub const NONE: Self = Self { decay: 0.0, warm: false };

    /// That of G's weights. In version 1 of links it does not warm up, and lags early.
    pub fn of_generator(experiment: &Experiment) -> Self {
        Self { decay: experiment.get(&AVERAGE), warm: experiment.version >= 2 }
    }

    /// At the `t`-th update, from 1.
    fn at(self, t: u32) -> Option<Average> {
        let t = f64::from(t);
        let most = if self.warm { (1.0 + t) / (10.0 + t) } else { 1.0 };
        // Both from the rounded decay: they sum to one exactly, or a long memory would shrink what it averages.
        let decay = self.decay.min(most) as f32;
        (decay > 0.0).then_some(Average { decay, rest: 1.0 - decay })
    }

    /// Whether there is one.
    pub fn is_kept(self) -> bool {
        self.decay as f32 > 0.0
    }
}

/// A rule, its learning rate and its state.
pub struct Optimiser {
    rule: Rule,
    rate: f64,
    restraint: Restraint,
    mean: Mean,
    updates: u32,
    /// The parameters' running mean, and the moments of the gradient: empty tensors where they are not used.
    kept: Option<[Tensor<1>; 3]>,
    rates: Option<Rates>,
}

/// The rates of [`AHEAD`] updates on a device, each where a tensor may begin without a copy.
struct Rates {
    /// The update that the first of them is for.
    from: u32,
    block: Tensor<1>,
}

/// Updates whose rates are uploaded at once.
const AHEAD: u32 = 64;

/// Parameters and the moments of their gradient as they would be, or what is owed to each of them.
#[derive(Clone)]
pub struct Foreseen {
    /// The parameters.
    pub parameters: Tensor<1>,
    /// The moments; nothing where there are none.
    pub(super) moments: [Option<Tensor<1>>; 2],
    /// Updates until then.
    pub(super) updates: u32,
}

impl Foreseen {
    /// A gradient in the parameters, and none in the moments.
    pub fn owing(&self, parameters: Tensor<1>) -> Self {
        let moments = self.moments.each_ref().map(|kept| kept.as_ref().map(Tensor::zeros_like));
        Self { parameters, moments, updates: self.updates }
    }
}

/// Keeps the root of a mean of squares that are all 0 from having no slope, and is far below any other.
const BELOW: f64 = 1e-30;

impl Optimiser {
    /// An optimiser that has made no update yet.
    pub fn new(rule: Rule, rate: f64, mean: Mean) -> Self {
        Self { rule, rate, restraint: Restraint::default(), mean, updates: 0, kept: None, rates: None }
    }

    /// A player's.
    pub fn of(player: &PlayerSpec, mean: Mean) -> Self {
        Self::new(Rule::of(player), player.rate, mean).with(Restraint::of(player))
    }

    /// The same with a restraint.
    pub fn with(self, restraint: Restraint) -> Self {
        Self { restraint, ..self }
    }

    /// Goes on with other settings from the next update. Moments of another rule say nothing, so they begin anew; a running
    /// mean that is asked for only now begins at `parameters`.
    pub fn tune(&mut self, to: Self, parameters: &Tensor<1>) {
        let before = std::mem::replace(self, to);
        let same = std::mem::discriminant(&before.rule) == std::mem::discriminant(&self.rule);
        self.updates = if same { before.updates } else { 0 };
        let mean = if before.mean.is_kept() { before.kept.as_ref().map(|[mean, ..]| mean.clone()) } else { None };
        self.kept = before.kept.map(|[_, first, second]| {
            let [own, zero, zeros] = self.fresh(parameters);
            let [first, second] = if same { [first, second] } else { [zero, zeros] };
            [mean.filter(|_| self.mean.is_kept()).unwrap_or(own), first, second]
        });
    }

    /// Sets the rate from the next update on.
    pub fn set_rate(&mut self, rate: f64) {
        if rate != self.rate {
            self.rate = rate;
            self.rates = None;
        }
    }

    /// One update: the new parameters. Both tensors are flat and of one length.
    pub fn update(&mut self, parameters: Tensor<1>, gradient: Tensor<1>) -> Tensor<1> {
        self.updates += 1;
        let gradient = self.restraint.shorten(gradient);
        let parameters = match self.rate * self.restraint.decay {
            0.0 => parameters,
            by => parameters * (1.0 - by),
        };
        let [average, first, second] = self.kept.take().unwrap_or_else(|| self.fresh(&parameters));
        let (device, state) = (parameters.device(), [parameters, average, first, second]);
        let [parameters, kept @ ..] = match self.at(self.updates) {
            None => {
                let [parameters, average, first, second] = state;
                let moved = self.rare_update([parameters, first, second], gradient, self.updates, 0.0);
                let [parameters, first, second] = moved;
                let average = match self.mean.at(self.updates) {
                    Some(by) => average * by.decay + parameters.clone() * by.rest,
                    None => average,
                };
                [parameters, average, first, second]
            }
            Some(by) if fused::available(&device) => {
                let rates = fused::rates_by_tensor(&device).then(|| self.rates(&device));
                fused::update(state, gradient, rates, by)
            }
            Some(by) => plain_update(state, gradient, by),
        };
        self.kept = Some(kept);
        parameters
    }

    /// The `t`-th update, from 1, by a rule that engines have fused.
    fn at(&self, t: u32) -> Option<Update> {
        Some(Update { descent: self.rule.descent(self.rate, t)?, average: self.mean.at(t) })
    }

    /// The `t`-th update by another rule, of burn's own operations, with `tiny` added beneath roots.
    fn rare_update(&self, state: [Tensor<1>; 3], gradient: Tensor<1>, t: u32, tiny: f64) -> [Tensor<1>; 3] {
        let [parameters, first, second] = state;
        match self.rule {
            Rule::Momentum { mu, ahead } => {
                let first = first * mu + gradient.clone();
                let step = if ahead { gradient + first.clone() * mu } else { first.clone() };
                [parameters - step * self.rate, first, second]
            }
            Rule::Optimistic { beta1, beta2 } => {
                // Adam's step by moments at their t-th update; before the first one there is none.
                let step = |t: u32, first: &Tensor<1>, second: &Tensor<1>| {
                    let [c1, c2] = [beta1, beta2].map(|beta| 1.0 - libm::pow(beta, f64::from(t)));
                    first.clone() / ((second.clone() / c2 + tiny).sqrt() + EPSILON) * (self.rate / c1)
                };
                let last = (t > 1).then(|| step(t - 1, &first, &second));
                let first = first * beta1 + gradient.clone() * (1.0 - beta1);
                let second = second * beta2 + gradient.square() * (1.0 - beta2);
                let parameters = parameters - step(t, &first, &second) * 2.0;
                [last.map_or_else(|| parameters.clone(), |last| parameters.clone() + last), first, second]
            }
            Rule::Sgd | Rule::RmsProp { .. } | Rule::Adam { .. } => unreachable!("engines have it"),
        }
    }

    /// Where parameters stand, to be looked ahead from.
    pub fn here(&self, parameters: &Tensor<1>) -> Foreseen {
        let [_, first, second] = self.kept.clone().unwrap_or_else(|| self.fresh(parameters));
        let [one, two] = self.rule.moments();
        let moments = [one.then_some(first), two.then_some(second)];
        Foreseen { parameters: parameters.clone(), moments, updates: self.updates }
    }

    /// What another update would make of them, by operations through which gradients come; `clip`: the most that a weight may be.
    pub fn ahead(&self, from: Foreseen, gradient: Tensor<1>, clip: Option<f64>) -> Foreseen {
        let Foreseen { parameters, moments, updates } = from;
        let (updates, gradient) = (updates + 1, self.restraint.shorten(gradient));
        let kept = moments.each_ref().map(Option::is_some);
        let [first, second] = moments.map(|kept| kept.unwrap_or_else(|| gradient.zeros_like()));
        let parameters = parameters * (1.0 - self.rate * self.restraint.decay);
        let [parameters, first, second] = match self.rule.descent(self.rate, updates) {
            Some(Descent::Plain { rate }) => [parameters - gradient * rate, first, second],
            Some(Descent::Adam(by)) => {
                let squares = gradient.clone() * gradient.clone() * by.rest2;
                let first = first * by.beta1 + gradient * by.rest1;
                let second = second * by.beta2 + squares;
                let step = first.clone() / ((second.clone() + BELOW).sqrt() + by.epsilon) * by.rate;
                [parameters - step, first, second]
            }
            None => self.rare_update([parameters, first, second], gradient, updates, BELOW),
        };
        let parameters = clip.map_or(parameters.clone(), |most| parameters.clamp(-most, most));
        let [one, two] = kept;
        Foreseen { parameters, moments: [one.then_some(first), two.then_some(second)], updates }
    }

    /// The gradients of [`Optimiser::ahead`] in what it is given, from those in what it gives: in where parameters stand, and in their
    /// gradient.
    pub fn back(
        &self,
        from: Foreseen,
        gradient: Tensor<1>,
        owed: Foreseen,
        clip: Option<f64>,
    ) -> (Foreseen, Tensor<1>) {
        let leaf = |of: Tensor<1>| of.autodiff().require_grad();
        let at = Foreseen { parameters: leaf(from.parameters), moments: from.moments.map(|m| m.map(leaf)), ..from };
        let gradient = leaf(gradient);
        let next = self.ahead(at.clone(), gradient.clone(), clip);
        let part = |of: Tensor<1>, owed: Tensor<1>| (of * owed.autodiff()).sum();
        let moments = next.moments.into_iter().zip(owed.moments).filter_map(|(of, owed)| Some(part(of?, owed?)));
        let all = moments.fold(part(next.parameters, owed.parameters), |sum, part| sum + part);
        let gradients = all.backward();
        let of = |leaf: &Tensor<1>| leaf.grad(&gradients).unwrap_or_else(|| leaf.clone().inner().zeros_like());
        let moments = at.moments.each_ref().map(|kept| kept.as_ref().map(of));
        (Foreseen { parameters: of(&at.parameters), moments, updates: at.updates }, of(&gradient))
    }

    /// What changes in this update, `[1, RATES]`.
    fn rates(&mut self, device: &Device) -> Tensor<2> {
        let t = self.updates;
        let ready = self.rates.take().filter(|rates| (rates.from..rates.from + AHEAD).contains(&t));
        let rates = ready.unwrap_or_else(|| {
            let mut numbers = vec![0.0; AHEAD as usize * fused::ALIGNMENT];
            for (to, t) in numbers.chunks_exact_mut(fused::ALIGNMENT).zip(t..) {
                to[..RATES].copy_from_slice(&self.at(t).expect("a fused rule").rates());
            }
            Rates { from: t, block: crate::device::flat(numbers, device) }
        });
        let rates = self.rates.insert(rates);
        fused::rows(&rates.block, (t - rates.from) as usize * fused::ALIGNMENT, [1, RATES])
    }

    /// What is kept before the first update: the running mean and the moments; empty where there is none.
    fn fresh(&self, parameters: &Tensor<1>) -> [Tensor<1>; 3] {
        let none = || Tensor::empty([1], &parameters.device());
        let average = if self.mean.is_kept() { parameters.clone() } else { none() };
        let [first, second] = self.rule.moments().map(|kept| if kept { parameters.zeros_like() } else { none() });
        [average, first, second]
    }

    /// The parameters' running mean, after the first update and if one is kept.
    pub fn average(&self) -> Option<&Tensor<1>> {
        self.kept.as_ref().filter(|_| self.mean.is_kept()).map(|[average, ..]| average)
    }

    /// How the running mean followed at the last update, if one is kept.
    pub fn decay(&self) -> Option<Average> {
        self.mean.at(self.updates)
    }

    /// Updates so far, under this rule.
    pub fn updates(&self) -> u32 {
        self.updates
    }

    /// Shows what it holds besides its settings. What was kept of weights alone comes back with the moments that there are.
    pub fn visit(&mut self, name: &str, visit: &mut dyn Visit, parameters: &Tensor<1>) {
        visit.count(&format!("{name}.updates"), &mut self.updates);
        let [first, second] = self.rule.moments();
        let used = [self.mean.is_kept(), first, second];
        let names = [("average", Part::Mean), ("first", Part::Moment), ("second", Part::Moment)];
        let mut parts = self.kept.take().map(|kept| kept.map(Some)).unwrap_or_default();
        let mut any = false;
        for ((part, (what, kind)), _) in parts.iter_mut().zip(names).zip(used).filter(|(_, used)| *used) {
            visit.tensor(&format!("{name}.{what}"), kind, part);
            any |= part.is_some();
        }
        if any {
            // Before the first update, the mean is the weights themselves.
            let mut fresh = None;
            let kept = parts.into_iter().enumerate();
            let kept = kept.map(|(i, part)| {
                part.unwrap_or_else(|| fresh.get_or_insert_with(|| self.fresh(parameters))[i].clone())
            });
            self.kept = kept.collect::<Vec<_>>().try_into().ok();
        }
    }

    /// Whether it could hold what it does, beside so many parameters after so many steps.
    pub fn is_sound(&self, steps: u64, parameters: usize) -> bool {
        // The count begins anew with another rule, so what there is may be older than the first update counted.
        let holds = |tensor: &Tensor<1>, kept: bool| !kept || tensor.dims() == [parameters];
        let sizes = |[average, first, second]: &[Tensor<1>; 3]| {
            let [one, two] = self.rule.moments();
            holds(average, self.mean.is_kept()) && holds(first, one) && holds(second, two)
        };
        let anything = self.mean.is_kept() || self.rule.moments() != [false; 2];
        let complete = self.updates == 0 || !anything || self.kept.is_some();
        // No more updates than the range of fields allows, and moves by hand that are no steps, more than anybody makes.
        complete
            && self.kept.as_ref().is_none_or(sizes)
            && u64::from(self.updates) <= steps.saturating_add(1_000_000).saturating_mul(10)
    }
}

/// An update composed from burn's own operations. What the fused operation is checked against.
pub fn plain_update(state: [Tensor<1>; 4], gradient: Tensor<1>, by: Update) -> [Tensor<1>; 4] {
    let [parameters, average, first, second] = state;
    let (parameters, first, second) = match by.descent {
        Descent::Plain { rate } => (parameters - gradient * rate, first, second),
        Descent::Adam(by) => {
            let squares = gradient.clone().square() * by.rest2;
            let first = first * by.beta1 + gradient * by.rest1;
            let second = second * by.beta2 + squares;
            let step = first.clone() / (second.clone().sqrt() + by.epsilon) * by.rate;
            (parameters - step, first, second)
        }
    };
    let average = match by.average {
        Some(by) => average * by.decay + parameters.clone() * by.rest,
        None => average,
    };
    [parameters, average, first, second]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The decay of the running mean.
    const DECAY: f64 = 0.75;

    /// Runs `updates` updates of f(x) = x²/2 (gradient x), next to a float64 reference of the textbook form: x and its
    /// running mean, each as found and as it should be.
    fn against_the_textbook(rule: Rule, warm: bool, from: f32, updates: i32) -> [(f64, f64); 2] {
        let device = Device::flex();
        let mut optimiser = Optimiser::new(rule, 0.1, Mean { decay: DECAY, warm });
        let mut x = Tensor::<1>::from_floats([from], &device);
        let (mut y, mut m, mut v) = (f64::from(from), 0.0, 0.0);
        let (mut mean, mut last) = (y, 0.0);
        for t in 1..=updates {
            x = optimiser.update(x.clone(), x);
            match rule {
                Rule::Sgd => y -= 0.1 * y,
                Rule::Momentum { mu, ahead } => {
                    let g = y;
                    m = mu * m + g;
                    y -= 0.1 * if ahead { g + mu * m } else { m };
                }
                Rule::Optimistic { beta1, beta2 } => {
                    m = beta1 * m + (1.0 - beta1) * y;
                    v = beta2 * v + (1.0 - beta2) * y * y;
                    let (mh, vh) = (m / (1.0 - beta1.powi(t)), v / (1.0 - beta2.powi(t)));
                    let step = 0.1 * mh / (vh.sqrt() + EPSILON);
                    y += last - 2.0 * step;
                    last = step;
                }
                Rule::RmsProp { beta2 } => {
                    v = beta2 * v + (1.0 - beta2) * y * y;
                    y -= 0.1 * y / (v.sqrt() + EPSILON);
                }
                Rule::Adam { beta1, beta2 } => {
                    m = beta1 * m + (1.0 - beta1) * y;
                    v = beta2 * v + (1.0 - beta2) * y * y;
                    let (mh, vh) = (m / (1.0 - beta1.powi(t)), v / (1.0 - beta2.powi(t)));
                    y -= 0.1 * mh / (vh.sqrt() + EPSILON);
                }
            }
            let decay = if warm { DECAY.min(f64::from(1 + t) / f64::from(10 + t)) } else { DECAY };
            mean = decay * mean + (1.0 - decay) * y;
        }
        let average = optimiser.average().expect("one is kept").clone();
        [(f64::from(x.into_scalar::<f32>()), y), (f64::from(average.into_scalar::<f32>()), mean)]
    }

    #[test]
    fn updates_are_those_of_the_textbook() {
        for rule in [
            Rule::Sgd,
            Rule::Momentum { mu: 0.9, ahead: false },
            Rule::Momentum { mu: 0.9, ahead: true },
            Rule::Optimistic { beta1: 0.5, beta2: 0.9 },
            Rule::RmsProp { beta2: 0.9 },
            Rule::Adam { beta1: 0.9, beta2: 0.999 },
            Rule::Adam { beta1: 0.0, beta2: 0.9 },
        ] {
            // The last start is as small as ε, so that its place shows.
            for (from, updates) in [(1.0, 1), (1.0, 2), (1.0, 25), (3e-8, 1)] {
                let both = [true, false].map(|warm| against_the_textbook(rule, warm, from, updates));
                for (found, expected) in both.into_iter().flatten() {
                    let off = (found - expected).abs();
                    assert!(off < 1e-5, "{rule:?} from {from} after {updates}: {found}, not {expected}");
                }
            }
        }
    }

    #[test]
    fn settings_change_between_updates() {
        let device = Device::flex();
        let adam = Rule::Adam { beta1: 0.5, beta2: 0.9 };
        let x = Tensor::<1>::from_floats([1.0], &device);
        let step = |o: &mut Optimiser, x: &Tensor<1>| o.update(x.clone(), x.clone());
        let value = |x: &Tensor<1>| x.clone().into_scalar::<f32>();

        // Moments of the same rule stay: a rate of 0 in between leaves the next step as if nothing had happened.
        let (mut straight, mut tuned) = (Optimiser::new(adam, 0.1, Mean::NONE), Optimiser::new(adam, 0.1, Mean::NONE));
        let (a, b) = (step(&mut straight, &x), step(&mut tuned, &x));
        tuned.tune(Optimiser::new(adam, 0.1, Mean::NONE), &b);
        assert_eq!(value(&step(&mut straight, &a)), value(&step(&mut tuned, &b)));

        // Another rule begins like a new one.
        let mut changed = Optimiser::new(Rule::Sgd, 0.1, Mean::NONE);
        let b = step(&mut changed, &x);
        changed.tune(Optimiser::new(adam, 0.1, Mean::NONE), &b);
        assert_eq!(value(&step(&mut changed, &b)), value(&step(&mut Optimiser::new(adam, 0.1, Mean::NONE), &b)));

        // A mean that is asked for now begins here; one that is given up is gone.
        changed.tune(Optimiser::new(adam, 0.1, Mean { decay: 0.5, warm: false }), &b);
        let c = step(&mut changed, &b);
        assert_eq!(value(changed.average().unwrap()), 0.5 * value(&b) + 0.5 * value(&c));
        changed.tune(Optimiser::new(adam, 0.1, Mean::NONE), &c);
        assert!(changed.average().is_none());
    }

    #[test]
    fn restraints_shorten_gradients_and_draw_weights_to_zero() {
        let device = Device::flex();
        let step = |restraint: Restraint, gradient: [f32; 2]| -> Vec<f32> {
            let mut optimiser = Optimiser::new(Rule::Sgd, 0.5, Mean::NONE).with(restraint);
            let (x, g) = (Tensor::<1>::from_floats([1.0, -2.0], &device), Tensor::from_floats(gradient, &device));
            optimiser.update(x, g).into_data().try_to_vec().unwrap()
        };
        // A gradient of length 5 becomes one of length 1; one of length ½ stays.
        let most = Restraint { most: 1.0, ..Restraint::default() };
        let close = |found: Vec<f32>, expected: [f32; 2]| {
            assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{found:?}, not {expected:?}");
        };
        close(step(most, [3.0, -4.0]), [1.0 - 0.5 * 0.6, -2.0 + 0.5 * 0.8]);
        close(step(most, [0.3, -0.4]), [1.0 - 0.5 * 0.3, -2.0 + 0.5 * 0.4]);
        close(step(most, [0.0, 0.0]), [1.0, -2.0]);
        // Weights fall by rate times decay, whatever the gradient.
        let decay = Restraint { decay: 0.1, ..Restraint::default() };
        close(step(decay, [0.0, 2.0]), [0.95, -1.9 - 1.0]);
    }

    #[test]
    fn a_long_memory_does_not_shrink_what_it_averages() {
        let device = Device::flex();
        let mut optimiser = Optimiser::new(Rule::Sgd, 0.1, Mean { decay: 0.9999, warm: false });
        let mut x = Tensor::<1>::from_floats([1.0, -3.7], &device);
        for _ in 0..40_000 {
            x = optimiser.update(x, Tensor::zeros([2], &device));
        }
        let mean: Vec<f32> = optimiser.average().unwrap().clone().into_data().try_to_vec().unwrap();
        assert!((mean[0] - 1.0).abs() < 2e-5 && (mean[1] + 3.7).abs() < 8e-5, "{mean:?}");
    }

    #[test]
    fn rates_uploaded_ahead_are_those_of_each_update() {
        let device = Device::flex();
        let rule = Rule::Adam { beta1: 0.5, beta2: 0.999 };
        let mut optimiser = Optimiser::new(rule, 0.1, Mean { decay: 0.9, warm: true });
        // One after the other over several blocks, then from where a saved run goes on, and back.
        for t in (1..=2 * AHEAD + 3).chain([1000, 1001, 5]) {
            optimiser.updates = t;
            let rates: Vec<f32> = optimiser.rates(&device).into_data().try_to_vec().unwrap();
            assert_eq!(rates, optimiser.at(t).unwrap().rates(), "update {t}");
        }
    }

    #[test]
    fn without_a_decay_there_is_no_running_mean() {
        let mut optimiser = Optimiser::new(Rule::Sgd, 0.1, Mean::NONE);
        let x = Tensor::<1>::from_floats([1.0], &Device::flex());
        optimiser.update(x.clone(), x);
        assert!(optimiser.average().is_none());
    }
}
