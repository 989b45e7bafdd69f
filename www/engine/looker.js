/**
 * Asks for snapshots at a pace that the eye needs and the training can afford: one at a time, about ten a second for
 * point sets and three for pictures, fewer where a snapshot is dear.
 */

/** The largest share of the time that looking may take. */
const SHARE = 0.08;
/** Milliseconds between two looks, by what the run draws; and while nobody can see the page. */
const PACE = { points: 100, images: 330, hidden: 2000 };

export class Looker {
  /** @param {() => Promise<unknown>} look  asks for one snapshot */
  constructor(look) {
    this.look = look;
    this.timer = 0;
    this.out = false;
    this.going = false;
    /** @type {import("../types.d.ts").Kind} */
    this.kind = "points";
    this.cost = 0;
    // A page that comes back into view should not wait for the slow pace to end.
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.plan(0); });
  }

  /** @param {import("../types.d.ts").Kind} kind */
  start(kind) {
    this.kind = kind;
    this.going = true;
    this.plan(0);
  }

  stop() {
    this.going = false;
    clearTimeout(this.timer);
  }

  /** A snapshot arrived. @param {number} took milliseconds of the worker's time */
  paid(took) {
    // The first one compiles and allocates; a running mean forgives it.
    this.cost = this.cost === 0 ? took : 0.7 * this.cost + 0.3 * took;
  }

  /** @param {number} [delay] */
  plan(delay) {
    clearTimeout(this.timer);
    if (!this.going || this.out) return;
    const pace = document.hidden ? PACE.hidden : PACE[this.kind];
    this.timer = window.setTimeout(() => this.ask(), delay ?? Math.max(pace, this.cost / SHARE));
  }

  async ask() {
    if (!this.going || this.out) return;
    this.out = true;
    await this.look().catch(() => {});
    this.out = false;
    this.plan();
  }
}
