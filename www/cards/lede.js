/** The first line: what is seen, in one sentence, and three experiments to begin with. */
import { html } from "../html.js";
import { t } from "../i18n.js";
import { ways } from "../lessons.js";
import { useStore } from "../state.js";
import { Open } from "./open.js";

/** @param {{run: import("../engine/run.js").Run}} props */
export function Lede({ run }) {
  const kind = useStore((s) => s.opened?.kind ?? "points");
  return html`<div class="lede">
    <p>${(kind === "images" ? ["generated", "real"] : ["real", "generated", "field"]).map((role) => html`<span class=${`is-${role}`}>
      <i class="swatch"></i><b>${t(`lede.${kind}.${role}`)}</b>${t(`lede.${kind}.${role}.is`)}</span> `)}</p>
    <nav class="ways" aria-label=${t("way")}>
      ${ways.map(([name, link]) => html`<${Open} key=${name} run=${run} name=${name} link=${link} class="button small" about=${t(`${name}.about`)} />`)}
    </nav>
  </div>`;
}
