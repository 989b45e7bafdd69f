/** Pictures in a card of their own, one panel alone. */
import { html } from "../html.js";
import { both } from "../i18n.js";
import { useStore } from "../state.js";
import { useCanvas } from "./canvas.js";
import { panelOf } from "./find.js";
import { paint, size } from "./mosaic.js";
import { colours } from "./palette.js";

/** @import { ImagesPanel } from "../types.d.ts" */

/** @param {{name: string}} props which panel */
export function Sheet({ name }) {
  const title = useStore((s) => both(panelOf(s.snapshot, "images", name)?.title));
  const ratio = useStore((s) => {
    const panel = panelOf(s.snapshot, "images", name);
    if (!panel) return 1;
    const [w, h] = size(panel, across(panel), panel.shape[0] ?? 0);
    return w / h;
  });
  const canvas = useCanvas((context, width, height, snapshot) => {
    const panel = panelOf(snapshot, "images", name);
    if (!panel) return;
    small ??= document.createElement("canvas");
    paint(small, panel, across(panel), panel.shape[0] ?? 0, colours().ramp);
    context.imageSmoothingEnabled = false;
    context.drawImage(small, 0, 0, width, height);
  }, { every: 400, watch: [name] });
  return html`<div class="card sheet">
    <div class="card-head"><h2>${title}</h2></div>
    <canvas ref=${canvas} style=${`aspect-ratio: ${ratio}`} role="img" aria-label=${title}></canvas>
  </div>`;
}

/** @param {ImagesPanel} panel */
const across = (panel) => panel.columns || Math.ceil(Math.sqrt(panel.shape[0] ?? 0));

/** @type {HTMLCanvasElement | undefined} */
let small;
