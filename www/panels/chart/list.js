/** What was changed in the middle of the run, and when: the key to the numbers of the charts' marks. */
import * as format from "../../format.js";
import { html } from "../../html.js";
import { t } from "../../i18n.js";
import { get, useStore } from "../../state.js";
import { told } from "./changes.js";

/** @import { Opened } from "../../types.d.ts" */

export function ChangeList() {
  const [opened] = useStore((s) => [s.opened, s.catalog]);
  const changes = told(/** @type {Opened | null} */ (opened), get().catalog);
  // A link may hold changes that the run has not come to yet.
  const ahead = useStore((s) => (s.opened?.changes ?? []).filter(({ step }) => step > s.step).length);
  if (changes.length === 0) return null;
  const title = t(changes.length === 1 ? "change.one" : "change.count", { n: changes.length });
  return html`<details class="changes">
    <summary>${title}${ahead > 0 && html` <span class="faint">${t("change.ahead", { n: ahead })}</span>`}</summary>
    <ol>${changes.map(({ step, title: field, before, after }, i) => html`<li class=${i >= changes.length - ahead ? "ahead" : undefined}>
      <span class="when">${t("change.when", { step: format.count(step) })}</span>${" "}
      <span>${field} <span class="faint">${before} → </span><b>${after}</b></span></li>`)}</ol>
  </details>`;
}
