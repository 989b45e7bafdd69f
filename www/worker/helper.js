/**
 * A thread of another worker's engine: the same module on the same memory, waiting inside it for parts of large
 * operations. It never comes back; it ends when the worker that started it does.
 */
import { meaning } from "./reason.js";

self.onmessage = async ({ data }) => {
  const { glue, module, memory, alarm } = data;
  let started = false;
  try {
    const engine = /** @type {import("../types.d.ts").ThreadedModule} */ (await import(glue));
    await engine.default({ module_or_path: module, memory });
    self.postMessage({ ready: true });
    started = true;
    engine.help();
  } catch (error) {
    const { message, reason } = meaning(error, memory.buffer.byteLength);
    // The worker that trains waits for this thread and hears nothing any more; the page does.
    if (started) new BroadcastChannel(alarm).postMessage({ message, ...(reason ? { reason } : {}) });
    else self.postMessage({ error: message });
  }
};
