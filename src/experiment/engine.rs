//! What a link asks to run on.

use super::field::{Choice, Named};
use crate::device::Engine;
use crate::text::{name, text};

/// Which engine a link asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineChoice {
    /// Let the page decide by measuring.
    Auto,
    /// This one, if it can run.
    Only(Engine),
}

impl EngineChoice {
    /// Every choice.
    pub const CHOICES: [Choice; 4] = [
        Choice {
            value: "auto",
            title: text("automatic", "自动"),
            about: text(
                "the faster of CPU and GPU on this experiment, by measurement",
                "经实测，选用在这个实验上更快的 CPU 或 GPU",
            ),
        },
        Choice {
            value: "webgpu",
            title: name("WebGPU"),
            about: text("the graphics processor: fast for large networks", "图形处理器：适合大网络"),
        },
        Choice {
            value: "cpu",
            title: name("CPU"),
            about: text(
                "WebAssembly with SIMD: fast for small networks, the same bits everywhere",
                "带 SIMD 的 WebAssembly：适合小网络，处处给出相同的结果",
            ),
        },
        Choice {
            value: "ndarray",
            title: text("CPU, no SIMD", "CPU，无 SIMD"),
            about: text(
                "plain WebAssembly: a second implementation, slower, runs anywhere",
                "普通 WebAssembly：另一套实现，较慢，处处可以运行",
            ),
        },
    ];
    const ALL: [Self; 4] =
        [Self::Auto, Self::Only(Engine::Webgpu), Self::Only(Engine::Cpu), Self::Only(Engine::Ndarray)];
}

impl Named for EngineChoice {
    fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Only(engine) => engine.name(),
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.name() == name)
    }
}
