//! Sets of images, and the store of their shards.
//!
//! A shard is one file of so many images: the bytes of their pixels (image by image, row by row from the top left, 0 dark … 255
//! light, the channels of a pixel together), then a byte for the label of each, gzipped. A run needs the shards of the images it uses, one by one; [`Store`] checks and
//! holds them. How the bytes travel (fetched by a page, read from a disk) is no business of this module.

use std::io::Read;

use sha2::{Digest, Sha256};

use crate::kernel::Grid;
use crate::message::Message;
use crate::text::Text;

/// A set of images in shards: its layout and the checksums of its files.
pub struct ImageSet {
    /// Its name, for messages.
    pub name: &'static str,
    /// An image's width and height in pixels.
    pub side: usize,
    /// Numbers of a pixel: 1 in grey, 3 in colour (red, green, blue), 2 where there is no blue.
    pub channels: usize,
    /// Images in a shard that is learned from.
    pub shard_images: usize,
    /// Images that no training sees.
    pub tests: usize,
    /// The SHA-256 of each shard's uncompressed bytes, in hexadecimal; as many as there are shards. Of a person's own images there is
    /// one, and nobody knows its sum.
    pub shards: &'static [&'static str],
    /// The same of the shard after the last: the images that no training sees.
    pub test: &'static str,
    /// The SHA-256 of the file of the classifier that judges its samples; empty, if there is none.
    pub judge: &'static str,
    /// What its labels stand for.
    pub classes: &'static [Text],
    /// The folder of the shards, relative to the page.
    pub path: &'static str,
    /// Whom to name wherever the images are shown.
    pub attribution: &'static str,
    /// What makes its shards, for who serves a page without them.
    pub command: &'static str,
    /// A picture that stands for it before any of it is loaded: lines of pixels, `#` dark and `+` half as dark.
    pub icon: &'static str,
}

impl ImageSet {
    /// Numbers in an image: as many as there are pixels, for each channel.
    pub const fn values(&self) -> usize {
        self.side * self.side * self.channels
    }

    /// An image as a row of a network.
    pub const fn grid(&self) -> Grid {
        Grid { height: self.side, width: self.side, channels: self.channels }
    }

    /// Whether it is what a person has, in a shard of just as many images as the run uses.
    pub const fn is_own(&self) -> bool {
        self.shards[0].is_empty()
    }

    /// Images in the whole set; of own ones the most that there may be.
    pub const fn images(&self) -> usize {
        self.shard_images * self.shards.len()
    }

    /// How many images a run uses that asks for so many: no more than there are.
    pub fn used(&self, images: usize) -> usize {
        images.min(self.images())
    }

    /// What to say of a run that asks for more images than there are.
    pub fn fewer(&self, images: usize) -> Option<Message> {
        let there = self.images();
        (images > there).then_some(Message::FewerImages { there })
    }

    /// Bytes of an uncompressed shard of so many images: pixels, then labels.
    pub const fn bytes(&self, images: usize) -> usize {
        images * (self.values() + 1)
    }

    /// The shard that holds an image.
    pub const fn shard_of(&self, index: usize) -> usize {
        index / self.shard_images
    }

    /// Where a shard's file lies, relative to the page.
    pub fn url(&self, shard: usize) -> String {
        format!("{}/{shard}.shard", self.path)
    }

    /// A pixel byte in network units: 0 … 255 becomes −1 … 1, the range of a tanh output.
    pub fn to_network(&self, pixel: u8) -> f32 {
        f32::from(pixel) / 127.5 - 1.0
    }

    /// A network value as how light it is: −1 … 1 becomes 0 (dark) … 1 (light), and what lies beyond is cut off.
    pub fn to_light(&self, value: f32) -> f32 {
        ((value + 1.0) * 0.5).clamp(0.0, 1.0)
    }
}

/// Which images of a set a run learns from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// The first so many (all, where there are fewer).
    pub images: usize,
    /// Of these, those of these classes; of all, if empty.
    pub classes: Vec<usize>,
}

impl Chosen {
    /// Images of any class.
    pub fn first(images: usize) -> Self {
        Self { images, classes: Vec::new() }
    }

    /// Whether it takes images of this label.
    pub fn takes(&self, label: u8) -> bool {
        self.classes.is_empty() || self.classes.contains(&usize::from(label))
    }
}

/// What a run uses besides the images that it learns from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// Those that no training sees.
    pub tests: bool,
    /// The classifier that judges samples.
    pub judge: bool,
}

/// What a file of a run holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum File {
    /// Images to learn from.
    Shard(usize),
    /// Images that no training sees.
    Tests,
    /// A classifier.
    Judge,
}

/// The files that a run uses, shards and others, as far as they have arrived.
pub struct Store {
    set: &'static ImageSet,
    chosen: Chosen,
    files: Vec<File>,
    there: Vec<Option<Vec<u8>>>,
}

impl Store {
    /// An empty store for some images of a set, and for what else is used.
    pub fn new(set: &'static ImageSet, chosen: Chosen, beside: Beside) -> Self {
        let images = set.used(chosen.images);
        let chosen = Chosen { images, ..chosen };
        let shards = (0..images.div_ceil(set.shard_images)).map(File::Shard);
        let tests = (beside.tests && set.tests > 0).then_some(File::Tests);
        let judge = (beside.judge && !set.judge.is_empty()).then_some(File::Judge);
        let files: Vec<File> = shards.chain(tests).chain(judge).collect();
        Self { set, chosen, there: vec![None; files.len()], files }
    }

    /// The set.
    pub fn set(&self) -> &'static ImageSet {
        self.set
    }

    /// Images that the run uses, of whatever class.
    pub fn images(&self) -> usize {
        self.chosen.images
    }

    /// Which images the run learns from.
    pub fn chosen(&self) -> &Chosen {
        &self.chosen
    }

    /// The images of a shard that the run learns from.
    ///
    /// # Panics
    /// If the shard has not arrived.
    pub fn kept(&self, shard: usize) -> Vec<usize> {
        let first = shard * self.set.shard_images;
        let end = (first + self.set.shard_images).min(self.chosen.images);
        (first..end).filter(|&i| self.chosen.takes(self.label(i))).collect()
    }

    /// Of the images that no training sees, those of the classes that the run learns.
    ///
    /// # Panics
    /// If the shard of these has not arrived, or is none of the run's.
    pub fn kept_tests(&self) -> Vec<usize> {
        (0..self.set.tests).filter(|&i| self.chosen.takes(self.tested(i).1)).collect()
    }

    /// Files that the run uses: shards of images first.
    pub fn shards(&self) -> usize {
        self.files.len()
    }

    /// The first file without which nothing can be measured, and which has not arrived.
    pub fn lacks(&self) -> Option<usize> {
        (0..self.files.len()).find(|&i| !matches!(self.files[i], File::Shard(_)) && !self.has(i))
    }

    /// Where a file of the run lies, relative to the page.
    pub fn url(&self, shard: usize) -> String {
        match self.files[shard] {
            File::Shard(shard) => self.set.url(shard),
            File::Tests => self.set.url(self.set.shards.len()),
            File::Judge => format!("{}/judge", self.set.path),
        }
    }

    /// What a file is called, and its checksum.
    fn named(&self, file: File) -> (String, &'static str) {
        let of = self.set.name;
        match file {
            File::Shard(shard) => (format!("shard {shard} of {of}"), self.set.shards[shard]),
            File::Tests => (format!("shard {} of {of}", self.set.shards.len()), self.set.test),
            File::Judge => (format!("the classifier of {of}"), self.set.judge),
        }
    }

    /// Whether the images that no training sees are there.
    pub fn has_tests(&self) -> bool {
        self.bytes(File::Tests).is_some()
    }

    /// The file of the classifier that judges samples, once it is there.
    pub fn judge(&self) -> Option<&[u8]> {
        self.bytes(File::Judge)
    }

    fn bytes(&self, file: File) -> Option<&[u8]> {
        let place = self.files.iter().position(|&other| other == file)?;
        self.there[place].as_deref()
    }

    /// Whether a shard has arrived.
    pub fn has(&self, shard: usize) -> bool {
        self.there.get(shard).is_some_and(Option::is_some)
    }

    /// Takes a shard's file: gzipped, or already unpacked where the server declared the compression to the browser.
    ///
    /// A shard that is there already is checked and replaced.
    ///
    /// # Errors
    /// If the shard is not one of this run's, or the bytes are not exactly those of the shard. The message says what
    /// was found and what to do; the store is left as it was.
    pub fn provide(&mut self, shard: usize, bytes: &[u8]) -> Result<(), String> {
        let Some(&file) = self.files.get(shard) else {
            let last = self.images().div_ceil(self.set.shard_images).saturating_sub(1);
            return Err(format!(
                "shard {shard} of {} is not one of this run's, which uses {} images in shards 0 to {last}",
                self.set.name,
                self.images()
            ));
        };
        let (name, sum) = self.named(file);
        let unpacked = match file {
            File::Judge => bytes.to_vec(),
            File::Shard(_) if self.set.is_own() => self.owned(bytes)?,
            File::Shard(_) => self.unpacked(shard, &name, self.set.shard_images, bytes)?,
            File::Tests => self.unpacked(shard, &name, self.set.tests, bytes)?,
        };
        let found: String = Sha256::digest(&unpacked).iter().map(|byte| format!("{byte:02x}")).collect();
        if found != sum && !sum.is_empty() {
            return Err(format!(
                "{name} is altered: its SHA-256 should begin with {} and begins with {}; if another copy is no better, build the data anew",
                &sum[..8],
                &found[..8]
            ));
        }
        // What is visited begins here, so that there is something to visit.
        if file == File::Shard(0) {
            let there = self.images().min(self.set.shard_images);
            if !(0..there).any(|i| self.chosen.takes(self.label_of(&unpacked, i))) {
                return Err(format!(
                    "none of the first {there} images of {} is of the classes that were chosen: take more images, or other classes",
                    self.set.name
                ));
            }
        }
        self.there[shard] = Some(unpacked);
        Ok(())
    }

    /// Own images, of which nothing is known but their number.
    fn owned(&self, bytes: &[u8]) -> Result<Vec<u8>, String> {
        let (each, images) = (self.set.bytes(1), self.images());
        if bytes.len() != each * images {
            return Err(format!(
                "the run learns from {} own images, and {} are here: choose them again",
                thousands(images),
                thousands(bytes.len() / each)
            ));
        }
        let labels = &bytes[images * self.set.values()..];
        if labels.iter().any(|&label| usize::from(label) >= self.set.classes.len()) {
            return Err(format!("a label of the own images is beyond {}", self.set.classes.len() - 1));
        }
        Ok(bytes.to_vec())
    }

    /// A shard of so many images as it is before it is packed.
    fn unpacked(&self, shard: usize, name: &str, images: usize, bytes: &[u8]) -> Result<Vec<u8>, String> {
        let expected = self.set.bytes(images);
        let unpacked = if bytes.starts_with(&[0x1f, 0x8b]) {
            gunzip(bytes, expected)
        } else if bytes.len() == expected {
            Ok(bytes.to_vec())
        } else if bytes.is_empty() {
            Err(Fault::Short(0))
        } else {
            return Err(format!(
                "{name} is not a gzip file: {} bytes of something else were found, perhaps an error page; check that \
                 {} is served",
                thousands(bytes.len()),
                self.url(shard)
            ));
        };
        unpacked.map_err(|fault| match fault {
            Fault::Short(found) => format!(
                "{name} is truncated: {} bytes expected when unpacked, {} found",
                thousands(expected),
                thousands(found)
            ),
            Fault::Long => {
                format!("{name} is altered: more than the {} bytes expected were found", thousands(expected))
            }
            Fault::Corrupt(why) => {
                format!("{name} is altered: it cannot be unpacked ({why})")
            }
        })
    }

    /// An image's pixels, a byte for each of its values from the top left, 0 dark … 255 light.
    ///
    /// # Panics
    /// If its shard has not arrived.
    pub fn pixels(&self, index: usize) -> &[u8] {
        self.pixels_of(self.shard_with(index), index % self.set.shard_images)
    }

    /// An image's label, the place of its class among those of the set.
    ///
    /// # Panics
    /// If its shard has not arrived.
    pub fn label(&self, index: usize) -> u8 {
        self.label_of(self.shard_with(index), index % self.set.shard_images)
    }

    /// The pixels and the label of an image that no training sees.
    ///
    /// # Panics
    /// If the shard of these has not arrived, or is none of the run's.
    pub fn tested(&self, index: usize) -> (&[u8], u8) {
        let shard = self.bytes(File::Tests).expect(THERE);
        (self.pixels_of(shard, index), self.label_of(shard, index))
    }

    fn pixels_of<'a>(&self, shard: &'a [u8], within: usize) -> &'a [u8] {
        let values = self.set.values();
        &shard[within * values..(within + 1) * values]
    }

    fn label_of(&self, shard: &[u8], within: usize) -> u8 {
        let images = shard.len() / (self.set.values() + 1);
        shard[images * self.set.values() + within]
    }

    /// The shards of images come first.
    fn shard_with(&self, index: usize) -> &[u8] {
        self.there[self.set.shard_of(index)].as_ref().expect(THERE)
    }
}

const THERE: &str = "images are asked for once they are there";

/// Why a file could not be unpacked.
enum Fault {
    /// It ends too early, after so many unpacked bytes.
    Short(usize),
    /// It unpacks to more than expected.
    Long,
    /// The compressed data are wrong in themselves.
    Corrupt(String),
}

/// Unpacks to exactly `expected` bytes, and never to many more: a forged file cannot fill the memory.
fn gunzip(bytes: &[u8], expected: usize) -> Result<Vec<u8>, Fault> {
    let mut unpacked = Vec::with_capacity(expected + 1);
    let outcome = flate2::read::GzDecoder::new(bytes).take(expected as u64 + 1).read_to_end(&mut unpacked);
    match outcome {
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Err(Fault::Short(unpacked.len())),
        Err(error) => Err(Fault::Corrupt(error.to_string())),
        Ok(found) if found < expected => Err(Fault::Short(found)),
        Ok(found) if found > expected => Err(Fault::Long),
        Ok(_) => Ok(unpacked),
    }
}

/// 7850000 as "7,850,000".
fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::data::{Source, mnist};

    /// Two shards of three 2 × 2 images. The first holds the pixel bytes 0 … 11 and the labels 7, 8, 9.
    static TINY: ImageSet = ImageSet {
        name: "tiny",
        side: 2,
        channels: 1,
        shard_images: 3,
        tests: 3,
        shards: &[
            "1fc82c9d1efa23bb5cea02f2150485a8c0556cb3bf67f8d5986f124cc11a012a",
            "0000000000000000000000000000000000000000000000000000000000000000",
        ],
        test: "1fc82c9d1efa23bb5cea02f2150485a8c0556cb3bf67f8d5986f124cc11a012a",
        judge: "b5d4045c3f466fa91fe2cc6abe79232a1a57cdf104f7a26e716e0a1e2789df78",
        classes: &[],
        path: "data/tiny",
        attribution: "",
        command: "",
        icon: "",
    };

    fn raw() -> Vec<u8> {
        (0..12).chain(7..10).collect()
    }

    fn gz(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn fault(bytes: &[u8]) -> String {
        let mut store = Store::new(&TINY, Chosen::first(6), Beside::default());
        let message = store.provide(0, bytes).expect_err("these bytes are wrong");
        assert!(!store.has(0), "a bad shard was kept");
        message
    }

    #[test]
    fn a_good_shard_gives_its_images() {
        for file in [gz(&raw()), raw()] {
            let mut store = Store::new(&TINY, Chosen::first(5), Beside::default());
            assert_eq!((store.shards(), store.has(0), store.has(1)), (2, false, false));
            store.provide(0, &file).unwrap();
            assert_eq!((store.has(0), store.has(1), store.has(2)), (true, false, false));
            assert_eq!((store.pixels(2), store.label(2)), (&[8, 9, 10, 11][..], 9));
        }
    }

    #[test]
    fn classes_are_chosen_and_there_is_one_of_them() {
        let chosen = |images, classes: &[usize]| {
            let mut store = Store::new(&TINY, Chosen { images, classes: classes.to_vec() }, Beside::default());
            store.provide(0, &raw()).map(|()| store.kept(0))
        };
        assert_eq!(chosen(3, &[]), Ok(vec![0, 1, 2]));
        assert_eq!(chosen(6, &[9, 7]), Ok(vec![0, 2]));
        assert_eq!(chosen(2, &[8]), Ok(vec![1]));
        assert!(chosen(2, &[9]).unwrap_err().contains("none of the first 2 images of tiny is of the classes"));
    }

    #[test]
    fn what_else_a_run_uses_comes_after_its_shards() {
        let mut store = Store::new(&TINY, Chosen::first(3), Beside { tests: true, judge: true });
        let urls: Vec<String> = (0..store.shards()).map(|shard| store.url(shard)).collect();
        assert_eq!(urls, ["data/tiny/0.shard", "data/tiny/2.shard", "data/tiny/judge"]);
        assert_eq!(store.lacks(), Some(1));
        store.provide(1, &gz(&raw())).unwrap();
        assert_eq!((store.tested(1), store.lacks()), ((&[4, 5, 6, 7][..], 8), Some(2)));
        let altered = store.provide(1, &gz(&[0; 15])).expect_err("these are others");
        assert!(altered.starts_with("shard 2 of tiny is altered"), "{altered}");
        let altered = store.provide(2, &[1, 2, 3]).expect_err("no such classifier");
        assert!(altered.starts_with("the classifier of tiny is altered"), "{altered}");
        assert_eq!(store.judge(), None);
    }

    #[test]
    fn a_bad_shard_is_refused_with_its_reason() {
        let good = gz(&raw());
        assert_eq!(fault(&gz(&raw()[..9])), "shard 0 of tiny is truncated: 15 bytes expected when unpacked, 9 found");
        assert!(fault(&good[..good.len() - 10]).contains("is truncated: 15 bytes expected when unpacked"));
        assert!(fault(&good[..5]).contains("is truncated: 15 bytes expected when unpacked, 0 found"));
        assert!(fault(&gz(&[0; 1_000_000])).contains("more than the 15 bytes"));
        let mut altered = raw();
        altered[3] ^= 1;
        assert!(fault(&gz(&altered)).contains("is altered: its SHA-256 should begin with 1fc82c9d and begins with"));
        assert!(fault(&altered).contains("is altered: its SHA-256"));
        let mut flipped = good.clone();
        let crc = flipped.len() - 6;
        flipped[crc] ^= 1;
        assert!(fault(&flipped).contains("cannot be unpacked"));
        assert!(fault(b"<!doctype html><html>").contains("is not a gzip file: 21 bytes"));
        assert!(fault(b"").contains("is truncated: 15 bytes expected when unpacked, 0 found"));
        let unused = Store::new(&TINY, Chosen::first(3), Beside::default())
            .provide(1, &good)
            .expect_err("the run uses one shard");
        assert_eq!(unused, "shard 1 of tiny is not one of this run's, which uses 3 images in shards 0 to 0");
    }

    #[test]
    fn own_images_are_as_many_as_the_run_says() {
        let Source::Images(set) = crate::data::own::IN_GREY.source else { unreachable!() };
        let file = |images: usize, label: u8| [vec![200; images * 784], vec![label; images]].concat();
        let mut store = Store::new(set, Chosen::first(3), Beside { tests: true, judge: true });
        assert_eq!((store.shards(), store.url(0)), (1, "data/owngrey/0.shard".into()));
        let few = store.provide(0, &file(2, 0)).unwrap_err();
        assert_eq!(few, "the run learns from 3 own images, and 2 are here: choose them again");
        assert!(store.provide(0, &file(3, 1)).unwrap_err().contains("a label"));
        store.provide(0, &file(3, 0)).unwrap();
        assert_eq!((store.pixels(2)[783], store.label(2), store.kept(0)), (200, 0, vec![0, 1, 2]));
    }

    #[test]
    fn layout_and_scaling_are_mnists() {
        let Source::Images(images) = mnist::DATASET.source else { unreachable!() };
        assert_eq!((images.images(), images.values(), images.bytes(10_000)), (60_000, 784, 7_850_000));
        assert_eq!(images.url(5), "data/mnist/5.shard");
        assert_eq!((images.shard_of(9_999), images.shard_of(10_000)), (0, 1));
        assert!(images.shards.iter().chain([&images.test]).all(|sum| sum.len() == 64));
        assert_eq!((images.to_network(0), images.to_network(255)), (-1.0, 1.0));
        for pixel in 0..=255 {
            let light = images.to_light(images.to_network(pixel));
            assert!((light - f32::from(pixel) / 255.0).abs() < 1e-6);
        }
        assert_eq!((images.to_light(-3.0), images.to_light(3.0)), (0.0, 1.0));
        assert_eq!(Store::new(images, Chosen::first(10_001), Beside::default()).shards(), 2);
        assert_eq!(Store::new(images, Chosen::first(1_000_000), Beside::default()).images(), 60_000);
    }

    #[test]
    fn numbers_are_written_for_reading() {
        assert_eq!([0, 999, 1000, 7_850_000].map(thousands), ["0", "999", "1,000", "7,850,000"]);
    }
}
