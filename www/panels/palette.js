/** The colours of the style sheet, as numbers for canvases. Read once, and again when light and dark change. */

/** @typedef {{real: string, generated: string, gen: string, dis: string, ink: string, soft: string, faint: string, line: string, card: string, halo: string, map: Uint32Array, ramp: Uint32Array}} Palette */

/** @type {Palette | null} */
let palette = null;
/** @type {Set<() => void>} */
const listeners = new Set();

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  palette = null;
  for (const listener of listeners) listener();
});

/** @param {() => void} listener @returns {() => void} */
export function onTheme(listener) {
  listeners.add(listener);
  return () => { listeners.delete(listener); };
}

/** @returns {Palette} */
export function colours() {
  if (palette) return palette;
  const style = getComputedStyle(document.documentElement);
  const read = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
  palette = {
    real: read("real"), generated: read("generated"), gen: read("gen"), dis: read("dis"), ink: read("ink"),
    soft: read("soft"), faint: read("faint"), line: read("line"), card: read("card"), halo: read("halo"),
    map: ramp([read("map-low"), read("map-none"), read("map-high")], bend),
    ramp: ramp([read("paper"), read("print")]),
  };
  return palette;
}

/**
 * D's map is steeper around one half, twice as steep as a straight scale: 0.45 and 0.55 are then told apart, and near
 * the equilibrium D is never far from one half. The legend's scale (`.scale` in the style sheet) is bent alike.
 * @param {number} p
 */
const bend = (p) => 0.5 + (0.5 * Math.tanh(2 * (2 * p - 1))) / Math.tanh(2);

/** 256 colours through the given stops, as little-endian RGBA words. @param {string[]} stops `#rrggbb` @param {(at: number) => number} [bent] from 0…1 to 0…1 */
function ramp(stops, bent = (at) => at) {
  const rgb = stops.map((stop) => [1, 3, 5].map((i) => parseInt(stop.slice(i, i + 2), 16)));
  const words = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    const at = bent(i / 255) * (rgb.length - 1);
    const k = Math.min(rgb.length - 2, Math.floor(at));
    const [r, g, b] = [0, 1, 2].map((c) => Math.round((rgb[k]?.[c] ?? 0) * (1 - at + k) + (rgb[k + 1]?.[c] ?? 0) * (at - k)));
    words[i] = (255 << 24) | ((b ?? 0) << 16) | ((g ?? 0) << 8) | (r ?? 0);
  }
  return words;
}
