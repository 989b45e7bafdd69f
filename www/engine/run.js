/**
 * The main thread's side of a run: turns what a person does into requests, drops stale answers, restarts a worker
 * that hangs or crashes, falls back from one engine to the next, and writes the store. Views only read.
 */
import { withdraw } from "../offers.js";
import { get, set } from "../state.js";
import { about, candidates } from "./chain.js";
import { Contest, won } from "./contest.js";
import { silent } from "./core.js";
import { Failure, reasonOf } from "./failure.js";
import { Fleet } from "./fleet.js";
import { learn } from "./foretell.js";
import { Kept } from "./kept.js";
import * as link from "./link.js";
import { Looker } from "./looker.js";
import { change } from "./tune.js";
import { Undo } from "./undo.js";
import { Watchdog } from "./watchdog.js";

/** @import { EngineName, Opened, Reason, Saved, StartRequest, WorkerEvent } from "../types.d.ts" */

/** What is known of an engine that was lost: which, about where, and what was kept. @typedef {{engine: string, step: number, kept: import("./kept.js").State | null}} Lost */

/** Milliseconds that a GPU which has just won a race gets to take the run over, while the other engine holds still. */
const HANDOVER = 30_000;

/** A run that trains no further by itself. @type {string[]} */
export const OVER = ["stopped", "diverged", "failed"];

/** Steps per second now: none where nothing trains. @param {import("../state.js").State} s */
export const rateNow = (s) => (s.status === "paused" || OVER.includes(s.status) ? 0 : s.rate);

/**
 * @typedef {object} Start
 * @property {Uint8Array} [state]      to go on from
 * @property {boolean} [live]          it is the run that is in sight, on another engine
 * @property {EngineName[]} [without]  engines that are not to be tried
 * @property {Reason[]} [reasons]      why not
 * @property {Lost} [lost]             the engine that it was on
 */

export class Run {
  /** @param {import("./core.js").Core} first  the core that the page started before anything else */
  constructor(first) {
    this.fleet = new Fleet(first,
      (event) => { if (event.run === this.id) this.hear(event); },
      // Until a run is under way, whoever starts it hears of it.
      (error) => { if (this.started === this.id) this.broke(error); });
    this.id = 0;
    /** The newest run that its worker has begun, and the wait for that. */
    this.started = 0;
    /** It goes on from a state. */
    this.resumes = false;
    /** @type {Promise<void> | undefined} */
    this.starting = undefined;
    this.undo = new Undo(() => this.save(true), () => this.goBack());
    /** How many links were opened: of those that wait, the newest counts. */
    this.turn = 0;
    /** Changes are made one after the other: each needs the link that the one before gave. */
    this.line = Promise.resolve();
    /** @type {Contest | null} */
    this.contest = null;
    this.looker = new Looker(() => this.fleet.core.ask({ op: "look", run: this.id }));
    /** The run whose hand-over to another engine is under way: nobody may move it meanwhile. */
    this.handing = 0;
    this.kept = new Kept(() => this.fleet.core.ask({ op: "save", run: this.id }), () => {
      const { fresh, step, snapshot } = get();
      // Each weight and two moments of it, four bytes each.
      const size = 12 * Object.values(snapshot?.parameters ?? {}).reduce((sum, n) => sum + n, 0);
      return { step: fresh ? step : 0, size };
    });
    this.watchdog = this.watch();
    link.listen((visit) => {
      if (visit) this.visit();
      else this.open(link.read());
    });
  }

  /**
   * Opens what the address says and starts it.
   * @param {string} text
   * @param {boolean} [visit]  opened anew, so it plays; otherwise, as on the way back, a pause remains one
   */
  open(text, visit = false) {
    // Whatever waits, or is being read, was for an experiment that nobody wants any more.
    this.turn++;
    return this.inLine(async (wanted) => {
      const opened = /** @type {Opened} */ (await this.fleet.codec({ op: "open", link: text }));
      if (!wanted()) return;
      set({ problems: opened.problems, refused: [] });
      this.undo.clear();
      withdraw("cure");
      this.begin(opened, visit || get().playing);
    });
  }

  /** Somebody opened a link, or the page around set the address: the experiment plays, and is in sight. */
  visit() {
    // The link that was clicked must not keep the focus: the next press of space would mean it, not play or pause.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    scrollTo({ top: 0 });
    return this.open(link.read(), true);
  }

  /**
   * @param {Record<string, string>} changes fields by name, in the link's text form; "" is the default
   * @returns {Promise<boolean>} whether they hold
   */
  async change(changes) {
    let holds = false;
    await this.inLine(async (wanted) => { holds = await change(this, changes, wanted); });
    return holds;
  }

  /**
   * Left out where another link is opened before its turn comes; one that is on its way asks whether it is still wanted.
   * @param {(wanted: () => boolean) => Promise<void>} work
   */
  inLine(work) {
    const { turn } = this;
    const wanted = () => turn === this.turn;
    this.line = this.line.then(() => (wanted() ? work(wanted) : undefined)).catch((error) => {
      if (!wanted()) return;
      // A request that could not be answered is no end of a run that goes on.
      if (get().opened && this.fleet.core.alive && !OVER.includes(get().status)) set({ notice: reasonOf(error) });
      else this.fail(error);
    });
    return this.line;
  }

  /**
   * Starts an experiment from step 0, or from a state.
   * @param {Opened} opened
   * @param {boolean} play
   * @param {Start} [options]
   * @returns {Promise<void>}
   */
  begin(opened, play, options = {}) {
    this.starting = this.start(opened, play, options);
    return this.starting;
  }

  /** @param {Opened} opened @param {boolean} play @param {Start} options @returns {Promise<void>} */
  async start(opened, play, { state, live = false, without = [], reasons = [], lost }) {
    const id = ++this.id;
    this.resumes = state !== undefined;
    this.looker.stop();
    this.kept.stop();
    this.contest = null;
    if (!live) set({ sentence: [], step: 0, data: null, fresh: false });
    set({
      opened, playing: play, status: "loading", rate: 0, error: null, moved: "", reasons, busy: { key: "busy.start" }, notice: null,
    });
    try {
      for (const engine of candidates(opened, this.fleet.core, without, reasons)) {
        try {
          const core = await this.fleet.coreFor(engine, opened, id, (busy) => { if (id === this.id) set({ busy }); });
          if (id !== this.id) return this.fleet.discard(core);
          this.fleet.use(core);
          if (core.threads > 1) reasons.push({ key: "why.threads", args: { threads: core.threads } });
        } catch (error) {
          if (id !== this.id) return;
          if (engine === "ndarray") throw error;
          reasons.push({ key: "why.not", args: { engine } }, reasonOf(error));
          continue;
        }
        let asked = play;
        let resumed = false;
        try {
          // Made when it is sent: loading takes a while, and whoever pauses meanwhile means this run.
          const make = () => this.request(opened, asked = get().playing, id, state);
          ({ resumed } = await this.fleet.start(make, () => id === this.id));
        } catch (error) {
          if (id !== this.id) return;
          if (this.giveUpThreads(error)) return this.begin(opened, get().playing, { without, reasons, ...(state ? { state } : {}), ...(lost ? { lost } : {}) });
          // An experiment that the cpu refuses is the link's fault, not the engine's.
          if (engine !== "webgpu") throw error;
          reasons.push({ key: "why.not", args: { engine } }, reasonOf(error));
          continue;
        }
        if (id !== this.id) return;
        this.started = id;
        this.agree(asked);
        if (lost) set({ notice: handedOn(lost, engine, resumed) });
        // A state that is refused leaves the run at step 0, which nobody asked for.
        else if (state && !resumed) set({ notice: { key: "notice.notResumed" } });
        this.keep(lost && resumed ? lost.kept : null);
        this.begun(opened, engine, without, reasons);
        return;
      }
    } catch (error) {
      if (id === this.id) this.fail(error);
    }
  }

  /** A run is on its way: says why on this engine, looks at it, and asks whether another would be quicker. @param {Opened} opened @param {EngineName} engine @param {EngineName[]} without @param {Reason[]} reasons */
  begun(opened, engine, without, reasons) {
    const wanted = opened.values.engine ?? "auto";
    const contest = wanted === "auto" && engine !== "webgpu" && !without.includes("webgpu");
    if (wanted === engine) reasons.push({ key: "why.asked" });
    // What kept a better engine out stays true whatever the contest finds.
    const given = [...reasons];
    if (contest) reasons.push({ key: "why.first", args: { engine } });
    if (engine === "webgpu") reasons.push(...won(opened), ...(this.fleet.note ? [this.fleet.note] : []));
    set({ reasons: [...reasons], busy: null });
    this.looker.cost = 0;
    if (get().playing) this.looker.start(opened.kind);
    if (contest) this.contest = new Contest(opened, engine, this.host(opened, this.id, given));
  }

  /** Play or pause may have been pressed while the start was on its way. @param {boolean} asked what the start said */
  agree(asked) {
    const { playing } = get();
    if (playing !== asked) this.tell({ op: playing ? "play" : "pause", run: this.id });
  }

  /** Where another engine could go on if this one is lost, its state is kept. @param {import("./kept.js").State | null} state where it begins */
  keep(state) {
    const { core } = this.fleet;
    if (core.engine === "webgpu" || core.threads > 1) this.kept.start(state);
  }

  /** A worker that hangs says nothing of it, nor does every GPU that is lost. */
  watch() {
    return new Watchdog(() => {
      const { playing, status, fresh, data, rate } = get();
      const { core } = this.fleet;
      const idle = OVER.includes(status) || (data?.blocking && !data.done);
      return { core, due: core.alive && core.used && (core.waiting.size > 0 || (!idle && (playing || !fresh))), step: rate > 0 ? 1000 / rate : 0 };
    }, (quiet) => {
      const { notice, engine } = get();
      if (quiet) set({ rate: 0, notice: { key: "notice.quiet", args: { engine } } });
      else if (notice?.key === "notice.quiet") set({ notice: null });
    }, (core, silence) => core.end(silent(core.engine, silence)));
  }

  /**
   * @param {Opened} opened @param {boolean} play @param {number} run @param {Uint8Array} [state]
   * @returns {StartRequest}
   */
  request(opened, play, run, state) {
    return { op: "start", run, link: opened.link, play, pace: get().pace, ...about(opened), ...(state ? { state } : {}) };
  }

  /** What a contest may do to the run that it was made for. @param {Opened} opened @param {number} id @param {Reason[]} given */
  host(opened, id, given) {
    // It may have been tuned since.
    const now = () => (id === this.id && get().opened) || opened;
    return {
      current: () => id === this.id,
      save: async () => (await this.save(false)).bytes,
      /** @param {{state: Uint8Array}} part */
      about: (part) => ({ op: "race", link: now().link, ...about(opened), ...part }),
      /** @param {Reason[]} reasons */
      explain: (reasons) => set({ reasons: [...given, ...reasons] }),
      /** @param {import("./core.js").Core} core */
      adopt: async (core) => {
        const before = this.fleet.core;
        // From here on neither engine is moved or played by hand; what was pressed meanwhile is made up for at the end.
        this.handing = id;
        try {
          const state = await before.ask({ op: "save", run: id, halt: true });
          const play = get().playing;
          const { resumed } = await core.ask(this.request(now(), play, id, state.bytes), HANDOVER);
          if (!resumed) throw new Error("the GPU did not take the state over");
          if (id !== this.id) return core.dispose();
          this.fleet.use(core);
          this.keep(state);
          this.handing = 0;
          this.agree(play);
        } catch (error) {
          if (this.handing === id) this.handing = 0;
          // The save had halted it.
          if (id === this.id) this.agree(false);
          throw error;
        }
      },
    };
  }

  /** @param {WorkerEvent} event */
  hear(event) {
    if (event.event === "alive") return;
    if (event.event === "failed") return this.broke(new Failure(event.reason, event.message));
    if (event.event === "data") {
      const { error, blocking } = event.data;
      // What failed is said where the data is waited for, with a way to try again.
      return set(error !== undefined && blocking ? { data: event.data, status: "failed" } : { data: event.data });
    }
    const { status, rate } = event;
    if (event.event === "progress") {
      set({ step: event.step, status, rate, sentence: event.sentence });
      // A run that is held back says nothing of its engine.
      if (!event.paced) {
        this.contest?.consider(rate, event.trained);
        learn(this.fleet.core.module, rate, event.trained);
      }
      return;
    }
    const { snapshot } = event;
    this.looker.paid(event.took);
    set({ snapshot, fresh: true, step: snapshot.step, status, rate, sentence: snapshot.sentence });
    if (OVER.includes(status)) this.looker.stop();
  }

  /** Whether it was with threads that it failed; one thread may still do. @param {unknown} error */
  giveUpThreads(error) {
    const { core } = this.fleet;
    if (core.threads === 1 || core.alive) return false;
    this.fleet.threaded = false;
    console.info("without threads from here on:", error);
    return true;
  }

  /**
   * A run that was under way and cannot go on: its worker ended, or the engine failed. Where another engine can, it does,
   * from the newest state that was kept.
   * @param {Error} error
   */
  broke(error) {
    const { opened, playing, step } = get();
    const { core } = this.fleet;
    // Its reports, and answers, are over.
    this.started = 0;
    const threads = this.giveUpThreads(error);
    if (!opened || !(threads || core.engine === "webgpu")) return this.fail(error);
    const lost = { engine: core.module, step, kept: this.kept.state };
    /** @type {Reason[]} */
    const reasons = [{ key: "why.not", args: { engine: core.module } }, reasonOf(error)];
    this.begin(opened, playing, { reasons, lost, ...(lost.kept ? { state: lost.kept.bytes } : {}), without: threads ? [] : ["webgpu"] });
  }

  /** @param {unknown} error */
  fail(error) {
    this.looker.stop();
    this.kept.stop();
    set({ status: "failed", error: reasonOf(error), rate: 0, busy: null });
  }

  // ---- what a person does ----

  play() {
    const { opened } = get();
    if (!opened) return;
    set({ playing: true, moved: "" });
    this.looker.start(opened.kind);
    this.press("play");
  }

  pause() {
    set({ playing: false });
    this.looker.stop();
    this.press("pause");
  }

  /** During a hand-over only what is wanted counts: `agree` passes it on. @param {"play" | "pause"} op */
  press(op) {
    if (this.handing !== this.id) this.tell({ op, run: this.id });
  }

  toggle() {
    if (get().status === "stopped") return this.onward();
    if (OVER.includes(get().status)) return;
    if (get().playing) this.pause();
    else this.play();
  }

  /** @param {string} which */
  move(which) {
    if (OVER.includes(get().status) || !get().fresh || this.handing === this.id) return;
    set({ playing: false, moved: which });
    this.looker.stop();
    this.tell({ op: "move", run: this.id, which });
  }

  /** The same link again, from step 0; with a fresh worker where the old one is dead. */
  reset() {
    if (!get().opened) return this.open(link.read());
    return this.inLine(async (wanted) => {
      const { opened } = get();
      if (!opened) return;
      await this.undo.keep();
      // Keeping takes a moment, in which a pause may come, or another link.
      if (!wanted()) return;
      this.begin(opened, get().playing);
      this.undo.offer();
    });
  }

  /**
   * The run as it was after an earlier step, where it stops: with the weights where they are held, else the link again from its
   * start. The run that is left can be had back.
   * @param {number} step
   */
  upTo(step) {
    return this.inLine(async (wanted) => {
      const { opened, snapshot } = get();
      if (!opened) return;
      const held = snapshot?.bestHeld && snapshot.best?.step === step
        ? await this.fleet.core.ask({ op: "best", run: this.id }).catch(() => undefined) : undefined;
      const earlier = /** @type {Opened} */ (await this.fleet.codec({ op: "open", link: link.upTo(opened.link, step) }));
      await this.undo.keep();
      if (!wanted()) return;
      link.push(earlier.link);
      this.begin(earlier, true, held ? { state: held } : {});
      this.undo.offer();
    });
  }

  /** The run before the last that started anew, with its weights. */
  goBack() {
    return this.inLine(async () => {
      const before = this.undo.pop();
      if (!before) return;
      set({ problems: [], refused: [] });
      link.push(before.opened.link);
      this.begin(before.opened, before.playing, { state: before.bytes });
      this.undo.offer();
    });
  }

  /** Goes on past `stop=N` with the weights as they are; only the stop changes, so the link still gives this run. */
  async onward() {
    if (await this.change({ stop: "" })) this.play();
  }

  /** @param {number} pace  steps per second, 0 for as many as can be */
  setPace(pace) {
    set({ pace });
    withdraw("pace");
    this.tell({ op: "pace", run: this.id, pace });
  }

  /** @param {boolean} halt  it trains no further @returns {Promise<Saved>} */
  save(halt) {
    return this.fleet.core.ask({ op: "save", run: this.id, halt });
  }

  retry() {
    const { data } = get();
    if (data?.error) set({ data: { ...data, error: undefined, loaded: 0, total: 0 } });
    if (data?.blocking) set({ status: "loading" });
    this.tell({ op: "retry", run: this.id });
  }

  /** @param {number} x @param {number} y @returns {Promise<number | undefined>} */
  probe(x, y) {
    return this.fleet.core.ask({ op: "probe", run: this.id, x, y });
  }

  /** @param {string[]} picks @returns {Promise<import("../types.d.ts").Handmade>} */
  byCode(picks) {
    return this.fleet.core.ask({ op: "byCode", run: this.id, picks });
  }

  /** @param {string} pick @returns {Promise<import("../types.d.ts").Near | undefined>} */
  nearest(pick) {
    return this.fleet.core.ask({ op: "nearest", run: this.id, pick });
  }

  /** @param {string} dataset @param {number} count @returns {Promise<Float32Array>} */
  preview(dataset, count) {
    return this.fleet.core.ask({ op: "preview", dataset, count });
  }

  /** A request whose answer is an event; a run that ended meanwhile has no need of it. @param {import("../types.d.ts").Request & {run: number}} request */
  tell(request) {
    this.fleet.core.ask(request).catch((error) => {
      // An engine that refuses what every run can do is broken, a GPU that was lost for one.
      if (request.run === this.started && this.started === this.id) this.broke(error);
    });
  }
}

/** @param {Lost} lost @param {string} engine that goes on @param {boolean} resumed  from the kept state @returns {Reason} */
function handedOn({ engine: lost, step, kept }, engine, resumed) {
  return resumed && kept ? { key: "notice.wentOn", args: { lost, at: step, step: kept.step, engine } }
    : { key: "notice.beganAgain", args: { lost, at: step, engine } };
}
