/**
 * How fast this worker's engine trains a given experiment from a given state: the GPU's side of the race for
 * `engine=auto`. The first step is not timed, since it compiles the shaders.
 */
import { budget } from "./budget.js";
import { Feed } from "./feed.js";

/** @import { EngineModule, Race } from "../types.d.ts" */

/** Milliseconds that are timed. */
const LENGTH = 900;

/**
 * @param {EngineModule} engine
 * @param {{link: string, state: Uint8Array, base: string, dataset: string, own?: Uint8Array | null}} request
 * @returns {Promise<Race>} `whole` is false where the run ended by itself before it was timed for long enough
 */
export async function race(engine, request) {
  const session = await engine.Session.create(request.link);
  try {
    await session.load(request.state);
    await supply(session, request);
    await session.advance(0, 1);
    const pull = budget(engine);
    const began = performance.now();
    let ran = 0;
    let whole = true;
    while (performance.now() - began < LENGTH) {
      await supply(session, request);
      const { ran: more, status } = await session.advance(pull, 0);
      ran += more;
      if (status === "stopped" || status === "diverged" || (more === 0 && status !== "waiting")) {
        whole = false;
        break;
      }
    }
    return { rate: (1000 * ran) / (performance.now() - began), whole };
  } finally {
    session.free();
  }
}

/**
 * Whatever the session cannot go on without; the other engine's run has put it into the cache already.
 * @param {import("../types.d.ts").Session} session
 * @param {{base: string, dataset: string, own?: Uint8Array | null}} request
 */
async function supply(session, request) {
  while (session.needs()) {
    await new Promise((resolve, reject) => {
      const feed = new Feed(session, request, (data) => {
        if (!data.error && !data.done && feed.blocking) return;
        // One piece is enough here: nothing is fetched for later.
        feed.end();
        if (data.error) reject(new Error(data.error));
        else resolve(undefined);
      }, async (work) => work(session));
      feed.check();
    });
  }
}
