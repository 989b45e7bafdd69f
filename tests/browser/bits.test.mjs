/**
 * The same link gives the same bits in Chromium and in Node, however the steps were grouped and whether or not anybody
 * looked. Each engine is compared with itself: two engines round differently and may differ.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, test } from "node:test";
import { cpus } from "node:os";
import { launch, open, stopped, url, visit } from "./browser.mjs";
import { finish, load, panel } from "./engine.mjs";

const browser = await launch();
after(() => browser.close());

const LINK = "v=1&data=moons&batch=32&g=16,16&d=16,16&seed=3&stop=200";

test("cpu: the bits of the native build", async () => {
  const { Session } = await load("cpu");
  // Those of tests/determinism.rs: of each version's defaults, and of a run that was tuned.
  /** @type {Record<string, string>} */
  const pinned = JSON.parse(await readFile(new URL("../bits.json", import.meta.url), "utf8"));
  for (const [link, fingerprint] of Object.entries(pinned)) {
    const session = await Session.create(link);
    await finish(session);
    assert.equal((await session.snapshot()).fingerprint, fingerprint, link);
  }
});

test("cpu with threads: the bits of one thread", { timeout: 180_000 }, async (t) => {
  // Not every toolchain can build the module, and one core has no second thread.
  if (!(await fetch(`${url}pkg/cpu-threads/manifest.json`)).ok || cpus().length < 2) return t.skip("no module with threads, or one core");
  const link = "v=1&batch=256&g=128,128&d=128,128&stop=40&engine=cpu";
  const { page, faults } = await visit(browser);
  await open(page, link);
  const seen = await stopped(page, 40, 120);
  assert.equal(seen.engine, "cpu");
  await page.getByText(/\d+ threads share the work/).waitFor({ state: "attached" });
  const { Session } = await load("cpu");
  const alone = await Session.create(link);
  await finish(alone);
  assert.equal((await alone.snapshot()).fingerprint, seen.fingerprint);
  assert.deepEqual(faults, []);
});

for (const engine of ["cpu", "ndarray"]) {
  test(`${engine}: the same bits in Chromium and in Node`, { timeout: 180_000 }, async () => {
    const { page, faults } = await visit(browser);
    // The page trains for as long as its budget allows between two looks, ten times a second.
    await open(page, `${LINK}&engine=${engine}`);
    const seen = await stopped(page, 200, 120);
    assert.equal(seen.engine, engine);

    const { Session } = await load(engine);
    const whole = await Session.create(LINK);
    await finish(whole);
    const straight = await whole.snapshot();
    assert.equal(straight.fingerprint, seen.fingerprint, "Node in one go, Chromium in the page");

    const pieces = await Session.create(LINK);
    await pieces.snapshot();
    for (const steps of [1, 7, 43]) {
      await pieces.advance(60_000, steps);
      await pieces.snapshot();
      await pieces.probe(0, 0);
    }
    await finish(pieces, 50);
    const looked = await pieces.snapshot();
    assert.equal(looked.fingerprint, straight.fingerprint, "Node in pieces, looking in between");
    // The fingerprint is of the weights; what the weights do must agree too.
    assert.deepEqual(panel(looked, "points", "generated").data, panel(straight, "points", "generated").data);
    assert.deepEqual(panel(looked, "field", "field").data, panel(straight, "field", "field").data);

    const other = await Session.create(LINK.replace("seed=3", "seed=4"));
    await finish(other);
    assert.notEqual((await other.snapshot()).fingerprint, straight.fingerprint, "another seed, other bits");
    assert.deepEqual(faults, []);
  });
}
