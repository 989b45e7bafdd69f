/** Makes the files that the Save menu offers, and hands them to the browser. */
import { ENDING } from "../engine/files.js";
import { reasonOf } from "../engine/failure.js";
import { t } from "../i18n.js";
import { get, set } from "../state.js";
import { picture } from "./picture.js";

/** @import { Samples, SeriesPanel, Snapshot } from "../types.d.ts" */
/** @typedef {import("../engine/run.js").Run} Run */

/** How many samples a file holds. */
export const POINTS = 2500;
export const IMAGES = 500;

/** @param {Run} run */
export const saveState = (run) => offer(async () => {
  const { bytes, step } = await run.save(false);
  return { name: nameOf(step) + ENDING, parts: [/** @type {BlobPart} */ (bytes)], type: "application/octet-stream" };
});

/** @param {Run} run */
export const saveSamples = (run) => offer(async () => {
  const { opened } = get();
  if (!opened) return null;
  const count = opened.kind === "images" ? IMAGES : POINTS;
  const { values, step } = /** @type {Samples} */ (await run.fleet.core.ask({ op: "samples", run: run.id, count }));
  return csv(`${nameOf(step)}-samples`, samples(values, opened.features));
});

export const saveHistory = () => offer(async () => {
  const { snapshot } = get();
  return snapshot && csv(`${nameOf(snapshot.step)}-history`, history(snapshot));
});

export const savePicture = () => offer(async () => {
  const { snapshot } = get();
  const image = snapshot && await picture(snapshot);
  return image && { name: `${nameOf(snapshot.step)}.png`, parts: [image], type: "image/png" };
});

/** @param {number} step */
const nameOf = (step) => `gan-playground-${get().opened?.values.data ?? "run"}-${step}`;

/** @typedef {{name: string, parts: BlobPart[], type: string}} Download */

/** @param {string} name @param {string[]} lines @returns {Download} */
const csv = (name, lines) => ({ name: `${name}.csv`, parts: [lines.join("\n") + "\n"], type: "text/csv" });

/** One sample a line: a point's coordinates in data units, or an image's values, row by row from its top, the channels of a pixel together. @param {Float32Array} values @param {number} features */
function samples(values, features) {
  const names = features <= 2 ? ["x", "y"].slice(0, features) : Array.from({ length: features }, (_, i) => `p${i}`);
  const lines = [names.join()];
  // Pixels have 256 steps on a screen; coordinates are given as exactly as they are held.
  const text = features <= 2 ? String : (/** @type {number} */ value) => String(Number(value.toFixed(4)));
  for (let at = 0; at < values.length; at += features) lines.push(Array.from(values.subarray(at, at + features), text).join());
  return lines;
}

/** All curves of the run by step; a cell is empty where nothing was measured. @param {Snapshot} snapshot */
function history({ panels }) {
  const series = panels.filter((panel) => panel.kind === "series");
  const names = series.flatMap(columns);
  /** @type {Map<number, string[]>} */
  const rows = new Map();
  let from = 0;
  for (const { steps, curves } of series) {
    Array.from(steps).forEach((step, i) => {
      const row = rows.get(step) ?? names.map(() => "");
      rows.set(step, row);
      curves.forEach(({ data }, k) => {
        const value = data[i] ?? NaN;
        row[from + k] = Number.isFinite(value) ? String(value) : "";
      });
    });
    from += curves.length;
  }
  const sorted = [...rows].sort(([a], [b]) => a - b);
  return [["step", ...names].join(), ...sorted.map(([step, row]) => [step, ...row].join())];
}

/** @param {SeriesPanel} panel */
const columns = ({ name, curves }) => curves.map((curve) => (name === "losses" ? `loss_${curve.name.toLowerCase()}` : curve.name));

/** @param {() => Promise<Download | null>} make */
async function offer(make) {
  try {
    const file = await make();
    if (!file) return;
    const { name, parts, type } = file;
    const url = URL.createObjectURL(new Blob(parts, { type }));
    const anchor = document.createElement("a");
    anchor.href = url;
    anchor.download = name;
    anchor.click();
    // The browser has begun to read it by then.
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
    set({ said: t("save.done", { name }) });
  } catch (error) {
    set({ notice: reasonOf(error) });
  }
}
