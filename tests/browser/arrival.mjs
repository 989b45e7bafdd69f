/**
 * `cargo xtask bench arrival [--link LINK] [--seeds 1-10] [--seconds 60] [--modes 8] [--hq 90] [--parallel 1] [--json FILE]`:
 * for each seed, the wall time after which an evaluation in the page first has so many modes and so large a share of
 * high-quality samples, and whether that holds at the end. Wall time begins with the navigation.
 */
import { writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { meanAndDeviation, table } from "./bench/table.mjs";
import { launch, open, state, until, visit } from "./browser.mjs";

const { values: options } = parseArgs({
  options: {
    link: { type: "string", default: "v=2&engine=cpu" }, seeds: { type: "string", default: "1-10" },
    seconds: { type: "string", default: "60" }, modes: { type: "string", default: "8" }, hq: { type: "string", default: "90" },
    parallel: { type: "string", default: "1" }, json: { type: "string" },
  },
});
const [from = 1, to = from] = options.seeds.split("-").map(Number);
const seconds = Number(options.seconds);
const good = (/** @type {Record<string, number>} */ m) => (m.modes ?? 0) >= Number(options.modes) && (m.hq ?? 0) >= Number(options.hq);

const browser = await launch();
const seeds = Array.from({ length: to - from + 1 }, (_, i) => from + i);
/** @type {Awaited<ReturnType<typeof one>>[]} */
const results = [];
await Promise.all(Array.from({ length: Number(options.parallel) }, async () => {
  for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) results.push(await one(seed));
}));
await browser.close();
results.sort((a, b) => a.seed - b.seed);

const reached = results.flatMap(({ reached }) => (reached === null ? [] : [reached]));
const { mean, deviation } = meanAndDeviation(reached);
const yes = (/** @type {boolean} */ x) => (x ? "yes" : "no");
console.log(table(`${options.link}, ${options.modes} modes and ${options.hq} % high-quality samples, ${seconds} s each, ${options.parallel} at a time`,
  ["seed", "reached after, s", "at step", "holds at the end", "modes", "high quality", "reverse KL", "steps"],
  results.map((r) => [String(r.seed), r.reached?.toFixed(1) ?? "not", r.step?.toString() ?? "", yes(r.holds), String(r.modes), `${r.hq.toFixed(1)} %`, r.rkl.toFixed(3), String(r.steps)])));
console.log(`\nReached by ${reached.length} of ${results.length} seeds, after ${mean.toFixed(1)} ± ${deviation.toFixed(1)} s; holds at ${seconds} s for ${results.filter((r) => r.holds).length}.`);
const text = JSON.stringify({ link: options.link, seconds, parallel: Number(options.parallel), mean, deviation, results });
if (options.json) await writeFile(options.json, text + "\n");
else console.log(text);

/** @param {number} seed */
async function one(seed) {
  const { page, context } = await visit(browser);
  const began = performance.now();
  await open(page, `${options.link}&seed=${seed}`);
  await until(page, "the first step", (now) => now.step > 0);
  let now = await state(page);
  /** @type {number | null} */
  let reached = null;
  /** @type {number | null} */
  let step = null;
  while (performance.now() - began < 1000 * seconds) {
    now = await state(page);
    if (reached === null && good(now.metrics)) {
      reached = (performance.now() - began) / 1000;
      step = now.step;
    }
    await sleep(100);
  }
  await context.close();
  process.stderr.write(`seed ${seed}: ${reached === null ? "not reached" : `${reached.toFixed(1)} s`}\n`);
  const { modes = 0, hq = 0, rkl = NaN } = now.metrics;
  return { seed, reached, step, holds: good(now.metrics), modes, hq, rkl, steps: now.step };
}
