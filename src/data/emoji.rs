//! Emoji: 1,906 small pictures in colour.

use super::store::ImageSet;
use super::{Dataset, Source};
use crate::text::{Text, text};

const ICON: &str = "\
....++++++....
..++......++..
.+..........+.
.+..##..##..+.
+...##..##...+
+...##..##...+
+............+
+............+
+..#......#..+
+...#....#...+
.+...####...+.
.+..........+.
..++......++..
....++++++....";

/// Unicode's groups.
pub(super) const CLASSES: [Text; 9] = [
    text("smileys", "表情"),
    text("people", "人物"),
    text("animals and plants", "动植物"),
    text("food", "食物"),
    text("travel", "旅行"),
    text("activities", "活动"),
    text("objects", "物品"),
    text("symbols", "符号"),
    text("flags", "旗帜"),
];

static IMAGES: ImageSet = ImageSet {
    name: "emoji",
    side: 32,
    channels: 3,
    shard_images: 1_650,
    tests: 256,
    shards: &["3c0bc68dbd30e62cd60163910f260aa4f6f917aa9c5e17bfc65ee419f1af2bb2"],
    test: "89027bf70a89a2c86958692d2f3f6b7a46f14c007739a0116f4a7e159fb1b565",
    judge: "f7eeda9ed77b5e016d3efe5fd3df37e2721bdd633bad4bde8212ffae1d0539df",
    classes: &CLASSES,
    path: "data/emoji",
    attribution: "Noto Emoji, © Google LLC, Apache-2.0",
    command: "cargo xtask site",
    icon: ICON,
};

/// Noto's emoji, as cut to 32 pixels by `emoji-datasource-google` 16.0.0.
pub static DATASET: Dataset = Dataset {
    name: "emoji",
    title: text("Emoji", "表情符号"),
    about: text(
        "1,650 emoji, 32 × 32 pixels in colour, and 256 more for tests: few pictures, and hardly two alike, so that a generator is torn between learning them by heart and mixing them.",
        "1,650 个表情符号，32 × 32 像素的彩色图，另有 256 个用于测试：图片少，又几乎各不相同，生成器在死记硬背与混合之间摇摆。",
    ),
    cite: "Noto Emoji, by way of emoji-datasource-google 16.0.0; groups of Unicode 16",
    source: Source::Images(&IMAGES),
};
