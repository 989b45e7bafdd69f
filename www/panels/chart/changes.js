/** What was changed in the middle of the run, in words: the list below the losses, the labels of the charts' marks. */
import { both, t } from "../../i18n.js";

/** @import { Catalog, Opened } from "../../types.d.ts" */

/**
 * @typedef {object} Told  one change
 * @property {number} number  its place in the list, from 1
 * @property {number} step    the last step before it
 * @property {string} title   of the field, with its player
 * @property {string} before  the value that it replaced
 * @property {string} after
 */

/** In the order of the steps. @param {Opened | null} opened @param {Catalog | null} catalog @returns {Told[]} */
export function told(opened, catalog) {
  if (!opened || !catalog) return [];
  const now = { ...opened.values };
  // An order that keeps those of one step as they are.
  return opened.changes.toSorted((a, b) => a.step - b.step).map(({ step, field, value }, i) => {
    const before = now[field] ?? "";
    now[field] = value || (opened.defaults[field] ?? "");
    return { number: i + 1, step, title: titled(field, catalog), before: worded(field, before, catalog), after: worded(field, now[field] ?? "", catalog) };
  });
}

/** @param {string} name @param {Catalog} catalog */
function titled(name, catalog) {
  const field = catalog.fields.find((f) => f.name === name);
  const title = both(field?.title, name);
  const player = { generator: "G", discriminator: "D" }[/** @type {string} */ (field?.group)];
  // In the middle of a phrase an English title begins small.
  return player ? t("change.of", { player, title: title.charAt(0).toLowerCase() + title.slice(1) }) : title;
}

/** @param {string} name @param {string} value @param {Catalog} catalog */
function worded(name, value, catalog) {
  const option = catalog.fields.find((f) => f.name === name)?.options?.find((o) => o.value === value);
  return both(option?.title, value);
}

/** @param {Told} change */
export const sentence = ({ title, before, after }) => t("change.told", { title, before, after });
