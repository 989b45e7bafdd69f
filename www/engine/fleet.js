/**
 * The workers of the page: the one at hand, how the next one is made, and how a stuck one is replaced. It knows engines,
 * not experiments.
 */
import { get, set } from "../state.js";
import { Core, CoreError } from "./core.js";
import { gpuCore } from "./gpu.js";
import { hasSimd, threads } from "./modules.js";

/** @import { EngineName, Reason, Request, StartRequest, WorkerEvent } from "../types.d.ts" */

/** Milliseconds that a busy cpu worker gets to answer before it counts as hung (one step of a huge network is long). */
const PATIENCE = 4000;

export class Fleet {
  /** @param {Core} first @param {(event: WorkerEvent) => void} hear  gets the events of the core at hand, of no other */
  constructor(first, hear) {
    this.core = first;
    this.hear = hear;
    /** Whether threads may be tried: not again once they could not be started. */
    this.threaded = true;
    /** What is to be said of the GPU at hand. @type {Reason | null} */
    this.note = null;
  }

  /** Something that any engine can answer: reading and writing links. @param {Request} request */
  async codec(request) {
    if (!this.core.alive) this.core = new Core(hasSimd() ? "cpu" : "ndarray");
    try {
      const { catalog } = await this.core.boot();
      if (!get().catalog) set({ catalog });
      return await this.core.ask(request, PATIENCE);
    } catch (error) {
      // An engine that answered, with a refusal, is well, and so is the run on it.
      if (this.core.alive) throw error;
      const hung = error instanceof CoreError && error.kind === "silent";
      if (!hung && this.core.engine === "ndarray") throw error;
      this.core.dispose();
      this.core = new Core(hung && this.core.engine !== "webgpu" ? this.core.engine : "ndarray");
      const { catalog } = await this.core.boot();
      if (!get().catalog) set({ catalog });
      return this.core.ask(request);
    }
  }

  /**
   * A loaded worker of that engine: the one at hand, or a new one. Large networks get one with threads, where there are any.
   * @param {EngineName} engine @param {boolean} large @param {number} run that it is for @param {(busy: Reason) => void} say @returns {Promise<Core>}
   */
  async coreFor(engine, large, run, say) {
    const module = engine === "cpu" && large && this.threaded && threads() > 1 ? "cpu-threads" : engine;
    if (this.core.engine === engine && this.core.alive && (this.core.module === module || engine === "webgpu")) {
      await this.core.boot();
      return this.core;
    }
    // The run before would train on, unseen, for as long as the other engine loads.
    if (this.core.booting) this.core.ask({ op: "stop", run }).catch(() => {});
    if (engine === "webgpu") {
      const { core, note } = await gpuCore(true, say);
      this.note = note;
      return core;
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
      return this.coreFor(engine, false, run, say);
    }
    return core;
  }

  /**
   * Starts a run on the core at hand. A cpu worker stuck in one huge step of the run before is replaced.
   * @param {() => StartRequest} make  the request as it is at the moment
   * @param {() => boolean} wanted  still
   * @returns {Promise<{resumed: boolean}>}
   */
  async start(make, wanted) {
    const { engine, module } = this.core;
    // A GPU is never hurried here: `Run.watch` sees to one that hangs.
    if (engine === "webgpu") return this.core.ask(make());
    try {
      return await this.core.ask(make(), 2 * PATIENCE);
    } catch (error) {
      if (!(error instanceof CoreError) || error.kind !== "silent" || !wanted()) throw error;
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
    set({ engine: core.engine });
  }

  /** A core that came too late to be of use. @param {Core} core */
  discard(core) {
    if (core !== this.core) core.dispose();
  }
}
