/**
 * How fast a run goes. At a first visit it begins slowly enough to watch, for two seconds: the default experiment is over
 * before one has looked otherwise. That is for whoever comes by the bare address; a link, or `?pace=…`, means what it says.
 */
import { lessonOf } from "../lessons/lesson.js";
import { offer, withdraw } from "../offers.js";
import { get, set, subscribe } from "../state.js";

/** Steps per second that can be chosen; 0 is as fast as it goes. */
export const PACES = [1, 10, 100, 0];
/** Steps per second at a first visit, at which the default experiment finds its eight clouds within the two seconds. */
const FIRST = 250;
/** Milliseconds of it. */
const WHILE = 2000;
/** Milliseconds that a word about it stays once it is over. */
const WORD = 8000;

const KEY = "gan-playground-visited";

/** The pace to begin with. */
export function firstPace() {
  const words = new URLSearchParams(location.search);
  const asked = words.get("pace") ?? lessonOf(words.get("lesson") ?? "")?.pace ?? null;
  if (asked !== null) return PACES.includes(Number(asked)) ? Number(asked) : 0;
  return location.hash === "" && !visited() ? FIRST : 0;
}

/** Whether this browser has been here before; one that keeps nothing is treated as if it had. */
function visited() {
  try {
    if (localStorage.getItem(KEY) !== null) return true;
    localStorage.setItem(KEY, "1");
    return false;
  } catch {
    return true;
  }
}

/** @param {import("./run.js").Run} run */
export function startPace(run) {
  const pace = firstPace();
  if (pace === 0) return;
  set({ pace });
  if (pace !== FIRST) return;
  offer({ id: "pace", what: { key: "pace.slow" }, label: { key: "pace.full" }, act: () => run.setPace(0) });
  const stop = subscribe(({ fresh, step, pace }) => {
    // Somebody has chosen.
    if (pace !== FIRST) return void stop();
    if (!fresh || step === 0) return;
    stop();
    setTimeout(() => { if (get().pace === FIRST) over(run); }, WHILE);
  });
}

/** @param {import("./run.js").Run} run */
function over(run) {
  run.setPace(0);
  offer({ id: "pace", what: { key: "pace.over" }, label: { key: "pace.slower" }, act: () => run.setPace(10) });
  setTimeout(() => withdraw("pace"), WORD);
}

/** The next pace, slower or faster, from any. @param {number} pace @param {-1 | 1} by */
export function nextPace(pace, by) {
  const rank = (/** @type {number} */ p) => (p === 0 ? Infinity : p);
  const found = by > 0 ? PACES.find((p) => rank(p) > rank(pace)) : PACES.findLast((p) => rank(p) < rank(pace));
  return found ?? pace;
}
