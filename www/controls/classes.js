/** Some of a set's classes: each is on or off, and none of them is all. */
import { html } from "../html.js";
import { both, t } from "../i18n.js";
import { useStore } from "../state.js";

/** @param {import("./row.js").ControlProps} props */
export function Classes({ title, value, set }) {
  const names = useStore((s) => s.catalog?.datasets.find((d) => d.name === s.opened?.values.data)?.classes) ?? [];
  const all = value === "all";
  const chosen = new Set(all ? [] : value.split(",").map(Number));
  /** @param {number} place */
  const toggle = (place) => {
    const next = new Set(chosen);
    if (!next.delete(place)) next.add(place);
    set(next.size === 0 ? "all" : [...next].toSorted((a, b) => a - b).join(","));
  };
  return html`<span class="classes" role="group" aria-label=${title}>
    ${names.map((name, place) => html`<button type="button" key=${place} aria-pressed=${chosen.has(place)} class=${all ? "of-all" : ""} title=${t("classes.only", { name: both(name) })}
      onClick=${() => toggle(place)}>${both(name)}</button>`)}
  </span>`;
}
