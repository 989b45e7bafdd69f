/** Measurements of the page itself, by what it mirrors in `document.documentElement.dataset`. */
import { open, trains, until, visit } from "../browser.mjs";

/** @import { Browser, Page } from "playwright-core" */

/** A run in the page that can be made to rest, so that another measurement has the machine meanwhile. */
export class PageRun {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
  }

  /** @param {Browser} browser @param {string} link */
  static async open(browser, link) {
    const { page } = await visit(browser);
    await open(page, link);
    await until(page, "the first evaluation", (now) => trains(now) && Object.keys(now.metrics).length > 0, 120);
    return new PageRun(page);
  }

  /** Pauses, or plays on. */
  async toggle() {
    await this.page.bringToFront();
    await this.page.keyboard.press("Space");
  }

  /** Steps per second over so many milliseconds, from the steps of the page's snapshots. @param {number} span @returns {Promise<number>} */
  rate(span) {
    return this.page.evaluate((span) => new Promise((resolve) => {
      const data = document.documentElement.dataset;
      // From one change of the step to another, so that the pace of snapshots adds no error.
      const marks = /** @type {{time: number, step: number}[]} */ ([]);
      const observer = new MutationObserver(() => {
        marks.push({ time: performance.now(), step: Number(data.step) });
        const [first, last] = [marks[0], marks.at(-1)];
        if (!first || !last || last.time - first.time < span) return;
        observer.disconnect();
        resolve((1000 * (last.step - first.step)) / (last.time - first.time));
      });
      observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-step"] });
    }), span);
  }

  async end() {
    await this.page.context().close();
  }
}

/**
 * Milliseconds from the navigation to the first picture (a snapshot of step 0 or later) and to the first step shown,
 * in a fresh profile: nothing is in the browser's cache.
 * @param {Browser} browser @param {string} address
 */
export async function firstStep(browser, address) {
  const { page, context } = await visit(browser);
  await page.addInitScript(() => {
    const first = /** @type {Record<string, number>} */ ({});
    Object.assign(window, { first });
    // The document's root does not exist yet.
    new MutationObserver(() => {
      const { fingerprint, step } = document.documentElement.dataset;
      if (fingerprint) first.picture ??= performance.now();
      if (Number(step) > 0) first.step ??= performance.now();
    }).observe(document, { attributes: true, subtree: true, attributeFilter: ["data-step", "data-fingerprint"] });
  });
  await page.goto(address, { timeout: 60_000 });
  await until(page, "the first steps", (now) => now.step > 0, 60);
  const first = await page.evaluate(() => /** @type {{picture: number, step: number}} */ (Reflect.get(window, "first")));
  await context.close();
  return first;
}
