//! What a network looks at: what its first layer looks for in images, and what it makes of one.

use super::panel::{Body, Panel, Place, Role};
use crate::kernel::Grid;
use crate::text::{Text, text};

/// Units that are shown, at most.
pub const UNITS: usize = 32;
/// Pictures in a line.
const COLUMNS: usize = 8;

const LOOKED_FOR: Text = text(
    "what the first layer looks for: dark against light, a picture for each unit",
    "第一层在寻找什么：暗与亮的对比，每个单元一幅图",
);
const MADE: Text =
    text("what the first layer makes of the first real image, by channel", "第一层从第一张真实图像得到什么，按通道");

/// The weights of a first layer as pictures: `[numbers that a unit sees, units]`, those of a window of this shape, whose first channels are
/// the image's.
pub fn kernels(weights: &[f32], seen: Grid, channels: usize) -> Panel {
    let units = weights.len() / seen.len();
    let number = |unit: usize, place: usize, channel: usize| weights[(place * seen.channels + channel) * units + unit];
    let picture = |unit: usize| {
        let places = (0..seen.places()).flat_map(move |place| (0..channels).map(move |channel| (place, channel)));
        against(places.map(|(place, channel)| number(unit, place, channel)).collect())
    };
    let data = (0..units).flat_map(picture).collect();
    pictures("kernels", LOOKED_FOR, Grid { channels, ..seen }, data)
}

/// What came out of a layer for one image, a picture for each of its first channels.
pub fn maps(values: &[f32], grid: Grid) -> Panel {
    let plane = |channel: usize| against(values.iter().skip(channel).step_by(grid.channels).copied().collect());
    let data = (0..grid.channels.min(UNITS)).flat_map(plane).collect();
    pictures("maps", MADE, Grid { channels: 1, ..grid }, data)
}

/// Numbers as how light they are: 0 in the middle, the largest at an end.
fn against(numbers: Vec<f32>) -> Vec<f32> {
    let most = numbers.iter().filter(|x| x.is_finite()).fold(0.0_f32, |most, x| most.max(x.abs()));
    let share = if most > 0.0 { 0.5 / most } else { 0.0 };
    numbers.into_iter().map(|x| if x.is_finite() { 0.5 + share * x } else { 0.5 }).collect()
}

fn pictures(name: &'static str, title: Text, image: Grid, data: Vec<f32>) -> Panel {
    let body =
        Body::Images { role: Role::Both, image, data, captions: Vec::new(), believed: Vec::new(), columns: COLUMNS };
    Panel { name, title, place: Place::Side, body }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_unit_is_a_picture_of_its_own_weights() {
        // Two units see one line of two places with two channels, of which the first is the image's.
        let weights = [1.0, 10.0, 7.0, 7.0, -2.0, 5.0, 7.0, 7.0];
        let seen = Grid { height: 1, width: 2, channels: 2 };
        let Body::Images { image, data, .. } = kernels(&weights, seen, 1).body else { panic!("pictures") };
        assert_eq!((image, data), (Grid { channels: 1, ..seen }, vec![0.75, 0.0, 1.0, 0.75]));
    }

    #[test]
    fn each_channel_is_a_picture_and_nothing_is_grey() {
        let grid = Grid { height: 1, width: 2, channels: 3 };
        let Body::Images { data, .. } = maps(&[1.0, 0.0, f32::NAN, -4.0, 0.0, 2.0], grid).body else { panic!() };
        assert_eq!(data, [0.625, 0.0, 0.5, 0.5, 0.5, 1.0]);
    }
}
