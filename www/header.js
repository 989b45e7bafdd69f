/** The bar at the top: name, experiment, transport, engine, language, save, share. On narrow screens the transport stays. */
import { OVER, rateNow } from "./engine/run.js";
import * as format from "./format.js";
import { html } from "./html.js";
import { both, speak, t } from "./i18n.js";
import { Icon } from "./icons.js";
import { sentence } from "./cards/reasons.js";
import { useMoves } from "./engine/values.js";
import { KeysButton } from "./menus/keys.js";
import { Pace } from "./menus/pace.js";
import { Save } from "./menus/save.js";
import { Share } from "./menus/share.js";
import { get, useStore } from "./state.js";
import { reveal } from "./tabs.js";

/** @param {{run: import("./engine/run.js").Run}} props */
export function Header({ run }) {
  const lang = useStore((s) => s.lang);
  return html`<header class="top">
    <h1 class="logo"><i>gan</i><span>·</span><b>play</b>ground</h1>
    <${Transport} run=${run} />
    <div class="end">
      <${Badge} />
      <button class="button quiet" onClick=${() => speak(lang === "zh" ? "en" : "zh")}
        aria-label=${t("page.languageLabel")} lang=${lang === "zh" ? "en" : "zh-Hans"}>${t("page.language")}</button>
      <${KeysButton} />
      <${Save} run=${run} />
      <${Share} run=${run} />
    </div>
  </header>`;
}

/** @param {{run: import("./engine/run.js").Run}} props */
function Transport({ run }) {
  const [playing, status, fresh] = useStore((s) => [s.playing, s.status, s.fresh]);
  const over = OVER.includes(/** @type {string} */ (status));
  const goes = playing && !over;
  const moves = useMoves();
  // A run that stopped where it was asked to can be played on.
  const ends = over && status !== "stopped";
  const still = over || !fresh;
  // A click must not leave the focus on a button: the next press of space would mean that button, not play or pause.
  const keep = (/** @type {MouseEvent} */ event) => event.preventDefault();
  return html`<div class="transport" role="group" aria-label=${t("transport")} onMouseDown=${keep}>
    <${Tool} name="reset" short="reset.short" hint="r" onClick=${() => run.reset()} />
    <${Tool} name="dice" label="newSeed" short="newSeed" onClick=${() => run.change({ seed: newSeed() })} />
    <span class="rule"></span>
    ${moves.length > 1 && moves.map((move) => html`<${Tool} key=${move.name} letter=${move.short} of=${move.name} text=${both(move.only)} short="only" disabled=${still}
      onClick=${() => run.move(move.name)} />`)}
    <${Tool} name="step" short="step.short" hint="→" disabled=${still} onClick=${() => run.move("step")} />
    <button class="button play" disabled=${ends} onClick=${() => run.toggle()} aria-keyshortcuts="Space"
      aria-label=${t(goes ? "pause" : "play")} title=${`${t(goes ? "pause" : "play")} (${t("key", { key: lang("Space", "空格") })})`}>
      <${Icon} name=${goes ? "pause" : "play"} /><span class="word">${t(goes ? "pause" : "play")}</span>
    </button>
    <${Pace} run=${run} />
    <${Counter} />
  </div>`;
}

/** @param {string} english @param {string} chinese */
const lang = (english, chinese) => (get().lang === "zh" ? chinese : english);

/**
 * @param {{name?: string, letter?: string, of?: string, label?: string, text?: string, short: string, hint?: string, disabled?: boolean, onClick: () => void}} props
 *   `text` or what `label` stands for is the whole name, `short` what of it is written where there is room
 */
function Tool({ name, letter, of, label, text = t(label ?? name ?? ""), short, hint, disabled, onClick }) {
  const title = hint ? `${text} (${t("key", { key: hint })})` : text;
  return html`<button class=${`button tool ${of ? `of-${of}` : ""}`} disabled=${disabled}
    onClick=${onClick} title=${title} aria-label=${text}>
    ${letter ? html`<span class="word">${t(short)} </span><b>${letter}</b>` : html`<${Icon} name=${name} /><span class="word">${t(short)}</span>`}
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
  return html`<button class="button badge" onClick=${() => reveal("measure", "engine")} title=${why} aria-label=${`${t("card.engine")}: ${engine || "…"}`}>
    <i class=${`light is-${status}`}></i>${engine || "…"}
  </button>`;
}

/** A seed to be read aloud: five digits. It goes into the link, so the choice itself need not be reproducible. */
export function newSeed() {
  const [word] = crypto.getRandomValues(new Uint32Array(1));
  return String(10000 + ((word ?? 0) % 90000));
}
