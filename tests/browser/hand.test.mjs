/** Samples by hand: pointed at, moved, between two, added up; and a link to one of them. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { numbers, pointed, read, START, textOf } from "../../www/hand/pick.js";
import { hash, launch, open, state, stopped, until, visit } from "./browser.mjs";

const browser = await launch();
after(() => browser.close());

const DIGITS = "family=cgan&data=mnist&images=500&body=mlp&g=32&d=32&batch=16&stop=30&engine=cpu";

test("texts of picks are read as they are written", () => {
  for (const text of ["12", "3~255:0.25", "1.4-2.3_5", "7@0:-0.5@63:2@y:3", "0~1:1@y:0"]) assert.equal(textOf(read(text)), text);
  assert.deepEqual(numbers("1, 4 x 900 7"), [1, 4, 7]);
  assert.equal(textOf(pointed(START, 9, 3)), "9@y:3");
  const way = { ...START, mode: /** @type {const} */ ("way") };
  assert.equal(textOf(pointed(pointed(way, 9, null), 4, null)), "9~4:0.5");
  const sum = pointed({ ...START, mode: "sum", armed: 1 }, 5, null);
  assert.equal(textOf(sum), "0-1.5_2");
  // The last one of a mean stays, since a mean of nothing is nothing.
  assert.equal(textOf(pointed({ ...START, mode: "sum" }, 0, null)), "0-1_2");
});

test("a sample of the sheet is looked at closely, moved, and sent", { timeout: 120_000 }, async () => {
  const { page, context, faults } = await visit(browser, { permissions: ["clipboard-read", "clipboard-write"] });
  await open(page, DIGITS);
  await stopped(page, 30);
  const before = (await state(page)).fingerprint;
  const sheet = page.locator(".picture canvas.is-generated");
  const box = await sheet.boundingBox();
  assert.ok(box);
  // The third row of noise, the eighth class.
  await sheet.click({ position: { x: (box.width * 7.5) / 10, y: (box.height * 2.5) / 6 } });
  const hand = page.locator(".hand");
  await hand.locator(".hand-sample canvas").first().waitFor();
  assert.equal(await hand.locator("select").inputValue(), "7");
  assert.equal(await hand.locator("input[type=number]").inputValue(), "2");
  await hash(page, (now) => now.includes("look=2@y:7"));
  await hand.locator(".said dd").nth(1).waitFor();
  await hand.locator(".nearest canvas").waitFor();
  // Another code is another picture.
  const picture = () => hand.locator(".hand-sample > canvas").evaluate((canvas) => /** @type {HTMLCanvasElement} */ (canvas).toDataURL());
  const first = await picture();
  await hand.locator(".sliders input").first().fill("2.5");
  for (let i = 0; i < 100 && (await picture()) === first; i++) await page.waitForTimeout(50);
  assert.notEqual(await picture(), first);
  await hash(page, (now) => now.includes("look=2@0:2.5@y:7"));
  await hand.getByRole("button", { name: "Link to this sample" }).click();
  await hand.getByRole("button", { name: "Link copied" }).waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(link, /stop=30.*look=2@0:2.5@y:7$/);
  const moved = await picture();
  // Looking has moved nothing, and whoever opens the link sees the same.
  assert.equal((await state(page)).fingerprint, before);
  await page.goto("about:blank");
  await page.goto(link);
  await stopped(page, 30);
  await hand.locator(".hand-sample canvas").first().waitFor();
  for (let i = 0; i < 100 && (await picture()) !== moved; i++) await page.waitForTimeout(50);
  assert.equal(await picture(), moved);
  assert.deepEqual(faults, []);
  await context.close();
});

test("between two, on a walk, and sums", { timeout: 120_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, `${DIGITS}&look=3~8:0.25`);
  await stopped(page, 30);
  const hand = page.locator(".hand");
  await hand.locator(".film canvas").waitFor();
  assert.equal(await hand.locator("input.share").inputValue(), "0.25");
  await hand.getByRole("button", { name: "Walk" }).click();
  await page.waitForFunction(() => Number(/** @type {HTMLInputElement | null} */ (document.querySelector(".hand input.share"))?.value) !== 0.25);
  await hand.getByRole("button", { name: "Walk" }).click();
  await hand.getByText("Arithmetic").click();
  await hand.locator(".mean").nth(2).waitFor();
  await hand.locator(".mean input[type=text]").first().fill("1 4");
  await hand.locator(".mean input[type=text]").first().press("Enter");
  await hash(page, (now) => now.includes("look=1.4-1_2"));
  assert.equal(await hand.locator(".mean canvas").count(), 4);
  // Put away, it leaves the link.
  await hand.getByRole("button", { name: "Samples by hand" }).click();
  await hash(page, (now) => !now.includes("look="));
  assert.deepEqual(faults, []);
});

test("points have theirs in a plane of its own, and a family without codes has none", { timeout: 120_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, "v=1&g=16&d=16&batch=32&stop=30&engine=cpu&look=5~9:0.5");
  await stopped(page, 30);
  const plane = page.locator(".hand .hand-sample canvas");
  await plane.waitFor();
  await plane.click({ position: { x: 84, y: 84 } });
  await hash(page, (now) => /look=\d+~9:0.5/.test(now) && !now.includes("look=5~"));
  await page.goto("about:blank");
  await open(page, "family=kde&data=moons&stop=1&engine=cpu");
  await until(page, "a stop", (now) => now.status === "stopped");
  assert.equal(await page.locator(".hand").count(), 0);
  assert.deepEqual(faults, []);
});

test("a text that is no sample is told, and nothing else is lost", { timeout: 60_000 }, async () => {
  const { page } = await visit(browser);
  await open(page, `${DIGITS}&look=900`);
  await page.getByText("is no sample").waitFor();
  await stopped(page, 30);
});

test("classes are chosen by their names, and only these are learned", { timeout: 120_000 }, async () => {
  const { page, faults } = await visit(browser);
  await open(page, "data=mnist&images=500&g=16&d=16&batch=16&stop=20&engine=cpu&z=8");
  await stopped(page, 20);
  const classes = page.getByRole("group", { name: "Classes" });
  await classes.getByRole("button", { name: "3", exact: true }).click();
  await hash(page, (now) => now.includes("classes=3&") || now.endsWith("classes=3"));
  await stopped(page, 20);
  await classes.getByRole("button", { name: "8", exact: true }).click();
  await hash(page, (now) => now.includes("classes=3,8") || now.includes("classes=3%2C8"));
  await stopped(page, 20);
  await page.locator(".metrics").getByText("Of the chosen classes").waitFor();
  for (const name of ["3", "8"]) await classes.getByRole("button", { name, exact: true }).click();
  await hash(page, (now) => !now.includes("classes"));
  await stopped(page, 20);
  // One image of another class: there is nothing to learn, and that is said.
  await open(page, "data=mnist&images=1&classes=7&g=16&d=16&batch=16&stop=20&engine=cpu");
  await page.getByText("none of the first 1 images").first().waitFor();
  assert.deepEqual(faults, []);
});
