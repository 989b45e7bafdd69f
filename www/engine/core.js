/**
 * One worker with one engine: requests with answers, events without. It knows nothing of runs or of the page.
 * Ending it is `dispose()`; whatever was still asked is then rejected.
 */
import { compiled, glue, threads } from "./modules.js";

/** @import { Answer, EngineName, ModuleName, Ready, Request, WorkerEvent } from "../types.d.ts" */

/** Milliseconds that threads get to start; without them one is enough. */
const JOINING = 20_000;

/** An error with what the page must know of it. */
export class CoreError extends Error {
  /** @param {string} message @param {"refused" | "trap" | "silent" | "gone"} kind */
  constructor(message, kind) {
    super(message);
    this.kind = kind;
  }
}

export class Core {
  /** @param {EngineName} engine @param {ModuleName} [module]  the build of it */
  constructor(engine, module = engine) {
    this.engine = engine;
    this.module = module;
    /** How many threads compute. */
    this.threads = module === "cpu-threads" ? threads() : 1;
    /** Where a thread that fails says so: the worker that trains waits for it and cannot. @type {BroadcastChannel | null} */
    this.alarm = this.threads > 1 ? new BroadcastChannel(`gan-playground ${crypto.randomUUID()}`) : null;
    if (this.alarm) this.alarm.onmessage = ({ data }) => {
      this.end(new CoreError(data, "trap"));
      this.onEvent({ event: "failed", run: 0, message: data, trap: true });
    };
    /** False once a request went unanswered, the worker crashed, or it was ended. */
    this.alive = true;
    /** Why it is not. */
    this.cause = new CoreError("the worker has ended", "gone");
    /** @type {(event: WorkerEvent) => void} */
    this.onEvent = () => {};
    this.last = 0;
    /** @type {Map<number, {resolve: (value: any) => void, reject: (error: Error) => void}>} */
    this.waiting = new Map();
    this.worker = new Worker(new URL("../worker/worker.js", import.meta.url), { type: "module" });
    this.worker.onmessage = ({ data }) => ("event" in data ? this.onEvent(data) : this.settle(data));
    this.worker.onerror = (event) => {
      event.preventDefault();
      this.end(new CoreError(event.message || "the worker could not be loaded", "trap"));
    };
    /** @type {Promise<Ready> | undefined} */
    this.booting = undefined;
    // The cpu engines are wanted at once; a GPU engine first looks at the adapter, then boots.
    if (engine !== "webgpu") this.boot().catch(() => {});
  }

  /** Fetches, compiles and starts the engine, once. @returns {Promise<Ready>} */
  boot() {
    this.booting ??= compiled(this.module).then(
      (module) => this.ask({ op: "boot", engine: this.engine, glue: glue(this.module), module, threads: this.threads, alarm: this.alarm?.name ?? "" },
        this.threads > 1 ? JOINING : 0),
    ).catch((error) => {
      // An engine that did not start leaves a worker that is good for nothing.
      this.end(new CoreError(error instanceof Error ? error.message : String(error), "gone"));
      throw error;
    });
    return this.booting;
  }

  /**
   * @param {Request} request
   * @param {number} [patience] after so many milliseconds without an answer the worker counts as hung
   * @param {Transferable[]} [transfer]
   * @returns {Promise<any>}
   */
  ask(request, patience = 0, transfer = []) {
    if (!this.alive) return Promise.reject(this.cause);
    const id = ++this.last;
    return new Promise((resolve, reject) => {
      const timer = patience > 0
        ? setTimeout(() => this.end(new CoreError("the worker does not answer", "silent")), patience)
        : undefined;
      /** @param {() => void} done */
      const clear = (done) => { clearTimeout(timer); done(); };
      this.waiting.set(id, { resolve: (v) => clear(() => resolve(v)), reject: (e) => clear(() => reject(e)) });
      this.worker.postMessage({ id, ...request }, transfer);
    });
  }

  /** @param {Answer} answer */
  settle(answer) {
    const asked = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if (answer.error === undefined) asked?.resolve(answer.value);
    else asked?.reject(new CoreError(answer.error, answer.trap ? "trap" : "refused"));
    // What a module's memory holds after a trap is good for nothing, and its threads may wait for one another for ever.
    if (answer.trap) this.end(new CoreError(answer.error ?? "the engine trapped", "trap"));
  }

  /** @param {CoreError} error */
  end(error) {
    if (this.alive) this.cause = error;
    this.alive = false;
    this.worker.terminate();
    this.alarm?.close();
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }

  dispose() {
    this.end(this.cause);
  }
}
