/** Which lesson is open stands in the address, before the experiment: `?lesson=hop#v=2&d=8,8`. */
import * as link from "../engine/link.js";
import { get, set } from "../state.js";
import { lessons } from "./list.js";

/** @typedef {import("../engine/run.js").Run} Run */

/** The lesson that is open, if any. @param {string} name */
export const lessonOf = (name) => lessons.find((lesson) => lesson.name === name);

/** The address names the lesson that is open, also after going back or forward. */
export function startLessons() {
  const look = () => set({ lesson: new URLSearchParams(location.search).get("lesson") ?? "" });
  look();
  addEventListener("popstate", look);
}

/** Where an experiment lies within a lesson; "" is none. @param {string} name @param {string} experiment */
export const addressOf = (name, experiment) => link.within(name, experiment).href;

/** Opens an experiment within a lesson, or outside of all. @param {Run} run @param {string} name @param {string} experiment */
export function enter(run, name, experiment) {
  const [before, now] = [get().lesson, name].map((of) => lessonOf(of)?.pace);
  if (name !== get().lesson && (before ?? now) !== undefined) run.setPace(now ?? 0);
  // On a small page it is in the part that is watched.
  set(name ? { lesson: name, tab: "watch" } : { lesson: "" });
  link.enter(name, experiment);
  return run.visit();
}

/** Puts the lesson away; the run goes on. */
export function leave() {
  if (!get().lesson) return;
  set({ lesson: "" });
  link.enter("", location.hash.slice(1));
}
