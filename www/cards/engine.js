/** Which engine runs, how fast, and why that one. */
import * as format from "../format.js";
import { html } from "../html.js";
import { t } from "../i18n.js";
import { OVER, rateNow } from "../engine/run.js";
import { useStore } from "../state.js";

/** @import { Reason } from "../types.d.ts" */

export function EngineCard() {
  const [engine, reasons] = useStore((s) => [s.engine, s.reasons]);
  const over = useStore((s) => OVER.includes(s.status));
  const rate = /** @type {number} */ (useStore(rateNow));
  return html`<div class="card engine" id="engine">
    <h2>${t("card.engine")}</h2>
    <p>${engine ? html`<b>${engine}</b> <span class="mono">${rate > 0 && t("rate", { rate: format.rate(rate) })}</span>` : t("engine.waiting")}</p>
    ${/** @type {Reason[]} */ (reasons).map(({ key, args }) =>
      // Where the run ended first, the question remains open for good.
      html`<p class="soft">${t(over && key === "why.first" ? "why.over" : key, args)}</p>`)}
  </div>`;
}
