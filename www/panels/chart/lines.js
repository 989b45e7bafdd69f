/** What a chart draws behind its curves: the values that they would have in the end, with the band around them. */
import { colours } from "../palette.js";

/** @import { Line } from "./live.js" */
/** @typedef {import("uplot")} Plot */

/** @param {string} role @returns {string} */
export function colour(role) {
  const palette = colours();
  return { generator: palette.gen, discriminator: palette.dis }[role] ?? palette.soft;
}

/** @param {Plot} plot @param {Line[]} lines @param {number} ratio device pixels per pixel */
export function targets(plot, lines, ratio) {
  const { ctx, bbox } = plot;
  /** @param {number} value */
  const y = (value) => Math.round(plot.valToPos(value, "y", true));
  ctx.save();
  // A band that reaches beyond the axis ends with it.
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.setLineDash([4 * ratio, 4 * ratio]);
  ctx.lineWidth = ratio;
  for (const { equilibrium, spread, role } of lines) {
    if (equilibrium == null) continue;
    ctx.strokeStyle = ctx.fillStyle = colour(role);
    if (spread) {
      ctx.globalAlpha = 0.14;
      const top = y(equilibrium + spread);
      ctx.fillRect(bbox.left, top, bbox.width, Math.max(ratio, y(equilibrium - spread) - top));
    }
    ctx.globalAlpha = 0.6;
    ctx.beginPath();
    ctx.moveTo(bbox.left, y(equilibrium));
    ctx.lineTo(bbox.left + bbox.width, y(equilibrium));
    ctx.stroke();
  }
  ctx.restore();
}
