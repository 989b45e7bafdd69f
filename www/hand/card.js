/** Samples by hand: one looked at closely, the way between two, and sums of means; from the run as it stands, while it trains. */
import { useEffect, useRef, useState } from "preact/hooks";
import { address, upTo } from "../engine/link.js";
import { html } from "../html.js";
import { both, t } from "../i18n.js";
import { Icon } from "../icons.js";
import { get, set as say, subscribe, useStore } from "../state.js";
import { useHandmade, useNearest } from "./ask.js";
import { numbers, NUMBERED, pointed, read, START, textOf, way } from "./pick.js";
import { Pictures, Plane } from "./picture.js";
import { Sliders } from "./sliders.js";
import { useWalk } from "./walk.js";

/** @import { Handmade } from "../types.d.ts" */
/** @typedef {import("../engine/run.js").Run} Run */
/** @typedef {import("./pick.js").Hand} Hand */
/** @typedef {import("./picture.js").Image} Image */

/** Samples on the way between two, its ends among them: pictures side by side, or points of a line. */
const FILM = 9;
const LINE = 41;
/** Milliseconds that a hand rests before the address follows. */
const RESTS = 700;
/** @type {import("./pick.js").Mode[]} */
const MODES = ["one", "way", "sum"];

/** @param {{run: Run}} props */
export function Hand({ run }) {
  const has = useStore((s) => s.opened !== null && "look" in s.opened.values);
  const look = useStore((s) => s.opened?.values.look ?? "none");
  const [open, unfold] = useState(look !== "none");
  const [hand, change] = useState(look === "none" ? START : () => read(look));
  const card = useRef(/** @type {HTMLElement | null} */ (null));
  // What the link says holds; what the hand did is in the link soon.
  const written = useRef(look);
  useEffect(() => {
    if (look === written.current) return;
    written.current = look;
    if (look === "none") return unfold(false);
    change((now) => (textOf(now) === look ? now : read(look, now)));
    unfold(true);
  }, [look]);
  const text = textOf(hand);
  const [walks, walk] = useWalk(change);
  useEffect(() => {
    if (!open || walks || text === written.current) return;
    const timer = setTimeout(() => {
      written.current = text;
      run.change({ look: text });
    }, RESTS);
    return () => clearTimeout(timer);
  }, [open, walks, text]);
  // Somebody points at a sample of the stage.
  useEffect(() => subscribe((s) => {
    if (s.pointed === heard) return;
    heard = s.pointed;
    const { pointed: at } = s;
    if (!at) return;
    walk(false);
    unfold(true);
    change((now) => pointed(now, at.n, at.klass));
    requestAnimationFrame(() => card.current?.scrollIntoView({ block: "nearest", behavior: "smooth" }));
  }), []);
  if (!has) return null;
  const toggle = () => {
    walk(false);
    unfold(!open);
    if (open && written.current !== "none") {
      written.current = "none";
      run.change({ look: "" });
    }
  };
  return html`<section class="card hand" ref=${card} aria-label=${t("hand")}>
    <h2><button type="button" class="more" aria-expanded=${open} onClick=${toggle}><${Icon} name="chevron" />${t("hand")}</button>
      ${!open && html`<span class="soft">${t("hand.about")}</span>`}</h2>
    ${open && html`<${Open} run=${run} hand=${hand} change=${change} text=${text} walks=${walks} walk=${walk} />`}
  </section>`;
}
/** @type {import("../state.js").State["pointed"]} */
let heard = null;

/** @param {{run: Run, hand: Hand, change: (to: Hand | ((hand: Hand) => Hand)) => void, text: string, walks: boolean, walk: (walks: boolean) => void}} props */
function Open({ run, hand, change, text, walks, walk }) {
  const features = useStore((s) => s.opened?.features ?? 2);
  const image = useStore((s) => s.opened?.image ?? null);
  const klass = hand.klass === null ? "" : `@y:${hand.klass}`;
  const along = image ? FILM : LINE;
  const film = hand.mode === "way" ? Array.from({ length: along }, (_, i) => way(hand.ends, i / (along - 1)) + klass) : [];
  const parts = hand.mode === "sum" ? [...new Set(hand.means.flat())].map((n) => n + klass) : [];
  const made = useHandmade(run, [text, ...film, ...parts]);
  const count = made && made.columns > 0 ? made.codes.length / made.columns : 0;
  if (!made || count === 0) return html`<p class="soft">${t("hand.none")}</p>`;
  /** @param {number} from @param {number} to @returns {Float32Array} */
  const rows = (from, to) => made.samples.subarray(from * features, Math.min(to, count) * features);
  const label = t("hand.label", { pick: text });
  /** @param {number} n */
  const point = (n) => change((now) => pointed(now, n, hand.klass));
  return html`<div class="hand-body">
    <div class="hand-sample">
      ${image ? html`<${Pictures} data=${rows(0, 1)} image=${image} label=${label} />`
        : features === 2 ? html`<${Plane} points=${film.length > 0 ? ends(rows(0, count)) : rows(0, count)} way=${film.length > 0 ? rows(1, count) : NONE} label=${label} onPick=${point} />`
          : html`<p class="value">x = ${(made.samples[0] ?? 0).toFixed(3)}</p>`}
      <${Said} made=${made} />
      ${image && html`<${Nearest} run=${run} text=${text} image=${image} />`}
    </div>
    <div class="hand-how">
      <div class="choice" role="radiogroup" aria-label=${t("hand.how")}>
        ${MODES.map((mode) => html`<label key=${mode} class=${mode === hand.mode ? "on" : ""}><input type="radio" name="hand" checked=${mode === hand.mode}
          onChange=${() => { walk(false); change({ ...hand, mode, moved: {}, armed: 0 }); }} />${t(`hand.${mode}`)}</label>`)}
      </div>
      ${hand.mode === "one" && html`<${One} hand=${hand} change=${change} />`}
      ${hand.mode === "way" && html`<${Way} hand=${hand} change=${change} walks=${walks} walk=${walk} image=${image} film=${image ? rows(1, count) : NONE} />`}
      ${hand.mode === "sum" && html`<${Sum} hand=${hand} change=${change} image=${image} parts=${parts} data=${image ? rows(1, 1 + parts.length) : NONE} features=${features} />`}
      <${Classes} made=${made} hand=${hand} change=${change} />
      ${hand.mode !== "way" && html`<${Sliders} code=${made.codes.subarray(0, made.columns)} moved=${hand.moved} set=${(/** @type {Hand["moved"]} */ moved) => change({ ...hand, moved })} />`}
      <${Copy} text=${text} />
    </div>
  </div>`;
}
const NONE = new Float32Array();

/** Of points with a way between two: the sample, and both ends. @param {Float32Array} rows */
const ends = (rows) => new Float32Array([...rows.subarray(0, 4), ...rows.subarray(-2)]);

/** What there is to say of the sample. @param {{made: Handmade}} props */
function Said({ made }) {
  const about = made.about[0];
  if (!about) return null;
  const percent = (/** @type {number} */ p) => `${Math.round(100 * p)} %`;
  return html`<dl class="said">
    ${about.believed !== null && html`<div><dt>${t("hand.believed")}</dt><dd>${percent(about.believed)}</dd></div>`}
    ${about.taken && html`<div><dt>${t("hand.taken")}</dt><dd>${both(about.taken[0])} <span class="soft">${percent(about.taken[1])}</span></dd></div>`}
  </dl>`;
}

/** Is it remembered, or made up? @param {{run: Run, text: string, image: Image}} props */
function Nearest({ run, text, image }) {
  const near = useNearest(run, text)?.near;
  if (!near) return null;
  return html`<figure class="nearest">
    <${Pictures} data=${near.pixels} image=${image} label=${t("hand.nearest")} />
    <figcaption title=${t("hand.nearest.about")}>${t("hand.nearest")}<span class="soft">${t("hand.distance", { label: both(near.label), distance: near.distance.toFixed(2) })}</span></figcaption>
  </figure>`;
}

/** @param {{label: string, value: string, set: (n: number) => void}} props */
function Number_({ label, value, set }) {
  return html`<label class="hand-number"><span>${label}</span><input type="number" min="0" max=${NUMBERED - 1} step="1" value=${value}
    onChange=${(/** @type {Event} */ e) => {
      const n = Number(/** @type {HTMLInputElement} */ (e.currentTarget).value);
      if (Number.isInteger(n) && n >= 0 && n < NUMBERED) set(n);
    }} /></label>`;
}

/** @param {{hand: Hand, change: (hand: Hand) => void}} props */
function One({ hand, change }) {
  return html`<p class="line">
    <${Number_} label=${t("hand.number")} value=${String(hand.one)} set=${(/** @type {number} */ one) => change({ ...hand, one, moved: {} })} />
    <button type="button" class="button small" onClick=${() => change({ ...hand, one: Math.floor(Math.random() * NUMBERED), moved: {} })}><${Icon} name="dice" />${t("hand.another")}</button>
  </p>`;
}

/** @param {{hand: Hand, change: (hand: Hand) => void, walks: boolean, walk: (walks: boolean) => void, image: Image | null, film: Float32Array}} props */
function Way({ hand, change, walks, walk, image, film }) {
  const end = (/** @type {0 | 1} */ i) => html`<${Number_} label=${t(i === 0 ? "hand.from" : "hand.to")} value=${String(hand.ends[i])}
    set=${(/** @type {number} */ n) => change({ ...hand, moved: {}, ends: i === 0 ? [n, hand.ends[1]] : [hand.ends[0], n] })} />`;
  const move = (/** @type {number} */ share) => { walk(false); change({ ...hand, share }); };
  return html`<p class="line">${end(0)}${end(1)}
      <button type="button" class="button small" aria-pressed=${walks} onClick=${() => walk(!walks)}><${Icon} name=${walks ? "pause" : "play"} />${t("hand.walk")}</button></p>
    <input type="range" class="share" min="0" max="1" step="0.01" value=${hand.share} aria-label=${t("hand.share")}
      onInput=${(/** @type {InputEvent} */ e) => move(Number(/** @type {HTMLInputElement} */ (e.currentTarget).value))} />
    ${image && html`<div class="film"><${Pictures} data=${film} image=${image} columns=${FILM} label=${t("hand.film")} onPick=${(/** @type {number} */ i) => move(i / (FILM - 1))} /></div>`}
    <p class="soft">${t(image ? "hand.way.point" : "hand.way.plane", { end: t(hand.armed === 0 ? "hand.from" : "hand.to") })}</p>`;
}

/** @param {{hand: Hand, change: (hand: Hand) => void, image: Image | null, parts: string[], data: Float32Array, features: number}} props */
function Sum({ hand, change, image, parts, data, features }) {
  const signs = ["", "−", "+"];
  const klass = hand.klass === null ? "" : `@y:${hand.klass}`;
  return html`<div class="sums">${hand.means.map((mean, i) => html`<div key=${i} class=${`mean ${i === hand.armed ? "armed" : ""}`}>
      <span class="sign" aria-hidden="true">${signs[i]}</span>
      <label><input type="radio" name="mean" checked=${i === hand.armed} onChange=${() => change({ ...hand, armed: i })} /><span class="unseen">${t("hand.mean", { n: i + 1 })}</span></label>
      <input type="text" inputmode="numeric" aria-label=${t("hand.mean", { n: i + 1 })} value=${mean.join(" ")}
        onChange=${(/** @type {Event} */ e) => {
          const typed = numbers(/** @type {HTMLInputElement} */ (e.currentTarget).value);
          if (typed.length > 0) change({ ...hand, means: hand.means.map((own, k) => (k === i ? typed : own)), moved: {} });
        }} />
      ${image && mean.slice(0, 6).map((n) => {
        const at = parts.indexOf(n + klass);
        return html`<${Pictures} key=${n} data=${data.subarray(at * features, (at + 1) * features)} image=${image} label=${String(n)} />`;
      })}
    </div>`)}</div>
    <p class="soft">${t("hand.sum.point")}</p>`;
}

/** @param {{made: Handmade, hand: Hand, change: (hand: Hand) => void}} props */
function Classes({ made, hand, change }) {
  const asked = made.about[0]?.class ?? null;
  if (asked === null) return null;
  return html`<label class="line"><span>${t("hand.class")}</span><select value=${String(asked)}
    onChange=${(/** @type {Event} */ e) => change({ ...hand, klass: Number(/** @type {HTMLSelectElement} */ (e.currentTarget).value) })}>
    ${Array.from({ length: made.classes }, (_, k) => html`<option value=${String(k)}>${both(made.names[k]) || String(k)}</option>`)}
  </select></label>`;
}

/** A link to this sample: the experiment up to the step that is seen, and how the sample is made. @param {{text: string}} props */
function Copy({ text }) {
  const [copied, confirm] = useState(/** @type {"" | "done" | string} */ (""));
  const [step, detour] = useStore((s) => [s.snapshot?.step ?? 0, s.snapshot?.detour || s.snapshot?.half || false]);
  useEffect(() => confirm(""), [text]);
  const copy = async () => {
    const { opened, snapshot } = get();
    if (!opened || !snapshot) return;
    const own = upTo(opened.link, snapshot.step).split("&").filter((part) => !part.startsWith("look="));
    const full = address([...own, `look=${text}`].join("&"));
    try {
      await navigator.clipboard.writeText(full);
      confirm("done");
      say({ said: t("share.done") });
    } catch {
      confirm(full);
    }
  };
  return html`<p class="line">
    <button type="button" class="button small" disabled=${step === 0 || detour} title=${detour ? t("share.detour") : t("hand.link.about")} onClick=${copy}><${Icon} name=${copied === "done" ? "check" : "share"} />${t(copied === "done" ? "share.done" : "hand.link")}</button>
    ${copied.length > 4 && html`<label class="manual">${t("share.manual")}<input readonly value=${copied} /></label>`}
  </p>`;
}
