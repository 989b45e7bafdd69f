/** Takes a person's own pictures, dropped or chosen, and starts a run on them. */
import { offer, withdraw } from "../offers.js";
import { get, set } from "../state.js";
import { IMAGES_BY } from "../examples.js";
import { shrink, SIZES } from "./pictures.js";
import { count, isOwn, keep } from "./shelf.js";

/** @typedef {import("../engine/run.js").Run} Run */

/** The most that a run takes. */
const MOST = 10_000;
/** File names that are told; of more it is told how many. */
const TOLD = 3;
/** Milliseconds of work between two breaths. */
const BREATH = 30;

/** The newest work: of two the older one stops. */
let newest = 0;

/** Whether a file might be a picture. @param {File} file */
export const isPicture = ({ type, name }) => type.startsWith("image/") || /\.(png|jpe?g|gif|webp|avif|bmp|svg)$/i.test(name);

/** @param {Run} run @param {File[]} files */
export async function take(run, files) {
  const turn = ++newest;
  /** @type {Uint8Array[][]} */
  const made = SIZES.map(() => []);
  /** @type {string[]} */
  const left = [];
  const some = files.slice(0, MOST);
  let told = performance.now();
  for (const [i, file] of some.entries()) {
    if (turn !== newest) return;
    try {
      (await shrink(file)).forEach((pixels, size) => made[size]?.push(pixels));
    } catch {
      left.push(file.name);
    }
    if (performance.now() - told > BREATH) {
      offer({ id: "own", what: { key: "own.taking", args: { done: i + 1, of: some.length } }, label: { key: "own.stop" }, act: stop, dismissed: stop });
      await new Promise((resolve) => { setTimeout(resolve); });
      told = performance.now();
    }
  }
  if (turn !== newest) return;
  withdraw("own");
  const taken = made[0]?.length ?? 0;
  if (taken > 0) {
    for (const [size, { dataset }] of SIZES.entries()) await keep(dataset, file(made[size] ?? [], taken), taken);
    if (turn === newest) await start(run, get().opened?.values.data ?? "", true);
  }
  if (taken === 0) set({ notice: { key: "own.none", args: { files: names(left) } } });
  else if (left.length > 0) set({ notice: { key: "own.left", args: { count: taken, files: names(left) } } });
  else if (files.length > MOST) set({ notice: { key: "own.most", args: { count: MOST } } });
}

const stop = () => {
  newest++;
  withdraw("own");
};

/** All pixels, and then the labels, which are all the same. @param {Uint8Array[]} images @param {number} count */
function file(images, count) {
  const each = images[0]?.length ?? 0;
  const bytes = new Uint8Array(count * (each + 1));
  images.forEach((pixels, i) => bytes.set(pixels, i * each));
  return bytes;
}

/** @param {string[]} files */
const names = (files) => files.slice(0, TOLD).join(", ") + (files.length > TOLD ? ` … (${files.length})` : "");

/**
 * A run on the images that there are, of a dataset of own ones.
 * @param {Run} run @param {string} dataset @param {boolean} fresh  they are others than before
 */
export async function start(run, dataset, fresh = false) {
  const { catalog, opened } = get();
  const data = isOwn(dataset) ? dataset : SIZES[0].dataset;
  const family = catalog?.families.find(({ name }) => name === opened?.values.family);
  // Who plays with images goes on with these; others leave them to who does.
  const able = family?.datasets.includes(data) && opened?.kind === "images";
  const before = opened?.link;
  const images = count();
  const holds = await run.change({ data, ...(images > 0 ? { images: String(images) } : {}), ...(able ? {} : { family: IMAGES_BY }) });
  if (fresh && holds && get().opened?.link === before) await run.reset();
}

/**
 * Lets the person choose files: pictures, if nothing else is said.
 * @param {Run} run @param {(files: File[]) => unknown} [use] @param {string} [accept]
 */
export function choose(run, use = (files) => take(run, files), accept = "image/*") {
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = true;
  input.accept = accept;
  input.onchange = () => {
    const files = [...(input.files ?? [])];
    if (files.length > 0) use(files);
  };
  input.click();
}

/** Files of a drop, those in folders too. @param {DataTransfer} transfer @returns {Promise<File[]>} */
export async function dropped(transfer) {
  // Asked for at once: after the first wait the drop is over.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  const files = [...transfer.files];
  if (!entries.some((entry) => entry?.isDirectory)) return files;
  return (await Promise.all(entries.map((entry) => (entry ? within(entry) : [])))).flat();
}

/** @param {FileSystemEntry} entry @returns {Promise<File[]>} */
async function within(entry) {
  if (entry.isFile) return new Promise((resolve) => { /** @type {FileSystemFileEntry} */ (entry).file((file) => resolve([file]), () => resolve([])); });
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  /** @type {FileSystemEntry[]} */
  const all = [];
  // A folder is read a hundred entries at a time.
  for (;;) {
    const some = await new Promise((/** @type {(entries: FileSystemEntry[]) => void} */ resolve) => { reader.readEntries(resolve, () => resolve([])); });
    if (some.length === 0) break;
    all.push(...some);
  }
  return (await Promise.all(all.map(within))).flat();
}
