/** The page fits: on every screen the picture stays in sight, nothing is too wide, and nothing moves while a run trains. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { launch, open, runs, state, stopped, until, visit } from "./browser.mjs";

/** @import { Page } from "playwright-core" */

const browser = await launch();
after(() => browser.close());

const SMALL = "v=1&batch=32&g=8&d=8&engine=cpu";

/** @param {Page} page @param {string} selector */
const box = async (page, selector) => {
  const found = await page.locator(selector).first().boundingBox();
  assert.ok(found, `${selector} is in sight`);
  return found;
};

for (const [what, viewport, phone] of /** @type {[string, {width: number, height: number}, boolean][]} */ ([
  ["a phone", { width: 390, height: 844 }, true], ["a small phone", { width: 360, height: 640 }, true], ["a phone on its side", { width: 844, height: 390 }, true],
  ["a tablet", { width: 768, height: 1024 }, true], ["a small window", { width: 1024, height: 600 }, false], ["a desk", { width: 1440, height: 900 }, false],
])) {
  test(`the picture stays in sight on ${what} while a rate is changed`, { timeout: 60_000 }, async () => {
    const { page, faults } = await visit(browser, { viewport, isMobile: phone, hasTouch: phone });
    await open(page, SMALL);
    await runs(page);
    if (phone) await page.getByRole("tab", { name: "Tune" }).click();
    for (const player of ["G", "D"]) {
      const more = page.getByRole("button", { name: `More: ${player}: Learning rate` });
      await more.scrollIntoViewIfNeeded();
      const plane = await box(page, ".plane canvas");
      const rate = await more.boundingBox();
      assert.ok(rate, "the rate is in sight");
      assert.ok(plane.height >= 150 && plane.width >= 150, `a picture of ${plane.width} × ${plane.height}`);
      assert.ok(plane.y >= 0 && plane.y + plane.height <= viewport.height, `the picture from ${plane.y} to ${plane.y + plane.height}`);
      // Nothing lies over the button: a press on its middle reaches it, and the run has the new rate.
      await page.mouse.click(rate.x + rate.width / 2, rate.y + rate.height / 2);
      await page.waitForURL(new RegExp(`${player.toLowerCase()}lr=0.002`));
    }
    assert.deepEqual(faults, []);
  });
}

test("the tabs of a small page are moved by the arrow keys, and only there are they tabs", { timeout: 60_000 }, async () => {
  const { page, faults } = await visit(browser, { viewport: { width: 390, height: 844 } });
  await open(page, `${SMALL}&stop=5`);
  await stopped(page, 5);
  const chosen = page.getByRole("tab", { selected: true });
  await chosen.focus();
  for (const [key, name] of [["ArrowRight", "Setup"], ["ArrowRight", "Tune"], ["End", "Learn"], ["ArrowRight", "Watch"], ["ArrowLeft", "Learn"], ["Home", "Watch"]]) {
    await page.keyboard.press(key ?? "");
    assert.equal(await chosen.innerText(), name);
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), name, "the focus goes with it");
    assert.equal(await page.getByRole("tabpanel").count(), 1);
    assert.ok(await page.getByRole("tabpanel", { name, exact: true }).isVisible());
  }
  assert.equal((await state(page)).step, 5, "the arrow did not step the run");
  // The engine is told about elsewhere.
  await page.getByRole("button", { name: /^Engine/ }).click();
  assert.ok(await page.locator("#engine").isVisible());
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole("tablist").waitFor({ state: "detached" });
  assert.equal(await page.getByRole("tabpanel").count(), 0);
  assert.ok(await page.locator("form.is-generator").isVisible() && await page.locator("#engine").isVisible());
  assert.deepEqual(faults, []);
});

test("nothing moves while the run trains", { timeout: 90_000 }, async () => {
  for (const viewport of [{ width: 1440, height: 900 }, { width: 390, height: 844 }]) {
    const { page, context, faults } = await visit(browser, { viewport });
    await open(page, SMALL);
    await until(page, "the second evaluation", (now) => now.step > 400);
    const places = () => page.locator(".card, .legend, .tabs, .lede").evaluateAll((all) => all.filter((e) => e.checkVisibility())
      .map((e) => `${e.className.replace(/ (is-|goes).*/, "").trim()} ${Math.round(e.getBoundingClientRect().top)} ${Math.round(e.getBoundingClientRect().height)}`));
    const first = await places();
    for (let i = 0; i < 12; i++) {
      await page.waitForTimeout(250);
      assert.deepEqual(await places(), first);
    }
    // Neither does a pause, with what it says.
    await page.locator("button.play").click();
    await until(page, "a pause", (now) => now.status === "paused");
    assert.deepEqual(await places(), first);
    assert.deepEqual(faults, []);
    await context.close();
  }
});

for (const locale of ["en-GB", "zh-CN"]) {
  test(`nothing is wider than a phone, in ${locale}`, { timeout: 90_000 }, async () => {
    const { page, faults } = await visit(browser, { viewport: { width: 360, height: 740 }, locale });
    for (const link of [SMALL, "v=1&data=mnist&g=32&d=32&engine=cpu&bad=1"]) {
      await open(page, link);
      await runs(page);
      const { wide, widest } = await page.evaluate(() => ({
        wide: document.documentElement.scrollWidth,
        widest: [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > 361).map((e) => e.className || e.tagName).slice(0, 5),
      }));
      assert.ok(wide <= 360, `${wide} px wide: ${widest}`);
    }
    assert.match(await page.locator("html").getAttribute("lang") ?? "", locale === "zh-CN" ? /^zh/ : /^en/);
    assert.deepEqual(faults, []);
  });
}
