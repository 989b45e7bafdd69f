/** Points of classes in a card of their own, each class's name where its points are. */
import { html } from "../html.js";
import { both } from "../i18n.js";
import { useStore } from "../state.js";
import { useCanvas } from "./canvas.js";
import { panelOf } from "./find.js";
import { colours } from "./palette.js";
import { drawAxes, drawPoints, fit, toPixel } from "./plane.js";

/** @import { PointsPanel } from "../types.d.ts" */

/** Room for the frame. CSS pixels. */
const MARGIN = { left: 4, right: 4, top: 4, bottom: 4 };

/** @param {{name: string}} props which panel */
export function Cloud({ name }) {
  const title = useStore((s) => both(panelOf(s.snapshot, "points", name)?.title));
  const canvas = useCanvas((context, width, height, snapshot, ratio) => {
    const panel = panelOf(snapshot, "points", name);
    if (!panel) return;
    const palette = colours();
    const view = fit(width, height, panel.extent, MARGIN);
    drawAxes(context, view, palette, false);
    drawPoints(context, view, panel, { colour: palette.real, rim: "transparent", radius: 2.2, alpha: 0.75, ratio });
    context.font = "600 12px system-ui, sans-serif";
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineWidth = 3;
    context.lineJoin = "round";
    for (const { label, at } of middles(panel)) {
      const text = both(panel.names[label]);
      const [x, y] = toPixel(view, ...at);
      context.strokeStyle = palette.halo;
      context.strokeText(text, x, y);
      context.fillStyle = palette.ink;
      context.fillText(text, x, y);
    }
  }, { every: 400, watch: [name] });
  return html`<div class="card cloud">
    <div class="card-head"><h2>${title}</h2></div>
    <canvas ref=${canvas} role="img" aria-label=${title}></canvas>
  </div>`;
}

/** The middle of each class that has a name: that of its points, by the median along each axis. @param {PointsPanel} panel */
function middles({ data, labels, names }) {
  return names.flatMap((_, label) => {
    const mine = [0, 1].map((k) => data.filter((_, i) => i % 2 === k && labels[i >> 1] === label).sort());
    const [x, y] = mine.map((all) => all[all.length >> 1]);
    return x === undefined || y === undefined ? [] : [{ label, at: /** @type {[number, number]} */ ([x, y]) }];
  });
}
