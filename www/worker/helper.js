/**
 * A thread of another worker's engine: the same module on the same memory, waiting inside it for parts of large
 * operations. It never comes back; it ends when the worker that started it does.
 */
self.onmessage = async ({ data }) => {
  const { glue, module, memory } = data;
  const engine = /** @type {import("../types.d.ts").ThreadedModule} */ (await import(glue));
  await engine.default({ module_or_path: module, memory });
  self.postMessage("ready");
  engine.help();
};
