/** The engine modules of `pkg/` in Node, as a program would use them: no page, no server. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** @import { EngineModule, Panel, Session } from "../../www/types.d.ts" */

/** The folder of the engines that the server serves: `pkg/`, or what was built in its place. */
export const pkg = process.env.GP_PKG || fileURLToPath(new URL("../../pkg", import.meta.url));

/** @param {string} name @returns {Promise<EngineModule>} */
export async function load(name) {
  const folder = pathToFileURL(join(pkg, name) + "/");
  const module = await import(new URL("gan_playground.js", folder).href);
  module.initSync({ module: await readFile(new URL("gan_playground_bg.wasm", folder)) });
  return module;
}

/** The programs that README shows for those who embed `pkg/`. */
export async function examples() {
  const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
  return [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map((match) => match[1] ?? "");
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
