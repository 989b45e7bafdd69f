/** Measurements in a worker on an empty page of the served origin: neither our page nor its rules are in the way. */
import { readFile } from "node:fs/promises";
import { ISOLATED, blank, url, visit } from "../browser.mjs";

/** @import { Browser, Page } from "playwright-core" */
/** @import { Task } from "./worker.js" */

export class Bench {
  /** @param {Page} page @param {string[]} faults */
  constructor(page, faults) {
    this.page = page;
    this.faults = faults;
    /** Milliseconds from the start of the download to the end of the first step. */
    this.start = 0;
  }

  /** @param {Browser} browser @param {string} engine @param {string} link @param {boolean} [count] what the GPU is asked for */
  static async load(browser, engine, link, count = false) {
    const { page, faults } = await visit(browser);
    page.setDefaultTimeout(0);
    for (const file of ["worker.js", "peak.js"]) {
      const body = await readFile(new URL(file, import.meta.url), "utf8");
      await page.route(`${url}bench-${file}`, (route) => route.fulfill({ contentType: "text/javascript", headers: ISOLATED, body }));
    }
    await blank(page);
    await page.evaluate((address) => Object.assign(window, { worker: new Worker(address, { type: "module" }) }).worker && null, url + "bench-worker.js");
    const bench = new Bench(page, faults);
    bench.start = await bench.ask({ op: "load", base: url, engine, link, count });
    return bench;
  }

  /** @param {Task} task @returns {Promise<any>} */
  async ask(task) {
    const answer = await this.page.evaluate((task) => new Promise((resolve) => {
      const worker = /** @type {Worker} */ (Reflect.get(window, "worker"));
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => resolve({ error: event.message || "the worker could not be loaded" });
      worker.postMessage(task);
    }), task);
    const { value, error } = /** @type {{value?: unknown, error?: string}} */ (answer);
    if (error !== undefined) throw new Error(`${JSON.stringify(task)}: ${error}\n${this.faults.join("\n")}`);
    return value;
  }

  /** Steps per second over so many milliseconds, with so many snapshots a second. @param {number} span @returns {Promise<number>} */
  rate(span, looks = 0) {
    return this.ask({ op: "rate", span, looks });
  }

  async end() {
    await this.page.context().close();
  }
}
