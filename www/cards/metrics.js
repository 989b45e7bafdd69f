/** How close the samples are to the data: each value beside its ideal. */
import * as format from "../format.js";
import { html } from "../html.js";
import { t, term } from "../i18n.js";
import { OVER } from "../engine/run.js";
import { set, useStore } from "../state.js";
import { Icon } from "../icons.js";

/** @import { Metric } from "../types.d.ts" */

export function Metrics() {
  // Metrics change at their own cadence; the snapshot around them changes ten times a second.
  const key = useStore((s) => (s.fresh && s.snapshot ? `${s.snapshot.metricsStep} ${s.snapshot.metrics.length}` : ""));
  const snapshot = useStore((s) => (s.fresh ? s.snapshot : null));
  const over = useStore((s) => OVER.includes(s.status));
  // The losses have a card of their own.
  const metrics = (snapshot?.metrics ?? []).filter(({ name }) => !name.startsWith("loss_"));
  return html`<div class="card metrics" data-key=${key}>
    <h2>${t("card.metrics")}</h2>
    ${metrics.length === 0 ? html`<p class="faint">${t(over ? "metrics.never" : "metrics.none")}</p>`
      : html`<dl>${metrics.map((metric) => html`<${Row} key=${metric.name} metric=${metric} />`)}</dl>
        <p class="faint small">${t("metrics.at", { step: format.count(snapshot?.metricsStep ?? 0) })}${t("space")}${about(metrics)}</p>`}
    <${Fingerprint} />
  </div>`;
}

/** What the numbers beside the measurements are, if there are any. @param {Metric[]} metrics */
function about(metrics) {
  const told = metrics.some(({ ideal }) => ideal != null) ? [t("metrics.about")] : [];
  return [...told, ...metrics.map(({ name }) => explain(name)).filter(Boolean)].join(t("space"));
}

/** Names that do not explain themselves. @param {string} name */
const explain = (name) => (["diversity", "brightness"].includes(name) ? t(`metrics.${name}`) : "");

/** @param {{metric: Metric}} props */
function Row({ metric }) {
  const { value, of, unit, ideal } = metric;
  const shown = of != null ? `${format.count(value)}` : number(value, unit);
  return html`<div class="metric">
    <dt title=${explain(metric.name) || undefined}>${term(`metric.${metric.name}`, metric.title)}</dt>
    <dd><b>${shown}</b>${of != null && html`<span class="of">/${format.count(of)}</span>`}
      ${of == null && unit && html`<span class="of"> ${unit}</span>`}
      ${ideal != null && html`<span class="ideal">${t("metrics.ideal", { value: idealText(metric) })}</span>`}</dd>
  </div>`;
}

/** @param {Metric} metric */
function idealText({ ideal, spread, unit, of }) {
  const text = of != null ? format.count(ideal ?? 0) : number(ideal ?? 0, unit);
  const around = spread != null && spread > 0 ? ` ± ${unit === "%" ? spread.toFixed(1) : String(Number(spread.toPrecision(1)))}` : "";
  return text + around + (unit === "%" && of == null ? " %" : "");
}

/** @param {number} value @param {string} unit */
const number = (value, unit) => (unit === "%" && Number.isFinite(value) ? value.toFixed(1) : format.metric(value));

function Fingerprint() {
  const [print, step, detour] = useStore((s) => {
    const shown = s.fresh ? s.snapshot : null;
    return [shown?.fingerprint ?? "", shown?.step ?? 0, shown?.detour ?? false];
  });
  if (!print) return null;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(`${print} @ ${step}`);
      set({ said: t("fingerprint.copied") });
    } catch {
      // Without a clipboard the digits can still be selected.
    }
  };
  return html`<div class="fingerprint">
    <button class="button quiet" onClick=${copy} title=${t("fingerprint.about")}>
      <span class="faint">${t("fingerprint")}</span> <b class="mono">${print}</b>
      <span class="faint">${t("fingerprint.at", { step: format.count(/** @type {number} */ (step)) })}</span>
    </button>
    ${detour && html`<p class="faint small"><${Icon} name="back" /> ${t("fingerprint.detour")}</p>`}
  </div>`;
}
