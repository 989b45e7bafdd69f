/** Share: the link of the experiment, from its start or up to what one sees; or, where no link leads there, the state as a file. */
import { useState } from "preact/hooks";
import * as link from "../engine/link.js";
import * as format from "../format.js";
import { html } from "../html.js";
import { t } from "../i18n.js";
import { get, set, useStore } from "../state.js";
import { saveState } from "./export.js";
import { close, Item, Menu } from "./menu.js";

/** Milliseconds that a copied link is confirmed. */
const CONFIRMED = 2200;

/** @typedef {import("../engine/run.js").Run} Run */

/** @param {{run: Run}} props */
export function Share({ run }) {
  return html`<${Menu} name="share" hint="l"><${Choice} run=${run} /><//>`;
}

/** @param {{run: Run}} props */
function Choice({ run }) {
  const [step, detour, half] = useStore((s) => {
    const shown = s.fresh ? s.snapshot : null;
    return [shown?.step ?? 0, shown?.detour ?? false, shown?.half ?? false];
  });
  const still = useStore((s) => !s.playing || s.status === "stopped" || s.status === "diverged");
  // Addresses that the clipboard refused, to be copied by hand; and which were copied.
  const [manual, show] = useState("");
  const [copied, confirm] = useState("");

  /** @param {string} name @param {(canonical: string) => string} make */
  const copy = async (name, make) => {
    const { opened } = get();
    if (!opened) return;
    const address = link.address(make(opened.link));
    try {
      await navigator.clipboard.writeText(address);
      show("");
      confirm(name);
      set({ said: t("share.done") });
      setTimeout(() => confirm((now) => (now === name ? "" : now)), CONFIRMED);
    } catch {
      // No permission, or plain http.
      show(address);
    }
  };
  const most = get().catalog?.fields.find(({ name }) => name === "stop")?.max ?? Infinity;
  const leads = !detour && !half && step > 0 && step <= most;
  const start = html`<${Item} key="start" label=${t(copied === "start" ? "share.done" : "share.start")} about=${t("share.start.about")} done=${copied === "start"}
    onClick=${() => copy("start", (text) => text)} />`;
  const here = leads && html`<${Item} key="here" label=${t(copied === "here" ? "share.done" : "share.here", { step: format.count(step) })} about=${t("share.here.about")}
    done=${copied === "here"} onClick=${() => copy("here", (text) => link.upTo(text, get().snapshot?.step ?? step))} />`;
  return html`
    ${still ? [here, start] : [start, here]}
    ${(detour || half) && html`<p class="soft">${t("share.detour")}</p>
      <${Item} label=${t("save.state")} about=${t("save.state.about")} onClick=${() => { close(); saveState(run); }} />`}
    ${manual && html`<label class="manual">${t("share.manual")}<input readonly value=${manual} ref=${select} /></label>`}`;
}

/** @param {HTMLInputElement | null} field */
const select = (field) => { field?.focus(); field?.select(); };
