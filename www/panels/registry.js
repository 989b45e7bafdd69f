/**
 * Which view draws which kinds of panel, and where. A family that sends these kinds needs no change here; a new kind is
 * one file and one line.
 */
import { html } from "../html.js";
import { useStore } from "../state.js";
import { Head } from "./head.js";
import { Images } from "./images.js";
import { Loading } from "./loading.js";
import { Points } from "./points.js";
import { Series } from "./series.js";

/** @typedef {import("../engine/run.js").Run} Run */

/**
 * The first entry that a panel's kind, and its name where one is asked for, fit. What has no view here is drawn by the card
 * that its place names.
 * @type {{kinds: string[], names?: string[], place: "stage" | "side" | "metrics", view?: (props: {run: Run, name: string}) => unknown}[]}
 */
const views = [
  { kinds: ["points", "field"], place: "stage", view: Points },
  { kinds: ["images"], place: "stage", view: Images },
  { kinds: ["series"], names: ["metrics"], place: "metrics" },
  { kinds: ["series"], place: "side", view: Series },
];

/** @param {string} kind @param {string} name */
const home = (kind, name) => views.find(({ kinds, names }) => kinds.includes(kind) && (names?.includes(name) ?? true));

/** The panels of a place, as `kind name`, kept as text so that the tree is drawn anew only when they change. */
const useKinds = () => useStore((s) => (s.snapshot?.panels ?? []).map((p) => `${p.kind} ${p.name}`).join(","));

/** @param {{run: Run}} props */
export function Stage({ run }) {
  const kinds = useKinds();
  const here = kinds.split(",").map((panel) => panel.split(" ")[0] ?? "");
  return html`<div class="stages">
    ${views.filter(({ place, kinds: own }) => place === "stage" && own.some((kind) => here.includes(kind)))
      .map(({ view, kinds: own }) => html`<${view} key=${own[0]} run=${run} />`)}
    ${kinds === "" && html`<div class="card stage"><${Head} /><div class="plane empty"></div><div class="legend"></div></div>`}
    <${Loading} run=${run} />
  </div>`;
}

/** @param {{run: Run}} props */
export function Side({ run }) {
  const panels = useKinds().split(",").filter(Boolean).map((panel) => panel.split(" "));
  const mine = panels.flatMap(([kind = "", name = ""]) => {
    const found = home(kind, name);
    return found?.place === "side" && found.view ? [html`<${found.view} key=${name} name=${name} run=${run} />`] : [];
  });
  // The losses are always there; their place is kept while the first snapshot is on its way.
  return mine.length > 0 ? mine : html`<${Series} key="losses" name="losses" run=${run} />`;
}
