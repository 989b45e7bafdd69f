/** One field: its name (which explains itself when pressed), its control, and the way back to its default. */
import { useState } from "preact/hooks";
import { html } from "../html.js";
import { both, t, tell } from "../i18n.js";
import { Icon } from "../icons.js";
import { get, set, useStore } from "../state.js";
import { Choice } from "./choice.js";
import { Classes } from "./classes.js";
import { anew } from "./effect.js";
import { Layers } from "./layers.js";
import { Numeric } from "./number.js";
import { Seed } from "./seed.js";
import { Shape } from "./shape.js";

/** @import { Field, Opened } from "../types.d.ts" */

/**
 * @typedef {{field: Field, title: string, value: string, opened: Opened, set: (value: string) => void, error: string | undefined, note: string | undefined}} ControlProps
 *   `error` and `note` are ids of texts that describe the control: why a draft was refused, and what a change does
 */

/** @type {Record<Field["kind"], (props: ControlProps) => any>} */
const controls = { choice: Choice, integer: Numeric, number: Numeric, layers: Layers, seed: Seed, classes: Classes, pick: () => null /* the card of samples is its control */ };

/** @type {Partial<Record<Field["group"], string>>} */
const players = { generator: "G", discriminator: "D" };

/** @param {{field: Field, opened: Opened, run: import("../engine/run.js").Run}} props */
export function Row({ field, opened, run }) {
  const [told, unfold] = useState(false);
  const value = opened.values[field.name] ?? "";
  const standard = opened.defaults[field.name] ?? "";
  const changed = value !== standard;
  const title = both(field.title);
  // Both players have a learning rate: heard alone, each says whose it is.
  const whose = players[field.group];
  const full = whose ? t("field.of", { player: whose, field: title }) : title;
  const about = both(field.about);
  const chosen = field.options?.find((option) => option.value === value);
  const detail = both(chosen?.about);
  const refused = useStore((s) => {
    const problem = s.refused.find((p) => p.field === field.name);
    // Without what is used instead: here the value that was there holds.
    return problem ? tell(problem.what) : "";
  });
  const error = refused ? `refused-${field.name}` : undefined;
  const note = anew(field) ? `anew-${field.name}` : undefined;
  const remark = opened.remarks.find((one) => one.field === field.name);
  /** @param {string} next */
  const change = (next) => {
    if (next !== value) run.change({ [field.name]: next });
    // What is typed as it was takes the complaint back; a new object makes the field forget how it was typed.
    else set({ refused: [], opened: { ...(get().opened ?? opened) } });
  };
  const id = `about-${field.name}`;
  return html`<div class=${`field is-${field.kind} ${changed ? "changed" : ""}`}>
    <button type="button" class="name" aria-label=${full} aria-expanded=${told} aria-controls=${told ? id : undefined} title=${about} onClick=${() => unfold(!told)}>${title}</button>
    ${note && html`<span class="anew" title=${t("field.anew")}><${Icon} name="anew" /><span class="unseen" id=${note}>${t("field.anew")}</span></span>`}
    ${changed && field.name !== "seed" && html`<button type="button" class="undo" title=${t("field.default", { value: standard })}
      aria-label=${`${full}: ${t("field.default", { value: standard })}`} onClick=${() => run.change({ [field.name]: "" })}><${Icon} name="back" /></button>`}
    <${controls[field.kind]} field=${field} title=${full} value=${value} opened=${opened} error=${error} note=${note} set=${change} />
    ${chosen?.curve && changed && html`<${Shape} curve=${chosen.curve} field=${field.name} over="decay" />`}
    ${remark && !refused && html`<p class="remark">${tell(remark.what)}</p>`}
    ${refused && html`<p class="refused" id=${error} role="alert">${refused}</p>`}
    ${told && html`<p class="about" id=${id}>${about}${note && html` <em>${t("field.anew")}</em>`}${detail ? html` <b>${both(chosen?.title, value)}:</b> ${detail}` : ""}</p>`}
  </div>`;
}
