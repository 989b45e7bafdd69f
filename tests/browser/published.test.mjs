/** The page as it is published, its modules in bundles: the same page, with few requests. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";

// Another server than the other tests'; the helpers take their address from here.
process.env.GP_URL = process.env.GP_PUBLISHED;
const { launch, open, state, stopped, url, visit } = await import("./browser.mjs");

const browser = await launch();
after(() => browser.close());

const SMALL = "v=1&batch=32&g=8&d=8&stop=40&engine=cpu";

test("it runs an experiment, draws it, and takes few requests", { timeout: 120_000 }, async () => {
  const { page, faults } = await visit(browser);
  /** @type {string[]} */
  const scripts = [];
  page.on("request", (request) => { if (/\.m?js$/.test(request.url())) scripts.push(new URL(request.url()).pathname); });
  await open(page, SMALL);
  await stopped(page, 40);
  await page.locator(".uplot canvas").first().waitFor();
  await page.locator("canvas").first().waitFor();
  assert.ok(scripts.includes("/bundle/app.js"), scripts.join(" "));
  assert.ok(scripts.length < 14, `${scripts.length} scripts: ${scripts.join(" ")}`);
  assert.deepEqual(faults, []);
});

test("all that it loads beside its engine stays under 150 kB", { timeout: 60_000 }, async (t) => {
  const { page, faults } = await visit(browser);
  /** @type {Set<string>} */
  const asked = new Set();
  page.on("request", (request) => asked.add(request.url().slice(url.length)));
  await open(page, SMALL);
  await stopped(page, 40);
  // The charts come when there is nothing better to do.
  await page.locator(".uplot canvas").first().waitFor();
  const files = [...asked].filter((file) => !file.startsWith("pkg/"));
  for (const part of ["bundle/app.js", "bundle/page.css", "worker/worker.js"]) assert.ok(files.includes(part), `${part} in ${files}`);
  const sizes = [];
  // One after the other: the server has room for fewer connections than there are files.
  for (const file of files) {
    const body = Buffer.from(await (await fetch(url + file)).arrayBuffer());
    sizes.push({ file, size: gzipSync(body, { level: 9 }).length });
  }
  const total = sizes.reduce((sum, { size }) => sum + size, 0);
  const largest = sizes.toSorted((a, b) => b.size - a.size).slice(0, 3).map(({ file, size }) => `${file} ${size}`);
  t.diagnostic(`${sizes.length} files, ${total} bytes gzipped; largest: ${largest.join(", ")}`);
  assert.ok(total < 150_000, `${total} bytes`);
  assert.deepEqual(faults, []);
});

test("its bits are those of the modules as they lie", { timeout: 120_000 }, async () => {
  const plain = /** @type {string} */ (process.env.GP_PLAIN);
  const found = [];
  for (const address of [plain, process.env.GP_URL]) {
    const { page, context } = await visit(browser);
    await page.goto(`${address}#${SMALL}`);
    await stopped(page, 40);
    found.push((await state(page)).fingerprint);
    await context.close();
  }
  assert.equal(found[0], found[1]);
});

test("without one of its bundles the page says so", { timeout: 60_000 }, async () => {
  for (const files of ["**/bundle/app.js", "**/bundle/chunk-*.js"]) {
    const { page, context } = await visit(browser);
    await page.route(files, (route) => route.fulfill({ status: 404, body: "" }));
    await open(page, SMALL);
    const alert = page.locator("#start [role=alert]");
    await alert.waitFor({ timeout: 30_000 });
    assert.match(await alert.innerText(), /could not start\. .*bundle\/.*did not come\./);
    await page.unroute(files);
    await page.getByRole("button", { name: "Load it again" }).click();
    await stopped(page, 40);
    await context.close();
  }
});
