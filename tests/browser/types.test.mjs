/** The types of `pkg/`: README's lines compile with them, and they name what the modules export. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { examples, load, pkg } from "./engine.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));

/**
 * What TypeScript says of programs beside the folder `pkg`, with everything strict and nothing skipped.
 * @param {string[]} programs
 */
async function compile(programs) {
  const folder = await mkdtemp(join(tmpdir(), "types-"));
  try {
    await symlink(pkg, join(folder, "pkg"), "junction");
    const files = programs.map((_, i) => join(folder, `${i}.ts`));
    await Promise.all(files.map((file, i) => writeFile(file, programs[i] ?? "")));
    const options = ["--strict", "--noEmit", "--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler", "--types", "", "--ignoreConfig"];
    return await new Promise((resolve) => {
      const tsc = join(root, "node_modules/typescript/bin/tsc");
      execFile(process.execPath, [tsc, ...options, ...files], { cwd: folder }, (error, out) => resolve(error ? out : ""));
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A program that uses the module as README does, with one line of its own. @param {string} line */
const using = (line) => `
  import init, { open, change, preview, catalog, Session } from "./pkg/cpu/gan_playground.js";
  import type { Advance, Catalog, Cost, Metric, Need, Opened, Panel, Snapshot } from "./pkg/cpu/gan_playground.js";
  async function f(session: Session, snapshot: Snapshot) { ${line} }
  export default f;`;

test("README's lines compile", { timeout: 120_000 }, async () => {
  const programs = await examples();
  assert.ok(programs.length >= 2);
  assert.equal(await compile(programs), "");
});

test("what is right compiles, and what is wrong does not", { timeout: 120_000 }, async () => {
  const right = [
    "const { step, ran, status }: Advance = await session.move('step'); return status === 'running' && step + ran > 0;",
    "const first: Panel | undefined = snapshot.panels[0]; if (first?.kind === 'points') return first.data[0]! + first.extent[3];",
    "const metric: Metric | undefined = (await session.evaluate())[0]; return metric?.ideal?.toFixed(2);",
    "const { cost, problems }: Opened = change('v=1', { batch: '64' }); const { refusal, flops }: Cost = cost; return [problems[0]?.what.text, refusal?.code, flops / 1e9];",
    "const need: Need | undefined = session.needs(); const all: Catalog = catalog(); return [need?.url, all.fields[0]?.options?.[0]?.title];",
  ];
  assert.equal(await compile(right.map(using)), "");
  const wrong = [
    "await session.move(5);", "await session.advance('long');", "open(42);", "preview('moons', '7');",
    "change('v=1', { batch: 5 });", "new Session();", "return snapshot.nothing;", "return (await session.move('d')).steps;",
    "if (snapshot.status === 'happy') return;", "session.provide(0, 'bytes');",
  ];
  const said = await compile(wrong.map(using));
  for (const [i, line] of wrong.entries()) assert.match(said, new RegExp(`^${i}\\.ts.*error TS`, "m"), `“${line}” compiles`);
});

/** A text without its indentation, which the generator changes. @param {string} text */
const plain = (text) => text.trim().replace(/^ +/gm, "");

test("the types name what the modules export, and nothing else", { timeout: 60_000 }, async () => {
  const types = await readFile(join(root, "src/web/types.ts"), "utf8");
  const functions = [...types.matchAll(/^export declare function (\w+)/gm)].map((match) => match[1]);
  const body = /^export declare class Session \{\n(.*?)^\}/ms.exec(types)?.[1] ?? "";
  const methods = [...body.matchAll(/^  (static )?(\w+)\((.*)\): /gm)].map(([, still = "", name, list = ""]) =>
    ({ name: still + name, given: list === "" ? 0 : list.split(", ").length }));
  assert.ok(functions.length > 4 && methods.length > 10);
  for (const engine of ["cpu", "ndarray", "webgpu"]) {
    const module = await load(engine);
    const own = ["default", "initSync", "start", "Session"];
    assert.deepEqual(Object.keys(module).filter((name) => !own.includes(name)).sort(), functions.toSorted(), engine);
    const { prototype } = module.Session;
    /** @param {object} owner @param {string} [still] */
    const found = (owner, still = "") => Object.getOwnPropertyNames(owner)
      .filter((name) => typeof Reflect.get(owner, name) === "function" && !/^(constructor|prototype|__.*)$/.test(name))
      .map((name) => ({ name: still + name, given: Reflect.get(owner, name).length }));
    const order = (/** @type {{name: string}} */ a, /** @type {{name: string}} */ b) => (a.name < b.name ? -1 : 1);
    assert.deepEqual([...found(prototype), ...found(module.Session, "static ")].sort(order), methods.sort(order), engine);
    const declared = await readFile(join(pkg, engine, "gan_playground.d.ts"), "utf8");
    assert.ok(plain(declared).includes(plain(types)), `pkg/${engine} has other types`);
  }
});
