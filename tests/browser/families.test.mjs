/** Every family of the catalogue runs in the page from its name alone, is told about, and can be moved by hand. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { launch, open, pause, trains, until, visit } from "./browser.mjs";
import { load } from "./engine.mjs";

const browser = await launch();
after(() => browser.close());

const { catalog } = await load("cpu");
const { families, fields, datasets } = catalog();

for (const family of families) {
  test(`${family.name} runs, shows its panels and makes its moves`, { timeout: 90_000 }, async () => {
    const { page, faults } = await visit(browser);
    await open(page, `v=2&family=${family.name}&engine=cpu`);
    await until(page, "an evaluation", (now) => trains(now) && Object.keys(now.metrics).length > 1, 60);
    await pause(page);
    assert.match(await page.locator(".title").innerText(), new RegExp(family.title.en));
    assert.equal(await page.locator(".thumbs input:checked").getAttribute("value"), family.datasets[0], "what it learns");
    const images = datasets.find(({ name }) => name === family.datasets[0])?.kind === "images";
    for (const name of images ? [] : ["real", "generated"]) assert.ok(await page.locator(`.legend .is-${name}`).isVisible());
    assert.equal(await page.locator(".turns li").count(), family.moves.length);
    // What another family has is not asked for.
    const shown = await page.locator("form .field .name").allInnerTexts();
    for (const field of fields.filter(({ name }) => !family.fields.includes(name))) {
      const alike = fields.some(({ name, title }) => family.fields.includes(name) && title.en === field.title.en);
      assert.ok(alike || !shown.includes(field.title.en), `${field.name} is shown`);
    }
    const bar = page.getByRole("group", { name: "Training" });
    const paused = await until(page, "a pause", (now) => now.status === "paused");
    // A long step may stand at its half.
    await bar.getByRole("button", { name: "One step: all moves in turn" }).click();
    const { step } = await until(page, "a whole step", (now) => now.step === paused.step + 1);
    if (family.moves.length > 1) {
      // All moves in turn are a step.
      for (const { only } of family.moves) await bar.getByRole("button", { name: only.en, exact: true }).click();
    } else {
      await bar.getByRole("button", { name: "One step: all moves in turn" }).click();
    }
    await until(page, "a step", (now) => now.step === step + 1);
    assert.equal(await page.locator(".fingerprint").getByText("Moved by hand").count(), 0);
    assert.deepEqual(faults, []);
  });
}

test("another family starts anew, and what it lacks comes back with the first", { timeout: 90_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, "v=2&glr=0.0005&seed=11&engine=cpu");
  await until(page, "a run", (now) => trains(now) && now.step > 0);
  const family = page.locator("form").getByRole("combobox", { name: "Family" });
  await family.selectOption("mixture");
  await page.waitForURL(/family=mixture/);
  await until(page, "another run", (now) => trains(now) && now.step > 0);
  assert.match(page.url(), /glr=0\.0005/, "kept for when the family is another");
  assert.equal(await page.locator("form.is-generator").count(), 0);
  // Images' own families bring images.
  await family.selectOption("dcgan");
  await page.waitForURL(/family=dcgan/);
  await page.locator(".thumbs input[value=mnist]:checked").waitFor();
  await until(page, "images", trains, 30);
  await page.goBack();
  await page.waitForURL(/family=mixture/);
  // At once, while the worker that trains images is still to read the other experiment and to give way to another.
  await family.selectOption("gan");
  await page.waitForURL((url) => !url.hash.includes("family"));
  assert.match(page.url(), /glr=0\.0005/);
  await page.locator("form.is-generator").waitFor();
  assert.deepEqual(faults, []);
});

test("a classifier says what test images are, and a table what it takes them for", { timeout: 90_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, "data=mnist&family=classifier&images=2000&width=8&stop=150&engine=cpu");
  await until(page, "its end", (now) => now.status === "stopped" && (now.metrics.accuracy ?? 0) > 80, 80);
  const captions = page.locator(".captions span");
  assert.equal(await captions.count(), 36);
  // Seven of ten are right, and the wrong ones are marked.
  assert.ok((await page.locator(".captions .is-wrong").count()) < 12);
  assert.match(await captions.first().innerText(), /^\d$/);
  const cells = page.locator(".matrix td:not(:empty)");
  assert.equal(await cells.count(), 100);
  const shares = (await cells.allInnerTexts()).map((cell) => Number(cell.replace("<", "")));
  const row = shares.slice(0, 10);
  assert.ok(Math.abs(row.reduce((sum, share) => sum + share, 0) - 100) < 6 && row[0] === Math.max(...row), String(row));
  assert.equal(await page.locator(".legend .is-generated").count(), 0, "it makes no samples");
  await page.getByRole("button", { name: "Save" }).click();
  assert.equal(await page.getByText("Samples as CSV").count(), 0);
  assert.deepEqual(faults, []);
});

test("what is asked for by class is told apart: colours of points, columns of images", { timeout: 90_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, "v=2&family=cgan&data=ring8&seed=1&stop=200&engine=cpu");
  const { metrics } = await until(page, "its end", (now) => now.status === "stopped" && "modes" in now.metrics, 40);
  assert.equal(metrics.modes, 8, "each class finds its mode at once");
  await page.locator(".legend.of-classes").waitFor();
  assert.match(await page.locator(".lede").innerText(), /Faint points.*Bright points/s);
  await open(page, "v=2&family=cgan&data=mnist&width=4&batch=16&stop=50&engine=cpu");
  const images = await until(page, "an evaluation", (now) => now.status === "stopped" && "agreement" in now.metrics, 60);
  assert.ok(Number.isFinite(images.metrics.fd) && Number.isFinite(images.metrics.coverage));
  // Six noises, each with every class: ten columns of 28 with 2 between them, and under each a bar of D's belief.
  const { size, bars } = await page.locator(".pictures canvas").first().evaluate((/** @type {HTMLCanvasElement} */ canvas) => {
    const row = (/** @type {number} */ y) => canvas.getContext("2d")?.getImageData(0, y, canvas.width, 1).data ?? [];
    const painted = (/** @type {number} */ y) => Array.from(row(y)).filter((opaque, i) => i % 4 === 3 && opaque > 0).length;
    return { size: [canvas.width, canvas.height], bars: [28, 29, 178].map(painted) };
  });
  assert.deepEqual(size, [298, 179]);
  const [first = 0, gap, last = 0] = bars;
  assert.ok(first > 0 && first <= 280 && gap === 0 && last > 0, `${bars}`);
  assert.match(await page.locator(".legend").innerText(), /how real D thinks it is/);
  assert.deepEqual(faults, []);
});

test("a VAE shows both parts of its bound, what becomes of test images, and its plane", { timeout: 90_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, "v=2&family=vae&data=mnist&images=2000&layers=64&stop=120&engine=cpu");
  const { metrics } = await until(page, "its end", (now) => now.status === "stopped" && "elbo" in now.metrics, 60);
  assert.ok(metrics.elbo < metrics.iw + 1 && metrics.elbo > -260, JSON.stringify(metrics));
  for (const title of ["test images, and what becomes of them", "the plane of the first two numbers of a code, decoded"]) {
    const sheet = page.locator(".sheet", { hasText: title }).locator("canvas");
    const painted = await sheet.evaluate((/** @type {HTMLCanvasElement} */ canvas) =>
      new Set(canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data).size);
    assert.ok(painted > 20, `${title}: ${painted} shades`);
  }
  assert.deepEqual(await page.locator(".flow figcaption").evaluateAll((all) => all.map((one) => one.firstChild?.textContent?.trim())),
    ["real data", "encoder", "decoder", "samples", "losses"]);
  assert.equal(await page.locator(".layers .end").allInnerTexts().then((ends) => ends.join()), "784,40");
  assert.deepEqual(faults, []);
});

test("CycleGAN draws both of its maps and measures the way back", { timeout: 90_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, "v=2&family=cyclegan&data=gaussians&from=moons&decay=400&stop=400&engine=cpu");
  const { metrics } = await until(page, "its end", (now) => now.status === "stopped" && "cycle" in now.metrics, 60);
  assert.ok(metrics.cycle < 60 && metrics.back < 60, JSON.stringify(metrics));
  assert.match(await page.locator(".lede").innerText(), /Lines: lines from x to where G takes them/);
  const back = page.locator(".arrows", { hasText: "lines from y to where F takes them" }).locator("canvas");
  const painted = await back.evaluate((/** @type {HTMLCanvasElement} */ canvas) =>
    (canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? []).filter((_, i) => i % 4 === 3).some((alpha) => alpha > 0));
  assert.ok(painted);
  // What is translated can be chosen, and starts anew.
  await page.locator("form").getByRole("combobox", { name: "From" }).selectOption("spirals");
  await page.waitForURL(/from=spirals/);
  assert.deepEqual(faults, []);
});

test("InfoGAN lays its codes beside what they are taken for", { timeout: 90_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, "v=2&data=mnist&family=infogan&width=8&codes=6&batch=16&hidden=16&stop=100&engine=cpu");
  const { metrics } = await until(page, "its end", (now) => now.status === "stopped" && "code" in now.metrics, 70);
  assert.ok(metrics.code > 0 && metrics.named >= 1 && metrics.named <= 6, JSON.stringify(metrics));
  assert.equal(await page.locator(".matrix tbody tr").count(), 6);
  assert.equal(await page.locator(".matrix thead th").count(), 10);
  assert.match(await page.locator(".series").first().innerText(), /Q/);
  assert.deepEqual(faults, []);
});

test("numbers on the line show both densities, D and where noise goes", { timeout: 90_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, "data=bimodal&engine=cpu");
  await until(page, "an evaluation", (now) => trains(now) && "w1" in now.metrics, 60);
  for (const name of ["p(x)", "q(x)", "D(x)", "D*(x)"]) {
    assert.ok(await page.locator(".legend").getByText(name, { exact: true }).isVisible(), name);
  }
  assert.match((await page.locator(".stage canvas").getAttribute("aria-label")) ?? "", /densities of data and samples/);
  const drawn = () => page.locator(".stage canvas").evaluate((/** @type {HTMLCanvasElement} */ canvas) => canvas.toDataURL());
  await pause(page);
  const before = await drawn();
  await page.locator(".legend").getByText("p(x)", { exact: true }).click();
  await page.waitForTimeout(200);
  assert.notEqual(await drawn(), before, "a curve that is switched off is not drawn");
  assert.deepEqual(faults, []);
});
