/** A walk that never ends: from one sample to the next, drawn anew at each. */
import { useEffect, useState } from "preact/hooks";
import { NUMBERED } from "./pick.js";

/** Milliseconds from one sample to the next. */
const LEG = 3000;

/** @typedef {import("./pick.js").Hand} Hand */

/** @param {(change: (hand: Hand) => Hand) => void} change @returns {[boolean, (walks: boolean) => void]} */
export function useWalk(change) {
  const [walks, set] = useState(false);
  useEffect(() => {
    if (!walks) return;
    let last = performance.now();
    let frame = requestAnimationFrame(function step(now) {
      const by = (now - last) / LEG;
      // A frame that nobody saw is no step.
      last = now;
      change((hand) => {
        const share = hand.share + Math.min(by, 0.1);
        if (share < 1) return { ...hand, share };
        return { ...hand, share: 0, ends: [hand.ends[1], Math.floor(Math.random() * NUMBERED)] };
      });
      frame = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(frame);
  }, [walks]);
  return [walks, set];
}
