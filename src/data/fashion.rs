//! Fashion-MNIST: 60,000 pictures of clothes of 28 × 28 pixels.

use super::store::ImageSet;
use super::{Dataset, Source};
use crate::text::{Text, text};

const ICON: &str = "\
..............
...##+..+##...
.+####++####+.
##############
##############
##.########.##
+..########..+
...########...
...########...
...########...
...########...
...########...
...+######+...
..............";

const CLASSES: [Text; 10] = [
    text("T-shirt", "T 恤"),
    text("trousers", "裤子"),
    text("pullover", "套衫"),
    text("dress", "连衣裙"),
    text("coat", "外套"),
    text("sandal", "凉鞋"),
    text("shirt", "衬衫"),
    text("sneaker", "运动鞋"),
    text("bag", "包"),
    text("ankle boot", "短靴"),
];

static IMAGES: ImageSet = ImageSet {
    name: "fashion",
    side: 28,
    channels: 1,
    shard_images: 10_000,
    tests: 10_000,
    shards: &[
        "b134f74849da1a1bcd32ee8c73b764a5657b0f25350e9ed3b4a4e8cb8505b14b",
        "9d0d937fbe2a03c0442eadc395bc348036469b60dffd852e1f850592da4e503a",
        "938b0df7e6120c191f248042aba41d3b56a3d549b389d348df114e397e7e5bbf",
        "46b3b12e8b84361ab05902d8d3a0e7bf8080be542880becddff361087e957d6c",
        "e79b1301b92b291396ae953924357d54d33cfb65addd4b88a494e92ca67dd706",
        "bf7456895d24b1fb3ee1adfe31443a540c70e8e78d1e994ae449ac6962751c66",
    ],
    test: "9f1ec356a747bfe4ebab3cfb722d3694c9ca737e2570f6f90cf31d7b6fd689d4",
    judge: "df0bf63ec52fb3d5ed939aa91cefa9fb07c326c7af5a71b7dceb109a944f1a2b",
    classes: &CLASSES,
    path: "data/fashion",
    attribution: "Fashion-MNIST, © Zalando SE, MIT",
    command: "cargo xtask data fashion",
    icon: ICON,
};

/// Fashion-MNIST's training images.
pub static DATASET: Dataset = Dataset {
    name: "fashion",
    title: text("Fashion-MNIST", "Fashion-MNIST 服饰"),
    about: text(
        "Clothes, shoes and bags in ten classes, 28 × 28 pixels in grey: as small as MNIST, and harder.",
        "衣服、鞋与包，共十类，28 × 28 像素的灰度图：和 MNIST 一样小，却更难。",
    ),
    cite: "Xiao, Rasul and Vollgraf, Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning Algorithms, arXiv 1708.07747",
    source: Source::Images(&IMAGES),
};
