/** The page trains, on each engine. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { blank, launch, open, stopped, trains, until, visit } from "./browser.mjs";

const browser = await launch();
after(() => browser.close());

test("the page opens on a run that learns the ring on cpu", { timeout: 240_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page);
  await until(page, "the default link runs by itself", (now) => trains(now) && now.engine === "cpu" && now.step > 0);
  const learnt = await until(page, "7 of 8 modes", ({ metrics }) => metrics.modes >= 7, 120);
  assert.ok(learnt.rate > 0, `${learnt.rate} steps/s`);
  assert.match(learnt.fingerprint, /^[0-9a-f]{8}$/);
  // It is measured anew where the slow pace of a first visit ends.
  await page.locator(".counter .rate", { hasText: /[1-9].* steps\/s/ }).waitFor({ timeout: 10_000 });
  assert.deepEqual(faults, []);
});

test("ndarray trains: losses are finite and weights move", { timeout: 180_000 }, async () => {
  const { page, faults } = await visit(browser);
  const link = "v=1&engine=ndarray&g=8,8&d=8,8&batch=32&seed=3";
  await open(page, `${link}&stop=1`);
  const first = await stopped(page, 1);
  await open(page, `${link}&stop=600`);
  const last = await stopped(page, 600, 120);
  assert.equal(last.engine, "ndarray");
  assert.notEqual(last.fingerprint, first.fingerprint);
  const values = Object.entries(last.metrics);
  assert.ok("loss_d" in last.metrics && "loss_g" in last.metrics && "modes" in last.metrics, JSON.stringify(last.metrics));
  for (const [name, value] of values) assert.ok(Number.isFinite(value), `${name} is ${value}`);
  assert.deepEqual(faults, []);
});

test("webgpu trains in the page and agrees with cpu", { timeout: 900_000 }, async (t) => {
  const gpu = await launch({ gpu: "software" });
  t.after(() => gpu.close());
  const link = "v=1&engine=webgpu&stop=3&g=8&d=8&batch=32";

  await t.test("in the page", async () => {
    const { page, context, faults } = await visit(gpu);
    await open(page, link);
    // The software GPU takes about two seconds a step, and first compiles its shaders.
    const now = await stopped(page, 3, 400);
    assert.equal(now.engine, "webgpu", await page.locator("#engine").innerText());
    assert.match(now.fingerprint, /^[0-9a-f]{8}$/);
    assert.deepEqual(faults, []);
    await context.close();
  });

  await t.test("in numbers", async () => {
    const { page, faults } = await visit(gpu);
    await blank(page);
    const webgpu = await run(page, "webgpu", link);
    const cpu = await run(page, "cpu", link);
    assert.deepEqual([webgpu.engine, webgpu.test, webgpu.step], ["webgpu", { ok: true, detail: webgpu.test.detail }, 3]);
    for (const part of /** @type {const} */ (["generated", "field"])) {
      const [ours, theirs] = [webgpu[part], cpu[part]];
      assert.ok(ours.before.length > 100 && ours.before.length === theirs.before.length);
      // Step 0 is one forward pass of the same weights; rounding is all that may differ.
      assert.ok(distance(ours.before, theirs.before) < 1e-4, `${part} at step 0: ${distance(ours.before, theirs.before)}`);
      // After three steps: Adam's first steps magnify rounding where gradients vanish, so compare with the way made.
      const way = distance(theirs.before, theirs.after);
      const apart = distance(ours.after, theirs.after);
      assert.ok(way > 1e-3 && apart < 0.05 * way, `${part} moved by ${way}, engines are ${apart} apart`);
    }
    assert.deepEqual(faults, []);
  });
});

/** The largest difference. @param {number[]} a @param {number[]} b */
const distance = (a, b) => a.reduce((most, x, i) => Math.max(most, Math.abs(x - (b[i] ?? NaN))), 0);

/**
 * Three steps on an engine: what G makes of its fixed noise and what D says of the plane, before and after.
 * @param {import("playwright-core").Page} page @param {string} engine @param {string} link
 */
function run(page, engine, link) {
  return page.evaluate(async ({ engine, link }) => {
    const module = await import(new URL(`pkg/${engine}/gan_playground.js`, document.baseURI).href);
    await module.default();
    const session = await module.Session.create(link);
    const look = async () => {
      const { panels } = await session.snapshot();
      const data = (/** @type {string} */ name) => /** @type {number[]} */ (Array.from(panels.find((p) => p.name === name).data));
      return { generated: data("generated"), field: data("field") };
    };
    const test = /** @type {{ok: boolean, detail: string}} */ (await module.selfTest());
    const before = await look();
    const { step } = await session.advance(600_000, 0);
    const after = await look();
    return {
      engine: module.engineName(), test, step,
      generated: { before: before.generated, after: after.generated }, field: { before: before.field, after: after.field },
    };
  }, { engine, link });
}
