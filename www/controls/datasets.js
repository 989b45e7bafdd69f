/** The datasets as small pictures of themselves, drawn one by one when the browser has nothing better to do. */
import { useEffect, useRef } from "preact/hooks";
import { html } from "../html.js";
import { both, t } from "../i18n.js";
import { Icon } from "../icons.js";
import { choose, start } from "../own/take.js";
import { colours, onTheme } from "../panels/palette.js";
import { drawPoints, fit } from "../panels/plane.js";
import { get, subscribe } from "../state.js";

/** @import { Dataset, Extent } from "../types.d.ts" */
/** @typedef {import("../engine/run.js").Run} Run */

/** Points in a picture. */
const COUNT = 110;

/** @param {{run: Run, datasets: Dataset[], value: string | undefined}} props */
export function Datasets({ run, datasets, value }) {
  const chosen = datasets.find((set) => set.name === value);
  return html`<div class="datasets">
    <div class="thumbs" role="radiogroup" aria-label=${both(get().catalog?.fields.find((field) => field.name === "data")?.title)} aria-describedby="anew-data">
      ${datasets.map((set) => html`<label key=${set.name} class="thumb" title=${name(set)}>
        <input type="radio" name="data" value=${set.name} checked=${set.name === value} aria-label=${name(set)}
          onChange=${() => (set.own ? start(run, set.name) : run.change({ data: set.name }))} />
        <${Picture} run=${run} set=${set} />
      </label>`)}
    </div>
    <span class="anew" title=${t("field.anew")}><${Icon} name="anew" /><span id="anew-data">${t("field.anew.short")}</span></span>
    ${chosen?.own && html`<button type="button" class="button small" onClick=${() => choose(run)}>${t("own.choose")}</button>`}
    ${chosen && html`<p class="caption"><b>${name(chosen)}</b> <span class="soft">${both(chosen.about)}</span></p>`}
  </div>`;
}

/** @param {Dataset} set */
const name = (set) => both(set.title);

/** @type {Map<string, Promise<Float32Array>>} */
const points = new Map();
/** Previews are asked for one after the other, so that the run's own requests never queue behind a dozen of them. */
let line = firstSnapshot();

/** @param {Run} run @param {string} dataset */
function preview(run, dataset) {
  let found = points.get(dataset);
  if (!found) {
    found = line.then(idle).then(() => run.preview(dataset, COUNT));
    line = found.then(() => {}, () => { points.delete(dataset); });
    points.set(dataset, found);
  }
  return found;
}

/** Nothing is drawn here before the run itself is seen. @returns {Promise<void>} */
function firstSnapshot() {
  return new Promise((resolve) => {
    const stop = subscribe(({ snapshot, status }) => {
      if (!snapshot && status !== "failed" && !get().data) return;
      stop();
      resolve();
    });
  });
}

/** @returns {Promise<void>} */
const idle = () => new Promise((resolve) => {
  if ("requestIdleCallback" in window) requestIdleCallback(() => resolve(), { timeout: 500 });
  else setTimeout(resolve, 30);
});

/** @param {{run: Run, set: Dataset}} props */
function Picture({ run, set }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  useEffect(() => {
    const draw = async () => {
      if (set.kind === "images") {
        if (canvas.current) stamp(canvas.current, set.icon);
        return;
      }
      // The worker that was asked may have given way to another one.
      for (let wait = 250; canvas.current && wait < 10_000; wait *= 2) {
        const data = await preview(run, set.name).catch(() => null);
        if (data && canvas.current) return scatter(canvas.current, set, data);
        await new Promise((resolve) => { setTimeout(resolve, wait); });
      }
    };
    draw();
    return onTheme(draw);
  }, []);
  return html`<canvas ref=${canvas} width="88" height="88" aria-hidden="true"></canvas>`;
}

/** @param {HTMLCanvasElement} canvas @param {Dataset} set @param {Float32Array} data */
function scatter(canvas, set, data) {
  const context = canvas.getContext("2d");
  if (!context) return;
  const palette = colours();
  context.clearRect(0, 0, canvas.width, canvas.height);
  const panel = { kind: /** @type {const} */ ("points"), name: "", title: set.title, place: /** @type {const} */ ("stage"), role: /** @type {const} */ ("real"), shape: [data.length / 2, 2], data, labels: new Uint8Array(), names: [], extent: around(data) };
  drawPoints(context, fit(canvas.width, canvas.height, panel.extent), panel, { colour: palette.real, rim: "transparent", radius: 2.1, alpha: 0.75, ratio: 1 });
}

/** A square around the points with some air. @param {Float32Array} data @returns {Extent} */
function around(data) {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i + 1 < data.length; i += 2) {
    const [x = 0, y = 0] = [data[i], data[i + 1]];
    x0 = Math.min(x0, x); x1 = Math.max(x1, x);
    y0 = Math.min(y0, y); y1 = Math.max(y1, y);
  }
  const half = 0.58 * Math.max(x1 - x0, y1 - y0, 1e-6);
  const [cx, cy] = [(x0 + x1) / 2, (y0 + y1) / 2];
  return [cx - half, cy - half, cx + half, cy + half];
}

/** A set of pictures is not loaded for its thumbnail: what it brings stands for it. @param {HTMLCanvasElement} canvas @param {string} icon */
function stamp(canvas, icon) {
  const context = canvas.getContext("2d");
  if (!context) return;
  const lines = icon.split("\n");
  const side = canvas.width / Math.max(1, lines.length);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = colours().real;
  lines.forEach((line, y) => [...line].forEach((pixel, x) => {
    context.globalAlpha = pixel === "#" ? 1 : pixel === "+" ? 0.45 : 0;
    context.fillRect(Math.round(x * side), Math.round(y * side), Math.ceil(side), Math.ceil(side));
  }));
  context.globalAlpha = 1;
}
