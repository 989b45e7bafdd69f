/** Eight digits of the weights, with the step that they belong to. */
import * as format from "../format.js";
import { html } from "../html.js";
import { t } from "../i18n.js";
import { Icon } from "../icons.js";
import { set, useStore } from "../state.js";

export function Fingerprint() {
  const [print, step, detour, half] = useStore((s) => {
    const shown = s.fresh ? s.snapshot : null;
    return [shown?.fingerprint ?? "", shown?.step ?? 0, shown?.detour ?? false, shown?.half ?? false];
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
      <span class="faint">${t("fingerprint.at", { step: format.count(/** @type {number} */ (step)) })}${half && ` ${t("fingerprint.half")}`}</span>
    </button>
    ${detour && html`<p class="faint small"><${Icon} name="back" /> ${t("fingerprint.detour")}</p>`}
  </div>`;
}
