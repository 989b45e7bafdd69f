/** What the page asks of a machine: a free main thread while it trains, and few bytes. */
import assert from "node:assert/strict";
import { cpus, loadavg } from "node:os";
import { after, test } from "node:test";
import { launch, open, state, trains, until, visit } from "./browser.mjs";

const browser = await launch();
after(() => browser.close());

const SMALL = "v=1&batch=32&g=8&d=8&engine=cpu";

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
