/** Complex numbers beside the unit circle: what is outside of it grows step by step, what is within dies away. */
import { html } from "../html.js";
import { both, t } from "../i18n.js";
import { get, useStore } from "../state.js";
import { useCanvas } from "./canvas.js";
import { panelOf } from "./find.js";
import { colours } from "./palette.js";

/** @import { SpectrumPanel } from "../types.d.ts" */

/** What is shown beyond the circle. */
const MARGIN = 1.25;
/** How far beyond it a number is still outside for sure. */
const CLEARLY = 1e-4;

/** @param {{name: string}} props which panel */
export function Spectrum({ name }) {
  const title = useStore((s) => both(panelOf(s.snapshot, "spectrum", name)?.title));
  const said = useStore((s) => list(panelOf(s.snapshot, "spectrum", name)));
  const canvas = useCanvas((context, width, height) => {
    const panel = panelOf(get().snapshot, "spectrum", name);
    if (!panel) return;
    const { data } = panel;
    const reach = Math.max(MARGIN, ...Array.from(data, (x) => 1.1 * Math.abs(x)).filter(Number.isFinite));
    const unit = Math.min(width, height) / 2 / reach;
    const [x0, y0] = [width / 2, height / 2];
    const palette = colours();
    context.strokeStyle = palette.line;
    context.beginPath();
    context.moveTo(0, y0);
    context.lineTo(width, y0);
    context.moveTo(x0, 0);
    context.lineTo(x0, height);
    context.stroke();
    context.strokeStyle = palette.soft;
    context.lineWidth = 1.5;
    context.beginPath();
    context.arc(x0, y0, unit, 0, 2 * Math.PI);
    context.stroke();
    context.fillStyle = palette.soft;
    context.font = "12px system-ui, sans-serif";
    context.fillText("1", x0 + unit + 4, y0 - 5);
    context.fillText("i", x0 + 5, y0 - unit - 5);
    for (let i = 0; i + 1 < data.length; i += 2) {
      const [re, im] = [data[i] ?? 0, data[i + 1] ?? 0];
      context.fillStyle = Math.hypot(re, im) > 1 + CLEARLY ? palette.gen : palette.dis;
      context.strokeStyle = palette.halo;
      context.beginPath();
      context.arc(x0 + re * unit, y0 - im * unit, 5, 0, 2 * Math.PI);
      context.fill();
      context.stroke();
    }
  }, { watch: [name, said] });
  return html`<div class="card spectrum">
    <div class="card-head"><h2>${title}</h2></div>
    <canvas ref=${canvas} role="img" aria-label=${`${title}: ${said}`}></canvas>
    <p class="soft">${said}</p>
  </div>`;
}

/** The numbers as text, and how far from 0 the furthest is. @param {SpectrumPanel | undefined} panel */
function list(panel) {
  if (!panel) return "";
  const pairs = Array.from({ length: panel.data.length / 2 }, (_, i) => [panel.data[2 * i] ?? 0, panel.data[2 * i + 1] ?? 0]);
  const text = pairs.map(([re = 0, im = 0]) => `${re.toFixed(3)}${im === 0 ? "" : ` ${im < 0 ? "−" : "+"} ${Math.abs(im).toFixed(3)} i`}`);
  return t("spectrum.said", { values: text.join(", "), most: Math.max(...pairs.map(([re = 0, im = 0]) => Math.hypot(re, im))).toFixed(4) });
}
