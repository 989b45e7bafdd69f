/** How a chart looks: its axes, their ranges and labels. */
import * as format from "../../format.js";
import { colours } from "../palette.js";
import { colour, targets } from "./lines.js";
import { bounds } from "./span.js";

/** @import { Curves } from "./live.js" */
/** @typedef {import("uplot")} Plot */

const FONT = "11px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace";
/** Pixels of a character of that font. */
const CHARACTER = 6.7;

/** Whoever points is listened to in `live.js`, which knows keys and fingers too. */
const deaf = () => null;

/**
 * @param {typeof import("uplot")} library
 * @param {Curves} curves
 * @param {{width: number, height: number, span: () => string, marked: () => boolean}} given
 * @returns {import("uplot").Options}
 */
export function options(library, curves, { width, height, span, marked }) {
  const palette = colours();
  const log = span() === "log";
  const axis = { stroke: palette.faint, font: FONT, grid: { stroke: palette.line, width: 1 }, ticks: { show: false } };
  return {
    width, height, legend: { show: false },
    padding: [() => (marked() ? 20 : 8), 14, 0, 0],
    cursor: {
      y: false, drag: { x: false, y: false }, points: { size: 6 },
      bind: { mousedown: deaf, mouseup: deaf, click: deaf, dblclick: deaf, mousemove: deaf, mouseleave: deaf, mouseenter: deaf },
    },
    scales: {
      x: { time: false, range: (plot) => bounds(plot.data[0], span()), ...(log ? { distr: 3, log: 10 } : {}) },
      y: { range: (_, low, high) => range(curves, low, high) },
    },
    axes: [
      { ...axis, size: 24, gap: 4, values: (_, splits) => format.steps(splits), ...(log ? { splits: decades, filter: (_, splits) => splits } : {}) },
      {
        ...axis, gap: 4, values: (_, splits) => format.ticks(splits),
        size: (_, values) => 10 + CHARACTER * Math.max(3, ...(values ?? []).map((text) => text?.length ?? 0)),
        ...(curves.whole ? { incrs: [1, 2, 5, 10, 20, 50] } : {}),
      },
    ],
    series: [{}, ...curves.curves.map((curve) => ({
      label: curve.name, stroke: colour(curve.role), width: 1.5,
      points: { show: true, size: 4, fill: colour(curve.role), filter: alone },
    }))],
    hooks: { drawClear: [(plot) => targets(plot, curves.curves, library.pxRatio)] },
  };
}

/** Values without a neighbour, which no line would show. @param {Plot} plot @param {number} series */
function alone(plot, series) {
  const values = plot.data[series] ?? [];
  const [from, to] = plot.series[series]?.idxs ?? [0, -1];
  const found = [];
  for (let i = from; i <= to; i++) if (values[i] != null && values[i - 1] == null && values[i + 1] == null) found.push(i);
  return found;
}

/** The range of the values with their targets in it, so that the way to them is seen. @param {Curves} curves @param {number | null} low @param {number | null} high @returns {[number, number]} */
function range({ curves, within: [least, most] }, low, high) {
  const fixed = curves.flatMap(({ equilibrium, spread }) => (equilibrium == null ? [] : [equilibrium - (spread ?? 0), equilibrium + (spread ?? 0)]));
  const from = Math.min(low ?? Infinity, ...fixed);
  const to = Math.max(high ?? -Infinity, ...fixed);
  if (!Number.isFinite(from) || !Number.isFinite(to)) return [Math.max(0, least), Math.min(1, most)];
  const room = 0.08 * (to - from || Math.abs(to) || 1);
  // A value at its limit is drawn whole; nothing is beyond.
  const edge = 0.02 * (to - from || 1);
  return [Math.max(least - edge, from - room), Math.min(most + edge, to + room)];
}

/** 1, 2, 5, 10, …, or the powers of ten alone where there is no room for more. @param {Plot} plot @param {number} _ @param {number} from @param {number} to */
function decades(plot, _, from, to) {
  const powers = Math.log10(to / from);
  const steps = plot.bbox.width / devicePixelRatio / Math.max(powers, 1) > 110 ? [1, 2, 5] : [1];
  const found = [];
  for (let power = 10 ** Math.floor(Math.log10(from)); power <= to; power *= 10) {
    for (const step of steps) if (step * power >= from && step * power <= to) found.push(step * power);
  }
  return found;
}
