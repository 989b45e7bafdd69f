//! Pairs of MNIST's digits, one in red and one in green: 100 kinds of picture, none rarer than the others.
//!
//! The benchmark of lost modes (Metz et al. 2017; Srivastava et al. 2017) stacks three digits in three channels, which makes a thousand
//! modes; two make a hundred, as many as a run in a page can meet.

use super::store::ImageSet;
use super::{Dataset, Source};
use crate::text::{Text, name, text};

const ICON: &str = "\
..............
.+++++++......
.+++++++###...
......+##.##..
.....+##...##.
.....+##...##.
....++##...##.
....++.##.##..
...++...###...
...++..##.##..
..++..##...##.
..++..##...##.
.++....##.##..
.++.....###...";

/// What both digits are: that in red, and that in green.
#[rustfmt::skip]
const CLASSES: [Text; 100] = [
    name("00"), name("01"), name("02"), name("03"), name("04"), name("05"), name("06"), name("07"), name("08"), name("09"),
    name("10"), name("11"), name("12"), name("13"), name("14"), name("15"), name("16"), name("17"), name("18"), name("19"),
    name("20"), name("21"), name("22"), name("23"), name("24"), name("25"), name("26"), name("27"), name("28"), name("29"),
    name("30"), name("31"), name("32"), name("33"), name("34"), name("35"), name("36"), name("37"), name("38"), name("39"),
    name("40"), name("41"), name("42"), name("43"), name("44"), name("45"), name("46"), name("47"), name("48"), name("49"),
    name("50"), name("51"), name("52"), name("53"), name("54"), name("55"), name("56"), name("57"), name("58"), name("59"),
    name("60"), name("61"), name("62"), name("63"), name("64"), name("65"), name("66"), name("67"), name("68"), name("69"),
    name("70"), name("71"), name("72"), name("73"), name("74"), name("75"), name("76"), name("77"), name("78"), name("79"),
    name("80"), name("81"), name("82"), name("83"), name("84"), name("85"), name("86"), name("87"), name("88"), name("89"),
    name("90"), name("91"), name("92"), name("93"), name("94"), name("95"), name("96"), name("97"), name("98"), name("99"),
];

static IMAGES: ImageSet = ImageSet {
    name: "stacked",
    side: 28,
    channels: 2,
    shard_images: 10_000,
    tests: 10_000,
    shards: &[
        "edfb05661dde6426fe45a8be37c72f890858eff7da53d1e1bb2a881976e036d6",
        "42d8f442c3373341e14f660f7a3f31e665a744233752d539d535da006b039ec5",
        "75f3f166ff605add4824465a64d045ef4d7f23d63b4c2894b7cf5bb867c7fd29",
        "b2353114c941cfb7e30e9fcc03b10819b823d208fc72c1b2eb70c0219c67b4f1",
        "7eb69fb82c10812d21ef43c4c9d99e2b091f02f2d763cd2e531d23990620253d",
        "5844266d33542bc25069b45c70abda240b9e082d3692c453c03c9be08dd2f379",
    ],
    test: "128633b30a12e453f951a01fc8839fa6a5645cb6b9c9efbe97671b1c1ec08d32",
    judge: "5dabf6d3aa75932516bdf2443e156febc5a5ef4fd3878dabd3b43ffb3c2042f4",
    classes: &CLASSES,
    path: "data/stacked",
    attribution: "MNIST, © Yann LeCun and Corinna Cortes, CC BY-SA 3.0",
    command: "cargo xtask site",
    icon: ICON,
};

/// Stacked digits.
pub static DATASET: Dataset = Dataset {
    name: "stacked",
    title: text("Stacked digits", "叠放的数字"),
    about: text(
        "Two MNIST digits in one picture, one in red and one in green: a hundred kinds. How many of them does the generator find?",
        "一张图里叠放两个 MNIST 数字，一个红，一个绿：共一百种。生成器能找到几种？",
    ),
    cite: "after Metz, Poole, Pfau and Sohl-Dickstein, Unrolled Generative Adversarial Networks, 2017, which stacks three",
    source: Source::Images(&IMAGES),
};
