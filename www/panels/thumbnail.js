/** A small live picture of one panel (by its role), or of the noise that goes in. */
import { html } from "../html.js";
import { useStore } from "../state.js";
import { useCanvas } from "./canvas.js";
import { paint } from "./mosaic.js";
import { colours } from "./palette.js";
import { drawPoints, fit } from "./plane.js";

/** @import { PointsPanel } from "../types.d.ts" */

/** @param {{source: "noise" | "real" | "generated"}} props */
export function Thumbnail({ source }) {
  const noise = useStore((s) => (source === "noise" ? s.opened?.values.noise : ""));
  const canvas = useCanvas((context, width, height, snapshot, ratio) => {
    const palette = colours();
    const look = { rim: "transparent", radius: 1.2, alpha: 0.8, ratio };
    if (source === "noise") {
      drawPoints(context, fit(width, height, [-3, -3, 3, 3]), cloud(String(noise)), { ...look, colour: palette.soft });
      return;
    }
    for (const panel of snapshot?.panels ?? []) {
      if (panel.kind === "graph") hill(context, width, height, panel, source, palette[source]);
      if (!("role" in panel) || panel.role !== source) continue;
      if (panel.kind === "points") {
        drawPoints(context, fit(width, height, panel.extent), few(panel), { ...look, colour: palette[source] });
      } else {
        small ??= document.createElement("canvas");
        paint(small, panel, 3, Math.min(9, panel.shape[0] ?? 0), palette.ramp);
        const side = Math.min(width, height);
        context.imageSmoothingEnabled = true;
        context.drawImage(small, (width - side) / 2, (height - side) / 2, side, side);
      }
    }
  }, { every: source === "noise" ? 3600_000 : 400, watch: [noise] });
  return html`<canvas class="thumbnail" ref=${canvas} aria-hidden="true"></canvas>`;
}

/**
 * The density of one kind, as a hill.
 * @param {CanvasRenderingContext2D} context @param {number} width @param {number} height
 * @param {import("../types.d.ts").GraphPanel} panel @param {string} role @param {string} colour
 */
function hill(context, width, height, panel, role, colour) {
  const data = panel.functions.find((f) => f.role === role)?.data ?? new Float32Array();
  const top = Math.max(1e-9, ...data);
  context.beginPath();
  context.moveTo(0, height);
  data.forEach((y, i) => context.lineTo((i / (data.length - 1)) * width, height - (y / top) * (height - 3)));
  context.lineTo(width, height);
  context.fillStyle = colour;
  context.fill();
}

/** @type {HTMLCanvasElement | undefined} */
let small;

/** The first points only: more would be a blot at this size. @param {PointsPanel} panel @returns {PointsPanel} */
const few = (panel) => ({ ...panel, data: panel.data.subarray(0, 240) });

/** What the noise looks like in two dimensions: a picture of the distribution, not the run's own draws. @param {string} kind @returns {PointsPanel} */
function cloud(kind) {
  const n = 90;
  const data = new Float32Array(2 * n);
  for (let i = 0; i < n; i++) {
    // The R2 sequence spreads evenly; Box-Muller turns the uniform square into a Gaussian.
    const u = (0.5 + 0.7548776662466927 * (i + 1)) % 1;
    const v = (0.5 + 0.5698402909980532 * (i + 1)) % 1;
    const r = Math.sqrt(-2 * Math.log(u || 1e-9));
    data[2 * i] = kind === "uniform" ? 4.4 * (u - 0.5) : r * Math.cos(2 * Math.PI * v);
    data[2 * i + 1] = kind === "uniform" ? 4.4 * (v - 0.5) : r * Math.sin(2 * Math.PI * v);
  }
  return { kind: "points", name: "noise", title: { en: "", zh: "" }, place: "stage", role: "generated", shape: [n, 2], data, labels: new Uint8Array(), names: [], extent: [-3, -3, 3, 3] };
}
