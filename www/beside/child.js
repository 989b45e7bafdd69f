/**
 * A run that stands beside others on a page of their own (`beside.html`): it shows its picture alone, tells the page around it how it
 * fares, and starts, pauses and plays as that page says.
 */
import { figure, idealText } from "../cards/figure.js";
import { t, term, titleOf } from "../i18n.js";
import { get, subscribe } from "../state.js";

/** @typedef {import("../engine/run.js").Run} Run */
/** @typedef {{name: string, title: string, value: string, ideal: string}} Told  a measurement, as text */
/** @typedef {{title: string, step: number, status: string, state: string, metrics: Told[]}} Fare  how a run fares */

/** Milliseconds between two reports. */
const EVERY = 250;

/** Whether this page shows a picture alone, for a page around it. */
export const alone = () => new URLSearchParams(location.search).get("view") === "stage";

/** @param {Run} run */
export function startBeside(run) {
  if (!alone() || parent === window) return;
  let timer = 0;
  const tell = () => {
    timer = 0;
    parent.postMessage(report(), location.origin);
  };
  subscribe(() => { timer ||= window.setTimeout(tell, EVERY); });
  addEventListener("message", ({ origin, source, data }) => {
    if (origin !== location.origin || source !== parent) return;
    if (data === "play") run.play();
    else if (data === "pause") run.pause();
    else if (data === "reset") run.reset();
  });
}

/** @returns {Fare} */
function report() {
  const { opened, snapshot, fresh, status, step } = get();
  const metrics = (fresh ? snapshot?.metrics ?? [] : []).map((metric) => {
    const [value, unit] = figure(metric);
    return { name: metric.name, title: term(`metric.${metric.name}`, metric.title), value: `${value}${unit && !unit.startsWith("/") ? " " : ""}${unit}`, ideal: idealText(metric) };
  });
  return { title: titleOf(opened), step, status, state: t(`status.${status}`), metrics };
}
