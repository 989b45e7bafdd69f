/** The list of keys. */
import { useEffect, useRef } from "preact/hooks";
import { html } from "../html.js";
import { t } from "../i18n.js";
import { Icon } from "../icons.js";
import { set, useStore } from "../state.js";
import { close } from "./menu.js";

/** Keys by what they do. @type {[string, string[]][]} */
const keys = [
  ["keys.play", ["keys.space"]], ["keys.step", ["→", "."]], ["keys.slower", ["[", "-"]], ["keys.faster", ["]", "+"]], ["keys.reset", ["r"]],
  ["keys.undo", ["z"]], ["keys.share", ["l"]], ["keys.save", ["s"]], ["keys.list", ["?"]],
];

/** The button that opens it, for those who do not know the key. */
export function KeysButton() {
  return html`<button class="button quiet keys" aria-haspopup="dialog" aria-label=${t("keys")} title=${`${t("keys")} (${t("key", { key: "?" })})`}
    onClick=${() => set({ menu: "keys" })}>?</button>`;
}

export function Keys() {
  const open = useStore((s) => s.menu === "keys");
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => { if (open) dialog.current?.showModal(); }, [open]);
  if (!open) return null;
  return html`<dialog class="card keys" ref=${dialog} aria-labelledby="keys-title" onClose=${close}
      onClick=${(/** @type {MouseEvent} */ event) => { if (event.target === dialog.current) close(); }}>
    <div class="inside">
      <h2 id="keys-title">${t("keys")}</h2>
      <dl>${keys.map(([what, names]) => html`<div><dt>${names.map((name) => html`<kbd>${name.startsWith("keys.") ? t(name) : name}</kbd> `)}</dt><dd>${t(what)}</dd></div>`)}</dl>
      <button class="button tool quiet" aria-label=${t("share.close")} onClick=${close}><${Icon} name="close" /></button>
    </div>
  </dialog>`;
}
