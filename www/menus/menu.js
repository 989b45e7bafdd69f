/** A button with a small panel under it. One panel at most is open: it closes by Escape, by a press elsewhere, or by its own button. */
import { useEffect, useRef } from "preact/hooks";
import { html } from "../html.js";
import { t } from "../i18n.js";
import { Icon } from "../icons.js";
import { get, set, useStore } from "../state.js";

/** @typedef {import("../state.js").State["menu"]} Name */

/** @param {{name: Name, hint: string, children?: import("../html.js").Children}} props */
export function Menu({ name, hint, children }) {
  const open = useStore((s) => s.menu === name);
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  useEffect(() => {
    if (!open) return;
    /** @type {HTMLElement | null | undefined} */ (box.current?.querySelector(".panel button"))?.focus();
    const away = (/** @type {Event} */ event) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) close();
    };
    document.addEventListener("pointerdown", away);
    return () => document.removeEventListener("pointerdown", away);
  }, [open]);
  /** @param {KeyboardEvent} event */
  const key = (event) => {
    if (event.key !== "Escape" || !open) return;
    event.preventDefault();
    close();
    box.current?.querySelector("button")?.focus();
  };
  const label = t(name);
  return html`<div class=${`menu is-${name}`} ref=${box} onKeyDown=${key}>
    <button class="button" aria-expanded=${open} aria-controls=${`menu-${name}`} aria-label=${label} title=${`${label} (${t("key", { key: hint })})`}
      onClick=${() => set({ menu: open ? "" : name })}><${Icon} name=${name} /><span class="word">${label}</span></button>
    ${open && html`<div class="panel" id=${`menu-${name}`} role="group" aria-label=${label}>${children}</div>`}
  </div>`;
}

/** @param {{label: string, about?: string, done?: boolean, onClick: () => unknown}} props */
export function Item({ label, about, done, onClick }) {
  return html`<button type="button" class="item" onClick=${onClick}>
    <b>${label}</b>${done && html`<${Icon} name="check" />`}${about && html`<small>${about}</small>`}
  </button>`;
}

export function close() {
  if (get().menu !== "") set({ menu: "" });
}
