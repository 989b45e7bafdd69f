/** How close the samples are to the data: each value beside its ideal, with its history. */
import { useState } from "preact/hooks";
import { OVER } from "../engine/run.js";
import * as format from "../format.js";
import { html } from "../html.js";
import { t } from "../i18n.js";
import { SpanPicker } from "../panels/chart/picker.js";
import { find } from "../panels/find.js";
import { get, useStore } from "../state.js";
import { Fingerprint } from "./fingerprint.js";
import { Measure } from "./measure.js";

export function Metrics() {
  // Metrics change at their own cadence; the snapshot around them changes ten times a second.
  useStore((s) => {
    const { length } = find(s, "metrics")?.steps ?? [];
    return s.fresh && s.snapshot ? `${s.snapshot.metricsStep} ${s.snapshot.metrics.length} ${length}` : "";
  });
  const over = useStore((s) => OVER.includes(s.status));
  const [large, enlarge] = useState("");
  const state = get();
  const snapshot = state.fresh ? state.snapshot : null;
  // The losses have a card of their own.
  const metrics = (snapshot?.metrics ?? []).filter(({ name }) => !name.startsWith("loss_"));
  const history = snapshot ? find(state, "metrics") : undefined;
  return html`<div class="card metrics">
    <div class="card-head"><h2>${t("card.metrics")}</h2>${metrics.some(({ name }) => name === large) && html`<${SpanPicker} />`}</div>
    ${metrics.length === 0 ? html`<p class="faint">${t(over ? "metrics.never" : "metrics.none")}</p>`
      : html`<ul class="measures">${metrics.map((metric, i) => html`<${Measure} key=${metric.name} metric=${metric} history=${history}
          headline=${i === 0} large=${large === metric.name} toggle=${() => enlarge(large === metric.name ? "" : metric.name)} />`)}</ul>
        <p class="faint small">${t("metrics.at", { step: format.count(snapshot?.metricsStep ?? 0) })}${
          metrics.some(({ ideal }) => ideal != null) ? t("space") + t("metrics.about") : ""}</p>`}
    <${Fingerprint} />
  </div>`;
}
