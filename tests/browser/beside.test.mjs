/** Several experiments side by side: each trains in its own worker, one table has all their measurements, and the buttons are for all. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { launch, url, visit } from "./browser.mjs";

/** @import { Page } from "playwright-core" */

const browser = await launch();
after(() => browser.close());

const KDE = "v=2&family=kde&engine=cpu";
const GAN = "v=2&g=8&d=8&batch=32&engine=cpu";

/** The cells of a row of the table. @param {Page} page @param {string} title */
const row = (page, title) => page.locator("#figures tr", { has: page.getByRole("rowheader", { name: title, exact: true }) }).getByRole("cell").allInnerTexts();

/** @param {Page} page */
const steps = async (page) => (await row(page, "step")).slice(0, -1).map((text) => Number(text.replaceAll(",", "")));

/** @param {Page} page @param {(steps: number[]) => boolean} holds */
async function until(page, holds) {
  for (let tries = 0; tries < 300; tries++) {
    const now = await steps(page).catch(() => []);
    if (now.length > 0 && holds(now)) return now;
    await page.waitForTimeout(100);
  }
  throw new Error(`steps stay at ${await steps(page)}`);
}

test("two models on one clock: what each measures, and what one cannot say", { timeout: 120_000 }, async () => {
  const { page, faults } = await visit(browser);
  await page.goto(`${url}beside.html#${KDE};${GAN}`);
  await until(page, ([kde = 0, gan = 0]) => kde > 50 && gan > 100);
  await page.getByRole("rowheader", { name: "Held-out log-likelihood" }).waitFor();
  const [kde, gan, ideal] = await row(page, "Held-out log-likelihood");
  assert.match(kde ?? "", /^−?\d.* nats$/);
  assert.equal(gan, "–", "a GAN has no likelihood");
  assert.match(ideal ?? "", /^1\.0/);
  assert.equal((await row(page, "Modes held")).length, 3);

  await page.getByRole("button", { name: "Pause all" }).click();
  await page.waitForTimeout(1500);
  const still = await steps(page);
  await page.waitForTimeout(1000);
  assert.deepEqual(await steps(page), still);
  await page.getByRole("button", { name: "Play all" }).click();
  await until(page, (now) => now.every((step, i) => step > (still[i] ?? 0)));
  await page.getByRole("button", { name: "Start all again" }).click();
  await until(page, (now) => now.every((step, i) => step < (still[i] ?? 0)));
  assert.deepEqual(faults, []);
});

test("experiments are added, changed and removed, and the address is what is seen", { timeout: 120_000 }, async () => {
  const { page, faults } = await visit(browser);
  await page.goto(`${url}beside.html#${GAN}`);
  await until(page, ([gan = 0]) => gan > 10);
  assert.equal(await page.getByRole("button", { name: "remove" }).count(), 0, "one stays");
  await page.getByRole("button", { name: "Add an experiment" }).click();
  await page.getByLabel("Link of experiment 2").fill(`#${KDE};`);
  await page.getByLabel("Link of experiment 2").press("Enter");
  await until(page, (now) => now.length === 2 && now.every((step) => step > 10));
  assert.equal(new URL(page.url()).hash, `#${GAN};${KDE}`);
  const [before = 0] = await steps(page);
  assert.equal(await page.getByRole("link", { name: "open alone" }).last().getAttribute("href"), `./#${KDE}`);
  await page.getByRole("button", { name: "Add an experiment" }).click();
  await until(page, (now) => now.length === 3 && now.every((step) => step > 3));
  assert.ok(((await steps(page))[0] ?? 0) > before, "who is there goes on");
  await page.getByRole("button", { name: "remove" }).last().click();
  await page.getByRole("button", { name: "remove" }).first().click();
  await until(page, (now) => now.length === 1);
  assert.equal(new URL(page.url()).hash, `#${KDE}`);

  // At rest, whoever comes rests too; and beyond six nobody is asked for more.
  await page.getByRole("button", { name: "Pause all" }).click();
  const add = page.getByRole("button", { name: "Add an experiment" });
  await add.click();
  await until(page, (now) => now.length === 2 && now.every((step) => step >= 0));
  await page.waitForTimeout(2500);
  const still = await steps(page);
  await page.waitForTimeout(1000);
  assert.deepEqual(await steps(page), still);
  while (await add.isEnabled()) await add.click();
  assert.equal(await page.locator("#runs iframe").count(), 6);
  assert.deepEqual(faults, []);
});

test("an address that is mangled is read as it stands", { timeout: 60_000 }, async () => {
  const { page, faults } = await visit(browser);
  await page.goto(`${url}beside.html#${GAN}&seed=%zz;${GAN}`);
  await until(page, (now) => now.length === 2 && now.every((step) => step > 3));
  assert.deepEqual(faults, []);
});

test("on a phone nothing is wider than it", { timeout: 60_000 }, async () => {
  const { page, faults } = await visit(browser, { viewport: { width: 390, height: 844 }, locale: "zh-CN" });
  await page.goto(`${url}beside.html#${GAN};${KDE}`);
  await page.locator("#figures tbody tr").nth(3).waitFor();
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  assert.deepEqual(faults, []);
});
