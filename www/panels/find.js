/** A series of the newest snapshot. */

/** @import { State } from "../state.js" */
/** @import { SeriesPanel } from "../types.d.ts" */

/** @param {State} state @param {string} name @returns {SeriesPanel | undefined} */
export function find({ snapshot }, name) {
  for (const panel of snapshot?.panels ?? []) if (panel.kind === "series" && panel.name === name) return panel;
  return undefined;
}
