/** Loads an engine module into this worker, and looks at the GPU without loading anything. */

/** @import { Adapter, EngineModule, EngineName, Ready, ThreadedModule } from "../types.d.ts" */

/** @type {EngineModule | null} */
let loaded = null;

/** @type {WebAssembly.Memory | undefined} */
let memory;

/** Bytes that the engine's memory has. */
export const size = () => memory?.buffer.byteLength ?? 0;

/** The engine of this worker. */
export function engine() {
  if (!loaded) throw new Error("the engine is not loaded yet");
  return loaded;
}

/**
 * @param {EngineName} name
 * @param {string} glue      address of the module's JavaScript half
 * @param {WebAssembly.Module} module  its other half, compiled by the page
 * @param {number} threads  more than one only for a module on shared memory
 * @param {string} alarm  the channel on which a thread that fails tells the page
 * @returns {Promise<Ready>}
 */
export async function boot(name, glue, module, threads, alarm) {
  const engine = /** @type {EngineModule} */ (await import(glue));
  ({ memory } = /** @type {{memory: WebAssembly.Memory}} */ (await engine.default({ module_or_path: module })));
  if (engine.engineName() !== name) throw new Error(`pkg/${name} holds the engine "${engine.engineName()}"`);
  if (threads > 1) {
    await join(/** @type {ThreadedModule} */ (engine), { glue, module, memory, alarm }, threads);
  }
  loaded = engine;
  return { engine: name, catalog: engine.catalog() };
}

/**
 * Starts the other threads; they end with this worker.
 * @param {ThreadedModule} engine @param {{glue: string, module: WebAssembly.Module, memory: WebAssembly.Memory, alarm: string}} start
 * @param {number} threads
 */
async function join(engine, start, threads) {
  await Promise.all(Array.from({ length: threads - 1 }, () => new Promise((resolve, reject) => {
    const helper = new Worker(new URL("helper.js", import.meta.url), { type: "module" });
    helper.onmessage = ({ data }) => (data.ready ? resolve(undefined) : reject(new Error(data.error)));
    helper.onerror = (event) => reject(new Error(event.message || "a thread could not be started"));
    helper.postMessage(start);
  })));
  engine.announce(threads);
}

/**
 * Names of rasterisers that run on the CPU: they train correctly and far slower than the cpu engine does.
 * llvmpipe and lavapipe are Mesa's, WARP ("Basic Render") is Microsoft's.
 */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|basic render|warp|software/i;

/** What WebGPU offers here. @returns {Promise<Adapter>} */
export async function adapter() {
  // WebGPU is not in TypeScript's library for workers yet, hence the narrow type by hand.
  const gpu = /** @type {{requestAdapter(o?: object): Promise<any>} | undefined} */ (Reflect.get(navigator, "gpu"));
  if (!gpu) return { ok: false, software: false, name: "", why: "missing" };
  const found = await gpu.requestAdapter({ powerPreference: "high-performance" }).catch(() => null);
  if (!found) return { ok: false, software: false, name: "", why: "refused" };
  const info = found.info ?? {};
  const words = [info.vendor, info.architecture, info.device, info.description].filter(Boolean);
  const software = Boolean(info.isFallbackAdapter ?? found.isFallbackAdapter) || SOFTWARE.test(words.join(" "));
  return { ok: true, software, name: info.description || words.join(" ") || "GPU" };
}
