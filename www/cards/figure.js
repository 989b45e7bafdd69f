/** A metric's value and its ideal, as text. */
import * as format from "../format.js";

/** @import { Metric } from "../types.d.ts" */

/** The value, and what stands smaller behind it: of how many, or the unit. @param {Metric} metric @returns {[value: string, behind: string]} */
export function figure({ value, of, unit }) {
  if (of != null) return [format.count(value), `/${format.count(of)}`];
  return [format.measured(value, unit), unit && ` ${unit}`];
}

/** Empty where there is none. @param {Metric} metric */
export function idealText({ ideal, spread, unit, of }) {
  if (ideal == null) return "";
  const text = of != null ? format.count(ideal) : format.measured(ideal, unit);
  const around = spread != null && spread > 0 ? ` ± ${unit === "%" ? spread.toFixed(1) : String(Number(spread.toPrecision(1)))}` : "";
  return text + around + (unit === "%" && of == null ? " %" : "");
}
