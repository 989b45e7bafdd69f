/** `pkg/` alone, as others embed it: a module, a session, numbers. No page of ours. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { blank, launch, url, visit } from "./browser.mjs";
import { load, panel } from "./engine.mjs";

const browser = await launch();
after(() => browser.close());

const LINK = "v=1&data=moons&batch=32&g=16&d=16&seed=11";

test("in a page: fifty steps and what they made", { timeout: 60_000 }, async () => {
  const { page, faults } = await visit(browser);
  await blank(page, `<script type="module">
    import init, { Session } from "./pkg/cpu/gan_playground.js";
    await init();
    const session = await Session.create("#${LINK}");
    const progress = await session.advance(60000, 50);
    const snapshot = await session.snapshot();
    window.result = { progress, step: snapshot.step, fingerprint: snapshot.fingerprint,
      panels: snapshot.panels.map(({ kind, name, shape }) => [kind, name, shape[0] > 0]) };
  </script>`);
  await page.waitForFunction(() => "result" in window);
  const { progress, step, fingerprint, panels } = await page.evaluate(() => Reflect.get(window, "result"));
  assert.deepEqual([progress.step, progress.ran, progress.status, step], [50, 50, "running", 50]);
  assert.match(fingerprint, /^[0-9a-f]{8}$/);
  assert.deepEqual(panels.toSorted(), [
    ["field", "discriminator", true], ["points", "generated", true], ["points", "real", true], ["series", "losses", true],
  ]);
  assert.deepEqual(faults, []);
  assert.ok(page.url().startsWith(url));
});

test("in Node: the shapes of every panel, and numbers that are numbers", { timeout: 60_000 }, async () => {
  const { Session, engineName, selfTest } = await load("cpu");
  assert.equal(engineName(), "cpu");
  assert.equal((await selfTest()).ok, true);
  const session = await Session.create(LINK);
  assert.equal(session.needs(), undefined);
  await session.advance(60_000, 50);
  const snapshot = await session.snapshot();
  for (const { kind, name, shape } of snapshot.panels) {
    if (kind === "series") continue;
    const { data } = panel(snapshot, kind, name);
    assert.ok(data instanceof Float32Array);
    assert.equal(data.length, shape.reduce((a, b) => a * b), `${kind} ${name}`);
    assert.ok(data.every(Number.isFinite), `${kind} ${name}`);
  }
  assert.ok(panel(snapshot, "field", "discriminator").data.every((p) => p >= 0 && p <= 1), "probabilities");
  const { steps, curves } = panel(snapshot, "series", "losses");
  assert.equal(steps[steps.length - 1], 50);
  for (const { data } of curves) assert.ok(data.length === steps.length && data.every(Number.isFinite));
  const probability = await session.probe(0, 0);
  assert.ok(probability !== undefined && probability > 0 && probability < 1, `${probability}`);
});

test("a half step moves one player only", { timeout: 60_000 }, async () => {
  const { Session } = await load("cpu");
  const session = await Session.create(LINK);
  const look = async () => {
    const snapshot = await session.snapshot();
    return { g: panel(snapshot, "points", "generated").data, d: panel(snapshot, "field", "discriminator").data, detour: snapshot.detour };
  };
  const start = await look();
  await session.move("d");
  const d = await look();
  assert.deepEqual(d.g, start.g, "G stood still");
  assert.notDeepEqual(d.d, start.d, "D moved");
  await session.move("g");
  const g = await look();
  assert.notDeepEqual(g.g, d.g, "G moved");
  assert.deepEqual(g.d, d.d, "D stood still");
  assert.deepEqual([start.detour, d.detour, g.detour], [false, true, true]);
});

test("a saved run goes on elsewhere with the same bits", { timeout: 60_000 }, async () => {
  const { Session } = await load("cpu");
  const first = await Session.create(LINK);
  await first.advance(60_000, 30);
  const state = await first.save();
  await first.advance(60_000, 20);
  const second = await Session.create(LINK);
  await second.load(state);
  await second.advance(60_000, 20);
  const [a, b] = [await first.snapshot(), await second.snapshot()];
  assert.deepEqual([b.step, b.fingerprint], [50, a.fingerprint]);
  const other = await Session.create(LINK.replace("g=16", "g=8"));
  await assert.rejects(async () => other.load(state), /\w{4,} /, "a state of another experiment is refused in words");
});

test("links and mistakes: problems are listed, nothing throws", { timeout: 60_000 }, async () => {
  const { open, change, preview, Session } = await load("cpu");
  for (const link of ["", "#", "http://example.org/", "%%%", "v=1&".repeat(5000), "data=\u0000&g=,,,&d=1e9&z=-1&batch=NaN&seed=0x1"]) {
    const { link: canonical, values, problems } = open(link);
    assert.equal(open(canonical).link, canonical);
    assert.equal(values.data, "ring8");
    assert.ok(Array.isArray(problems));
  }
  assert.deepEqual(open(`https://example.org/x/#${LINK}`).problems, []);
  const { link, problems } = change("v=1", { data: "moons", z: "0" });
  assert.equal(link, "v=1&data=moons");
  assert.deepEqual(problems.map((p) => p.field), ["z"]);
  assert.equal(preview("moons", 7).length, 14);
  assert.equal(preview("no such set", 7).length, 0);
  const images = await Session.create("v=1&data=mnist&g=8&d=8");
  assert.equal(images.needs()?.shard, 0);
  assert.throws(() => images.provide(0, new Uint8Array(100)), /mnist/);
});
