//! Images as rows: what a place of one grid sees of another, and the rows that are made of it.
//!
//! Channels lie last: a row is `height × width` places of `channels` numbers each, so that what a window sees of a line is one
//! run of numbers.

/// The shape of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Grid {
    /// Lines.
    pub height: usize,
    /// Places in a line.
    pub width: usize,
    /// Numbers at a place.
    pub channels: usize,
}

impl Grid {
    /// Places.
    pub const fn places(&self) -> usize {
        self.height * self.width
    }

    /// Numbers.
    pub const fn len(&self) -> usize {
        self.places() * self.channels
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// How the places of a fine grid hang together with those of a coarse one: the place `(i, j)` of the coarse grid sees `size`
/// places of the fine one from `(i, j) · stride − padding` on, downwards and to the right. What lies outside is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    /// The grid that is seen.
    pub fine: Grid,
    /// The grid of who sees.
    pub coarse: Grid,
    /// Lines and columns that are seen.
    pub size: [usize; 2],
    /// Lines and columns from one to the next.
    pub stride: [usize; 2],
    /// Lines above and columns before the first that the first one sees.
    pub padding: [usize; 2],
}

impl Window {
    /// Places that are seen.
    pub const fn taps(&self) -> usize {
        self.size[0] * self.size[1]
    }

    /// What each place of the coarse grid sees, as rows of taps · channels.
    pub(crate) fn seen(&self) -> Patches {
        let [sy, sx] = self.stride;
        let [py, px] = self.padding.map(|n| n as isize);
        Patches {
            grid: self.fine,
            size: self.size,
            step: [sy, sx],
            start: [-py, -px],
            places: [self.coarse.height, self.coarse.width],
        }
    }

    /// How the places of the fine grid are seen. Those that lie a stride apart are seen alike: one phase for each remainder.
    pub(crate) fn phases(&self) -> impl Iterator<Item = Phase> {
        let axis = |axis: usize, length: usize| {
            let (size, stride, padding) = (self.size[axis], self.stride[axis], self.padding[axis]);
            (0..stride.min(length)).map(move |first| {
                let tap = (first + padding) % stride;
                Axis {
                    first,
                    places: (length - first).div_ceil(stride),
                    tap,
                    taps: size.saturating_sub(tap).div_ceil(stride),
                    // The tap `tap` is that of this coarse place.
                    at: ((first + padding) / stride) as isize,
                }
            })
        };
        let columns: Vec<Axis> = axis(1, self.fine.width).collect();
        let (stride, grid) = (self.stride, self.coarse);
        axis(0, self.fine.height)
            .flat_map(move |y| columns.clone().into_iter().map(move |x| Phase { y, x, stride, grid }))
    }
}

/// One axis of a phase.
#[derive(Clone, Copy, Debug)]
struct Axis {
    /// The first of its places in the fine grid.
    first: usize,
    /// How many there are.
    places: usize,
    /// The first of the taps that meet them, and how many do.
    tap: usize,
    taps: usize,
    /// The place in the coarse grid that sees `first` by `tap`.
    at: isize,
}

/// Places of the fine grid that the same taps meet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Phase {
    y: Axis,
    x: Axis,
    stride: [usize; 2],
    /// The coarse grid.
    grid: Grid,
}

impl Phase {
    /// The coarse places that see each place, as rows of taps · channels; places ascend, and so taps descend.
    pub fn seers(&self) -> Patches {
        let start = |axis: Axis| axis.at - (axis.taps as isize - 1);
        Patches {
            grid: self.grid,
            size: [self.y.taps, self.x.taps],
            step: [1, 1],
            start: [start(self.y), start(self.x)],
            places: [self.y.places, self.x.places],
        }
    }

    /// The taps, in the order of [`Phase::seers`], as numbers of the window's.
    pub fn taps(&self, window: &Window) -> impl Iterator<Item = usize> {
        let [sy, sx] = self.stride;
        let (y, x, width) = (self.y, self.x, window.size[1]);
        (0..y.taps).rev().flat_map(move |i| (0..x.taps).rev().map(move |j| (y.tap + i * sy) * width + x.tap + j * sx))
    }

    /// Which place of the fine grid a row of [`Phase::seers`] is of.
    pub fn place(&self, row: usize, fine: Grid) -> usize {
        let (i, j) = (row / self.x.places, row % self.x.places);
        (self.y.first + i * self.stride[0]) * fine.width + self.x.first + j * self.stride[1]
    }
}

/// What places see of a grid, as rows of numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patches {
    /// What is seen.
    grid: Grid,
    /// Lines and columns of it that a place sees.
    size: [usize; 2],
    /// From one place to the next.
    step: [usize; 2],
    /// The first line and column that the first place sees; they may lie outside.
    start: [isize; 2],
    /// Places, in lines and columns.
    places: [usize; 2],
}

impl Patches {
    /// Rows of an image.
    pub fn rows(&self) -> usize {
        self.places[0] * self.places[1]
    }

    /// Numbers of a row.
    pub fn len(&self) -> usize {
        self.size[0] * self.run()
    }

    /// Numbers of the image.
    pub fn image(&self) -> usize {
        self.grid.len()
    }

    /// Numbers of a row that lie side by side in the field: those of one line.
    pub fn run(&self) -> usize {
        self.size[1] * self.grid.channels
    }

    /// From one run of a row to the next, in the field.
    pub fn pitch(&self) -> usize {
        let width = (self.places[1] - 1) * self.step[1] + self.size[1];
        width * self.grid.channels
    }

    /// Numbers of the field.
    fn field(&self) -> usize {
        let height = (self.places[0] - 1) * self.step[0] + self.size[0];
        height * self.pitch()
    }

    /// Where the rows begin in the field: line by line of places, the first, and from each to the next.
    pub fn lines(&self) -> impl Iterator<Item = usize> + Clone + use<> {
        let pitch = self.step[0] * self.pitch();
        (0..self.places[0]).map(move |line| line * pitch)
    }

    /// How many rows there are in a line of places, and how far apart they begin.
    pub fn across(&self) -> (usize, usize) {
        (self.places[1], self.step[1] * self.grid.channels)
    }

    /// Writes the field of an image: all that is seen of it and nothing else, with zeros where that lies outside.
    pub fn fill(&self, image: &[f32], field: &mut Vec<f32>) {
        let Grid { height, width, channels } = self.grid;
        let [top, left] = self.start;
        let pitch = self.pitch();
        let wide = (pitch / channels) as isize;
        // The part of a line that is inside, in numbers.
        let from = (-left).clamp(0, wide) as usize;
        let to = (width as isize - left).clamp(from as isize, wide) as usize;
        let (inside, first) = (from * channels..to * channels, (left + from as isize) as usize);
        field.clear();
        field.resize(self.field(), 0.0);
        for (line, out) in (top..).zip(field.chunks_exact_mut(pitch)) {
            if (0..height as isize).contains(&line) && !inside.is_empty() {
                let start = (line as usize * width + first) * channels;
                out[inside.clone()].copy_from_slice(&image[start..][..inside.len()]);
            }
        }
    }
}
