/** A table of numbers whose cells are as dark as their share of their row. */
import { html } from "../html.js";
import { both, t } from "../i18n.js";
import { useStore } from "../state.js";
import { panelOf } from "./find.js";

/** @import { MatrixPanel } from "../types.d.ts" */

/** @param {{name: string}} props which panel */
export function Matrix({ name }) {
  const panel = /** @type {MatrixPanel | undefined} */ (useStore((s) => panelOf(s.snapshot, "matrix", name)));
  if (!panel) return "";
  const { rows, columns, data } = panel;
  const wide = columns.names.length;
  return html`<div class="card matrix">
    <div class="card-head"><h2>${both(panel.title)}</h2></div>
    <table>
      <caption>${t("matrix.axes", { rows: both(rows.title), columns: both(columns.title) })}</caption>
      <thead><tr><td></td>${columns.names.map((title) => html`<th scope="col" title=${both(title)}>${both(title)}</th>`)}</tr></thead>
      <tbody>${rows.names.map((title, y) => {
        const row = data.subarray(y * wide, (y + 1) * wide);
        const all = row.reduce((sum, n) => sum + n, 0) || 1;
        return html`<tr><th scope="row" title=${both(title)}>${both(title)}</th>${Array.from(row, (n) => {
          const share = Math.round((100 * n) / all);
          const shade = Math.round(85 * Math.sqrt(n / all));
          return html`<td class=${n > 0 ? "" : "is-none"} style=${`background: color-mix(in srgb, var(--real) ${shade}%, var(--sunk)); ${shade > 55 ? "color: var(--card)" : ""}`}>${n > 0 && share === 0 ? "<1" : share}</td>`;
        })}</tr>`;
      })}</tbody>
    </table>
  </div>`;
}
