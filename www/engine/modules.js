/**
 * Compiled engines. A module is fetched and compiled once a page (streaming, off the main thread) and handed to as
 * many workers as need it, so that a fresh worker after a crash costs no download.
 */

import { Failure } from "./failure.js";

/** @import { ModuleName } from "../types.d.ts" */

/** Milliseconds until an answer must be there, and bytes that must then come in each. */
const ANSWER = 20_000;
const SLOWEST = 16;
/** Bytes of a module whose size the server does not tell. */
const UNTOLD = 4e6;

/** @type {Map<ModuleName, Promise<WebAssembly.Module>>} */
const modules = new Map();

/** @param {ModuleName} engine */
const folder = (engine) => new URL(`pkg/${engine}/`, document.baseURI);

/** Address of an engine's JavaScript half. @param {ModuleName} engine */
export const glue = (engine) => new URL("gan_playground.js", folder(engine)).href;

/** @param {ModuleName} engine @returns {Promise<WebAssembly.Module>} */
export function compiled(engine) {
  let module = modules.get(engine);
  if (!module) {
    module = compile(new URL("gan_playground_bg.wasm", folder(engine)));
    modules.set(engine, module);
    // A failed download may be tried again later.
    module.catch(() => modules.delete(engine));
  }
  return module;
}

/** @param {URL} url */
async function compile(url) {
  const file = url.pathname.split("/").slice(-3).join("/");
  const stop = new AbortController();
  const began = performance.now();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @param {number} patience */
  const within = (patience) => {
    clearTimeout(timer);
    timer = setTimeout(() => stop.abort(new Failure({
      key: "end.late", args: { file, seconds: Math.round((performance.now() - began) / 1000) } })), patience);
  };
  try {
    within(ANSWER);
    const response = await fetch(url, { signal: stop.signal });
    if (!response.ok) throw new Failure({ key: "end.http", args: { file, status: response.status } });
    // The browser compiles while it downloads and tells nothing of it meanwhile, so the whole gets a limit.
    within(ANSWER + Number(response.headers.get("content-length") ?? UNTOLD) / SLOWEST);
    // compileStreaming insists on the MIME type, which some static hosts get wrong.
    if (response.headers.get("content-type")?.startsWith("application/wasm")) return await WebAssembly.compileStreaming(response);
    return await WebAssembly.compile(await response.arrayBuffer());
  } catch (error) {
    if (stop.signal.aborted) throw stop.signal.reason;
    // What fetch throws where nothing came.
    if (error instanceof TypeError) throw new Failure({ key: "end.file", args: { file } });
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** How many threads the cpu engine may have: one where the page is not cross-origin isolated, since memory is not shared there. */
export const threads = () => (globalThis.crossOriginIsolated ? Math.max(1, Math.min(8, navigator.hardwareConcurrency || 1)) : 1);

/** @type {boolean | undefined} */
let simd;

/** Whether WebAssembly here has 128-bit SIMD: a function that splats an i32 into a vector either validates or not. */
export function hasSimd() {
  simd ??= WebAssembly.validate(new Uint8Array([
    0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 17, 11,
  ]));
  return simd;
}
