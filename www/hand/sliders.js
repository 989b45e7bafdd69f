/** The numbers of a code, to be moved: some at a time. */
import { useState } from "preact/hooks";
import { html } from "../html.js";
import { t } from "../i18n.js";
import { Icon } from "../icons.js";
import { MOST } from "./pick.js";

/** Numbers in sight. */
const SHOWN = 6;

/** @param {{code: Float32Array, moved: Record<number, number>, set: (moved: Record<number, number>) => void}} props */
export function Sliders({ code, moved, set }) {
  const [first, turn] = useState(0);
  const from = Math.min(first, Math.max(0, code.length - SHOWN));
  const full = Object.keys(moved).length >= MOST;
  const shown = [...code.subarray(from, from + SHOWN)].map((value, i) => [from + i, value]);
  return html`<div class="sliders">
    ${shown.map(([k = 0, value = 0]) => {
      const now = moved[k] ?? value;
      return html`<label key=${k} class=${k in moved ? "changed" : ""}><span>z<sub>${k}</sub></span>
        <input type="range" min="-3" max="3" step="0.05" value=${now} disabled=${full && !(k in moved)}
          onInput=${(/** @type {InputEvent} */ e) => set({ ...moved, [k]: Number(/** @type {HTMLInputElement} */ (e.currentTarget).value) })} />
        <output>${now.toFixed(2)}</output></label>`;
    })}
    <p>
      ${code.length > SHOWN && html`<button type="button" class="button small" disabled=${from === 0} aria-label=${t("hand.before")} onClick=${() => turn(Math.max(0, from - SHOWN))}>‹</button>
      <span class="soft">${t("hand.numbers", { from, to: Math.min(code.length, from + SHOWN) - 1, of: code.length })}</span>
      <button type="button" class="button small" disabled=${from + SHOWN >= code.length} aria-label=${t("hand.after")} onClick=${() => turn(from + SHOWN)}>›</button>`}
      ${Object.keys(moved).length > 0 && html`<button type="button" class="button small" onClick=${() => set({})}><${Icon} name="back" />${t("hand.back")}</button>`}
    </p>
  </div>`;
}
