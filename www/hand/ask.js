/** What the core makes of the samples that are looked at: asked for anew when they or the weights change, one question at a time. */
import { useEffect, useRef, useState } from "preact/hooks";
import { get, subscribe } from "../state.js";

/** @import { Handmade, Near } from "../types.d.ts" */

/** Milliseconds between two questions, what a hand or a walk moves and what training does: looking must not cost what is learned. */
const REST = { moved: 50, trained: 200 };
/** The same for the nearest training image, which all of them are compared for. */
const LONG = { moved: 400, trained: 2000 };

/**
 * @template T
 * @param {string} key  of what is asked
 * @param {() => Promise<T>} ask
 * @param {{moved: number, trained: number}} rest
 * @returns {T | null}
 */
function useAnswer(key, ask, rest) {
  const [found, set] = useState(/** @type {{key: string, answer: T} | null} */ (null));
  const latest = useRef({ key, ask });
  latest.current = { key, ask };
  const again = useRef(() => {});
  useEffect(() => {
    let out = false;
    let over = false;
    let timer = 0;
    let last = { key: "", snapshot: get().snapshot, time: -Infinity };
    const look = async () => {
      const { key, ask } = latest.current;
      const { snapshot, fresh } = get();
      if (over || out || timer || document.hidden || !fresh || (key === last.key && snapshot === last.snapshot)) return;
      const wait = (key === last.key ? rest.trained : rest.moved) - (performance.now() - last.time);
      if (wait > 0) {
        timer = window.setTimeout(() => { timer = 0; look(); }, wait);
        return;
      }
      out = true;
      last = { key, snapshot, time: performance.now() };
      // A run that ended meanwhile answers nothing; the next one is asked.
      const answer = await ask().catch(() => null);
      out = false;
      if (over) return;
      if (answer !== null) set({ key, answer });
      look();
    };
    again.current = () => { clearTimeout(timer); timer = 0; look(); };
    look();
    const stop = subscribe(look);
    return () => { over = true; stop(); clearTimeout(timer); };
  }, []);
  useEffect(() => again.current(), [key]);
  return found && found.answer;
}

/** @param {import("../engine/run.js").Run} run @param {string[]} picks @returns {Handmade | null} */
export const useHandmade = (run, picks) => useAnswer(picks.join(" "), () => run.byCode(picks), REST);

/** @param {import("../engine/run.js").Run} run @param {string} pick @returns {{near: Near | undefined} | null} */
export const useNearest = (run, pick) => useAnswer(pick, async () => ({ near: await run.nearest(pick) }), LONG);
