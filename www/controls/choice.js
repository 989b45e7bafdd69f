/** One of a few: the browser's own list, which works everywhere. */
import { html } from "../html.js";
import { both } from "../i18n.js";

/** @param {import("./row.js").ControlProps} props */
export function Choice({ field, title, value, set, note }) {
  return html`<select aria-label=${title} aria-describedby=${note} value=${value} onChange=${(/** @type {Event} */ e) => set(/** @type {HTMLSelectElement} */ (e.target).value)}>
    ${(field.options ?? []).map((option) => html`<option key=${option.value} value=${option.value} selected=${option.value === value}>
      ${both(option.title)}</option>`)}
  </select>`;
}
