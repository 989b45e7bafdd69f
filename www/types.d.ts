/**
 * The shapes that cross a boundary: what an engine module (`pkg/<engine>/gan_playground.js`) exports, which the core
 * describes itself, and the messages between the page and its worker. No code, types only.
 */

import type * as Package from "../src/web/types.ts";
import type { Advance, Catalog, EngineName, Field, Message, SessionStatus, Snapshot, Text } from "../src/web/types.ts";
export type * from "../src/web/types.ts";

/** A folder of `pkg/`: an engine, or the cpu engine on shared memory. */
export type ModuleName = EngineName | "cpu-threads";
/** How a run that trains fares: `running` is on its way, `good` matches the data, the others want help. */
export type Health = Exclude<SessionStatus, "waiting" | "stopped" | "diverged">;
/** What the page says of the run, mirrored in `document.documentElement.dataset.status`. */
export type RunStatus = Health | "loading" | "paused" | "stopped" | "diverged" | "failed";
/** What a change of a field does to a run, see `Field`. */
export type Effect = Field["effect"];

export type Progress = Advance;

// ---- the engine module ------------------------------------------------------------------------

/** What the module exports, and what starts it. */
export type EngineModule = typeof Package & {
  default(options: { module_or_path: WebAssembly.Module | URL | string }): Promise<unknown>;
};

/** The module of `pkg/cpu-threads`. */
export type ThreadedModule = typeof Package & {
  default(options: { module_or_path: WebAssembly.Module, memory?: WebAssembly.Memory }): Promise<{ memory: WebAssembly.Memory }>;
  announce(threads: number): void;
  help(): never;
};

// ---- page and worker --------------------------------------------------------------------------

/** A sentence to be translated when shown: a key of the string table and what it is filled with. */
export interface Reason { key: string; args?: Record<string, string | number> }

/** Requests, each answered once under the same `id`. */
export type Request =
  | { op: "boot"; engine: EngineName; glue: string; module: WebAssembly.Module; threads: number; alarm: string }
  | { op: "adapter" }
  | { op: "selfTest"; images: boolean }
  | { op: "open"; link: string }
  | { op: "change"; link: string; changes: Record<string, string>; step: number }
  | { op: "inspect"; bytes: Uint8Array }
  | { op: "preview"; dataset: string; count: number }
  | StartRequest
  | { op: "play" | "pause" | "retry" | "stop"; run: number }
  | { op: "tune"; run: number; changes: Record<string, string> }
  | { op: "pace"; run: number; pace: number }
  | { op: "samples"; run: number; count: number }
  | { op: "move"; run: number; which: string }
  | { op: "look"; run: number }
  | { op: "probe"; run: number; x: number; y: number }
  | { op: "byCode"; run: number; picks: string[] }
  | { op: "nearest"; run: number; pick: string }
  | { op: "save"; run: number; halt?: boolean }
  | { op: "best"; run: number }
  | { op: "race"; link: string; state: Uint8Array; base: string; dataset: string; own?: Uint8Array | null };

export interface StartRequest {
  op: "start"; run: number; link: string; play: boolean;
  /** Steps per second, 0 for as many as can be. */
  pace: number;
  /** What relative shard addresses are relative to: the page. */
  base: string;
  /** The dataset's title, to say what is loading. */
  dataset: string;
  /** Of a dataset of own images: its file, or null where this page has none. */
  own?: Uint8Array | null;
  /** A saved state to go on from, instead of step 0. */
  state?: Uint8Array;
}

/** `anew` is true where nothing has been trained yet, so that the run is to be started under the link instead. */
export interface Tuned { opened: Opened; anew: boolean }
/** The state after `step` steps, and the milliseconds that saving it took. */
export interface Saved { bytes: Uint8Array; step: number; took: number }
/** Of the generator after `step` steps. */
export interface Samples { values: Float32Array; step: number }
/** `reason`: what the page says instead of the error's own words. */
export interface Answer { id: number; value?: unknown; error?: string; trap?: boolean; reason?: Reason }
export interface Ready { engine: string; catalog: Catalog }
export interface Adapter { ok: boolean; software: boolean; name: string; why?: "missing" | "refused" }
export interface Race { rate: number; whole: boolean }

/** What the worker tells unasked; each names its run, so that a stale one can be dropped. */
export type WorkerEvent =
  | { event: "progress"; run: number; step: number; status: RunStatus; sentence: Message[]; rate: number; trained: number; paced: boolean }
  | { event: "snapshot"; run: number; status: RunStatus; rate: number; snapshot: Snapshot; took: number }
  | { event: "data"; run: number; data: DataState }
  /** The worker's files are there and run. */
  | { event: "alive"; run: number }
  /** A `trap` is the end of the worker, otherwise of the run. */
  | { event: "failed"; run: number; message: string; trap: boolean; reason?: Reason };

/** Where the loading of a run's data stands; `done` once nothing is missing. */
export interface DataState {
  title: string; shard: number; of: number; loaded: number; total: number;
  done: boolean;
  /** True while training cannot go on without it. */
  blocking: boolean;
  error?: string;
  /** What the page says instead of the error's own words. */
  reason?: Reason;
}
