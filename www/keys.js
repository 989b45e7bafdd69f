/** Keyboard: space plays and pauses, the right arrow or a full stop steps, r starts again; and what is announced. */
import { t, titleOf } from "./i18n.js";
import { get, set, subscribe } from "./state.js";

/** @param {import("./engine/run.js").Run} run */
export function startKeys(run) {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = event.target instanceof Element ? event.target : document.body;
    // Whatever has a use for the key itself keeps it. A radio button that is on has none for space.
    if (at.closest("input:not([type=radio], [type=checkbox]), select, textarea, [contenteditable]")) return;
    if (event.key === " " && at.closest("button, summary, a, [role=button], [type=checkbox], [type=radio]:not(:checked)")) return;
    if (event.key === "ArrowRight" && at.closest("[data-arrows], [type=radio]")) return;
    // A key that is held steps on and on, but plays or starts again once.
    const once = !event.repeat;
    if (event.key === " ") once && run.toggle();
    else if (event.key === "ArrowRight" || event.key === ".") run.move("both");
    else if (event.key === "r") once && run.reset();
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
