/** The stage of point sets: real and generated points over a field, each a layer that can be put away, and the field to be asked. */
import { useEffect, useRef, useState } from "preact/hooks";
import * as format from "../format.js";
import { html } from "../html.js";
import { both, t } from "../i18n.js";
import { get, set, subscribe, useStore } from "../state.js";
import { useCanvas } from "./canvas.js";
import { Head } from "./head.js";
import { colours } from "./palette.js";
import { drawAxes, drawField, drawLevel, drawLines, drawPoints, fit, toData, toPixel, within } from "./plane.js";
import { useLabel } from "./label.js";

/** @import { Extent, Panel, Snapshot } from "../types.d.ts" */
/** @typedef {import("./plane.js").View} View */

/** @type {Record<string, boolean>} */
const ALL = { real: true, generated: true, field: true };

/** Room for the axes' numbers: in all as much across as down, nearly, so that a square canvas has a square plot. */
const TICKS = { left: 34, right: 12, top: 8, bottom: 24 };

/** Whether it is a finger that points. */
const coarse = matchMedia("(pointer: coarse)");

/** @param {{run: import("../engine/run.js").Run}} props */
export function Points({ run }) {
  const [layers, show] = useState(ALL);
  const view = useRef(/** @type {View | null} */ (null));
  const canvas = useCanvas((context, width, height, snapshot, ratio) => {
    const extent = extentOf(snapshot);
    if (!snapshot || !extent) return;
    const palette = colours();
    const roomy = Math.min(width, height) > 330;
    view.current = fit(width, height, extent, roomy ? TICKS : undefined);
    const now = view.current;
    within(context, now, () => drawPlane(context, now, snapshot, layers, { palette, ratio, radius: roomy ? 2.8 : 2.1 }));
    drawAxes(context, now, palette, roomy);
  }, { watch: [layers] });
  useLabel(canvas, "stage.label");
  const field = useStore(fieldOf);
  const symbol = field?.symbol ?? "";
  const classes = useStore((s) => s.snapshot?.panels.some((p) => p.kind === "points" && p.place === "stage" && p.labels.length > 0) ?? false);
  const probe = useProbe(run, view, symbol);
  return html`<div class="card stage">
    <${Head}>${field && html`<output id="probe" class="probe" aria-live="off">${probe.text || t(probe.keys ? "stage.keys" : coarse.matches ? "stage.tap" : "stage.hint", { symbol })}</output>`}<//>
    <div class="plane" ...${field && { "data-arrows": "", tabindex: 0, "aria-describedby": "probe", "aria-label": t("stage.ask", { symbol }), role: "application", ...probe.handlers }}>
      <canvas ref=${canvas} role="img" aria-label=${t("stage.points")}></canvas>
      ${field && probe.cross && html`<i class="cross" style=${{ left: `${probe.cross[0]}px`, top: `${probe.cross[1]}px` }}></i>`}
    </div>
    <div class=${`legend ${classes ? "of-classes" : ""}`}>
      ${Object.keys(ALL).filter((name) => field || name !== "field").map((name) => {
        const label = name === "field" ? symbol : t(`layer.${name}`);
        const title = name === "field" ? both(field?.title) : t("layer.show", { layer: label });
        return html`<label class=${`layer is-${name}`} title=${title}>
          <input type="checkbox" checked=${layers[name]} onChange=${() => show({ ...layers, [name]: !layers[name] })} />
          <i class="swatch"></i>${label}
          ${name === "field" && field && html`<span class=${`scale ${field.level ? "" : "is-one"}`} aria-hidden="true">${format.tick(field.range[0])}<i></i>${format.tick(field.range[1])}</span>`}</label>`;
      })}
      ${layers.field && field?.level && html`<span class="undecided"><i></i>${symbol.replace(/\(x\)$/, "")} = ${field.level.name || format.value(field.level.value)}</span>`}
    </div>
  </div>`;
}

/** The field of the newest snapshot, without its numbers: what is drawn around it changes only where the field is another. */
const fieldOf = (/** @type {import("../state.js").State} */ s) => {
  const panel = s.snapshot?.panels.find((p) => p.kind === "field");
  const key = panel?.kind === "field" ? `${panel.symbol} ${panel.range}` : "";
  if (known.key !== key) known = { key, field: panel?.kind === "field" ? panel : undefined };
  return known.field;
};
/** @type {{key: string, field: import("../types.d.ts").FieldPanel | undefined}} */
let known = { key: "", field: undefined };

/** @param {Snapshot | null} snapshot @returns {Extent | undefined} */
function extentOf(snapshot) {
  const here = snapshot?.panels.filter((p) => p.place === "stage") ?? [];
  const panel = here.find((p) => p.kind === "field" || p.kind === "points");
  return panel?.kind === "field" || panel?.kind === "points" ? panel.extent : undefined;
}

/**
 * @param {CanvasRenderingContext2D} context @param {View} view @param {Snapshot} snapshot @param {Record<string, boolean>} layers
 * @param {{palette: import("./palette.js").Palette, ratio: number, radius: number}} look
 */
function drawPlane(context, view, snapshot, layers, { palette, ratio, radius }) {
  const of = (/** @type {Panel["kind"]} */ kind) => snapshot.panels.filter((panel) => panel.kind === kind && panel.place === "stage");
  for (const panel of of("field")) {
    if (panel.kind !== "field" || !layers.field) continue;
    drawField(context, view, panel, palette);
    if (panel.level) drawLevel(context, view, panel, panel.level.value, palette.soft);
  }
  for (const panel of of("vectors")) if (panel.kind === "vectors" && layers.generated) drawLines(context, view, panel, palette.soft);
  // Real below, generated above: what is learnt must not hide behind what is given.
  for (const role of /** @type {const} */ (["real", "generated"])) {
    for (const panel of of("points")) {
      if (panel.kind !== "points" || panel.role !== role || !layers[role]) continue;
      // Of classes, each has its colour, and what is real stands back.
      const faint = role === "real" && panel.labels.length > 0;
      drawPoints(context, view, panel, { colour: palette[role], rim: faint ? "transparent" : palette.halo, radius, alpha: faint ? 0.4 : 0.95, ratio });
    }
  }
}

/** @param {Extent} extent @returns {[number, number]} */
const middle = ([x0, y0, x1, y1]) => [(x0 + x1) / 2, (y0 + y1) / 2];

/**
 * Asks for the field's value at a point: under the pointer, under a finger, or at a crosshair that the arrow keys move. One question at a
 * time; a new snapshot asks again, since D has changed.
 * @param {import("../engine/run.js").Run} run @param {{current: View | null}} view @param {string} symbol
 */
function useProbe(run, view, symbol) {
  const [at, setAt] = useState(/** @type {[number, number] | null} */ (null));
  const [value, setValue] = useState(NaN);
  const [keys, setKeys] = useState(false);
  const asked = useRef({ at: /** @type {[number, number] | null} */ (null), out: false, time: 0 });
  asked.current.at = at;
  const spoken = useRef({ text: "", timer: 0 });
  const dead = useStore((s) => s.opened);

  const ask = async () => {
    const now = asked.current;
    if (!now.at || now.out || performance.now() - now.time < 90) return;
    now.out = true;
    now.time = performance.now();
    await run.probe(...now.at).then((answer) => setValue(answer ?? NaN), () => setValue(NaN));
    now.out = false;
  };
  useEffect(() => {
    let last = get().snapshot;
    return subscribe((s) => {
      if (s.snapshot === last) return;
      last = s.snapshot;
      ask();
    });
  }, []);
  useEffect(() => {
    ask();
    // The pace may have swallowed the last question of a movement.
    const timer = setTimeout(ask, 120);
    return () => clearTimeout(timer);
  }, [at]);
  useEffect(() => setValue(NaN), [dead]);

  /** @param {number} x @param {number} y */
  const move = (x, y) => {
    const extent = view.current?.extent;
    if (!extent) return;
    setAt([Math.max(extent[0], Math.min(extent[2], x)), Math.max(extent[1], Math.min(extent[3], y))]);
  };
  /** @param {PointerEvent} event */
  const point = (event) => {
    if (view.current) move(...toData(view.current, event.offsetX, event.offsetY));
  };
  /** @type {Record<string, [number, number]>} */
  const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };
  /** @param {KeyboardEvent} event */
  const key = (event) => {
    const arrow = arrows[event.key];
    const extent = view.current?.extent;
    if (event.key === "Escape") setAt(null);
    if (!arrow || !extent || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const step = (extent[2] - extent[0]) / (event.shiftKey ? 16 : 64);
    const [x, y] = at ?? middle(extent);
    move(x + arrow[0] * step, y + arrow[1] * step);
    speak();
  };
  /** The number runs on with the training; it is read out once, where a movement by keys ends. */
  const speak = () => {
    clearTimeout(spoken.current.timer);
    spoken.current.timer = window.setTimeout(() => set({ said: spoken.current.text }), 500);
  };
  /** Whoever comes by the keyboard finds the cross, and hears how it is moved (the description) and what D says there. @param {FocusEvent} event */
  const focus = (event) => {
    const extent = view.current?.extent;
    if (!extent || !(event.target instanceof Element) || !event.target.matches(":focus-visible")) return;
    setKeys(true);
    if (!at) move(...middle(extent));
    speak();
  };
  const blur = () => {
    clearTimeout(spoken.current.timer);
    if (keys) setAt(null);
    setKeys(false);
  };
  const text = at && Number.isFinite(value)
    ? t("stage.probe", { symbol, value: value.toFixed(2), x: format.coordinate(at[0]), y: format.coordinate(at[1]) }) : "";
  spoken.current.text = text;
  return {
    text, keys,
    cross: at && view.current ? toPixel(view.current, ...at) : null,
    handlers: { onPointerMove: point, onPointerDown: point, onPointerLeave: (/** @type {PointerEvent} */ e) => e.pointerType === "mouse" && setAt(null), onKeyDown: key, onFocus: focus, onBlur: blur },
  };
}
