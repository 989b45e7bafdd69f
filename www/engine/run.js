/**
 * The main thread's side of a run: turns what a person does into requests, drops stale answers, restarts a worker
 * that hangs or crashes, falls back from one engine to the next, and writes the store. Views only read.
 */
import { get, set } from "../state.js";
import { about, candidates } from "./chain.js";
import { Contest, won } from "./contest.js";
import { CoreError } from "./core.js";
import { Fleet } from "./fleet.js";
import { reasonOf } from "./gpu.js";
import * as link from "./link.js";
import { Looker } from "./looker.js";

/** @import { EngineName, Opened, Reason, StartRequest, Which, WorkerEvent } from "../types.d.ts" */

/** Milliseconds without a sound after which a GPU is lost; it is never asked to hurry. */
const GPU_PATIENCE = 120_000;

/** Milliseconds that a GPU which has just won a race gets to take the run over, while the other engine holds still. */
const HANDOVER = 30_000;

/** A run that trains no further by itself. @type {string[]} */
export const OVER = ["stopped", "diverged", "failed"];

/** Steps per second now: none where nothing trains. @param {import("../state.js").State} s */
export const rateNow = (s) => (s.status === "paused" || OVER.includes(s.status) ? 0 : s.rate);

export class Run {
  /** @param {import("./core.js").Core} first  the core that the page started before anything else */
  constructor(first) {
    this.fleet = new Fleet(first, (event) => { if (event.run === this.id) this.hear(event); });
    this.id = 0;
    /** Changes are made one after the other: each needs the link that the one before gave. */
    this.line = Promise.resolve();
    /** @type {Contest | null} */
    this.contest = null;
    this.looker = new Looker(() => this.fleet.core.ask({ op: "look", run: this.id }));
    /** The run whose hand-over to another engine is under way: nobody may move it meanwhile. */
    this.handing = 0;
    this.heard = 0;
    setInterval(() => this.watch(), 5000);
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
    return this.inLine(async () => {
      const opened = /** @type {Opened} */ (await this.fleet.codec({ op: "open", link: text }));
      set({ problems: opened.problems, refused: [] });
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

  /** @param {Record<string, string>} changes fields by name, in the link's text form; "" is the default */
  change(changes) {
    return this.inLine(async () => {
      const before = get().opened;
      if (!before) return;
      const { core } = this.fleet;
      const opened = /** @type {Opened} */ (
        await this.fleet.codec({ op: "change", link: before.link, changes }));
      const replaced = core !== this.fleet.core;
      // The core puts a default in the place of what it refuses; nobody asked for that one, so the old value holds.
      const refused = opened.problems.filter(({ field }) => field != null && field in changes);
      set({ problems: refused.length > 0 ? [] : opened.problems, refused });
      if (refused.length > 0) return replaced ? void this.begin(before, get().playing) : set({ opened: { ...before } });
      // What changes nothing leaves the run alone, unless its worker had to be replaced.
      if (opened.link === before.link && !replaced) return set({ opened });
      link.push(opened.link);
      this.begin(opened, get().playing);
    });
  }

  /** @param {() => Promise<void>} work */
  inLine(work) {
    this.line = this.line.then(work).catch((error) => {
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
   * @param {{state?: Uint8Array, without?: EngineName[], reasons?: Reason[]}} [options]
   * @returns {Promise<void>}
   */
  async begin(opened, play, { state, without = [], reasons = [] } = {}) {
    const id = ++this.id;
    this.looker.stop();
    this.contest = null;
    set({
      opened, playing: play, status: "loading", sentence: [], step: 0, rate: 0, data: null, error: "", moved: "",
      fresh: false, reasons, busy: { key: "busy.start" }, notice: null,
    });
    try {
      for (const engine of candidates(opened, this.fleet.core, without, reasons)) {
        try {
          const core = await this.fleet.coreFor(engine, opened.large, id, (busy) => { if (id === this.id) set({ busy }); });
          if (id !== this.id) return this.fleet.discard(core);
          this.fleet.use(core);
          this.heard = performance.now();
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
          if (this.giveUpThreads(error)) return this.begin(opened, get().playing, { without, reasons, ...(state ? { state } : {}) });
          // An experiment that the cpu refuses is the link's fault, not the engine's.
          if (engine !== "webgpu") throw error;
          reasons.push({ key: "why.not", args: { engine } }, reasonOf(error));
          continue;
        }
        if (id !== this.id) return;
        this.agree(asked);
        // A state that is refused leaves the run at step 0, which nobody asked for.
        if (state && !resumed) set({ notice: { key: "notice.notResumed" } });
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

  /** A GPU that is lost does not always say so; one may be lost before its first picture, too. */
  watch() {
    const { engine, playing, status, fresh, data } = get();
    const waits = data?.blocking && !data.done;
    const due = engine === "webgpu" && this.fleet.core.engine === "webgpu" && (playing || !fresh) && !OVER.includes(status);
    // Silence counts only while something is due from the GPU itself.
    if (!due || waits || document.hidden) this.heard = performance.now();
    else if (performance.now() - this.heard > GPU_PATIENCE) this.broke("it no longer answers", true);
  }

  /**
   * @param {Opened} opened @param {boolean} play @param {number} run @param {Uint8Array} [state]
   * @returns {StartRequest}
   */
  request(opened, play, run, state) {
    return { op: "start", run, link: opened.link, play, ...about(opened), ...(state ? { state } : {}) };
  }

  /** What a contest may do to the run that it was made for. @param {Opened} opened @param {number} id @param {Reason[]} given */
  host(opened, id, given) {
    return {
      current: () => id === this.id,
      save: () => this.fleet.core.ask({ op: "save", run: id }),
      /** @param {{state: Uint8Array}} part */
      about: (part) => ({ op: "race", link: opened.link, ...about(opened), ...part }),
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
          const { resumed } = await core.ask(this.request(opened, play, id, state), HANDOVER);
          if (!resumed) throw new Error("the GPU did not take the state over");
          if (id !== this.id) return core.dispose();
          this.heard = performance.now();
          this.fleet.use(core);
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
    this.heard = performance.now();
    if (event.event === "failed") return this.broke(event.message, event.trap);
    if (event.event === "data") {
      const { error, blocking } = event.data;
      if (error !== undefined && blocking) return set({ data: event.data, status: "failed", error });
      return set({ data: event.data });
    }
    const { status, rate } = event;
    if (event.event === "progress") {
      set({ step: event.step, status, rate, sentence: event.sentence });
      this.contest?.consider(rate, event.trained);
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

  /** A run that trained and then could not: the GPU was lost, or the module trapped. @param {string} message @param {boolean} trap */
  broke(message, trap) {
    const { opened, playing, engine } = get();
    if (trap) this.fleet.core.dispose();
    if (opened && this.giveUpThreads(message)) {
      /** @type {Reason[]} */
      const reasons = [{ key: "why.not", args: { engine: "cpu-threads" } }, { key: "why.broke", args: { message } }];
      this.begin(opened, playing, { reasons });
      return;
    }
    if (engine === "webgpu" && opened) {
      /** @type {Reason[]} */
      const reasons = [{ key: "why.not", args: { engine } }, { key: "why.broke", args: { message } }];
      this.begin(opened, playing, { without: ["webgpu"], reasons });
      return;
    }
    this.fail(new Error(message));
  }

  /** @param {unknown} error */
  fail(error) {
    this.looker.stop();
    set({ status: "failed", error: error instanceof Error ? error.message : String(error), busy: null });
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
    if (OVER.includes(get().status)) return;
    if (get().playing) this.pause();
    else this.play();
  }

  /** @param {Which} which */
  move(which) {
    if (OVER.includes(get().status) || !get().fresh || this.handing === this.id) return;
    set({ playing: false, moved: which });
    this.looker.stop();
    this.tell({ op: "move", run: this.id, which });
  }

  /** The same link again, from step 0; with a fresh worker where the old one is dead. */
  reset() {
    const { opened, playing } = get();
    if (!opened) return this.open(link.read());
    return this.begin(opened, playing);
  }

  /** Goes on past `stop=N` with the weights as they are; only the stop changes, so the link still gives this run. */
  async onward() {
    const before = get().opened;
    if (!before) return;
    await this.inLine(async () => {
      const state = /** @type {Uint8Array} */ (await this.fleet.core.ask({ op: "save", run: this.id }));
      const opened = /** @type {Opened} */ (
        await this.fleet.core.ask({ op: "change", link: before.link, changes: { stop: "" } }));
      link.push(opened.link);
      this.begin(opened, true, { state });
    });
  }

  retry() {
    const { data } = get();
    if (data?.error) set({ data: { ...data, error: undefined, loaded: 0, total: 0 }, error: "" });
    if (data?.blocking) set({ status: "loading" });
    this.tell({ op: "retry", run: this.id });
  }

  /** @param {number} x @param {number} y @returns {Promise<number | undefined>} */
  probe(x, y) {
    return this.fleet.core.ask({ op: "probe", run: this.id, x, y });
  }

  /** @param {string} dataset @param {number} count @returns {Promise<Float32Array>} */
  preview(dataset, count) {
    return this.fleet.core.ask({ op: "preview", dataset, count });
  }

  /** A request whose answer is an event; a run that ended meanwhile has no need of it. @param {import("../types.d.ts").Request} request */
  tell(request) {
    this.fleet.core.ask(request).catch((error) => {
      if (error instanceof CoreError && error.kind === "trap") this.broke(error.message, true);
    });
  }
}
