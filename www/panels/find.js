/** Panels of a snapshot, by kind and name. */

/** @import { State } from "../state.js" */
/** @import { Panel, Snapshot } from "../types.d.ts" */

/**
 * @template {Panel["kind"]} K
 * @param {Snapshot | null | undefined} snapshot @param {K} kind @param {string} name
 * @returns {Extract<Panel, {kind: K}> | undefined}
 */
export const panelOf = (snapshot, kind, name) =>
  /** @type {Extract<Panel, {kind: K}> | undefined} */ (snapshot?.panels.find((panel) => panel.kind === kind && panel.name === name));

/** A series of the newest one. @param {State} state @param {string} name */
export const find = ({ snapshot }, name) => panelOf(snapshot, "series", name);
