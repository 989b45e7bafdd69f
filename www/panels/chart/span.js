/** Which steps the charts show: one choice for all of them, and remembered. */
import { useEffect, useState } from "preact/hooks";

const KEY = "gan-playground-steps";

/** All steps; all on a logarithmic axis; or the last so many. */
export const SPANS = ["all", "log", "500", "5000", "50000"];

/** Points that a window of the last steps holds at least: a history of any length is kept in about a thousand points. */
const LEAST = 8;

/** @type {Set<() => void>} */
const listeners = new Set();
let span = kept();

function kept() {
  try {
    const found = localStorage.getItem(KEY);
    return found !== null && SPANS.includes(found) ? found : "all";
  } catch {
    return "all";
  }
}

export const chosen = () => span;

/** @param {string} next one of `SPANS` */
export function choose(next) {
  span = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Without storage it holds for this visit.
  }
  for (const listener of [...listeners]) listener();
}

/** @param {() => void} listener @returns {() => void} */
export function onSpan(listener) {
  listeners.add(listener);
  return () => { listeners.delete(listener); };
}

export function useSpan() {
  const [now, show] = useState(span);
  useEffect(() => onSpan(() => show(span)), []);
  return now;
}

/**
 * The first and the last step that are drawn.
 * @param {ArrayLike<number>} steps at which there are values, in order @param {string} which
 * @returns {[number, number]}
 */
export function bounds(steps, which) {
  const last = steps[steps.length - 1] ?? 0;
  if (which === "log") {
    const first = Math.max(1, steps[0] ?? 1);
    return [first, Math.max(last, 10 * first)];
  }
  const from = which === "all" ? 0 : Math.max(0, last - Number(which));
  const widened = steps[Math.max(0, steps.length - LEAST)] ?? 0;
  // Ten steps at least, so that the first ones have an axis of whole numbers.
  return [last > 10 ? Math.min(from, widened) : 0, Math.max(last, 10)];
}
