/**
 * How fast an experiment will be here, before it has run: the core says about how long a step takes on a machine of 2025, and
 * what this machine makes of that is seen at every run and remembered, for each family on each build of the engine. What a family
 * was not seen at yet is taken to be as the middle one of the others, which is a guess; it holds until the first second of its run.
 */
import { get } from "../state.js";

const KEY = "gan-playground-speed";
/** Milliseconds of training before a rate counts. */
const SETTLED = 1000;
/** A machine's speed swings; what differs less is the same. */
const NEWS = 0.2;

/** @type {Record<string, number>} measured seconds of a step over the core's */
let known = kept();

/** @returns {Record<string, number>} */
function kept() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return found && typeof found === "object" ? found : {};
  } catch {
    return {};
  }
}

/** A run at full speed. @param {string} module the build of the engine @param {number} rate steps per second @param {number} trained milliseconds */
export function learn(module, rate, trained) {
  const { opened } = get();
  // A GPU has other costs than those that the core names; and where something changes on the way, the cost is that of the dearest part.
  if (module === "webgpu" || !opened || opened.changes.length > 0 || !(rate > 0) || trained < SETTLED) return;
  const slower = 1 / (rate * opened.cost.seconds);
  const name = key(module, opened);
  const before = known[name] ?? 0;
  if (Math.abs(slower - before) < NEWS * before) return;
  known = { ...known, [name]: slower };
  try {
    localStorage.setItem(KEY, JSON.stringify(known));
  } catch {
    // Without storage it holds for this visit.
  }
}

/**
 * Steps per second of an experiment, in two digits; 0 where nothing is known of this engine here.
 * @param {string} module @param {import("../types.d.ts").Opened} opened
 */
export function foretold(module, opened) {
  const others = Object.entries(known).filter(([name]) => name.startsWith(`${module} `)).map(([, slower]) => slower).sort((a, b) => a - b);
  const slower = known[key(module, opened)] ?? others[others.length >> 1] ?? 0;
  const seconds = slower * opened.cost.seconds;
  return seconds > 0 ? Number((1 / seconds).toPrecision(2)) : 0;
}

/** @param {string} module @param {import("../types.d.ts").Opened} opened */
const key = (module, { values }) => `${module} ${values.family}`;
