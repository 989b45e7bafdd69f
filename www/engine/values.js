/** What holds at a step of an experiment: its base, and what was changed on the way. Pure functions. */
import { get, useStore } from "../state.js";

/** @import { Catalog, Effect, Opened, Turn } from "../types.d.ts" */

/** Made once for each number of changes, so that views can tell by identity whether anything is new. @type {WeakMap<Opened, Map<number, Opened>>} */
const made = new WeakMap();

/**
 * The experiment with the values that hold in the step after `step` steps.
 * @param {Opened} opened @param {number} step @returns {Opened}
 */
export function inForce(opened, step) {
  // In the order of the steps, as the core lists them.
  const so = opened.changes.filter((change) => change.step <= step);
  if (so.length === 0) return opened;
  let known = made.get(opened);
  if (!known) made.set(opened, known = new Map());
  let now = known.get(so.length);
  if (!now) {
    now = { ...opened, values: { ...opened.values, ...Object.fromEntries(so.map(({ field, value }) => [field, value])) } };
    known.set(so.length, now);
  }
  return now;
}

/** @param {{opened: Opened | null, step: number}} state @returns {Opened | null} */
export const now = ({ opened, step }) => opened && inForce(opened, step);

/** The experiment as it is now, to be shown: also while a link with changes runs again. @returns {Opened | null} */
export const useOpened = () => /** @type {Opened | null} */ (useStore((s) => now(s)));

/** What these changes do to a run that has begun: the weightiest of what each does. @param {Record<string, string>} changes @returns {Effect} */
export function effectOf(changes) {
  const { catalog } = get();
  const effects = Object.keys(changes).map((name) => effectOfField(catalog, name));
  return effects.includes("anew") ? "anew" : effects.includes("live") ? "live" : "free";
}

/** @param {Catalog | null} catalog @param {string} name @returns {Effect} */
const effectOfField = (catalog, name) => catalog?.fields.find((field) => field.name === name)?.effect ?? "anew";

/** The moves of the family that runs, for who makes them by hand. @returns {Turn[]} */
export function useMoves() {
  return /** @type {Turn[]} */ (useStore((s) => s.catalog?.families.find((family) => family.name === s.opened?.values.family)?.moves ?? NONE));
}

/** @type {Turn[]} */
const NONE = [];
