/** One measurement: its value, its ideal and a small curve of its history; when pressed, the curve large and what to know of it. */
import { useRef } from "preact/hooks";
import * as format from "../format.js";
import { html } from "../html.js";
import { t, term } from "../i18n.js";
import { Chart } from "../panels/chart/chart.js";
import { find } from "../panels/find.js";
import { idealText } from "./figure.js";
import { Spark } from "./spark.js";

/** @import { State } from "../state.js" */
/** @import { Curves } from "../panels/chart/live.js" */
/** @import { Metric, SeriesPanel } from "../types.d.ts" */

/** @param {{metric: Metric, history: SeriesPanel | undefined, headline: boolean, large: boolean, toggle: () => void}} props */
export function Measure({ metric, history, headline, large, toggle }) {
  const button = useRef(/** @type {HTMLButtonElement | null} */ (null));
  const { name, of, ideal } = metric;
  // As its curve has it, or the two could be rounded apart.
  const value = Math.fround(metric.value);
  const unit = term(`unit.${metric.unit}`, metric.unit);
  const title = term(`metric.${name}`, metric.title);
  const curve = history?.curves.find((c) => c.name === name);
  const id = `measure-${name}`;
  /** @param {KeyboardEvent} event */
  const close = (event) => {
    // The first one takes the chart's cursor away.
    if (event.key !== "Escape" || event.defaultPrevented) return;
    toggle();
    button.current?.focus();
  };
  return html`<li class=${`measure ${headline ? "first" : ""} ${large ? "large" : ""}`}>
    <button type="button" class="reading" ref=${button} aria-expanded=${large} aria-controls=${large ? id : undefined}
      title=${t(large ? "measure.close" : "measure.open")} onClick=${toggle}>
      <span class="name">${title}</span>
      <span class="value"><b>${of != null ? format.count(value) : format.measured(value, unit)}</b>${
        of != null ? html`<span class="of">/${format.count(of)}</span>` : unit && html`<span class="of"> ${unit}</span>`}</span>
      <${Spark} steps=${history?.steps ?? []} data=${curve?.data ?? []} ideal=${ideal ?? null} />
      ${ideal != null && html`<span class="ideal">${t("metrics.ideal", { value: idealText(metric) })}</span>`}
    </button>
    ${large && html`<div class="history" id=${id} onKeyDown=${close}>
      <${Chart} title=${title} unit=${of != null ? t("measure.of", { of: format.count(of) }) : unit || t(`measure.unit.${name}`)} pick=${(/** @type {State} */ s) => pick(s, metric)}
        lines=${[{ name: title, role: "metric", note: ideal != null ? t("metrics.ideal", { value: idealText(metric) }) : "" }]}
        worded=${(/** @type {number} */ v) => `${of != null ? format.count(v) : format.measured(v, unit)}${unit && of == null ? ` ${unit}` : ""}`} />
      <p class="about">${term(`metric.${name}.about`, metric.about)}</p>
    </div>`}
  </li>`;
}

/** @param {State} state @param {Metric} metric @returns {Curves | undefined} */
function pick(state, { name, ideal, spread, of, unit }) {
  const panel = state.fresh ? find(state, "metrics") : undefined;
  const curve = panel?.curves.find((c) => c.name === name);
  // No measure is negative; counts and shares have a most.
  return panel && curve && {
    steps: panel.steps, curves: [{ ...curve, equilibrium: ideal, spread }], within: [0, of ?? (unit === "%" ? 100 : Infinity)], whole: of != null,
  };
}
