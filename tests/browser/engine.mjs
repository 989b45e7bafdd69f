/** The engine modules of `pkg/` in Node, as a program would use them: no page, no server. */
import { readFile } from "node:fs/promises";

/** @import { EngineModule, Panel, Session } from "../../www/types.d.ts" */

/** @param {string} name @returns {Promise<EngineModule>} */
export async function load(name) {
  const folder = new URL(`../../pkg/${name}/`, import.meta.url);
  const module = await import(new URL("gan_playground.js", folder).href);
  module.initSync({ module: await readFile(new URL("gan_playground_bg.wasm", folder)) });
  return module;
}

/**
 * A panel of a snapshot.
 * @template {Panel["kind"]} K
 * @param {{panels: Panel[]}} snapshot @param {K} kind @param {string} name
 * @returns {Extract<Panel, {kind: K}>}
 */
export function panel({ panels }, kind, name) {
  const found = panels.find((p) => p.kind === kind && p.name === name);
  if (!found) throw new Error(`the snapshot has no panel ${kind} ${name}: ${panels.map((p) => `${p.kind} ${p.name}`)}`);
  return /** @type {Extract<Panel, {kind: K}>} */ (found);
}

/** Trains to the `stop` of the link in pieces of so many steps. @param {Session} session @param {number} [piece] */
export async function finish(session, piece = 0) {
  for (;;) {
    const progress = await session.advance(1000, piece);
    if (progress.status === "stopped") return progress;
    if (progress.ran === 0) throw new Error(`the run stands still: ${JSON.stringify(progress)}`);
  }
}
