/** Lines of the plane in a card of their own: from small squares to round points. */
import { html } from "../html.js";
import { both } from "../i18n.js";
import { useStore } from "../state.js";
import { useCanvas } from "./canvas.js";
import { panelOf } from "./find.js";
import { colours } from "./palette.js";
import { drawLines, drawPoints, fit } from "./plane.js";

/** @import { Extent, PointsPanel, VectorsPanel } from "../types.d.ts" */

/** What holds all of it: lines may begin outside of where the data lie. @param {VectorsPanel} panel @returns {Extent} */
function around({ data, extent }) {
  const [x, y] = [0, 1].map((k) => data.filter((_, i) => i % 2 === k));
  const edge = (/** @type {(...all: number[]) => number} */ of, /** @type {Float32Array | undefined} */ all, /** @type {number} */ own) => of(own, ...(all ?? []));
  return [edge(Math.min, x, extent[0]), edge(Math.min, y, extent[1]), edge(Math.max, x, extent[2]), edge(Math.max, y, extent[3])];
}

/** @param {{name: string}} props which panel */
export function Arrows({ name }) {
  const title = useStore((s) => both(panelOf(s.snapshot, "vectors", name)?.title));
  const canvas = useCanvas((context, width, height, snapshot, ratio) => {
    const panel = panelOf(snapshot, "vectors", name);
    if (!panel) return;
    const palette = colours();
    const view = fit(width, height, around(panel));
    drawLines(context, view, panel, palette.soft);
    const ends = new Float32Array(panel.data.length / 2);
    for (let i = 0; i < ends.length; i += 2) ends.set(panel.data.subarray(2 * i + 2, 2 * i + 4), i);
    const points = /** @type {PointsPanel} */ ({ ...panel, kind: "points", role: "generated", data: ends, labels: new Uint8Array(), names: [] });
    drawPoints(context, view, points, { colour: palette.generated, rim: palette.halo, radius: 2.1, alpha: 0.95, ratio });
  }, { every: 200, watch: [name] });
  return html`<div class="card arrows">
    <div class="card-head"><h2>${title}</h2></div>
    <canvas ref=${canvas} role="img" aria-label=${title}></canvas>
  </div>`;
}
