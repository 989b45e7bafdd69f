/** What is missing is replaced, and the page says what and why; what cannot be replaced is a message, not a blank page. */
import assert from "node:assert/strict";
import { cpus } from "node:os";
import { after, test } from "node:test";
import { launch, open, revived, stopped, trains, until, url, visit } from "./browser.mjs";

/** @import { Page } from "playwright-core" */

const plain = await launch();
after(() => plain.close());

/** @type {(page: Page) => Promise<string>} */
const why = (page) => page.locator("#engine").innerText();

/** Puts a line before the worker's own code: what the browser lacks there. @param {Page} page @param {string} line */
const inWorkers = (page, line) => page.route("**/worker/worker.js", async (route) => {
  const answer = await route.fetch();
  await route.fulfill({ response: answer, body: line + "\n" + (await answer.text()) });
});

/** Files that do not come. @param {Page} page @param {string} files */
const without = (page, files) => page.route(files, (route) => route.abort());

const SMALL = "v=1&batch=32&g=8&d=8&stop=20";

test("navigator.gpu is gone: webgpu gives way to cpu, with the reason", { timeout: 90_000 }, async () => {
  const { page, faults } = await visit(plain);
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, "gpu", { value: undefined }));
  await inWorkers(page, "Object.defineProperty(WorkerNavigator.prototype, 'gpu', { value: undefined });");
  await open(page, `${SMALL}&engine=webgpu`);
  const now = await stopped(page, 20);
  assert.equal(now.engine, "cpu");
  assert.match(await why(page), /webgpu could not be used.*no WebGPU/s);
  assert.deepEqual(faults, []);
});

test("WebGPU without an adapter: cpu, with the reason; auto says why too", { timeout: 90_000 }, async () => {
  const { page, faults } = await visit(plain);
  await open(page, `${SMALL}&engine=webgpu`);
  assert.equal((await stopped(page, 20)).engine, "cpu");
  assert.match(await why(page), /webgpu could not be used.*no usable GPU/s);
  // Steps of several milliseconds make auto ask for a GPU after a second of training.
  await open(page, "v=1&batch=512&g=128,128&d=128,128");
  await until(page, "auto on cpu", (now) => trains(now) && now.engine === "cpu" && now.step > 0);
  await page.locator("#engine", { hasText: "no usable GPU" }).waitFor({ timeout: 30_000 });
  assert.deepEqual(faults, []);
});

test("a GPU that computes nothing fails the self-test: cpu, with what came out", { timeout: 400_000 }, async (t) => {
  const gpu = await launch({ gpu: "software" });
  t.after(() => gpu.close());
  const { page, faults } = await visit(gpu);
  // What a refused shader does: the work is dropped without an error and the output keeps what was in it.
  await inWorkers(page, "GPUQueue.prototype.submit = () => {};");
  await open(page, `${SMALL}&engine=webgpu`);
  assert.equal((await stopped(page, 20, 300)).engine, "cpu");
  assert.match(await why(page), /webgpu could not be used.*wrong numbers in the self-test: .*came out as/s);
  assert.deepEqual(faults, []);
});

test("a GPU that is lost while it trains: cpu goes on, with the reason", { timeout: 400_000 }, async (t) => {
  const gpu = await launch({ gpu: "software" });
  t.after(() => gpu.close());
  const { page, faults } = await visit(gpu);
  await inWorkers(page, `const request = GPUAdapter.prototype.requestDevice;
    GPUAdapter.prototype.requestDevice = async function (...a) { return (globalThis.device = await request.apply(this, a)); };`);
  await open(page, SMALL.replace("stop=20", "stop=200") + "&engine=webgpu");
  await until(page, "a step on the GPU", (now) => now.engine === "webgpu" && trains(now) && now.step > 0, 300);
  for (const worker of page.workers()) await worker.evaluate(() => Reflect.get(globalThis, "device")?.destroy());
  assert.equal((await stopped(page, 200, 60)).engine, "cpu");
  assert.match(await why(page), /webgpu could not be used.*the device failed/s);
  assert.deepEqual(faults, []);
});

/** Ends the process that has the GPU, as a driver that crashes does. @param {import("playwright-core").Browser} browser */
async function killGpu(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const gpu = processInfo.find(({ type }) => type === "GPU");
  assert.ok(gpu, "a GPU process");
  process.kill(gpu.id, "SIGKILL");
}

for (const still of [false, true]) {
  test(`a GPU whose process is killed while it ${still ? "stands still" : "trains"}: cpu goes on from the last kept state, and says so`, { timeout: 400_000 }, async (t) => {
    const gpu = await launch({ gpu: "software" });
    t.after(() => gpu.close());
    const { page, faults } = await visit(gpu);
    await open(page, SMALL.replace("&stop=20", "") + "&engine=webgpu");
    const first = await until(page, "a step on the GPU", (now) => now.engine === "webgpu" && trains(now) && now.step > 0, 300);
    // The first state is kept after two seconds of training.
    await page.waitForTimeout(4000);
    let before = await until(page, "more steps", (now) => now.step > first.step);
    if (still) {
      await page.keyboard.press("Space");
      before = await until(page, "a pause", (now) => now.status === "paused");
    }
    await page.evaluate(() => {
      const steps = /** @type {number[]} */ ([]);
      Object.assign(window, { steps });
      const { dataset } = document.documentElement;
      new MutationObserver(() => { if (dataset.engine === "cpu" && dataset.fingerprint) steps.push(Number(dataset.step)); })
        .observe(document.documentElement, { attributes: true });
    });
    await killGpu(gpu);
    // One that stands still is missed when it is asked for a step.
    if (still) await page.keyboard.press(".");
    await until(page, "the cpu", (now) => now.engine === "cpu" && (still ? now.status === "paused" && now.step > 0 : trains(now) && now.step > before.step), 60);
    const notice = await page.locator(".notice[role=alert]").innerText();
    const [, at, from] = /webgpu failed at about step ([\d,]+)\. The run went on from step ([\d,]+) on cpu\./.exec(notice)?.map((n) => Number(n.replaceAll(",", ""))) ?? [];
    assert.ok(at && from && from > 0 && from <= at && at >= before.step, notice);
    const steps = await page.evaluate(() => /** @type {number[]} */ (Reflect.get(window, "steps")));
    assert.equal(steps[0], from, "the first picture is of the kept state");
    assert.match(await why(page), /webgpu could not be used/);
    assert.deepEqual(faults, []);
  });
}

test("a worker with threads that dies: one thread goes on from the last kept state, and says so", { timeout: 120_000 }, async (t) => {
  if (!(await fetch(`${url}pkg/cpu-threads/manifest.json`)).ok || cpus().length < 2) return t.skip("no module with threads, or one core");
  const { page, faults } = await visit(plain);
  await open(page, "v=1&batch=256&g=256,256&d=256,256&engine=cpu");
  await page.getByText(/\d+ threads share the work/).waitFor({ state: "attached" });
  const first = await until(page, "a step", (now) => trains(now) && now.step > 0);
  await page.waitForTimeout(6000);
  const { step } = await until(page, "more steps", (now) => now.step > first.step);
  for (const worker of page.workers()) worker.evaluate("self.close()").catch(() => {});
  const notice = page.locator(".notice[role=alert]");
  await notice.getByText(/cpu-threads failed at about step [\d,]+\. The run went on from step [\d,]+ on cpu\./).waitFor({ timeout: 30_000 });
  await until(page, "it goes on", (now) => trains(now) && now.step > step);
  assert.match(await why(page), /cpu-threads could not be used/);
  assert.deepEqual(faults, []);
});

test("no WebAssembly SIMD: ndarray, with the reason", { timeout: 90_000 }, async (t) => {
  // V8 offers SIMD only on processors with these instructions; other processors need the page to be told otherwise.
  const flagged = process.arch === "x64";
  const old = await launch({ flags: flagged ? ["--js-flags=--no-enable-sse4-1 --no-enable-ssse3"] : [] });
  t.after(() => old.close());
  const { page, faults } = await visit(old);
  if (!flagged) await page.addInitScript(() => { WebAssembly.validate = () => false; });
  for (const engine of ["auto", "cpu"]) {
    await open(page, `${SMALL}&engine=${engine}`);
    const now = await until(page, "a run without SIMD", (now) => now.status === "stopped" && now.engine !== "");
    assert.equal(now.engine, "ndarray");
    assert.match(await why(page), /no SIMD/);
  }
  assert.deepEqual(faults, []);
});

test("the cpu engine's file is missing: ndarray, with the reason", { timeout: 90_000 }, async () => {
  const { page } = await visit(plain);
  await without(page, "**/pkg/cpu/**");
  await open(page, SMALL);
  assert.equal((await stopped(page, 20)).engine, "ndarray");
  assert.match(await why(page), /cpu could not be used/);
});

for (const [what, files] of [["no engine's file comes", "**/pkg/**"], ["the worker's file does not come", "**/worker/worker.js"]]) {
  test(`${what}: failed, with a message, and starting again helps once it does`, { timeout: 90_000 }, async () => {
    const { page } = await visit(plain);
    await without(page, files ?? "");
    await open(page, SMALL);
    await until(page, "a failure", (now) => now.status === "failed", 30);
    const health = page.locator(".health");
    assert.match(await health.innerText(), /could not go on\. +\S.{9,}/, "a reason follows");
    await page.unroute(files ?? "");
    await health.getByRole("button", { name: "Start again" }).click();
    await revived(page);
    await stopped(page, 20);
  });
}
