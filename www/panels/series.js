/** Curves over the steps of a run, with the values that they would have at the equilibrium of the game. */
import * as format from "../format.js";
import { html } from "../html.js";
import { t } from "../i18n.js";
import { useStore } from "../state.js";
import { Chart } from "./chart/chart.js";
import { ChangeList } from "./chart/list.js";
import { PassageList } from "./chart/passages.js";
import { SpanPicker } from "./chart/picker.js";
import { find } from "./find.js";

/** @import { State } from "../state.js" */

/** @param {{name: string}} props which panel */
export function Series({ name }) {
  // The curves are what the family says they are, also before it has sent a value.
  const curves = useStore((s) => (find(s, name)?.curves ?? [])
    .map((c) => [c.name, c.role, c.equilibrium == null ? "" : t("series.equilibrium", { value: format.constant(c.equilibrium) })].join("|")).join("\n"));
  const lines = curves.split("\n").filter(Boolean).map((line) => {
    const [curve = "", role = "", note = ""] = line.split("|");
    return { name: curve, role, note };
  });
  /** @param {State} s */
  const pick = (s) => {
    const panel = s.fresh ? find(s, name) : undefined;
    return panel && { steps: panel.steps, curves: panel.curves, within: /** @type {[number, number]} */ ([-Infinity, Infinity]) };
  };
  const title = t(`series.${name}`);
  return html`<div class="card series">
    <div class="card-head"><h2>${title}</h2><${SpanPicker} /></div>
    <${Chart} title=${title} unit=${t(`series.${name}.unit`)} means=${true} pick=${pick} lines=${lines} worded=${format.value} />
    <${PassageList} />
    <${ChangeList} />
  </div>`;
}
