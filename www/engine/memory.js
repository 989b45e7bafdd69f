/** Remembers, per experiment, which engine won the race, so that it is run once. Storage may be missing or full. */

import { threads } from "./modules.js";

/** @import { EngineName } from "../types.d.ts" */

// Another number when the engines' speeds change: old outcomes say nothing of them.
const KEY = "gan-playground-races-3";
const KEPT = 60;

/** @typedef {{engine: EngineName, cpu: number, gpu: number}} Outcome */

/** What is kept may be anybody's, or of another version: each entry is looked at, and what is none is left out. @returns {[string, Outcome][]} */
function all() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? found.filter(isEntry) : [];
  } catch {
    return [];
  }
}

/** @param {unknown} entry @returns {entry is [string, Outcome]} */
function isEntry(entry) {
  if (!Array.isArray(entry) || entry.length !== 2 || typeof entry[0] !== "string") return false;
  const { engine, cpu, gpu } = entry[1] ?? {};
  return (engine === "cpu" || engine === "webgpu") && [cpu, gpu].every((rate) => Number.isFinite(rate) && rate > 0);
}

/** What decides the speed: everything in the link but the seed, the stop and the engine, and the threads. @param {string} link */
const configuration = (link) =>
  [...link.split("&").filter((part) => !/^(seed|stop|engine)=/.test(part)), `threads=${threads()}`].join("&");

/** @param {string} link @returns {Outcome | undefined} */
export const recall = (link) => all().find(([key]) => key === configuration(link))?.[1];

/** @param {string} link @param {Outcome} outcome */
export function remember(link, outcome) {
  const key = configuration(link);
  const rest = all().filter(([other]) => other !== key);
  try {
    localStorage.setItem(KEY, JSON.stringify([...rest, [key, outcome]].slice(-KEPT)));
  } catch {
    // Without storage the race is simply run again.
  }
}
