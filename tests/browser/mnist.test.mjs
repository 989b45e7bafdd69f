/** Pictures: MNIST's digits arrive, are checked and kept, and a run learns from them. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { launch, open, revived, state, stopped, until, url, visit } from "./browser.mjs";

/** @import { Page } from "playwright-core" */

const browser = await launch();
after(() => browser.close());

const LINK = "v=1&data=mnist&g=32&d=32&stop=20&engine=cpu";
const SHARD = "**/data/mnist/0.shard";

/** Brightness of a mosaic's pixels. @param {Page} page @param {"generated" | "real"} role */
const brightness = (page, role) => page.locator(`.pictures canvas.is-${role}`).evaluate((canvas) => {
  const { width, height } = /** @type {HTMLCanvasElement} */ (canvas);
  const pixels = /** @type {HTMLCanvasElement} */ (canvas).getContext("2d")?.getImageData(0, 0, width, height).data ?? [];
  const grey = Array.from({ length: pixels.length / 4 }, (_, i) => ((pixels[4 * i] ?? 0) + (pixels[4 * i + 1] ?? 0) + (pixels[4 * i + 2] ?? 0)) / 3);
  const mean = grey.reduce((a, b) => a + b, 0) / grey.length;
  return { width, height, mean, spread: Math.sqrt(grey.reduce((a, b) => a + (b - mean) ** 2, 0) / grey.length) };
});

test("the digits load, a run learns from them, and a second visit downloads nothing", { timeout: 180_000 }, async () => {
  const { page, faults } = await visit(browser);
  /** @type {string[]} */
  const asked = [];
  page.on("request", (request) => { if (request.url().endsWith(".shard")) asked.push(new URL(request.url()).pathname); });
  await open(page, LINK);
  const first = await stopped(page, 20, 120);
  assert.equal(first.engine, "cpu");
  assert.deepEqual(asked.map((path) => path.split("/").at(-1)), ["0.shard"], "10,000 images are one file");

  const canvas = page.locator(".pictures canvas.is-generated");
  await canvas.waitFor();
  const real = await brightness(page, "real");
  const generated = await brightness(page, "generated");
  // Six rows and columns of 28 pixels at the least; digits are ink and paper, and even early samples are not flat.
  assert.ok(generated.width >= 168 && generated.height >= 168, JSON.stringify(generated));
  assert.ok(real.spread > 40, JSON.stringify(real));
  assert.ok(generated.spread > 1, JSON.stringify(generated));
  assert.match(await page.locator("footer").innerText(), /MNIST.*LeCun.*CC BY-SA/);

  await page.reload();
  const second = await stopped(page, 20, 120);
  assert.equal(second.fingerprint, first.fingerprint);
  assert.equal(asked.length, 1, "the second visit reads the browser's cache");
  assert.deepEqual(faults, []);
});

test("generated digits change while it trains, always from the same noise", { timeout: 120_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, LINK.replace("&stop=20", ""));
  await until(page, "some steps", (now) => now.step > 0, 90);
  const canvas = page.locator(".pictures canvas.is-generated");
  await canvas.waitFor();
  const picture = () => canvas.evaluate((c) => /** @type {HTMLCanvasElement} */ (c).toDataURL());
  const early = await picture();
  const { step } = await until(page, "more steps", (now) => now.step > 100, 60);
  await page.waitForTimeout(500);
  assert.notEqual(await picture(), early, `at step ${step}`);
  await page.keyboard.press("Space");
  await until(page, "a pause", (now) => now.status === "paused");
  await page.waitForTimeout(500);
  const still = await picture();
  await page.waitForTimeout(1000);
  assert.equal(await picture(), still, "a paused run shows one picture");
  assert.deepEqual(faults, []);
});

const good = async () => Buffer.from(await (await fetch(url + "data/mnist/0.shard")).arrayBuffer());

for (const [what, spoil, message] of /** @type {[string, (file: Buffer) => Buffer, RegExp][]} */ ([
  ["truncated", (file) => file.subarray(0, file.length / 2), /MNIST.*truncated/s],
  ["altered", (file) => { const raw = gunzipSync(file); raw[12345] = 255 - (raw[12345] ?? 0); return gzipSync(raw, { level: 1 }); }, /MNIST.*altered/s],
])) {
  test(`a file that is ${what} is refused with its reason, and trying again helps`, { timeout: 180_000 }, async () => {
    const { page, faults } = await visit(browser);
    const bad = spoil(await good());
    await page.route(SHARD, (route) => route.fulfill({ contentType: "application/octet-stream", body: bad }));
    await open(page, LINK);
    const alert = page.locator(".loading[role=alert]");
    await alert.waitFor({ timeout: 90_000 });
    assert.match(await alert.innerText(), message);
    assert.equal((await state(page)).status, "failed");
    await page.unroute(SHARD);
    await alert.getByRole("button", { name: "Try again" }).click();
    await revived(page);
    await stopped(page, 20, 120);
    assert.equal(await alert.count(), 0);
    assert.deepEqual(faults, []);
  });
}

test("a file that does not come is a message, and trying again helps", { timeout: 180_000 }, async () => {
  const { page } = await visit(browser);
  await page.route(SHARD, (route) => route.abort());
  await open(page, LINK);
  const alert = page.locator(".loading[role=alert]");
  await alert.waitFor({ timeout: 60_000 });
  await page.unroute(SHARD);
  await alert.getByRole("button", { name: "Try again" }).click();
  await revived(page);
  await stopped(page, 20, 120);
});

test("DCGAN learns clothes, and a server without them says what adds them", { timeout: 180_000 }, async () => {
  const { page } = await visit(browser);
  await page.route("**/data/fashion/*.shard", (route) => route.fulfill({ status: 404, body: "" }));
  const link = "v=2&data=fashion&family=dcgan&width=8&batch=16&stop=30&engine=cpu";
  await open(page, link);
  await page.locator(".loading", { hasText: "cargo xtask data fashion" }).waitFor({ timeout: 30_000 });
  await page.unroute("**/data/fashion/*.shard");
  await page.getByRole("button", { name: "Try again" }).click();
  await stopped(page, 30, 120);
  const [real, generated] = [await brightness(page, "real"), await brightness(page, "generated")];
  assert.ok(real.spread > 30 && generated.spread > 10, JSON.stringify([real, generated]));
  // What passes through the networks is told.
  const told = await page.locator(".flow .network title").allTextContents();
  assert.deepEqual(told, ["16 → 7×7×8 → 14×14×8 → 14×14×4 → 28×28×4 → 28×28", "28×28 → 14×14×4 → 7×7×8 → 64 → 1"]);
});
