/** Integers and numbers: typed, or moved by a step that suits the field. */
import { html } from "../html.js";
import { t } from "../i18n.js";
import { Icon } from "../icons.js";
import { Draft } from "./draft.js";

/** @import { Field } from "../types.d.ts" */

/** @param {import("./row.js").ControlProps} props */
export function Numeric({ field, title, value, opened, set, error, note }) {
  const now = Number(value);
  const low = field.min ?? -Infinity;
  const high = field.max ?? Infinity;
  /** @param {number} by */
  const step = (by) => set(text(Math.max(low, Math.min(high, next(field, now, by)))));
  // Half the world writes a decimal comma; in a whole number a comma would mean something else.
  const typed = (/** @type {string} */ to) => set(field.kind === "number" ? to.replace(/^([-+]?\d*),(?=\d)/, "$1.") : to);
  const button = (/** @type {number} */ by) => html`<button type="button" class="nudge" disabled=${by < 0 ? now <= low : now >= high}
    aria-label=${t(by < 0 ? "field.less" : "field.more", { field: title })} onClick=${() => step(by)}><${Icon} name=${by < 0 ? "minus" : "plus"} /></button>`;
  return html`<span class="number">${button(-1)}
    <${Draft} value=${value} stamp=${opened} error=${error} note=${note} label=${title} set=${typed} step=${step} mode=${field.kind === "integer" ? "numeric" : "decimal"} />
    ${button(1)}</span>`;
}

/** @param {Field} field @param {number} now @param {number} by */
function next(field, now, by) {
  if (field.kind === "integer") {
    if (doubles(field)) return by > 0 ? Math.max(1, now * 2) : Math.floor(now / 2);
    const stride = stepOf(field);
    return by > 0 ? (Math.floor(now / stride) + 1) * stride : (Math.ceil(now / stride) - 1) * stride;
  }
  if (field.scale === "factors") return series(now, by);
  // 0, 0.5, 0.9, 0.99, 0.999, …: as long a memory as the distance from 1 is small.
  const marks = [0, 0.5, 0.9, 0.99, 0.999, 0.9999];
  return (by > 0 ? marks.find((m) => m > now + 1e-9) : marks.reverse().find((m) => m < now - 1e-9)) ?? now;
}

/** Widths, dimensions and batches are thought of in powers of two. @param {Field} field */
function doubles(field) {
  const most = field.max ?? 0;
  return most >= 128 && most <= 8192;
}

/** Ones for small ranges, thousands for large ones. @param {Field} field */
function stepOf(field) {
  const span = (field.max ?? 10) - (field.min ?? 0);
  return span > 1e6 ? 1000 : span > 8192 ? 10000 : 1;
}

/** The next of 1, 2, 5, 10, …, up or down. @param {number} now @param {number} by */
function series(now, by) {
  if (!(now > 0)) return by > 0 ? 1e-5 : 0;
  const power = Math.floor(Math.log10(now) + 1e-9);
  const marks = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20].map((m) => m * 10 ** power);
  return (by > 0 ? marks.find((m) => m > now * 1.0001) : marks.reverse().find((m) => m < now * 0.9999)) ?? now;
}

/** Short, and free of what binary fractions leave behind. @param {number} n */
const text = (n) => String(Number(n.toPrecision(6)));
