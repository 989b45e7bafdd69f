/**
 * The workers of the page: the one at hand, how the next one is made, and how a stuck one is replaced. It knows engines,
 * not experiments.
 */
import { get, set } from "../state.js";
import { Core } from "./core.js";
import { gpuCore, ofImages, prove } from "./gpu.js";
import { hasSimd, threads } from "./modules.js";

/** @import { CoreError } from "./core.js" */
/** @import { EngineName, Opened, Reason, Request, StartRequest, WorkerEvent } from "../types.d.ts" */

/** Milliseconds after which a question that any engine can answer goes to one that does not train: a step may be long. */
const HURRY = 400;
/** Milliseconds that such a one gets. */
const PATIENCE = 20_000;
/** Milliseconds that the step of the run before gets to end, until its worker is replaced. */
const REST = 3000;

export class Fleet {
  /**
   * @param {Core} first
   * @param {(event: WorkerEvent) => void} hear  gets the events of the core at hand, of no other
   * @param {(error: CoreError) => void} lost  gets its end, if nobody asked for that
   */
  constructor(first, hear, lost) {
    this.core = first;
    this.hear = hear;
    this.lost = lost;
    /** One that does not train, while the other one is too busy to answer. @type {Core | null} */
    this.spare = null;
    /** Those that have yet to answer what was asked of them a while ago. @type {WeakSet<Core>} */
    this.busy = new WeakSet();
    /** Whether threads may be tried: not again once they could not be started. */
    this.threaded = true;
    /** What is to be said of the GPU at hand. @type {Reason | null} */
    this.note = null;
  }

  /** Something that any engine can answer: reading and writing links. @param {Request} request @returns {Promise<any>} */
  async codec(request) {
    if (!this.core.alive) this.core = new Core(hasSimd() ? "cpu" : "ndarray");
    const { core } = this;
    try {
      await this.ready(core);
      if (this.busy.has(core)) return await this.aside(request);
      const asked = core.ask(request);
      const late = await Promise.race([asked.then(() => false), sleep(HURRY)]);
      if (!late) {
        this.spare?.dispose();
        return await asked;
      }
      this.busy.add(core);
      const free = () => this.busy.delete(core);
      asked.then(free, free);
      return await this.aside(request);
    } catch (error) {
      // An engine that answered, with a refusal, is well, and so is the run on it.
      if (core.alive) throw error;
      // It gave way to another while it was asked: that one knows as well.
      if (core !== this.core) return this.codec(request);
      // Without the worker's file none will be.
      if (core.engine === "ndarray" || core.cause.kind === "absent") throw error;
      this.core = new Core("ndarray");
      await this.ready(this.core);
      return this.core.ask(request, PATIENCE);
    }
  }

  /** @param {Request} request */
  async aside(request) {
    if (!this.spare?.alive) this.spare = new Core(hasSimd() ? "cpu" : "ndarray");
    await this.ready(this.spare);
    return this.spare.ask(request, PATIENCE);
  }

  /** @param {Core} core */
  async ready(core) {
    const { catalog } = await core.boot();
    if (!get().catalog) set({ catalog });
  }

  /**
   * A loaded worker of that engine: the one at hand, or a new one. Large networks get one with threads, where there are any.
   * @param {EngineName} engine @param {Opened} opened @param {number} run that it is for @param {(busy: Reason) => void} say @returns {Promise<Core>}
   */
  async coreFor(engine, opened, run, say) {
    const module = engine === "cpu" && opened.large && this.threaded && threads() > 1 ? "cpu-threads" : engine;
    if (this.core.engine === engine && this.core.alive && (engine === "webgpu" || (this.core.module === module && !this.busy.has(this.core)))) {
      await this.core.boot();
      if (engine === "webgpu" && ofImages(opened)) await prove(this.core, true, say);
      return this.core;
    }
    // The run before would train on, unseen, for as long as the other engine loads.
    if (this.core.booting) this.core.ask({ op: "stop", run }).catch(() => {});
    if (engine === "webgpu") {
      const { core, note } = await gpuCore(true, ofImages(opened), say);
      this.note = note;
      return core;
    }
    const { spare } = this;
    if (spare?.alive && spare.module === module) {
      this.spare = null;
      return spare;
    }
    say({ key: "busy.engine", args: { engine } });
    const core = new Core(engine, module);
    try {
      await core.boot();
    } catch (error) {
      core.dispose();
      if (module === engine) throw error;
      // Without that module, or a browser that starts no worker from a worker, one thread gives the same numbers.
      this.threaded = false;
      return this.coreFor(engine, { ...opened, large: false }, run, say);
    }
    return core;
  }

  /**
   * Starts a run on the core at hand. One that is stuck in the run before, or ends of it, is replaced.
   * @param {() => StartRequest} make  the request as it is at the moment
   * @param {() => boolean} wanted  still
   * @returns {Promise<{resumed: boolean}>}
   */
  async start(make, wanted) {
    const { engine, module, used } = this.core;
    // A GPU is never hurried here, nor one that has nothing else to do: the watchdog sees to one that hangs.
    if (engine === "webgpu" || !used) return this.core.ask(make());
    try {
      return await this.core.ask(make(), REST);
    } catch (error) {
      if (this.core.alive || !wanted()) throw error;
      const core = new Core(engine, module);
      await core.boot();
      if (!wanted()) {
        core.dispose();
        throw error;
      }
      this.use(core);
      return core.ask(make());
    }
  }

  /** @param {Core} core */
  use(core) {
    if (core !== this.core) this.core.dispose();
    this.core = core;
    core.onEvent = (event) => { if (core === this.core) this.hear(event); };
    core.onEnd = (error) => { if (core === this.core) this.lost(error); };
    set({ engine: core.engine });
  }

  /** A core that came too late to be of use. @param {Core} core */
  discard(core) {
    if (core !== this.core) core.dispose();
  }
}

/** @param {number} ms @returns {Promise<true>} */
const sleep = (ms) => new Promise((resolve) => { setTimeout(() => resolve(true), ms); });
