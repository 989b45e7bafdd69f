//! Emoji as shards of images, as two vendors draw them, from the npm packages `emoji-datasource-google` and `emoji-datasource-twitter`:
//! the sheets of Noto's emoji (© Google LLC, Apache-2.0) and of Twemoji (© Twitter and others, CC BY 4.0) at 32 pixels, and their
//! places on them and their groups, of `emoji.json` (© Cal Henderson, MIT). Image for image both sets have the same emoji.

use crate::images::{self, Set};
use crate::project::{Project, sha256};
use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use std::fs;
use std::io::Cursor;

/// Who draws, and the SHA-256 of its sheet.
#[derive(Clone, Copy)]
struct Vendor(&'static str, &'static str);

const NOTO: Vendor = Vendor("google", "d2217df38f59c51b2f28608b657adc54724dc6de12bc149129a63d28fa1aa057");
const TWEMOJI: Vendor = Vendor("twitter", "179a0b9e7e4c537f167f11e17be3ebbbec232b7ab54b43590ffe9bef87283b7a");
/// The version of the packages.
const VERSION: &str = "16.0.0";
/// What is where on either sheet.
const TABLE: (&str, &str) = ("package/emoji.json", "1d602e65be88772bf8cc368ce16b855d719eeddbafe128d471b80203f494d29f");

/// Unicode's groups, in the order of their labels. What is of none of them are patches of skin, and is left out.
const GROUPS: [&str; 9] = [
    "Smileys & Emotion",
    "People & Body",
    "Animals & Nature",
    "Food & Drink",
    "Travel & Places",
    "Activities",
    "Objects",
    "Symbols",
    "Flags",
];

/// Pixels along a side, and those of a cell of the sheet, which has a border of one.
const SIDE: usize = 32;
const CELL: usize = SIDE + 2;
/// Pictures that no training sees.
const TESTS: usize = 256;
/// Neighbours in the table are alike, so every so many-th comes next.
const STRIDE: usize = 1_103;

#[derive(Deserialize)]
struct Entry {
    category: String,
    sheet_x: usize,
    sheet_y: usize,
}

/// Fetches the packages and makes both shards of each set.
pub fn make(project: &Project) -> Result<()> {
    for (vendor, set) in [(NOTO, &images::EMOJI), (TWEMOJI, &images::TWEMOJI)] {
        vendor.make(project, set)?;
    }
    Ok(())
}

impl Vendor {
    fn make(self, project: &Project, set: &Set) -> Result<()> {
        let Self(vendor, sum) = self;
        let folder = project.target.join("tmp").join(set.name);
        fs::create_dir_all(&folder)?;
        let package = format!("emoji-datasource-{vendor}@{VERSION}");
        println!("{}: fetching the npm package {package} (60 to 75 MB)", set.name);
        let packed = project.program("npm").args(["pack", "--silent", &package]).current_dir(&folder).output();
        let packed = packed.context("npm cannot be run")?;
        ensure!(
            packed.status.success(),
            "npm pack {package} failed: {}",
            String::from_utf8_lossy(&packed.stderr).trim()
        );
        let archive = folder.join(String::from_utf8_lossy(&packed.stdout).trim());
        let sheet = format!("package/img/{vendor}/sheets-256/32.png");
        let files = [(sheet.as_str(), sum), TABLE];
        let names = files.map(|(name, _)| name);
        let unpacked = project.program("tar").arg("-xzf").arg(&archive).args(names).current_dir(&folder).status();
        ensure!(unpacked.is_ok_and(|status| status.success()), "tar cannot unpack {}", archive.display());
        let [sheet, table] = files.map(|(name, sum)| -> Result<Vec<u8>> {
            let bytes = fs::read(folder.join(name))?;
            ensure!(sha256(&bytes) == sum, "{name} is not the file of {package} (its SHA-256 differs)");
            Ok(bytes)
        });
        for (shard, content) in shards(&sheet?, &table?)?.iter().enumerate() {
            images::write_shard(&images::kept(project, set.name), shard, content)?;
            println!("{}: shard {shard}, SHA-256 {}", set.name, sha256(content));
        }
        Ok(())
    }
}

/// Pixels and labels of the pictures to learn from, and of those that no training sees.
fn shards(sheet: &[u8], table: &[u8]) -> Result<[Vec<u8>; 2]> {
    let mut decoder = png::Decoder::new(Cursor::new(sheet));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info()?;
    let mut pixels = vec![0; reader.output_buffer_size().context("the sheet is too large")?];
    let frame = reader.next_frame(&mut pixels)?;
    if frame.color_type != png::ColorType::Rgba {
        bail!("the sheet is not in colours that may be clear");
    }
    let entries: Vec<Entry> = serde_json::from_slice(table).context("the table of emoji")?;
    let all: Vec<(Vec<u8>, u8)> = entries
        .iter()
        .filter_map(|entry| {
            let group = GROUPS.iter().position(|group| *group == entry.category)?;
            let (left, top) = (entry.sheet_x * CELL + 1, entry.sheet_y * CELL + 1);
            let line = |y| &pixels[((top + y) * frame.width as usize + left) * 4..][..SIDE * 4];
            Some(((0..SIDE).flat_map(line).copied().collect::<Vec<u8>>(), group as u8))
        })
        .map(|(clear, group)| (on_white(&clear), group))
        .collect();
    let order: Vec<&(Vec<u8>, u8)> = (0..all.len()).map(|i| &all[i * STRIDE % all.len()]).collect();
    let (train, tests) = order.split_at(all.len() - TESTS);
    Ok([train, tests].map(|some| {
        let pixels = some.iter().flat_map(|(pixels, _)| pixels.iter().copied());
        pixels.chain(some.iter().map(|(_, group)| *group)).collect()
    }))
}

/// Colours with how opaque they are, laid on white.
fn on_white(clear: &[u8]) -> Vec<u8> {
    let pixels = clear.as_chunks::<4>().0.iter();
    pixels
        .flat_map(|&[red, green, blue, opaque]| {
            let opaque = u32::from(opaque);
            [red, green, blue].map(|light| ((u32::from(light) * opaque + 255 * (255 - opaque) + 127) / 255) as u8)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::GzDecoder;
    use std::io::Read;

    #[test]
    fn what_is_clear_is_white() {
        assert_eq!(
            on_white(&[10, 20, 30, 255, 10, 20, 30, 0, 0, 100, 255, 51]),
            [10, 20, 30, 255, 255, 255, 204, 224, 255]
        );
    }

    #[test]
    fn the_shards_that_come_with_the_sources_are_whole() {
        let project = Project::find().unwrap();
        for (shard, images) in [(0, 1_650), (1, TESTS)] {
            let [one, other] = [&images::EMOJI, &images::TWEMOJI].map(|set| {
                let packed = fs::read(images::shard_file(&images::kept(&project, set.name), shard)).unwrap();
                let mut content = Vec::new();
                GzDecoder::new(packed.as_slice()).read_to_end(&mut content).unwrap();
                assert_eq!(content.len(), images * (SIDE * SIDE * 3 + 1));
                let labels = content.split_off(images * SIDE * SIDE * 3);
                assert!((0..GROUPS.len()).all(|group| labels.contains(&(group as u8))), "every group is there");
                (content, labels)
            });
            assert_eq!(one.1, other.1, "they are pairs");
            // Two pictures of one thing are more alike than two of different things.
            let apart = |a: usize, b: usize| -> u64 {
                let [a, b] = [(&one.0, a), (&other.0, b)].map(|(of, i)| &of[i * SIDE * SIDE * 3..][..SIDE * SIDE * 3]);
                a.iter().zip(b).map(|(a, b)| u64::from(a.abs_diff(*b))).sum()
            };
            let [same, next] = [0, 1].map(|by| (0..images).map(|i| apart(i, (i + by) % images)).sum::<u64>());
            assert!(3 * same < 2 * next, "{same} and {next}");
        }
    }
}
