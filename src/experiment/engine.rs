//! What a link asks to run on.

use crate::device::Engine;

/// Which engine a link asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineChoice {
    /// Let the page decide by measuring.
    Auto,
    /// This one, if it can run.
    Only(Engine),
}

impl EngineChoice {
    /// Every choice: value in a link, title, explanation.
    pub const CHOICES: [(&'static str, &'static str, &'static str); 4] = [
        ("auto", "automatic", "the faster of CPU and GPU on this experiment, by measurement"),
        ("webgpu", "WebGPU", "the graphics processor: fast for large networks"),
        ("cpu", "CPU", "WebAssembly with SIMD: fast for small networks, the same bits everywhere"),
        ("ndarray", "CPU, no SIMD", "plain WebAssembly: a second implementation, slower, runs anywhere"),
    ];
    const ALL: [Self; 4] =
        [Self::Auto, Self::Only(Engine::Webgpu), Self::Only(Engine::Cpu), Self::Only(Engine::Ndarray)];

    /// The name in a link.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Only(engine) => engine.name(),
        }
    }

    /// The choice of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|e| e.name() == name)
    }
}
