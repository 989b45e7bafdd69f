/**
 * Keeps the run of this tab in the browser, so that a reload can go on where it was. Nothing is taken up by itself: the
 * page begins with what the address says, and offers the rest.
 */
import * as format from "../format.js";
import { offer, withdraw } from "../offers.js";
import { get, set, subscribe } from "../state.js";
import { shelf } from "./shelf.js";

/** @typedef {import("./run.js").Run} Run */
/** @typedef {import("./shelf.js").Entry} Entry */

/** Milliseconds between two states while it trains; and of rest after a step by hand. */
const EVERY = 15_000;
const REST = 400;
/** Bytes beyond which a state is too large to be written again and again. */
const MOST = 32 * 2 ** 20;

export class Keep {
  /** @param {Run} run */
  constructor(run) {
    this.run = run;
    /** What this tab kept before it was loaded again, while that is on offer. @type {Entry | null} */
    this.entry = null;
    /** The run and the step of the newest state. */
    this.kept = "";
    /** The run whose state is too large. */
    this.large = 0;
    this.busy = false;
    this.timer = 0;
    /** @type {string} */
    this.status = get().status;
  }

  async start() {
    this.entry = await shelf.mine();
    if (this.entry) this.present();
    setInterval(() => { if (get().playing) this.save(); }, EVERY);
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.save(); });
    subscribe((s) => {
      // A run that comes to the kept step is there again, whatever became of the offer.
      if (this.entry && s.fresh && s.opened?.link === this.entry.link && s.step > this.entry.step) this.close();
      const still = s.status !== this.status && (s.status === "paused" || s.status === "stopped");
      this.status = s.status;
      if (!still && !(s.status === "paused" && s.moved)) return;
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.save(), REST);
    });
  }

  /** Offers what was kept, once the page knows that its address means the same experiment and the bytes are whole. */
  async present() {
    const opened = await new Promise((resolve) => {
      const stop = subscribe(({ opened }) => {
        if (!opened) return;
        stop();
        resolve(opened);
      });
      const { opened } = get();
      if (opened) resolve(opened);
    });
    const { entry } = this;
    if (!entry || opened.link !== entry.link) return this.close();
    const found = await this.run.fleet.codec({ op: "inspect", bytes: entry.bytes }).catch(() => null);
    if (found?.step !== entry.step || get().opened?.link !== entry.link || this.entry !== entry) return this.close();
    offer({
      id: "resume", what: { key: "resume.about" }, label: { key: "resume", args: { step: format.count(entry.step) } },
      act: () => this.resume(entry), dismissed: () => this.close(),
    });
  }

  /** @param {Entry} entry */
  resume({ bytes, link }) {
    this.close();
    return this.run.inLine(async () => {
      const { opened, playing } = get();
      // Whatever was opened meanwhile is what the person wants.
      if (opened?.link !== link) return;
      set({ problems: [], refused: [] });
      this.run.begin(opened, playing, { state: bytes });
    });
  }

  close() {
    this.entry = null;
    withdraw("resume");
  }

  async save() {
    const { run } = this;
    const { opened, step, fresh, status } = get();
    const at = `${run.id} ${step} ${opened?.link}`;
    // What is on offer is not written over before the person has had a say.
    if (this.busy || this.entry || !opened || !fresh || step === 0 || at === this.kept || this.large === run.id) return;
    if (status === "failed" || status === "diverged" || status === "loading") return;
    this.busy = true;
    const { id } = run;
    try {
      const saved = await run.save(false);
      if (id !== run.id) return;
      if (saved.bytes.length > MOST) {
        this.large = id;
        await shelf.clear();
      } else {
        await shelf.put({ link: opened.link, step: saved.step, bytes: saved.bytes });
        this.kept = at;
      }
    } catch {
      // No room, or the run has just ended: the state before stays.
    } finally {
      this.busy = false;
    }
  }
}
