/** The pace: a few to choose from, from one step a second to as fast as it goes; on a phone one button that goes round. */
import { PACES } from "../engine/pace.js";
import { html } from "../html.js";
import { t } from "../i18n.js";
import { set, useStore } from "../state.js";

/** @param {{run: import("../engine/run.js").Run}} props */
export function Pace({ run }) {
  const pace = /** @type {number} */ (useStore((s) => s.pace));
  const choose = (/** @type {number} */ to) => choosePace(run, to);
  // From fast to slow, and round: on a phone one slows a run down to look at it.
  const next = PACES.findLast((p) => p !== 0 && (pace === 0 || p < pace)) ?? 0;
  const name = t("pace.now", { pace: describe(pace) });
  return html`<div class="pace">
    <div class="paces" role="radiogroup" aria-label=${t("pace")} title=${t("pace.about")}>
      ${PACES.map((p) => html`<label key=${p}><input type="radio" name="pace" value=${p} checked=${p === pace} aria-label=${describe(p)} onChange=${() => choose(p)} />
        <span aria-hidden="true">${short(p)}</span></label>`)}
    </div>
    <button type="button" class="button round" aria-label=${name} title=${name} onClick=${() => choose(next)}>${short(pace)}</button>
  </div>`;
}

/** @param {import("../engine/run.js").Run} run @param {number} pace */
export function choosePace(run, pace) {
  run.setPace(pace);
  set({ said: t("pace.now", { pace: describe(pace) }) });
}

/** @param {number} pace */
const describe = (pace) => (pace === 0 ? t("pace.max") : t(pace === 1 ? "pace.one" : "pace.some", { n: pace }));

/** @param {number} pace */
const short = (pace) => (pace === 0 ? t("pace.max.short") : String(pace));
