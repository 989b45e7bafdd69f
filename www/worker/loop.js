/**
 * One run: pulls the session for a few milliseconds at a time and does what was asked in between. A session bears one
 * call at a time, so everything that touches it goes through `queue` or the pull itself, never both.
 */
import { budget } from "./budget.js";
import { Feed } from "./feed.js";
import { Meter } from "./meter.js";
import { Metronome } from "./metronome.js";
import { meaning } from "./reason.js";

/** @import { EngineModule, Progress, RunStatus, Samples, Saved, Session, Snapshot, StartRequest, Tuned, WorkerEvent } from "../types.d.ts" */

/** Floating-point operations of a step that is over before anybody could look: some milliseconds on one core. */
const QUICK = 5e7;
/** Milliseconds of training before the first picture. */
const FIRST = 4;
/** Milliseconds between two reports of progress. */
const REPORT = 100;

/** A task, not a microtask: microtasks would starve the messages. */
const channel = new MessageChannel();
/** @type {(() => void) | null} */
let wake = null;
channel.port1.onmessage = () => wake?.();
const breathe = () => new Promise((resolve) => {
  wake = () => resolve(undefined);
  channel.port2.postMessage(0);
});

export class Loop {
  /**
   * @param {EngineModule} engine
   * @param {StartRequest} request
   * @param {(event: WorkerEvent, transfer?: Transferable[]) => void} tell
   */
  constructor(engine, request, tell) {
    this.engine = engine;
    this.budget = budget(engine);
    this.request = request;
    /** What the session runs under: the link that it was started with, and what was tuned since. */
    this.link = request.link;
    this.run = request.run;
    this.tell = tell;
    this.playing = request.play;
    this.ended = false;
    this.shown = false;
    this.meter = new Meter();
    this.metronome = new Metronome(request.pace);
    /** @type {{work: () => unknown, resolve: (v: any) => void, reject: (e: unknown) => void}[]} */
    this.queue = [];
    /** @type {Progress} */
    this.progress = { step: 0, ran: 0, half: false, status: "running", sentence: [] };
    this.reported = 0;
    /** @type {() => void} */
    this.nudge = () => {};
    /** @type {Promise<void> | undefined} */
    this.finished = undefined;
    /** @type {Session | undefined} */
    this.session = undefined;
    /** @type {Feed | undefined} */
    this.feed = undefined;
  }

  /** @returns {Promise<{resumed: boolean}>} whether the saved state was taken */
  async start() {
    const session = await this.engine.Session.create(this.request.link);
    this.session = session;
    let resumed = false;
    this.feed = new Feed(session, this.request, (data) => {
      this.tell({ event: "data", run: this.run, data });
      this.nudge();
    }, (work) => this.enqueue(work));
    if (this.request.state) {
      // A state is refused when it belongs to another experiment; the link's own step 0 is then the honest start.
      resumed = await session.load(this.request.state).then(() => true, () => false);
      if (resumed) this.progress.step = this.engine.inspect(this.request.state).step;
    }
    if (this.ended) {
      session.free();
      return { resumed };
    }
    this.finished = this.cycle(session);
    return { resumed };
  }

  /** @param {Session} session */
  async cycle(session) {
    try {
      this.feed?.check();
      while (!this.ended) {
        await this.drain();
        if (this.ended) break;
        // What a run draws before its data came is not worth seeing.
        if (!this.shown && !this.feed?.blocking) await this.begin(session);
        if (this.playing && this.able() && !this.feed?.blocking) await this.pull(session);
        else await this.rest();
        await breathe();
      }
    } catch (error) {
      this.fail(error);
    }
    this.feed?.end();
    try {
      session.free();
    } catch {
      // After a trap it is lent out for good; the page ends this worker.
    }
  }

  /**
   * The first picture. Step 0 is worth seeing where the next ones take their time; where they do not, they come with it, since
   * the page is busy drawing its first picture for longer than they take. A run that goes on from a state begins with that.
   * @param {Session} session
   */
  async begin(session) {
    const quick = this.progress.step === 0 && this.engine.engineName() !== "webgpu" && this.engine.open(this.link).cost.flops < QUICK;
    if (quick && this.playing && this.metronome.pace === 0 && this.able()) this.progress = await session.advance(FIRST, 0);
    await this.show(session);
  }

  /** @param {Session} session */
  async pull(session) {
    const start = performance.now();
    const steps = this.metronome.due(start);
    if (steps === 0) return this.sleep(this.metronome.wait(start));
    const paced = Number.isFinite(steps);
    // At full speed a pull begins where the one before ended; at a pace there is a rest between them, which counts.
    if (!paced && this.meter.marks.length === 0) this.meter.mark(this.progress.step, start);
    const before = this.progress.status;
    this.progress = await (paced ? session.advance(0, steps) : session.advance(this.budget, 0));
    const now = performance.now();
    this.meter.mark(this.progress.step, now, paced);
    this.feed?.check();
    if (!this.able()) {
      await this.show(session);
    } else if (now - this.reported > REPORT || before !== this.progress.status) {
      this.reported = now;
      this.report();
    }
  }

  /** Whether the session can train on. A stop or a divergence ends it; missing data only holds it up. */
  able() {
    return this.progress.status !== "stopped" && this.progress.status !== "diverged";
  }

  /** Until something is asked or data arrives. */
  rest() {
    this.meter.rest();
    if (this.queue.length > 0) return undefined;
    return new Promise((resolve) => { this.nudge = () => resolve(undefined); });
  }

  /** The same, but no longer than until the next step is due. @param {number} ms @returns {Promise<void>} */
  sleep(ms) {
    if (this.queue.length > 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.nudge = () => { clearTimeout(timer); resolve(); };
    });
  }

  /** @returns {RunStatus} */
  status() {
    const status = this.progress.status;
    if (status === "stopped" || status === "diverged") return status;
    if (this.feed?.stuck()) return "failed";
    if (!this.playing) return "paused";
    return status === "waiting" || this.feed?.blocking ? "loading" : status;
  }

  report() {
    const { step, sentence } = this.progress;
    this.tell({
      event: "progress", run: this.run, step, status: this.status(), sentence,
      rate: this.meter.rate, trained: this.meter.trained, paced: this.metronome.pace > 0,
    });
  }

  /** Sends a snapshot; buffers are handed over, not copied. @param {Session} session */
  async show(session) {
    if (!this.shown && this.feed?.blocking) return this.report();
    this.shown = true;
    const began = performance.now();
    const snapshot = await session.snapshot().catch((error) => {
      this.fail(error);
      throw error;
    });
    const took = performance.now() - began;
    if (this.ended) return;
    this.progress = { ...this.progress, step: snapshot.step, half: snapshot.half, sentence: snapshot.sentence };
    if (snapshot.status !== "waiting") this.progress.status = snapshot.status;
    this.tell({ event: "snapshot", run: this.run, status: this.status(), rate: this.meter.rate, snapshot, took },
      buffers(snapshot));
  }

  /**
   * @template T
   * @param {(session: Session) => T | Promise<T>} work
   * @returns {Promise<T>}
   */
  enqueue(work) {
    return new Promise((resolve, reject) => {
      this.queue.push({ work: () => work(/** @type {Session} */ (this.session)), resolve, reject });
      this.nudge();
    });
  }

  async drain() {
    for (let task = this.queue.shift(); task; task = this.queue.shift()) {
      try {
        task.resolve(await task.work());
      } catch (error) {
        task.reject(error);
        if (error instanceof WebAssembly.RuntimeError) throw error;
      }
    }
  }

  play() {
    this.playing = true;
    this.metronome.restart();
    this.report();
    this.nudge();
  }

  pause() {
    this.playing = false;
    return this.enqueue(async (session) => {
      await this.measure(session);
      await this.show(session);
    });
  }

  /** @param {number} pace */
  setPace(pace) {
    this.metronome = new Metronome(pace);
    // What was measured at the other pace says nothing of this one.
    this.meter.restart();
    this.report();
    this.nudge();
  }

  /**
   * Changes the run from its next step on, and its link with it. What is refused leaves both as they were.
   * @param {Record<string, string>} changes
   * @returns {Promise<Tuned>}
   */
  tune(changes) {
    return this.enqueue(async (session) => {
      const { step, half } = this.progress;
      // A step that has begun is completed as it was begun.
      const opened = this.engine.tune(this.link, half ? step + 1 : step, changes);
      if (opened.problems.length > 0) return { opened, anew: false };
      try {
        session.tune(opened.link);
      } catch (error) {
        // At step 0 the base itself has changed, which no session follows.
        if (step === 0 && !half) return { opened, anew: true };
        throw error;
      }
      this.link = opened.link;
      // The step to stop at may be another.
      if (this.progress.status === "stopped") this.progress.status = "running";
      if (!this.playing) await this.show(session);
      return { opened, anew: false };
    });
  }

  /** Whoever stands still sees the numbers of the step that is shown. @param {Session} session */
  async measure(session) {
    const { status } = this.progress;
    if (status === "diverged" || status === "waiting" || this.feed?.blocking) return;
    // In a row of steps by a held key, the last one is enough.
    if (this.queue.length === 0) await session.evaluate();
  }

  /** @param {string} which */
  move(which) {
    this.playing = false;
    return this.enqueue(async (session) => {
      this.progress = await session.move(which);
      this.feed?.check();
      await this.measure(session);
      await this.show(session);
    });
  }

  look() {
    return this.enqueue((session) => this.show(session));
  }

  /** @param {number} x @param {number} y */
  probe(x, y) {
    return this.enqueue((session) => session.probe(x, y));
  }

  /** @param {string[]} picks @returns {Promise<import("../types.d.ts").Handmade>} */
  byCode(picks) {
    return this.enqueue((session) => session.byCode(picks));
  }

  /** @param {string} pick @returns {Promise<import("../types.d.ts").Near | undefined>} */
  nearest(pick) {
    return this.enqueue((session) => session.nearest(pick));
  }

  /** @param {number} count @returns {Promise<Samples>} */
  samples(count) {
    return this.enqueue(async (session) => ({ values: await session.samples(count), step: this.progress.step }));
  }

  /** @param {boolean} halt  train no further: another run or another engine goes on from here @returns {Promise<Saved>} */
  save(halt) {
    if (halt) this.playing = false;
    return this.enqueue(async (session) => {
      const began = performance.now();
      const bytes = await session.save();
      return { bytes, step: this.progress.step, took: performance.now() - began };
    });
  }

  /** The state of the best so far, where it is held. @returns {Promise<Uint8Array | undefined>} */
  best() {
    return this.enqueue((session) => session.saveBest());
  }

  retry() {
    this.feed?.retry();
  }

  /** @param {unknown} error */
  fail(error) {
    const { message, trap, reason } = meaning(error);
    // A run that is over fails nobody, but a module that trapped is no good for the next one either.
    if (this.ended && !trap) return;
    this.ended = true;
    this.tell({ event: "failed", run: this.run, message, trap, ...(reason ? { reason } : {}) });
  }

  /** Ends the run after the step that is under way. */
  async end() {
    this.ended = true;
    this.feed?.end();
    for (const { reject } of this.queue.splice(0)) reject(new Error("this run has ended"));
    this.nudge();
    await this.finished;
  }
}

/**
 * The buffers of a snapshot's arrays, to be handed over. One that is a window into a larger buffer cannot be.
 * @param {Snapshot} snapshot
 * @returns {Transferable[]}
 */
function buffers(snapshot) {
  /** @type {Set<ArrayBuffer>} */
  const found = new Set();
  /** @param {unknown} array */
  const add = (array) => {
    if (ArrayBuffer.isView(array) && array.buffer instanceof ArrayBuffer && array.byteLength === array.buffer.byteLength) {
      found.add(array.buffer);
    }
  };
  for (const panel of snapshot.panels) {
    if (panel.kind === "series") {
      add(panel.steps);
      for (const curve of panel.curves) add(curve.data);
    } else if (panel.kind === "graph") {
      add(panel.xs);
      add(panel.links);
      for (const { data } of panel.functions) add(data);
    } else add(panel.data);
  }
  return [...found];
}
