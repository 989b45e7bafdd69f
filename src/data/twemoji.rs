//! The emoji of the set `emoji` as another vendor draws them, image for image.

use super::emoji::CLASSES;
use super::store::ImageSet;
use super::{Dataset, Source};
use crate::text::text;

const ICON: &str = "\
....++++++....
..++++++++++..
.++++++++++++.
.+++##++##+++.
++++##++##++++
++++##++##++++
++++++++++++++
++++++++++++++
++##########++
+++########+++
.+++######+++.
.++++++++++++.
..++++++++++..
....++++++....";

static IMAGES: ImageSet = ImageSet {
    name: "twemoji",
    side: 32,
    channels: 3,
    shard_images: 1_650,
    tests: 256,
    shards: &["166d8b878a7c529bd10a901042ec98277c0d10b8e7f0743839c4a97b3918a740"],
    test: "e87d59cfca2c43766df376e6f019e8c04f6284206f35c7bb669bdfff1de45323",
    judge: "5b7bea62ab756049e0270a7b19756e437ff36088af746612ee617dfe3368ec89",
    classes: &CLASSES,
    path: "data/twemoji",
    attribution: "Twemoji, © Twitter, Inc and other contributors, CC BY 4.0",
    command: "cargo xtask site",
    icon: ICON,
};

/// Twemoji, as cut to 32 pixels by `emoji-datasource-twitter` 16.0.0.
pub static DATASET: Dataset = Dataset {
    name: "twemoji",
    title: text("Twemoji", "Twemoji 表情"),
    about: text(
        "The same emoji by another hand, flat and in few colours: each picture has its pair, at the same place, in the set Emoji.",
        "另一家绘制的同一批表情符号，平面风格，颜色更少：每张图在“表情符号”集的同一位置都有对应的一张。",
    ),
    cite: "Twemoji, by way of emoji-datasource-twitter 16.0.0; groups of Unicode 16",
    source: Source::Images(&IMAGES),
};
