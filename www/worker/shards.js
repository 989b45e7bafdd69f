/**
 * The data files of a run: fetched with progress, kept in the browser's cache so that a second visit downloads nothing.
 * The core checks every file; one that it refuses is thrown away and fetched once more before the person hears of it.
 */

const CACHE = "gan-playground-data";

/** The cache, where the browser has one (it may be missing on plain http, or refused in private windows). */
async function cache() {
  try {
    return await caches.open(CACHE);
  } catch {
    return null;
  }
}

/**
 * @param {string} url
 * @param {(bytes: Uint8Array) => Promise<void>} accept  rejects when the bytes are not what they should be
 * @param {(loaded: number, total: number) => void} report
 * @returns {Promise<void>} when `accept` took the bytes
 */
export async function shard(url, accept, report) {
  const store = await cache();
  const kept = await store?.match(url).catch(() => undefined);
  if (kept) {
    try {
      const bytes = new Uint8Array(await kept.arrayBuffer());
      report(bytes.length, bytes.length);
      return await accept(bytes);
    } catch {
      // Damaged in the cache: fetch it anew.
      await store?.delete(url);
    }
  }
  /** @type {unknown} */
  let refusal;
  for (const mode of /** @type {RequestCache[]} */ (["default", "reload"])) {
    const bytes = await download(url, mode, report);
    try {
      await accept(bytes);
    } catch (error) {
      refusal = error;
      continue;
    }
    // Only accepted bytes are kept. A full disk is no reason to stop.
    await store?.put(url, new Response(/** @type {BodyInit} */ (bytes))).catch(() => {});
    return;
  }
  throw refusal;
}

/**
 * @param {string} url
 * @param {RequestCache} mode
 * @param {(loaded: number, total: number) => void} report
 */
async function download(url, mode, report) {
  const response = await fetch(url, { cache: mode });
  if (!response.ok || !response.body) throw new Error(`${new URL(url).pathname}: HTTP ${response.status}`);
  const total = Number(response.headers.get("content-length") ?? 0);
  report(0, total);
  /** @type {Uint8Array[]} */
  const chunks = [];
  let loaded = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
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
}
