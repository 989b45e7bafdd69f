/**
 * The newest saved state of a run on an engine that may be lost in the middle (a GPU, threads), from which another engine
 * goes on. One state at most is held.
 */

/** Milliseconds before the first one, and between two. */
const FIRST = 2000;
const EVERY = 10_000;
/** The largest share of the time that saving may take. */
const SHARE = 0.01;
/** Bytes a millisecond that saving is reckoned to manage before it has been timed. */
const PACE = 1e5;
/** Bytes beyond which a state is too dear for the page's memory. */
const MOST = 256 * 2 ** 20;

/** @typedef {{bytes: Uint8Array, step: number}} State */

export class Kept {
  /**
   * @param {() => Promise<State & {took: number}>} save  of the run that runs; `took` in milliseconds
   * @param {() => {step: number, size: number}} look  where it is, and about how many bytes its state has
   */
  constructor(save, look) {
    this.save = save;
    this.look = look;
    this.timer = 0;
    this.turn = 0;
    this.began = 0;
    /** @type {State | null} */
    this.state = null;
  }

  /** From now on. @param {State | null} state  where the run begins */
  start(state) {
    this.stop();
    this.state = state;
    this.began = performance.now();
    this.plan(FIRST);
  }

  stop() {
    clearTimeout(this.timer);
    this.turn++;
    this.state = null;
  }

  /** @param {number} delay */
  plan(delay) {
    const { turn } = this;
    this.timer = window.setTimeout(async () => {
      const next = await this.keep();
      if (turn === this.turn && next > 0) this.plan(next);
    }, delay);
  }

  /** @returns {Promise<number>} milliseconds until the next one; 0: none */
  async keep() {
    const { turn } = this;
    const { step, size } = this.look();
    // What has not begun, or not moved, needs no other state.
    if (step === 0 || step === this.state?.step) return FIRST;
    if (size > MOST) return 0;
    const early = this.began + size / PACE / SHARE - performance.now();
    if (early > 0) return early;
    const saved = await this.save().catch(() => null);
    // One that was not to be had (the worker is about to be replaced) leaves the older one.
    if (!saved || turn !== this.turn) return EVERY;
    this.state = { bytes: saved.bytes, step: saved.step };
    return Math.max(EVERY, saved.took / SHARE);
  }
}
