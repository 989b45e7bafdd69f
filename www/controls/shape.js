/** What a choice does over its span, as a curve, and where the run is on it. */
import { html } from "../html.js";
import { t } from "../i18n.js";
import { useStore } from "../state.js";

/** Units of the drawing. */
const WIDTH = 160;
const HEIGHT = 26;

/** @param {{curve: number[], field: string, over: string}} props  `over`: the field that holds the span */
export function Shape({ curve, field, over }) {
  const span = useStore((s) => Number(s.opened?.values[over] ?? 0));
  // What was changed on the way counts from there.
  const share = useStore((s) => {
    const changes = (s.opened?.changes ?? []).filter((change) => change.step <= s.step && (change.field === field || change.field === over));
    const from = changes.at(-1)?.step ?? 0;
    const length = Number(changes.findLast((change) => change.field === over)?.value ?? span);
    return length > 0 ? Math.round(400 * Math.min(1, (s.step - from) / length)) / 400 : 0;
  });
  const at = (/** @type {number} */ share, /** @type {number} */ value) => [2 + share * (WIDTH - 4), 3 + (1 - value) * (HEIGHT - 6)];
  const points = curve.map((value, i) => at(i / (curve.length - 1), value).map((n) => n.toFixed(1)).join(",")).join(" ");
  const [x = 0, y = 0] = at(share, curve[Math.round(share * (curve.length - 1))] ?? 0);
  return html`<svg class="shape" viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label=${t("shape", { percent: Math.round(100 * share) })}>
    <polyline points=${points} /><circle cx=${x.toFixed(1)} cy=${y.toFixed(1)} r="3" />
  </svg>`;
}
