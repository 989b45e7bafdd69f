/** What a click can do about a run that is not well: the core's cures, applied to the run as it is, and the page's own ways on. */
import { now } from "../engine/values.js";
import { newSeed } from "../header.js";
import { both, t, tell } from "../i18n.js";
import { offer } from "../offers.js";
import { get } from "../state.js";

/** @import { Cure } from "../types.d.ts" */
/** @typedef {import("../engine/run.js").Run} Run */
/** @typedef {{label: string, act: () => unknown}} Way */

/** @param {Run} run @param {string} status @param {Cure[]} cures @returns {Way[]} */
export function remedies(run, status, cures) {
  const ways = cures.map(({ what, changes, anew }) => ({ label: tell(what), act: () => (anew ? again(run, changes) : apply(run, changes)) }));
  const seed = { label: t("act.seed"), act: () => run.change({ seed: newSeed() }) };
  switch (status) {
    case "collapsed": case "partial": case "won": case "stalled": case "far": case "hopping": case "lagging": case "copying": case "doubled": case "diverged": return [...ways, seed];
    case "stopped": return [{ label: t("act.onward"), act: () => run.onward() }, ...ways];
    case "failed": return [{ label: t("act.restart"), act: () => run.reset() }];
    default: return ways;
  }
}

/** Another run, with the same data: naming them makes it one. @param {Run} run @param {Record<string, string>} changes */
const again = (run, changes) => run.change({ data: get().opened?.values.data ?? "", ...changes });

/** Applies changes, and says what is different now. @param {Run} run @param {Record<string, string>} changes */
export async function apply(run, changes) {
  const before = now(get())?.values ?? {};
  if (!(await run.change(changes))) return;
  const back = Object.fromEntries(Object.keys(changes).map((name) => [name, before[name] ?? ""]));
  const said = Object.keys(changes).filter((name) => before[name] !== changes[name])
    .map((name) => t("cure.change", { field: title(name), before: shown(name, before[name]), after: shown(name, changes[name]) }));
  if (said.length === 0) return;
  offer({ id: "cure", what: { key: "cure.done", args: { changes: said.join(t("cure.and")) } }, label: { key: "cure.back" }, act: () => run.change(back) });
}

/** @param {string} name */
const fieldOf = (name) => get().catalog?.fields.find((field) => field.name === name);

/** Which of the players, where each has one of its own. @param {string} name */
function title(name) {
  const field = fieldOf(name);
  const text = both(field?.title, name);
  return field?.group === "generator" ? t("cure.of", { player: "G", field: text }) : field?.group === "discriminator" ? t("cure.of", { player: "D", field: text }) : text;
}

/** @param {string} name @param {string | undefined} value */
const shown = (name, value = "") => both(fieldOf(name)?.options?.find((option) => option.value === value)?.title, value);
