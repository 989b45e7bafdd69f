/** The bar at the top: name, experiment, transport, engine, language, share. On narrow screens the transport stays. */
import { useState } from "preact/hooks";
import * as link from "./engine/link.js";
import { OVER, rateNow } from "./engine/run.js";
import * as format from "./format.js";
import { html } from "./html.js";
import { speak, t, titleOf } from "./i18n.js";
import { Icon } from "./icons.js";
import { sentence } from "./cards/reasons.js";
import { get, set, useStore } from "./state.js";

/** @param {{run: import("./engine/run.js").Run}} props */
export function Header({ run }) {
  const opened = useStore((s) => s.opened);
  const lang = useStore((s) => s.lang);
  return html`<header class="top">
    <div class="brand">
      <h1 class="logo"><i>gan</i><span>·</span><b>play</b>ground</h1>
      <span class="title">${titleOf(/** @type {import("./types.d.ts").Opened | null} */ (opened))}</span>
    </div>
    <${Transport} run=${run} />
    <div class="end">
      <${Badge} />
      <button class="button quiet" onClick=${() => speak(lang === "zh" ? "en" : "zh")}
        aria-label=${t("page.languageLabel")} lang=${lang === "zh" ? "en" : "zh-Hans"}>${t("page.language")}</button>
      <${Share} />
    </div>
  </header>`;
}

/** @param {{run: import("./engine/run.js").Run}} props */
function Transport({ run }) {
  const [playing, status, fresh] = useStore((s) => [s.playing, s.status, s.fresh]);
  const over = OVER.includes(/** @type {string} */ (status));
  const goes = playing && !over;
  const still = over || !fresh;
  // A click must not leave the focus on a button: the next press of space would mean that button, not play or pause.
  const keep = (/** @type {MouseEvent} */ event) => event.preventDefault();
  return html`<div class="transport" role="group" aria-label=${t("transport")} onMouseDown=${keep}>
    <${Tool} name="reset" hint="r" onClick=${() => run.reset()} />
    <${Tool} name="dice" label="newSeed" onClick=${() => run.change({ seed: newSeed() })} />
    <span class="rule"></span>
    <${Tool} letter="D" label="stepD" disabled=${still} onClick=${() => run.move("d")} />
    <${Tool} letter="G" label="stepG" disabled=${still} onClick=${() => run.move("g")} />
    <${Tool} name="step" hint="→" disabled=${still} onClick=${() => run.move("both")} />
    <button class="button play" disabled=${over} onClick=${() => run.toggle()} aria-keyshortcuts="Space"
      title=${`${t(goes ? "pause" : "play")} (${t("key", { key: lang("Space", "空格") })})`}>
      <${Icon} name=${goes ? "pause" : "play"} /><span>${t(goes ? "pause" : "play")}</span>
    </button>
    <${Counter} />
  </div>`;
}

/** @param {string} english @param {string} chinese */
const lang = (english, chinese) => (get().lang === "zh" ? chinese : english);

/** @param {{name?: string, letter?: string, label?: string, hint?: string, disabled?: boolean, onClick: () => void}} props */
function Tool({ name, letter, label, hint, disabled, onClick }) {
  const text = t(label ?? name ?? "");
  const title = hint ? `${text} (${t("key", { key: hint })})` : text;
  return html`<button class=${`button tool ${letter ? "of-" + letter.toLowerCase() : ""}`} disabled=${disabled}
    onClick=${onClick} title=${title} aria-label=${text}>
    ${letter ? html`<b aria-hidden="true">${letter}</b>` : html`<${Icon} name=${name} />`}
  </button>`;
}

/** The step, and how fast it moves; shown ten times a second at most, since the worker reports no faster. */
function Counter() {
  const step = useStore((s) => s.step);
  const rate = useStore(rateNow);
  return html`<div class="counter">
    <span class="step"><span class="unseen">${t("steps")} </span>${format.count(/** @type {number} */ (step))}</span>
    <span class="rate">${rate ? t("rate", { rate: format.rate(/** @type {number} */ (rate)) }) : t("steps")}</span>
  </div>`;
}

/** The engine in one word; why, in its title and in the card that a click leads to. */
function Badge() {
  const [engine, reasons, status] = useStore((s) => [s.engine, s.reasons, s.status]);
  const why = sentence(/** @type {import("./types.d.ts").Reason[]} */ (reasons));
  const reveal = () => document.getElementById("engine")?.scrollIntoView({
    block: "nearest", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth",
  });
  return html`<button class="button badge" onClick=${reveal} title=${why}>
    <i class=${`light is-${status}`}></i>${engine || "…"}
  </button>`;
}

function Share() {
  const [shown, show] = useState("");
  const share = async () => {
    const { opened } = get();
    if (!opened) return;
    const address = link.address(opened.link);
    try {
      await navigator.clipboard.writeText(address);
      show("done");
      set({ said: t("share.done") });
      setTimeout(() => show((now) => (now === "done" ? "" : now)), 2200);
    } catch {
      // No permission, or plain http: the person copies it by hand.
      show(address);
    }
  };
  /** @param {HTMLInputElement | null} field */
  const select = (field) => { field?.focus(); field?.select(); };
  const done = shown === "done";
  return html`<div class="share">
    <button class="button" onClick=${share}><${Icon} name=${done ? "check" : "share"} />
      <span>${t(done ? "share.done" : "share")}</span></button>
    ${shown && !done && html`<div class="popover" onKeyDown=${(/** @type {KeyboardEvent} */ e) => e.key === "Escape" && show("")}>
      <label>${t("share.manual")}<input readonly value=${shown} ref=${select} /></label>
      <button class="button tool" aria-label=${t("share.close")} onClick=${() => show("")}><${Icon} name="close" /></button>
    </div>`}
  </div>`;
}

/** A seed to be read aloud: five digits. It goes into the link, so the choice itself need not be reproducible. */
export function newSeed() {
  const [word] = crypto.getRandomValues(new Uint32Array(1));
  return String(10000 + ((word ?? 0) % 90000));
}
