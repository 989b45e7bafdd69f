/** Keyboard (the list for people is in menus/keys.js), and what is announced. */
import { nextPace } from "./engine/pace.js";
import { t, titleOf } from "./i18n.js";
import { choosePace } from "./menus/pace.js";
import { get, set, subscribe } from "./state.js";

/** Slower and faster; which of the two keys is at hand depends on the keyboard. @type {Record<string, -1 | 1>} */
const PACE = { "[": -1, "-": -1, "]": 1, "+": 1 };
/** @type {Record<string, import("./state.js").State["menu"]>} */
const MENUS = { s: "save", l: "share", "?": "keys" };

/** @param {import("./engine/run.js").Run} run */
export function startKeys(run) {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = event.target instanceof Element ? event.target : document.body;
    // Whatever has a use for the key itself keeps it. A radio button that is on has none for space.
    if (at.closest("dialog")) return;
    if (at.closest("input:not([type=radio], [type=checkbox]), select, textarea, [contenteditable]")) return;
    if (event.key === " " && at.closest("button, summary, a, [role=button], [type=checkbox], [type=radio]:not(:checked)")) return;
    if (event.key === "ArrowRight" && at.closest("[data-arrows], [type=radio]")) return;
    // A key that is held steps on and on, but plays or starts again once.
    const once = !event.repeat;
    if (event.key === " ") once && run.toggle();
    else if (event.key === "ArrowRight" || event.key === ".") run.move("step");
    else if (event.key === "r") once && run.reset();
    else if (event.key === "z") once && run.goBack();
    else if (event.key in PACE) choosePace(run, nextPace(get().pace, PACE[event.key] ?? 1));
    else if (event.key in MENUS) once && set({ menu: get().menu === MENUS[event.key] ? "" : MENUS[event.key] ?? "" });
    else return;
    event.preventDefault();
  });

  let { status } = get();
  let title = "";
  subscribe((s) => {
    const now = titleOf(s.opened);
    if (now && now !== title) {
      title = now;
      document.title = `${title} · gan-playground`;
    }
    if (s.status === status) return;
    status = s.status;
    set({ said: t(`status.${status}`) });
  });
}
