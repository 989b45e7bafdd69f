/** Which engines may run a link, in which order, and what a worker is told of it. */
import { both } from "../i18n.js";
import { isOwn, own } from "../own/shelf.js";
import { get } from "../state.js";
import { recall } from "./memory.js";
import { hasSimd } from "./modules.js";

/** @import { EngineName, Opened, Reason } from "../types.d.ts" */

/** What a worker must know to fetch a run's data and to say what it fetches. @param {Opened} opened */
export function about(opened) {
  const name = opened.values.data ?? "";
  const dataset = both(get().catalog?.datasets.find((d) => d.name === name)?.title, name);
  return { base: document.baseURI, dataset, ...(isOwn(name) ? { own: own(name) ?? null } : {}) };
}

/**
 * Engines to try, best first; why one is left out goes to `reasons`.
 * @param {Opened} opened
 * @param {import("./core.js").Core} core  the worker at hand
 * @param {EngineName[]} without
 * @param {Reason[]} reasons
 * @returns {EngineName[]}
 */
export function candidates(opened, core, without, reasons) {
  const wanted = opened.values.engine ?? "auto";
  /** @type {EngineName[]} */
  let chain = wanted === "ndarray" ? ["ndarray"] : ["cpu", "ndarray"];
  // Left to itself, a run begins on the GPU only where that one won before and is loaded already: nobody waits for it.
  const ready = wanted === "auto" && core.engine === "webgpu" && core.alive && recall(opened.link)?.engine === "webgpu";
  if (wanted === "webgpu" || ready) chain = ["webgpu", ...chain];
  if (!hasSimd() && wanted !== "ndarray") reasons.push({ key: "why.noSimd" });
  return chain.filter((engine) => !without.includes(engine) && (engine !== "cpu" || hasSimd()));
}
