/** Steps per second of wall-clock time, over about the last second, the loop's own overhead included. */
export class Meter {
  constructor() {
    this.rate = 0;
    /** Milliseconds of training since the run began: what a decision about the engine waits for. */
    this.trained = 0;
    /** @type {{time: number, step: number}[]} */
    this.marks = [];
  }

  /** A pause or a wait begins: the time until the next step is nobody's. */
  rest() {
    this.marks = [];
  }

  /** Another pace: no rate is known until it was measured. */
  restart() {
    this.rest();
    this.rate = 0;
  }

  /** @param {number} step the step reached @param {number} now milliseconds @param {boolean} [paced] not as fast as it goes */
  mark(step, now, paced = false) {
    const before = this.marks.at(-1);
    if (before && !paced) this.trained += now - before.time;
    this.marks.push({ time: now, step });
    // Always two marks, so that steps longer than a second have a rate too.
    while (this.marks.length > 2 && now - (this.marks[1]?.time ?? now) > 1000) this.marks.shift();
    const since = this.marks[0] ?? { time: now, step };
    if (now > since.time && step > since.step) this.rate = (1000 * (step - since.step)) / (now - since.time);
  }
}
