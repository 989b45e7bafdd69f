/* tslint:disable */
/* eslint-disable */

/**
 * One run.
 */
export class Session {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Trains until `budget` milliseconds are over or `max_steps` steps are done; 0 stands for no such bound. With neither
     * bound it does one step.
     */
    advance(budget: number, max_steps: number): Promise<object>;
    /**
     * The run of a link, at step 0.
     */
    static create(link: string): Promise<Session>;
    /**
     * Evaluates the run as it is now and gives the metrics.
     */
    evaluate(): Promise<object[]>;
    /**
     * Continues from a saved state of the same experiment.
     */
    load(bytes: Uint8Array | number[]): Promise<void>;
    /**
     * One step (`both`), or only D's (`d`) or G's (`g`) half of it.
     */
    move(which: string): Promise<object>;
    /**
     * The piece of data that the run must have before it can go on (`{shard, url}`), or undefined.
     */
    needs(): {shard: number, url: string} | undefined;
    /**
     * D's probability that a point (data units) is real; undefined for images.
     */
    probe(x: number, y: number): Promise<number | undefined>;
    /**
     * Provides a shard as its file holds it; throws if it is truncated or altered.
     */
    provide(shard: number, bytes: Uint8Array | number[]): void;
    /**
     * The whole state as bytes, for [`Session::load`] on any engine.
     */
    save(): Promise<Uint8Array>;
    /**
     * How many shards of data the whole run uses.
     */
    shards(): number;
    /**
     * What there is to see.
     */
    snapshot(): Promise<object>;
    /**
     * Where a shard lies, relative to the page; undefined if the run has no such shard.
     */
    url(shard: number): string | undefined;
}

/**
 * Families, datasets and fields.
 */
export function catalog(): object;

/**
 * The experiment of a link with some fields replaced (`changes`: name → text; an empty text resets the field).
 */
export function change(link: string, changes: object): object;

/**
 * The name of this module's engine.
 */
export function engineName(): string;

/**
 * The experiment of a link. Never throws: what is wrong is listed in `problems`.
 */
export function open(link: string): object;

/**
 * `count` points of a dataset, `x, y` in turn, in data units; empty for images or an unknown name.
 */
export function preview(dataset: string, count: number): Float32Array;

/**
 * Checks the engine against known values: `{ok, detail}`.
 */
export function selfTest(): Promise<object>;

export function start(): void;

export type InitInput = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;

export interface InitOutput {
    readonly memory: WebAssembly.Memory;
    readonly __wbg_session_free: (a: number, b: number) => void;
    readonly catalog: () => any;
    readonly change: (a: number, b: number, c: any) => any;
    readonly engineName: () => [number, number];
    readonly open: (a: number, b: number) => any;
    readonly preview: (a: number, b: number, c: number) => [number, number];
    readonly selfTest: () => any;
    readonly session_advance: (a: number, b: number, c: number) => any;
    readonly session_create: (a: number, b: number) => any;
    readonly session_evaluate: (a: number) => any;
    readonly session_load: (a: number, b: number, c: number) => any;
    readonly session_move: (a: number, b: number, c: number) => any;
    readonly session_needs: (a: number) => any;
    readonly session_probe: (a: number, b: number, c: number) => any;
    readonly session_provide: (a: number, b: number, c: number, d: number) => [number, number];
    readonly session_save: (a: number) => any;
    readonly session_shards: (a: number) => number;
    readonly session_snapshot: (a: number) => any;
    readonly session_url: (a: number, b: number) => [number, number];
    readonly start: () => void;
    readonly wasm_bindgen_c91fcf28d5384488___convert__closures_____invoke___js_sys_22a1a1e10ab4ca0f___Function_fn_wasm_bindgen_c91fcf28d5384488___JsValue_____wasm_bindgen_c91fcf28d5384488___sys__Undefined___js_sys_22a1a1e10ab4ca0f___Function_fn_wasm_bindgen_c91fcf28d5384488___JsValue_____wasm_bindgen_c91fcf28d5384488___sys__Undefined_______true_: (a: number, b: number, c: any, d: any) => void;
    readonly wasm_bindgen_c91fcf28d5384488___convert__closures_____invoke___wasm_bindgen_c91fcf28d5384488___JsValue__core_5b4cc36580a4b0db___result__Result_____wasm_bindgen_c91fcf28d5384488___JsError___true_: (a: number, b: number, c: any) => [number, number];
    readonly __wbindgen_malloc: (a: number, b: number) => number;
    readonly __wbindgen_realloc: (a: number, b: number, c: number, d: number) => number;
    readonly __wbindgen_free: (a: number, b: number, c: number) => void;
    readonly __wbindgen_exn_store: (a: number) => void;
    readonly __externref_table_alloc: () => number;
    readonly __wbindgen_externrefs: WebAssembly.Table;
    readonly __wbindgen_destroy_closure: (a: number, b: number) => void;
    readonly __externref_table_dealloc: (a: number) => void;
    readonly __wbindgen_start: () => void;
}

export type SyncInitInput = BufferSource | WebAssembly.Module;

/**
 * Instantiates the given `module`, which can either be bytes or
 * a precompiled `WebAssembly.Module`.
 *
 * @param {{ module: SyncInitInput }} module - Passing `SyncInitInput` directly is deprecated.
 *
 * @returns {InitOutput}
 */
export function initSync(module: { module: SyncInitInput } | SyncInitInput): InitOutput;

/**
 * If `module_or_path` is {RequestInfo} or {URL}, makes a request and
 * for everything else, calls `WebAssembly.instantiate` directly.
 *
 * @param {{ module_or_path: InitInput | Promise<InitInput> }} module_or_path - Passing `InitInput` directly is deprecated.
 *
 * @returns {Promise<InitOutput>}
 */
export default function __wbg_init (module_or_path?: { module_or_path: InitInput | Promise<InitInput> } | InitInput | Promise<InitInput>): Promise<InitOutput>;
