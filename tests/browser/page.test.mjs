/** The page as a person uses it: it stays responsive, obeys keys and buttons, fits a phone, and tells when a run ends. */
import assert from "node:assert/strict";
import { cpus, loadavg } from "node:os";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { launch, open, state, stopped, trains, until, url, visit } from "./browser.mjs";
import { load } from "./engine.mjs";

/** @import { Page } from "playwright-core" */

const browser = await launch();
after(() => browser.close());

const SMALL = "v=1&batch=32&g=8&d=8&engine=cpu";

/** @param {Page} page */
const runs = (page) => until(page, "a run", (now) => trains(now) && now.step > 0);
/** @param {Page} page @param {string} name */
const tool = (page, name) => page.getByRole("group", { name: "Training" }).getByRole("button", { name });

test("ten seconds of training on cpu keep the main thread free", { timeout: 180_000 }, async (t) => {
  const { page, faults } = await visit(browser);
  await open(page, "v=1&engine=cpu");
  // The first picture, the first chart and the first evaluation belong to the load.
  await until(page, "the first evaluation", (now) => trains(now) && now.metrics.modes !== undefined);
  await page.waitForTimeout(1000);
  await page.evaluate(() => {
    const tasks = /** @type {number[]} */ ([]);
    Object.assign(window, { tasks });
    new PerformanceObserver((list) => { for (const task of list.getEntries()) tasks.push(task.duration); }).observe({ type: "longtask", buffered: false });
  });
  // A task may be long once because the machine shared its core; one of the page's own is there every time. What the observer
  // sees by the clock is told, not judged: it holds the waiting too.
  for (let attempt = 1; ; attempt++) {
    const before = await state(page);
    await page.evaluate(() => { /** @type {number[]} */ (Reflect.get(window, "tasks")).length = 0; });
    await browser.startTracing(page, { categories: ["disabled-by-default-devtools.timeline"] });
    await page.waitForTimeout(10_000);
    const computed = tasksOf(await browser.stopTracing());
    const observed = await page.evaluate(() => /** @type {number[]} */ (Reflect.get(window, "tasks")));
    const after = await state(page);
    t.diagnostic(`longest task ${Math.max(0, ...observed)} ms by the clock (0: under 50), ${Math.max(...computed).toFixed(0)} ms of computing; `
      + `${((after.step - before.step) / 10).toFixed(0)} steps/s; load ${loadavg()[0]?.toFixed(1)} on ${cpus().length}`);
    assert.ok(after.step > before.step + 50, `it trained meanwhile: step ${before.step} to ${after.step}`);
    assert.ok(computed.length > 100, "the trace holds the page's tasks");
    const long = computed.filter((ms) => ms > 50);
    if (long.length === 0) break;
    assert.ok(attempt < 3, `tasks of over 50 ms in each of ${attempt} spans: ${long}`);
  }
  assert.deepEqual(faults, []);
});

/**
 * Milliseconds of processor time of each task of a page's main thread, from a trace; without what it spends on handing the
 * picture over (Commit), which here, without a GPU, waits for a rasteriser on the same cores.
 * @param {Buffer} trace
 */
function tasksOf(trace) {
  /** @type {{name: string, tid: number, ts: number, dur?: number, tdur?: number, args?: {name?: string}}[]} */
  const events = JSON.parse(trace.toString()).traceEvents;
  const main = events.filter((e) => e.name === "thread_name" && e.args?.name === "CrRendererMain").map((e) => e.tid);
  const mine = events.filter((e) => main.includes(e.tid));
  const commits = mine.filter((e) => e.name === "Commit");
  return mine.filter((e) => e.name === "RunTask").map((task) => {
    const within = commits.filter((e) => e.tid === task.tid && e.ts >= task.ts && e.ts <= task.ts + (task.dur ?? 0));
    return ((task.tdur ?? 0) - within.reduce((sum, e) => sum + (e.tdur ?? e.dur ?? 0), 0)) / 1000;
  });
}

test("a long task would have been seen, by the observer and in the trace", { timeout: 60_000 }, async () => {
  const { page } = await visit(browser);
  await open(page, `${SMALL}&stop=1`);
  await browser.startTracing(page, { categories: ["disabled-by-default-devtools.timeline"] });
  await page.evaluate(() => new Promise((resolve) => {
    new PerformanceObserver((list) => {
      if (list.getEntries().some((task) => task.duration >= 500)) resolve(undefined);
    }).observe({ type: "longtask", buffered: false });
    setTimeout(() => { const end = performance.now() + 500; while (performance.now() < end); }, 50);
  }));
  const longest = Math.max(...tasksOf(await browser.stopTracing()));
  assert.ok(longest > 50, `${longest} ms`);
});

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

  await tool(page, "One step: D, then G").click();
  const one = await until(page, "step 1", (now) => now.step === 1);
  assert.equal(await fingerprint.getByText("Moved by hand").count(), 0, "a whole step is what the link does");
  // D's half and then G's are the next step; G's alone is none.
  await tool(page, "Update only D; G stays fixed").click();
  await fingerprint.getByText("and D’s half of the next").waitFor();
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
  await tool(page, "One step: D, then G").click();
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
    const applies = catalog().fields.filter(({ only = [] }) =>
      (only ?? []).every(({ field, is }) => is.includes(field === "kind" ? kind : values[field] ?? "")));
    // Datasets are pictures to choose from; everything else is a row, in the catalogue's order within its card.
    const expected = applies.filter((f) => f.name !== "data").map((f) => f.title).toSorted();
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

test("by keyboard: past the bar to the controls, and D is asked at a point", { timeout: 60_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, `${SMALL}&stop=5`);
  await stopped(page, 5);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Skip to the controls");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("name")), "data", "the first control");

  const plane = page.getByRole("application", { name: "Ask D at a point of the plane" });
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

test("all that the page loads beside its engine stays under 250 kB", { timeout: 60_000 }, async (t) => {
  const { page, faults } = await visit(browser);
  /** @type {Set<string>} */
  const asked = new Set();
  page.on("request", (request) => asked.add(request.url().slice(url.length)));
  await open(page, `${SMALL}&stop=1`);
  await stopped(page, 1);
  const files = [...asked].filter((file) => !file.startsWith("pkg/"));
  for (const part of ["app.js", "css/base.css", "worker/loop.js", "vendor/uplot/dist/uPlot.esm.js"]) assert.ok(files.includes(part), `${part} in ${files}`);
  const sizes = await Promise.all(files.map(async (file) => {
    const body = Buffer.from(await (await fetch(url + file)).arrayBuffer());
    return { file, size: gzipSync(body, { level: 9 }).length };
  }));
  const total = sizes.reduce((sum, { size }) => sum + size, 0);
  const largest = sizes.toSorted((a, b) => b.size - a.size).slice(0, 3).map(({ file, size }) => `${file} ${size}`);
  t.diagnostic(`${sizes.length} files, ${total} bytes gzipped; largest: ${largest.join(", ")}`);
  assert.ok(total < 250_000, `${total} bytes`);
  assert.deepEqual(faults, []);
});
