/** The changes of the run as vertical lines in a chart. Those that lie close together share one line. */
import * as format from "../../format.js";
import { t } from "../../i18n.js";
import { sentence } from "./changes.js";

/** @import { Told } from "./changes.js" */
/** @typedef {{left: number, changes: Told[]}} Mark */

/** Pixels: what is closer is one mark. */
const NEAR = 16;
/** Pixels between a line and the text of the next. */
const GAP = 6;

/** @param {Told[]} changes in the order of their steps @param {(step: number) => number} at pixels from the left @returns {Mark[]} */
export function merge(changes, at) {
  /** @type {Mark[]} */
  const marks = [];
  for (const change of changes) {
    const left = at(change.step);
    const before = marks.at(-1);
    if (before && left - before.left < NEAR) before.changes.push(change);
    else marks.push({ left, changes: [change] });
  }
  return marks;
}

/** The place in the list, or the first and the last of several. @param {Mark} mark */
const numbers = ({ changes }) => {
  const [first, last] = [changes[0]?.number ?? 0, changes.at(-1)?.number ?? 0];
  return first === last ? String(first) : `${first}–${last}`;
};

/** @param {Mark} mark */
function label({ changes }) {
  const [only] = changes;
  return changes.length === 1 && only ? t("change.mark", { title: only.title, value: only.after }) : t("change.several", { n: changes.length });
}

/** @param {Mark} mark */
export const spoken = ({ changes }) =>
  changes.map((c) => t("change.at", { step: format.count(c.step), what: sentence(c) })).join(t("problem.and"));

/**
 * Draws the marks over a plot: a line each with its number in the list, and field and value where there is room for them.
 * @param {HTMLElement} over the plotting area @param {Mark[]} marks @param {number} width of the area in pixels
 * @param {(text: string) => number} wide pixels that a text takes
 */
export function draw(over, marks, width, wide) {
  for (const old of over.querySelectorAll(".mark")) old.remove();
  // To the left of a line there is room up to here.
  let free = 0;
  marks.forEach((mark, i) => {
    const line = document.createElement("span");
    line.className = "mark";
    line.style.left = `${mark.left}px`;
    const flag = line.appendChild(document.createElement("span"));
    const number = flag.appendChild(document.createElement("b"));
    number.textContent = numbers(mark);
    const text = label(mark);
    const [bare, needed] = [wide(numbers(mark)) + 10, wide(`${numbers(mark)} ${text}`) + 14];
    const next = marks[i + 1];
    // The next one's number may stand on its left if it has no room on its right.
    const room = next ? next.left - mark.left - GAP : width - mark.left;
    const onLeft = needed > room && mark.left - free > needed;
    if (needed <= room || onLeft) flag.append(` ${text}`);
    const left = onLeft || (!next && bare > room);
    line.classList.toggle("leftward", left);
    free = mark.left + (left ? 0 : flag.childNodes.length > 1 ? needed : bare) + GAP;
    over.append(line);
  });
}
