/** What is seen of networks besides samples: codes by class, lines of codes, what a first layer looks for; and remarks on settings. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { launch, open, pause, trains, until, visit } from "./browser.mjs";

const browser = await launch();
after(() => browser.close());

/** How many colours a canvas has, among some of its pixels. @param {import("playwright-core").Locator} canvas */
const coloursOf = (canvas) => canvas.evaluate((element) => {
  const { width, height } = /** @type {HTMLCanvasElement} */ (element);
  const data = /** @type {HTMLCanvasElement} */ (element).getContext("2d")?.getImageData(0, 0, width, height).data ?? [];
  const found = new Set();
  for (let i = 0; i + 3 < data.length; i += 4) found.add(`${(data[i] ?? 0) >> 5} ${(data[i + 1] ?? 0) >> 5} ${(data[i + 2] ?? 0) >> 5}`);
  return found.size;
});

test("codes of test images are drawn by class, and what the first layer looks for", { timeout: 90_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, "v=2&data=mnist&images=1000&family=autoencoder&layers=32&engine=cpu");
  await until(page, "an evaluation", (now) => trains(now) && "probe" in now.metrics, 60);
  const cloud = page.locator(".cloud", { hasText: "a colour for each class" }).locator("canvas");
  await cloud.scrollIntoViewIfNeeded();
  await page.waitForTimeout(600);
  await pause(page);
  assert.ok(await coloursOf(cloud) > 8, "ten classes have their colours");
  const looked = page.locator(".sheet", { hasText: "first layer looks for" }).locator("canvas");
  await looked.scrollIntoViewIfNeeded();
  await page.waitForTimeout(600);
  assert.ok(await coloursOf(looked) > 4, "from dark to light");
  // No game: nothing to be asked of the picture, and no field to be put away.
  await open(page, "v=2&data=moons&family=vae&engine=cpu");
  await until(page, "a run", (now) => trains(now) && now.step > 0);
  await page.locator(".lede", { hasText: "Thin lines: what becomes of straight lines of codes" }).waitFor();
  assert.equal(await page.locator("#probe").count(), 0);
  assert.equal(await page.locator(".legend .is-field").count(), 0);
  assert.deepEqual(faults, []);
});

test("a remark stands beside the field that it is about, and goes with its cause", { timeout: 60_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, "v=2&penalty=gp&dnorm=batch&engine=cpu");
  await until(page, "a run", (now) => trains(now) && now.step > 0);
  const penalty = page.locator(".field", { has: page.getByRole("combobox", { name: "Penalty" }) });
  await penalty.locator(".remark", { hasText: "D normalises by the batch" }).waitFor();
  await page.getByRole("combobox", { name: "Penalty" }).selectOption("r1");
  await penalty.locator(".remark").waitFor({ state: "detached" });
  assert.deepEqual(faults, []);
});
