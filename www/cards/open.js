/** A link to an experiment of this page. */
import { html } from "../html.js";
import { t } from "../i18n.js";

/** @param {{run: import("../engine/run.js").Run, name: string, link: string, class?: string, about?: string}} props */
export function Open({ run, name, link, class: style, about }) {
  // The browser says nothing where the address is this link's already; it plays from the start all the same.
  const again = (/** @type {MouseEvent} */ event) => {
    const { hash } = /** @type {HTMLAnchorElement} */ (event.currentTarget);
    if (hash === location.hash && !event.ctrlKey && !event.metaKey && !event.shiftKey) run.visit();
  };
  return html`<a class=${style} href=${"#" + link} title=${about} onClick=${again}>${t(name)}</a>`;
}
