/** Modules of the page that need no page: they run here as they are. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Meter } from "../../www/worker/meter.js";
import { Metronome } from "../../www/worker/metronome.js";
import { isIdx } from "../../www/own/idx.js";
import { isPicture } from "../../www/own/take.js";

/** @import { Catalog, Opened } from "../../www/types.d.ts" */

// The address is read when the module is loaded.
Object.assign(globalThis, { location: new URL("http://page.test/#v=2") });
const { upTo, within, address } = await import("../../www/engine/link.js");
const { effectOf, inForce, now } = await import("../../www/engine/values.js");
const { set } = await import("../../www/state.js");
const { foretold, learn } = await import("../../www/engine/foretell.js");
const { Fleet } = await import("../../www/engine/fleet.js");

test("a metronome keeps its pace, and owes little to who was late", () => {
  const beats = new Metronome(100);
  assert.equal(beats.due(1000), 1, "the first at once");
  assert.equal(beats.due(1005), 0);
  assert.equal(beats.wait(1005), 5);
  assert.equal(beats.due(1010), 1);
  assert.equal(beats.due(1041), 3, "what was missed in a moment is made up for");
  assert.equal(beats.due(9000), 5, "of seconds no more than a twentieth");
  assert.equal(beats.due(9010), 5, "nor at once after it");
  beats.restart();
  assert.equal(beats.due(9021), 1);
  assert.equal(new Metronome(0).due(5), Infinity);
  assert.equal(new Metronome(1).due(0) + new Metronome(1).due(900), 2, "each its own");
});

test("a meter knows the rate of the last second, and what was training", () => {
  const meter = new Meter();
  for (let i = 0; i <= 50; i++) meter.mark(10 * i, 100 * i);
  assert.equal(meter.rate, 100);
  assert.equal(meter.trained, 5000);
  meter.rest();
  meter.mark(500, 60_000);
  meter.mark(501, 62_000);
  assert.equal(meter.rate, 0.5, "a step of two seconds has a rate too, and the pause before it is nobody's");
  meter.mark(600, 62_100, true);
  assert.equal(meter.trained, 7000, "at a pace there are rests");
  meter.restart();
  assert.equal(meter.rate, 0);
});

test("a link up to a step is in the core's order, without what comes later", () => {
  assert.equal(upTo("v=2&seed=3", 40), "v=2&seed=3&stop=40");
  assert.equal(upTo("v=2&stop=900&engine=cpu&20:glr=0.1&60:glr=0.2", 40), "v=2&stop=40&engine=cpu&20:glr=0.1");
  assert.equal(upTo("v=2&40:glr=0.1", 40), "v=2&stop=40", "what changes at the end leaves no trace");
  assert.equal(within("hop", "v=2&d=8").href, "http://page.test/?lesson=hop#v=2&d=8");
  assert.equal(within("", "v=2").href, "http://page.test/#v=2");
  assert.equal(address("v=2&seed=1"), "http://page.test/#v=2&seed=1");
});

test("values hold from the step of their change on, and the weightiest effect counts", () => {
  const change = (/** @type {number} */ step, /** @type {string} */ field, /** @type {string} */ value) => ({ step, field, value });
  const opened = /** @type {Opened} */ (/** @type {unknown} */ ({ values: { glr: "0.1", batch: "64" }, changes: [change(10, "glr", "0.2"), change(30, "glr", "0.3")] }));
  const at = (/** @type {number} */ step) => inForce(opened, step).values.glr;
  assert.deepEqual([at(9), at(10), at(29), at(30)], ["0.1", "0.2", "0.2", "0.3"]);
  assert.equal(inForce(opened, 10), inForce(opened, 20), "the same object while nothing changes");
  assert.equal(now({ opened: null, step: 3 }), null);
  const field = (/** @type {string} */ name, /** @type {string} */ effect) => ({ name, effect });
  set({ catalog: /** @type {Catalog} */ (/** @type {unknown} */ ({ fields: [field("glr", "live"), field("seed", "anew"), field("look", "free")] })) });
  assert.equal(effectOf({ look: "3" }), "free");
  assert.equal(effectOf({ look: "3", glr: "1" }), "live");
  assert.equal(effectOf({ glr: "1", seed: "2" }), "anew");
  assert.equal(effectOf({ nobody: "1" }), "anew");
});

test("files are known by what they are called", () => {
  const file = (/** @type {string} */ name, type = "") => new File([], name, { type });
  for (const name of ["train-images-idx3-ubyte", "t10k-labels-idx1-ubyte.gz", "train-images.idx3-ubyte"]) assert.ok(isIdx(file(name)), name);
  for (const name of ["train-images.png", "run.gan"]) assert.ok(!isIdx(file(name)), name);
  assert.ok(isPicture(file("a.JPG")) && isPicture(file("b", "image/webp")) && !isPicture(file("c.gan")));
});

test("what was asked of a worker that gives way is asked of its successor", async () => {
  /** @param {() => Promise<string>} ask */
  const core = (ask) => /** @type {any} */ ({ alive: true, engine: "cpu", cause: {}, boot: async () => ({ catalog: {} }), ask, dispose() { this.alive = false; } });
  const [before, after] = [core(() => new Promise((_, fail) => { refuse = fail; })), core(async () => "read")];
  /** @type {(why: Error) => void} */
  let refuse = () => {};
  const fleet = new Fleet(before, () => {}, () => {});
  const answer = fleet.codec(/** @type {any} */ ({ op: "open" }));
  await new Promise((done) => { setTimeout(done); });
  fleet.use(after);
  refuse(new Error("this worker was put away"));
  assert.equal(await answer, "read");
  // A refusal by one that is well is its answer.
  const strict = new Fleet(core(async () => { throw new Error("no such field"); }), () => {}, () => {});
  await assert.rejects(strict.codec(/** @type {any} */ ({ op: "open" })), /no such field/);
});

test("the speed of an experiment is foretold from what was seen here", () => {
  const of = (/** @type {string} */ family, /** @type {number} */ seconds, /** @type {object[]} */ changes = []) =>
    /** @type {Opened} */ (/** @type {unknown} */ ({ values: { family }, changes, cost: { seconds } }));
  assert.equal(foretold("cpu", of("gan", 0.001)), 0, "nothing was seen");
  set({ opened: of("gan", 0.001) });
  learn("cpu", 900, 200);
  assert.equal(foretold("cpu", of("gan", 0.001)), 0, "too short a time");
  learn("cpu", 500, 2000);
  assert.equal(foretold("cpu", of("gan", 0.001)), 500);
  assert.equal(foretold("cpu", of("gan", 0.03)), 17, "two digits");
  assert.equal(foretold("cpu", of("vae", 0.01)), 50, "as another family");
  assert.equal(foretold("cpu-threads", of("gan", 0.001)), 0, "each build for itself");
  set({ opened: of("vae", 0.01) });
  learn("cpu", 25, 2000);
  assert.equal(foretold("cpu", of("vae", 0.01)), 25);
  assert.equal(foretold("cpu", of("gan", 0.001)), 500);
  set({ opened: of("gan", 0.001, [{ step: 9, field: "dsteps", value: "9" }]) });
  learn("cpu", 50, 2000);
  assert.equal(foretold("cpu", of("gan", 0.001)), 500, "of a run that changes on the way it is not known which part is seen");
  learn("webgpu", 100, 2000);
  assert.equal(foretold("webgpu", of("gan", 0.001)), 0);
});
