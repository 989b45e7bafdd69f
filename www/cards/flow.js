/**
 * The game as a strip: noise, generator, samples beside real data, discriminator, losses; and whose turn changes what. Of what is no
 * game, what the data go through. The small pictures are live where the run has something to show.
 */
import { useMoves, useOpened } from "../engine/values.js";
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
  const moves = useMoves();
  const game = opened?.networks.some(({ player }) => player === "g") ?? true;
  return html`<div class=${`card flow ${running ? "goes" : ""}`}>
    <h2>${t(game ? "card.flow" : "card.flow.model")}</h2>
    ${!game && html`<${Chain} opened=${opened} />`}
    ${game && html`<div class="strip" role="img" aria-label=${t("flow.label")}>
      ${"z" in values
        ? html`<figure class="node at-noise"><${Thumbnail} source="noise" /><figcaption>${t("flow.noise")}
          <small>${t("flow.noiseShape", { z: values.z ?? "", kind: option("noise", values.noise) })}</small></figcaption></figure>`
        : "from" in values && html`<figure class="node at-noise"><b class="model">x</b><figcaption>${option("from", values.from)}</figcaption></figure>`}
      ${("z" in values || "from" in values) && html`<i class="arrow at-a"></i>`}
      <figure class="node of-g at-g"><${Network} stages=${stages(opened, "g")} /><figcaption>G
        <small><${Count} which="g" /></small></figcaption></figure>
      <i class="arrow at-b"></i>
      <figure class="node at-samples"><${Thumbnail} source="generated" /><figcaption>${t("flow.samples")}</figcaption></figure>
      <figure class="node at-real"><${Thumbnail} source="real" /><figcaption>${t("flow.real")}</figcaption></figure>
      <i class="arrow at-c"></i>
      <figure class="node of-d at-d"><${Network} stages=${stages(opened, "d")} /><figcaption>D
        <small><${Count} which="d" /></small></figcaption></figure>
      <i class="arrow at-e"></i>
      <${Losses} />
    </div>`}
    ${game && others(opened).length > 0 && html`<div class="strip is-chain others">
      ${others(opened).map(({ player, title, stages }) => html`<figure class="node of-g" key=${player}><${Network} stages=${stages} /><figcaption>${both(title)}
        <small><${Count} which=${player} /></small></figcaption></figure>`)}
    </div>`}
    <ol class="turns">
      ${moves.map(({ name, about, times }) => html`<li key=${name} class=${`of-${name} ${moved === name || moved === "step" ? "now" : ""}`}>${both(about)}
        ${times && html` <small>${t("flow.times", { n: values[times] ?? "1" })}</small>`}</li>`)}
    </ol>
  </div>`;
}

/** What the data go through: networks, or a density; samples, where there are any; and what is minimised. @param {{opened: Opened | null}} props */
function Chain({ opened }) {
  const samples = useStore((s) => (s.snapshot?.panels ?? []).some((panel) => "role" in panel && panel.role === "generated"));
  const networks = opened?.networks ?? [];
  const figures = [
    html`<figure class="node"><${Thumbnail} source="real" /><figcaption>${t("flow.real")}</figcaption></figure>`,
    networks.length === 0
      && html`<figure class="node of-g"><b class="model">p(x)</b><figcaption>${t("flow.model")} <small><${Total} /></small></figcaption></figure>`,
    ...networks.map(({ player, title, stages }) => html`<figure class="node of-g"><${Network} stages=${stages} /><figcaption>${both(title)}
      <small><${Count} which=${player} /></small></figcaption></figure>`),
    samples && html`<figure class="node"><${Thumbnail} source="generated" /><figcaption>${t("flow.samples")}</figcaption></figure>`,
    html`<${Losses} />`,
  ].filter(Boolean);
  const label = [t("flow.real"), ...networks.map(({ title }) => both(title)), ...(samples ? [t("flow.samples")] : [])].join(" → ");
  return html`<div class="strip is-chain" role="img" aria-label=${label}>
    ${figures.flatMap((figure, i) => (i === 0 ? [figure] : [html`<i class="arrow"></i>`, figure]))}
  </div>`;
}

/** Trainable numbers of a network. @param {{which: string}} props */
function Count({ which }) {
  const n = useStore((s) => (s.fresh ? s.snapshot?.parameters[which] : undefined));
  return n === undefined ? "" : t("flow.parameters", { n: format.count(n) });
}

/** The same of all of a model. */
function Total() {
  const n = useStore((s) => (s.fresh && s.snapshot ? Object.values(s.snapshot.parameters).reduce((sum, n) => sum + n, 0) : undefined));
  return n === undefined ? "" : t("flow.parameters", { n: format.count(/** @type {number} */ (n)) });
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

/** Networks of a game besides one G and one D. @param {Opened | null} opened */
const others = (opened) => (opened?.networks ?? []).filter(({ player }) => player !== "g" && player !== "d");

/** What passes through a player's network. @param {Opened | null} opened @param {string} player */
const stages = (opened, player) => opened?.networks.find((network) => network.player === player)?.stages ?? [];

/** @param {string} field @param {string | undefined} value */
function option(field, value) {
  return both(get().catalog?.fields.find((f) => f.name === field)?.options?.find((o) => o.value === value)?.title, value);
}
