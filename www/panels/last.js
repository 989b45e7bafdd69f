/** The newest value of a curve. A step in which a player had no turn has none. */

/** @param {import("../types.d.ts").Curve} curve */
export function last({ data }) {
  for (let i = data.length - 1; i >= 0; i--) {
    const value = data[i] ?? NaN;
    if (!Number.isNaN(value)) return value;
  }
  return NaN;
}
