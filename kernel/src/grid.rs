//! Images as rows: what a place of one grid sees of another, and the rows that are made of it.
//!
//! Channels lie last: a row is `height × width` places of `channels` numbers each, so that what a window sees of a line is one
//! run of numbers.

use std::ops::Range;

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
        let start = self.padding.map(|n| -(n as isize));
        let places = [self.coarse.height, self.coarse.width];
        let axis = |axis: usize| Span::seen(start[axis], places[axis], self.stride[axis], self.size[axis]);
        Patches {
            size: self.size,
            step: self.stride,
            start,
            places,
            frame: Frame { grid: self.fine, spans: [axis(0), axis(1)] },
        }
    }

    /// How the places of the fine grid are seen. Those that lie a stride apart are seen alike: one phase for each remainder.
    pub(crate) fn phases(&self) -> impl Iterator<Item = Phase> {
        let axis = |axis: usize, length: usize| -> Vec<Axis> {
            let (size, stride, padding) = (self.size[axis], self.stride[axis], self.padding[axis]);
            (0..stride.min(length))
                .map(|first| {
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
                .collect()
        };
        let (ys, xs) = (axis(0, self.fine.height), axis(1, self.fine.width));
        // One field for all of them.
        let span = |axes: &[Axis]| axes.iter().filter(|axis| axis.taps > 0).map(Axis::span).reduce(Span::with);
        let nothing = Span { from: 0, to: 0 };
        let spans = [&ys, &xs].map(|axes| span(axes).unwrap_or(nothing));
        let (stride, frame) = (self.stride, Frame { grid: self.coarse, spans });
        ys.into_iter().flat_map(move |y| xs.clone().into_iter().map(move |x| Phase { y, x, stride, frame }))
    }
}

/// Lines or columns of a grid, from one to before another; they may lie outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    from: isize,
    to: isize,
}

impl Span {
    /// What places see that lie `step` apart and see `size` each, the first from `from` on.
    fn seen(from: isize, places: usize, step: usize, size: usize) -> Self {
        Self { from, to: from + (places.saturating_sub(1) * step + size) as isize }
    }

    /// The shortest that holds both.
    fn with(self, other: Self) -> Self {
        Self { from: self.from.min(other.from), to: self.to.max(other.to) }
    }

    fn len(self) -> usize {
        (self.to - self.from) as usize
    }

    /// Which of its lines lie in a grid of so many.
    fn inside(self, length: usize) -> Range<usize> {
        let of = |line: isize| (line - self.from).clamp(0, self.to - self.from) as usize;
        let (first, last) = (of(0), of(length as isize));
        first..last.max(first)
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

impl Axis {
    /// The first coarse place that sees the first of its places.
    fn start(&self) -> isize {
        self.at - (self.taps as isize - 1)
    }

    fn span(&self) -> Span {
        Span::seen(self.start(), self.places, 1, self.taps)
    }
}

/// Places of the fine grid that the same taps meet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Phase {
    y: Axis,
    x: Axis,
    stride: [usize; 2],
    /// Of the coarse grid, the same for all phases.
    frame: Frame,
}

impl Phase {
    /// The coarse places that see each place, as rows of taps · channels; places ascend, and so taps descend.
    pub fn seers(&self) -> Patches {
        Patches {
            size: [self.y.taps, self.x.taps],
            step: [1, 1],
            start: [self.y.start(), self.x.start()],
            places: [self.y.places, self.x.places],
            frame: self.frame,
        }
    }

    /// The taps, in the order of [`Phase::seers`], as numbers of the window's.
    pub fn taps(&self, window: &Window) -> impl Iterator<Item = usize> {
        let [sy, sx] = self.stride;
        let (y, x, width) = (self.y, self.x, window.size[1]);
        (0..y.taps).rev().flat_map(move |i| (0..x.taps).rev().map(move |j| (y.tap + i * sy) * width + x.tap + j * sx))
    }

    /// Which places of the fine grid the rows of [`Phase::seers`] are of.
    pub fn places(&self, fine: Grid) -> impl Iterator<Item = usize> {
        let Self { y, x, stride, .. } = *self;
        let line = move |i| (y.first + i * stride[0]) * fine.width + x.first;
        (0..y.places).flat_map(move |i| (0..x.places).map(move |j| line(i) + j * stride[1]))
    }
}

/// A part of a grid, with what lies around the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    grid: Grid,
    /// Lines and columns.
    spans: [Span; 2],
}

impl Frame {
    /// Numbers of the grid.
    pub fn image(&self) -> usize {
        self.grid.len()
    }

    /// Numbers of a line of the field.
    fn pitch(&self) -> usize {
        self.spans[1].len() * self.grid.channels
    }

    /// From one channel to the next in the turned field.
    fn plane(&self) -> usize {
        self.spans[0].len() * self.spans[1].len()
    }

    /// Writes the field of an image: what the frame holds of it, and zeros where that lies outside.
    pub fn fill(&self, image: &[f32], field: &mut Vec<f32>) {
        let Grid { height, width, channels } = self.grid;
        let [lines, columns] = self.spans;
        let pitch = self.pitch();
        let (lines_inside, inside) = (lines.inside(height), columns.inside(width));
        let first = columns.from + inside.start as isize;
        let inside = inside.start * channels..inside.end * channels;
        field.resize(lines.len() * pitch, 0.0);
        for (line, out) in field.chunks_exact_mut(pitch.max(1)).enumerate() {
            if lines_inside.contains(&line) && !inside.is_empty() {
                let start = ((lines.from + line as isize) as usize * width + first as usize) * channels;
                out[..inside.start].fill(0.0);
                out[inside.clone()].copy_from_slice(&image[start..][..inside.len()]);
                out[inside.end..].fill(0.0);
            } else {
                out.fill(0.0);
            }
        }
    }

    /// The same with channels first, so that the numbers of neighbouring places lie side by side, and `more` zeros behind the last.
    pub fn turn(&self, image: &[f32], more: usize, field: &mut Vec<f32>) {
        let Grid { height, width, channels } = self.grid;
        let [lines, columns] = self.spans;
        let (wide, plane) = (columns.len(), self.plane());
        let inside = columns.inside(width);
        field.clear();
        field.resize(channels * plane + more, 0.0);
        for line in lines.inside(height) {
            let start = (lines.from + line as isize) as usize * width;
            for place in inside.clone() {
                let from = (start + (columns.from + place as isize) as usize) * channels;
                let to = field[line * wide + place..].iter_mut().step_by(plane);
                to.zip(&image[from..][..channels]).for_each(|(to, x)| *to = *x);
            }
        }
    }
}

/// What places see of a grid, as rows of numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patches {
    /// Lines and columns that a place sees.
    size: [usize; 2],
    /// From one place to the next.
    step: [usize; 2],
    /// The first line and column that the first place sees; they may lie outside.
    start: [isize; 2],
    /// Places, in lines and columns.
    places: [usize; 2],
    /// What the field holds: all that is seen, or more.
    frame: Frame,
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

    /// What is seen of.
    pub fn frame(&self) -> &Frame {
        &self.frame
    }

    /// Numbers of a row that lie side by side in the field: those of one line.
    pub fn run(&self) -> usize {
        self.size[1] * self.frame.grid.channels
    }

    /// From one run of a row to the next, in the field.
    pub fn pitch(&self) -> usize {
        self.frame.pitch()
    }

    /// Where the first row begins, in lines and columns of the field.
    fn first(&self) -> [usize; 2] {
        std::array::from_fn(|axis| (self.start[axis] - self.frame.spans[axis].from) as usize)
    }

    /// Where the rows begin in the field.
    pub fn starts(&self) -> impl Iterator<Item = usize> + use<> {
        let (pitch, channels) = (self.pitch(), self.frame.grid.channels);
        let ([top, left], [down, across]) = (self.first(), [self.step[0] * pitch, self.step[1] * channels]);
        let ([lines, columns], first) = (self.places, top * pitch + left * channels);
        (0..lines).flat_map(move |line| (0..columns).map(move |column| first + line * down + column * across))
    }

    /// How many rows there are in a line of places.
    pub fn across(&self) -> usize {
        self.places[1]
    }

    /// Where the rows begin in the turned field: line by line of places, the first.
    pub fn turned_lines(&self) -> impl Iterator<Item = usize> + use<> {
        let ([top, left], wide) = (self.first(), self.frame.spans[1].len());
        let (start, step) = (top * wide + left, self.step[0] * wide);
        (0..self.places[0]).map(move |line| start + line * step)
    }

    /// Where the numbers of a row lie in the turned field, seen from its first; none if the places of a line do not lie side by side.
    pub fn turned_row(&self) -> Option<impl Iterator<Item = usize> + use<>> {
        let (wide, plane) = (self.frame.spans[1].len(), self.frame.plane());
        let ([lines, columns], channels) = (self.size, self.frame.grid.channels);
        let place = move |i: usize| i / columns * wide + i % columns;
        let row = (0..lines * columns).flat_map(move |i| (0..channels).map(move |c| place(i) + c * plane));
        (self.step[1] == 1).then_some(row)
    }
}
