/** Pictures side by side on one canvas, one texel a pixel, to be enlarged without smoothing. */

/** @import { ImagesPanel } from "../types.d.ts" */

/** Texels between two pictures. */
const GAP = 2;

/** @param {ImagesPanel} panel @param {number} columns @param {number} count @returns {[number, number]} texels wide and high */
export function size(panel, columns, count) {
  const [, h = 1, w = 1] = panel.shape;
  const rows = Math.ceil(count / columns);
  return [columns * (w + GAP) - GAP, rows * (h + GAP) - GAP];
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {ImagesPanel} panel
 * @param {number} columns
 * @param {number} count  how many of the panel's pictures
 * @param {Uint32Array} ramp  256 colours from black to white
 */
export function paint(canvas, panel, columns, count, ramp) {
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
  for (let n = 0; n < count; n++) {
    const corner = Math.floor(n / columns) * (h + GAP) * width + (n % columns) * (w + GAP);
    for (let y = 0; y < h; y++) {
      const from = (n * h + y) * w;
      const to = corner + y * width;
      for (let x = 0; x < w; x++) {
        const shade = (data[from + x] ?? 0) * 255;
        words[to + x] = ramp[shade < 0 ? 0 : shade > 255 ? 255 : shade | 0] ?? 0;
      }
    }
  }
  context.putImageData(image, 0, 0);
}
