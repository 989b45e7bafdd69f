/** Numbers as the tables write them. */

/** @param {number[]} values */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] ?? NaN : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/** @param {number[]} values */
export const summary = (values) => ({ median: median(values), min: Math.min(...values), max: Math.max(...values), n: values.length });

/** Three digits are all that repeated measurements agree on. @param {number} n */
export const short = (n) => (n >= 100 ? n.toFixed(0) : n >= 10 ? n.toFixed(1) : n.toFixed(2));

/** Median and range. @param {number[]} values */
export const spread = (values) =>
  values.length === 1 ? short(median(values)) : `${short(median(values))} (${short(Math.min(...values))}–${short(Math.max(...values))})`;

/** @param {number} n */
export const bytes = (n) => (n >= 1e6 ? `${(n / 1e6).toFixed(2)} MB` : n >= 1e3 ? `${(n / 1e3).toFixed(1)} kB` : `${n.toFixed(0)} B`);

/** @param {number[]} values mean and sample standard deviation */
export function meanAndDeviation(values) {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / Math.max(1, values.length - 1));
  return { mean, deviation };
}

/** @param {string} title @param {string[]} head @param {string[][]} rows */
export const table = (title, head, rows) =>
  [`\n${title}\n`, `| ${head.join(" | ")} |`, `|${head.map((_, i) => (i ? "---:" : "---")).join("|")}|`, ...rows.map((row) => `| ${row.join(" | ")} |`)].join("\n");
