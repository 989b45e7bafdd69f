/** A network's hidden layers: a chip each, with its width to edit and a way out; the ends are those of the network. */
import { html } from "../html.js";
import { t } from "../i18n.js";
import { Icon } from "../icons.js";
import { Draft } from "./draft.js";

/** @param {import("./row.js").ControlProps} props */
export function Layers({ field, title, value, opened, set, error, note }) {
  const widths = value === "none" ? [] : value.split(",").filter(Boolean);
  const player = { generator: "g", discriminator: "d" }[String(field.group)];
  const stages = (opened.networks.find((network) => network.player === player) ?? opened.networks[0])?.stages ?? [];
  const [first, last] = [stages[0], stages.at(-1)].map((stage) => (stage ? String(stage.height * stage.width * stage.channels) : ""));
  const put = (/** @type {string[]} */ next) => set(next.length > 0 ? next.join(",") : "none");
  const most = field.max_layers ?? 8;
  const bound = (/** @type {number} */ n) => String(Math.max(field.min ?? 1, Math.min(field.max ?? 4096, n)));
  return html`<span class="layers">
    <span class="end" title=${t("layers.in")}>${first}</span>
    ${widths.map((width, i) => {
      // A comma would be read as a further layer; as a decimal point it is refused with the reason. An emptied layer goes.
      const change = (/** @type {string} */ to) =>
        put(widths.map((w, k) => (k === i ? to.replaceAll(",", ".") : w)).filter((w) => w !== ""));
      return html`<span class="link" aria-hidden="true"></span><span class="chip" key=${i}>
        <${Draft} value=${width} stamp=${opened} error=${error} note=${note} label=${t("layers.width", { field: title, n: i + 1 })} mode="numeric"
          set=${change} step=${(/** @type {number} */ by) => change(bound(by > 0 ? Number(width) * 2 : Math.floor(Number(width) / 2)))} />
        <button type="button" class="nudge" aria-label=${t("layers.remove", { field: title, n: i + 1 })} title=${t("layers.remove", { field: title, n: i + 1 })}
          onClick=${() => put(widths.filter((_, k) => k !== i))}><${Icon} name="minus" /></button>
      </span>`;
    })}
    <span class="link" aria-hidden="true"></span>
    <button type="button" class="nudge add" disabled=${widths.length >= most} aria-label=${t("layers.add", { field: title })} title=${t("layers.add", { field: title })}
      onClick=${() => put([...widths, widths.at(-1) ?? "64"])}><${Icon} name="plus" /></button>
    <span class="link" aria-hidden="true"></span>
    <span class="end" title=${t("layers.out")}>${last}</span>
  </span>`;
}
