/** The seed: typed, or drawn. */
import { newSeed } from "../header.js";
import { html } from "../html.js";
import { t } from "../i18n.js";
import { Icon } from "../icons.js";
import { Draft } from "./draft.js";

/** @param {import("./row.js").ControlProps} props */
export function Seed({ title, value, opened, set, error, note }) {
  return html`<span class="number">
    <${Draft} value=${value} stamp=${opened} error=${error} note=${note} label=${title} set=${set} mode="numeric" class="long" />
    <button type="button" class="nudge" aria-label=${t("seed.dice")} title=${t("seed.dice")} onClick=${() => set(newSeed())}><${Icon} name="dice" /></button>
  </span>`;
}
