/** What the stage waits for: an engine, or data with its progress; and how to try again when it did not come. */
import * as format from "../format.js";
import { html } from "../html.js";
import { t } from "../i18n.js";
import { sentence } from "../cards/reasons.js";
import { takeIdx } from "../own/idx.js";
import { choose } from "../own/take.js";
import { isOwn } from "../own/shelf.js";
import { get, useStore } from "../state.js";

/** @import { DataState, Reason } from "../types.d.ts" */

/** What a server does that has no such file. @param {DataState} state */
function add({ reason }) {
  if (reason?.key !== "end.http" || reason.args?.status !== 404) return "";
  const { catalog, opened } = get();
  const command = catalog?.datasets.find(({ name }) => name === opened?.values.data)?.command;
  return command ? ` ${t("data.add", { command })}` : "";
}

/** @param {{run: import("../engine/run.js").Run}} props */
export function Loading({ run }) {
  const [data, busy, status, opened] = useStore((s) => [s.data, s.busy, s.status, s.opened?.values.data]);
  const state = /** @type {DataState | null} */ (data);
  const failed = () => state && t("data.failed", { title: state.title, shard: state.shard + 1, message: state.reason ? sentence([state.reason]) : state.error ?? "" }) + add(state);
  if (state?.error && !state.blocking) {
    return html`<p class="background">${failed()}
      <button class="button small" onClick=${() => run.retry()}>${t("data.retry")}</button></p>`;
  }
  if (state?.error && isOwn(opened)) {
    return html`<div class="loading" role="alert">
      <p>${state.reason ? sentence([state.reason]) : t("own.others", { message: state.error })}</p>
      <button class="button" onClick=${() => choose(run)}>${t("own.choose")}</button>
    </div>`;
  }
  if (state?.error) {
    return html`<div class="loading" role="alert">
      <p>${failed()}</p>
      <button class="button" onClick=${() => run.retry()}>${t("data.retry")}</button>
      ${add(state) && html`<button class="button" onClick=${() => choose(run, (files) => takeIdx(run, files), "")}>${t("idx.choose")}</button>`}
    </div>`;
  }
  if (state && !state.done) {
    const percent = format.percent(state.loaded, state.total);
    const args = { title: state.title, shard: state.shard + 1, of: state.of, percent };
    // In the background it is a line, not a curtain.
    if (!state.blocking) return html`<p class="background">${t("data.more", args)}</p>`;
    return html`<div class="loading">
      <label>${t("data.loading", args)}${state.total > 0 && html`, <b class="mono">${t("data.percent", { percent })}</b>`}
        <progress max="100" value=${state.total > 0 ? percent : undefined}></progress></label>
    </div>`;
  }
  if (status === "loading" && busy) return html`<div class="loading late"><p>${sentence([/** @type {Reason} */ (busy)])}</p><progress></progress></div>`;
  return null;
}
