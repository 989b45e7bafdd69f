//! Networks: layers one after the other.

use burn::tensor::Tensor;

use super::dropped::thinned;
use super::{Layout, Network, Parameter, Passed, Start, Weights, activation};
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
        Self { init, grid, layers: Vec::new(), parameters: Vec::new(), offset: 0, moments: 0 }
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

    /// The network.
    pub fn done(self) -> Net {
        Net { layout: Layout::new(self.parameters, self.layers) }
    }

    /// A matrix and a bias.
    fn weigh(&mut self, shape: Vec<usize>, outputs: usize, fans: [usize; 2]) {
        let [fan_in, fan_out] = fans.map(|fan| fan as f64);
        let (matrix, bias) = match self.init {
            Init::FanIn => [Start::Uniform { bound: 1.0 / fan_in.sqrt() }; 2].into(),
            Init::Glorot => (Start::Uniform { bound: (6.0 / (fan_in + fan_out)).sqrt() }, Start::Fixed(0.0)),
            Init::He => (Start::Normal { mean: 0.0, sigma: (2.0 / fan_in).sqrt() }, Start::Fixed(0.0)),
            Init::Orthogonal => (Start::Orthogonal, Start::Fixed(0.0)),
            Init::Narrow => (Start::Normal { mean: 0.0, sigma: 0.02 }, Start::Fixed(0.0)),
        };
        self.parameter("weight", shape, matrix, false);
        self.parameter("bias", vec![1, outputs], bias, true);
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
        weights.pass(0, self.layers(), moments, x)
    }

    fn tangent(&self, weights: &Weights, x: Tensor<2>, v: Tensor<2>) -> Tensor<2> {
        along(&self.layout, weights, x, v, None)
    }
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
        if let (Some(kept), true) = (kept, i + 1 == layers.len()) {
            (y, t) = (thinned(y, kept), thinned(t, kept));
        }
        let x = y.clone();
        // What comes after the last activation needs no output.
        if layer.activation().is_some() || i + 1 < layers.len() {
            y = weights.pass(first, std::slice::from_ref(layer), None, y).y;
        }
        t = match *layer {
            Layer::Dense(layer) => linear.straight(first, Layer::Dense(Dense { activation: None, ..layer }), t),
            Layer::Conv(layer) => linear.straight(first, Layer::Conv(Conv { activation: None, ..layer }), t),
            Layer::Norm(norm) => weights.norm_tangent(first, &norm, x, t),
            Layer::RowNorm(norm) => weights.row_norm_tangent(first, &norm, x, t),
            Layer::Resize(_) | Layer::Pool(Pool { kind: Pooled::Mean, .. }) => linear.straight(first, *layer, t),
            Layer::Pool(Pool { kind: Pooled::Most, .. }) => unimplemented!("no critic pools by the largest"),
        };
        if let Some(function) = layer.activation() {
            t = t * activation::slope(function, y.clone());
        }
        first += super::parts_of(layer);
    }
    t
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
