/**
 * Draws its children in a task of their own, one after the other in the order of the page: first what moves, last what
 * waits for a hand. No task at the start is then long enough to be felt.
 */
import { useEffect, useState } from "preact/hooks";

/** @type {(() => void)[]} */
const waiting = [];
let going = false;

function release() {
  waiting.shift()?.();
  going = waiting.length > 0;
  if (going) setTimeout(release);
}

/** @param {{children?: import("./html.js").Children}} props @returns {any} */
export function Later({ children }) {
  const [shown, show] = useState(false);
  useEffect(() => {
    waiting.push(() => show(true));
    if (!going) setTimeout(release);
    going = true;
  }, []);
  return shown ? children : null;
}
