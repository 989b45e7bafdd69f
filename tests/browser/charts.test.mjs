/** Charts: what they read is what the snapshot holds; their axes, the marks of changes, and the history of each measurement. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import * as format from "../../www/format.js";
import { merge } from "../../www/panels/chart/marks.js";
import { bounds } from "../../www/panels/chart/span.js";
import { launch, open, state, stopped, trains, until, visit } from "./browser.mjs";

/** @import { Page } from "playwright-core" */

const browser = await launch();
after(() => browser.close());

const SMALL = "v=1&batch=32&g=8&d=8&engine=cpu";
const STOP = 1500;

/** The losses' chart, or the large one of a measurement. @param {Page} page @param {string} card */
const chart = (page, card = ".series") => page.locator(`${card} .chart[role=slider]`);

/** A series that the page holds, as plain numbers. @param {Page} page @param {string} name */
const series = (page, name) => page.evaluate(async (wanted) => {
  const address = new URL("state.js", location.href).href;
  const { get } = await import(address);
  const panel = get().snapshot.panels.find((p) => p.kind === "series" && p.name === wanted);
  const numbers = (array) => Array.from(array, (v) => (Number.isFinite(v) ? v : null));
  return {
    steps: numbers(panel.steps), curves: panel.curves.map((c) => ({ name: c.name, data: numbers(c.data) })),
    metrics: get().snapshot.metrics.map(({ name: metric, value, ideal }) => ({ name: metric, value, ideal })),
  };
}, name);

/** What a chart says to eyes and to a screen reader. @param {Page} page @param {string} card */
const reading = (page, card = ".series") => page.locator(`${card} .chart-frame`).evaluate((frame) => {
  const slider = frame.querySelector("[role=slider]");
  const number = (which) => Number(slider?.getAttribute(`aria-value${which}`));
  const text = /** @type {HTMLElement} */ (frame.querySelector(".readout")).innerText.replace(/\s+/g, " ");
  return { text, spoken: slider?.getAttribute("aria-valuetext") ?? "", min: number("min"), max: number("max"), now: number("now") };
});

/** Waits until a chart reads as it should. @param {Page} page @param {(now: Awaited<ReturnType<typeof reading>>) => boolean} holds @param {string} [card] */
async function reads(page, holds, card) {
  for (let i = 0; i < 60; i++) {
    const now = await reading(page, card);
    if (holds(now)) return now;
    await page.waitForTimeout(50);
  }
  throw new Error(`the chart reads ${JSON.stringify(await reading(page, card))}`);
}

/** Puts the pointer over a chart, at a share of its width. @param {Page} page @param {number} share @param {string} [card] */
async function point(page, share, card = ".series") {
  const area = page.locator(`${card} .chart .u-over`);
  await area.scrollIntoViewIfNeeded();
  const box = await area.boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + share * box.width, box.y + box.height / 2);
  return box;
}

/** Both say the step, and the values of this point of the panel. @param {Awaited<ReturnType<typeof reading>>} now @param {Awaited<ReturnType<typeof series>>} panel */
function agrees(now, panel) {
  const at = panel.steps.indexOf(now.now);
  assert.ok(at >= 0, `step ${now.now} is one of the panel's`);
  const d = format.value(panel.curves[0]?.data[at] ?? NaN);
  const g = format.value(panel.curves[1]?.data[at] ?? NaN);
  const step = format.count(now.now);
  assert.ok(now.text.startsWith(`step ${step}`), `${now.text}, at step ${step}`);
  assert.ok(now.text.includes(`D ${d} `) && now.text.includes(`G ${g} `), `${now.text}, expected D ${d} and G ${g}`);
  assert.ok(now.spoken.startsWith(`Step ${step}: D ${d}, G ${g}`), now.spoken);
  return at;
}

test("the readout is the panel's data, at the newest step, under the pointer and by keyboard", { timeout: 90_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, `${SMALL}&stop=${STOP}`);
  await stopped(page, STOP);
  await reads(page, (now) => now.now === STOP);
  const panel = await series(page, "losses");
  assert.equal(agrees(await reading(page), panel), panel.steps.length - 1);
  assert.match((await reading(page)).text, /mean of 2 steps.*equilibrium log 4/);

  await point(page, 0.6);
  const pointed = await reads(page, (now) => now.now !== STOP);
  agrees(pointed, panel);
  // All steps from 0 on: a share of the width is that share of the steps.
  assert.ok(Math.abs(pointed.now - 0.6 * STOP) < 10, `step ${pointed.now}`);
  await page.mouse.move(5, 5);
  await reads(page, (now) => now.now === STOP);

  await chart(page).focus();
  await page.keyboard.press("ArrowLeft");
  agrees(await reads(page, (now) => now.now === panel.steps.at(-2)), panel);
  await page.keyboard.press("Home");
  agrees(await reads(page, (now) => now.now === panel.steps[0]), panel);
  await page.keyboard.press("ArrowRight");
  agrees(await reads(page, (now) => now.now === panel.steps[1]), panel);
  await page.keyboard.press("Escape");
  await reads(page, (now) => now.now === STOP);
  assert.equal((await state(page)).step, STOP, "the arrows moved the cursor, not the run");
  assert.deepEqual(faults, []);
});

test("a logarithmic axis, the last steps, and the choice of them is remembered", { timeout: 90_000 }, async () => {
  const { page, faults } = await visit(browser);
  const link = `${SMALL}&stop=${STOP}`;
  await open(page, link);
  await stopped(page, STOP);
  await reads(page, (now) => now.now === STOP);
  const picker = page.locator(".series").getByRole("combobox", { name: "Steps shown" });
  const title = page.locator(".series .axis-title.is-x");
  assert.equal(await title.innerText(), "step");
  assert.equal(await page.locator(".series .axis-title.is-y").innerText(), "loss");

  await picker.selectOption("All, logarithmic");
  await reads(page, (now) => now.min >= 1 && now.min <= 2);
  assert.equal(await title.innerText(), "step, logarithmic");
  await point(page, 0.5);
  // Half the width is the geometric mean of both ends.
  const middle = await reads(page, (now) => now.now !== STOP);
  assert.ok(Math.abs(middle.now / Math.sqrt(middle.min * middle.max) - 1) < 0.1, JSON.stringify(middle));
  await page.mouse.move(5, 5);

  await picker.selectOption("Last 500 steps");
  await reads(page, (now) => now.min === STOP - 500);
  await chart(page).focus();
  await page.keyboard.press("Home");
  const first = await reads(page, (now) => now.now !== STOP);
  assert.ok(first.now >= STOP - 500 && first.now <= STOP - 497, `the first step in sight is ${first.now}`);

  await page.reload();
  await stopped(page, STOP);
  await reads(page, (now) => now.min === STOP - 500 && now.max === STOP);
  assert.equal(await picker.inputValue(), "500");
  // What is no choice is not taken for one.
  await page.evaluate(() => localStorage.setItem("gan-playground-steps", "[1]"));
  await page.reload();
  await stopped(page, STOP);
  await reads(page, (now) => now.min === 0 && now.max === STOP);
  assert.equal(await picker.inputValue(), "all");
  assert.deepEqual(faults, []);
});

test("the changes of the run are marked where they happened, and told in words", { timeout: 90_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, `${SMALL}&stop=${STOP}&300:glr=0.0002&320:dlr=0.0001&700:dsteps=2&9000:gopt=sgd`);
  await stopped(page, STOP);
  await reads(page, (now) => now.now === STOP);
  const marks = page.locator(".series .mark");
  assert.deepEqual(await marks.locator("b").allInnerTexts(), ["1–2", "3"]);
  assert.equal(await marks.nth(1).innerText(), "3 D’s updates a step 2");
  const area = await point(page, 700 / STOP);
  const left = (await marks.nth(1).boundingBox())?.x ?? NaN;
  assert.ok(Math.abs(left - area.x - 700 / STOP * area.width) < 2, `the mark of step 700 is ${left - area.x} px from the left of ${area.width}`);
  const spoken = "after step 700, D’s updates a step: 1 → 2";
  assert.ok((await reads(page, (now) => now.now !== STOP)).spoken.endsWith(spoken));
  assert.equal(await page.locator(".series .chart-tip").innerText(), spoken);

  const list = page.locator(".series .changes");
  assert.equal(await list.locator("summary").innerText(), "4 changes during the run (1 still ahead)");
  await list.locator("summary").click();
  assert.deepEqual((await list.getByRole("listitem").allInnerTexts()).map((text) => text.replace(/\s+/g, " ")), [
    "after step 300 G’s learning rate 0.001 → 0.0002", "after step 320 D’s learning rate 0.001 → 0.0001",
    "after step 700 D’s updates a step 1 → 2", "after step 9,000 G’s optimiser Adam → SGD",
  ]);
  // Out of sight, no mark.
  await page.locator(".series .span-picker").selectOption("500");
  await reads(page, (now) => now.min === STOP - 500);
  assert.equal(await marks.count(), 0);
  assert.deepEqual(faults, []);
});

test("each measurement has a history that grows and ends with the value shown", { timeout: 120_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, SMALL);
  await until(page, "two measurements", (now) => trains(now) && now.metrics.modes !== undefined && now.step > 0);
  const before = (await series(page, "metrics")).steps.length;
  for (let i = 0; i < 200 && (await series(page, "metrics")).steps.length <= before; i++) await page.waitForTimeout(100);
  await page.keyboard.press("Space");
  await until(page, "a pause", (now) => now.status === "paused");
  await page.waitForTimeout(500);
  const history = await series(page, "metrics");
  assert.ok(history.steps.length > before, `${before} points, then ${history.steps.length}`);
  assert.ok(history.steps.every((step, i) => i === 0 || (step ?? 0) > (history.steps[i - 1] ?? 0)), `in order: ${history.steps}`);
  assert.equal(await page.locator(".series").count(), 1, "the history is no chart beside the losses");

  const shown = history.metrics.filter(({ name }) => !name.startsWith("loss_"));
  assert.equal(await page.locator(".measure").count(), shown.length);
  for (const [i, { name, value, ideal }] of shown.entries()) {
    const curve = history.curves.find((c) => c.name === name);
    assert.ok(Math.abs((curve?.data.at(-1) ?? NaN) - value) <= 1e-6 * Math.abs(value), `${name}: ${curve?.data.at(-1)}, shown ${value}`);
    const row = page.locator(".measure").nth(i);
    const text = await row.locator(".value b").innerText();
    assert.match(await row.locator(".spark path").getAttribute("d") ?? "", /^M[^N]*L[^N]*$/, `${name} is drawn`);
    assert.equal(await row.locator(".spark .target").count(), ideal == null ? 0 : 1);
    const button = row.getByRole("button");
    await button.click();
    assert.equal(await button.getAttribute("aria-expanded"), "true");
    const large = await reads(page, (now) => now.now === history.steps.at(-1), ".history");
    // As a word of its own: whether an ideal comes after it depends on the measurement.
    assert.ok(` ${large.text.replace(/\s+/g, " ")} `.includes(` ${text.replace(/\s+/g, " ")} `), `${name} large: ${large.text}, in the row ${text}`);
    assert.ok((await row.locator(".about").innerText()).length > 40, `${name} says why it can stay off its ideal`);
    assert.equal(await page.locator(".history").count(), 1, "one at a time");
  }
  // By keyboard: the first Escape leaves the curve, the second the large view.
  await chart(page, ".history").focus();
  await page.keyboard.press("Home");
  await reads(page, (now) => now.now === history.steps[0], ".history");
  await page.keyboard.press("Escape");
  await reads(page, (now) => now.now === history.steps.at(-1), ".history");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(".history").count(), 0);
  assert.equal(await page.locator(".measure button").last().evaluate((button) => button === document.activeElement), true);
  assert.deepEqual(faults, []);
});

test("no values, one value and a player without turns are read as they are", { timeout: 90_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, `${SMALL}&stop=400`);
  await stopped(page, 400);
  await reads(page, (now) => now.now === 400);
  await page.keyboard.press("r");
  await stopped(page, 400);
  await reads(page, (now) => now.now === 400 && now.max === 400);
  await open(page, `${SMALL}&dsteps=0`);
  // Past where the run before it ends.
  await until(page, "a run", (now) => trains(now) && now.step > 400);
  await page.keyboard.press("Space");
  await until(page, "a pause", (now) => now.status === "paused");
  await reads(page, (now) => /D – .*G −?[\d.]+ /.test(now.text));
  await page.keyboard.press("r");
  await until(page, "step 0", (now) => now.step === 0 && now.fingerprint !== "");
  assert.match((await reads(page, (now) => now.spoken === "No values yet")).text, /step – .*D – .*G – /);
  await page.keyboard.press(".");
  await until(page, "step 1", (now) => now.step === 1);
  const one = await reads(page, (now) => now.now === 1);
  assert.deepEqual((await series(page, "losses")).steps, [1]);
  assert.match(one.text, /^step 1 D – .*G −?[\d.]+ /);
  assert.deepEqual(faults, []);
});

test("windows of long runs, labels that differ, changes that share a mark", () => {
  const steps = Array.from({ length: 977 }, (_, i) => 1024 * (i + 1));
  const last = 1024 * 977;
  assert.deepEqual(bounds(steps, "all"), [0, last]);
  assert.deepEqual(bounds(steps, "50000"), [last - 50000, last]);
  // 500 steps hold no two points of those: the last eight are shown.
  assert.deepEqual(bounds(steps, "500"), [last - 7 * 1024, last]);
  assert.deepEqual(bounds([], "log"), [1, 10]);
  assert.deepEqual(bounds([], "500"), [0, 10]);
  assert.deepEqual(bounds([1], "500"), [0, 10]);
  assert.deepEqual(format.steps([0, 500_000, 1_000_000]), ["0", "500k", "1M"]);
  assert.deepEqual(format.steps([1_000_000, 1_000_200]), ["1,000,000", "1,000,200"]);
  assert.deepEqual(format.ticks([0.69311, 0.69312]), ["0.69311", "0.69312"]);
  const told = [10, 12, 300, 320, 330].map((step, i) => ({ number: i + 1, step, title: "", before: "", after: "" }));
  assert.deepEqual(merge(told, (step) => step).map((mark) => mark.changes.map((c) => c.number)), [[1, 2], [3], [4, 5]]);
});

test("states and the best are marked where a chart comes into sight after the run has stopped, and not outside of its window", { timeout: 90_000 }, async () => {
  const { page, faults } = await visit(browser, { viewport: { width: 390, height: 844 } });
  await open(page, "v=2&d=8,8&ema=0&engine=cpu&stop=2000");
  await stopped(page, 2000);
  await page.getByRole("tab", { name: "Measure" }).click();
  const chart = page.locator(".series .chart").first();
  await chart.locator(".passage.is-hopping").waitFor();
  assert.equal(await chart.locator(".best-mark").count(), 1);
  await page.locator(".series select").first().selectOption("500");
  await chart.locator(".best-mark").waitFor({ state: "detached" });
  assert.equal(await chart.locator(".passage").count(), 1);
  assert.deepEqual(faults, []);
});
