/**
 * The IDX files that MNIST and Fashion-MNIST are given away as, for a server that does not have them: cut into the files that a run
 * asks for, and laid where the worker looks first. The core checks them as it checks a server's.
 */
import { get, set } from "../state.js";
import { CACHE } from "./shelf.js";

/** @typedef {import("../engine/run.js").Run} Run */
/** What one of the files has: its numbers, and how many there are along each axis. @typedef {{sizes: number[], data: Uint8Array}} Idx */

const NAME = /(train|t10k)-(images|labels)[-.]idx[13]-ubyte(\.gz)?$/i;
/** Images in a file that a run asks for. */
const SHARD = 10_000;

/** @param {File} file */
export const isIdx = ({ name }) => NAME.test(name);

/** @param {Run} run @param {File[]} files */
export async function takeIdx(run, files) {
  const { catalog, opened } = get();
  const dataset = catalog?.datasets.find(({ name }) => name === opened?.values.data);
  // Such files are grey.
  if (!dataset || dataset.kind !== "images" || dataset.own || opened?.image?.channels !== 1) return set({ notice: { key: "idx.which" } });
  try {
    /** @type {Map<string, Idx>} */
    const found = new Map();
    for (const file of files) {
      const [, part = "", kind = ""] = NAME.exec(file.name) ?? [];
      found.set(`${part}-${kind}`.toLowerCase(), await read(file));
    }
    const store = await caches.open(CACHE);
    let shards = 0;
    for (const part of ["train", "t10k"]) {
      const [images, labels] = [found.get(`${part}-images`), found.get(`${part}-labels`)];
      if (!images || !labels) {
        // Who has a part of the data has a part of the files; the test images are asked for by few.
        if (part === "train" || images || labels) throw new Error(`${part}-images and ${part}-labels belong together`);
        continue;
      }
      const [count = 0, ...axes] = images.sizes;
      if (labels.sizes[0] !== count) throw new Error(`${count} images of ${part} and ${labels.sizes[0]} labels`);
      const each = axes.reduce((product, n) => product * n, 1);
      for (let from = 0; from + SHARD <= count; from += SHARD, shards++) {
        const body = new Blob([images.data.subarray(from * each, (from + SHARD) * each), labels.data.subarray(from, from + SHARD)].map((part) => /** @type {BlobPart} */ (part)));
        await store.put(new URL(`data/${dataset.name}/${shards}.shard`, document.baseURI).href, new Response(body));
      }
    }
    if (get().data?.error) run.retry();
    else await run.reset();
  } catch (error) {
    set({ notice: { key: "idx.bad", args: { message: error instanceof Error ? error.message : String(error) } } });
  }
}

/** @param {File} file @returns {Promise<Idx>} */
async function read(file) {
  const start = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const packed = start[0] === 0x1f && start[1] === 0x8b;
  const stream = packed ? file.stream().pipeThrough(new DecompressionStream("gzip")) : file.stream();
  const bytes = await new Response(stream).arrayBuffer();
  const view = new DataView(bytes);
  // Two zeros, 8 for bytes, and the number of axes.
  if (bytes.byteLength < 8 || view.getUint16(0) !== 0 || view.getUint8(2) !== 8) throw new Error(`${file.name} is no IDX file of bytes`);
  const axes = view.getUint8(3);
  const sizes = Array.from({ length: axes }, (_, i) => view.getUint32(4 + 4 * i));
  const data = new Uint8Array(bytes, 4 + 4 * axes);
  if (data.length !== sizes.reduce((product, n) => product * n, 1)) throw new Error(`${file.name} is cut short, or longer than it says`);
  return { sizes, data };
}
