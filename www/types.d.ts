/**
 * The shapes that cross a boundary: what an engine module (`pkg/<engine>/gan_playground.js`) exports,
 * and the messages between the page and its worker. No code, types only.
 */

export type EngineName = "cpu" | "ndarray" | "webgpu";
/** A folder of `pkg/`: an engine, or the cpu engine on shared memory. */
export type ModuleName = EngineName | "cpu-threads";
/** What a session says of itself. `running` covers healthy learning. */
export type SessionStatus = "running" | "stopped" | "collapsed" | "saturated" | "diverged" | "waiting";
/** What the page says of the run, mirrored in `document.documentElement.dataset.status`. */
export type RunStatus = "loading" | "running" | "paused" | "stopped" | "collapsed" | "saturated" | "diverged" | "failed";
export type Which = "both" | "d" | "g";

// ---- the engine module ------------------------------------------------------------------------

export interface EngineModule {
  default(options: { module_or_path: WebAssembly.Module | URL | string }): Promise<unknown>;
  engineName(): string;
  catalog(): Catalog;
  open(link: string): Opened;
  change(link: string, changes: Record<string, string>): Opened;
  /** `count` x 2 points in data units, or nothing for image sets. */
  preview(dataset: string, count: number): Float32Array;
  selfTest(): Promise<SelfTest>;
  Session: { create(link: string): Promise<Session> };
}

/** The module of `pkg/cpu-threads`. */
export interface ThreadedModule extends EngineModule {
  default(options: { module_or_path: WebAssembly.Module, memory?: WebAssembly.Memory }): Promise<{ memory: WebAssembly.Memory }>;
  announce(threads: number): void;
  help(): never;
}

export interface SelfTest { ok: boolean; detail: string }

export interface Session {
  needs(): Need | undefined;
  /** How many pieces of data the whole run uses, and where each is, relative to the page. */
  shards(): number;
  url(shard: number): string | undefined;
  provide(shard: number, bytes: Uint8Array): void;
  /** A budget of 0 is none: exactly `maxSteps` steps, unless the run ends before. */
  advance(budgetMs: number, maxSteps: number): Promise<Progress>;
  move(which: Which): Promise<Progress>;
  /** Measures at the current step; the next snapshot carries the result. */
  evaluate(): Promise<Metric[]>;
  snapshot(): Promise<Snapshot>;
  probe(x: number, y: number): Promise<number | undefined>;
  save(): Promise<Uint8Array>;
  load(bytes: Uint8Array): Promise<void>;
  free(): void;
}

export interface Need { shard: number; url: string }
export interface Progress { step: number; ran: number; status: SessionStatus; sentence: Message[] }
/** Something that the core says: its code and what fills it in, for a translation; its English. */
export interface Message { code: string; args: Record<string, string>; text: string }

export interface Catalog { version: number; families: Family[]; datasets: Dataset[]; fields: Field[] }
export interface Family { name: string; title: string; about: string; paper: string; year: number }
export interface Dataset {
  name: string; title: string; about: string; kind: Kind; source: string; attribution: string;
}
export type Kind = "points" | "images";
export interface Option { value: string; title: string; about: string }
export interface Field {
  name: string; title: string; about: string;
  group: "data" | "game" | "generator" | "discriminator" | "run";
  kind: "choice" | "integer" | "number" | "layers" | "seed";
  options?: Option[] | null;
  /** Bounds of an integer or a number; of a layer's width for `layers`. */
  min?: number | null; max?: number | null; scale?: "factors" | "decay" | null;
  max_layers?: number | null;
  /** Shown only where every listed field has one of these values. */
  only?: { field: string; is: string[] }[] | null;
}
export interface Problem { field?: string | null; what: Message; instead?: Message | null }
export interface Opened {
  /** Canonical text, `v=1&…`: only what differs from the defaults. */
  link: string;
  values: Record<string, string>; defaults: Record<string, string>;
  problems: Problem[]; title: string; kind: Kind;
  /** Numbers in a sample: what D takes in and G puts out. */
  features: number;
  /** Whether threads would share the work of a step. */
  large: boolean;
}

export interface Snapshot {
  step: number; status: SessionStatus; sentence: Message[];
  /** Eight hexadecimal digits of the weights at `step`. */
  fingerprint: string;
  /** True once a network moved alone: the link no longer reproduces the weights. */
  detour: boolean;
  metrics: Metric[]; metricsStep: number; panels: Panel[];
  parameters: { g: number; d: number };
}
export interface Metric {
  name: string; title: string; value: number; unit: string; of?: number | null;
  /** What a generator that matches the data exactly would score with as many samples, and the spread of that score. */
  ideal?: number | null; spread?: number | null;
  better: "higher" | "lower" | "near";
}
export type Role = "real" | "generated";
/** x0, y0, x1, y1 in data units. */
export type Extent = [number, number, number, number];
export interface PointsPanel {
  kind: "points"; name: string; role: Role; shape: number[]; data: Float32Array; extent: Extent;
}
/** D's probability that a point is real; row 0 is the lowest (y0). */
export interface FieldPanel { kind: "field"; name: string; shape: number[]; data: Float32Array; extent: Extent }
/** n pictures of h x w, 0 black to 1 white. */
export interface ImagesPanel { kind: "images"; name: string; role: Role; shape: number[]; data: Float32Array }
export interface Curve {
  name: string; role: "generator" | "discriminator"; data: Float32Array; equilibrium?: number | null;
}
export interface SeriesPanel {
  kind: "series"; name: string; shape: number[]; steps: ArrayLike<number>; curves: Curve[];
}
export type Panel = PointsPanel | FieldPanel | ImagesPanel | SeriesPanel;

// ---- page and worker --------------------------------------------------------------------------

/** A sentence to be translated when shown: a key of the string table and what it is filled with. */
export interface Reason { key: string; args?: Record<string, string | number> }

/** Requests, each answered once under the same `id`. */
export type Request =
  | { op: "boot"; engine: EngineName; glue: string; module: WebAssembly.Module; threads: number; alarm: string }
  | { op: "adapter" }
  | { op: "selfTest" }
  | { op: "open"; link: string }
  | { op: "change"; link: string; changes: Record<string, string> }
  | { op: "preview"; dataset: string; count: number }
  | StartRequest
  | { op: "play" | "pause" | "retry" | "stop"; run: number }
  | { op: "move"; run: number; which: Which }
  | { op: "look"; run: number }
  | { op: "probe"; run: number; x: number; y: number }
  | { op: "save"; run: number; halt?: boolean }
  | { op: "race"; link: string; state: Uint8Array; base: string; dataset: string };

export interface StartRequest {
  op: "start"; run: number; link: string; play: boolean;
  /** What relative shard addresses are relative to: the page. */
  base: string;
  /** The dataset's title, to say what is loading. */
  dataset: string;
  /** A saved state to go on from, instead of step 0. */
  state?: Uint8Array;
}

export interface Answer { id: number; value?: unknown; error?: string; trap?: boolean }
export interface Ready { engine: string; catalog: Catalog }
export interface Adapter { ok: boolean; software: boolean; name: string; why?: "missing" | "refused" }
export interface Race { rate: number; whole: boolean }

/** What the worker tells unasked; each names its run, so that a stale one can be dropped. */
export type WorkerEvent =
  | { event: "progress"; run: number; step: number; status: RunStatus; sentence: Message[]; rate: number; trained: number }
  | { event: "snapshot"; run: number; status: RunStatus; rate: number; snapshot: Snapshot; took: number }
  | { event: "data"; run: number; data: DataState }
  | { event: "failed"; run: number; message: string; trap: boolean };

/** Where the loading of a run's data stands; `done` once nothing is missing. */
export interface DataState {
  title: string; shard: number; of: number; loaded: number; total: number;
  done: boolean;
  /** True while training cannot go on without it. */
  blocking: boolean;
  error?: string;
}
