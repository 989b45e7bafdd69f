/**
 * The states that the run went through: a thin band along the foot of a chart, coloured as the state's light is, with a mark
 * where the first of the metrics was best; and a list of them.
 */
import * as format from "../../format.js";
import { html } from "../../html.js";
import { t } from "../../i18n.js";
import { useStore } from "../../state.js";

/** @import { Passage } from "../../types.d.ts" */

/** States that the core remembers; beyond that the first are forgotten. */
const MOST = 64;

/** The one that a step falls in; a state is the run's from the evaluation that named it. @param {Passage[]} passages @param {number} step */
export const at = (passages, step) => passages.findLast(({ named }) => named <= step) ?? null;

/** @param {Passage} passage */
export const word = ({ state }) => t(`status.${state}`);

/**
 * @param {HTMLElement} over the plotting area @param {Passage[]} passages @param {number} best the step of the best, NaN for none
 * @param {(step: number) => number} left pixels from there @param {number} width of the area in pixels @param {number} end the last step that was looked at
 */
export function draw(over, passages, best, left, width, end) {
  const within = (/** @type {number} */ step) => Math.max(0, Math.min(left(step), width));
  const bands = passages.map(({ state, named }, i) => ({ state, from: within(named), to: within(passages[i + 1]?.named ?? end) })).filter(({ from, to }) => to > from);
  const there = left(best);
  const seen = there >= 0 && there <= width;
  // Reading a chart under the pointer changes nothing of this.
  const drawn = JSON.stringify([bands, seen && there]);
  if (over.dataset.passages === drawn) return;
  over.dataset.passages = drawn;
  for (const old of over.querySelectorAll(".passage, .best-mark")) old.remove();
  for (const { state, from, to } of bands) {
    const band = document.createElement("span");
    band.className = `passage is-${state}`;
    Object.assign(band.style, { left: `${from}px`, width: `${to - from}px` });
    over.append(band);
  }
  // Before the window, or unknown.
  if (!seen) return;
  const mark = document.createElement("span");
  mark.className = "best-mark";
  mark.style.left = `${there}px`;
  over.append(mark);
}

/** What the band shows, in words. */
export function PassageList() {
  const told = useStore((s) => (s.fresh ? (s.snapshot?.states ?? []) : []).map((p) => `${p.state} ${p.began} ${p.named}`).join("|"));
  const best = useStore((s) => (s.fresh ? (s.snapshot?.best?.step ?? 0) : 0));
  const passages = told.split("|").filter(Boolean).map((one) => one.split(" "));
  // It has its place before there is anything in it, so that nothing below moves.
  return html`<details class="states">
    <summary>${t("passage.title")}${best > 0 && html` <span class="faint"><i class="best-mark"></i> ${t("passage.best", { step: format.count(best) })}</span>`}</summary>
    ${passages.length === 0 && html`<p class="faint">${t("metrics.none")}</p>`}
    ${passages.length >= MOST && html`<p class="faint">${t("passage.earlier")}</p>`}
    <ol>${passages.map(([state = "", began = "", named = ""]) => html`<li>
      <span class="when">${t("passage.from", { step: format.count(Number(named)) })}</span>${" "}
      <i class=${`light is-${state}`}></i> <b>${t(`status.${state}`)}</b>${
        Number(began) < Number(named) && html` <span class="faint">${t("passage.began", { step: format.count(Number(began)) })}</span>`}</li>`)}</ol>
  </details>`;
}
