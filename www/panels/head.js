/** The stage's first line: which experiment it is, and what the view has to say. */
import { html } from "../html.js";
import { titleOf } from "../i18n.js";
import { useStore } from "../state.js";

/** @param {{children?: import("../html.js").Children}} props */
export function Head({ children }) {
  const title = useStore((s) => titleOf(s.opened));
  return html`<div class="head"><h2 class="title">${title}</h2>${children}</div>`;
}
