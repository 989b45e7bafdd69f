/**
 * Everything that must be true before a run is given to WebGPU. Each refusal is a reason that the page shows.
 */
import { Core, CoreError } from "./core.js";
import { Failure } from "./failure.js";

/** @import { Adapter, Opened, Reason, SelfTest } from "../types.d.ts" */

/** Milliseconds that a check gets: a GPU builds its shaders as they are first used, and a software one takes its time. */
const PATIENCE = 120_000;

/** Workers whose shaders for layers of images gave the right numbers. @type {WeakSet<Core>} */
const proven = new WeakSet();

/** Whether an experiment has layers that only images have: these have shaders of their own. @param {Opened} opened */
export const ofImages = ({ networks }) => networks.some(({ stages }) => stages.some(({ layer }) => layer !== "input" && layer !== "dense"));

/** Checks a GPU against known values, and what images take where that is asked for, once. @param {Core} core @param {boolean} images @param {(step: Reason) => void} say */
export async function prove(core, images, say) {
  if (images && proven.has(core)) return;
  say({ key: "busy.selfTest" });
  const test = /** @type {SelfTest} */ (await core.ask({ op: "selfTest", images }, PATIENCE));
  if (!test.ok) throw new Failure({ key: "why.selfTest", args: { detail: test.detail } });
  if (images) proven.add(core);
}

/**
 * A worker whose WebGPU engine is loaded and gave the right numbers.
 * @param {boolean} software  whether a software adapter will do (the link asks for WebGPU by name)
 * @param {boolean} images  whether layers of images are needed
 * @param {(step: Reason) => void} say  what it is doing
 * @returns {Promise<{core: Core, note: Reason}>}  `note` says which GPU it is
 */
export async function gpuCore(software, images, say) {
  const core = new Core("webgpu");
  // Only looks, so it needs no engine; the download begins once there is a GPU worth it.
  try {
    const adapter = /** @type {Adapter} */ (await core.ask({ op: "adapter" }, 10_000));
    if (!adapter.ok) throw new Failure({ key: adapter.why === "missing" ? "why.noWebgpu" : "why.noAdapter" });
    if (adapter.software && !software) throw new Failure({ key: "why.software", args: { name: adapter.name } });
    say({ key: "busy.engine", args: { engine: "webgpu" } });
    await core.boot();
    await prove(core, false, say);
    if (images) await prove(core, true, say);
    return { core, note: { key: adapter.software ? "why.adapterSoftware" : "why.adapter", args: { name: adapter.name } } };
  } catch (error) {
    core.dispose();
    if (error instanceof CoreError && error.kind === "silent") throw new Failure({ key: "why.silent" });
    throw error;
  }
}
