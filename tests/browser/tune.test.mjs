/** A run is tuned while it trains, and what it came to can still be had from its link; what starts anew can be undone. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { hash, launch, open, pause, state, stopped, trains, until, url, visit } from "./browser.mjs";

/** @import { Page } from "playwright-core" */

const browser = await launch();
after(() => browser.close());

const SMALL = "v=1&batch=32&g=8&d=8&engine=cpu";

/** @param {Page} page @param {number} [step] */
const runs = (page, step = 0) => until(page, `a run beyond step ${step}`, (now) => trains(now) && now.step > step);
/** @param {Page} page @param {string} group @param {string} name */
const field = (page, group, name) => page.locator(`form.is-${group} .field`, { has: page.locator(".name", { hasText: name }) }).getByRole("textbox");
/** @param {Page} page */
const undo = (page) => page.locator(".offer").getByRole("button", { name: "Undo" });

/** Every state that the page mirrors, in order. @param {Page} page */
async function watch(page) {
  await page.evaluate(() => {
    const seen = /** @type {[string, number][]} */ ([]);
    Object.assign(window, { seen });
    const { dataset } = document.documentElement;
    new MutationObserver(() => seen.push([dataset.status ?? "", Number(dataset.step)])).observe(document.documentElement, { attributes: true });
  });
  return () => page.evaluate(() => /** @type {[string, number][]} */ (Reflect.get(window, "seen")));
}

/** The fingerprint of a link, on a page of its own, where it stops. @param {string} link @param {number} step */
async function printOf(link, step) {
  const { page, context } = await visit(browser);
  await open(page, link);
  const { fingerprint } = await stopped(page, step, 120);
  await context.close();
  return fingerprint;
}

test("a rate changed on a live run holds from its next step, and the link gives those bits again", { timeout: 180_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, SMALL);
  await runs(page, 50);
  const seen = await watch(page);
  const rate = field(page, "generator", "Learning rate");
  await rate.fill("0.0004");
  await rate.press("Enter");
  const tuned = await hash(page, (h) => h.includes(":glr="));
  const at = Number(/&(\d+):glr=0\.0004$/.exec(tuned)?.[1]);
  assert.ok(at > 50, tuned);
  await runs(page, at + 100);
  // A second player, by its button; and what changes how samples are drawn and updates made.
  await page.locator("form.is-discriminator").getByRole("combobox", { name: "Optimiser" }).selectOption("rmsprop");
  await hash(page, (h) => h.includes(":dopt=rmsprop"));
  const batch = field(page, "game", "Batch");
  await batch.fill("48");
  await batch.press("Enter");
  const all = await hash(page, (h) => h.includes(":batch=48"));
  await runs(page, Number(/(\d+):batch=48/.exec(all)?.[1]) + 50);
  const end = await pause(page);
  const states = await seen();
  states.forEach(([status, step], i) => {
    assert.notEqual(status, "loading", "it never starts anew");
    assert.ok(step >= (states[i - 1]?.[1] ?? 0), `step ${step} after ${states[i - 1]?.[1]}`);
  });
  assert.equal(await page.locator(".offer").count(), 0, "nothing to undo");
  const link = new URL(page.url()).hash.slice(1);
  assert.equal(await printOf(`${link}&stop=${end.step}`, end.step), end.fingerprint);
  assert.notEqual(await printOf(`${SMALL}&stop=${end.step}`, end.step), end.fingerprint, "without the changes it is another run");
  assert.deepEqual(faults, []);
});

test("tuning a run keeps one entry of the history, and the way back leads to the run before", { timeout: 120_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, SMALL);
  await runs(page, 20);
  const entries = await page.evaluate(() => history.length);
  const batch = field(page, "game", "Batch");
  for (const size of ["33", "34", "35"]) {
    await batch.fill(size);
    await batch.press("Enter");
    await hash(page, (h) => h.includes(`:batch=${size}`));
  }
  assert.equal(await page.evaluate(() => history.length), entries);
  const tuned = new URL(page.url()).hash;
  await page.getByRole("radio", { name: "Two moons" }).check({ force: true });
  await hash(page, (h) => h.includes("data=moons"));
  // What held then is what the new run starts with.
  assert.match(new URL(page.url()).hash, /[#&]batch=35(&|$)/);
  await page.goBack();
  await hash(page, (h) => h === tuned);
  await page.locator("input[name=data][value=ring8]:checked").waitFor({ state: "attached" });
  assert.deepEqual(faults, []);
});

test("controls show what holds now, also while a link with changes runs again", { timeout: 120_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, `${SMALL}&stop=100&150:batch=16&250:batch=64`);
  await stopped(page, 100);
  const batch = field(page, "game", "Batch");
  assert.equal(await batch.inputValue(), "32");
  const stop = field(page, "run", "Stop");
  for (const [step, value] of /** @type {[number, string][]} */ ([[200, "16"], [300, "64"]])) {
    await stop.fill(String(step));
    await stop.press("Enter");
    await stopped(page, step);
    assert.equal(await batch.inputValue(), value);
  }
  assert.match(new URL(page.url()).hash, /[#&]stop=300&.*150:batch=16&250:batch=64$/);
  assert.deepEqual(faults, []);
});

test("play goes on after a stop", { timeout: 90_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, `${SMALL}&stop=60`);
  await stopped(page, 60);
  const play = page.locator("button.play");
  assert.ok(await play.isEnabled());
  await play.click();
  await runs(page, 60);
  assert.doesNotMatch(new URL(page.url()).hash, /stop=/);
  const end = await pause(page);
  assert.equal(await printOf(`${SMALL}&stop=${end.step}`, end.step), end.fingerprint, "the run that never stopped");
  await open(page, `${SMALL}&stop=61`);
  await stopped(page, 61);
  await page.keyboard.press("Space");
  await runs(page, 61);
  assert.deepEqual(faults, []);
});

test("what starts anew is undone, with its weights, also after several", { timeout: 120_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, SMALL);
  await runs(page, 100);
  const first = await pause(page);
  const link = new URL(page.url()).hash;

  await page.getByRole("radio", { name: "Two moons" }).check({ force: true });
  await until(page, "step 0 of the moons", (now) => now.step === 0 && now.fingerprint !== "");
  for (let i = 0; i < 3; i++) await page.keyboard.press(".");
  const second = await until(page, "three steps", (now) => now.step === 3);
  await page.keyboard.press("r");
  await until(page, "the start again", (now) => now.step === 0 && now.fingerprint !== "");
  await page.locator(".offer", { hasText: "step 3" }).waitFor();
  // A run that has not moved has nothing to be brought back.
  await page.getByRole("group", { name: "Training" }).getByRole("button", { name: "New seed" }).click();
  await hash(page, (h) => h.includes("seed="));

  await undo(page).click();
  await until(page, "the second run", (now) => now.step === 3 && now.fingerprint === second.fingerprint);
  assert.match(new URL(page.url()).hash, /data=moons/);
  await undo(page).click();
  await until(page, "the first run", (now) => now.step === first.step && now.fingerprint === first.fingerprint);
  assert.equal(new URL(page.url()).hash, link);
  assert.equal(await undo(page).count(), 0);
  assert.equal((await state(page)).status, "paused");

  // It goes on as if nothing had happened.
  await page.keyboard.press("Space");
  await runs(page, first.step);
  const end = await pause(page);
  assert.equal(await printOf(`${SMALL}&stop=${end.step}`, end.step), end.fingerprint);
  assert.deepEqual(faults, []);
});

test("another engine goes on from the same weights", { timeout: 120_000 }, async (t) => {
  // The quick form of the test has `cpu` alone.
  if (!(await fetch(`${url}pkg/ndarray/gan_playground.js`)).ok) return t.skip("no module ndarray");
  const { page, faults } = await visit(browser);
  await open(page, SMALL);
  await runs(page, 50);
  const here = await pause(page);
  const engine = page.locator("form").getByRole("combobox", { name: "Engine", exact: true });
  await engine.selectOption("ndarray");
  const there = await until(page, "the other engine", (now) => now.engine === "ndarray" && now.status === "paused" && now.fingerprint !== "");
  assert.deepEqual([there.step, there.fingerprint], [here.step, here.fingerprint]);
  assert.equal(await undo(page).count(), 0);
  await page.keyboard.press("Space");
  await runs(page, here.step);
  assert.deepEqual(faults, []);
});

test("a cure is applied to the run that runs, says what it changed, and can be taken back", { timeout: 120_000 }, async () => {
  const { page, faults } = await visit(browser);
  // The core's cures are tested where they are measured; here one is put into what the worker tells.
  await page.route("**/worker/worker.js", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: `const post = self.postMessage.bind(self);
      self.postMessage = (message, options) => {
        if (message.event === "snapshot") message.snapshot.cures = [{ what: { code: "", args: {}, text: "Halve the rate of G" }, changes: { glr: "0.0005" } }];
        post(message, options);
      };\n${await answer.text()}` });
  });
  await open(page, SMALL);
  await runs(page, 30);
  await page.locator(".health").getByRole("button", { name: "Halve the rate of G" }).click();
  const tuned = await hash(page, (h) => h.includes(":glr=0.0005"));
  await page.locator(".offer", { hasText: /Changed: G.s Learning rate 0.001 → 0.0005/ }).waitFor();
  const at = Number(/(\d+):glr/.exec(tuned)?.[1]);
  await runs(page, at);
  await page.locator(".offer").getByRole("button", { name: "Change back" }).click();
  await hash(page, (h) => h.includes(":glr=0.001"));
  assert.deepEqual(faults, []);
});

test("the best so far is said, and a click goes back to it, with its weights or by its link", { timeout: 120_000 }, async () => {
  const { page, faults } = await visit(browser);
  // Its samples hop: on a mode for a while, and then on none.
  await open(page, "v=2&d=8,8&ema=0&engine=cpu&stop=1200");
  const { metrics } = await stopped(page, 1200);
  assert.equal(metrics.modes, 0);
  await page.locator(".states summary").click();
  assert.match(await page.locator(".states li").last().innerText(), /from step [\d,]+\s+Hopping\s+\(signs since step [\d,]+\)/);
  assert.ok(await page.locator(".series .passage.is-hopping").count() > 0 && await page.locator(".series .best-mark").count() > 0);
  const best = page.locator(".best button");
  const [, value, step] = /best (\d+) at ([\d,]+)/.exec(await best.innerText()) ?? [];
  const at = Number(step?.replace(",", ""));
  assert.ok(Number(value) > 0 && at > 0 && at < 1200, `${value} at ${at}`);
  await best.click();
  const then = await stopped(page, at);
  assert.equal(then.metrics.modes, Number(value));
  assert.ok(new URL(page.url()).hash.includes(`&stop=${at}`));
  await page.locator(".offer").getByRole("button", { name: "Undo" }).click();
  await stopped(page, 1200);
  // The link from its start leads to the same weights, and its states are told.
  await open(page, `v=2&d=8,8&ema=0&engine=cpu&stop=${at}`);
  assert.equal((await stopped(page, at)).fingerprint, then.fingerprint);
  assert.deepEqual(faults, []);
});
