//! Networks: layers one after the other.

use burn::tensor::Tensor;

use super::dropped::thinned;
use super::{Layout, Mingle, Network, Parameter, Passed, Start, Weights, activation, parts_of, row_sums};
use crate::kernel::{Activation, Conv, Dense, Grid, Layer, Norm, Pool, Pooled, Resize, RowNorm, Window};

/// Layers one after the other.
pub struct Net {
    layout: Layout,
}

impl Net {
    /// The multilayer perceptron: fully connected layers from `inputs` over the `hidden` widths to `outputs`, with an activation
    /// between them, and one, if asked for, at the end.
    ///
    /// Weights and biases start uniform in ±1/√fan-in, as in PyTorch's `Linear`, which the minimal implementations that
    /// others compare with all use.
    pub fn mlp(
        inputs: usize,
        hidden: &[usize],
        outputs: usize,
        activation: Activation,
        last: Option<Activation>,
    ) -> Self {
        Self::mlp_from(Init::FanIn, inputs, hidden, outputs, activation, last)
    }

    /// The same, whose weights start otherwise.
    pub fn mlp_from(
        init: Init,
        inputs: usize,
        hidden: &[usize],
        outputs: usize,
        activation: Activation,
        last: Option<Activation>,
    ) -> Self {
        let mut build = Build::new(Grid { height: 1, width: 1, channels: inputs }, init);
        for &width in hidden {
            build = build.dense(width, Some(activation));
        }
        build.dense(outputs, last).done()
    }
}

impl Net {
    /// One number, from 1: a weight and a bias.
    pub fn number() -> Self {
        Self::mlp(1, &[], 1, Activation::Relu, None)
    }
}

/// From what weights start. Biases start at 0, but for the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Init {
    /// Uniform in ±1/√fan-in, biases too.
    FanIn,
    /// Uniform in ±√(6/(fan-in + fan-out)): Glorot and Bengio 2010.
    Glorot,
    /// Normal around 0 with σ = √(2/fan-in): He et al. 2015.
    He,
    /// Matrices whose columns, or rows where these are fewer, are orthogonal and of length 1: Saxe et al. 2014.
    Orthogonal,
    /// Normal around 0 with σ = .02, biases 0, scales of normalisations normal around 1 (Radford et al. 2015, section 4).
    Narrow,
}

/// A network that is being put together, layer by layer.
pub struct Build {
    init: Init,
    grid: Grid,
    layers: Vec<Layer>,
    parameters: Vec<Parameter>,
    offset: usize,
    moments: usize,
    mingle: Option<Mingle>,
}

/// A square window: its size, its stride, and how far it begins outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Square {
    /// Lines and columns.
    pub size: usize,
    /// From one to the next.
    pub stride: usize,
    /// On every side.
    pub padding: usize,
}

impl Build {
    /// For rows of this shape.
    pub fn new(grid: Grid, init: Init) -> Self {
        Self { init, grid, layers: Vec::new(), parameters: Vec::new(), offset: 0, moments: 0, mingle: None }
    }

    /// The shape of a row of what there is.
    pub fn grid(&self) -> Grid {
        self.grid
    }

    /// A fully connected layer.
    pub fn dense(self, outputs: usize, activation: Option<Activation>) -> Self {
        self.dense_to(Grid { height: 1, width: 1, channels: outputs }, activation)
    }

    /// A fully connected layer to rows of a shape.
    pub fn dense_to(mut self, grid: Grid, activation: Option<Activation>) -> Self {
        let (inputs, outputs) = (self.grid.len(), grid.len());
        let layer = Dense { offset: self.offset, inputs, outputs, activation };
        self.weigh(vec![inputs, outputs], outputs, [inputs, outputs]);
        self.add(Layer::Dense(layer), grid)
    }

    /// A convolution.
    pub fn conv(mut self, channels: usize, by: Square, activation: Option<Activation>) -> Self {
        let fine = self.grid;
        let long = |n: usize| (n + 2 * by.padding - by.size) / by.stride + 1;
        let coarse = Grid { height: long(fine.height), width: long(fine.width), channels };
        let window = by.window(fine, coarse);
        let layer = Conv { offset: self.offset, window, transposed: false, activation };
        let fans = [fine.channels, channels].map(|n| window.taps() * n);
        self.weigh(vec![by.size, by.size, fine.channels, channels], channels, fans);
        self.add(Layer::Conv(layer), coarse)
    }

    /// A transposed convolution.
    pub fn transposed(mut self, channels: usize, by: Square, activation: Option<Activation>) -> Self {
        let coarse = self.grid;
        let long = |n: usize| (n - 1) * by.stride + by.size - 2 * by.padding;
        let fine = Grid { height: long(coarse.height), width: long(coarse.width), channels };
        let window = by.window(fine, coarse);
        let layer = Conv { offset: self.offset, window, transposed: true, activation };
        // As PyTorch counts it.
        let fans = [channels, coarse.channels].map(|n| window.taps() * n);
        self.weigh(vec![by.size, by.size, channels, coarse.channels], channels, fans);
        self.add(Layer::Conv(layer), fine)
    }

    /// Batch normalisation of each channel.
    pub fn norm(mut self, activation: Option<Activation>) -> Self {
        let grid = self.grid;
        let layer = Norm { offset: self.offset, moments: self.moments, grid, activation };
        self.scale_and_shift();
        self.moments += 2 * grid.channels;
        self.add(Layer::Norm(layer), grid)
    }

    /// Layer normalisation of each row.
    pub fn row_norm(mut self, activation: Option<Activation>) -> Self {
        let grid = self.grid;
        let layer = RowNorm { offset: self.offset, grid, activation };
        self.scale_and_shift();
        self.add(Layer::RowNorm(layer), grid)
    }

    /// A scale and a shift for each channel.
    fn scale_and_shift(&mut self) {
        let channels = self.grid.channels;
        let scale = match self.init {
            Init::FanIn | Init::Glorot | Init::He | Init::Orthogonal => Start::Fixed(1.0),
            Init::Narrow => Start::Normal { mean: 1.0, sigma: 0.02 },
        };
        self.parameter("scale", vec![channels], scale, false);
        self.parameter("shift", vec![channels], Start::Fixed(0.0), true);
    }

    /// Nearest-neighbour upsampling.
    pub fn enlarge(self, factor: usize) -> Self {
        let grid = self.grid;
        let large = Grid { height: factor * grid.height, width: factor * grid.width, ..grid };
        self.add(Layer::Resize(Resize { grid, factor }), large)
    }

    /// Pooling, without padding.
    pub fn pool(self, kind: Pooled, size: usize, stride: usize) -> Self {
        let fine = self.grid;
        let long = |n: usize| (n - size) / stride + 1;
        let coarse = Grid { height: long(fine.height), width: long(fine.width), ..fine };
        let window = Square { size, stride, padding: 0 }.window(fine, coarse);
        self.add(Layer::Pool(Pool { window, kind }), coarse)
    }

    /// The mean over all places.
    pub fn pool_all(self) -> Self {
        let fine = self.grid;
        let coarse = Grid { height: 1, width: 1, ..fine };
        let size = [fine.height, fine.width];
        let window = Window { fine, coarse, size, stride: [1, 1], padding: [0, 0] };
        self.add(Layer::Pool(Pool { window, kind: Pooled::Mean }), coarse)
    }

    /// The deviation of the batch, as one more number of each row. The layer after it is the last.
    pub fn deviation(self) -> Self {
        self.mingle(Mingle::Deviation)
    }

    /// How near a row is to the others of the batch, in so many matrices of so many columns. The layer after it is the last.
    pub fn kernels(mut self, count: usize, columns: usize) -> Self {
        let (inputs, outputs) = (self.grid.len(), count * columns);
        let matrices = Dense { offset: self.offset, inputs, outputs, activation: None };
        self.weigh_as("kernels.", vec![inputs, outputs], outputs, [inputs, outputs]);
        self.mingle(Mingle::Kernels { matrices, count })
    }

    fn mingle(mut self, mingle: Mingle) -> Self {
        self.grid = Grid { height: 1, width: 1, channels: self.grid.len() + mingle.extra() };
        self.mingle = Some(mingle);
        self
    }

    /// The network.
    pub fn done(self) -> Net {
        Net { layout: Layout::new(self.parameters, self.layers).mingling(self.mingle) }
    }

    /// A matrix and a bias.
    fn weigh(&mut self, shape: Vec<usize>, outputs: usize, fans: [usize; 2]) {
        self.weigh_as("", shape, outputs, fans);
    }

    /// The same, whose names begin so.
    fn weigh_as(&mut self, what: &str, shape: Vec<usize>, outputs: usize, fans: [usize; 2]) {
        let [fan_in, fan_out] = fans.map(|fan| fan as f64);
        let (matrix, bias) = match self.init {
            Init::FanIn => [Start::Uniform { bound: 1.0 / fan_in.sqrt() }; 2].into(),
            Init::Glorot => (Start::Uniform { bound: (6.0 / (fan_in + fan_out)).sqrt() }, Start::Fixed(0.0)),
            Init::He => (Start::Normal { mean: 0.0, sigma: (2.0 / fan_in).sqrt() }, Start::Fixed(0.0)),
            Init::Orthogonal => (Start::Orthogonal, Start::Fixed(0.0)),
            Init::Narrow => (Start::Normal { mean: 0.0, sigma: 0.02 }, Start::Fixed(0.0)),
        };
        self.parameter(&format!("{what}weight"), shape, matrix, false);
        self.parameter(&format!("{what}bias"), vec![1, outputs], bias, true);
    }

    fn parameter(&mut self, name: &str, shape: Vec<usize>, start: Start, is_bias: bool) {
        let parameter = Parameter { name: format!("layers.{}.{name}", self.layers.len()), shape, start, is_bias };
        self.offset += parameter.len();
        self.parameters.push(parameter);
    }

    fn add(mut self, layer: Layer, grid: Grid) -> Self {
        self.layers.push(layer);
        self.grid = grid;
        self
    }
}

impl Square {
    fn window(self, fine: Grid, coarse: Grid) -> Window {
        let Self { size, stride, padding } = self;
        Window { fine, coarse, size: [size; 2], stride: [stride; 2], padding: [padding; 2] }
    }
}

impl Network for Net {
    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn pass(&self, weights: &Weights, moments: Option<&Tensor<1>>, x: Tensor<2>) -> Passed {
        through(&self.layout, weights, moments, x, None)
    }

    fn tangent(&self, weights: &Weights, x: Tensor<2>, v: Tensor<2>) -> Tensor<2> {
        along(&self.layout, weights, x, v, None)
    }
}

/// See [`Network::pass`]; `kept`: what the numbers before the last layer are multiplied with.
pub(super) fn through(
    layout: &Layout,
    weights: &Weights,
    moments: Option<&Tensor<1>>,
    x: Tensor<2>,
    kept: Option<&Tensor<2>>,
) -> Passed {
    let layers = layout.layers();
    let mingle = layout.mingle();
    let (Some((last, before)), true) = (layers.split_last(), mingle.is_some() || kept.is_some()) else {
        return weights.pass(0, layers, moments, x);
    };
    let Passed { mut y, moments: mut found } =
        if before.is_empty() { Passed { y: x, moments: None } } else { weights.pass(0, before, moments, x) };
    let mut first = before.iter().map(parts_of).sum();
    if let Some(mingle) = mingle {
        let (rows, extra) = (y.dims()[0], mingle.extra());
        let of = match moments {
            // It stands for any batch.
            Some(moments) => {
                let [all] = moments.dims();
                moments.clone().slice(all - extra..all).reshape([1, extra]).expand([rows, extra])
            }
            None => {
                let of = mingle.of(weights, first, y.clone());
                let mean = row_sums(of.clone().transpose()) * (1.0 / rows as f64);
                let own = mean.detach().reshape([extra]);
                found = Some(match found {
                    Some(found) => Tensor::cat(vec![found, own], 0),
                    None => own,
                });
                of
            }
        };
        y = beside(y, of);
        first += mingle.parts();
    }
    if let Some(kept) = kept {
        y = thinned(y, kept);
    }
    Passed { y: weights.pass(first, &[*last], None, y).y, moments: found }
}

/// Rows, and more numbers of each.
fn beside(rows: Tensor<2>, more: Tensor<2>) -> Tensor<2> {
    let rows = if more.is_autodiff() && !rows.is_autodiff() { rows.autodiff() } else { rows };
    Tensor::cat(vec![rows, more], 1)
}

/// See [`Network::tangent`]; `kept`: what the numbers before the last layer are multiplied with.
pub(super) fn along(
    layout: &Layout,
    weights: &Weights,
    x: Tensor<2>,
    v: Tensor<2>,
    kept: Option<&Tensor<2>>,
) -> Tensor<2> {
    let layers = layout.layers();
    let linear = weights.linear(layout);
    let (mut y, mut t) = (x, v);
    let mut first = 0;
    for (i, layer) in layers.iter().enumerate() {
        let is_last = i + 1 == layers.len();
        if let (Some(mingle), true) = (layout.mingle(), is_last) {
            let of = mingle.of(weights, first, y.clone());
            let along = mingle.tangent([weights, &linear], first, y.clone(), t.clone());
            (y, t) = (beside(y, of), beside(t, along));
            first += mingle.parts();
        }
        if let (Some(kept), true) = (kept, is_last) {
            (y, t) = (thinned(y, kept), thinned(t, kept));
        }
        let x = y.clone();
        // What comes after the last activation needs no output.
        if layer.activation().is_some() || !is_last {
            y = weights.pass(first, std::slice::from_ref(layer), None, y).y;
        }
        t = straight_along([weights, &linear], first, layer, x, t);
        if let Some(function) = layer.activation() {
            t = t * activation::slope(function, y.clone());
        }
        first += parts_of(layer);
    }
    t
}

/// [`sway`] of two kinds of rows, one below the other: each by its own moments where rows are coupled, as in training.
pub fn sway_both(net: &dyn Network, weights: &Weights, direction: &Weights, both: [Tensor<2>; 2]) -> [Tensor<2>; 2] {
    if net.is_coupled() {
        let [[a, b], [c, d]] = both.map(|rows| sway(net, weights, direction, rows));
        return [Tensor::cat(vec![a, c], 0), Tensor::cat(vec![b, d], 0)];
    }
    sway(net, weights, direction, Tensor::cat(both.into(), 0))
}

/// The output for rows, and its tangent in a direction of the weights, while the rows stay: what [`Network::tangent`] is for rows. All
/// layers are linear in their own weights, so each adds what the direction's weights make of what it is given.
///
/// # Shapes
/// - `x`: `[rows, inputs]`; result: `[rows, outputs]` each
pub fn sway(net: &dyn Network, weights: &Weights, direction: &Weights, x: Tensor<2>) -> [Tensor<2>; 2] {
    let layout = net.layout();
    let layers = layout.layers();
    let linear = weights.linear(layout);
    let mut y = x;
    let mut t: Option<Tensor<2>> = None;
    let mut first = 0;
    for (i, layer) in layers.iter().enumerate() {
        if let (Some(mingle), true) = (layout.mingle(), i + 1 == layers.len()) {
            let of = mingle.of(weights, first, y.clone());
            let along = mingle.sway([weights, &linear, direction], first, y.clone(), t.clone());
            let before = t.unwrap_or_else(|| y.zeros_like());
            (y, t) = (beside(y, of), Some(beside(before, along)));
            first += mingle.parts();
        }
        let x = y.clone();
        y = weights.pass(first, std::slice::from_ref(layer), None, y).y;
        let through = t.map(|t| straight_along([weights, &linear], first, layer, x.clone(), t));
        let own = (!layer.range().is_empty()).then(|| direction.straight(first, bare(layer), x));
        t = match (through, own) {
            (Some(a), Some(b)) => Some(a + b),
            (a, b) => a.or(b),
        };
        if let Some(function) = layer.activation() {
            t = t.map(|t| t * activation::slope(function, y.clone()));
        }
        first += parts_of(layer);
    }
    let t = t.unwrap_or_else(|| y.zeros_like());
    [y, t]
}

/// A layer without its activation.
fn bare(layer: &Layer) -> Layer {
    match *layer {
        Layer::Dense(layer) => Layer::Dense(Dense { activation: None, ..layer }),
        Layer::Conv(layer) => Layer::Conv(Conv { activation: None, ..layer }),
        Layer::Norm(layer) => Layer::Norm(Norm { activation: None, ..layer }),
        Layer::RowNorm(layer) => Layer::RowNorm(RowNorm { activation: None, ..layer }),
        Layer::Resize(_) | Layer::Pool(_) => *layer,
    }
}

/// The tangent of a layer without its activation, at `x` in the direction `t` of what it is given.
fn straight_along(
    [weights, linear]: [&Weights; 2],
    first: usize,
    layer: &Layer,
    x: Tensor<2>,
    t: Tensor<2>,
) -> Tensor<2> {
    match layer {
        Layer::Norm(norm) => weights.norm_tangent(first, norm, x, t),
        Layer::RowNorm(norm) => weights.row_norm_tangent(first, norm, x, t),
        Layer::Pool(Pool { kind: Pooled::Most, .. }) => unimplemented!("no critic pools by the largest"),
        _ => linear.straight(first, bare(layer), t),
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;
    use crate::nn::matrix;

    #[test]
    fn a_hand_made_network_gives_the_hand_made_output() {
        let net = Net::mlp(2, &[2], 1, Activation::Relu, None);
        // W1 = [[1, -1], [2, 3]], b1 = [0, 1]; W2 = [[1], [10]], b2 = [0.5]
        let flat = [1.0_f32, -1.0, 2.0, 3.0, 0.0, 1.0, 1.0, 10.0, 0.5];
        let device = Device::flex();
        let flat = Tensor::<1>::from_floats(flat, &device);
        // x = (1, 1): h = (3, 3); x = (1, -1): h = (0, 0) after ReLU of (-1, -3)
        let out = net.forward(&net.layout().constants(&flat), matrix(vec![1.0, 1.0, 1.0, -1.0], 2, &device));
        assert_eq!(out.into_data().try_to_vec::<f32>().unwrap(), vec![33.5, 0.5]);
    }

    #[test]
    fn weights_start_as_their_papers_say() {
        let start = |init| {
            let net = Net::mlp_from(init, 40, &[60], 10, Activation::Relu, None);
            net.layout().init(&mut crate::rng::Rng::stream(1, "init"))
        };
        let glorot = start(Init::Glorot);
        let most = glorot[..2400].iter().fold(0.0_f32, |most, w| most.max(w.abs()));
        assert!((most / 0.06_f32.sqrt() - 1.0).abs() < 0.01, "{most}");
        let he = start(Init::He);
        let square = he[..2400].iter().map(|w| w * w).sum::<f32>() / 2400.0;
        assert!((square / (2.0 / 40.0) - 1.0).abs() < 0.1, "{square}");
        assert!([&glorot, &he].iter().all(|all| all[2400..2460].iter().all(|bias| *bias == 0.0)));
        // Fewer rows than columns, and more.
        let of = |all: &[f32], rows: usize, columns: usize, i: usize, by_rows: bool| -> Vec<f64> {
            let at = |k: usize| if by_rows { all[i * columns + k] } else { all[k * columns + i] };
            (0..if by_rows { columns } else { rows }).map(|k| f64::from(at(k))).collect()
        };
        let all = start(Init::Orthogonal);
        for (all, rows, columns) in [(&all[..2400], 40, 60), (&all[2460..3060], 60, 10)] {
            let by_rows = rows < columns;
            let few = rows.min(columns);
            for i in 0..few {
                for j in 0..=i {
                    let [a, b] = [i, j].map(|i| of(all, rows, columns, i, by_rows));
                    let product: f64 = a.iter().zip(&b).map(|(a, b)| a * b).sum();
                    assert!((product - f64::from(u8::from(i == j))).abs() < 1e-5, "{i} {j}: {product}");
                }
            }
        }
    }

    #[test]
    fn the_layout_counts_every_weight() {
        let net = Net::mlp(2, &[8, 8], 1, Activation::Leaky, None);
        assert_eq!(net.layout().len(), 2 * 8 + 8 + 8 * 8 + 8 + 8 + 1);
        let values = net.layout().init(&mut crate::rng::Rng::stream(1, "init"));
        assert_eq!(values.len(), net.layout().len());
        assert!(values.iter().all(|v| v.abs() <= 1.0 / 2.0_f32.sqrt()));
    }
}
