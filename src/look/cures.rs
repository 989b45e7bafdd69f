//! What helps a run that is not well, each measured to cure (`tests/lessons/`): changes to apply to it as it runs; or, where
//! no change was found that brings back what is lost, a new start.

use serde::ser::{SerializeMap, Serializer};

use super::health::State;
use crate::experiment::{
    AVERAGE, DISCRIMINATOR, Effect, Experiment, Field, GENERATOR, IMAGES, PACK, PlayerFields, VERSIONS,
};
use crate::message::Message;

/// Changes that may help, and what they do.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Cure {
    /// What it does.
    pub what: Message,
    /// Fields and their new values.
    #[serde(serialize_with = "as_map")]
    pub changes: Vec<(&'static str, String)>,
    /// They help from the start only, not the run as it is.
    pub anew: bool,
}

fn as_map<S: Serializer>(changes: &[(&'static str, String)], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(changes.len()))?;
    for (field, text) in changes {
        map.serialize_entry(field, text)?;
    }
    map.end()
}

/// What may help a run in a state, with these settings.
pub fn of(state: State, now: &Experiment) -> Vec<Cure> {
    let updates = [&DISCRIMINATOR, &GENERATOR].map(|player| now.get(&player.updates));
    match state {
        // Of two codes that stand for the same nothing parts them but another seed, which the page offers for every failure.
        State::Learning | State::Good | State::Doubled => Vec::new(),
        State::Frozen => {
            let turn = |(updates, field): (u64, &'static str)| (updates == 0).then(|| (field, "1".to_owned()));
            let changes = updates.into_iter().zip(["dsteps", "gsteps"]).filter_map(turn).collect();
            vec![Cure { what: Message::CureTurns, changes, anew: false }]
        }
        State::Copying => more(now).into_iter().collect(),
        State::Stalled | State::Won => proven(now, false).into_iter().collect(),
        // Where G was updated far more often than D, the right rules bring back all modes in three runs of five only.
        State::Far | State::Hopping | State::Lagging => {
            proven(now, updates[1] > 4 * updates[0]).map_or_else(|| sharper(state, now), |cure| vec![cure])
        }
        // A G that outruns D jumps from mode to mode, and settles once it no longer does. Modes that a D ahead of G guards
        // are not found again, whatever the rates, objective or batch: fourteen ways were tried.
        State::Partial | State::Collapsed => {
            let is_behind = pace(now, &GENERATOR) <= pace(now, &DISCRIMINATOR);
            proven(now, is_behind).map_or_else(|| sharper(state, now), |cure| vec![cure])
        }
    }
}

/// As many images as there usually are, where there are fewer.
fn more(now: &Experiment) -> Option<Cure> {
    let usual = now.defaults().get(&IMAGES);
    let images = usual.to_string();
    let what = Message::CureImages { images: images.clone() };
    (now.get(&IMAGES) < usual).then(|| Cure { what, changes: vec![(IMAGES.field.name, images)], anew: true })
}

/// What may help a run that has diverged, from its start.
pub fn of_divergence(now: &Experiment) -> Vec<Cure> {
    proven(now, true).into_iter().collect()
}

/// A D that sees more, where the rules are as they should be: it can only begin anew.
fn sharper(state: State, now: &Experiment) -> Vec<Cure> {
    let anew = |what, field: &'static str, text| Cure { what, changes: vec![(field, text)], anew: true };
    let width = |e: &Experiment| e.find(&DISCRIMINATOR.layers).map(|layers| layers.into_iter().sum::<usize>());
    let usual = now.defaults();
    let narrow = width(now).zip(width(&usual)).is_some_and(|(now, usual)| 2 * now <= usual);
    let wider = narrow.then(|| {
        let field = &DISCRIMINATOR.layers.field;
        anew(Message::CureWider, field.name, usual.text(field))
    });
    let packs = state == State::Hopping && now.find(&PACK).is_some_and(|pack| pack == 1);
    let packs = packs.then(|| anew(Message::CurePacks, PACK.field.name, "2".to_owned()));
    wider.into_iter().chain(packs).collect()
}

/// How fast a player goes.
fn pace(now: &Experiment, player: &PlayerFields) -> f64 {
    now.get(&player.rate) * now.get(&player.updates) as f64
}

/// The rules by which the data are learned when nobody says otherwise, where these are others.
fn proven(now: &Experiment, anew: bool) -> Option<Cure> {
    let defaults = Experiment::of(*VERSIONS.end(), now.data, now.form).ok()?;
    let differs = |field: &&'static Field| field.effect == Effect::Live && now.text(field) != defaults.text(field);
    let changes: Vec<_> = now.fields().filter(differs).map(|field| (field.name, defaults.text(field))).collect();
    let what = if anew { Message::CureAnew } else { Message::CureProven };
    // A mean that is shown steadies the picture, and alone cures nothing.
    let cures = changes.iter().any(|(field, _)| *field != AVERAGE.field.name);
    cures.then_some(Cure { what, changes, anew })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link;

    #[test]
    fn a_cure_brings_back_what_learns_the_data_and_leaves_networks_alone() {
        let (now, _) = link::parse("v=2&g=8&gopt=sgd&dsteps=4&stop=99");
        let [Cure { changes, .. }] = of(State::Far, &now).try_into().unwrap();
        assert_eq!(changes, [("gopt", "adam".to_owned()), ("dsteps", "1".to_owned())]);
        assert_eq!(of(State::Far, &link::parse("v=2&g=8&stop=99").0), [], "nothing is left to change");
        assert_eq!(of(State::Good, &now), []);
    }

    #[test]
    fn what_a_narrow_d_needs_is_more_of_it() {
        let of = |state, text| of(state, &link::parse(text).0).into_iter().map(|cure| (cure.anew, cure.changes));
        let wider = (true, vec![("d", "64,64".to_owned())]);
        let packs = (true, vec![("pac", "2".to_owned())]);
        assert!(of(State::Hopping, "v=2&d=8,8&ema=0").eq([wider.clone(), packs.clone()]));
        assert!(of(State::Far, "v=2&d=none").eq([wider]));
        assert!(of(State::Hopping, "v=2").eq([packs]));
        assert!(of(State::Hopping, "v=2&d=8,8&dlr=0.1").eq([(false, vec![("dlr", "0.002".to_owned())])]));
    }

    #[test]
    fn what_is_learned_by_heart_needs_more_images() {
        let of = |text| of(State::Copying, &link::parse(text).0).into_iter().map(|cure| (cure.anew, cure.changes));
        assert!(of("data=mnist&images=100").eq([(true, vec![("images", "10000".to_owned())])]));
        assert!(of("data=mnist").eq([]), "they are all there");
    }

    #[test]
    fn a_frozen_player_is_given_a_turn() {
        let cures = |text| of(State::Frozen, &link::parse(text).0).remove(0).changes;
        assert_eq!(cures("dsteps=0"), [("dsteps", "1".to_owned())]);
        assert_eq!(cures("gsteps=0"), [("gsteps", "1".to_owned())]);
        assert_eq!(cures("gsteps=0&dsteps=0").len(), 2);
    }
}
