/** Changes of the experiment that runs: from its next step on where that can be, else by a run that starts anew. */
import { get, set } from "../state.js";
import * as link from "./link.js";
import { effectOf } from "./values.js";

/** @import { Opened, Tuned } from "../types.d.ts" */
/** @typedef {import("./run.js").Run} Run */

/** Milliseconds between two looks at whether a hand-over is done. */
const SOON = 50;

/**
 * @param {Run} run
 * @param {Record<string, string>} changes  fields by name, in the link's text form; "" is the default
 * @param {() => boolean} wanted  still, and no other link opened meanwhile
 * @returns {Promise<boolean>} whether they hold
 */
export async function change(run, changes, wanted) {
  const before = get().opened;
  if (!before) return false;
  if (effectOf(changes) === "anew" || !(await runs(run))) return wanted() && anew(run, before, changes, wanted);
  const { opened, anew: begin } = /** @type {Tuned} */ (await run.fleet.core.ask({ op: "tune", run: run.id, changes }));
  if (!wanted()) return false;
  if (refuses(opened, before, changes)) return false;
  if (opened.link === before.link) {
    set({ opened });
    return true;
  }
  link.replace(opened.link);
  if (begin) {
    run.begin(opened, get().playing);
    return true;
  }
  set({ opened });
  if (opened.values.engine !== before.values.engine) await elsewhere(run, opened);
  return true;
}

/** Whether there is a run that can be tuned. @param {Run} run */
async function runs(run) {
  const { id } = run;
  // One that is about to begin at step 0 has nothing to lose; one that brings its weights along is waited for.
  if (run.started !== id && run.resumes) await run.starting;
  // Between two engines a run listens to nobody.
  while (run.handing === id && run.id === id) await new Promise((resolve) => { setTimeout(resolve, SOON); });
  const { status } = get();
  return run.id === id && run.started === id && run.fleet.core.alive && status !== "failed" && status !== "diverged";
}

/** @param {Run} run @param {Opened} before @param {Record<string, string>} changes @param {() => boolean} wanted */
async function anew(run, before, changes, wanted) {
  const { core } = run.fleet;
  const { step } = get();
  // What held when a run failed is what its successor is to begin with, and nothing that happened on the way.
  const whole = step > 0 && before.changes.length > 0 && effectOf(changes) !== "anew" ? { data: before.values.data ?? "", ...changes } : changes;
  const opened = /** @type {Opened} */ (await run.fleet.codec({ op: "change", link: before.link, changes: whole, step }));
  if (!wanted()) return false;
  const replaced = core !== run.fleet.core;
  if (refuses(opened, before, changes)) {
    if (replaced) run.begin(before, get().playing);
    return false;
  }
  // What changes nothing leaves the run alone, unless its worker had to be replaced.
  if (opened.link === before.link && !replaced) {
    set({ opened });
    return true;
  }
  if (!replaced) await run.undo.keep();
  if (!wanted()) return false;
  link.push(opened.link);
  run.begin(opened, get().playing);
  run.undo.offer();
  return true;
}

/**
 * The core puts a default in the place of what it refuses, or leaves it out; nobody asked for that, so the old value holds.
 * @param {Opened} opened @param {Opened} before @param {Record<string, string>} changes
 */
function refuses(opened, before, changes) {
  const refused = opened.problems.filter(({ field }) => field != null && field in changes);
  set({ problems: refused.length > 0 ? [] : opened.problems, refused });
  // A new object makes the fields forget what was typed.
  if (refused.length > 0) set({ opened: { ...before } });
  return refused.length > 0;
}

/** The same run on another engine, from where it is. @param {Run} run @param {Opened} opened */
async function elsewhere(run, opened) {
  const { playing } = get();
  const { bytes } = await run.save(true);
  run.begin(opened, playing, { state: bytes, live: true });
}
