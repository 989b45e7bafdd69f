//! What there is to say of settings that go badly together, or of one that does nothing beside the others.

use serde::Serialize;

use super::{
    BATCH, BODY, Body, D_NORM, DISCRIMINATOR, DROPOUT, Experiment, FLIPS, Field, G_NORM, GENERATOR, INSTANCE, MINGLED,
    Mingled, Normal, OBJECTIVE, PACK, PENALTY, Penalty, SPECTRAL, Spectral, UNROLL,
};
use crate::message::Message;

/// A sentence about a field's value beside the others'.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Remark {
    /// The field's name in a link.
    pub field: &'static str,
    /// What there is to say.
    pub what: Message,
}

/// Those of an experiment, as its last change leaves it.
pub fn of(e: &Experiment) -> Vec<Remark> {
    let e = &e.at(u64::MAX);
    let mut remarks = Vec::new();
    let mut say = |field: &Field, what: Message| remarks.push(Remark { field: field.name, what });
    let conv = e.find(&BODY).is_none_or(|body| body == Body::Conv) && e.field(GENERATOR.layers.field.name).is_none()
        || e.find(&BODY) == Some(Body::Conv);
    let hidden = |layers: &Option<Vec<usize>>| if conv { usize::MAX } else { layers.as_ref().map_or(0, Vec::len) };
    let [of_g, of_d] = [&GENERATOR, &DISCRIMINATOR].map(|player| hidden(&e.find(&player.layers)));
    // With fully connected layers only the plain game normalises, see `BODY`.
    let normal = |field| e.find(field).filter(|_| e.find(&BODY) != Some(Body::Mlp));
    let (normal_g, normal_d) = (normal(&G_NORM), normal(&D_NORM));
    if normal_g.is_some_and(|normal| normal != Normal::None) && of_g == 0 {
        say(&G_NORM.field, Message::NothingToNormalise);
    }
    if normal_d.is_some_and(|normal| normal != Normal::None) && of_d < 2 {
        say(&D_NORM.field, Message::OnlyFirstLayer);
    }
    let batch = normal_d == Some(Normal::Batch) && of_d >= 2;
    let penalty = e.find(&PENALTY);
    if batch && matches!(penalty, Some(Penalty::Gradient | Penalty::Dragan)) {
        say(&PENALTY.field, Message::CoupledRows);
    }
    let spectral = e.find(&SPECTRAL) == Some(Spectral::On);
    if batch && spectral {
        say(&SPECTRAL.field, Message::BatchUnbinds);
    }
    let critic = e.find(&OBJECTIVE).is_some_and(|objective| objective.name == "wasserstein");
    if critic && penalty == Some(Penalty::None) && !spectral {
        say(&OBJECTIVE.field, Message::UnboundCritic);
    }
    if e.find(&DROPOUT).is_some_and(|share| share > 0.0) && of_d == 0 {
        say(&DROPOUT.field, Message::NothingToDrop);
    }
    let penalised = penalty.is_some_and(|penalty| !matches!(penalty, Penalty::None | Penalty::Clip));
    let disturbed = [&INSTANCE, &FLIPS, &DROPOUT].iter().any(|field| e.find(field).is_some_and(|much| much > 0.0));
    if e.find(&UNROLL).is_some_and(|steps| steps > 0) && (penalised || spectral || disturbed) {
        say(&UNROLL.field, Message::ForeseenFree);
    }
    // One sample, or one pack of them, has nothing to be compared with.
    if e.find(&MINGLED).is_some_and(|of| of != Mingled::None) && e.find(&BATCH) < Some(2 * e.find(&PACK).unwrap_or(1)) {
        say(&MINGLED.field, Message::LonelyBatch);
    }
    remarks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link;

    #[test]
    fn what_goes_badly_together_is_said_and_what_goes_well_is_not() {
        for (text, expected) in [
            ("family=gan", vec![]),
            ("family=gan&penalty=gp&dnorm=batch", vec![("penalty", Message::CoupledRows)]),
            ("family=gan&penalty=gp&dnorm=layer", vec![]),
            ("family=gan&penalty=r1&dnorm=batch", vec![]),
            ("family=gan&penalty=gp&dnorm=batch&d=8", vec![("dnorm", Message::OnlyFirstLayer)]),
            ("family=gan&gnorm=batch&g=none", vec![("gnorm", Message::NothingToNormalise)]),
            ("data=mnist&family=dcgan", vec![]),
            ("data=mnist&family=dcgan&penalty=dragan", vec![("penalty", Message::CoupledRows)]),
            ("data=mnist&family=dcgan&sn=on", vec![("sn", Message::BatchUnbinds)]),
            ("data=mnist&family=dcgan&sn=on&dnorm=none", vec![]),
            ("data=mnist&family=cgan&penalty=gp", vec![("penalty", Message::CoupledRows)]),
            ("data=mnist&family=cgan&body=mlp&penalty=gp", vec![]),
            ("family=gan&objective=wasserstein", vec![("objective", Message::UnboundCritic)]),
            ("family=gan&objective=wasserstein&sn=on", vec![]),
            ("family=gan&drop=0.5&d=none", vec![("drop", Message::NothingToDrop)]),
            ("family=gan&mb=deviation&batch=2", vec![]),
            ("family=gan&mb=deviation&batch=1", vec![("mb", Message::LonelyBatch)]),
            ("family=gan&mb=kernels&batch=3&pac=2", vec![("mb", Message::LonelyBatch)]),
            ("family=gan&unroll=3&penalty=clip", vec![]),
            ("family=gan&unroll=3&penalty=r1", vec![("unroll", Message::ForeseenFree)]),
            ("family=gan&unroll=3&flips=0.1", vec![("unroll", Message::ForeseenFree)]),
            ("family=kde", vec![]),
            (
                "family=gan&objective=wasserstein&penalty=gp&40:penalty=none",
                vec![("objective", Message::UnboundCritic)],
            ),
        ] {
            let (e, problems) = link::parse(text);
            assert!(problems.is_empty(), "{text}: {problems:?}");
            let found: Vec<_> = of(&e).into_iter().map(|remark| (remark.field, remark.what)).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
