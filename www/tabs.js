/**
 * The parts of the page beside the picture. On a small page they are tabs; elsewhere all of them are shown, and a part is
 * no more than its cards, which the style sheet puts in their places.
 */
import { html } from "./html.js";
import { t } from "./i18n.js";
import { isNarrow } from "./narrow.js";
import { get, set, useStore } from "./state.js";

/** In the order of the page. */
const parts = ["watch", "setup", "tune", "measure", "learn"];

/** Brings a part into sight. @param {string} part @param {string} [card] the id of the card in it that is meant */
export function reveal(part, card) {
  set({ tab: part });
  // The tab's panel is drawn first.
  requestAnimationFrame(() => {
    if (isNarrow()) return top();
    document.getElementById(card ?? `part-${part}`)?.scrollIntoView({
      block: "nearest", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth",
    });
  });
}

/** A panel begins where the tabs end, however far the one before was scrolled. */
function top() {
  const list = document.querySelector(".tabs");
  const panel = document.getElementById(`part-${get().tab}`);
  if (!list || !panel) return;
  const hidden = list.getBoundingClientRect().bottom - panel.getBoundingClientRect().top;
  if (hidden > 0) scrollBy({ top: -hidden });
}

export function Tabs() {
  const now = useStore((s) => s.tab);
  /** @param {KeyboardEvent} event */
  const key = (event) => {
    const at = parts.indexOf(/** @type {string} */ (now));
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: parts.length - 1 }[event.key];
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const part = parts[(to + parts.length) % parts.length] ?? "watch";
    reveal(part);
    document.getElementById(`tab-${part}`)?.focus();
  };
  return html`<div class="tabs" role="tablist" aria-label=${t("tabs")} data-arrows onKeyDown=${key}>
    ${parts.map((part) => html`<button type="button" role="tab" id=${`tab-${part}`} aria-controls=${`part-${part}`} aria-selected=${part === now}
      tabindex=${part === now ? 0 : -1} onClick=${() => reveal(part)}>${t(`tab.${part}`)}</button>`)}
  </div>`;
}

/** @param {{name: string, narrow: boolean, children?: import("./html.js").Children}} props */
export function Part({ name, narrow, children }) {
  const now = useStore((s) => s.tab);
  const panel = narrow ? { role: "tabpanel", "aria-labelledby": `tab-${name}`, hidden: name !== now } : {};
  return html`<div class=${`part is-${name}`} id=${`part-${name}`} ...${panel}>${children}</div>`;
}
