/**
 * The stage of numbers: the densities of data and samples, what D says of each x and what the best D would, and below them
 * where noise goes, as in the first figure of the first paper.
 */
import { useState } from "preact/hooks";
import { html } from "../html.js";
import { both, t } from "../i18n.js";
import { useStore } from "../state.js";
import { useCanvas } from "./canvas.js";
import { Head } from "./head.js";
import { useLabel } from "./label.js";
import { colours } from "./palette.js";
import { ticks } from "./plane.js";

/** @import { GraphPanel, Snapshot } from "../types.d.ts" */
/** @typedef {import("./palette.js").Palette} Palette */

/** What is drawn under the functions, of the height. */
const BELOW = 0.22;
const EDGE = { left: 34, right: 34, top: 10, bottom: 24 };

/** @param {Snapshot | null} snapshot @returns {GraphPanel | undefined} */
const find = (snapshot) => {
  for (const panel of snapshot?.panels ?? []) if (panel.kind === "graph") return panel;
  return undefined;
};

export function Graph() {
  const [hidden, hide] = useState(/** @type {Record<string, boolean>} */ ({}));
  // The functions' names, as text, so that new values redraw no tree.
  const names = useStore((s) => (find(s.snapshot)?.functions ?? []).map((f) => `${f.name}|${f.role}|${both(f.title)}`).join("\n"));
  const canvas = useCanvas((context, width, height, snapshot) => {
    const panel = find(snapshot);
    if (panel) draw(context, width, height, panel, hidden, colours());
  }, { watch: [hidden] });
  useLabel(canvas, "graph.label");
  return html`<div class="card stage">
    <${Head} />
    <div class="plane"><canvas ref=${canvas} role="img" aria-label=${t("graph")}></canvas></div>
    <div class="legend">
      ${names.split("\n").filter(Boolean).map((line) => {
        const [name = "", role = "", title = ""] = line.split("|");
        return html`<label key=${name} class=${`layer is-${role}`} title=${title}>
          <input type="checkbox" checked=${!hidden[name]} onChange=${() => hide({ ...hidden, [name]: !hidden[name] })} />
          <i class="swatch"></i>${name}</label>`;
      })}
    </div>
  </div>`;
}

/**
 * @param {CanvasRenderingContext2D} context @param {number} width @param {number} height @param {GraphPanel} panel
 * @param {Record<string, boolean>} hidden @param {Palette} palette
 */
function draw(context, width, height, panel, hidden, palette) {
  const [x0, x1] = panel.extent;
  const left = EDGE.left;
  const right = width - EDGE.right;
  const below = panel.links.length > 0 ? BELOW * height : 0;
  const floor = height - EDGE.bottom - below;
  const px = (/** @type {number} */ x) => left + ((x - x0) / (x1 - x0)) * (right - left);
  const densities = panel.functions.filter((f) => !f.share);
  // One scale for both densities, that of the data with room above: a spike of samples runs out at the top.
  const top = 1.25 * Math.max(1e-9, ...densities.filter((f) => f.role === "real").flatMap((f) => [...f.data]));
  const py = (/** @type {number} */ y, /** @type {boolean} */ share) => floor - (share ? y : y / top) * (floor - EDGE.top);

  context.save();
  context.beginPath();
  context.rect(left, EDGE.top - 1, right - left, floor - EDGE.top + 2);
  context.clip();
  for (const { name, role, share, data } of panel.functions) {
    if (hidden[name]) continue;
    const colour = role === "real" ? palette.real : role === "generated" ? palette.generated : palette.dis;
    context.beginPath();
    let drawn = false;
    data.forEach((y, i) => {
      const known = Number.isFinite(y);
      if (known) context[drawn ? "lineTo" : "moveTo"](px(panel.xs[i] ?? 0), py(y, share));
      drawn = known;
    });
    context.strokeStyle = colour;
    context.lineWidth = role === "optimal" ? 1.25 : 2;
    context.setLineDash(role === "optimal" ? [4, 4] : []);
    context.stroke();
    if (share) continue;
    context.lineTo(right, floor);
    context.lineTo(left, floor);
    context.globalAlpha = 0.12;
    context.fillStyle = colour;
    context.fill();
    context.globalAlpha = 1;
  }
  context.restore();
  context.setLineDash([]);
  axes(context, { left, right, floor, px, py, top, x0, x1 }, palette);
  if (below > 0) links(context, { left, right, floor, height, px }, panel, palette);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{left: number, right: number, floor: number, px: (x: number) => number, py: (y: number, share: boolean) => number, top: number, x0: number, x1: number}} place
 * @param {Palette} palette
 */
function axes(context, { left, right, floor, px, py, top, x0, x1 }, palette) {
  context.strokeStyle = palette.line;
  context.fillStyle = palette.faint;
  context.lineWidth = 1;
  context.font = "10.5px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace";
  context.strokeRect(left + 0.5, EDGE.top + 0.5, right - left - 1, floor - EDGE.top);
  const minus = (/** @type {number} */ n) => String(n).replace("-", "−");
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const x of ticks(x0, x1, 6)) context.fillText(minus(x), px(x), floor + 6);
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const y of ticks(0, top, 4)) if (py(y, false) > EDGE.top + 4) context.fillText(minus(y), left - 6, py(y, false));
  // What D says has its own scale, at the right.
  context.textAlign = "left";
  context.fillStyle = palette.dis;
  for (const y of [0, 0.5, 1]) context.fillText(y === 0.5 ? "½" : String(y), right + 6, py(y, true));
}

/**
 * Noise on a line of its own, and an arrow from each to its sample.
 * @param {CanvasRenderingContext2D} context
 * @param {{left: number, right: number, floor: number, height: number, px: (x: number) => number}} place
 * @param {GraphPanel} panel @param {Palette} palette
 */
function links(context, { left, right, floor, height, px }, panel, palette) {
  const [from, to] = [height - 12, floor + 22];
  const reach = 3.2;
  const pz = (/** @type {number} */ z) => (left + right) / 2 + (z / (2 * reach)) * (right - left);
  context.strokeStyle = palette.generated;
  context.globalAlpha = 0.55;
  context.lineWidth = 1;
  context.beginPath();
  for (let i = 0; i + 1 < panel.links.length; i += 2) {
    const x = px(panel.links[i + 1] ?? 0);
    context.moveTo(pz(panel.links[i] ?? 0), from);
    context.lineTo(Math.max(left, Math.min(right, x)), to);
  }
  context.stroke();
  context.globalAlpha = 1;
  context.strokeStyle = palette.line;
  context.beginPath();
  context.moveTo(left, from);
  context.lineTo(right, from);
  context.moveTo(left, to);
  context.lineTo(right, to);
  context.stroke();
  context.fillStyle = palette.faint;
  context.textBaseline = "middle";
  context.textAlign = "right";
  context.fillText("z", left - 6, from);
  context.fillText("x", left - 6, to);
}
