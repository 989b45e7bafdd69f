/**
 * The one store of the page: plain data, a setter and a hook. Views read it; `engine/run.js` writes it.
 * Snapshots live here too; canvases subscribe to them directly and never re-render the tree.
 */
import { useEffect, useState } from "preact/hooks";

/**
 * @typedef {object} Offer  something that a person may take up, or not; the run goes on meanwhile
 * @property {"undo" | "resume" | "cure" | "pace" | "own"} id  a newer one takes the place of an older one of the same kind
 * @property {Reason} what
 * @property {Reason} [label]  of the button
 * @property {() => unknown} [act]
 * @property {() => unknown} [dismissed]
 */

/** @import { Catalog, DataState, EngineName, Message, Opened, Problem, Reason, RunStatus, Snapshot } from "./types.d.ts" */

/**
 * @typedef {object} State
 * @property {string} lang              `en` or `zh`
 * @property {Catalog | null} catalog   fields, datasets and families, from the core
 * @property {Opened | null} opened     the experiment that runs, with every field's value
 * @property {Problem[]} problems       what the opened link got wrong
 * @property {Problem[]} refused     what was typed and cannot be, field by field; the run goes on as it was
 * @property {Reason | null} notice     what did not go as it was asked for
 * @property {Offer[]} offers
 * @property {"" | "share" | "save" | "keys"} menu  the one that is open
 * @property {boolean} dropping         a file is being dragged over the page
 * @property {number} pace              steps per second that are asked for, 0 for as many as can be
 * @property {boolean} playing          what the person wants, not what the worker has reached yet
 * @property {RunStatus} status
 * @property {Message[]} sentence       what the core says of the run's health
 * @property {number} step              the newest step heard of (the snapshot may be older)
 * @property {number} rate              steps per second of wall-clock time
 * @property {EngineName | ""} engine   the engine that runs
 * @property {Reason[]} reasons         why that engine
 * @property {Reason | null} busy       what the page is waiting for, where it waits
 * @property {Snapshot | null} snapshot
 * @property {boolean} fresh            the snapshot belongs to the run that runs
 * @property {DataState | null} data
 * @property {Reason | null} error      why the run failed
 * @property {string} moved         the last move made by hand
 * @property {{n: number, klass: number | null} | null} pointed  the sample of the stage that was pointed at last
 * @property {string} lesson            the name of the one that is open, "" for none
 * @property {string} tab               the part of the page that a small screen shows beside the picture
 * @property {string} said              the newest announcement for screen readers
 */

/** @type {State} */
let state = {
  lang: "en", catalog: null, opened: null, problems: [], refused: [], notice: null, offers: [], menu: "", dropping: false, pace: 0, playing: true, status: "loading", sentence: [],
  step: 0, rate: 0, engine: "", reasons: [], busy: { key: "busy.start" }, snapshot: null, fresh: false, data: null, error: null,
  moved: "", pointed: null, lesson: "", tab: "watch", said: "",
};
/** @type {Set<(state: State) => void>} */
const listeners = new Set();

export const get = () => state;

/** @param {Partial<State>} patch */
export function set(patch) {
  state = { ...state, ...patch };
  for (const listener of [...listeners]) listener(state);
}

/** @param {(state: State) => void} listener @returns {() => void} */
export function subscribe(listener) {
  listeners.add(listener);
  return () => { listeners.delete(listener); };
}

/**
 * The part of the state that a component shows. It re-renders when that part changes, compared one level deep.
 * @template T
 * @param {(state: State) => T} pick
 * @returns {T}
 */
export function useStore(pick) {
  const [, redraw] = useState({});
  const now = pick(state);
  useEffect(() => {
    let last = pick(state);
    if (!same(last, now)) redraw({});
    return subscribe((s) => {
      const next = pick(s);
      if (same(next, last)) return;
      last = next;
      redraw({});
    });
  }, []);
  return now;
}

/** @param {unknown} a @param {unknown} b */
function same(a, b) {
  if (Object.is(a, b)) return true;
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  return a.every((x, i) => Object.is(x, b[i]));
}

