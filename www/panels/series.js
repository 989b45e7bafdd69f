/** Curves over the steps of a run, with the values they would have at the equilibrium of the game. */
import { useEffect, useRef } from "preact/hooks";
import * as format from "../format.js";
import { html } from "../html.js";
import { t } from "../i18n.js";
import { get, subscribe, useStore } from "../state.js";
import { last } from "./last.js";
import { colours, onTheme } from "./palette.js";

/** @import { SeriesPanel } from "../types.d.ts" */
/** @typedef {import("uplot")} Plot */

/** Milliseconds between two drawings. */
const PACE = 200;
const HEIGHT = 168;

/** @param {{name: string}} props which panel */
export function Series({ name }) {
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  useEffect(() => (box.current ? chart(box.current, name) : undefined), []);
  // The values in the legend are the curves' last ones; as text, so that equal ones redraw nothing.
  const legend = useStore((s) => {
    const panel = s.fresh ? find(name) : undefined;
    return (panel?.curves ?? []).map((c) =>
      [c.name, c.role, format.value(last(c)), c.equilibrium == null ? "" : format.constant(c.equilibrium)].join("|")).join("\n");
  });
  const rows = legend.split("\n").filter(Boolean).map((row) => row.split("|"));
  return html`<div class="card series">
    <h2>${t(`series.${name}`)}</h2>
    <div class="chart" ref=${box} role="img" aria-label=${t(`series.${name}`)}></div>
    <div class="legend">${rows.map(([curve, role, value, equilibrium]) => html`<span class=${`is-${role}`}>
      <i class="swatch"></i>${curve} <b class="mono">${value}</b>
      ${equilibrium && html`<small>${t("series.equilibrium", { value: equilibrium })}</small>`}</span>`)}</div>
  </div>`;
}

/** @param {string} name @returns {SeriesPanel | undefined} */
function find(name) {
  for (const panel of get().snapshot?.panels ?? []) if (panel.kind === "series" && panel.name === name) return panel;
  return undefined;
}

/** @param {SeriesPanel} panel @returns {import("uplot").AlignedData} */
const aligned = (panel) => [
  // A step in which a player had no turn has no loss: a gap, not a number.
  Array.from(panel.steps), ...panel.curves.map((c) => Array.from(c.data, (v) => (Number.isFinite(v) ? v : null))),
];

/**
 * Keeps a plot up to date in an element; the plotting library is fetched when there is something to plot.
 * @param {HTMLDivElement} box @param {string} name @returns {() => void} the end of it
 */
function chart(box, name) {
  /** @type {Plot | undefined} */
  let plot;
  /** @type {typeof import("uplot") | undefined} */
  let library;
  let shape = "";
  let timer = 0;
  let ended = false;

  const draw = async () => {
    timer = 0;
    const panel = find(name);
    if (!panel || ended || document.hidden) return;
    library ??= (await import("uplot")).default;
    if (ended) return;
    const form = panel.curves.map((c) => `${c.role} ${c.equilibrium}`).join();
    if (!plot || form !== shape) {
      plot?.destroy();
      shape = form;
      plot = new library(options(library, panel, box.clientWidth), aligned(panel), box);
    } else plot.setData(aligned(panel));
    const values = panel.curves.map((c) => format.value(last(c)));
    box.setAttribute("aria-label", t("series.label", { step: get().snapshot?.step ?? 0, d: values[0] ?? "", g: values[1] ?? "" }));
  };
  const soon = () => { timer ||= window.setTimeout(draw, PACE); };
  const anew = () => {
    plot?.destroy();
    plot = undefined;
    soon();
  };
  let seen = get().snapshot;
  const stop = subscribe((s) => {
    if (s.snapshot === seen) return;
    seen = s.snapshot;
    soon();
  });
  const sizes = new ResizeObserver(([entry]) => {
    if (entry && plot) plot.setSize({ width: entry.contentRect.width, height: HEIGHT });
  });
  sizes.observe(box);
  const theme = onTheme(anew);
  document.addEventListener("visibilitychange", soon);
  soon();
  return () => {
    ended = true;
    stop();
    theme();
    sizes.disconnect();
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", soon);
    plot?.destroy();
  };
}

/**
 * @param {typeof import("uplot")} library @param {SeriesPanel} panel @param {number} width
 * @returns {import("uplot").Options}
 */
function options(library, panel, width) {
  const palette = colours();
  const font = "11px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace";
  const axis = { stroke: palette.faint, font, grid: { stroke: palette.line, width: 1 }, ticks: { show: false } };
  return {
    width, height: HEIGHT, padding: [8, 14, 0, 0], legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { size: 6 } },
    scales: { x: { time: false }, y: { range: (_, low, high) => range(panel, low, high) } },
    axes: [
      { ...axis, size: 24, gap: 4, values: (_, splits) => splits.map((v) => (v >= 10000 ? format.tick(v) : String(v))) },
      { ...axis, size: 38, gap: 4, values: (_, splits) => splits.map(format.tick) },
    ],
    series: [{}, ...panel.curves.map((curve) => ({
      label: curve.name, stroke: curve.role === "generator" ? palette.gen : palette.dis, width: 1.5, points: { show: false },
    }))],
    hooks: { drawClear: [(plot) => equilibria(plot, panel, library.pxRatio)] },
  };
}

/** The values' range with the equilibria in it, so that the way to them is seen. @param {SeriesPanel} panel @param {number | null} low @param {number | null} high @returns {[number, number]} */
function range(panel, low, high) {
  const fixed = panel.curves.flatMap((c) => (c.equilibrium == null ? [] : [c.equilibrium]));
  const from = Math.min(low ?? Infinity, ...fixed);
  const to = Math.max(high ?? -Infinity, ...fixed);
  if (!Number.isFinite(from) || !Number.isFinite(to)) return [0, 1];
  const room = 0.08 * (to - from || 1);
  return [from - room, to + room];
}

/** @param {Plot} plot @param {SeriesPanel} panel @param {number} ratio */
function equilibria(plot, panel, ratio) {
  const { ctx, bbox } = plot;
  const palette = colours();
  ctx.save();
  ctx.setLineDash([4 * ratio, 4 * ratio]);
  ctx.lineWidth = ratio;
  ctx.globalAlpha = 0.6;
  for (const { equilibrium, role } of panel.curves) {
    if (equilibrium == null) continue;
    const y = Math.round(plot.valToPos(equilibrium, "y", true));
    ctx.strokeStyle = role === "generator" ? palette.gen : palette.dis;
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
  }
  ctx.restore();
}
