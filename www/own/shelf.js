/**
 * A person's own images, as the files that a run asks for. They are in this page as long as it is open, and in the browser's cache
 * besides, where it has one, so that a reload finds them. They never leave the device.
 */
import { get } from "../state.js";

/** Where the worker looks for data before it asks a server. */
export const CACHE = "gan-playground-data";
const COUNTS = "gan-playground-own";

/** @type {Map<string, Uint8Array>} */
const held = new Map();

/** The file of a dataset's images, if this page holds one. @param {string} dataset */
export const own = (dataset) => held.get(dataset);

/** Whether a dataset is of a person's own images. @param {string | undefined} dataset */
export const isOwn = (dataset) => get().catalog?.datasets.find(({ name }) => name === dataset)?.own ?? false;

/** @param {string} dataset @param {Uint8Array} bytes  the pixels of its images, and then a label for each @param {number} count */
export async function keep(dataset, bytes, count) {
  held.set(dataset, bytes);
  try {
    localStorage.setItem(COUNTS, String(count));
    const url = new URL(`data/${dataset}/0.shard`, document.baseURI).href;
    await (await caches.open(CACHE)).put(url, new Response(/** @type {BodyInit} */ (bytes)));
  } catch {
    // They are gone with the page then.
  }
}

/** How many images there were last, 0 where nobody has given any. */
export function count() {
  try {
    const kept = Number(localStorage.getItem(COUNTS));
    return Number.isInteger(kept) && kept > 0 ? kept : 0;
  } catch {
    return 0;
  }
}
