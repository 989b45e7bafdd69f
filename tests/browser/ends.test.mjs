/**
 * Every end of a worker that nobody asked for is a failed run with its reason and a way on, whatever ended it: a module
 * that runs out of memory, a panic, a worker that dies, one that hangs.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { launch, open, revived, runs, state, stopped, trains, until, visit } from "./browser.mjs";
import { limited } from "./wasm.mjs";

/** @import { Page } from "playwright-core" */

const browser = await launch();
after(() => browser.close());

const SMALL = "v=1&batch=32&g=8&d=8&engine=cpu";

/** Milliseconds of silence that a page under test takes for a hang; the page itself is far more patient. @param {Page} page @param {number} patience */
const hurried = (page, patience) => page.route("**/engine/watchdog.js", async (route) => {
  const answer = await route.fetch();
  const before = await answer.text();
  const body = before.replaceAll(/= \d+_000;/g, `= ${patience};`);
  assert.notEqual(body, before, "watchdog.js is as the test expects it");
  await route.fulfill({ response: answer, body });
});

/** More code for the engine's JavaScript half. @param {Page} page @param {string} more */
const inEngine = (page, more) => page.route("**/pkg/cpu/gan_playground.js", async (route) => {
  const answer = await route.fetch();
  await route.fulfill({ response: answer, body: (await answer.text()) + more });
});

/** The worker that trains. @param {Page} page */
function worker(page) {
  const found = page.workers().at(-1);
  assert.ok(found, "a worker");
  return found;
}

/** The run has failed, says why, and says nothing that is no longer so. @param {Page} page @param {RegExp} reason @param {number} [seconds] */
async function failed(page, reason, seconds = 30) {
  await page.locator("html[data-status=failed]").waitFor({ state: "attached", timeout: 1000 * seconds });
  const health = page.locator(".health");
  await health.getByText(reason).waitFor();
  assert.match(await health.innerText(), /^Failed\./m);
  assert.equal((await state(page)).rate, 0);
  assert.ok(!/steps\/s/.test(await page.locator(".counter").innerText()), "no rate beside the step");
  return health;
}

/** A damaged run is left by its own button. @param {Page} page */
async function again(page) {
  await page.locator(".health").getByRole("button", { name: "Start again" }).click();
  await revived(page);
  await runs(page);
}

// The evaluation of a run wants more memory than its training, a network of full width more than a module of this size has.
for (const [what, megabytes, link] of /** @type {[string, number, string][]} */ ([
  ["starts", 24, "v=1&g=1024,1024,1024&d=1024,1024,1024&engine=cpu"],
  ["trains", 8, "v=1&batch=1024&g=256,256,256&d=256,256,256&engine=cpu"],
])) {
  test(`a module that runs out of memory while it ${what} is a failed run that says so`, { timeout: 90_000 }, async () => {
    const { page } = await visit(browser);
    await page.route("**/pkg/cpu*/*.wasm", async (route) => {
      const answer = await route.fetch({ url: route.request().url().replace("cpu-threads", "cpu") });
      await route.fulfill({ response: answer, body: limited(await answer.body(), megabytes) });
    });
    await open(page, link);
    await failed(page, /out of memory/);
    // What fits into it runs, in a worker of its own.
    await open(page, `${SMALL}&stop=20`);
    await revived(page);
    await stopped(page, 20);
  });
}

test("a panic in the engine is a failed run with the panic's words", { timeout: 90_000 }, async () => {
  const { page } = await visit(browser);
  // As the core does it: the words go to the console, then the module traps in a task of its own, and its promise stays open.
  await inEngine(page, `
    const advance = Session.prototype.advance;
    let pulls = 0;
    Session.prototype.advance = function (...a) {
      if (++pulls < 9) return advance.apply(this, a);
      queueMicrotask(() => {
        console.error("panicked at src/models/gan.rs:1:2:\\nthe test wants it\\n\\nStack:\\n\\nError\\n    at nowhere");
        throw new WebAssembly.RuntimeError("unreachable");
      });
      return new Promise(() => {});
    };`);
  await open(page, SMALL);
  const health = await failed(page, /the test wants it/);
  assert.ok(!/Stack|out of memory/.test(await health.innerText()));
});

for (const [what, kill] of /** @type {[string, string][]} */ ([
  ["throws in a task of its own", "setTimeout(() => { throw new Error('the worker is broken') })"],
  ["ends itself", "self.close()"],
])) {
  test(`a worker that ${what} is a failed run, and starting again helps`, { timeout: 90_000 }, async () => {
    const { page } = await visit(browser);
    await open(page, SMALL);
    await runs(page);
    await worker(page).evaluate(kill);
    await failed(page, /the worker is broken|ended the worker/);
    await again(page);
  });
}

test("a worker that dies while it stands still is a failed run too", { timeout: 90_000 }, async () => {
  const { page } = await visit(browser);
  await open(page, SMALL);
  await runs(page);
  await page.keyboard.press("Space");
  const still = await until(page, "a pause", (now) => now.status === "paused");
  assert.equal(still.rate, 0, "what stands still makes no steps a second");
  await worker(page).evaluate("self.close()");
  await failed(page, /ended the worker/);
});

test("a worker that hangs is a failed run after a while, and starting again helps", { timeout: 90_000 }, async () => {
  const { page } = await visit(browser);
  await hurried(page, 4000);
  await open(page, SMALL);
  await runs(page);
  worker(page).evaluate("for (;;);").catch(() => {});
  await failed(page, /no longer answers/);
  await again(page);
});

test("an engine that never answers is a failed run after a while", { timeout: 90_000 }, async () => {
  const { page } = await visit(browser);
  await hurried(page, 4000);
  await inEngine(page, "Session.create = () => new Promise(() => {});");
  await open(page, SMALL);
  await failed(page, /no longer answers/, 60);
});

test("a long step is no hang", { timeout: 90_000 }, async () => {
  const { page } = await visit(browser);
  await hurried(page, 4000);
  // After some steps one that takes a second each; the patience grows with them, so one of ten seconds is borne.
  await inEngine(page, `
    const advance = Session.prototype.advance;
    let pulls = 0;
    Session.prototype.advance = function () {
      const wait = ++pulls < 4 ? 2000 : pulls === 4 ? 9000 : 0;
      for (const end = performance.now() + wait; performance.now() < end;);
      return advance.call(this, 0, 1);
    };`);
  await open(page, SMALL);
  await until(page, "the steps after the long one", (now) => trains(now) && now.step > 20, 60);
});
