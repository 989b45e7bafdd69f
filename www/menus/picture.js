/** The stage as a picture: what stands on it, where it stands, under the experiment's name and step. */
import * as link from "../engine/link.js";
import * as format from "../format.js";
import { t, titleOf } from "../i18n.js";
import { colours } from "../panels/palette.js";
import { get } from "../state.js";

/** Pixels of the file for one of the page's. */
const SCALE = 2;
/** Page pixels above and below the stage, and around everything. */
const HEAD = 52;
const FOOT = 26;
const EDGE = 14;

/** @param {import("../types.d.ts").Snapshot} snapshot @returns {Promise<Blob | null>} */
export async function picture(snapshot) {
  const stage = document.querySelector(".stage");
  const canvases = [...(stage?.querySelectorAll("canvas") ?? [])].map((canvas) => ({ canvas, box: canvas.getBoundingClientRect() }));
  const shown = canvases.filter(({ box }) => box.width > 1);
  if (shown.length === 0) return null;
  const left = Math.min(...shown.map(({ box }) => box.left));
  const top = Math.min(...shown.map(({ box }) => box.top));
  const width = Math.max(...shown.map(({ box }) => box.right)) - left;
  const height = Math.max(...shown.map(({ box }) => box.bottom)) - top;

  const page = document.createElement("canvas");
  page.width = Math.round(SCALE * (width + 2 * EDGE));
  page.height = Math.round(SCALE * (height + HEAD + FOOT + 2 * EDGE));
  const context = page.getContext("2d");
  if (!context) return null;
  const palette = colours();
  context.fillStyle = palette.card;
  context.fillRect(0, 0, page.width, page.height);
  context.scale(SCALE, SCALE);
  for (const { canvas, box } of shown) {
    // Pixels of an image stay squares; a plot is finer than the page's pixels already.
    context.imageSmoothingEnabled = canvas.width > box.width;
    context.drawImage(canvas, EDGE + box.left - left, EDGE + HEAD + box.top - top, box.width, box.height);
  }
  const { opened } = get();
  const family = getComputedStyle(document.body).fontFamily;
  /** @param {string} text @param {string} font @param {string} colour @param {number} y */
  const write = (text, font, colour, y) => {
    context.font = `${font} ${family}`;
    context.fillStyle = colour;
    context.fillText(text, EDGE, y, width);
  };
  context.textBaseline = "middle";
  write(titleOf(opened), "600 17px", palette.ink, EDGE + 12);
  write(t("picture.step", { step: format.count(snapshot.step), print: snapshot.fingerprint }), "13px", palette.soft, EDGE + 34);
  if (opened) write(link.address(opened.link), "11px", palette.faint, EDGE + HEAD + height + FOOT / 2 + 4);
  return new Promise((resolve) => { page.toBlob(resolve, "image/png"); });
}
