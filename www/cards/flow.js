/**
 * The game as a strip: noise, generator, samples beside real data, discriminator, losses; and whose turn changes what.
 * The small pictures are live where the run has something to show.
 */
import { useOpened } from "../engine/values.js";
import * as format from "../format.js";
import { OVER } from "../engine/run.js";
import { html } from "../html.js";
import { both, t } from "../i18n.js";
import { get, useStore } from "../state.js";
import { last } from "../panels/last.js";
import { Thumbnail } from "../panels/thumbnail.js";
import { Network } from "./network.js";

/** @import { Opened, SeriesPanel } from "../types.d.ts" */

export function Flow() {
  const opened = useOpened();
  const moved = useStore((s) => s.moved);
  const running = useStore((s) => s.playing && ![...OVER, "loading", "paused", "waiting"].includes(s.status));
  const values = opened?.values ?? {};
  const ends = dimensions(opened);
  return html`<div class=${`card flow ${running ? "goes" : ""}`}>
    <h2>${t("card.flow")}</h2>
    <div class="strip" role="img" aria-label=${t("flow.label")}>
      <figure class="node at-noise"><${Thumbnail} source="noise" /><figcaption>${t("flow.noise")}
        <small>${t("flow.noiseShape", { z: values.z ?? "", kind: option("noise", values.noise) })}</small></figcaption></figure>
      <i class="arrow at-a"></i>
      <figure class="node of-g at-g"><${Network} layers=${values.g} ends=${ends.g} /><figcaption>G
        <small><${Count} which="g" /></small></figcaption></figure>
      <i class="arrow at-b"></i>
      <figure class="node at-samples"><${Thumbnail} source="generated" /><figcaption>${t("flow.samples")}</figcaption></figure>
      <figure class="node at-real"><${Thumbnail} source="real" /><figcaption>${t("flow.real")}</figcaption></figure>
      <i class="arrow at-c"></i>
      <figure class="node of-d at-d"><${Network} layers=${values.d} ends=${ends.d} /><figcaption>D
        <small><${Count} which="d" /></small></figcaption></figure>
      <i class="arrow at-e"></i>
      <${Losses} />
    </div>
    <ol class="turns">
      <li class=${`of-d ${moved === "d" || moved === "step" ? "now" : ""}`}>${t("flow.turnD")} <small>${t("flow.times", { n: values.dsteps ?? "1" })}</small></li>
      <li class=${`of-g ${moved === "g" || moved === "step" ? "now" : ""}`}>${t("flow.turnG")} <small>${t("flow.times", { n: values.gsteps ?? "1" })}</small></li>
    </ol>
  </div>`;
}

/** Trainable numbers of a network. @param {{which: "g" | "d"}} props */
function Count({ which }) {
  const n = useStore((s) => (s.fresh ? s.snapshot?.parameters[which] : undefined));
  return n === undefined ? "" : t("flow.parameters", { n: format.count(n) });
}

function Losses() {
  const text = useStore((s) => {
    const series = /** @type {SeriesPanel | undefined} */ (s.fresh ? s.snapshot?.panels.find((p) => p.kind === "series") : undefined);
    return (series?.curves ?? []).map((c) => `${c.name} ${format.value(last(c))}`).join("|");
  });
  const rows = text.split("|").filter(Boolean).map((row) => row.split(" "));
  return html`<figure class="node at-losses"><dl>${rows.map(([name, value]) =>
    html`<div class=${`of-${name?.toLowerCase()}`}><dt>L<sub>${name}</sub></dt><dd>${value}</dd></div>`)}</dl>
    <figcaption>${t("flow.losses")}</figcaption></figure>`;
}

/** Inputs and outputs of both networks. @param {Opened | null} opened */
function dimensions(opened) {
  const data = opened?.features ?? 2;
  return { g: [Number(opened?.values.z ?? 2), data], d: [data, 1] };
}

/** @param {string} field @param {string | undefined} value */
function option(field, value) {
  return both(get().catalog?.fields.find((f) => f.name === field)?.options?.find((o) => o.value === value)?.title, value);
}
