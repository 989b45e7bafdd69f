/** Which steps the charts show. */
import * as format from "../../format.js";
import { html } from "../../html.js";
import { t } from "../../i18n.js";
import { choose, SPANS, useSpan } from "./span.js";

/** @param {string} span */
const named = (span) => (Number(span) > 0 ? t("chart.last", { n: format.count(Number(span)) }) : t(`chart.${span}`));

export function SpanPicker() {
  const span = useSpan();
  return html`<select class="span-picker" aria-label=${t("chart.span")} value=${span}
    onChange=${(/** @type {Event} */ event) => choose(/** @type {HTMLSelectElement} */ (event.currentTarget).value)}>
    ${SPANS.map((each) => html`<option value=${each} selected=${each === span}>${named(each)}</option>`)}
  </select>`;
}
