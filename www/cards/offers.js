/** What the page offers to do, at the edge of the window: nothing moves to make room for it, and the run goes on. */
import { html } from "../html.js";
import { t } from "../i18n.js";
import { Icon } from "../icons.js";
import { withdraw } from "../offers.js";
import { useStore } from "../state.js";

/** @typedef {import("../offers.js").Offer} Offer */

export function Offers() {
  const offers = /** @type {Offer[]} */ (useStore((s) => s.offers));
  const dropping = useStore((s) => s.dropping);
  return html`
    <div class="offers" role="status">${offers.map(({ id, what, label, act, dismissed }) => html`<div class="offer" key=${id}>
      <p>${t(what.key, what.args)}</p>
      ${label && act && html`<button class="button small" onClick=${() => { withdraw(id); act(); }}>${t(label.key, label.args)}</button>`}
      <button class="button tool quiet" aria-label=${t("problem.dismiss")} onClick=${() => { withdraw(id); dismissed?.(); }}><${Icon} name="close" /></button>
    </div>`)}</div>
    ${dropping && html`<div class="dropping" aria-hidden="true"><p>${t("file.drop")}</p></div>`}`;
}
