/** An experiment is a link: written by every change, read at every load, honest about what it does not understand. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { hash, launch, open, pause, state, stopped, trains, until, url, visit } from "./browser.mjs";

/** @import { Page } from "playwright-core" */

const browser = await launch();
after(() => browser.close());

/** Small enough that every run below ends in a moment. */
const SMALL = "v=1&batch=32&g=8&d=8&engine=cpu";

/** A text field of a card of controls. @param {Page} page @param {string} group @param {string} name */
const field = (page, group, name) => page.locator(`form.is-${group}`).getByRole("textbox", { name, exact: true });

test("a change that starts anew is in the address at once, and a reload gives the same run from step 0", { timeout: 120_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, `${SMALL}&stop=300`);
  const before = await stopped(page, 300);

  const dimension = field(page, "game", "Noise dimension");
  await dimension.fill("3");
  await dimension.press("Enter");
  const changed = await hash(page, (h) => h.includes("z=3"));
  assert.deepEqual(new Set(changed.slice(1).split("&")), new Set([...SMALL.split("&"), "stop=300", "z=3"]));
  const after = await stopped(page, 300);
  assert.notEqual(after.fingerprint, before.fingerprint, "another experiment, other weights");

  await page.reload();
  const again = await stopped(page, 300);
  // The same bits after as many steps: the run began at step 0 and with every value.
  assert.equal(again.fingerprint, after.fingerprint);
  assert.equal(await field(page, "game", "Noise dimension").inputValue(), "3");
  assert.equal(new URL(page.url()).hash, changed);
  assert.deepEqual(faults, []);
});

test("back and forward restore experiments", { timeout: 120_000 }, async () => {
  const { page, faults } = await visit(browser);
  const link = `${SMALL}&stop=50`;
  await open(page, link);
  const first = await stopped(page, 50);
  await page.getByRole("radio", { name: "Two moons" }).check({ force: true });
  await hash(page, (h) => h.includes("data=moons"));
  const second = await stopped(page, 50);
  assert.notEqual(second.fingerprint, first.fingerprint);

  await page.goBack();
  await hash(page, (h) => h === "#" + link);
  await until(page, "the first run again", (now) => now.status === "stopped" && now.fingerprint === first.fingerprint);
  assert.ok(await page.locator("input[name=data][value=ring8]").isChecked(), "the control went back too");
  await page.goForward();
  await until(page, "the second run again", (now) => now.status === "stopped" && now.fingerprint === second.fingerprint);
  assert.ok(await page.locator("input[name=data][value=moons]").isChecked());
  assert.deepEqual(faults, []);
});

test("every control writes its field", { timeout: 120_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, `${SMALL}&stop=1`);
  await stopped(page, 1);
  await page.locator("form.is-game").getByRole("combobox", { name: "Noise", exact: true }).selectOption("uniform");
  await hash(page, (h) => h.includes("noise=uniform"));
  await page.locator("form.is-discriminator").getByRole("combobox", { name: "D: Optimiser", exact: true }).selectOption("sgd");
  await hash(page, (h) => h.includes("dopt=sgd"));
  for (const player of ["Generator G", "Discriminator D"]) await page.getByRole("button", { name: `More of ${player}` }).click();
  assert.equal(await field(page, "discriminator", "D: β₁").count(), 0, "SGD has no betas");
  assert.equal(await field(page, "generator", "G: β₁").count(), 1, "Adam has");
  await page.getByRole("button", { name: /add a layer/ }).first().click();
  await hash(page, (h) => h.includes("&g=8,8"));
  await stopped(page, 1);
  await page.getByRole("button", { name: "More: Batch" }).click();
  await hash(page, (h) => /batch=(?!32&)\d+/.test(h));
  // What changes during the run stands in the link with its step.
  await page.locator("form.is-game").getByRole("combobox", { name: "Noise", exact: true }).selectOption("gaussian");
  await hash(page, (h) => h.includes("1:noise=gaussian"));
  // What equals its default is not in the link of a run that starts anew.
  await page.getByRole("button", { name: /add a layer/ }).first().click();
  await hash(page, (h) => h.includes("&g=8,8,8") && !h.includes("noise="));
  const { status } = await stopped(page, 1);
  assert.equal(status, "stopped");
  assert.deepEqual(faults, []);
});

for (const { link, names, title, seed } of [
  { link: "v=1&data=moons&batch=0&glr=NaN&nonsense=1&seed=5&stop=20&engine=cpu", names: ["batch", "glr", "nonsense"], title: /moons/i, seed: "5" },
  { link: "v=9&data=circles&g=99999999&seed=-1&stop=20&engine=cpu", names: ["v", "g", "seed"], title: /circles/i, seed: "7" },
  { link: "v=1&data=nowhere&z=1e999&%3Cimg%20src%3Dx%3E=1&stop=20&seed=8&engine=cpu", names: ["data", "z", "<img src=x>"], title: /ring/i, seed: "8" },
]) {
  test(`a bad link names ${names.join(", ")}, and the rest applies`, { timeout: 60_000 }, async () => {
    const { page, faults } = await visit(browser);
    await open(page, link);
    const notice = page.locator(".notice[role=alert]");
    await notice.waitFor();
    const lines = await notice.locator("li").allInnerTexts();
    assert.equal(lines.length, 3, lines.join("\n"));
    for (const name of names) {
      const line = lines.find((line) => line.startsWith(name + " ") || line.startsWith(name + ":"));
      assert.ok(line, `${name} in\n${lines.join("\n")}`);
      assert.equal(line.split(`${name}:`).length, line.startsWith(name + ":") ? 2 : 1, `the name once: ${line}`);
    }
    await stopped(page, 20);
    assert.match(await page.locator(".title").innerText(), title);
    assert.equal(await field(page, "run", "Seed").inputValue(), seed);
    await notice.getByRole("button", { name: "Dismiss" }).click();
    await notice.waitFor({ state: "detached" });
    assert.deepEqual(faults, []);
  });
}

test("a value that a field refuses is named beside it, and the run stays as it is", { timeout: 60_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, `${SMALL}&stop=20`);
  const before = await stopped(page, 20);
  const batch = field(page, "game", "Batch");
  await batch.fill("100000");
  await batch.press("Enter");
  const said = page.locator("form.is-game .field", { hasText: "Batch" }).getByRole("alert");
  await said.waitFor();
  assert.match(await said.innerText(), /100000.* is not a whole number from 1 to 1024$/);
  assert.equal(await batch.getAttribute("aria-invalid"), "true");
  // The value that holds comes back a moment after the complaint.
  await page.waitForTimeout(200);
  assert.equal(await batch.inputValue(), "32");
  assert.equal(new URL(page.url()).hash, `#${SMALL}&stop=20`);
  assert.equal((await state(page)).fingerprint, before.fingerprint);

  await batch.fill("16");
  await batch.press("Enter");
  // It holds from the next step on, so nothing has changed yet.
  await hash(page, (h) => h.includes("20:batch=16"));
  await said.waitFor({ state: "detached" });
  assert.equal((await stopped(page, 20)).fingerprint, before.fingerprint);
  assert.deepEqual(faults, []);
});

test("on a Chinese page the core speaks Chinese, of links, fields and runs", { timeout: 60_000 }, async () => {
  const { page, faults } = await visit(browser, { locale: "zh-CN" });
  await open(page, "v=9&batch=0&glr=NaN&g=64;64&noise=pink&nonsense=1&engine=cpu&stop=100&stop=100");
  await stopped(page, 100);
  const lines = await page.locator(".notice[role=alert] li").allInnerTexts();
  assert.equal(lines.length, 7, lines.join("\n"));
  assert.ok(lines.includes("batch（批大小）：“0”不是 1 到 1024 之间的整数；改用 256"), lines.join("\n"));
  // Names, and what stands in the link, are as they are; every other word is translated.
  const words = (/** @type {string} */ text) => text.replace(/^[^：]*：|“[^”]*”|可选值之中：.*|改用 .*/g, "").match(/[A-Za-z]{2,}/g) ?? [];
  assert.deepEqual(lines.flatMap(words), []);

  const health = await page.locator(".health").innerText();
  assert.match(health, /已停止。\s*已按要求停在第 100 步。.*D 认对了/s);
  assert.deepEqual(words(health), []);

  const batch = page.locator("form.is-game").getByRole("textbox", { name: "批大小", exact: true });
  await batch.fill("100000");
  await batch.press("Enter");
  await page.locator("form.is-game .refused", { hasText: /^“100000”不是 1 到 1024 之间的整数$/ }).waitFor();
  assert.deepEqual(faults, []);
});

test("share gives the experiment from its start or up to what one sees, by clipboard or to be copied by hand", { timeout: 60_000 }, async () => {
  const { page, context, faults } = await visit(browser);
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: new URL(url).origin });
  await open(page, "data=moons&seed=11&batch=256&g=8&d=8&wrong=1");
  await until(page, "some steps", (now) => trains(now) && now.step > 20);
  const { step, fingerprint } = await pause(page);
  // Only what differs from the defaults, and nothing that was not understood.
  const whole = `${url}#v=2&data=moons&g=8&d=8&seed=11`;
  await page.getByRole("button", { name: "Share" }).click();
  // In a pause, what one sees comes first.
  const items = page.locator("#menu-share .item");
  assert.match(await items.first().innerText(), /^Up to this step/);
  const copied = async (/** @type {RegExp} */ name) => {
    await items.filter({ hasText: name }).click();
    await items.filter({ hasText: "Link copied" }).waitFor();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  const here = await copied(/Up to this step/);
  assert.equal(here, `${whole}&stop=${step}`);
  assert.equal(await copied(/from its start/), whole);

  await page.evaluate(() => { navigator.clipboard.writeText = () => Promise.reject(new Error("denied")); });
  await items.last().click();
  assert.equal(await page.getByLabel("Copy this link:").inputValue(), whole);
  assert.deepEqual(faults, []);

  // Who opens it sees just that.
  const other = await visit(browser);
  await other.page.goto(here);
  assert.equal((await stopped(other.page, step)).fingerprint, fingerprint);
});

test("a new seed is another run of the same experiment", { timeout: 60_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, `${SMALL}&seed=1`);
  await until(page, "a run", (now) => trains(now) && now.step > 0);
  await page.getByRole("group", { name: "Training" }).getByRole("button", { name: "New seed" }).click();
  const drawn = await hash(page, (h) => !/seed=1(&|$)/.test(h));
  assert.match(drawn, /[#&]seed=\d+/);
  await until(page, "the new run", (now) => trains(now) && now.step > 0);
  assert.equal(drawn.replace(/&seed=\d+/, ""), "#" + "v=1&batch=32&g=8&d=8&engine=cpu");
  assert.equal(await field(page, "run", "Seed").inputValue(), /seed=(\d+)/.exec(drawn)?.[1]);
  assert.deepEqual(faults, []);
});
