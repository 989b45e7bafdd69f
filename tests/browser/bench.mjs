/**
 * `cargo xtask bench [--quick] [--parts speeds,wasm,looking,loads,gpu] [--engines cpu,cpu-threads,ndarray,native,native-webgpu] [--sizes small,…]
 * [--gpu software|real] [--json FILE]`:
 * steps per second in Chromium and natively, what looking at a run costs, sizes, time to the first step, and what a step
 * asks of the processor and of the GPU. `native-webgpu`, which is not among the engines unless named, is the command line on
 * this machine's GPU, without a browser. Prints Markdown tables, then (or to FILE) everything as JSON.
 *
 * `cargo xtask bench arrival …` is another measurement: when the seeds of a link reach a given quality, see arrival.mjs.
 */
import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { Bench } from "./bench/bench.mjs";
import { PageRun, firstStep } from "./bench/page.mjs";
import { bytes, median, spread, summary, table } from "./bench/table.mjs";
import { launch, url } from "./browser.mjs";

if (process.argv[2] === "arrival") {
  process.argv.splice(2, 1);
  await import("./arrival.mjs");
  process.exit();
}

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false }, engines: { type: "string", default: "cpu,cpu-threads,ndarray,native" },
    parts: { type: "string", default: "speeds,wasm,looking,loads,gpu" },
    sizes: { type: "string" }, gpu: { type: "string", default: "software" }, json: { type: "string" },
  },
});
const engines = options.engines.split(",");
const gpu = options.gpu === "real" ? "real" : "software";

/** As in its paper: transposed convolutions and strided ones, normalised, and nothing besides. */
const DCGAN = "v=2&data=mnist&family=dcgan&up=transposed&hidden=0&penalty=none&z=16&batch=64&ema=0";
/** The experiments of the tables. `steps` is for the native program: about two seconds each. */
const SIZES = [
  { name: "2-8-8, batch 150", key: "small", link: "v=1&z=2&g=8,8&d=8,8&batch=150", steps: 6000 },
  { name: "64×2, batch 256 (the default)", key: "64", link: "v=1", steps: 1500 },
  { name: "128×3, batch 256", key: "128", link: "v=1&g=128,128,128&d=128,128,128", steps: 300 },
  { name: "512×3, batch 256", key: "512", link: "v=1&g=512,512,512&d=512,512,512", steps: 30 },
  { name: "MNIST 100-256-512-784, batch 64", key: "mnist", link: "v=1&data=mnist&g=256,512&d=512,256&z=100&batch=64", steps: 150 },
  { name: "64×2, R1 on every step", key: "r1", link: "v=1&penalty=r1&lazy=1", steps: 800 },
  { name: "64×2, R1 on every 16th", key: "lazy", link: "v=1&penalty=r1&lazy=16", steps: 1400 },
  { name: "64×2, spectral normalisation", key: "sn", link: "v=1&sn=on", steps: 1400 },
  { name: "64×2, PacGAN of four", key: "pac", link: "v=1&pac=4", steps: 1500 },
  { name: "64×2, WGAN-GP, five critic steps", key: "wgan", link: "v=1&objective=wasserstein&penalty=gp&dsteps=5", steps: 200 },
  { name: "64×2, D told of the batch's deviation", key: "deviation", link: "v=1&mb=deviation", steps: 800 },
  { name: "64×2, D told of neighbours", key: "kernels", link: "v=1&mb=kernels", steps: 60 },
  { name: "64×2, five updates foreseen", key: "unroll", link: "v=1&unroll=5", steps: 200 },
  { name: "64×2, extragradient", key: "extra", link: "v=1&extra=on", steps: 500 },
  { name: "64×2, consensus", key: "consensus", link: "v=1&consensus=0.1", steps: 200 },
  { name: "DCGAN 32-16-1, batch 64", key: "dcgan32", link: `${DCGAN}&width=32`, steps: 60 },
  { name: "DCGAN 64-32-1, batch 64", key: "dcgan64", link: `${DCGAN}&width=64`, steps: 20 },
  { name: "cGAN on MNIST, its defaults", key: "cgan", link: "v=2&data=mnist&family=cgan", steps: 60 },
  { name: "VAE 784-256-20, batch 128", key: "vae", link: "v=2&data=mnist&family=vae&images=10000", steps: 120 },
  { name: "CycleGAN 64×2, four players", key: "cyclegan", link: "v=2&family=cyclegan", steps: 400 },
].filter(({ key }) => !options.sizes || options.sizes.split(",").includes(key));
// Long enough before that the browser has compiled the module a second time, optimised; on a busy machine that takes seconds.
const SPANS = options.quick ? { warm: 4000, spans: 3, span: 500 } : { warm: 6000, spans: 7, span: 2000 };

const browser = await launch();
/** @type {any} */
const found = {
  date: new Date().toISOString().slice(0, 10), processor: cpus()[0]?.model, cores: cpus().length, load: loadavg()[0],
  browser: `Chromium ${browser.version()}`, node: process.version, quick: options.quick, speeds: [], wasm: [],
};
say(`${found.browser}, ${found.processor}, ${found.cores} cores, load ${found.load?.toFixed(1)} at the start; ${found.date}.`);

const parts = { speeds, wasm: sizes, looking, loads, gpu: gpuCounts };
for (const [name, part] of Object.entries(parts)) if (options.parts.split(",").includes(name)) await part();
await browser.close();

const text = JSON.stringify(found);
if (options.json) await writeFile(options.json, text + "\n");
else console.log(text);

/** @param {string} line */
function say(line) {
  console.log(line);
}

/** @param {string} line to the terminal only */
function progress(line) {
  process.stderr.write(`${line}\n`);
}

/** @param {() => Promise<number>} rate of one span */
async function spans(rate) {
  const rates = [];
  for (let i = 0; i < SPANS.spans; i++) rates.push(await rate());
  return rates;
}

async function speeds() {
  const [rows, shares] = [/** @type {string[][]} */ ([]), /** @type {string[][]} */ ([])];
  // Measured between the runs, since what else a machine does falls on both alike.
  const peaks = /** @type {number[]} */ ([]);
  for (const size of SIZES) {
    const { name, link, steps } = size;
    const row = [name];
    let mflop = NaN;
    for (const engine of engines) {
      progress(`${engine}: ${name}`);
      const on = /** @type {Record<string, string>} */ ({ native: "cpu", "native-webgpu": "webgpu" })[engine];
      const runs = on ? native(link, on, Math.ceil(steps * (options.quick ? 0.3 : 1)), options.quick ? 1 : 5) : [];
      const measured = on ? null : await inWorker(engine, link, peaks);
      const rates = measured?.rates ?? runs.map((run) => run.steps_per_second);
      mflop = measured?.mflop ?? mflop;
      const where = on ? { engine: on, where: "native" } : { engine, where: "Chromium" };
      const { operations, allocations } = on === "cpu" ? counts(link, on, steps) : {};
      found.speeds.push({ ...where, name, link, mflop, operations, allocations, ...summary(rates) });
      row.push(spread(rates));
      if (engine === "cpu") {
        const gflops = (median(rates) * mflop) / 1000;
        shares.push([name, mflop.toPrecision(3), gflops.toFixed(1), `${((100 * gflops) / median(peaks)).toFixed(0)} %`]);
      }
      if (engine === "native") shares.at(-1)?.push(operations?.toFixed(1) ?? "", allocations?.toFixed(1) ?? "");
    }
    rows.push(row);
  }
  const titles = /** @type {Record<string, string>} */ ({ native: "cpu, native", "native-webgpu": "webgpu, native", "cpu-threads": "cpu, two threads, Chromium" });
  const columns = engines.map((e) => titles[e] ?? `${e}, Chromium`);
  say(table("Steps per second (one update of D and one of G, Adam), median (min–max)", ["networks", ...columns], rows));
  if (shares.length === 0) return;
  found.peak = summary(peaks);
  say(table(`What a step takes on cpu, one thread; multiplications and additions in registers alone reach ${spread(peaks)} GFLOP/s here`,
    ["networks", "MFLOP", "GFLOP/s", "of the peak", ...(engines.includes("native") ? ["operations", "allocations"] : [])], shares));
}

/**
 * Steps per second, and millions of floating-point operations of a step, as the core counts them: those of matrix products that an
 * update needs.
 * @param {string} engine @param {string} link @param {number[]} peaks gets what the processor can do
 */
async function inWorker(engine, link, peaks) {
  const bench = await Bench.load(browser, engine, link);
  await bench.rate(SPANS.warm);
  const rates = await spans(() => bench.rate(SPANS.span));
  peaks.push(await bench.ask({ op: "peak", base: url }));
  const mflop = (await bench.ask({ op: "flops", link })) / 1e6;
  await bench.end();
  return { rates, mflop };
}

/**
 * What the command line says of its runs; it finds the image files by GAN_PLAYGROUND_SITE.
 * @param {string} link @param {string} engine @param {number} steps @param {number} runs
 */
function native(link, engine, steps, runs) {
  const options = ["--engine", engine, "--steps", String(steps), "--json"];
  return Array.from({ length: runs }, () => {
    // 3, 4 and 5 say that it learned badly, which is nothing to its speed.
    const run = ask("GP_NATIVE", ["train", link, ...options], [0, 3, 4, 5]);
    return /** @type {{steps_per_second: number}} */ (run);
  });
}

/** What a step asks of the program, counted by benches/per_step.rs. @param {string} link @param {string} engine @param {number} steps */
function counts(link, engine, steps) {
  return /** @type {{operations: number, allocations: number}} */ (ask("GP_PER_STEP", [link, engine, String(steps)], [0]));
}

/** The last line of a native program's output, which is JSON. @param {string} variable its path @param {string[]} args @param {number[]} good */
function ask(variable, args, good) {
  const program = process.env[variable];
  if (!program) throw new Error(`${variable} is not set: start this by \`cargo xtask bench\`, or choose --engines without native`);
  const { stdout, stderr, status } = spawnSync(program, args, { encoding: "utf8" });
  if (!good.includes(status ?? -1)) throw new Error(`${program} ${args.join(" ")}: ${stderr}`);
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}

/** As the manifests of `pkg/` have them. */
async function sizes() {
  for (const engine of ["cpu", "cpu-threads", "ndarray", "webgpu"]) {
    const answer = await fetch(`${url}pkg/${engine}/manifest.json`);
    if (!answer.ok) continue;
    const { size, gzip } = (await answer.json()).files["gan_playground_bg.wasm"];
    found.wasm.push({ engine, size, gzip });
  }
  say(table("WebAssembly", ["engine", "raw", "gzip -9"], found.wasm.map((/** @type {any} */ w) => [w.engine, bytes(w.size), bytes(w.gzip)])));
}

/** What snapshots, evaluations and the page take from the default link: measured in turns, so that whatever else the machine does falls on all alike. */
async function looking() {
  progress("the cost of looking");
  const bench = await Bench.load(browser, "cpu", "v=1");
  await bench.rate(SPANS.warm);
  const page = await PageRun.open(browser, "v=1&engine=cpu");
  await page.rate(SPANS.warm);
  /** @type {Record<"bare" | "seen" | "page", number[]>} */
  const rates = { bare: [], seen: [], page: [] };
  for (let i = 0; i < SPANS.spans; i++) {
    rates.page.push(await page.rate(SPANS.span));
    await page.toggle();
    rates.bare.push(await bench.rate(SPANS.span));
    rates.seen.push(await bench.rate(SPANS.span, 10));
    await page.toggle();
  }
  await page.end();
  const { snapshot, evaluation, every } = await bench.ask({ op: "costs" });
  await bench.end();
  const { bare } = rates;
  const share = (median(evaluation) * median(bare)) / (1000 * every);
  found.looking = { bare: summary(bare), seen: summary(rates.seen), page: summary(rates.page), snapshot: summary(snapshot), evaluation: summary(evaluation), every, share };
  const lost = (/** @type {number[]} */ others) => `${(100 * (1 - median(others.map((rate, i) => rate / (bare[i] ?? NaN))))).toFixed(1)} %`;
  say(table("The default link on cpu: what looking costs", ["", "steps per second", "less than the worker alone"], [
    ["worker alone (evaluations included)", spread(bare), ""],
    ["with 10 snapshots a second", spread(rates.seen), lost(rates.seen)],
    ["in the page, drawing", spread(rates.page), lost(rates.page)],
  ]));
  say(`\nA snapshot takes ${median(snapshot).toFixed(1)} ms; an evaluation ${median(evaluation).toFixed(1)} ms, every ${every} steps: ${(100 * share).toFixed(1)} % of the time.`);
}

async function loads() {
  progress("time to the first step");
  const { GP_PUBLISHED: published, GP_PLAIN: plain } = process.env;
  const times = { published: /** @type {Awaited<ReturnType<typeof firstStep>>[]} */ ([]), plain: /** @type {Awaited<ReturnType<typeof firstStep>>[]} */ ([]) };
  // In turns, so that both meet the same machine.
  for (let i = 0; i < (options.quick ? 2 : 7); i++) {
    for (const [pages, address] of /** @type {const} */ ([[times.published, published], [times.plain, plain]])) {
      pages.push(await firstStep(browser, `${address}#v=1&engine=cpu`));
    }
  }
  const pick = (/** @type {keyof typeof times} */ page, /** @type {"step" | "picture"} */ what) => times[page].map((t) => t[what]);
  found.firstStep = { step: summary(pick("published", "step")), picture: summary(pick("published", "picture")), plain: summary(pick("plain", "step")) };
  say(table("From navigation, in a fresh profile, to …", ["", "as published, ms", "modules as they lie in `www/`, ms"], [
    ["the first picture (step 0)", spread(pick("published", "picture")), spread(pick("plain", "picture"))],
    ["the first steps shown", spread(pick("published", "step")), spread(pick("plain", "step"))],
  ]));
}

async function gpuCounts() {
  const driver = await launch({ gpu });
  const rows = [];
  found.gpu = [];
  for (const { name, key, link } of SIZES) {
    // The software GPU takes up to a minute for a step of the others, and the counts depend little on the width.
    if (gpu === "software" && !options.sizes && !(options.quick ? ["small"] : ["small", "64"]).includes(key)) continue;
    progress(`webgpu: ${name}`);
    const bench = await Bench.load(driver, "webgpu", link, true);
    const counts = await bench.ask({ op: "count", steps: options.quick ? 4 : 16 });
    // A software GPU takes seconds a step: the counted steps are its speed.
    if (gpu === "real") await bench.rate(SPANS.warm);
    const rates = gpu === "real" ? await spans(() => bench.rate(SPANS.span)) : [counts.rate];
    const { start } = bench;
    await bench.end();
    found.gpu.push({ name, link, adapter: gpu, start, ...counts, rates: summary(rates) });
    const per = (/** @type {string} */ what) => counts[what].toFixed(1);
    rows.push([name, spread(rates), per("dispatches"), per("passes"), per("submits"), `${per("uploads")} (${bytes(counts.uploadedBytes)})`,
      `${counts.readbacks.toFixed(2)} (${bytes(counts.readBytes)})`, `${(start / 1000).toFixed(1)} s`]);
  }
  await driver.close();
  say(table(`WebGPU (${gpu === "real" ? "this machine's adapter" : "SwiftShader, a software GPU"}): what a step asks for`,
    ["networks", "steps per second", "dispatches", "passes", "submits", "uploads", "readbacks", "load and first step"], rows));
}
