//! How players take their turns, besides following the slope of their own loss.

use burn::tensor::Tensor;

use super::game::Adversarial;
use crate::experiment::{CONSENSUS, EXTRAGRADIENT, Experiment, Extragradient, UNROLL};
use crate::nn::{gradients, sway, sway_both};

/// What a turn is taken by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Manner {
    /// Through how many updates of D, which would answer its samples, G looks ahead: see [`super::unrolled`].
    pub unroll: usize,
    /// Whether both look where a step of both would lead, and move by the slope there. Korpelevich 1976; with any optimiser, Gidel et al. 2019,
    /// “A Variational Inequality Perspective on Generative Adversarial Networks” (arXiv 1802.10551), algorithm 4, here in turns.
    pub extragradient: bool,
    /// The weight of ½‖v‖² in what both minimise, v being both slopes: Mescheder et al. 2017, “The Numerics of GANs” (arXiv 1705.10461).
    pub consensus: f64,
    /// Which share of the penalty is left.
    pub eased: f64,
}

impl Default for Manner {
    fn default() -> Self {
        Self { unroll: 0, extragradient: false, consensus: 0.0, eased: 1.0 }
    }
}

impl Manner {
    /// That of an experiment, of a family that knows of it, before any of the penalty has gone.
    pub fn of(e: &Experiment) -> Self {
        Self {
            unroll: e.find(&UNROLL).unwrap_or(0) as usize,
            extragradient: e.find(&EXTRAGRADIENT) == Some(Extragradient::On),
            consensus: e.find(&CONSENSUS).unwrap_or(0.0),
            eased: 1.0,
        }
    }

    /// Whether G's turn takes real samples, whatever the objective.
    pub fn takes_real(self) -> bool {
        self.unroll > 0 || self.extragradient || self.consensus > 0.0
    }
}

/// What a turn is taken from, as the manner has it.
pub(super) struct Stance {
    /// Where both players stood, G and D, if they look at where a step would lead.
    home: Option<[Tensor<1>; 2]>,
    /// What consensus adds to the gradients of both, G and D.
    dissent: Option<[Tensor<1>; 2]>,
}

impl Adversarial {
    /// Before a turn, whose real samples are there if the manner takes some.
    ///
    /// # Shapes
    /// - `noise`: `[rows, latent]`; `real`: `[rows, features]`
    pub(super) fn stance(&mut self, noise: &Tensor<2>, real: Option<&Tensor<2>>) -> Stance {
        let Manner { extragradient, consensus, .. } = self.manner;
        let home = real.filter(|_| extragradient).map(|real| self.look_ahead(noise, real));
        let dissent = real.filter(|_| consensus > 0.0).map(|real| self.dissent(noise, real));
        Stance { home, dissent }
    }

    /// After it: both players are where they stood, and `of`, 0 for G and 1 for D, moves by what is given.
    pub(super) fn moved_by(&mut self, stance: Stance, of: usize, gradient: Tensor<1>) -> Tensor<1> {
        if let Some([g, d]) = stance.home {
            (self.generator.parameters, self.discriminator.parameters) = (g, d);
        }
        match stance.dissent {
            Some(dissent) => gradient + dissent[of].clone() * self.manner.consensus,
            None => gradient,
        }
    }

    /// Moves both players where a step of both would lead, and gives where they stood, G and D; nothing is remembered of it.
    ///
    /// # Shapes
    /// - `noise`: `[rows, latent]`; `real`: `[rows, features]`
    fn look_ahead(&mut self, noise: &Tensor<2>, real: &Tensor<2>) -> [Tensor<1>; 2] {
        let [of_d, of_g] = self.slopes(noise.clone(), real.clone(), None);
        [(&mut self.generator, of_g), (&mut self.discriminator, of_d)].map(|(player, slope)| {
            let from = player.parameters.clone();
            let ahead = player.optimiser.ahead(player.optimiser.here(&from), slope, None);
            player.parameters = ahead.parameters;
            from
        })
    }

    /// The gradient of ½‖v‖² in the weights of both players, G and D: the slope of each loss along u is ‖∇L‖² where u is ∇L, and its
    /// gradient, u being held, that of half of it.
    ///
    /// # Shapes
    /// - as [`Self::look_ahead`]
    fn dissent(&self, noise: &Tensor<2>, real: &Tensor<2>) -> [Tensor<1>; 2] {
        let slopes = self.slopes(noise.clone(), real.clone(), None);
        let (g, d) = (self.generator.net.as_ref(), self.discriminator.net.as_ref());
        let [u_d, u_g] = slopes;
        let (along_d, along_g) = (d.layout().constants(&u_d), g.layout().constants(&u_g));
        let (of_g, of_d) = (self.generator.leaves(), self.discriminator.leaves());
        let real = self.pack.whole(real.clone()).autodiff();
        let [fake, moved] = sway(g, &of_g, &along_g, noise.clone().autodiff()).map(|rows| self.pack.whole(rows));
        let count = real.dims()[0];
        let [scores, slopes] = sway_both(d, &of_d, &along_d, [real, fake.clone()]);
        let others = self.stakes.compares().then(|| scores.clone().slice(0..count));
        let loss_of_d = self.stakes.slope_of_discriminator(scores.clone(), slopes, count);
        let rows = scores.dims()[0];
        let tangent = d.tangent(&of_d, fake, moved);
        let loss_of_g = self.stakes.slope_of_generator(scores.slice(count..rows), tangent, others);
        let found = gradients(&[of_g, of_d], &(loss_of_d + loss_of_g));
        found.try_into().expect("two players")
    }
}
