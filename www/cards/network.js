/** A network in small: a bar for each row of numbers, as tall as the logarithm of its width, and a stack of planes for each image. */
import { html } from "../html.js";

/** @import { Stage } from "../types.d.ts" */

const W = 108;
const H = 48;
/** From one plane of a stack to the next. */
const BACK = 2;

/** @param {{stages: Stage[]}} props */
export function Network({ stages }) {
  const drawn = stages.filter(counts).map(shape);
  const wide = drawn.reduce((sum, { w }) => sum + w, 0);
  const gap = Math.min(22, (W - 6 - wide) / Math.max(1, drawn.length - 1));
  let x = (W - wide - gap * (drawn.length - 1)) / 2;
  const placed = drawn.map((one) => {
    const at = { ...one, x };
    x += one.w + gap;
    return at;
  });
  return html`<svg class="network" viewBox=${`0 0 ${W} ${H}`} aria-hidden="true">
    <title>${list(stages)}</title>
    ${placed.slice(1).map((to, i) => {
      const from = /** @type {typeof to} */ (placed[i]);
      const right = from.x + from.w;
      return html`<path class="web" d=${`M${right} ${H / 2 - from.h}L${to.x} ${H / 2 - to.h}V${H / 2 + to.h}L${right} ${H / 2 + from.h}Z`} />`;
    })}
    ${placed.map((one) => (one.planes === 0
      ? html`<rect x=${one.x} y=${H / 2 - one.h} width=${one.w} height=${2 * one.h} rx="2" />`
      : Array.from({ length: one.planes }, (_, k) => {
        const off = (one.planes - 1 - k) * BACK;
        const side = one.w - (one.planes - 1) * BACK;
        return html`<rect class="sheet" x=${one.x + off} y=${H / 2 - one.h + (one.planes - 1) * BACK - off} width=${side} height=${2 * one.h - (one.planes - 1) * BACK} rx="1" />`;
      })))}
  </svg>`;
}

/** A layer that only normalises changes no shape; one that resizes is drawn with the convolution that it goes with. @param {Stage} stage @param {number} i @param {Stage[]} all */
const counts = ({ layer }, i, all) => layer !== "norm" && layer !== "resize"
  && all.slice(i + 1).find((next) => next.layer !== "norm")?.layer !== "pool";

/** How large a stage is drawn: half its height, its width, and how many planes. @param {Stage} stage */
function shape({ height, width, channels }) {
  if (height * width === 1) return { h: 3 + 2.2 * Math.log2(channels + 0.5), w: 4, planes: 0 };
  const planes = Math.min(4, 1 + Math.floor(Math.log2(channels) / 1.6));
  const side = 6 + 2.4 * Math.sqrt(height);
  return { h: (side + (planes - 1) * BACK) / 2, w: side * (width / height) + (planes - 1) * BACK, planes };
}

/** The stages in words. @param {Stage[]} stages */
const list = (stages) => stages.filter(({ layer }) => layer !== "norm")
  .map(({ height, width, channels }) => (height * width === 1 ? String(channels) : `${height}×${width}${channels > 1 ? `×${channels}` : ""}`)).join(" → ");
