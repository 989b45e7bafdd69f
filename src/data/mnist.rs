//! MNIST: 60,000 handwritten digits of 28 × 28 pixels.

use super::store::ImageSet;
use super::{Dataset, Source};
use crate::text::{Text, name, text};

const ICON: &str = "\
..............
..............
..+#########+.
..###########.
..++....++##+.
.........+##..
........+##+..
.......+##+...
......+##+....
.....+##+.....
.....+##......
.....##+......
.....##.......
..............";

const CLASSES: [Text; 10] =
    [name("0"), name("1"), name("2"), name("3"), name("4"), name("5"), name("6"), name("7"), name("8"), name("9")];

static IMAGES: ImageSet = ImageSet {
    name: "mnist",
    side: 28,
    channels: 1,
    shard_images: 10_000,
    tests: 10_000,
    shards: &[
        "2e49afdffc567fd5f9f306a04e2bafced2432146ae04f4b9a58b25505ba05b2e",
        "6d9fb3d97a81543c0f394da3af463ed8a8203ca9eaf481bdf1fae23668b77b46",
        "35dcae227937d1d8f4361bf008553667465997f4e3ea64f75246c429b8491b2a",
        "94da3e6ad76f80ddd500afd6dfbc282eaeaaca5dc5edec7239a862b0b57cd0ca",
        "44ff4a3d9fe5c1f76f211167a669f59cc87fac5050d1d4ad845064807f3492c2",
        "59c462c67835365a7da93b55fcc1ff0d2dfe9938697d3cca9b70d0d68ec05cc6",
    ],
    test: "c3f9adf9c66efb572b1f9326c3a511b45910c7173b97be66ceceeeeaef6b802b",
    judge: "cdff05c1f4575c5b8cad38777b35fbca621ab6fdd1c2e6dcccc6066ce5066c64",
    classes: &CLASSES,
    path: "data/mnist",
    attribution: "MNIST, © Yann LeCun and Corinna Cortes, CC BY-SA 3.0",
    command: "cargo xtask site",
    icon: ICON,
};

/// MNIST's training images.
pub static DATASET: Dataset = Dataset {
    name: "mnist",
    title: text("MNIST digits", "MNIST 手写数字"),
    about: text(
        "Handwritten digits, 28 × 28 pixels in grey: the first images that GANs learned.",
        "手写数字，28 × 28 像素的灰度图：GAN 最早学会的图像。",
    ),
    cite: "LeCun, Cortes and Burges, The MNIST database of handwritten digits, 1998",
    source: Source::Images(&IMAGES),
};
