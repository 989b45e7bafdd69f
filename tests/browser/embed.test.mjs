/** `pkg/` alone, as others embed it: a module, a session, numbers. No page of ours. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { blank, launch, url, visit } from "./browser.mjs";
import { examples, load, panel } from "./engine.mjs";

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
    ["field", "field", true], ["points", "generated", true], ["points", "real", true], ["series", "losses", true],
    ["series", "metrics", false],
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
    if (kind === "series" || kind === "graph") continue;
    const { data } = panel(snapshot, kind, name);
    assert.ok(data instanceof Float32Array);
    assert.equal(data.length, shape.reduce((a, b) => a * b), `${kind} ${name}`);
    assert.ok(data.every(Number.isFinite), `${kind} ${name}`);
  }
  assert.ok(panel(snapshot, "field", "field").data.every((p) => p >= 0 && p <= 1), "probabilities");
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
    return { g: panel(snapshot, "points", "generated").data, d: panel(snapshot, "field", "field").data, detour: snapshot.detour };
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
  // D's half and then G's are a step; G's alone is none.
  await session.move("g");
  const alone = await look();
  assert.deepEqual([start.detour, d.detour, g.detour, alone.detour], [false, false, false, true]);
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

/**
 * Calls a module with everything that it cannot take, in Node or in a page, and then trains with it.
 * @param {any} m  an engine module: what is wrong here is wrong for its types too
 */
async function mistakes(m) {
  const session = await m.Session.create("v=1&batch=8&g=4&d=4");
  const images = await m.Session.create("v=1&data=mnist&g=4&d=4");
  /** @type {Record<string, () => unknown>} */
  const calls = {
    "advance(0, -1)": () => session.advance(0, -1), "advance(0, 1.5)": () => session.advance(0, 1.5),
    "advance(0, NaN)": () => session.advance(0, NaN), "advance(0, Infinity)": () => session.advance(0, Infinity),
    "advance(0, 2 ** 32)": () => session.advance(0, 2 ** 32), "advance(0, '3')": () => session.advance(0, "3"),
    "advance(0, null)": () => session.advance(0, null), "advance(0, 3n)": () => session.advance(0, 3n),
    "advance(-1)": () => session.advance(-1), "advance(NaN)": () => session.advance(NaN), "advance()": () => session.advance(),
    "advance(Infinity)": () => session.advance(Infinity), "advance('1000')": () => session.advance("1000"), "advance({})": () => session.advance({}),
    "move(5)": () => session.move(5), "move()": () => session.move(), "move('G')": () => session.move("G"), "move(Symbol())": () => session.move(Symbol()),
    "probe('0', 0)": () => session.probe("0", 0), "probe(0)": () => session.probe(0), "probe(0, NaN)": () => session.probe(0, NaN),
    "load(5)": () => session.load(5), "load()": () => session.load(), "load([1, 2])": () => session.load([1, 2]),
    "load(new Uint8Array(9))": () => session.load(new Uint8Array(9)),
    "provide(0, 5)": () => images.provide(0, 5), "provide(0)": () => images.provide(0), "provide(-1, …)": () => images.provide(-1, new Uint8Array(9)),
    "provide('a', …)": () => images.provide("a", new Uint8Array(9)), "provide(9, …)": () => images.provide(9, new Uint8Array(9)),
    "url(-1)": () => images.url(-1), "url('0')": () => images.url("0"), "url()": () => images.url(),
    "create(42)": () => m.Session.create(42), "create()": () => m.Session.create(), "create(null)": () => m.Session.create(null),
    "create('nonsense')": () => m.Session.create("nonsense"),
    "create(…) too slow": () => m.Session.create("v=1&batch=1024&g=1024,1024,1024,1024&d=1024,1024,1024,1024&gsteps=10&dsteps=10"),
    "open(42)": () => m.open(42), "open()": () => m.open(), "open({})": () => m.open({}),
    "change('v=1', {batch: 5})": () => m.change("v=1", { batch: 5 }), "change('v=1', {batch: null})": () => m.change("v=1", { batch: null }),
    "change('v=1')": () => m.change("v=1"), "change('v=1', null)": () => m.change("v=1", null), "change('v=1', 5)": () => m.change("v=1", 5),
    "change('v=1', ['5'])": () => m.change("v=1", ["5"]), "change(5, {})": () => m.change(5, {}),
    "preview('moons', -1)": () => m.preview("moons", -1), "preview('moons', 1e9)": () => m.preview("moons", 1e9),
    "preview('moons', 1.5)": () => m.preview("moons", 1.5), "preview('moons')": () => m.preview("moons"), "preview(5, 7)": () => m.preview(5, 7),
  };
  /** @type {Record<string, string>} */
  const said = {};
  for (const [name, call] of Object.entries(calls)) {
    try {
      said[name] = `gave ${await call()}`;
    } catch (error) {
      const kind = error instanceof Error ? error.name : typeof error;
      said[name] = `${kind}: ${error instanceof Error ? error.message : error}`;
    }
  }
  const { step } = await session.advance(0, 20);
  return { said, step, fingerprint: (await session.snapshot()).fingerprint, shard: images.needs().shard };
}

/** @param {Awaited<ReturnType<typeof mistakes>>} found */
function refused({ said, step, fingerprint, shard }) {
  // A sentence, in an error that is no trap (a `RuntimeError`).
  for (const [call, words] of Object.entries(said)) assert.match(words, /^Error: .*\w+ \w+.* \w+/, call);
  assert.equal(said["advance(0, -1)"], "Error: the number of steps must be a whole number from 0 to 4294967295, not -1");
  assert.equal(said["change('v=1', {batch: 5})"], "Error: the value of “batch” must be a text, not 5");
  assert.match(said["create('nonsense')"] ?? "", /“nonsense” names no field/);
  assert.match(said["create(…) too slow"] ?? "", /takes about \d+ s .* Lower “batch”/);
  assert.equal(step, 20, "the session goes on");
  assert.match(fingerprint, /^[0-9a-f]{8}$/);
  assert.equal(shard, 0);
}

test("in Node: what cannot be taken is an error in words, and the module goes on", { timeout: 60_000 }, async () => {
  const found = await mistakes(await load("cpu"));
  refused(found);
  const { Session } = await load("cpu");
  const clean = await Session.create("v=1&batch=8&g=4&d=4");
  await clean.advance(0, 20);
  assert.equal(found.fingerprint, (await clean.snapshot()).fingerprint, "a refused call changes nothing");
});

test("in a page: what cannot be taken is an error in words, and the module goes on", { timeout: 60_000 }, async () => {
  const { page, faults } = await visit(browser);
  await blank(page, `<script type="module">
    import * as module from "./pkg/cpu/gan_playground.js";
    await module.default();
    window.result = await (${mistakes})(module);
  </script>`);
  await page.waitForFunction(() => "result" in window);
  refused(await page.evaluate(() => Reflect.get(window, "result")));
  assert.deepEqual(faults, []);
});

test("README's lines do what they say", { timeout: 120_000 }, async () => {
  const { page, faults } = await visit(browser);
  for (const [i, program] of (await examples()).entries()) {
    await blank(page, `<script type="module">${program}
      window.result = { panels, steps: typeof step === "number" ? step : 50 };
    </script>`);
    await page.waitForFunction(() => "result" in window, null, { timeout: 60_000 });
    const { panels, steps } = await page.evaluate(() => Reflect.get(window, "result"));
    assert.ok(steps > 0 && panels.length >= 3, `example ${i}`);
  }
  assert.deepEqual(faults, []);
});
