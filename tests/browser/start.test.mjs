/** A page that cannot start says so, and what it remembers of earlier visits cannot hurt it. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { launch, open, revived, state, stopped, url, visit } from "./browser.mjs";

/** @import { Page } from "playwright-core" */

const browser = await launch();
after(() => browser.close());

const SMALL = "v=1&batch=32&g=8&d=8&stop=20&engine=cpu";

/** What the page says in place of itself. @param {Page} page @param {RegExp} word */
async function says(page, word) {
  const alert = page.locator("#start [role=alert]");
  await alert.waitFor({ timeout: 30_000 });
  assert.match(await alert.innerText(), word);
  assert.equal((await state(page)).status, "failed");
}

for (const [what, files, word] of /** @type {[string, string, RegExp][]} */ ([
  ["app.js", "**/app.js", /could not start\. app\.js did not come\./],
  ["preact", "**/vendor/preact/**", /could not start\. .*did not come\./],
  ["a module deep in the page", "**/panels/label.js", /could not start\. .*did not come\./],
])) {
  test(`without ${what} the page says so, and loading it again helps`, { timeout: 60_000 }, async () => {
    for (const answer of [{ status: 404, body: "" }, null]) {
      const { page, context } = await visit(browser);
      await page.route(files, (route) => (answer ? route.fulfill(answer) : route.abort()));
      await open(page, SMALL);
      await says(page, word);
      await page.unroute(files);
      await page.getByRole("button", { name: "Load it again" }).click();
      await stopped(page, 20);
      await context.close();
    }
  });
}

test("a module of the page that never answers: the page says so, and starts should it come after all", { timeout: 60_000 }, async () => {
  const { page } = await visit(browser);
  await page.route("**/guard.js", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: (await answer.text()).replace("PATIENCE = 30000", "PATIENCE = 2000") });
  });
  /** @type {() => void} */
  let come = () => {};
  const held = new Promise((resolve) => { come = () => resolve(undefined); });
  await page.route("**/app.js", async (route) => { await held; await route.continue(); });
  page.goto(url + "#" + SMALL).catch(() => {});
  await says(page, /could not start/);
  come();
  await revived(page);
  await stopped(page, 20);
  await page.locator(".health").waitFor();
});

test("in a Chinese browser that is said in Chinese", { timeout: 60_000 }, async () => {
  const { page } = await visit(browser, { locale: "zh-CN" });
  await page.route("**/app.js", (route) => route.fulfill({ status: 404, body: "" }));
  await open(page, SMALL);
  await says(page, /^页面无法开始。app\.js 没有收到。$/);
  await page.getByRole("button", { name: "重新载入" }).waitFor();
});

test("a browser without WebAssembly is told so", { timeout: 60_000 }, async () => {
  const { page } = await visit(browser);
  await page.addInitScript(() => { Reflect.deleteProperty(globalThis, "WebAssembly"); });
  await open(page, SMALL);
  await says(page, /needs WebAssembly/);
});

test("a browser without module workers is told so", { timeout: 60_000 }, async () => {
  const { page } = await visit(browser);
  await page.addInitScript(() => {
    // As a browser does that does not know the option: it takes the file for a script of the old kind.
    const Old = Worker;
    window.Worker = class extends Old { constructor(/** @type {string | URL} */ file) { super(file); } };
  });
  await open(page, SMALL);
  await page.locator(".health").getByText(/cannot run module workers/).waitFor();
});

test("whatever the storage holds, the page runs", { timeout: 120_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, SMALL);
  await stopped(page, 20);
  const source = await page.evaluate(async () => (await fetch("engine/memory.js")).text());
  const key = /"(gan-playground-races-\d+)"/.exec(source)?.[1] ?? "";
  assert.ok(key);
  for (const held of ["[1]", "[null]", "{}", "null", "x", '[["a"]]', '[["a",1]]', '[[["a"],{}]]']) {
    await page.evaluate(([key, held]) => {
      for (const name of [...Object.keys(localStorage), "gan-playground-language", String(key)]) localStorage.setItem(name, String(held));
    }, [key, held]);
    // Steps of several milliseconds make the page look into its memory of races.
    await open(page, "v=1&batch=512&g=128,128&d=128,128");
    await page.reload();
    await page.locator("#engine", { hasText: "no usable GPU" }).waitFor({ timeout: 30_000 });
    assert.equal(await page.locator("html").getAttribute("lang"), "en", "a language that is none is the browser's");
  }
  assert.deepEqual(faults, []);
});
