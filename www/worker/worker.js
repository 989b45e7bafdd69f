/**
 * The worker's front door: one request in, one answer out, under the same id. What it does is in `engines.js` (the
 * module), `loop.js` (a run) and `race.js` (is the GPU quicker?).
 */
import { adapter, boot, engine } from "./engines.js";
import { Loop } from "./loop.js";
import { race } from "./race.js";
import { meaning } from "./reason.js";

/** @import { Answer, Request, WorkerEvent } from "../types.d.ts" */

/** @type {Loop | null} */
let loop = null;

/** @param {WorkerEvent} event @param {Transferable[]} [transfer] */
const tell = (event, transfer = []) => self.postMessage(event, { transfer });

/** The run that a request means, if it is still the one that runs. @param {number} run */
function current(run) {
  if (!loop || loop.run !== run) throw new Error("this run has ended");
  return loop;
}

/** @param {Request} request @returns {unknown} */
function serve(request) {
  switch (request.op) {
    case "boot": return boot(request.engine, request.glue, request.module, request.threads, request.alarm);
    case "adapter": return adapter();
    case "selfTest": return engine().selfTest(request.images);
    case "open": return engine().open(request.link);
    case "change": return engine().change(request.link, request.changes, request.step);
    case "inspect": return engine().inspect(request.bytes);
    case "preview": return engine().preview(request.dataset, request.count);
    case "race": return race(engine(), request);
    case "start": return start(request);
    case "play": return current(request.run).play();
    case "pause": return current(request.run).pause();
    case "retry": return current(request.run).retry();
    case "stop": return stop();
    case "tune": return current(request.run).tune(request.changes);
    case "pace": return current(request.run).setPace(request.pace);
    case "samples": return current(request.run).samples(request.count);
    case "move": return current(request.run).move(request.which);
    case "look": return current(request.run).look();
    case "probe": return current(request.run).probe(request.x, request.y);
    case "byCode": return current(request.run).byCode(request.picks);
    case "nearest": return current(request.run).nearest(request.pick);
    case "best": return current(request.run).best();
    case "save": return current(request.run).save(request.halt ?? false);
  }
}

/** @param {import("../types.d.ts").StartRequest} request */
async function start(request) {
  // Two starts in quick succession: each ends the loop before it, whether or not that one has begun.
  const before = loop;
  loop = new Loop(engine(), request, tell);
  const mine = loop;
  await before?.end();
  return mine.start();
}

async function stop() {
  const before = loop;
  loop = null;
  await before?.end();
}

self.onmessage = async ({ data }) => {
  /** @type {Answer} */
  const answer = { id: data.id };
  try {
    answer.value = await serve(data);
  } catch (error) {
    const { message, ...rest } = meaning(error);
    Object.assign(answer, { error: message }, rest);
  }
  self.postMessage(answer, { transfer: large(answer.value) });
};

/** What of an answer is handed over instead of copied. @param {unknown} value @returns {Transferable[]} */
function large(value) {
  const all = ArrayBuffer.isView(value) ? [value] : value instanceof Object ? Object.values(value) : [];
  return all.filter((part) => ArrayBuffer.isView(part)).map((part) => part.buffer);
}
// A trap within a promise of the module is nobody's: it comes up here, and the promise stays open for ever.
self.addEventListener("error", (event) => {
  event.preventDefault();
  const { message, reason } = meaning(event.error ?? event.message);
  console.info("the worker ended:", message);
  tell({ event: "failed", run: 0, message, trap: true, ...(reason ? { reason } : {}) });
});

// As long as this worker lives it holds the lock that bears its name; the page waits for it.
const alive = () => tell({ event: "alive", run: 0 });
if (navigator.locks) navigator.locks.request(self.name, () => (alive(), new Promise(() => {}))).catch(alive);
else alive();
