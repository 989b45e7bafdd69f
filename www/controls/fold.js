/** Fields that are seldom wanted, behind a button; open by itself where one of them is not at its default. */
import { useEffect, useState } from "preact/hooks";
import { html } from "../html.js";
import { t } from "../i18n.js";
import { Icon } from "../icons.js";

/** @param {{id: string, of: string, changed: boolean, children?: import("../html.js").Children}} props  of: the card's title */
export function Fold({ id, of, changed, children }) {
  const [open, set] = useState(changed);
  // A link that is opened, or the way back, may change such a field; putting it back to its default folds nothing away.
  useEffect(() => { if (changed) set(true); }, [changed]);
  return html`<div class="fold">
    <button type="button" class="more" aria-expanded=${open} aria-controls=${id} aria-label=${t(open ? "fold.lessOf" : "fold.moreOf", { of })} onClick=${() => set(!open)}>
      <${Icon} name="chevron" />${t(open ? "fold.less" : "fold.more")}</button>
    <div id=${id} hidden=${!open}>${children}</div>
  </div>`;
}
