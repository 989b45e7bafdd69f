//! What the core says to people. A message is a code and what fills it in, so that the page can say it in another
//! language (`www/i18n/zh.js` has each in Chinese); its English stands here and nowhere else.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

macro_rules! messages {
    ($($code:ident $({ $($arg:ident: $type:ty),* })? = $english:literal;)*) => {
        /// One thing to say; its variant's name is its code.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Message {
            $(#[doc = $english] $code $({ $($arg: $type),* })?),*
        }

        impl Message {
            /// Every code, with the names of what fills it in.
            #[cfg(test)]
            const ALL: &[(&str, &[&str])] = &[$((stringify!($code), &[$($(stringify!($arg)),*)?])),*];

            fn parts(&self) -> (&'static str, BTreeMap<&'static str, String>) {
                match self {
                    $(Self::$code $({ $($arg),* })? => {
                        (stringify!($code), BTreeMap::from([$($((stringify!($arg), $arg.to_string())),*)?]))
                    })*
                }
            }
        }

        impl fmt::Display for Message {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$code $({ $($arg),* })? => write!(f, $english)),*
                }
            }
        }
    };
}

messages! {
    // Sentences about a run.
    FirstEvaluation = "The first evaluation is still to come.";
    Accuracy { real: u32, generated: u32 } =
        "D recognises {real} % of the real and {generated} % of the generated samples.";
    Modes { held: usize, of: usize } = "{held} of {of} modes.";
    ModesHeld { held: usize, of: usize, steps: u64 } = "{held} of {of} modes, for {steps} steps now.";
    OnModes { share: u32 } = "{share} % of the samples lie on them.";
    Frozen = "G has no turns, so it stays as it is.";
    FrozenD = "D has no turns, so G runs after a judge that never learns.";
    BothFrozen = "Neither player has turns, so nothing changes.";
    FewModes { held: usize, of: usize, steps: u64 } = "The samples have held only {held} of {of} modes for {steps} steps.";
    Narrow { spread: u32 } = "The samples spread only {spread} % as far as the data: they are nearly all alike.";
    Copies { share: u32, steps: u64 } =
        "For {steps} steps the samples have lain nearer to training images than these lie to one another, at {share} % of what real images do: they are being learned by heart.";
    CureImages { images: String } = "Take {images} images: begin again with more to learn from";
    Won { steps: u64 } =
        "D has told nearly every sample apart for {steps} steps, so it gives G nothing to go by.";
    Far { times: String } = "The samples lie far from the data: by {times} times what the data spread.";
    Wide { times: String } = "The samples spread {times} times as far as the data.";
    FarOff = "The samples lie far from the data.";
    Hops { share: u32, steps: u64 } =
        "The samples jump from mode to mode: {share} % of them change theirs between two measurements, for {steps} steps now.";
    Lags { steps: u64 } =
        "D has hardly told real from generated for {steps} steps, though they are far apart: it is too weak or too slow.";
    Doubled { named: usize, of: usize } =
        "Two codes stand for the same: only {named} of {of} classes have one of their own. That seldom comes apart by itself.";
    Stalled { steps: u64 } = "The samples have come no nearer to the data for {steps} steps.";
    Diverged { at: u64, step: u64 } =
        "A loss was not a finite number at step {at}, so the run has ended. The weights shown are those after step {step}, the last good ones.";
    Stopped { step: u64 } = "The run stopped at step {step}, as it was asked to.";
    Waiting = "The next images are still to come.";
    Averaged { updates: u64 } =
        "Samples and metrics are of a running mean of G's weights over about {updates} updates; D judges G itself.";

    // What may help a run, on a button.
    CureProven = "Play by the rules that learn this data";
    CureAnew = "Start again by the rules that learn this data";
    CureWider = "Start again with a wider D";
    CurePacks = "Start again with two samples judged as one";
    CureTurns = "Give the frozen player its turns";

    // What is wrong with a link, and what is done instead.
    TooLong { bytes: usize } = "the link is too long; only its first {bytes} bytes were read";
    OtherVersion { version: String, newest: u8 } =
        "this link is of version “{version}”, which this program does not know; it was read as version {newest}";
    Misplaced = "the experiment stands behind “?”; it was read, but belongs behind “#”";
    NotDuring = "this cannot change during a run: it would be another run";
    TooManyChanges { most: usize } = "a link holds at most {most} changes";
    LeftOut = "it was left out";
    UnknownField = "there is no field of this name; it was left out";
    PointsOnly = "this family learns points in the plane only";
    PointOnly = "this family plays on data in one place only";
    ImagesOnly = "this family learns images only";
    Untested = "this family is tested on images that no training sees, and of own images none are set apart";
    GreyOnly = "this family learns grey images only";
    ClassesOnly = "this family learns data of two to twenty-five classes only";
    OtherFamily { families: String } = "this family has no such field ({families} has); it is kept for when the family is another";
    Repeated = "given more than once; the last value counts";
    NotAnOption { text: String, options: String } = "“{text}” is not one of {options}";
    NotWhole { text: String, min: u64, max: u64 } = "“{text}” is not a whole number from {min} to {max}";
    NotNumber { text: String, min: f64, max: f64 } = "“{text}” is not a number from {min} to {max}";
    NotLayers { text: String, most: usize, min: u64, max: u64 } =
        "“{text}” is not “none” or at most {most} widths from {min} to {max} with commas, like 64,64";
    NotClasses { text: String, max: u64 } = "“{text}” is neither “all” nor places of classes from 0 to {max} with commas, like 3 or 0,7";
    NotAPick { text: String } = "“{text}” is no sample: one looks like 12, 12~31:0.4, 1.4-2.3_5 or 12@0:1.5@y:7, with numbers up to 255";
    Instead { value: String } = "{value} is used instead";
    More { count: usize } = "and {count} more problems of this kind";
    NothingToNormalise = "nothing is normalised: there is no hidden layer";
    OnlyFirstLayer = "nothing is normalised: D's first hidden layer never is, and there is no other";
    CoupledRows = "D normalises by the batch, so that a sample's slope hangs on the others in it, and this penalty is of each sample alone (Gulrajani et al. 2017): layer normalisation goes with it, or none";
    BatchUnbinds = "normalising by the batch stretches what this holds back: without it the bound holds";
    UnboundCritic = "nothing bounds this critic, so its values run away: take a penalty, clipping or spectral normalisation with it";
    NothingToDrop = "nothing is left out: D has no hidden layer";
    ForeseenFree = "the updates that G foresees are of D's loss alone: penalties, spectral normalisation, noise on what D sees, flipped labels and dropout are left out of them";
    LonelyBatch = "nothing is seen of the batch: D is given one sample, or one pack, at a time";
    FewerImages { there: usize } = "this set has only {there} images, and all of them are used";

    // Why an experiment is refused.
    SlowStep { seconds: u64, most: u64, field: &'static str, value: String, instead: String } =
        "A step of this experiment takes about {seconds} s on one processor core, and more than {most} s is refused. Lower “{field}”: {instead} instead of {value} would do.";
    LargeRun { megabytes: u64, most: u64, field: &'static str, value: String, instead: String } =
        "This experiment takes about {megabytes} MB of memory, and a page has {most} MB for it. Lower “{field}”: {instead} instead of {value} would do.";
}

impl Serialize for Message {
    /// As `{code, args, text}`; the text is the English.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (code, args) = self.parts();
        let mut message = serializer.serialize_struct("Message", 3)?;
        message.serialize_field("code", code)?;
        message.serialize_field("args", &args)?;
        message.serialize_field("text", &self.to_string())?;
        message.end()
    }
}

/// Messages that are whole sentences, one after the other.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sentence(pub Vec<Message>);

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(i, message)| write!(f, "{}{message}", if i > 0 { " " } else { "" }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The page's Chinese messages: code and text of each line of the table `messages`.
    fn chinese() -> Vec<(&'static str, &'static str)> {
        let file = include_str!("../www/i18n/zh.js");
        let table = file.split_once("export const messages = {").unwrap().1.split_once("\n};").unwrap().0;
        let line = |line: &'static str| line.trim().strip_suffix("\",")?.split_once(": \"");
        table.lines().filter(|text| !text.is_empty()).map(|text| line(text).expect(text)).collect()
    }

    /// The names between braces, sorted.
    fn gaps(text: &str) -> Vec<&str> {
        let mut gaps: Vec<&str> = text.split('{').skip(1).map(|rest| rest.split('}').next().unwrap()).collect();
        gaps.sort_unstable();
        gaps
    }

    #[test]
    fn every_message_is_said_in_chinese_with_all_that_fills_it_in() {
        let chinese = chinese();
        for (code, args) in Message::ALL {
            let texts: Vec<_> = chinese.iter().filter(|(name, _)| name == code).collect();
            assert_eq!(texts.len(), 1, "{code} is to stand once in the table `messages` of www/i18n/zh.js");
            let mut args = args.to_vec();
            args.sort_unstable();
            assert_eq!(gaps(texts[0].1), args, "{code} in www/i18n/zh.js");
        }
        assert_eq!(chinese.len(), Message::ALL.len(), "www/i18n/zh.js has messages that the core never says");
    }

    #[test]
    fn a_message_serialises_as_the_page_expects() {
        let sentence = Sentence(vec![Message::Frozen, Message::Accuracy { real: 60, generated: 55 }]);
        assert_eq!(
            serde_json::to_value(&sentence).unwrap(),
            serde_json::json!([
                { "code": "Frozen", "args": {}, "text": "G has no turns, so it stays as it is." },
                {
                    "code": "Accuracy",
                    "args": { "real": "60", "generated": "55" },
                    "text": "D recognises 60 % of the real and 55 % of the generated samples."
                }
            ])
        );
        assert_eq!(
            sentence.to_string(),
            "G has no turns, so it stays as it is. D recognises 60 % of the real and 55 % of the generated samples."
        );
    }
}
