/** How the run is, in the core's words, and the way on when it is not well. */
import { newSeed } from "../header.js";
import * as format from "../format.js";
import { html } from "../html.js";
import { t, tellAll } from "../i18n.js";
import { get, useStore } from "../state.js";
import { sentence as reason } from "./reasons.js";

/** @typedef {import("../engine/run.js").Run} Run */
/** @typedef {{label: string, act: () => unknown}} Way */

/** @param {{run: Run}} props */
export function Health({ run }) {
  const [status, said, error, busy] = useStore((s) => [s.status, tellAll(s.sentence), s.error, s.busy]);
  const at = useStore((s) => (s.status === "paused" ? t("paused.about", { step: format.count(s.step) }) + t("space") : ""));
  const ways = remedies(run, /** @type {string} */ (status));
  return html`<div class=${`card health is-${status}`} aria-label=${t("card.health")} role="group">
    <p><b>${t(`status.${status}`)}${t("mark")}</b>${t("space")}
      ${status === "failed" ? html`${t("failed.about")} <span class="plain">${error}</span>`
        : status === "loading" ? busy && reason([/** @type {import("../types.d.ts").Reason} */ (busy)])
        : `${at}${said}`}
    </p>
    ${ways.length > 0 && html`<div class="ways">${ways.map(({ label, act }) =>
      html`<button class="button small" onClick=${act}>${t(label)}</button>`)}</div>`}
  </div>`;
}

/** What a click can do about it. @param {Run} run @param {string} status @returns {Way[]} */
function remedies(run, status) {
  const seed = { label: "act.seed", act: () => run.change({ seed: newSeed() }) };
  switch (status) {
    case "collapsed": return [{ label: "act.slowerG", act: () => run.change(halved("glr")) }, seed];
    case "saturated": return [{ label: "act.slowerD", act: () => run.change(halved("dlr")) }, seed];
    case "diverged": return [{ label: "act.slower", act: () => run.change({ ...halved("glr"), ...halved("dlr") }) }, seed];
    case "stopped": return [{ label: "act.onward", act: () => run.onward() }];
    case "failed": return [{ label: "act.restart", act: () => run.reset() }];
    default: return [];
  }
}

/** @param {string} field @returns {Record<string, string>} */
function halved(field) {
  const now = Number(get().opened?.values[field]);
  return now > 0 ? { [field]: String(Number((now / 2).toPrecision(3))) } : {};
}
