/**
 * How fast this worker's engine trains a given experiment from a given state: the GPU's side of the race for
 * `engine=auto`. The first step is not timed, since it compiles the shaders.
 */
import { Feed } from "./feed.js";

/** @import { EngineModule, Race } from "../types.d.ts" */

/** Milliseconds that are timed. */
const LENGTH = 900;

/**
 * @param {EngineModule} engine
 * @param {{link: string, state: Uint8Array, base: string, dataset: string, images: number}} request
 * @returns {Promise<Race>}
 */
export async function race(engine, request) {
  const session = await engine.Session.create(request.link);
  try {
    await session.load(request.state);
    await supply(session, request);
    await session.advance(60_000, 1);
    const began = performance.now();
    let ran = 0;
    while (performance.now() - began < LENGTH) {
      await supply(session, request);
      const progress = await session.advance(LENGTH / 3, 0);
      ran += progress.ran;
      if (progress.ran === 0 && progress.status !== "waiting") break;
    }
    return { rate: (1000 * ran) / (performance.now() - began) };
  } finally {
    session.free();
  }
}

/**
 * Whatever the session cannot go on without; the other engine's run has put it into the cache already.
 * @param {import("../types.d.ts").Session} session
 * @param {{base: string, dataset: string, images: number}} request
 */
async function supply(session, request) {
  while (session.needs()) {
    await new Promise((resolve, reject) => {
      const feed = new Feed(session, { ...request, images: 1 }, (data) => {
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
