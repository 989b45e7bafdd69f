/**
 * Feeds a run with its data. The session says which piece it cannot go on without; once that is there, the pieces that
 * the link will want later are fetched while it trains. Pieces are handed over in order, between two pulls.
 */
import { Absent, owned, shard } from "./shards.js";

/** @import { DataState, Need, Session } from "../types.d.ts" */

export class Feed {
  /**
   * @param {Session} session
   * @param {{base: string, dataset: string, own?: Uint8Array | null}} request
   * @param {(state: DataState) => void} tell
   * @param {<T>(work: (session: Session) => T) => Promise<T>} enqueue  runs work between two pulls
   */
  constructor(session, request, tell, enqueue) {
    this.session = session;
    this.request = request;
    this.tell = tell;
    this.enqueue = enqueue;
    /** Training cannot go on until the next piece is there. */
    this.blocking = false;
    this.busy = false;
    /** @type {DataState | null} */
    this.failure = null;
    this.ended = false;
    this.leave = new AbortController();
    /** What training waits for. @type {Need | undefined} */
    this.need = undefined;
    /** @type {Set<number>} */
    this.given = new Set();
    // Asked for now, since a session bears no question during a pull.
    this.urls = Array.from({ length: session.shards() }, (_, shard) => session.url(shard) ?? "");
    this.of = this.urls.length;
    this.told = 0;
  }

  /** Asks the session what it needs; cheap enough to be asked after every pull, and never asked during one. */
  check() {
    this.need = this.session.needs();
    this.blocking = this.need !== undefined;
    // A piece that failed in the background matters only once training waits for it.
    if (this.need && this.failure && !this.failure.blocking) this.say(this.failure);
    if (this.need && !this.busy && !this.failure) this.fetch();
  }

  /** The piece to fetch now: what training waits for, else the first that it will want. */
  next() {
    if (this.need) return this.need.shard;
    for (let number = 0; number < this.of; number++) if (!this.given.has(number)) return number;
    return -1;
  }

  async fetch() {
    const number = this.next();
    if (number < 0 || this.ended) return;
    this.busy = true;
    const url = new URL(this.urls[number] ?? "", this.request.base).href;
    try {
      await this.file(url, (bytes) => this.enqueue((session) => {
        session.provide(number, bytes);
        this.given.add(number);
        this.need = session.needs();
        this.blocking = this.need !== undefined;
      }), (loaded, total) => this.report(number, loaded, total), this.leave.signal);
    } catch (error) {
      if (this.ended) return;
      this.busy = false;
      const message = error instanceof Error ? error.message : String(error);
      const reason = error instanceof Absent ? error.reason : undefined;
      this.say({ shard: number, loaded: 0, total: 0, done: false, error: message, ...(reason ? { reason } : {}) });
      return;
    }
    if (this.ended) return;
    this.busy = false;
    this.say({ shard: number, loaded: 1, total: 1, done: this.next() < 0 });
    this.fetch();
  }

  /** @param {string} url @param {(bytes: Uint8Array) => Promise<void>} accept @param {(loaded: number, total: number) => void} report @param {AbortSignal} wanted */
  file(url, accept, report, wanted) {
    const { own } = this.request;
    return own === undefined ? shard(url, accept, report, wanted) : owned(url, own, accept, wanted);
  }

  /** @param {number} number @param {number} loaded @param {number} total */
  report(number, loaded, total) {
    const now = performance.now();
    if (this.ended || (now - this.told < 80 && loaded < total)) return;
    this.told = now;
    this.say({ shard: number, loaded, total, done: false });
  }

  /** @param {Pick<DataState, "shard" | "loaded" | "total" | "done" | "error" | "reason">} part */
  say(part) {
    const state = { ...part, title: this.request.dataset, of: Math.max(this.of, part.shard + 1), blocking: this.blocking };
    this.failure = part.error === undefined ? null : state;
    this.tell(state);
  }

  /** Training waits for a piece that did not come. */
  stuck() {
    return this.blocking && this.failure !== null;
  }

  retry() {
    if (!this.failure) return;
    this.failure = null;
    this.fetch();
  }

  end() {
    this.ended = true;
    this.leave.abort();
  }
}
