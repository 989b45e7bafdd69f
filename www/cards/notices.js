/** What a link got wrong, field by field. The rest of the link applies. */
import { html } from "../html.js";
import { t, term } from "../i18n.js";
import { Icon } from "../icons.js";
import { get, set, useStore } from "../state.js";

/** @import { Problem } from "../types.d.ts" */

export function Notices() {
  const problems = /** @type {Problem[]} */ (useStore((s) => s.problems));
  if (problems.length === 0) return null;
  return html`<div class="notice" role="alert">
    <div>
      <b>${t("problem.title")}</b>
      <ul>${problems.map((problem) => html`<li>${text(problem)}</li>`)}</ul>
    </div>
    <button class="button tool" onClick=${() => set({ problems: [] })} aria-label=${t("problem.dismiss")}>
      <${Icon} name="close" />
    </button>
  </div>`;
}

/** The core's message begins with the field's name as the link has it; its title on the page goes with it. @param {Problem} problem */
function text({ field, message }) {
  const title = field && get().catalog?.fields.find((f) => f.name === field)?.title;
  const rest = field && message.startsWith(`${field}:`) ? message.slice(field.length + 1).trim() : message;
  return html`${field && html`<b>${field}</b>${title ? ` (${term(`field.${field}`, title)})` : ""}: `}<span lang="en">${rest}</span>`;
}
