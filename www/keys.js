/** Keyboard: space plays and pauses, the right arrow or a full stop steps, r starts again; and what is announced. */
import { t } from "./i18n.js";
import { get, set, subscribe } from "./state.js";

/** @param {import("./engine/run.js").Run} run */
export function startKeys(run) {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = event.target instanceof Element ? event.target : document.body;
    // Whatever has a use for the key itself keeps it.
    if (at.closest("input, select, textarea, [contenteditable]")) return;
    if (event.key === " " && at.closest("button, summary, a, [role=button]")) return;
    if (event.key === "ArrowRight" && at.closest("[data-arrows]")) return;
    if (event.key === " ") run.toggle();
    else if (event.key === "ArrowRight" || event.key === ".") run.move("both");
    else if (event.key === "r") run.reset();
    else return;
    event.preventDefault();
  });

  let { status } = get();
  let title = "";
  subscribe((s) => {
    if (s.opened && s.opened.title !== title) {
      title = s.opened.title;
      document.title = `${title} · gan-playground`;
    }
    if (s.status === status) return;
    status = s.status;
    set({ said: t(`status.${status}`) });
  });
}
