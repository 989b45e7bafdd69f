/**
 * An engine and an experiment in a worker of their own, and how fast they go. The page's own loop is not involved; what
 * the page adds is measured in the page.
 */

/**
 * @typedef {{op: "load", base: string, engine: string, link: string, count?: boolean} | {op: "rate", span: number, looks: number}
 *   | {op: "costs"} | {op: "flops", link: string} | {op: "count", steps: number} | {op: "peak", base: string}} Task
 */

/** @type {any} */
let session;
/** @type {any} */
let module;

/**
 * What the GPU is asked for. Wrapped before the engine loads, so that it cannot keep the originals.
 * @type {Record<string, number>}
 */
const asked = { dispatches: 0, passes: 0, submits: 0, uploads: 0, uploadedBytes: 0, readbacks: 0, readBytes: 0 };
const add = (/** @type {string} */ what, n = 1) => { asked[what] = (asked[what] ?? 0) + n; };

/**
 * @param {object | undefined} type a WebGPU interface @param {string} method
 * @param {(self: any, args: any[]) => void} note
 */
function wrap(type, method, note) {
  const prototype = type && Reflect.get(type, "prototype");
  const original = prototype?.[method];
  if (!original) return;
  prototype[method] = function (/** @type {any[]} */ ...args) {
    note(this, args);
    return original.apply(this, args);
  };
}

function countGpu() {
  const gpu = /** @type {any} */ (self);
  const dispatch = () => { add("dispatches"); };
  wrap(gpu.GPUComputePassEncoder, "dispatchWorkgroups", dispatch);
  wrap(gpu.GPUComputePassEncoder, "dispatchWorkgroupsIndirect", dispatch);
  wrap(gpu.GPUCommandEncoder, "beginComputePass", () => { add("passes"); });
  wrap(gpu.GPUQueue, "submit", () => { add("submits"); });
  wrap(gpu.GPUQueue, "writeBuffer", (_, [, , data, from = 0, size]) => {
    add("uploads");
    // For typed arrays `from` and `size` count elements, for buffers bytes.
    const unit = ArrayBuffer.isView(data) && !(data instanceof DataView) ? /** @type {any} */ (data).BYTES_PER_ELEMENT : 1;
    add("uploadedBytes", (size ?? data.byteLength / unit - from) * unit);
  });
  wrap(gpu.GPUDevice, "createBuffer", (_, [descriptor]) => {
    if (!descriptor.mappedAtCreation) return;
    add("uploads");
    add("uploadedBytes", descriptor.size);
  });
  wrap(gpu.GPUBuffer, "mapAsync", (buffer, [, from = 0, size]) => {
    add("readbacks");
    add("readBytes", size ?? buffer.size - from);
  });
}

/**
 * Loads an engine and takes the first step, which compiles and allocates (on a GPU, every shader): milliseconds.
 * @param {Extract<Task, {op: "load"}>} task
 */
async function load({ base, engine, link, count }) {
  if (count) countGpu();
  const began = performance.now();
  module = await import(new URL(`pkg/${engine}/gan_playground.js`, base).href);
  const address = new URL(`pkg/${engine}/gan_playground_bg.wasm`, base).href;
  const compiled = await WebAssembly.compileStreaming(fetch(address));
  const { memory } = await module.default({ module_or_path: compiled });
  if (module.announce) {
    // The module on shared memory: two threads, this one and a helper.
    await new Promise((resolve, reject) => {
      const helper = new Worker(new URL("worker/helper.js", base), { type: "module" });
      helper.onmessage = ({ data }) => (data.ready ? resolve(undefined) : reject(new Error(data.error)));
      helper.onerror = (event) => reject(new Error(event.message || "the helper could not be loaded"));
      helper.postMessage({ glue: new URL(`pkg/${engine}/gan_playground.js`, base).href, module: compiled, memory, alarm: "bench" });
    });
    module.announce(2);
  }
  session = await module.Session.create(link);
  for (let need = session.needs(); need; need = session.needs()) {
    const answer = await fetch(new URL(need.url, base));
    if (!answer.ok) throw new Error(`${need.url}: HTTP ${answer.status}`);
    session.provide(need.shard, new Uint8Array(await answer.arrayBuffer()));
  }
  await session.advance(1e9, 1);
  return performance.now() - began;
}

/** Steps per second over so many milliseconds, with so many snapshots a second. @param {number} span @param {number} looks */
async function rate(span, looks) {
  const from = performance.now();
  let [steps, looked] = [0, 0];
  for (let now = 0; now < span; now = performance.now() - from) {
    // As in the page: a pull of 20 ms at a time, and between two pulls whatever was asked.
    const { ran, status } = await session.advance(Math.min(20, span - now), 0);
    steps += ran;
    if (ran === 0) throw new Error(`the run stands still: ${status}`);
    if (looks > 0 && performance.now() - from >= (1000 * looked) / looks) {
      await session.snapshot();
      looked += 1;
    }
  }
  return (1000 * steps) / (performance.now() - from);
}

/** Milliseconds of one snapshot and of one evaluation, and every how many steps a run evaluates itself. */
async function costs() {
  const time = async (/** @type {() => Promise<unknown>} */ work) => {
    const times = [];
    for (let i = 0; i < 15; i++) {
      const from = performance.now();
      await work();
      times.push(performance.now() - from);
    }
    return times;
  };
  const snapshot = await time(() => session.snapshot());
  const seen = new Set();
  for (let i = 0; i < 400 && seen.size < 3; i++) {
    await session.advance(1e9, 10);
    seen.add((await session.snapshot()).metricsStep);
  }
  const [, a = 0, b = 0] = [...seen];
  return { snapshot, evaluation: await time(() => session.evaluate()), every: b - a };
}

/** What a step asks of the GPU, as the mean of so many steps in one pull. @param {number} steps */
async function count(steps) {
  await session.advance(1e9, 1);
  const before = { ...asked };
  const from = performance.now();
  const { ran } = await session.advance(1e9, steps);
  const seconds = (performance.now() - from) / 1000;
  const each = Object.entries(asked).map(([name, n]) => [name, (n - (before[name] ?? 0)) / ran]);
  return { ...Object.fromEntries(each), steps: ran, rate: ran / seconds };
}

/** @param {Task} task @returns {unknown} */
function serve(task) {
  switch (task.op) {
    case "load": return load(task);
    case "rate": return rate(task.span, task.looks);
    case "costs": return costs();
    case "flops": return module.open(task.link).cost.flops;
    case "count": return count(task.steps);
    case "peak": return import(new URL("bench-peak.js", task.base).href).then(({ peak }) => peak());
  }
}

self.onmessage = async ({ data }) => {
  try {
    self.postMessage({ value: await serve(data) });
  } catch (error) {
    self.postMessage({ error: error instanceof Error ? error.message : String(error) });
  }
};
