/** How the run is: its headline figure, the core's words, and the way on when it is not well. */
import * as format from "../format.js";
import { html } from "../html.js";
import { t, tellAll, term } from "../i18n.js";
import { useStore } from "../state.js";
import { figure, idealText } from "./figure.js";
import { remedies } from "./remedies.js";
import { sentence as reason } from "./reasons.js";

/** @typedef {import("../engine/run.js").Run} Run */

/** @type {import("../types.d.ts").Cure[]} */
const NONE = [];

/** @param {{run: Run}} props */
export function Health({ run }) {
  const [status, said, error, busy] = useStore((s) => [s.status, tellAll(s.sentence), s.error, s.busy]);
  const at = useStore((s) => (s.status === "paused" ? t("paused.about", { step: format.count(s.step) }) + t("space") : ""));
  // Data that did not come is told where it is waited for, with the one way there is.
  const told = useStore((s) => s.status === "failed" && s.data?.blocking && s.data.error !== undefined);
  // As long as nothing is known of this run, what would have helped the one before is no help.
  const cures = useStore((s) => (s.fresh && s.snapshot ? s.snapshot.cures : NONE));
  const ways = remedies(run, /** @type {string} */ (status), /** @type {import("../types.d.ts").Cure[]} */ (cures));
  if (told) return null;
  return html`<div class=${`card health is-${status}`} aria-label=${t("card.health")} role="group">
    <${Headline} run=${run} />
    <div class="words">
      <p><b>${t(`status.${status}`)}${t("mark")}</b>${t("space")}
        ${status === "failed" ? html`${t("failed.about")} <span class="plain">${error && reason([/** @type {import("../types.d.ts").Reason} */ (error)])}</span>`
          : status === "loading" ? busy && reason([/** @type {import("../types.d.ts").Reason} */ (busy)])
          : `${at}${said}`}
      </p>
      <div class="ways">${ways.map(({ label, act }) =>
        html`<button class="button small" title=${label} onClick=${act}><span>${label}</span></button>`)}</div>
    </div>
  </div>`;
}

/** What the headline was at its best, when, and whether its weights are held, where that is another than now and there is a way there. @param {import("../state.js").State} s @param {import("../types.d.ts").Metric} metric */
function best({ snapshot }, metric) {
  const found = snapshot?.best;
  if (!found || (snapshot.detour && !snapshot.bestHeld) || found.step >= snapshot.metricsStep) return "||";
  const [value, unit] = figure({ ...metric, value: found.value });
  return value === figure(metric)[0] ? "||" : `${value}${metric.of == null ? unit : ""}|${found.step}|${snapshot.bestHeld ? "held" : ""}`;
}

/** The first of the metrics is the one to watch. As text, so that equal ones redraw nothing. @param {{run: Run}} props */
function Headline({ run }) {
  const text = useStore((s) => {
    const metric = s.fresh ? s.snapshot?.metrics[0] : undefined;
    return metric ? [term(`metric.${metric.name}`, metric.title), ...figure(metric), idealText(metric), best(s, metric)].join("|") : "|–|||||";
  });
  const [title, value, unit, ideal, reached, step, held] = text.split("|");
  const said = reached && t("best", { value: reached, step: format.count(Number(step)) });
  return html`<dl class="headline">
    <dt>${title}</dt><dd><b>${value}</b><span class="of">${unit}</span><small>${ideal && t("metrics.ideal", { value: ideal })}</small>
      ${said && html`<small class="best"><button class="link" title=${t(held ? "best.held" : "best.about")} onClick=${() => run.upTo(Number(step))}>${said}</button></small>`}</dd>
  </dl>`;
}
