//! A person's own images: they are where the run is, and nowhere else. A link says how many they are, and that they are not in it.

use super::store::ImageSet;
use super::{Dataset, Source};
use crate::text::{Text, text};

const ICON: &str = "\
..............
.############.
.#..........#.
.#.++.......#.
.#.++.......#.
.#.......+..#.
.#......+++.#.
.#..+..+++++#.
.#.+++++++++#.
.#++++++++++#.
.############.
..............
..............
..............";

/// The same, paler.
const IN_GREY_ICON: &str = "\
..............
.++++++++++++.
.+..........+.
.+.##.......+.
.+.##.......+.
.+.......#..+.
.+......###.+.
.+..#..####.+.
.+.########.+.
.+##########+.
.++++++++++++.
..............
..............
..............";

/// Nobody has named what they are of.
const CLASSES: [Text; 1] = [text("own image", "自己的图像")];

/// Images of this size that somebody may give, in one shard without a checksum.
const fn set(name: &'static str, path: &'static str, side: usize, channels: usize, icon: &'static str) -> ImageSet {
    ImageSet {
        name,
        side,
        channels,
        shard_images: 10_000,
        tests: 0,
        shards: &[""],
        test: "",
        judge: "",
        classes: &CLASSES,
        path,
        attribution: "",
        command: "",
        icon,
    }
}

static COLOUR: ImageSet = set("own", "data/own", 32, 3, ICON);
static GREY: ImageSet = set("owngrey", "data/owngrey", 28, 1, IN_GREY_ICON);

const CITE: &str = "whoever runs it";

/// In colour.
pub static DATASET: Dataset = Dataset {
    name: "own",
    title: text("Own images", "自己的图像"),
    about: text(
        "Your own images, made 32 × 32 pixels in colour. They stay on this device: a link says how many there were, and who opens it brings their own.",
        "你自己的图像，缩放为 32 × 32 像素的彩色图。它们只留在这台设备上：链接只写明有多少张，打开链接的人要用自己的图像。",
    ),
    cite: CITE,
    source: Source::Images(&COLOUR),
};

/// In grey, and smaller.
pub static IN_GREY: Dataset = Dataset {
    name: "owngrey",
    title: text("Own images in grey", "自己的图像（灰度）"),
    about: text(
        "Your own images, made 28 × 28 pixels in grey, as MNIST's are. They stay on this device.",
        "你自己的图像，缩放为 28 × 28 像素的灰度图，与 MNIST 相同。它们只留在这台设备上。",
    ),
    cite: CITE,
    source: Source::Images(&GREY),
};
