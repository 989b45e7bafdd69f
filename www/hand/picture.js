/** Samples as small pictures: images side by side, or points and the way between them in the plane. */
import { useEffect, useRef } from "preact/hooks";
import { html } from "../html.js";
import { get } from "../state.js";
import { paint } from "../panels/mosaic.js";
import { colours, onTheme } from "../panels/palette.js";
import { drawPoints, fit, toData, toPixel } from "../panels/plane.js";

/** @import { ImagesPanel, PointsPanel } from "../types.d.ts" */

/** @typedef {NonNullable<import("../types.d.ts").Opened["image"]>} Image */

/** @param {{data: Float32Array, image: Image, columns?: number, label: string, onPick?: (n: number) => void}} props  images, row by row */
export function Pictures({ data, image: { side, channels }, columns = 1, label, onPick }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const count = data.length / (side * side * channels);
  useEffect(() => {
    const draw = () => {
      const panel = /** @type {ImagesPanel} */ ({ shape: [count, side, side, channels], data });
      if (canvas.current && count > 0) paint(canvas.current, panel, columns, count, colours().ramp);
    };
    draw();
    return onTheme(draw);
  }, [data, side, channels, columns]);
  /** @param {MouseEvent} event */
  const pick = ({ offsetX }) => onPick?.(Math.min(count - 1, Math.floor((offsetX / (canvas.current?.clientWidth || 1)) * columns)));
  return html`<canvas ref=${canvas} class=${onPick ? "can-pick" : ""} role="img" aria-label=${label} onClick=${pick}></canvas>`;
}

/**
 * @param {{points: Float32Array, way: Float32Array, label: string, onPick: (n: number) => void}} props
 *   `points`: what is looked at, the sample itself first; `way`: a line through the plane
 */
export function Plane({ points, way, label, onPick }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const view = useRef(/** @type {import("../panels/plane.js").View | null} */ (null));
  const cloud = () => /** @type {PointsPanel | undefined} */ (get().snapshot?.panels.find((p) => p.kind === "points" && p.role === "generated"));
  useEffect(() => {
    const draw = () => {
      const element = canvas.current;
      const context = element?.getContext("2d");
      const panel = cloud();
      if (!element || !context || !panel) return;
      const ratio = Math.min(3, devicePixelRatio || 1);
      const [width, height] = [element.clientWidth, element.clientHeight];
      element.width = width * ratio;
      element.height = height * ratio;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      const palette = colours();
      const now = fit(width, height, panel.extent);
      view.current = now;
      drawPoints(context, now, panel, { colour: palette.generated, rim: "transparent", radius: 1.6, alpha: 0.35, ratio });
      context.beginPath();
      for (let i = 0; i + 1 < way.length; i += 2) context.lineTo(...toPixel(now, way[i] ?? 0, way[i + 1] ?? 0));
      context.strokeStyle = palette.gen;
      context.lineWidth = 1.6;
      context.stroke();
      const only = (/** @type {Float32Array} */ data) => /** @type {PointsPanel} */ ({ ...panel, data, labels: new Uint8Array() });
      drawPoints(context, now, only(points.subarray(2)), { colour: palette.gen, rim: palette.halo, radius: 3.4, alpha: 1, ratio });
      drawPoints(context, now, only(points.subarray(0, 2)), { colour: palette.ink, rim: palette.halo, radius: 5, alpha: 1, ratio });
    };
    draw();
    return onTheme(draw);
  }, [points, way]);
  /** The sample nearest to where somebody pointed. @param {MouseEvent} event */
  const pick = ({ offsetX, offsetY }) => {
    const panel = cloud();
    if (!view.current || !panel) return;
    const [x, y] = toData(view.current, offsetX, offsetY);
    let best = -1;
    let least = Infinity;
    for (let i = 0; i < 256 && 2 * i + 1 < panel.data.length; i++) {
      const gap = ((panel.data[2 * i] ?? 0) - x) ** 2 + ((panel.data[2 * i + 1] ?? 0) - y) ** 2;
      if (gap < least) [best, least] = [i, gap];
    }
    if (best >= 0) onPick(best);
  };
  return html`<canvas ref=${canvas} class="can-pick" role="img" aria-label=${label} onClick=${pick}></canvas>`;
}
