/**
 * Notices a worker that hangs. One that trains, or that was asked something, is heard of again and again; how long it may be
 * silent depends on how long its steps take, since nothing is heard of it within one. A worker that dies is no matter of
 * this: the page hears of that at once.
 */

/** @import { Core } from "./core.js" */

/** Milliseconds of silence before a step has been timed, and of a GPU, which compiles its shaders then and is never asked to hurry. */
const UNKNOWN = 120_000;
/** The same once a step has been timed: three times what the longest step takes that is not refused. */
const KNOWN = 60_000;
/** As many steps as the longest so far took, one may take. */
const STEPS = 6;
/** Milliseconds of silence that are worth a word. */
const WORD = 10_000;
/** Milliseconds between two looks. */
const EVERY = 1000;

export class Watchdog {
  /**
   * @param {() => {core: Core, due: boolean, step: number}} look  the worker, whether something is due from it, and
   *   milliseconds of a step as far as known
   * @param {(silent: boolean) => void} word  whether it has been silent for so long that it should be said
   * @param {(core: Core, silence: number) => void} lost
   */
  constructor(look, word, lost) {
    this.look = look;
    this.word = word;
    this.lost = lost;
    this.since = performance.now();
    this.looked = this.since;
    this.said = false;
    this.step = 0;
    setInterval(() => this.watch(), EVERY);
  }

  watch() {
    const now = performance.now();
    const { core, due, step: told } = this.look();
    // While nothing is heard the page tells no pace; what held before still does.
    if (!this.said) this.step = told;
    const { step } = this;
    // Silence counts only while something is due, and while the page itself was awake to hear it.
    if (!due || document.hidden || now - this.looked > 5 * EVERY) this.since = now;
    this.looked = now;
    const silence = now - Math.max(this.since, core.heard);
    const patience = Math.max(STEPS * step, step === 0 || core.engine === "webgpu" ? UNKNOWN : KNOWN);
    const quiet = silence > WORD && silence > 2 * step;
    if (quiet !== this.said) this.word(this.said = quiet);
    if (silence > patience) {
      this.since = now;
      this.lost(core, silence);
    }
  }
}
