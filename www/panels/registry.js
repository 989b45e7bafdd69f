/**
 * Which view draws which kinds of panel; where, the panel says. A family that sends these kinds needs no change here; a new
 * kind is one file and one line.
 */
import { html } from "../html.js";
import { useStore } from "../state.js";
import { Arrows } from "./arrows.js";
import { Cloud } from "./cloud.js";
import { Graph } from "./graph.js";
import { Head } from "./head.js";
import { Images } from "./images.js";
import { Loading } from "./loading.js";
import { Matrix } from "./matrix.js";
import { Points } from "./points.js";
import { Series } from "./series.js";
import { Sheet } from "./sheet.js";
import { Spectrum } from "./spectrum.js";

/** @typedef {import("../engine/run.js").Run} Run */

/**
 * What draws a kind of panel: on the stage all panels of these kinds together, elsewhere each alone, by another view where one is
 * named for its kind. What has no view here is drawn by the card that its place names.
 * @type {{kinds: string[], view: (props: {run: Run, name: string}) => unknown, alone?: Record<string, (props: {run: Run, name: string}) => unknown>}[]}
 */
const views = [
  { kinds: ["points", "field", "vectors"], view: Points, alone: { points: Cloud, vectors: Arrows } },
  { kinds: ["graph"], view: Graph },
  { kinds: ["images"], view: Images, alone: { images: Sheet } },
  { kinds: ["series"], view: Series },
  { kinds: ["matrix"], view: Matrix },
  { kinds: ["spectrum"], view: Spectrum },
];

/** The panels of a place, as `kind name`, kept as text so that the tree is drawn anew only when they change. @param {string} place */
const usePanels = (place) => useStore((s) => (s.snapshot?.panels ?? []).filter((p) => p.place === place).map((p) => `${p.kind} ${p.name}`).join(","));

/** @param {{run: Run}} props */
export function Stage({ run }) {
  const panels = usePanels("stage");
  const here = panels.split(",").map((panel) => panel.split(" ")[0] ?? "");
  return html`<div class="stages">
    ${views.filter(({ kinds }) => kinds.some((kind) => here.includes(kind)))
      .map(({ view, kinds }) => html`<${view} key=${kinds[0]} run=${run} />`)}
    ${panels === "" && html`<div class="card stage"><${Head} /><div class="plane empty"></div><div class="legend"></div></div>`}
    <${Loading} run=${run} />
  </div>`;
}

/** @param {{run: Run}} props */
export function Side({ run }) {
  const panels = usePanels("side").split(",").filter(Boolean).map((panel) => panel.split(" "));
  const mine = panels.flatMap(([kind = "", name = ""]) => {
    const found = views.find(({ kinds }) => kinds.includes(kind));
    return found ? [html`<${found.alone?.[kind] ?? found.view} key=${name} name=${name} run=${run} />`] : [];
  });
  // The losses are always there; their place is kept while the first snapshot is on its way.
  return mine.length > 0 ? mine : html`<${Series} key="losses" name="losses" run=${run} />`;
}
