/**
 * The runs that gave way to others, with their weights: whoever starts anew by mistake gets the run back. Held in memory, the
 * oldest given up first.
 */
import * as format from "../format.js";
import { offer, withdraw } from "../offers.js";
import { get } from "../state.js";

/** @import { Opened, Saved } from "../types.d.ts" */

/** Bytes held at most, and runs. */
const MOST = 128 * 2 ** 20;
const RUNS = 20;
/** Milliseconds that a busy engine gets to give its state: nobody waits longer for a run to start. */
const PATIENCE = 2000;

/** @typedef {Saved & {opened: Opened, playing: boolean}} Before */

export class Undo {
  /** @param {() => Promise<Saved>} save  the run that runs, which then trains no further @param {() => void} back */
  constructor(save, back) {
    this.save = save;
    this.back = back;
    /** @type {Before[]} */
    this.runs = [];
  }

  /** Keeps the run that is about to give way, if there is anything to keep of it. */
  async keep() {
    const { opened, playing, step, fresh, status } = get();
    if (!opened || !fresh || step === 0 || status === "failed" || status === "diverged") return;
    const late = new Promise((resolve) => { setTimeout(resolve, PATIENCE, null); });
    const saved = /** @type {Saved | null} */ (await Promise.race([this.save(), late]).catch(() => null));
    if (!saved) return;
    this.runs.push({ ...saved, opened, playing });
    const size = () => this.runs.reduce((sum, { bytes }) => sum + bytes.length, 0);
    while (this.runs.length > RUNS || size() > MOST) this.runs.shift();
  }

  /** @returns {Before | undefined} */
  pop() {
    return this.runs.pop();
  }

  /** Says that the run before can be had back. */
  offer() {
    const last = this.runs.at(-1);
    if (!last) return withdraw("undo");
    offer({ id: "undo", what: { key: "undo.about", args: { step: format.count(last.step) } }, label: { key: "undo" }, act: this.back });
  }

  clear() {
    this.runs = [];
    withdraw("undo");
  }
}
