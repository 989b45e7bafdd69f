/**
 * Nothing that axe-core finds: in light and dark, in both languages, on a wide, a middling and a small screen, with every
 * part of the page in sight and with what opens opened.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, test } from "node:test";
import { launch, open, stopped, url, visit } from "./browser.mjs";

/** @import { Page } from "playwright-core" */

const browser = await launch();
after(() => browser.close());

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What it finds on the page as it is, one line each. Every rule it has but those that its authors call experiments. @param {Page} page @returns {Promise<string[]>} */
async function findings(page) {
  // Something that moves is half transparent for a moment, and then its contrast is, too.
  await page.evaluate(() => Promise.all(document.getAnimations().filter((a) => a.effect?.getComputedTiming().iterations !== Infinity).map((a) => a.finished.catch(() => {}))));
  // By the debugger, which the page's policy does not bind.
  if (!await page.evaluate("'axe' in window")) await page.evaluate(`${axe};0`);
  return await page.evaluate(`axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"],
    rules: { "target-size": { enabled: true }, "label-content-name-mismatch": { enabled: true }, "focus-order-semantics": { enabled: true } },
    resultTypes: ["violations"],
  }).then(({ violations }) => violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, html, failureSummary }) =>
    id + ": " + help + "\\n  " + target.join(" ") + "\\n  " + html.slice(0, 160) + "\\n  " + failureSummary.split("\\n").slice(1).join(" ").slice(0, 240))))`);
}

/** Everything that a person may open: folds, and one explanation. @param {Page} page */
async function unfold(page) {
  const folded = page.locator(".more[aria-expanded=false]:visible");
  while (await folded.count() > 0) await folded.first().click();
  await page.locator(".field .name:visible").first().click();
}

const END = "v=1&batch=8&g=8&d=8&engine=cpu&stop=60";

for (const [width, height] of /** @type {[number, number][]} */ ([[1440, 900], [1024, 768], [390, 844]])) {
  test(`nothing to be found at ${width} px`, { timeout: 300_000 }, async (t) => {
    for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
      for (const locale of ["en-GB", "zh-CN"]) {
        const small = width < 600;
        const { page, context, faults } = await visit(browser, { viewport: { width, height }, colorScheme, locale, isMobile: small, hasTouch: small });
        /** @param {string} what */
        const clean = async (what) => {
          const found = await findings(page);
          assert.equal(found.length, 0, `${what}, ${width} px, ${colorScheme}, ${locale}:\n${found.join("\n")}`);
        };
        // A word that does not belong there brings the notice; a run that has ended, its way on; the lesson, its card.
        await page.goto(`${url}?lesson=hop#${END}&bad=1`, { timeout: 60_000 });
        // The answer, and what was tried.
        for (const which of [0, 1]) await page.locator(".lesson summary").nth(which).click();
        await page.evaluate(() => scrollTo(0, 0));
        await stopped(page, 60);
        await page.locator(".fingerprint b").waitFor({ state: "attached" });
        await page.locator("footer").waitFor({ state: "attached" });
        await clean("as it opens");
        const tabs = await page.getByRole("tab").all();
        assert.equal(tabs.length, small ? 5 : 0);
        for (const tab of small ? tabs : [undefined]) {
          await tab?.click();
          if (await page.locator(".field:visible").count() > 0) await unfold(page);
          // What cannot be is refused beside its field.
          const batch = page.locator("form.is-game .draft:visible").first();
          if (await batch.count() > 0) {
            await batch.fill("1000000");
            await batch.press("Enter");
            await page.locator(".refused").waitFor();
          }
          await clean(await tab?.innerText() ?? "unfolded");
        }
        assert.deepEqual(faults, []);
        await context.close();
      }
    }
    t.diagnostic("light and dark, English and Chinese");
  });
}

test("nothing to be found on the stage of pictures, and in the box of a link to copy", { timeout: 120_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, `${END.replace("stop=60", "stop=2")}&data=mnist`);
  await stopped(page, 2);
  await page.locator(".pictures").waitFor();
  // Nobody gave permission for the clipboard.
  await page.evaluate(() => Object.defineProperty(navigator.clipboard, "writeText", { value: () => Promise.reject(new Error("no")) }));
  await page.getByRole("button", { name: "Share" }).click();
  await page.getByRole("button", { name: "This experiment from its start" }).click();
  await page.getByLabel("Copy this link:").waitFor();
  assert.deepEqual(await findings(page), []);
  assert.deepEqual(faults, []);
});

test("nothing to be found in samples by hand", { timeout: 120_000 }, async () => {
  const { page, faults } = await visit(browser);
  for (const look of ["4@1:0.5", "3~5:0.5", "3-4_5"]) {
    await page.goto("about:blank");
    await open(page, `${END.replace("stop=60", "stop=2")}&data=mnist&look=${look}`);
    await stopped(page, 2);
    await page.locator(".hand .nearest canvas").waitFor();
    assert.deepEqual(await findings(page), []);
  }
  assert.deepEqual(faults, []);
});

test("it would find what it is there to find", { timeout: 60_000 }, async () => {
  const { page } = await visit(browser);
  await open(page, END);
  await stopped(page, 60);
  await page.evaluate(() => {
    for (const name of ["aria-label", "title"]) document.querySelector(".play")?.removeAttribute(name);
    document.querySelector(".play")?.replaceChildren();
    document.querySelector(".title")?.setAttribute("style", "color: #999; background: #aaa");
  });
  const found = (await findings(page)).join("\n");
  assert.match(found, /button-name/);
  assert.match(found, /color-contrast/);
});

test("nothing to be found on the page of experiments side by side", { timeout: 90_000 }, async () => {
  for (const [width, colorScheme] of /** @type {[number, "light" | "dark"][]} */ ([[1280, "light"], [390, "dark"]])) {
    const { page, context } = await visit(browser, { viewport: { width, height: 900 }, colorScheme });
    await page.goto(`${url}beside.html#${END};${END}&seed=2`);
    await page.locator("#figures tbody tr").nth(3).waitFor();
    assert.deepEqual(await findings(page), []);
    await context.close();
  }
});
