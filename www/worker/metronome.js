/** Says when the next steps are due at a given pace. It decides about time alone: what a step computes does not depend on it. */

/** Seconds of missed steps that are made up for at once; a machine that cannot keep the pace does not owe the rest. */
const LATE = 0.05;

export class Metronome {
  /** @param {number} pace  steps per second, 0 for as many as can be */
  constructor(pace) {
    this.pace = pace;
    this.next = -Infinity;
  }

  /** The next step is due at once, and nothing before it. */
  restart() {
    this.next = -Infinity;
  }

  /** How many steps to do now; none while it is too early. @param {number} now milliseconds */
  due(now) {
    if (this.pace === 0) return Infinity;
    if (now < this.next) return 0;
    const beat = 1000 / this.pace;
    if (this.next === -Infinity) this.next = now;
    const most = Math.max(1, Math.round(LATE * this.pace));
    const steps = Math.min(most, 1 + Math.floor((now - this.next) / beat));
    this.next = Math.max(this.next + steps * beat, now - 1000 * LATE);
    return steps;
  }

  /** Milliseconds until then. @param {number} now */
  wait(now) {
    return Math.max(0, this.next - now);
  }
}
