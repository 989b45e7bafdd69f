/**
 * What the processor can do at most in WebAssembly's 128-bit vectors, one thread: multiplications and additions in
 * registers alone, twelve sums at a time, no memory. The module is made here byte by byte, so that no compiler of ours has a
 * part in the measure.
 */

const SUMS = 12;

/** @param {number} n unsigned LEB128 */
const leb = (n) => {
  const bytes = [];
  for (; n > 127; n >>>= 7) bytes.push((n & 127) | 128);
  return [...bytes, n];
};
/** @param {number} id @param {number[]} body */
const section = (id, body) => [id, ...leb(body.length), ...body];
/** @param {number[][]} parts */
const vector = (...parts) => [...leb(parts.length), ...parts.flat()];

/** `run(n: i32)`: n times `sum = sum · factor + factor` for each sum. */
function assembled() {
  const [I32, V128, LOOP, EMPTY, BR_IF, END] = [0x7f, 0x7b, 0x03, 0x40, 0x0d, 0x0b];
  const [get, set] = [(/** @type {number} */ i) => [0x20, i], (/** @type {number} */ i) => [0x21, i]];
  const [splat, mul, add] = [[0xfd, 0x13], [0xfd, 0xe6, 0x01], [0xfd, 0xe4, 0x01]];
  const factor = SUMS + 1;
  // f32.const 0.5
  const half = [0x43, 0, 0, 0, 0x3f];
  const turn = Array.from({ length: SUMS }, (_, i) => [...get(i + 1), ...get(factor), ...mul, ...get(factor), ...add, ...set(i + 1)]).flat();
  const sum = Array.from({ length: SUMS - 1 }, (_, i) => [...get(i + 2), ...add]).flat();
  const code = [
    ...half, ...splat, ...set(factor),
    LOOP, EMPTY, ...turn, ...get(0), 0x41, 1, 0x6b, 0x22, 0, BR_IF, 0, END,
    // The first lane of their sum is given back, so that nothing is for nothing.
    ...get(1), ...sum, 0xfd, 0x1f, 0, END,
  ];
  const body = [...vector([...leb(SUMS + 1), V128]), ...code];
  return new Uint8Array([
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, vector([0x60, ...vector([I32]), ...vector([0x7d])])),
    ...section(3, vector([0])),
    ...section(7, vector([3, ...new TextEncoder().encode("run"), 0, 0])),
    ...section(10, vector([...leb(body.length), ...body])),
  ]);
}

/** Billions of floating-point operations a second: the best of several spans. */
export async function peak() {
  const { instance } = await WebAssembly.instantiate(assembled());
  const run = /** @type {(n: number) => number} */ (instance.exports.run);
  const turns = 2_000_000;
  let best = Infinity;
  for (let i = 0; i < 20; i++) {
    const from = performance.now();
    run(turns);
    best = Math.min(best, performance.now() - from);
  }
  return (turns * SUMS * 4 * 2) / best / 1e6;
}
