/**
 * Which sample is looked at by hand, and the text that a link has for it. Pure: what the core makes of a text is told in
 * `src/experiment/pick.rs`.
 */

/** Numbered codes, from 0. */
export const NUMBERED = 256;
/** Numbers of a code that can be moved, and codes in a mean, at most. */
export const MOST = 16;

/** @typedef {"one" | "way" | "sum"} Mode  a numbered sample, the way between two, or a sum of means */

/**
 * @typedef {object} Hand
 * @property {Mode} mode
 * @property {number} one
 * @property {[number, number]} ends  of the way
 * @property {number} share  how far on the way
 * @property {number[][]} means  plus, minus, plus
 * @property {Record<number, number>} moved  numbers of the code that were moved
 * @property {number | null} klass  the class that is asked for, where one is
 * @property {number} armed  which end, or which mean, the next sample that is pointed at goes to
 */

/** @type {Hand} */
export const START = { mode: "one", one: 0, ends: [0, 1], share: 0.5, means: [[0], [1], [2]], moved: {}, klass: null, armed: 0 };

/** Short, and free of what binary fractions leave behind. @param {number} n @param {number} digits */
export const short = (n, digits) => String(Number(n.toFixed(digits)));

/** The text of what is looked at. @param {Hand} hand */
export function textOf({ mode, one, ends, share, means, moved, klass }) {
  const base = mode === "one" ? String(one)
    : mode === "way" ? way(ends, share)
      : `${list(means[0])}-${list(means[1])}_${list(means[2])}`;
  const moves = Object.entries(moved).map(([k, value]) => `@${k}:${short(value, 2)}`).join("");
  return base + moves + (klass === null ? "" : `@y:${klass}`);
}

/** @param {[number, number]} ends @param {number} share */
export const way = ([from, to], share) => `${from}~${to}:${short(share, 3)}`;

/** @param {number[] | undefined} mean */
const list = (mean) => (mean ?? []).join(".");

/** What a text of a link says, on top of what was there. @param {string} text canonical @param {Hand} [hand] @returns {Hand} */
export function read(text, hand = START) {
  const [base = "", ...parts] = text.split("@");
  /** @type {Hand} */
  const next = { ...hand, moved: {}, klass: null, armed: 0 };
  for (const part of parts) {
    const [name = "", value = ""] = part.split(":");
    if (name === "y") next.klass = Number(value);
    else next.moved[Number(name)] = Number(value);
  }
  const between = /^(\d+)~(\d+):(.+)$/.exec(base);
  if (between) return { ...next, mode: "way", ends: [Number(between[1]), Number(between[2])], share: Number(between[3]) };
  const sum = /^([\d.]+)-([\d.]+)_([\d.]+)$/.exec(base);
  if (sum) return { ...next, mode: "sum", means: sum.slice(1).map(numbers) };
  return { ...next, mode: "one", one: Number(base) || 0 };
}

/** Numbers of samples from a text that somebody typed. @param {string} text */
export const numbers = (text) => (text.match(/\d+/g) ?? []).map(Number).filter((n) => n < NUMBERED).slice(0, MOST);

/** Somebody pointed at a sample of the sheet. @param {Hand} hand @param {number} n @param {number | null} klass @returns {Hand} */
export function pointed(hand, n, klass) {
  if (hand.mode === "one") return { ...hand, one: n, klass, moved: {} };
  if (hand.mode === "way") {
    const ends = /** @type {[number, number]} */ (hand.ends.map((end, i) => (i === hand.armed ? n : end)));
    return { ...hand, ends, klass, moved: {}, armed: 1 - hand.armed };
  }
  const means = hand.means.map((mean, i) => (i !== hand.armed ? mean : mean.includes(n) ? mean.filter((m) => m !== n) : [...mean, n].slice(-MOST)));
  return { ...hand, means: means.every((mean) => mean.length > 0) ? means : hand.means, moved: {} };
}
