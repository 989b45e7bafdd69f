/**
 * What every browser test needs: the page in a real Chromium, a list of what went wrong in it, and the run as the page
 * mirrors it in `document.documentElement.dataset`.
 *
 * `cargo xtask test browser` starts a server and says in the environment where it is (GP_URL) and which browser to use
 * (CHROMIUM).
 */
import { afterEach } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium } from "playwright-core";

/** @import { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core" */

const given = process.env.GP_URL;
if (!given) throw new Error("GP_URL is not set: start the browser tests by `cargo xtask test browser`");
/** The page's address, with a slash at its end. */
export const url = given.endsWith("/") ? given : given + "/";

/** The browser is to fetch nothing of its own accord while it is measured. */
const QUIET = ["--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
/** WebGPU by a software GPU: headless, and the same on every machine. */
const SOFTWARE_GPU = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];
const REAL_GPU = ["--enable-unsafe-webgpu", "--enable-features=Vulkan"];

/**
 * @param {{gpu?: "none" | "software" | "real", flags?: string[]}} [options]  without a GPU, Chromium has `navigator.gpu` but no adapter
 * @returns {Promise<Browser>}
 */
export function launch({ gpu = "none", flags = [] } = {}) {
  const more = { none: [], software: SOFTWARE_GPU, real: REAL_GPU }[gpu];
  return chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: [...QUIET, ...more, ...flags] });
}

/** @type {BrowserContext[]} */
const visits = [];
// A page that is left open trains on, beside every test that follows.
if (process.env.NODE_TEST_CONTEXT) {
  afterEach(async () => { await Promise.all(visits.splice(0).map((context) => context.close())); });
}

/**
 * A fresh profile with an empty page, closed with its test, and its faults: errors on the console (the workers' too), uncaught errors,
 * requests that failed, and requests to anyone but the page's own origin.
 * @param {Browser} browser
 * @param {BrowserContextOptions} [options]
 */
export async function visit(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB", ...options });
  visits.push(context);
  const page = await context.newPage();
  /** @type {string[]} */
  const faults = [];
  page.on("console", (message) => { if (message.type() === "error") faults.push(`console: ${message.text()}`); });
  page.on("pageerror", (error) => faults.push(`uncaught: ${error.stack ?? error}`));
  page.on("crash", () => faults.push("the page crashed"));
  page.on("requestfailed", (request) => {
    const why = request.failure()?.errorText ?? "";
    // A page that is left drops what it was still fetching.
    if (why !== "net::ERR_ABORTED") faults.push(`failed: ${request.url()} ${why}`);
  });
  page.on("response", (response) => { if (response.status() >= 400) faults.push(`HTTP ${response.status()}: ${response.url()}`); });
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (/^https?:$/.test(protocol) && origin !== new URL(url).origin) faults.push(`foreign: ${request.url()}`);
  });
  return { page, context, faults };
}

/** Opens an experiment. On a page that is open already only the hash changes. @param {Page} page @param {string} [link] without `#` */
export const open = (page, link = "") => page.goto(url + (link && "#" + link), { timeout: 60_000 });

/** The run as the page mirrors it. @param {Page} page */
export async function state(page) {
  const data = await page.evaluate(() => ({ ...document.documentElement.dataset }));
  return {
    engine: data.engine ?? "", status: data.status ?? "", step: Number(data.step), rate: Number(data.stepsPerSecond),
    fingerprint: data.fingerprint ?? "", metrics: /** @type {Record<string, number>} */ (JSON.parse(data.metrics ?? "{}")),
  };
}

/**
 * Waits until the mirrored run is as it should be. Asks from outside, so that nothing of the page's rules (no `eval`)
 * or of its frame rate is in the way. A failed run ends the wait at once.
 * @param {Page} page
 * @param {string} what  for the message
 * @param {(now: Awaited<ReturnType<typeof state>>) => boolean} holds
 * @param {number} [seconds]
 */
export async function until(page, what, holds, seconds = 60) {
  const end = performance.now() + 1000 * seconds;
  for (;;) {
    const now = await state(page);
    if (holds(now)) return now;
    const late = performance.now() > end;
    if (late || now.status === "failed") {
      const said = await page.locator(".health").innerText({ timeout: 1000 }).catch(() => "(no health card)");
      throw new Error(`${what}: ${late ? `not within ${seconds} s` : "the run failed"}. ${said}\n${JSON.stringify(now)}`);
    }
    await sleep(100);
  }
}

/** States in which a run trains. */
export const trains = (/** @type {{status: string}} */ now) =>
  ["running", "good", "far", "stalled", "frozen", "won", "hopping", "lagging", "copying", "doubled", "partial", "collapsed"].includes(now.status);

/** A run that has made a step. @param {Page} page */
export const runs = (page) => until(page, "a run", (now) => trains(now) && now.step > 0);

/** Pauses a run, and gives it as it then stands. @param {Page} page */
export async function pause(page) {
  await page.locator("button.play").click();
  await until(page, "a pause", (now) => now.status === "paused");
  // The picture of the last step comes with the measurement that a pause makes.
  await page.waitForTimeout(300);
  return state(page);
}

/** Waits for the address. @param {Page} page @param {(hash: string) => boolean} holds */
export async function hash(page, holds) {
  for (let tries = 0; tries < 200; tries++) {
    const now = new URL(page.url()).hash;
    if (holds(now)) return now;
    await sleep(50);
  }
  throw new Error(`the address stays ${page.url()}`);
}

/** A run that has reached the `stop` of its link. @param {Page} page @param {number} step @param {number} [seconds] */
export const stopped = (page, step, seconds) =>
  until(page, `a stop at step ${step}`, (now) => now.status === "stopped" && now.step === step, seconds);

/** Waits until a failed run is tried again. @param {Page} page */
export const revived = (page) => page.locator("html:not([data-status=failed])").waitFor({ state: "attached", timeout: 20_000 });

/** What isolates a document or a worker from other origins, so that its memory may be shared; as our server sends it. */
export const ISOLATED = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

/** An empty document on the page's own origin: what a page that embeds `pkg/` begins with. @param {Page} page @param {string} [body] */
export async function blank(page, body = "") {
  const address = url + "blank.html";
  await page.route(address, (route) => route.fulfill({
    contentType: "text/html; charset=utf-8", headers: ISOLATED, body: `<!doctype html><html lang="en"><title>blank</title><link rel="icon" href="data:,">${body}`,
  }));
  await page.goto(address);
}
