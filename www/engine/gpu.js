/**
 * Everything that must be true before a run is given to WebGPU. Each refusal is a reason that the page shows.
 */
import { Core, CoreError } from "./core.js";
import { Failure } from "./failure.js";

/** @import { Adapter, Reason, SelfTest } from "../types.d.ts" */

/**
 * A worker whose WebGPU engine is loaded and gave the right numbers.
 * @param {boolean} software  whether a software adapter will do (the link asks for WebGPU by name)
 * @param {(step: Reason) => void} say  what it is doing
 * @returns {Promise<{core: Core, note: Reason}>}  `note` says which GPU it is
 */
export async function gpuCore(software, say) {
  const core = new Core("webgpu");
  // Only looks, so it needs no engine; the download begins once there is a GPU worth it.
  try {
    const adapter = /** @type {Adapter} */ (await core.ask({ op: "adapter" }, 10_000));
    if (!adapter.ok) throw new Failure({ key: adapter.why === "missing" ? "why.noWebgpu" : "why.noAdapter" });
    if (adapter.software && !software) throw new Failure({ key: "why.software", args: { name: adapter.name } });
    say({ key: "busy.engine", args: { engine: "webgpu" } });
    await core.boot();
    say({ key: "busy.selfTest" });
    const test = /** @type {SelfTest} */ (await core.ask({ op: "selfTest" }, 120_000));
    if (!test.ok) throw new Failure({ key: "why.selfTest", args: { detail: test.detail } });
    return { core, note: { key: adapter.software ? "why.adapterSoftware" : "why.adapter", args: { name: adapter.name } } };
  } catch (error) {
    core.dispose();
    if (error instanceof CoreError && error.kind === "silent") throw new Failure({ key: "why.silent" });
    throw error;
  }
}
