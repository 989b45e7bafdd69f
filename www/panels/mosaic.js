/** Pictures side by side on one canvas, one texel a pixel, to be enlarged without smoothing. */

/** @import { ImagesPanel } from "../types.d.ts" */

/** Texels between two pictures. */
const GAP = 2;

/** @param {ImagesPanel} panel @param {number} columns @param {number} count @returns {[number, number]} texels wide and high */
export function size(panel, columns, count) {
  const [, h = 1, w = 1] = panel.shape;
  const rows = Math.ceil(count / columns);
  // A bar lies in the gap below, of the last row too.
  return [columns * (w + GAP) - GAP, rows * (h + GAP) - GAP + (panel.believed?.length > 0 ? 1 : 0)];
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {ImagesPanel} panel
 * @param {number} columns
 * @param {number} count  how many of the panel's pictures
 * @param {Uint32Array} ramp  256 colours from black to white, for grey
 * @param {string} [bar]  the colour of bars: how likely D takes each for real, if it says
 */
export function paint(canvas, panel, columns, count, ramp, bar) {
  const [, h = 1, w = 1] = panel.shape;
  const [width, height] = size(panel, columns, count);
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext("2d");
  if (!context) return;
  const image = context.createImageData(width, height);
  const words = new Uint32Array(image.data.buffer);
  const { data } = panel;
  const channels = panel.shape[3] ?? 1;
  /** @param {number} at the pixel's first value */
  const level = (at) => {
    const light = (data[at] ?? 0) * 255 + 0.5;
    return light < 0 ? 0 : light > 255 ? 255 : light | 0;
  };
  // Grey is drawn in the colours of the page, and colours as they are; two channels are red and green.
  const blue = channels > 2 ? (/** @type {number} */ at) => level(at + 2) << 16 : () => 0;
  const pixel = channels === 1 ? (/** @type {number} */ at) => ramp[level(at)] ?? 0
    : (/** @type {number} */ at) => (0xff000000 | blue(at) | (level(at + 1) << 8) | level(at)) >>> 0;
  for (let n = 0; n < count; n++) {
    const corner = Math.floor(n / columns) * (h + GAP) * width + (n % columns) * (w + GAP);
    for (let y = 0; y < h; y++) {
      const from = (n * h + y) * w;
      const to = corner + y * width;
      for (let x = 0; x < w; x++) words[to + x] = pixel((from + x) * channels);
    }
  }
  context.putImageData(image, 0, 0);
  const { believed } = panel;
  if (!bar || !believed?.length) return;
  context.fillStyle = bar;
  for (let n = 0; n < count; n++) {
    context.fillRect((n % columns) * (w + GAP), Math.floor(n / columns) * (h + GAP) + h, Math.round(w * (believed[n] ?? 0)), 1);
  }
}
