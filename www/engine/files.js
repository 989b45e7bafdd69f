/** Saved runs as files: written by the Save menu, opened again by a drop anywhere on the page or by a picker. Pictures may be dropped too, and the files of a set of images. */
import { isIdx, takeIdx } from "../own/idx.js";
import { dropped, isPicture, take } from "../own/take.js";
import { get, set } from "../state.js";
import * as link from "./link.js";

/** @import { Opened } from "../types.d.ts" */
/** @typedef {import("./run.js").Run} Run */

/** How a saved run's file name ends. */
export const ENDING = ".gan";
/** Bytes beyond which a file is no state: more than the largest networks have. */
const MOST = 2 ** 29;

/**
 * Opens a saved run where it was, at rest, so that it is seen before it moves.
 * @param {Run} run @param {File} file
 */
export function openFile(run, file) {
  return run.inLine(async () => {
    try {
      if (file.size > MOST) return refuse(file, { key: "file.large" });
      const bytes = new Uint8Array(await file.arrayBuffer());
      const { link: text } = /** @type {{link: string}} */ (await run.fleet.codec({ op: "inspect", bytes }));
      const opened = /** @type {Opened} */ (await run.fleet.codec({ op: "open", link: text }));
      await run.undo.keep();
      set({ problems: [], refused: [] });
      link.push(opened.link);
      run.begin(opened, false, { state: bytes });
      run.undo.offer();
    } catch (error) {
      refuse(file, { key: "file.bad", args: { message: error instanceof Error ? error.message : String(error) } });
    }
  });
}

/** @param {File} file @param {import("../types.d.ts").Reason} why */
function refuse({ name }, { key, args }) {
  set({ notice: { key, args: { ...args, name } } });
}

/** Lets the person choose one. @param {Run} run */
export function pick(run) {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = ENDING;
  input.onchange = () => {
    const [file] = input.files ?? [];
    if (file) openFile(run, file);
  };
  input.click();
}

/** @param {Run} run */
export function startDrops(run) {
  const files = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") ?? false;
  addEventListener("dragover", (event) => {
    if (!files(event)) return;
    event.preventDefault();
    if (!get().dropping) set({ dropping: true });
  });
  addEventListener("dragleave", (event) => {
    // Within the page a file leaves one element for the next.
    if (!event.relatedTarget) set({ dropping: false });
  });
  addEventListener("drop", (event) => {
    if (!files(event)) return;
    event.preventDefault();
    set({ dropping: false });
    if (event.dataTransfer) open(run, event.dataTransfer);
  });
}

/** Pictures are to be learned from; anything else is a saved run, or says that it is none. @param {Run} run @param {DataTransfer} transfer */
async function open(run, transfer) {
  const files = await dropped(transfer);
  const [file] = files;
  if (file && files.every(isIdx)) takeIdx(run, files);
  else if (files.length > 1 || (file && isPicture(file))) take(run, files);
  else if (file) openFile(run, file);
}
