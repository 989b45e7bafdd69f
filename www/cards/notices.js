/** What a link got wrong, field by field (the rest of it applies), and what did not go as it was asked for. */
import { html } from "../html.js";
import { both, t, tell } from "../i18n.js";
import { Icon } from "../icons.js";
import { Keys } from "../menus/keys.js";
import { get, set, useStore } from "../state.js";
import { Offers } from "./offers.js";

/** @import { Problem, Reason } from "../types.d.ts" */

export const Notices = () => html`<${Wrong} /><${Offers} /><${Keys} />`;

function Wrong() {
  const problems = /** @type {Problem[]} */ (useStore((s) => s.problems));
  const notice = /** @type {Reason | null} */ (useStore((s) => s.notice));
  if (problems.length === 0 && !notice) return null;
  return html`<div class="notice" role="alert">
    <div>
      ${notice && html`<p>${t(notice.key, notice.args)}</p>`}
      ${problems.length > 0 && html`<b>${t("problem.title")}</b>
        <ul>${problems.map((problem) => html`<li>${text(problem)}</li>`)}</ul>`}
    </div>
    <button class="button tool" onClick=${() => set({ problems: [], notice: null })} aria-label=${t("problem.dismiss")}>
      <${Icon} name="close" />
    </button>
  </div>`;
}

/** The field's name as the link has it, its title on the page, and what the core says. @param {Problem} problem */
function text({ field, what, instead }) {
  const title = field && get().catalog?.fields.find((f) => f.name === field)?.title;
  const said = [what, ...(instead ? [instead] : [])].map(tell).join(t("problem.and"));
  return html`${field && html`<b>${field}</b>${title ? t("problem.field", { title: both(title) }) : ""}${t("problem.colon")}`}${said}`;
}
