/**
 * The controls, made from the catalogue: one row a field, hidden where a field has no meaning, and in a fold where it is
 * seldom wanted. Which groups share a card, and which cards a part of the page, is told here.
 */
import { foretold } from "../engine/foretell.js";
import { useOpened } from "../engine/values.js";
import * as format from "../format.js";
import { html } from "../html.js";
import { t } from "../i18n.js";
import { get, useStore } from "../state.js";
import { Later } from "../later.js";
import { Datasets } from "./datasets.js";
import { Fold } from "./fold.js";
import { Row } from "./row.js";

/** @import { Catalog, Field, Opened } from "../types.d.ts" */

/** Of more classes than these nobody picks some. */
const MANY = 25;

/** @type {Record<string, Field["group"][][]>} */
const cards = { setup: [["data"], ["game", "run"]], tune: [["generator"], ["discriminator"]] };

/** What is seldom wanted: folded, so that what an experiment begins with is seen at once. */
const RARE = new Set(["noise", "z", "schedule", "decay", "engine", "smooth", "smoothfake", "gpat", "sides", "gact", "dact", "gb1", "gb2", "db1", "db2", "gwd", "dwd", "wd", "gmax", "dmax", "max", "pac", "inoise", "inoisespan", "flips", "drop", "mb", "mbk", "unroll", "extra", "consensus", "pspan", "init", "ema"]);

/** @param {{run: import("../engine/run.js").Run, part: "setup" | "tune"}} props */
export function Controls({ run, part }) {
  const catalog = /** @type {Catalog | null} */ (useStore((s) => s.catalog));
  const opened = useOpened();
  if (!catalog || !opened) return null;
  return (cards[part] ?? []).map((groups) => {
    const fields = groups.flatMap((group) => catalog.fields.filter((field) => field.group === group && applies(field, opened)));
    if (fields.length === 0) return null;
    const name = groups.join("-");
    const title = t(`group.${name}`);
    const row = (/** @type {Field} */ field) => (field.name === "data"
      ? html`<${Datasets} key="data" run=${run} datasets=${catalog.datasets} value=${opened.values.data} />`
      : html`<${Row} key=${field.name} run=${run} field=${field} opened=${opened} />`);
    const rare = fields.filter((field) => RARE.has(field.name));
    return html`<${Later} key=${name}><form class=${`card group ${groups.map((group) => `is-${group}`).join(" ")}`} aria-label=${title}
        onSubmit=${(/** @type {Event} */ e) => e.preventDefault()}>
      <h2>${title}</h2>
      ${fields.filter((field) => !RARE.has(field.name)).map(row)}
      ${rare.length > 0 && html`<${Fold} id=${`rare-${name}`} of=${title} changed=${rare.some((field) => changed(field, opened))}>${rare.map(row)}<//>`}
      ${name !== "data" && html`<${Pace} run=${run} />`}
    </form><//>`;
  });
}

/** How fast the settings will be here, known before a step was made. @param {{run: import("../engine/run.js").Run}} props */
function Pace({ run }) {
  const rate = /** @type {number} */ (useStore((s) => (s.opened ? foretold(run.fleet.core.module, s.opened) : 0)));
  // It keeps its place while nothing is known, so that nothing below moves.
  return html`<p class="faint small foretold">${rate > 0 ? t("foretold", { rate: rate < 10 ? String(rate) : format.count(rate) }) : "\u00a0"}</p>`;
}

/** @param {Field} field @param {Opened} opened */
const changed = ({ name }, { values, defaults }) => values[name] !== defaults[name];

/** @param {Field} field @param {Opened} opened */
function applies(field, opened) {
  if (field.kind === "classes") {
    const { length } = get().catalog?.datasets.find(({ name }) => name === opened.values.data)?.classes ?? [];
    if (length < 2 || length > MANY) return false;
  }
  return field.name in opened.values && (field.only ?? []).every(({ field: name, is }) =>
    is.includes((name === "kind" ? opened.kind : opened.values[name]) ?? is[0] ?? ""));
}
