/**
 * What never answers gets a time limit, a word and a way on: the worker's file, a module, a data file, the cache. Nobody
 * waits for what is no longer wanted: of links in a burst the newest counts, and a download for nobody is dropped.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { launch, open, revived, stopped, trains, until, visit } from "./browser.mjs";

/** @import { Page } from "playwright-core" */

const browser = await launch();
after(() => browser.close());

const SMALL = "v=1&batch=32&g=8&d=8&stop=20";
const DIGITS = "v=1&data=mnist&g=32&d=32&stop=20&engine=cpu";
const SHARD = "**/data/mnist/0.shard";

/** Milliseconds that the page is to wait at a place, instead of many. @param {Page} page @param {string} file @param {string} constant */
const hurried = (page, file, constant) => page.route(`**/${file}`, async (route) => {
  const answer = await route.fetch();
  const before = await answer.text();
  const body = before.replace(new RegExp(`(const ${constant} =) [\\d_]+`), "$1 2000");
  assert.notEqual(body, before, `${file} is as the test expects it`);
  await route.fulfill({ response: answer, body });
});

/** Files that are asked for and never come. @param {Page} page @param {string} files */
const silent = (page, files) => page.route(files, () => {});

for (const [what, files, file, constant, word] of [
  ["the worker's file", "**/worker/worker.js", "engine/core.js", "LOADING", /worker\/worker\.js did not come within/],
  ["a file of the worker's", "**/worker/loop.js", "engine/core.js", "LOADING", /worker\/worker\.js did not come within/],
  ["every module", "**/pkg/*/*.wasm", "engine/modules.js", "ANSWER", /ndarray\/gan_playground_bg\.wasm did not come within/],
  ["every module's other half", "**/pkg/*/*.js", "engine/core.js", "BOOTING", /The engine ndarray did not start within/],
]) {
  test(`${what} never answers: failed, with a word, and starting again helps once it does`, { timeout: 90_000 }, async () => {
    const { page } = await visit(browser);
    await hurried(page, String(file), String(constant));
    await silent(page, String(files));
    await open(page, SMALL);
    await page.locator("html[data-status=failed]").waitFor({ state: "attached", timeout: 30_000 });
    const health = page.locator(".health");
    assert.match(await health.innerText(), /** @type {RegExp} */ (word));
    await page.unroute(String(files));
    await health.getByRole("button", { name: "Start again" }).click();
    await revived(page);
    await stopped(page, 20);
  });
}

test("the cpu's module never answers: ndarray, with the reason", { timeout: 90_000 }, async () => {
  const { page } = await visit(browser);
  await hurried(page, "engine/modules.js", "ANSWER");
  await silent(page, "**/pkg/cpu/*.wasm");
  await open(page, SMALL);
  assert.equal((await stopped(page, 20)).engine, "ndarray");
  assert.match(await page.locator("#engine").innerText(), /cpu could not be used\..*did not come within/s);
});

test("a data file never answers: one card says so, with one button that helps once it does", { timeout: 120_000 }, async () => {
  const { page } = await visit(browser);
  await hurried(page, "worker/shards.js", "SILENCE");
  await silent(page, SHARD);
  await open(page, DIGITS);
  const alert = page.locator(".loading[role=alert]");
  await alert.waitFor({ timeout: 60_000 });
  assert.match(await alert.innerText(), /MNIST.*mnist\/0\.shard did not come within/s);
  assert.equal(await page.locator("html").getAttribute("data-status"), "failed");
  assert.equal(await page.locator(".health").count(), 0, "no second card");
  assert.equal(await page.getByRole("button", { name: /again$/ }).count(), 1, "no second button");
  await page.unroute(SHARD);
  await alert.getByRole("button", { name: "Try again" }).click();
  await revived(page);
  await stopped(page, 20, 90);
});

test("a cache that never answers is done without", { timeout: 120_000 }, async () => {
  const { page, faults } = await visit(browser);
  await page.route("**/worker/worker.js", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: "CacheStorage.prototype.open = () => new Promise(() => {});\n" + await answer.text() });
  });
  await open(page, DIGITS);
  await stopped(page, 20, 90);
  assert.deepEqual(faults, []);
});

test("a download that nobody wants any more is dropped, and the next of the same file does not wait for it", { timeout: 120_000 }, async () => {
  const { page } = await visit(browser);
  await silent(page, SHARD);
  const asked = page.waitForEvent("request", { predicate: (request) => request.url().endsWith(".shard"), timeout: 60_000 });
  await open(page, DIGITS);
  const request = await asked;
  const dropped = page.waitForEvent("requestfailed", { predicate: (other) => other === request, timeout: 30_000 });
  await open(page, `${SMALL}&engine=cpu`);
  assert.match((await dropped).failure()?.errorText ?? "", /ABORTED/);
  await stopped(page, 20);
  await page.unroute(SHARD);
  await open(page, DIGITS);
  await stopped(page, 20, 90);
});

/** Counts what is asked of workers. @param {Page} page */
async function counted(page) {
  await page.addInitScript(() => {
    const asked = /** @type {Record<string, number>} */ ({});
    Object.assign(window, { asked });
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (/** @type {any} */ message, /** @type {any} */ ...rest) {
      asked[message.op] = (asked[message.op] ?? 0) + 1;
      return postMessage.call(this, message, ...rest);
    };
  });
  return () => page.evaluate(() => /** @type {Record<string, number>} */ (Reflect.get(window, "asked")));
}

test("of heavy links in a burst only the newest is run, and a light one does not wait for their steps", { timeout: 120_000 }, async () => {
  const { page, faults } = await visit(browser);
  const asked = await counted(page);
  // Steps of many seconds, as long as none is refused.
  const heavy = (/** @type {number} */ seed) => `v=1&seed=${seed}&batch=1024&g=1024,1024,1024&d=1024,1024,1024&gsteps=4&dsteps=4&engine=cpu`;
  await open(page, heavy(1));
  await until(page, "its worker trains", (now) => trains(now) || now.status === "loading");
  await page.evaluate(async (links) => {
    for (const link of links) {
      location.hash = link;
      await new Promise((resolve) => { setTimeout(resolve, 90); });
    }
  }, [...Array.from({ length: 9 }, (_, i) => heavy(2 + i)), `${SMALL}&engine=cpu`]);
  await stopped(page, 20, 20);
  const { start = 0, open: opens = 0 } = await asked();
  // One may be begun between any two links; the others wait, and no longer count when their turn comes.
  assert.ok(start <= 6, `${start} starts, ${opens} openings`);
  assert.deepEqual(faults, []);
});

test("of thousands of links in a burst only the newest counts", { timeout: 120_000 }, async () => {
  const { page } = await visit(browser);
  const asked = await counted(page);
  await open(page, `${SMALL}&engine=cpu`);
  await stopped(page, 20);
  await page.evaluate(async ([small, clean]) => {
    for (let i = 0; i < 3000; i++) {
      location.hash = `${small}&engine=cpu&seed=${i}`;
      if (i % 400 === 399) await new Promise((resolve) => { setTimeout(resolve); });
    }
    location.hash = String(clean);
  }, [SMALL, `${SMALL.replace("stop=20", "stop=30")}&engine=cpu`]);
  await stopped(page, 30, 20);
  assert.equal(new URL(page.url()).hash, `#${SMALL.replace("stop=20", "stop=30")}&engine=cpu`);
  const { start = 0 } = await asked();
  assert.ok(start < 40, `${start} starts`);
});
