/** Measurements in a worker on an empty page of the served origin: neither our page nor its rules are in the way. */
import { readFile } from "node:fs/promises";
import { blank, url, visit } from "../browser.mjs";

/** @import { Browser, Page } from "playwright-core" */

export class Bench {
  /** @param {Page} page @param {string[]} faults */
  constructor(page, faults) {
    this.page = page;
    this.faults = faults;
  }

  /** @param {Browser} browser */
  static async start(browser) {
    const { page, faults } = await visit(browser);
    page.setDefaultTimeout(0);
    const worker = await readFile(new URL("worker.js", import.meta.url), "utf8");
    await page.route(url + "bench-worker.js", (route) => route.fulfill({ contentType: "text/javascript", body: worker }));
    await blank(page);
    return new Bench(page, faults);
  }

  /**
   * One measurement in a worker of its own.
   * @param {Omit<import("./worker.js").Task, "base">} task
   * @returns {Promise<any>}
   */
  async measure(task) {
    const answer = await this.page.evaluate(({ address, task }) => new Promise((resolve) => {
      const worker = new Worker(address, { type: "module" });
      const done = (/** @type {unknown} */ value) => { worker.terminate(); resolve(value); };
      worker.onmessage = ({ data }) => done(data);
      worker.onerror = (event) => done({ error: event.message || "the worker could not be loaded" });
      worker.postMessage(task);
    }), { address: url + "bench-worker.js", task: { ...task, base: url } });
    const { value, error } = /** @type {{value?: unknown, error?: string}} */ (answer);
    if (error !== undefined) throw new Error(`${task.engine}, ${task.link}: ${error}\n${this.faults.join("\n")}`);
    return value;
  }

  async end() {
    await this.page.context().close();
  }
}
