/** Numbers as the page writes them: tabular, short, the same in both languages. */

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** @param {number} n */
export const count = (n) => (Number.isFinite(n) ? whole.format(n) : "–");

/** Steps per second: whole above 100, else enough digits to see it move. @param {number} n */
export function rate(n) {
  if (!(n > 0)) return "0";
  if (n >= 100) return whole.format(n);
  return n >= 10 ? n.toFixed(1) : n.toFixed(2);
}

/** A loss or a metric: about three significant digits without exponents where they can be avoided. @param {number} n */
export function value(n) {
  if (!Number.isFinite(n)) return Number.isNaN(n) ? "–" : n > 0 ? "∞" : "−∞";
  const size = Math.abs(n);
  if (size >= 1000) return minus(whole.format(n));
  if (size >= 100) return minus(n.toFixed(0));
  if (size >= 10) return minus(n.toFixed(1));
  if (size === 0) return "0";
  if (size < 0.0005) return minus(n.toExponential(1));
  return minus(n.toFixed(3));
}

/** The same for an axis: short, without zeros behind the point. @param {number} n @param {number} [digits] significant ones */
export function tick(n, digits = 3) {
  const size = Math.abs(n);
  if (size >= 1e9) return minus(n.toExponential(0));
  const [unit, name] = size >= 1e6 ? [1e6, "M"] : size >= 1000 ? [1000, "k"] : [1, ""];
  return minus(String(Number((n / unit).toPrecision(digits)))) + name;
}

/** The labels of an axis: as short as still tells them apart. @param {number[]} splits */
export function ticks(splits) {
  for (let digits = 3; digits < 10; digits++) {
    const labels = splits.map((n) => tick(n, digits));
    if (new Set(labels).size === splits.length) return labels;
  }
  return splits.map((n) => tick(n));
}

/** The labels of an axis of steps: whole numbers while they are short. @param {number[]} splits */
export function steps(splits) {
  const short = splits.map((n) => (n >= 10000 ? tick(n) : String(n)));
  return new Set(short).size === short.length ? short : splits.map(count);
}

/** A measurement: three significant digits are all that its sampling error leaves. @param {number} n */
const metric = (n) => (Math.abs(n) >= 1 && Math.abs(n) < 10 ? minus(n.toFixed(2)) : value(n));

/** A measurement in its unit. @param {number} value @param {string} unit */
export const measured = (value, unit) => (unit === "%" && Number.isFinite(value) ? value.toFixed(1) : metric(value));

/** A coordinate. @param {number} n */
export const coordinate = (n) => minus(n.toFixed(2));

/** @param {number} loaded @param {number} total */
export const percent = (loaded, total) => (total > 0 ? Math.min(100, Math.floor((100 * loaded) / total)) : 0);

/** A typographic minus, as wide as a digit. @param {string} s */
const minus = (s) => s.replace("-", "−");

/** Equilibria that have a name. @param {number} x */
export function constant(x) {
  for (const [size, name] of /** @type {[number, string][]} */ ([[Math.LN2, "log 2"], [2 * Math.LN2, "log 4"]])) {
    if (Math.abs(x - size) < 1e-4) return name;
    if (Math.abs(x + size) < 1e-4) return "−" + name;
  }
  return value(x);
}
