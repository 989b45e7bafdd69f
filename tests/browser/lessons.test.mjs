/** Lessons: found in a list, named in the address, done by buttons, in both languages. What they claim is tested in `tests/lessons/`. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { lessons } from "../../www/lessons/list.js";
import { hash, launch, open, runs, until, url, visit } from "./browser.mjs";

/** @import { Page } from "playwright-core" */

const browser = await launch();
after(() => browser.close());

/** The lesson that the address names. @param {Page} page */
const named = (page) => new URL(page.url()).searchParams.get("lesson");
/** The experiment that it names. @param {Page} page */
const experiment = (page) => new URL(page.url()).hash.slice(1);

test("a lesson opens from the list, and what it says to do is a button", { timeout: 120_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, "v=1&batch=8&g=8&d=8");
  await runs(page);
  assert.equal(await page.locator(".lesson").count(), 0, "none is open unasked");
  await page.locator("#lessons").getByRole("link", { name: "Why does the ring hop?" }).click();
  const card = page.getByRole("region", { name: "Why does the ring hop?" });
  await card.waitFor();
  assert.deepEqual([named(page), experiment(page)], ["hop", "v=2&d=8,8&ema=0"]);
  await runs(page);
  await card.getByRole("button", { name: "Five D updates a step" }).click();
  // It holds from a step of the running run on, and can be taken back.
  const tuned = await hash(page, (h) => /&\d+:dsteps=5$/.test(h));
  assert.ok(tuned.startsWith("#v=2&ema=0&d=8,8&"), tuned);
  assert.equal(named(page), "hop");
  await page.locator(".offer").getByRole("button", { name: "Change back" }).waitFor();
  assert.equal(await card.getByText("That all the others are there too").isVisible(), false, "first one thinks");
  await card.getByText("Answer", { exact: true }).click();
  assert.ok(await card.getByText("That all the others are there too").isVisible());

  await card.getByRole("link", { name: "From the start" }).click();
  await until(page, "a new start", (now) => now.step < 200);
  assert.equal(experiment(page), "v=2&d=8,8&ema=0");
  const next = lessons[lessons.findIndex(({ name }) => name === "hop") + 1];
  assert.ok(next);
  await card.getByRole("link", { name: `${next.title.en} →` }).click();
  await page.getByRole("region", { name: next.title.en }).waitFor();
  assert.equal(await page.getByText(next.answer.en).isVisible(), false, "another lesson's answer is closed again");
  await page.goBack();
  await card.waitFor();
  assert.deepEqual(faults, []);
});

test("a lesson can be put away, and an example is outside of all", { timeout: 120_000 }, async () => {
  const { page, faults } = await visit(browser, { locale: "zh-CN" });
  await page.goto(`${url}?pace=10&lesson=sight#v=2&ema=0`);
  const card = page.getByRole("region", { name: "谁看得到什么？" });
  await card.waitFor();
  await runs(page);
  await card.getByRole("button", { name: "让 D 单独走一步" }).click();
  await until(page, "a pause", (now) => now.status === "paused");
  await card.getByRole("button", { name: "关闭本课；训练继续" }).click();
  await card.waitFor({ state: "detached" });
  assert.deepEqual([named(page), new URL(page.url()).searchParams.get("pace"), experiment(page)], [null, "10", "v=2&ema=0"]);
  await page.goBack();
  await card.waitFor();
  await page.locator("footer").getByRole("link", { name: "双月", exact: true }).click();
  await card.waitFor({ state: "detached" });
  assert.equal(experiment(page), "v=2&data=moons");
  assert.deepEqual(faults, []);
});

test("an address with a lesson that there is not opens its experiment", { timeout: 60_000 }, async () => {
  const { page, faults } = await visit(browser);
  await page.goto(`${url}?lesson=%3Cimg%20src%3Dx%3E#v=1&batch=8&g=8&d=8`);
  await runs(page);
  assert.equal(await page.locator(".lesson").count(), 0);
  assert.deepEqual(faults, []);
});

test("every lesson says everything in both languages", () => {
  assert.equal(new Set(lessons.map((lesson) => lesson.name)).size, lessons.length);
  for (const { name, title, watch, task, deeds, ask, answer } of lessons) {
    for (const text of [title, watch, task, ask, answer, ...deeds.map((deed) => deed.what)]) {
      assert.ok(text.en.trim() && /[\u4e00-\u9fff]/.test(text.zh), `${name}: ${text.en}`);
    }
    for (const deed of deeds) assert.equal([deed.changes, deed.link, deed.move].filter((way) => way !== undefined).length, 1, name);
  }
});
