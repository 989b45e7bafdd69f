/**
 * Milliseconds of training at a time, the same for a run and for a race. On the processor short enough that a press of
 * pause feels immediate. Every pull of a GPU ends in a readback, which some browsers look at only every 100 ms, so
 * there a pull must be long beside that.
 */

/** @type {Record<string, number>} */
const BUDGET = { webgpu: 200 };

/** @param {import("../types.d.ts").EngineModule} engine */
export const budget = (engine) => BUDGET[engine.engineName()] ?? 20;
