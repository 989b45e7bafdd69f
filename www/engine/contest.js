/**
 * `engine=auto`: the cpu starts at once; after a second of training it is clear whether a GPU could be quicker, and if
 * so it races, in the background, on the very experiment. Nobody waits for any of it, and every outcome has a reason.
 */
import { Failure, reasonOf } from "./failure.js";
import { gpuCore, ofImages } from "./gpu.js";
import { recall, remember } from "./memory.js";

/** @import { Core } from "./core.js" */
/** @import { Opened, Race, Reason } from "../types.d.ts" */

/**
 * A training step is about 40 dispatches, and each costs at least 24 µs through WebGPU on real GPUs
 * (arXiv 2604.02344): below this many milliseconds a step no GPU can win.
 */
export const FLOOR = 1;
/** Milliseconds of training before the question is asked. */
const AFTER = 1000;
/** How much quicker the GPU must be to be worth the change. */
const MARGIN = 1.2;

/**
 * @typedef {object} Host  what the contest needs of the run
 * @property {() => boolean} current          the run it is about still runs
 * @property {() => Promise<Uint8Array>} save
 * @property {(core: Core) => Promise<void>} adopt  goes on with this engine from where the other one is
 * @property {(reasons: Reason[]) => void} explain
 * @property {(part: {state: Uint8Array}) => object} about  the rest of a race request
 */

export class Contest {
  /** @param {Opened} opened @param {string} cpu the engine that runs @param {Host} host */
  constructor(opened, cpu, host) {
    this.opened = opened;
    this.cpu = cpu;
    this.host = host;
    this.decided = false;
  }

  /** Called with every report of progress. @param {number} rate @param {number} trained milliseconds */
  consider(rate, trained) {
    if (this.decided || trained < AFTER || !(rate > 0)) return;
    this.decided = true;
    const step = 1000 / rate;
    if (step < FLOOR) {
      this.host.explain([{ key: "why.quick", args: { engine: this.cpu, step: step.toFixed(step < 1 ? 2 : 1), floor: FLOOR } }]);
      return;
    }
    const known = recall(this.opened.link);
    if (known && known.engine !== "webgpu") {
      this.host.explain([{ key: "why.slower", args: faster(this.cpu, known.cpu, known.gpu) }]);
      return;
    }
    this.race(rate, known);
  }

  /** @param {number} cpu steps per second @param {{cpu: number, gpu: number} | undefined} known */
  async race(cpu, known) {
    this.host.explain([{ key: "why.racing", args: { engine: this.cpu } }]);
    /** @type {Core | null} */
    let spare = null;
    try {
      const { core, note } = await gpuCore(false, ofImages(this.opened), () => {});
      spare = core;
      if (!this.host.current()) return;
      let gpu = known?.gpu ?? 0;
      if (!known) {
        const state = await this.host.save();
        const request = /** @type {import("../types.d.ts").Request} */ (this.host.about({ state }));
        const result = /** @type {Race} */ (await core.ask(request, 60_000));
        gpu = result.rate;
        // One that was cut short says nothing about the engines.
        if (!result.whole || !(gpu > 0)) throw new Failure({ key: "why.cutShort" });
        remember(this.opened.link, { engine: gpu > MARGIN * cpu ? "webgpu" : "cpu", cpu, gpu });
      }
      if (!this.host.current()) return;
      const args = faster(this.cpu, known?.cpu ?? cpu, gpu);
      if (gpu > MARGIN * cpu || known) {
        await this.host.adopt(core);
        spare = null;
        this.host.explain([{ key: "why.faster", args }, note]);
      } else {
        this.host.explain([{ key: "why.slower", args }]);
      }
    } catch (error) {
      if (this.host.current()) this.host.explain([{ key: "why.stays", args: { engine: this.cpu } }, reasonOf(error)]);
    } finally {
      spare?.dispose();
    }
  }
}

/** What a reason says of a race. @param {string} engine @param {number} cpu @param {number} gpu steps per second */
const faster = (engine, cpu, gpu) => ({ engine, cpu: short(cpu), gpu: short(gpu) });

/** Why a run of `engine=auto` begins on the GPU: it won before. @param {Opened} opened @returns {Reason[]} */
export function won(opened) {
  const known = opened.values.engine === "auto" ? recall(opened.link) : undefined;
  return known ? [{ key: "why.faster", args: faster("cpu", known.cpu, known.gpu) }] : [];
}

/** @param {number} rate */
const short = (rate) => (rate >= 100 ? rate.toFixed(0) : rate >= 10 ? rate.toFixed(1) : rate.toFixed(2));
