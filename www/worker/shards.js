/**
 * The data files of a run: fetched with progress, kept in the browser's cache so that a second visit downloads nothing.
 * The core checks every file; one that it refuses is thrown away and fetched once more before the person hears of it.
 * Nothing here waits for ever: not for a server, and not for the cache, without which it goes as well.
 */
import { within } from "./within.js";

/** @import { Reason } from "../types.d.ts" */

const CACHE = "gan-playground-data";
/** Milliseconds that the cache gets for anything. */
const CACHING = 5000;
/** Milliseconds without a byte of a file. */
const SILENCE = 20_000;

/** A file that did not come, in a sentence of the page's. */
export class Absent extends Error {
  /** @param {Reason} reason */
  constructor(reason) {
    super(reason.key);
    this.reason = reason;
  }
}

/** The cache, where the browser has one (it may be missing on plain http, or refused in private windows). */
async function cache() {
  try {
    return await within(caches.open(CACHE), CACHING);
  } catch {
    return undefined;
  }
}

/** What the cache holds of it. @param {Cache | undefined} store @param {string} url */
async function kept(store, url) {
  const read = async () => {
    const response = await store?.match(url);
    return response && new Uint8Array(await response.arrayBuffer());
  };
  return within(read(), CACHING).catch(() => undefined);
}

/**
 * @param {string} url
 * @param {(bytes: Uint8Array) => Promise<void>} accept  rejects when the bytes are not what they should be
 * @param {(loaded: number, total: number) => void} report
 * @param {AbortSignal} wanted  aborted once nobody wants the file any more: its download would hold up the next of the same
 * @returns {Promise<void>} when `accept` took the bytes
 */
export async function shard(url, accept, report, wanted) {
  const store = await cache();
  const bytes = await kept(store, url);
  wanted.throwIfAborted();
  if (bytes) {
    report(bytes.length, bytes.length);
    try {
      return await accept(bytes);
    } catch {
      // Damaged in the cache: fetch it anew.
      store?.delete(url).catch(() => {});
    }
  }
  /** @type {unknown} */
  let refusal;
  for (const mode of /** @type {RequestCache[]} */ (["default", "reload"])) {
    const bytes = await download(url, mode, report, wanted);
    try {
      await accept(bytes);
    } catch (error) {
      refusal = error;
      continue;
    }
    // Only accepted bytes are kept. A full disk is no reason to stop, nor is a slow one.
    store?.put(url, new Response(/** @type {BodyInit} */ (bytes))).catch(() => {});
    return;
  }
  throw refusal;
}

/**
 * A person's own images, which no server has: as the page holds them, or as an earlier visit left them here.
 * @param {string} url
 * @param {Uint8Array | null} own
 * @param {(bytes: Uint8Array) => Promise<void>} accept
 * @param {AbortSignal} wanted
 */
export async function owned(url, own, accept, wanted) {
  const bytes = own ?? await kept(await cache(), url);
  wanted.throwIfAborted();
  if (!bytes) throw new Absent({ key: "own.absent" });
  return accept(bytes);
}

/**
 * @param {string} url
 * @param {RequestCache} mode
 * @param {(loaded: number, total: number) => void} report
 * @param {AbortSignal} wanted
 */
async function download(url, mode, report, wanted) {
  const file = new URL(url).pathname.split("/").slice(-3).join("/");
  const late = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => late.abort(new Absent({ key: "end.late", args: { file, seconds: SILENCE / 1000 } })), SILENCE);
  };
  const drop = () => late.abort(wanted.reason);
  wanted.addEventListener("abort", drop);
  try {
    wanted.throwIfAborted();
    heard();
    const response = await fetch(url, { cache: mode, signal: late.signal });
    if (!response.ok || !response.body) throw new Absent({ key: "end.http", args: { file, status: response.status } });
    const total = Number(response.headers.get("content-length") ?? 0);
    report(0, total);
    /** @type {Uint8Array[]} */
    const chunks = [];
    let loaded = 0;
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      heard();
      chunks.push(value);
      loaded += value.length;
      report(loaded, Math.max(total, loaded));
    }
    const bytes = new Uint8Array(loaded);
    let at = 0;
    for (const chunk of chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return bytes;
  } catch (error) {
    if (late.signal.aborted) throw late.signal.reason;
    // What fetch throws where nothing came.
    if (error instanceof TypeError) throw new Absent({ key: "end.file", args: { file } });
    throw error;
  } finally {
    clearTimeout(timer);
    wanted.removeEventListener("abort", drop);
  }
}
