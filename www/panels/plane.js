/**
 * Geometry and drawing of the plane: a field, a line of one value, axes and points. Pure functions of a context; sizes
 * in CSS pixels, coordinates in data units.
 */

/** @import { Extent, FieldPanel, PointsPanel, VectorsPanel } from "../types.d.ts" */
/** @typedef {import("./palette.js").Palette} Palette */

/** @typedef {{scale: number, left: number, top: number, size: [number, number], extent: Extent}} View */
/** @typedef {{left: number, right: number, top: number, bottom: number}} Margin  CSS pixels */

/** @type {Margin} */
const NONE = { left: 0, right: 0, top: 0, bottom: 0 };

/**
 * The extent, as large as fits, centred, with equal scales on both axes.
 * @param {number} width @param {number} height @param {Extent} extent @param {Margin} [margin] room for the ticks
 * @returns {View}
 */
export function fit(width, height, extent, margin = NONE) {
  const [x0, y0, x1, y1] = extent;
  const { left, right, top, bottom } = margin;
  const scale = Math.min((width - left - right) / (x1 - x0), (height - top - bottom) / (y1 - y0));
  /** @type {[number, number]} */
  const size = [scale * (x1 - x0), scale * (y1 - y0)];
  return { scale, size, extent, left: left + (width - left - right - size[0]) / 2, top: top + (height - top - bottom - size[1]) / 2 };
}

/** @param {View} view @param {number} x @param {number} y @returns {[number, number]} */
export const toPixel = (view, x, y) => [
  view.left + (x - view.extent[0]) * view.scale, view.top + (view.extent[3] - y) * view.scale,
];

/** @param {View} view @param {number} px @param {number} py @returns {[number, number]} */
export const toData = (view, px, py) => [
  view.extent[0] + (px - view.left) / view.scale, view.extent[3] - (py - view.top) / view.scale,
];

/** Nothing that is drawn next leaves the frame. @param {CanvasRenderingContext2D} context @param {View} view @param {() => void} draw */
export function within(context, view, draw) {
  context.save();
  context.beginPath();
  context.rect(view.left, view.top, view.size[0], view.size[1]);
  context.clip();
  draw();
  context.restore();
}

/** @type {HTMLCanvasElement | undefined} */
let tile;

/**
 * A function of the plane in colours: those of both kinds where it has a level that parts them, else from paper to blue. One
 * texel a cell, smoothed by the canvas.
 * @param {CanvasRenderingContext2D} context @param {View} view @param {FieldPanel} panel @param {Palette} palette
 */
export function drawField(context, view, panel, palette) {
  const [rows = 0, cols = 0] = panel.shape;
  tile ??= document.createElement("canvas");
  if (tile.width !== cols || tile.height !== rows) {
    tile.width = cols;
    tile.height = rows;
  }
  const small = tile.getContext("2d");
  if (!small || rows * cols === 0) return;
  const image = small.createImageData(cols, rows);
  const words = new Uint32Array(image.data.buffer);
  const [low, high] = panel.range;
  // Without a level, only the half of the colours that is of real data.
  const [first, width] = panel.level ? [0, 255] : [128, 127];
  for (let row = 0; row < rows; row++) {
    // Row 0 of the panel is the lowest, row 0 of a picture the highest.
    const to = (rows - 1 - row) * cols;
    for (let col = 0; col < cols; col++) {
      const p = ((panel.data[row * cols + col] ?? low) - low) / (high - low);
      words[to + col] = palette.map[first + Math.max(0, Math.min(width, Math.round(p * width)))] ?? 0;
    }
  }
  small.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = "high";
  context.drawImage(tile, view.left, view.top, view.size[0], view.size[1]);
}

/** For each way four corners can lie above a level: which edges the line joins (0 bottom, 1 right, 2 top, 3 left). */
const EDGES = [
  [], [3, 0], [0, 1], [3, 1], [1, 2], [3, 2, 0, 1], [0, 2], [3, 2],
  [2, 3], [2, 0], [0, 3, 1, 2], [2, 1], [1, 3], [1, 0], [0, 3], [],
];

/**
 * Where a function has a value, by marching squares over the cells' centres.
 * @param {CanvasRenderingContext2D} context @param {View} view @param {FieldPanel} panel @param {number} level @param {string} colour
 */
export function drawLevel(context, view, panel, level, colour) {
  const [rows = 0, cols = 0] = panel.shape;
  const { data } = panel;
  const [w, h] = [view.size[0] / cols, view.size[1] / rows];
  const bottom = view.top + view.size[1];
  context.beginPath();
  for (let row = 0; row + 1 < rows; row++) {
    for (let col = 0; col + 1 < cols; col++) {
      const at = row * cols + col;
      const a = (data[at] ?? 0) - level;
      const b = (data[at + 1] ?? 0) - level;
      const c = (data[at + cols + 1] ?? 0) - level;
      const d = (data[at + cols] ?? 0) - level;
      const edges = EDGES[(a > 0 ? 1 : 0) | (b > 0 ? 2 : 0) | (c > 0 ? 4 : 0) | (d > 0 ? 8 : 0)];
      if (!edges || edges.length === 0) continue;
      const x = view.left + (col + 0.5) * w;
      const y = bottom - (row + 0.5) * h;
      for (let i = 0; i < edges.length; i++) {
        const edge = edges[i];
        let px = x;
        let py = y;
        if (edge === 0) px += (w * a) / (a - b);
        else if (edge === 1) { px += w; py -= (h * b) / (b - c); }
        else if (edge === 2) { px += (w * d) / (d - c); py -= h; }
        else py -= (h * a) / (a - d);
        if (i % 2 === 0) context.moveTo(px, py);
        else context.lineTo(px, py);
      }
    }
  }
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.stroke();
}

/** @type {Map<string, HTMLCanvasElement>} */
const sprites = new Map();

/** The width of the halo that parts a dot from what is behind it. CSS pixels. */
const HALO = 1.1;

/** A dot in a halo of the page's colour, drawn once and stamped often. @param {string} colour @param {string} rim @param {number} radius @param {number} ratio */
function sprite(colour, rim, radius, ratio) {
  const key = `${colour} ${rim} ${radius} ${ratio}`;
  let dot = sprites.get(key);
  if (!dot) {
    if (sprites.size > 24) sprites.clear();
    dot = document.createElement("canvas");
    const size = Math.ceil(2 * (radius + HALO) * ratio) + 2;
    dot.width = dot.height = size;
    const context = dot.getContext("2d");
    for (const [style, r] of /** @type {[string, number][]} */ ([[rim, radius + HALO], [colour, radius]])) {
      if (!context) break;
      context.beginPath();
      context.arc(size / 2, size / 2, r * ratio, 0, 2 * Math.PI);
      context.fillStyle = style;
      context.fill();
    }
    sprites.set(key, dot);
  }
  return dot;
}

/**
 * @param {CanvasRenderingContext2D} context @param {View} view @param {PointsPanel} panel
 * @param {{colour: string, rim: string, radius: number, alpha: number, ratio: number}} look
 */
export function drawPoints(context, view, panel, { colour, rim, radius, alpha, ratio }) {
  const dots = panel.labels.length > 0
    ? Array.from({ length: 1 + Math.max(...panel.labels) }, (_, label) => sprite(shade(label), rim, radius, ratio)) : [sprite(colour, rim, radius, ratio)];
  const size = (dots[0]?.width ?? 0) / ratio;
  const { data, labels } = panel;
  const x0 = view.left - view.extent[0] * view.scale - size / 2;
  const y0 = view.top + view.extent[3] * view.scale - size / 2;
  context.globalAlpha = alpha;
  for (let i = 0; i + 1 < data.length; i += 2) {
    const dot = dots[labels[i / 2] ?? 0];
    if (dot) context.drawImage(dot, x0 + (data[i] ?? 0) * view.scale, y0 - (data[i + 1] ?? 0) * view.scale, size, size);
  }
  context.globalAlpha = 1;
}

/** A line each, with a dot where it begins if that matters. @param {CanvasRenderingContext2D} context @param {View} view @param {VectorsPanel} panel @param {string} colour */
export function drawLines(context, view, { data, directed }, colour) {
  context.strokeStyle = colour;
  context.fillStyle = colour;
  context.globalAlpha = 0.45;
  context.lineWidth = 0.8;
  context.beginPath();
  for (let i = 0; i + 3 < data.length; i += 4) {
    const [x0, y0] = toPixel(view, data[i] ?? 0, data[i + 1] ?? 0);
    const [x1, y1] = toPixel(view, data[i + 2] ?? 0, data[i + 3] ?? 0);
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
    if (directed) context.fillRect(x0 - 1.2, y0 - 1.2, 2.4, 2.4);
  }
  context.stroke();
  context.globalAlpha = 1;
}

/** A colour for each class, none like the one before. @param {number} label */
const shade = (label) => `hsl(${(215 + label * 137.5) % 360} 70% 48%)`;

/** Ticks at 1, 2 or 5 times a power of ten. @param {number} from @param {number} to @param {number} most */
export function ticks(from, to, most) {
  const rough = (to - from) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((k) => k * power >= rough) ?? 10);
  const found = [];
  for (let at = Math.ceil(from / step) * step; at <= to + step * 1e-9; at += step) found.push(Number(at.toPrecision(12)));
  return found;
}

/**
 * The frame, and data units along the left and the bottom where there is a margin for them.
 * @param {CanvasRenderingContext2D} context @param {View} view @param {Palette} palette @param {boolean} numbers
 */
export function drawAxes(context, view, palette, numbers) {
  const [x0, y0, x1, y1] = view.extent;
  const bottom = view.top + view.size[1];
  context.fillStyle = palette.faint;
  context.strokeStyle = palette.line;
  context.lineWidth = 1;
  context.font = "10.5px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace";
  context.beginPath();
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const x of numbers ? ticks(x0, x1, 6) : []) {
    const [px] = toPixel(view, x, 0);
    context.moveTo(px, bottom);
    context.lineTo(px, bottom + 4);
    context.fillText(String(x).replace("-", "−"), px, bottom + 7);
  }
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const y of numbers ? ticks(y0, y1, 6) : []) {
    const [, py] = toPixel(view, 0, y);
    context.moveTo(view.left, py);
    context.lineTo(view.left - 4, py);
    context.fillText(String(y).replace("-", "−"), view.left - 7, py);
  }
  context.stroke();
  context.strokeRect(view.left + 0.5, view.top + 0.5, view.size[0] - 1, view.size[1] - 1);
}
