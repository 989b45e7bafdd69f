/** The controls, made from the catalogue: one card a group, one row a field, hidden where a field has no meaning. */
import { html } from "../html.js";
import { t } from "../i18n.js";
import { useStore } from "../state.js";
import { Later } from "../later.js";
import { Datasets } from "./datasets.js";
import { Row } from "./row.js";

/** @import { Catalog, Field, Opened } from "../types.d.ts" */

/** @type {Field["group"][]} */
const groups = ["data", "game", "generator", "discriminator", "run"];

/** @param {{run: import("../engine/run.js").Run}} props */
export function Controls({ run }) {
  const [catalog, opened] = /** @type {[Catalog | null, Opened | null]} */ (
    /** @type {unknown} */ (useStore((s) => [s.catalog, s.opened])));
  if (!catalog || !opened) return null;
  return groups.map((group) => {
    const fields = catalog.fields.filter((field) => field.group === group && applies(field, opened));
    if (fields.length === 0) return null;
    return html`<${Later} key=${group}><form class=${`card group is-${group}`} aria-label=${t(`group.${group}`)} onSubmit=${(/** @type {Event} */ e) => e.preventDefault()}>
      <h2>${t(`group.${group}`)}</h2>
      ${fields.map((field) => (field.name === "data"
        ? html`<${Datasets} key="data" run=${run} datasets=${catalog.datasets} value=${opened.values.data} />`
        : html`<${Row} key=${field.name} run=${run} field=${field} opened=${opened} />`))}
    </form><//>`;
  });
}

/** @param {Field} field @param {Opened} opened */
function applies(field, opened) {
  return (field.only ?? []).every(({ field: name, is }) =>
    is.includes(name === "kind" ? opened.kind : opened.values[name] ?? ""));
}
