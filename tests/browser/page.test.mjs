/** The page as a person uses it: it obeys keys and buttons, shows every field, and tells when a run ends. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { launch, open, runs, state, stopped, trains, until, visit } from "./browser.mjs";
import { load } from "./engine.mjs";

/** @import { Page } from "playwright-core" */

const browser = await launch();
after(() => browser.close());

const SMALL = "v=1&batch=32&g=8&d=8&engine=cpu";

/** @param {Page} page @param {string} name */
const tool = (page, name) => page.getByRole("group", { name: "Training" }).getByRole("button", { name });

test("keys: space pauses and plays, the full stop and the arrow step, r starts again", { timeout: 90_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, SMALL);
  await runs(page);
  await page.keyboard.press("Space");
  const paused = await until(page, "a pause", (now) => now.status === "paused");
  await page.waitForTimeout(400);
  assert.equal((await state(page)).step, paused.step, "paused is still");
  for (const [key, by] of /** @type {[string, number][]} */ ([[".", 1], ["ArrowRight", 2]])) {
    await page.keyboard.press(key);
    await until(page, `the step of “${key}”`, (now) => now.step >= paused.step + by, 20);
    await page.waitForTimeout(300);
    assert.equal((await state(page)).step, paused.step + by, "exactly one");
  }
  const { step } = await state(page);
  await page.keyboard.press("Space");
  await until(page, "it goes on", (now) => trains(now) && now.step > step);
  await page.keyboard.press("Space");
  await until(page, "a pause", (now) => now.status === "paused");
  await page.keyboard.press("r");
  const again = await until(page, "step 0", (now) => now.step === 0 && now.fingerprint !== "");
  assert.equal(again.status, "paused", "a paused run starts again paused");
  // A space that is typed is a space.
  await page.locator("form.is-run").getByRole("textbox", { name: "Seed", exact: true }).press("Space");
  await page.waitForTimeout(300);
  assert.equal((await state(page)).status, "paused");
  assert.deepEqual(faults, []);
});

test("buttons: pause, step, D alone, G alone, reset; the fingerprint belongs to the step", { timeout: 90_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, SMALL);
  await runs(page);
  await page.locator("button.play").click();
  await until(page, "a pause", (now) => now.status === "paused");
  await tool(page, "Start again from step 0").click();
  const start = await until(page, "step 0", (now) => now.step === 0 && now.fingerprint !== "");
  const fingerprint = page.locator(".fingerprint");

  await tool(page, "One step: all moves in turn").click();
  const one = await until(page, "step 1", (now) => now.step === 1);
  assert.equal(await fingerprint.getByText("Moved by hand").count(), 0, "a whole step is what the link does");
  // D's half and then G's are the next step; G's alone is none.
  await tool(page, "Update only D; G stays fixed").click();
  await fingerprint.getByText("and a part of the next").waitFor();
  const half = await until(page, "half a step", (now) => now.fingerprint !== one.fingerprint);
  assert.equal(half.step, 1);
  await tool(page, "Update only G; D stays fixed").click();
  const two = await until(page, "step 2", (now) => now.step === 2);
  assert.equal(await fingerprint.getByText("Moved by hand").count(), 0, "both halves are what the link does");
  await tool(page, "Update only G; D stays fixed").click();
  await fingerprint.getByText("Moved by hand").waitFor();
  const alone = await until(page, "G alone", (now) => now.fingerprint !== two.fingerprint);
  assert.equal(alone.step, 2);
  const prints = [start, one, half, two, alone].map((now) => now.fingerprint);
  assert.equal(new Set(prints).size, 5, prints.join());
  assert.match(await fingerprint.innerText(), new RegExp(`${alone.fingerprint}\\s+at step 2`));

  await tool(page, "Start again from step 0").click();
  await until(page, "the beginning", (now) => now.step === 0 && now.fingerprint === start.fingerprint);
  assert.equal(await fingerprint.getByText("Moved by hand").count(), 0);
  await tool(page, "One step: all moves in turn").click();
  assert.equal((await until(page, "step 1 again", (now) => now.step === 1)).fingerprint, one.fingerprint);
  assert.deepEqual(faults, []);
});

test("stop=N stops there, shows it, and training on goes past it", { timeout: 90_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, `${SMALL}&stop=137`);
  await stopped(page, 137);
  await page.waitForTimeout(500);
  assert.equal((await state(page)).step, 137);
  assert.match(await page.locator(".health").innerText(), /137/);
  await page.getByRole("button", { name: "Train on from here" }).click();
  await until(page, "it goes on", (now) => trains(now) && now.step > 137);
  assert.deepEqual(faults, []);
});

test("a run that diverges says so, keeps finite weights, and can be started again", { timeout: 90_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, `${SMALL}&objective=leastsquares&gopt=sgd&dopt=sgd&glr=10&dlr=10`);
  const end = await until(page, "a divergence", (now) => now.status === "diverged", 30);
  assert.match(end.fingerprint, /^[0-9a-f]{8}$/);
  const said = await page.locator(".health").innerText();
  assert.match(said, /Diverged\..*not a finite number at step \d+.*last good/s);
  await page.getByRole("button", { name: "Start again by the rules that learn this data" }).click();
  await page.waitForURL((to) => !/lr=10/.test(to.hash));
  await until(page, "another run", (now) => trains(now) && now.step > 0);
  assert.deepEqual(faults, []);
});

test("every field that applies has a control, and every button a name", { timeout: 90_000 }, async () => {
  const { catalog, open: parse } = await load("cpu");
  const { page, faults } = await visit(browser);
  for (const link of [`${SMALL}&stop=1`, "v=1&data=mnist&gopt=sgd&g=8&d=8&stop=1&engine=cpu"]) {
    await page.goto("about:blank");
    await open(page, link);
    await stopped(page, 1, 60);
    const { values, kind } = parse(link);
    const applies = catalog().fields.filter(({ name, only = [] }) => name in values &&
      (only ?? []).every(({ field, is }) => is.includes((field === "kind" ? kind : values[field]) ?? is[0] ?? "")));
    // Datasets are pictures to choose from; everything else is a row, in the catalogue's order within its card.
    const expected = applies.filter((f) => f.name !== "data" && f.group !== "hand").map((f) => f.title.en).toSorted();
    const names = page.locator("form .field .name");
    // The cards are drawn one after the other, when the browser has nothing better to do: the run may be over before the last.
    for (let i = 0; i < 100 && (await names.count()) < expected.length; i++) await page.waitForTimeout(100);
    assert.deepEqual((await names.allInnerTexts()).toSorted(), expected);
    assert.equal(await page.locator("input[name=data]").count(), catalog().datasets.length);
    const nameless = await page.locator("button, input, select, canvas[role=img]").evaluateAll((all) =>
      all.filter((e) => !e.getAttribute("aria-label") && !e.textContent?.trim() && !e.closest("label")).map((e) => e.outerHTML));
    assert.deepEqual(nameless, []);
  }
  assert.deepEqual(faults, []);
});

test("by keyboard: past the bar to the controls, and D is asked at a point", { timeout: 60_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, `${SMALL}&stop=5`);
  await stopped(page, 5);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Skip to the controls");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("name")), "data", "the first control");

  const plane = page.getByRole("application", { name: "Ask for D(x) at a point of the plane" });
  await page.keyboard.press("Shift+Tab");
  for (let i = 0; i < 8 && !(await plane.evaluate((e) => e === document.activeElement)); i++) await page.keyboard.press("Shift+Tab");
  await page.getByText(/^D\(x\) = 0\.\d\d at \(0\.00, 0\.00\)$/).first().waitFor();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Shift+ArrowUp");
  const said = page.getByRole("status");
  await said.filter({ hasText: /D\(x\) = 0\.\d\d at \(0\.0[1-9], 0\.[12]\d\)/ }).waitFor();
  await page.keyboard.press("Escape");
  await page.locator("#probe", { hasText: "Arrow keys" }).waitFor();
  assert.equal((await state(page)).step, 5, "the arrow did not step the run");
  assert.deepEqual(faults, []);
});

test("a fold opens by itself where a field in it is not at its default", { timeout: 60_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, `${SMALL}&stop=5`);
  await stopped(page, 5);
  const beta = page.getByRole("textbox", { name: "G: β₁" });
  assert.equal(await beta.isVisible(), false);
  await open(page, `${SMALL}&stop=5&gb1=0.9`);
  await beta.waitFor();
  assert.equal(await page.getByRole("textbox", { name: "D: β₁" }).isVisible(), false, "the other player's stays shut");
  assert.deepEqual(faults, []);
});
