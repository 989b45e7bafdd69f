/** A chart with the titles of its axes, and beside it what it reads: at the newest step, or where somebody points. */
import { useEffect, useRef, useState } from "preact/hooks";
import * as format from "../../format.js";
import { html } from "../../html.js";
import { t } from "../../i18n.js";
import { Live } from "./live.js";
import { spoken } from "./marks.js";
import { word } from "./passages.js";
import { useSpan } from "./span.js";

/** @import { State } from "../../state.js" */
/** @import { Curves, Reading } from "./live.js" */

/** @type {Reading} */
const UNREAD = { step: NaN, covers: 0, values: [], pointed: false, reach: [0, 1], coarse: 0, mark: null, state: null };

/**
 * `means`: a point is the mean of the steps since the point before. `lines`: what is told of each curve beside its value.
 * @param {{
 *   title: string, unit: string, means?: boolean, pick: (state: State) => Curves | undefined,
 *   lines: {name: string, role: string, note: string}[], worded: (value: number) => string,
 * }} props
 */
export function Chart({ title, unit, means = false, pick, lines, worded }) {
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const [reading, show] = useState(UNREAD);
  const span = useSpan();
  useEffect(() => {
    if (!box.current) return undefined;
    let last = "";
    const live = new Live(box.current, pick, (next) => {
      const now = JSON.stringify(next);
      if (now !== last) show(next);
      last = now;
    });
    return () => live.end();
  }, []);
  const { step, covers, coarse, mark, reach, state } = reading;
  const empty = Number.isNaN(step);
  const at = empty ? "–" : format.count(step);
  const [before, after] = t("chart.at").split("{step}");
  const values = lines.map((line, i) => ({ ...line, value: worded(reading.values[i] ?? NaN) }));
  const text = empty ? t("chart.empty")
    : [t("chart.reading", { step: at, values: values.map(({ name, value }) => `${name} ${value}`).join(t("chart.comma")) }), state && word(state), mark && spoken(mark)].filter(Boolean).join(t("problem.and"));
  return html`<div class="chart-frame">
    <p class="axis-title is-y" aria-hidden="true">${unit}</p>
    <div class="chart" ref=${box} tabindex="0" role="slider" aria-label=${t("chart.label", { title })} aria-orientation="horizontal"
      aria-valuemin=${Math.round(reach[0])} aria-valuemax=${reach[1]} aria-valuenow=${empty ? 0 : step} aria-valuetext=${text}></div>
    <p class="axis-title is-x" aria-hidden="true">${coarse > 0 ? t("chart.coarse", { n: format.count(coarse) }) : t(span === "log" ? "chart.stepLog" : "chart.step")}</p>
    ${mark && html`<p class="chart-tip" aria-hidden="true">${spoken(mark)}</p>`}
    <div class="readout">
      <span class="at">${before}<b>${at}</b>${after}${means && covers > 1 && !empty && html` <small>${t("chart.mean", { n: format.count(covers) })}</small>`}${state && html` <small class=${`state is-${state.state}`}>${word(state)}</small>`}</span>
      ${values.map(({ name, role, note, value }) => html`<span class=${`is-${role}`}>
        ${role !== "metric" && html`<i class="swatch"></i>${name}`} <b>${value}</b>${note && html` <small>${note}</small>`}</span>`)}
    </div>
  </div>`;
}
