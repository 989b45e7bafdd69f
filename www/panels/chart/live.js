/**
 * A chart that follows the run, in an element, with a place at which it is read: under the pointer, a finger, or a cursor
 * that the arrow keys move. The plotting library is fetched when there is something to plot.
 */
import { get, subscribe } from "../../state.js";
import { onTheme } from "../palette.js";
import { told } from "./changes.js";
import { draw as drawMarks, merge } from "./marks.js";
import { at as stateAt, draw as drawPassages } from "./passages.js";
import { options } from "./options.js";
import { bounds, chosen, onSpan } from "./span.js";

/** @import { State } from "../../state.js" */
/** @import { Mark } from "./marks.js" */

/** @typedef {{name: string, role: string, data: ArrayLike<number>, equilibrium?: number | null, spread?: number | null}} Line */

/**
 * @typedef {object} Curves  what is drawn
 * @property {ArrayLike<number>} steps
 * @property {Line[]} curves            a value for each step; NaN where there is none
 * @property {[number, number]} within  the least and the most that a value can be
 * @property {boolean} [whole]          counts
 */

/**
 * @typedef {object} Reading  a chart at one of its steps
 * @property {number} step       NaN while there are no values
 * @property {number} covers     steps since the point before
 * @property {number[]} values   of each curve
 * @property {boolean} pointed   somebody asked for this step; otherwise it is the newest
 * @property {[number, number]} reach  the first and the last step that are drawn
 * @property {number} coarse     steps between two points, where that is why more is drawn than was chosen; otherwise 0
 * @property {Mark | null} mark  the mark at this place
 * @property {import("../../types.d.ts").Passage | null} state  the state that the run was in, where somebody points
 */

/** Milliseconds between two drawings. */
const PACE = 200;
/** Pixels from a mark at which it is meant. */
const AT = 8;

/** @type {typeof import("uplot") | undefined} */
let library;

export class Live {
  /**
   * @param {HTMLElement} box  takes the focus; as high as the chart
   * @param {(state: State) => Curves | undefined} pick  nothing while the run that runs has shown nothing yet
   * @param {(reading: Reading) => void} tell
   */
  constructor(box, pick, tell) {
    this.box = box;
    this.pick = pick;
    this.tell = tell;
    /** @type {import("uplot") | undefined} */
    this.plot = undefined;
    this.form = "";
    this.timer = 0;
    this.ended = false;
    /** @type {Curves} */
    this.curves = { steps: [], curves: [], within: [-Infinity, Infinity] };
    /** The changes in sight, and their marks. */
    this.changes = /** @type {import("./changes.js").Told[]} */ ([]);
    this.marks = /** @type {Mark[]} */ ([]);
    /** The pointer's place, in pixels from the left of the plotting area, or the step that the keys have reached. */
    this.pointer = NaN;
    this.pinned = NaN;
    let { snapshot: seen, opened, fresh } = get();
    const listening = new AbortController();
    const { signal } = listening;
    const sizes = new ResizeObserver(([entry]) => {
      if (!entry || !this.plot || entry.contentRect.width === this.plot.width) return;
      this.plot.setSize({ width: entry.contentRect.width, height: this.plot.height });
      // As below: only then are its places known.
      queueMicrotask(() => this.read());
    });
    sizes.observe(box);
    this.ends = [
      subscribe((s) => {
        if (s.snapshot === seen && s.opened === opened && s.fresh === fresh) return;
        ({ snapshot: seen, opened, fresh } = s);
        this.soon();
      }),
      onTheme(() => this.anew()), onSpan(() => this.anew()),
      () => sizes.disconnect(), () => listening.abort(), () => clearTimeout(this.timer), () => this.plot?.destroy(),
    ];
    document.addEventListener("visibilitychange", () => this.soon(), { signal });
    /** @param {PointerEvent} event */
    const point = (event) => {
      if (!this.plot) return;
      this.pinned = NaN;
      this.pointer = event.clientX - this.plot.over.getBoundingClientRect().left;
      this.read();
    };
    box.addEventListener("pointermove", point, { signal });
    box.addEventListener("pointerdown", point, { signal });
    // A finger that is lifted leaves its reading, until something else is touched.
    box.addEventListener("pointerleave", (event) => { if (event.pointerType !== "touch") this.release(); }, { signal });
    box.addEventListener("blur", () => this.release(), { signal });
    // The newest step would be read out again and again; a step that was asked for stands still.
    box.addEventListener("focus", () => { if (box.matches(":focus-visible")) this.pin(Infinity); }, { signal });
    box.addEventListener("keydown", (event) => this.key(event), { signal });
    this.draw();
  }

  end() {
    this.ended = true;
    for (const end of this.ends) end();
  }

  soon() {
    this.timer ||= window.setTimeout(() => this.draw(), PACE);
  }

  /** With other colours or another axis; at once, since somebody has just asked for it. */
  anew() {
    this.form = "";
    clearTimeout(this.timer);
    this.draw();
  }

  async draw() {
    this.timer = 0;
    // Nothing is fetched and nothing drawn before there is a snapshot.
    if (this.ended || document.hidden || (!this.plot && !this.pick(get()))) return;
    library ??= (await import("uplot")).default;
    if (this.ended) return;
    const none = { ...this.curves, steps: [], curves: this.curves.curves.map((line) => ({ ...line, data: [] })) };
    this.curves = this.pick(get()) ?? none;
    const { curves } = this.curves;
    const form = curves.map((c) => `${c.name} ${c.role} ${c.equilibrium} ${c.spread}`).join();
    this.label();
    const data = aligned(this.curves, chosen() === "log");
    if (!this.plot || form !== this.form) {
      this.plot?.destroy();
      this.form = form;
      const given = { width: this.box.clientWidth, height: this.box.clientHeight, span: chosen, marked: () => this.changes.length > 0 };
      this.plot = new library(options(library, this.curves, given), data, this.box);
    } else this.plot.setData(data);
    // The plot lays itself out after this task.
    queueMicrotask(() => this.read());
  }

  /** The changes that are in sight. */
  label() {
    const { steps } = this.curves;
    const [from, to] = bounds(steps, chosen());
    const { opened, catalog, step } = get();
    this.changes = told(opened, catalog).filter((c) => c.step >= from && c.step <= Math.max(to, step));
  }

  read() {
    const { plot, curves } = this;
    if (!plot || this.ended) return;
    this.drawMarks(plot);
    const steps = plot.data[0];
    const empty = curves.steps.length === 0;
    const index = this.index(plot);
    const pointed = index >= 0 && !empty;
    const at = pointed ? index : steps.length - 1;
    const step = steps[at] ?? 0;
    const left = pointed ? plot.valToPos(step, "x") : -10;
    plot.setCursor({ left, top: pointed ? 0 : -10 }, false);
    const span = chosen();
    const [from, to] = bounds(steps, span);
    this.tell({
      step: empty ? NaN : step, covers: step - (steps[at - 1] ?? 0), pointed, reach: [from, to],
      values: curves.curves.map((_, i) => plot.data[i + 1]?.[at] ?? NaN),
      coarse: Number(span) < to - from ? step - (steps[at - 1] ?? 0) : 0,
      mark: pointed ? this.marks.find((mark) => Math.abs(mark.left - left) <= AT) ?? null : null,
      state: pointed ? stateAt(this.shown()?.states ?? [], step) : null,
    });
  }

  /** The snapshot of the run that runs, if there is one yet. */
  shown() {
    const { snapshot, fresh } = get();
    return fresh ? snapshot : null;
  }

  /** @param {import("uplot")} plot */
  drawMarks(plot) {
    const width = plot.over.clientWidth;
    const { states = [], best, metricsStep = 0 } = this.shown() ?? {};
    drawPassages(plot.over, states, best?.step ?? NaN, (step) => plot.valToPos(step, "x"), width, metricsStep);
    this.marks = merge(this.changes, (step) => Math.min(plot.valToPos(step, "x"), width));
    const { ctx } = plot;
    drawMarks(plot.over, this.marks, width, (text) => {
      ctx.save();
      ctx.font = `11px ${getComputedStyle(this.box).fontFamily}`;
      const { width: wide } = ctx.measureText(text);
      ctx.restore();
      return wide;
    });
  }

  /** The point that is read, −1 for none. @param {import("uplot")} plot */
  index(plot) {
    if (!Number.isNaN(this.pinned)) return plot.valToIdx(this.pinned);
    return Number.isNaN(this.pointer) ? -1 : plot.posToIdx(Math.max(0, Math.min(this.pointer, plot.over.clientWidth)));
  }

  /** @param {number} step */
  pin(step) {
    const steps = this.plot?.data[0] ?? [];
    this.pinned = Math.min(step, steps[steps.length - 1] ?? 0);
    this.pointer = NaN;
    this.read();
  }

  release() {
    this.pinned = this.pointer = NaN;
    this.read();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (!this.plot || event.ctrlKey || event.metaKey || event.altKey) return;
    const steps = this.plot.data[0];
    const [from] = bounds(steps, chosen());
    const first = Math.max(0, steps.findIndex((step) => step >= from));
    const last = steps.length - 1;
    const now = this.index(this.plot);
    const at = now < 0 ? last : now;
    const page = Math.max(1, Math.round((last - first) / 10));
    const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -page, PageUp: page, Home: -Infinity, End: Infinity }[event.key];
    if (by !== undefined) this.pin(steps[Math.max(first, Math.min(last, at + by))] ?? 0);
    else if (event.key === "Escape" && now >= 0) this.release();
    else return;
    event.preventDefault();
  }
}

/**
 * The data as the library wants them: null where there is no value, since a step in which a player had no turn leaves a gap;
 * one empty point where there are none, for the axes' sake; nothing before step 1 on a logarithmic axis.
 * @param {Curves} curves @param {boolean} log @returns {import("uplot").AlignedData}
 */
function aligned({ steps, curves }, log) {
  const all = Array.from(steps);
  const from = log ? all.findIndex((step) => step >= 1) : 0;
  if (all.length === 0 || from < 0) return [[log ? 1 : 0], ...curves.map(() => [null])];
  return [all.slice(from), ...curves.map(({ data }) => Array.from(data, (v) => (Number.isFinite(v) ? v : null)).slice(from))];
}
