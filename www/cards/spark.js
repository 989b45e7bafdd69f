/** A curve as small as a word: the whole history, and the ideal as a dashed line. */
import { html } from "../html.js";

const [WIDTH, HEIGHT] = [132, 20];
/** Room for the width of the line. */
const EDGE = 2;

/** @param {{steps: ArrayLike<number>, data: ArrayLike<number>, ideal: number | null}} props */
export function Spark({ steps, data, ideal }) {
  const values = Array.from(data).filter(Number.isFinite);
  const low = Math.min(...values, ideal ?? Infinity);
  const high = Math.max(...values, ideal ?? -Infinity);
  const last = steps[steps.length - 1] ?? 0;
  /** @param {number} value */
  const y = (value) => (high > low ? EDGE + (1 - (value - low) / (high - low)) * (HEIGHT - 2 * EDGE) : HEIGHT / 2);
  /** @param {number} step */
  const x = (step) => EDGE + (last > 0 ? step / last : 1) * (WIDTH - 2 * EDGE);
  const newest = lastFinite(data);
  return html`<svg class="spark" viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} width=${WIDTH} height=${HEIGHT} aria-hidden="true">
    ${ideal != null && Number.isFinite(y(ideal)) && html`<line class="target" x1="0" x2=${WIDTH} y1=${y(ideal)} y2=${y(ideal)} />`}
    <path d=${path(steps, data, x, y)} />
    ${newest >= 0 && html`<circle cx=${x(steps[newest] ?? 0)} cy=${y(data[newest] ?? 0)} r="2" />`}
  </svg>`;
}

/** @param {ArrayLike<number>} data the place of its newest value, −1 for none */
function lastFinite(data) {
  for (let i = data.length - 1; i >= 0; i--) if (Number.isFinite(data[i])) return i;
  return -1;
}

/**
 * The line, with the extremes of each column of pixels only; a value that is missing breaks it.
 * @param {ArrayLike<number>} steps @param {ArrayLike<number>} data @param {(step: number) => number} x @param {(value: number) => number} y
 */
function path(steps, data, x, y) {
  const parts = [];
  let pen = "M";
  for (let i = 0; i < data.length;) {
    const column = Math.floor(x(steps[i] ?? 0));
    let [from, to, low, high] = [NaN, NaN, Infinity, -Infinity];
    let gap = false;
    for (; i < data.length && Math.floor(x(steps[i] ?? 0)) === column; i++) {
      const value = data[i] ?? NaN;
      if (!Number.isFinite(value)) {
        gap = true;
        continue;
      }
      if (Number.isNaN(from)) from = value;
      to = value;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    if (Number.isNaN(from)) {
      pen = "M";
      continue;
    }
    for (const value of new Set([from, low, high, to])) {
      parts.push(`${pen}${column + 0.5} ${y(value).toFixed(1)}`);
      pen = "L";
    }
    // A gap within a column is narrower than a pixel, unless the column ends with it.
    if (gap && !Number.isFinite(data[i - 1])) pen = "M";
  }
  return parts.join("");
}
