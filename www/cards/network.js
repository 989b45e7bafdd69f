/** A network in small: one bar a layer, as tall as the logarithm of its width. */
import { html } from "../html.js";

const W = 108;
const H = 48;

/** @param {{layers: string | undefined, ends: number[]}} props  layers in the link's text form */
export function Network({ layers, ends }) {
  const hidden = (layers ?? "").split(",").map(Number).filter((n) => n > 0);
  const widths = [ends[0] ?? 1, ...hidden, ends[1] ?? 1];
  const gap = Math.min(26, (W - 16) / Math.max(1, widths.length - 1));
  const left = (W - gap * (widths.length - 1)) / 2;
  const half = (/** @type {number} */ n) => 3 + 2.2 * Math.log2(n + 0.5);
  const bars = widths.map((n, i) => ({ n, x: left + gap * i, h: half(n) }));
  return html`<svg class="network" viewBox=${`0 0 ${W} ${H}`} aria-hidden="true">
    ${bars.slice(1).map((bar, i) => {
      const from = /** @type {{x: number, h: number}} */ (bars[i]);
      return html`<path class="web" d=${`M${from.x} ${H / 2 - from.h}L${bar.x} ${H / 2 - bar.h}V${H / 2 + bar.h}L${from.x} ${H / 2 + from.h}Z`} />`;
    })}
    ${bars.map((bar) => html`<rect x=${bar.x - 2} y=${H / 2 - bar.h} width="4" height=${2 * bar.h} rx="2" />`)}
  </svg>`;
}
