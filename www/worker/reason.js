/** What an error in this worker means, as far as it can be told. */
import { size } from "./engines.js";

/** @import { Reason } from "../types.d.ts" */

/** What the browsers say of the instruction that ends a module. */
const UNREACHABLE = /^unreachable( executed)?$|^Unreachable code should not be executed/;

/** The words of the core's last panic, which it says on the console before it traps. */
let panic = "";
const log = console.error.bind(console);
console.error = (...words) => {
  const text = String(words[0]);
  if (/\bpanicked at\b/.test(text)) panic = text.split("\n\nStack:")[0]?.trim() ?? text;
  log(...words);
};

/**
 * @param {unknown} error
 * @param {number} [bytes]  that the engine's memory has
 * @returns {{message: string, trap: boolean, reason?: Reason}}
 */
export function meaning(error, bytes = size()) {
  const message = error instanceof Error ? error.message : String(error);
  const trap = error instanceof WebAssembly.RuntimeError;
  if (trap && panic) return { message: panic, trap };
  // A panic says what it is; the allocator, where the browser gives it no more memory, just ends the module.
  const memory = trap ? UNREACHABLE.test(message) : error instanceof RangeError && /memory|allocation|array (buffer )?length/i.test(message);
  if (!memory) return { message, trap };
  const held = Math.round(bytes / 2 ** 20);
  return { message: "out of memory", trap, reason: { key: "end.memory", args: { held } } };
}
