/**
 * `document.documentElement.dataset` always mirrors the run, so that tests, embedders and screen recorders need no
 * internals: engine, status, step, stepsPerSecond, fingerprint, metrics (JSON, name to value).
 * `step` and `fingerprint` come from the same snapshot, hence belong together.
 */
import { rateNow } from "./engine/run.js";
import { subscribe, get } from "./state.js";

/** @param {import("./state.js").State} state */
function mirror(state) {
  const { engine, status, fresh, snapshot } = state;
  const shown = fresh ? snapshot : null;
  const metrics = Object.fromEntries((shown?.metrics ?? []).map(({ name, value }) => [name, value]));
  const all = {
    engine, status,
    step: String(shown?.step ?? 0), fingerprint: shown?.fingerprint ?? "",
    stepsPerSecond: String(Math.round(rateNow(state) * 100) / 100),
    metrics: JSON.stringify(metrics),
  };
  const data = document.documentElement.dataset;
  for (const [name, value] of Object.entries(all)) if (data[name] !== value) data[name] = value;
}

export function startMirror() {
  mirror(get());
  subscribe(mirror);
}
