/**
 * `engine=auto`: the race with a GPU and what follows from it. The GPU here is the cpu engine under another name, so
 * that every browser has one, a run that changes engines must give the very digits of one that does not, and what
 * decides the race can be chosen.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { launch, open, state, trains, until, visit } from "./browser.mjs";
import { load } from "./engine.mjs";

/** @import { Page } from "playwright-core" */

const browser = await launch();
after(() => browser.close());

/** Steps of tens of milliseconds: slow enough for a GPU to be asked. */
const HEAVY = "v=1&batch=64&g=512,512,512&d=512,512,512";
const SMALL = "v=1&batch=32&g=8&d=8";

/** @param {Page} page */
const why = (page) => page.locator("#engine").innerText();

/** An adapter that is no software, as far as its name tells; and a count of what a worker tells of its run. */
const ADAPTER = `const post = self.postMessage.bind(self);
self.told = 0;
self.postMessage = (message, options) => { if ("event" in message) self.told++; post(message, options); };
Object.defineProperty(WorkerNavigator.prototype, "gpu", {
  value: { requestAdapter: async () => ({ info: { vendor: "test", description: "GPU of the test" } }) } });`;

/**
 * A page whose webgpu engine is the cpu engine.
 * @param {{margin?: number, more?: string, slow?: number, patience?: string}} [options]  how much quicker the GPU must
 *   be to win; what its module does besides; milliseconds that its download takes; and how long it may be silent
 */
async function withGpu({ margin = 1000, more = "", slow = 0, patience = "119_000" } = {}) {
  const { page, faults } = await visit(browser);
  /** @param {string} files @param {((text: string) => string) | null} edit @param {number} [wait] */
  const edited = (files, edit, wait = 0) => page.route(files, async (route) => {
    const answer = await route.fetch({ url: route.request().url().replace("/pkg/webgpu/", "/pkg/cpu/") });
    await sleep(wait);
    if (!edit) return route.fulfill({ response: answer });
    const before = await answer.text();
    const body = edit(before);
    assert.notEqual(body, before, `${files} is as the test expects it`);
    await route.fulfill({ response: answer, body });
  });
  await edited("**/worker/worker.js", (text) => `${ADAPTER}\n${text}`);
  await edited("**/engine/contest.js", (text) => text.replace("const MARGIN = 1.2;", `const MARGIN = ${margin};`));
  await edited("**/engine/watchdog.js", (text) => text.replace("UNKNOWN = 120_000;", `UNKNOWN = ${patience};`));
  await edited("**/pkg/webgpu/gan_playground.js", (text) =>
    text.replace(/export function engineName\(\) \{/, '$& return "webgpu";') + more);
  await edited("**/pkg/webgpu/*.wasm", null, slow);
  // Every state that the page mirrors, in order: nothing between two looks from outside is missed.
  await page.addInitScript(() => addEventListener("DOMContentLoaded", () => {
    const seen = /** @type {[string, string, number][]} */ ([]);
    Object.assign(window, { seen });
    const { dataset } = document.documentElement;
    new MutationObserver(() => seen.push([dataset.engine ?? "", dataset.status ?? "", Number(dataset.step)]))
      .observe(document.documentElement, { attributes: true });
  }));
  return { page, faults, seen: () => page.evaluate(() => /** @type {[string, string, number][]} */ (Reflect.get(window, "seen"))) };
}

test("a GPU that wins takes the run over at the step where it is, digit for digit", { timeout: 180_000 }, async () => {
  // Its second load is the hand-over, drawn out so that keys can be pressed in the middle of it.
  const { page, faults, seen } = await withGpu({ margin: 0.001, more: `
    const { load } = Session.prototype;
    let loads = 0;
    Session.prototype.load = async function (bytes) {
      if (++loads === 2) await new Promise((resolve) => { console.log("hand-over"); setTimeout(resolve, 2000); });
      return load.call(this, bytes);
    };` });
  const handing = page.waitForEvent("console", { predicate: (message) => message.text() === "hand-over", timeout: 90_000 });
  await open(page, HEAVY);
  await handing;
  await page.keyboard.press(".");
  await page.keyboard.press("Space");
  const paused = await until(page, "a pause on the other engine", (now) => now.engine === "webgpu" && now.status === "paused");
  await sleep(500);
  assert.equal((await state(page)).step, paused.step, "the step was refused, the pause was not");
  assert.match(await why(page), /won the race.*The GPU is GPU of the test/s);
  await page.keyboard.press("Space");
  await until(page, "it goes on", (now) => now.step > paused.step + 2);
  await page.keyboard.press("Space");
  const end = await until(page, "another pause", (now) => now.status === "paused" && now.step > paused.step);
  // From the first step on it never goes back and is never loading again.
  const all = await seen();
  const run = all.slice(all.findIndex(([, , step]) => step > 0));
  assert.equal(run[0]?.[0], "cpu");
  run.forEach(([, status, step], i) => {
    assert.ok(step >= (run[i - 1]?.[2] ?? 0), `step ${step} after ${run[i - 1]?.[2]}`);
    assert.notEqual(status, "loading");
  });
  const { Session } = await load("cpu");
  const session = await Session.create(HEAVY);
  while ((await session.advance(1000, 1)).step < end.step);
  assert.equal(end.fingerprint, (await session.snapshot()).fingerprint, "as if it had never changed");
  session.free();
  assert.deepEqual(faults, []);
});

/** What is remembered of races, whatever the number of its key. @param {import("playwright-core").Page} page */
const races = (page) => page.evaluate(() =>
  Object.entries(localStorage).filter(([key]) => key.startsWith("gan-playground-races-")).map(([, value]) => value).join());

test("a GPU that loses leaves the run alone, and is not asked again", { timeout: 180_000 }, async () => {
  const { page, faults, seen } = await withGpu({ margin: 1000 });
  await open(page, HEAVY);
  await page.locator("#engine", { hasText: /The run stays on cpu: it made .* the GPU \d/ }).waitFor({ timeout: 90_000 });
  const now = await state(page);
  await until(page, "it trains on", ({ step }) => step > now.step);
  assert.ok((await seen()).every(([engine]) => engine !== "webgpu"));
  assert.match(await races(page), /"engine":"cpu"/);
  let asked = 0;
  page.on("request", (request) => { if (request.url().includes("/pkg/webgpu/")) asked++; });
  await page.keyboard.press("r");
  await until(page, "step 0", ({ step }) => step < now.step);
  await page.locator("#engine", { hasText: /The run stays on cpu: it made/ }).waitFor({ timeout: 60_000 });
  assert.equal(asked, 0);
  assert.deepEqual(faults, []);
});

test("a race that the link's stop cuts short decides nothing", { timeout: 180_000 }, async () => {
  const { page } = await withGpu({ margin: 0.001, more: `
    const advance = Session.prototype.advance;
    Session.prototype.advance = async function (...a) { return { ...(await advance.apply(this, a)), status: "stopped" }; };` });
  await open(page, HEAVY);
  await page.locator("#engine", { hasText: "ended before it was decided" }).waitFor({ timeout: 90_000 });
  assert.equal((await state(page)).engine, "cpu");
  assert.equal(await races(page), "");
});

for (const [what, said, more] of [
  ["traps in the middle of a run", /unreachable in the test/, `
    const advance = Session.prototype.advance;
    let pulls = 0;
    Session.prototype.advance = function (...a) {
      if (++pulls > 3) throw new WebAssembly.RuntimeError("unreachable in the test");
      return advance.apply(this, a);
    };`],
  ["never gets to its first picture", /no longer answers/, "Session.prototype.snapshot = () => new Promise(() => {});"],
  ["never gets to its first step", /no longer answers/, "Session.create = () => new Promise(() => {});"],
]) {
  test(`an engine that ${what} gives way, with the reason`, { timeout: 180_000 }, async () => {
    const { page, seen } = await withGpu({ more: String(more), patience: "4000" });
    await open(page, `${SMALL}&engine=webgpu`);
    await until(page, "the other engine", (now) => now.engine === "cpu" && trains(now) && now.step > 0);
    assert.ok((await seen()).some(([engine]) => engine === "webgpu"));
    const reasons = await why(page);
    assert.match(reasons, /webgpu could not be used/);
    assert.match(reasons, /** @type {RegExp} */ (said));
  });
}

test("a pause while another engine loads is kept, and the run before it does not train on", { timeout: 180_000 }, async () => {
  const { page, faults } = await withGpu({ slow: 3000 });
  await open(page, `${SMALL}&engine=cpu`);
  await until(page, "a run", (now) => trains(now) && now.step > 0);
  await open(page, `${SMALL}&engine=webgpu`);
  await until(page, "the loading", (now) => now.status === "loading");
  await page.keyboard.press("Space");
  const told = () => page.workers()[0]?.evaluate(() => Number(Reflect.get(self, "told")));
  await sleep(500);
  const before = await told();
  await sleep(1000);
  assert.ok(before && before === await told(), `the worker is silent after ${before} reports`);
  const now = await until(page, "a pause", ({ engine, status }) => engine === "webgpu" && status === "paused");
  await sleep(500);
  assert.deepEqual([now.step, (await state(page)).step], [0, 0]);
  await page.keyboard.press("Space");
  await until(page, "it plays", ({ status, step }) => trains({ status }) && step > 0);
  assert.deepEqual(faults, []);
});
