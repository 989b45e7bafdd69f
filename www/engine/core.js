/**
 * One worker with one engine: requests with answers, events without. It knows nothing of runs or of the page.
 * However the worker ends, `end` is the one way: what was still asked is rejected, and `onEnd` hears why. Only `dispose`,
 * for a worker that is no longer wanted, is silent.
 */
import { Failure } from "./failure.js";
import { compiled, glue, threads } from "./modules.js";

/** @import { Answer, EngineName, ModuleName, Ready, Reason, Request, WorkerEvent } from "../types.d.ts" */

/** Milliseconds until the worker's own files must be there. */
const LOADING = 20_000;
/** Milliseconds that an engine gets to start once its module is there; threads take the longest. */
const BOOTING = 20_000;

/** An error with what the page must know of it. */
export class CoreError extends Failure {
  /** @param {string} message @param {"refused" | "trap" | "silent" | "gone" | "absent"} kind @param {Reason} [reason] */
  constructor(message, kind, reason) {
    super(reason, message);
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
    if (this.alarm) this.alarm.onmessage = ({ data }) => this.hear({ event: "failed", run: 0, trap: true, ...data });
    /** False once the worker has ended, by itself or because it was ended. */
    this.alive = true;
    /** Why it is not. */
    this.cause = new CoreError("the worker has ended", "gone", { key: "end.gone" });
    /** @type {(event: WorkerEvent) => void} */
    this.onEvent = () => {};
    /** @type {(error: CoreError) => void} */
    this.onEnd = () => {};
    /** When the worker was last heard of. */
    this.heard = performance.now();
    /** Whether a run has been started here. */
    this.used = false;
    this.last = 0;
    /** @type {Map<number, {resolve: (value: any) => void, reject: (error: Error) => void}>} */
    this.waiting = new Map();
    /** Stops the wait for the worker's death. */
    this.leave = new AbortController();
    /** @type {Promise<Ready> | undefined} */
    this.booting = undefined;
    /** The lock that the worker holds. */
    this.lock = `gan-playground ${++workers} ${globalThis.crypto?.randomUUID?.() ?? Math.random()}`;
    this.loading = setTimeout(() => this.end(absent(true)), LOADING);
    this.worker = employ(this.lock);
    if (this.worker) this.listen(this.worker);
    else this.end(new CoreError("no module workers", "absent", { key: "end.noWorkers" }));
    // The cpu engines are wanted at once; a GPU engine first looks at the adapter, then boots.
    if (engine !== "webgpu") this.boot().catch(() => {});
  }

  /** @param {Worker} worker */
  listen(worker) {
    worker.onmessage = ({ data }) => ("event" in data ? this.hear(data) : this.settle(data));
    worker.onmessageerror = () => this.end(new CoreError("a message of the worker could not be read", "trap"));
    worker.onerror = (event) => {
      event.preventDefault();
      this.end(event.message ? new CoreError(event.message, "trap") : absent(false));
    };
  }

  /** Fetches, compiles and starts the engine, once. @returns {Promise<Ready>} */
  boot() {
    this.booting ??= compiled(this.module).then(
      (module) => this.ask({ op: "boot", engine: this.engine, glue: glue(this.module), module, threads: this.threads, alarm: this.alarm?.name ?? "" }, BOOTING),
    ).catch((error) => {
      // An engine that did not start leaves a worker that is good for nothing.
      const { message } = error instanceof Error ? error : new Error(String(error));
      const reason = error instanceof CoreError && error.kind === "silent"
        ? { key: "end.start", args: { engine: this.module, seconds: BOOTING / 1000 } }
        : error instanceof Failure ? error.reason : undefined;
      const end = new CoreError(message, "gone", reason);
      this.end(end);
      throw end;
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
    // Silence counts from here: before, nothing was owed.
    if (this.waiting.size === 0) this.heard = performance.now();
    if (request.op === "start") this.used = true;
    return new Promise((resolve, reject) => {
      const timer = patience > 0 ? setTimeout(() => this.end(silent(this.engine, patience)), patience) : undefined;
      /** @param {() => void} done */
      const clear = (done) => { clearTimeout(timer); done(); };
      this.waiting.set(id, { resolve: (v) => clear(() => resolve(v)), reject: (e) => clear(() => reject(e)) });
      this.worker?.postMessage({ id, ...request }, transfer);
    });
  }

  /** @param {Answer} answer */
  settle(answer) {
    this.heard = performance.now();
    const asked = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    const { error, trap, reason } = answer;
    if (error === undefined) asked?.resolve(answer.value);
    else asked?.reject(new CoreError(error, trap ? "trap" : "refused", reason));
    // What a module's memory holds after a trap is good for nothing, and its threads may wait for one another for ever.
    if (trap) this.end(new CoreError(error ?? "the engine trapped", "trap", reason));
  }

  /** @param {WorkerEvent} event */
  hear(event) {
    this.heard = performance.now();
    if (event.event === "alive") this.mourn();
    else if (event.event === "failed" && event.trap) this.end(new CoreError(event.message, "trap", event.reason));
    else this.onEvent(event);
  }

  /** The worker holds a lock as long as it lives: whoever gets it next knows that it died, even where it could not say so. */
  mourn() {
    clearTimeout(this.loading);
    navigator.locks?.request(this.lock, { signal: this.leave.signal }, () =>
      this.end(new CoreError("the worker ended", "gone", { key: "end.died" }))).catch(() => {});
  }

  /** @param {CoreError} error */
  end(error) {
    if (!this.alive) return;
    this.alive = false;
    this.cause = error;
    clearTimeout(this.loading);
    this.leave.abort();
    this.worker?.terminate();
    this.alarm?.close();
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
    this.onEnd(error);
  }

  dispose() {
    this.onEnd = () => {};
    this.end(this.cause);
  }
}

let workers = 0;

/** A module worker, or nothing where the browser has none. @param {string} name */
function employ(name) {
  let modules = false;
  try {
    // Who reads the type knows module workers; who does not would take the file for a script of the old kind.
    const worker = new Worker(new URL("../worker/worker.js", import.meta.url), { get type() { modules = true; return /** @type {const} */ ("module"); }, name });
    if (modules) return worker;
    worker.terminate();
  } catch {
    // As said.
  }
  return null;
}

/** @param {boolean} late  or it was refused */
function absent(late) {
  const file = "worker/worker.js";
  return new CoreError("the worker could not be loaded", "absent",
    late ? { key: "end.late", args: { file, seconds: LOADING / 1000 } } : { key: "end.file", args: { file } });
}

/** @param {string} engine @param {number} patience milliseconds */
export const silent = (engine, patience) =>
  new CoreError(`${engine} no longer answers`, "silent", { key: "end.silent", args: { engine, seconds: Math.round(patience / 1000) } });
