//! Samples as CSV or as a picture.

use std::path::Path;

use gan_playground::data::Source;
use gan_playground::kernel::Grid;
use gan_playground::session::Session;

/// The two forms in which samples can be written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv,
    Png,
}

/// The format that a path's ending names.
///
/// # Errors
/// If it names none.
pub fn format_of(path: &Path) -> Result<Format, String> {
    match path.extension().and_then(|e| e.to_str()) {
        Some("csv") => Ok(Format::Csv),
        Some("png") => Ok(Format::Png),
        _ => {
            Err(format!("{}: samples are written as .csv or .png, so the name must end in one of them", path.display()))
        }
    }
}

/// Samples of the session's generator as the content of a file: 1000 points or 64 images if nobody says how many.
///
/// # Errors
/// If the device fails.
pub async fn file(format: Format, session: &mut Session, count: Option<u64>) -> Result<Vec<u8>, String> {
    let source = session.experiment().data.source;
    let usual = match source {
        Source::Points(_) | Source::Line(_) => 1_000,
        Source::Images(_) => 64,
    };
    let samples = session.sample(count.map_or(usual, |n| n as usize)).await?;
    if samples.is_empty() {
        return Err(format!("{} makes no samples that could be written", session.experiment().form.title.en));
    }
    match (format, source) {
        (Format::Csv, Source::Points(_)) => Ok(csv(&samples, 2, Some("x,y")).into_bytes()),
        (Format::Csv, Source::Line(_)) => Ok(csv(&samples, 1, Some("x")).into_bytes()),
        (Format::Png, Source::Line(_)) => Err("numbers have no picture: ask for .csv".into()),
        (Format::Csv, Source::Images(set)) => Ok(csv(&samples, set.values(), None).into_bytes()),
        (Format::Png, Source::Points(set)) => {
            let (pixels, side) = scatter(&samples, set.extent());
            png(&pixels, side, side, png::ColorType::Rgb)
        }
        (Format::Png, Source::Images(set)) => {
            let (pixels, width, height) = contact_sheet(&samples, set.grid());
            let colour = if set.channels == 1 { png::ColorType::Grayscale } else { png::ColorType::Rgb };
            png(&pixels, width, height, colour)
        }
    }
}

fn csv(values: &[f32], columns: usize, header: Option<&str>) -> String {
    let rows = values.chunks(columns).map(|row| row.iter().map(f32::to_string).collect::<Vec<_>>().join(","));
    header.map(str::to_owned).into_iter().chain(rows).map(|line| line + "\n").collect()
}

fn png(pixels: &[u8], width: usize, height: usize, colour: png::ColorType) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width as u32, height as u32);
    encoder.set_color(colour);
    encoder.set_depth(png::BitDepth::Eight);
    encoder
        .write_header()
        .and_then(|mut writer| writer.write_image_data(pixels).and_then(|()| writer.finish()))
        .map_err(|e| format!("the picture could not be made: {e}"))?;
    Ok(bytes)
}

/// Points as orange dots on white.
fn scatter(points: &[f32], [x0, y0, x1, y1]: [f64; 4]) -> (Vec<u8>, usize) {
    const SIDE: usize = 640;
    let mut pixels = vec![255; SIDE * SIDE * 3];
    for p in points.chunks_exact(2) {
        let column = (f64::from(p[0]) - x0) / (x1 - x0) * SIDE as f64;
        let row = (y1 - f64::from(p[1])) / (y1 - y0) * SIDE as f64;
        for (dx, dy) in [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)] {
            let (c, r) = (column + dx, row + dy);
            if (0.0..SIDE as f64).contains(&c) && (0.0..SIDE as f64).contains(&r) {
                let at = (r as usize * SIDE + c as usize) * 3;
                pixels[at..at + 3].copy_from_slice(&[226, 113, 29]);
            }
        }
    }
    (pixels, SIDE)
}

/// Images side by side on a sheet as square as their number allows, two pixels apart, twice their size.
fn contact_sheet(images: &[f32], Grid { height: side, channels, .. }: Grid) -> (Vec<u8>, usize, usize) {
    const SCALE: usize = 2;
    let count = images.len() / (side * side * channels);
    let columns = (count as f64).sqrt().ceil() as usize;
    let rows = count.div_ceil(columns);
    let cell = side * SCALE + 2;
    let (width, height) = (columns * cell + 2, rows * cell + 2);
    // Two channels are red and green.
    let colours = if channels == 1 { 1 } else { 3 };
    let mut pixels = vec![64; width * height * colours];
    for (i, image) in images.chunks_exact(side * side * channels).enumerate() {
        let (left, top) = (2 + i % columns * cell, 2 + i / columns * cell);
        for y in 0..side * SCALE {
            for x in 0..side * SCALE {
                let from = (y / SCALE * side + x / SCALE) * channels;
                let to = ((top + y) * width + left + x) * colours;
                let values = image[from..from + channels].iter().copied().chain(std::iter::repeat(0.0));
                for (pixel, value) in pixels[to..to + colours].iter_mut().zip(values) {
                    *pixel = (value.clamp(0.0, 1.0) * 255.0).round() as u8;
                }
            }
        }
    }
    (pixels, width, height)
}
