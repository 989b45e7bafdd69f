/** The page's icons: 16 x 16, drawn with the current text colour, silent to screen readers. */
import { html } from "./html.js";

/** @type {Record<string, string>} */
const strokes = {
  step: "M4 3.5v9l6-4.5zM12.5 3.5v9",
  reset: "M3.2 8a4.8 4.8 0 1 0 1.6-3.6M3 2.6v2.9h2.9",
  dice: "M3.5 2.5h9a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1zM5.6 5.6h.01M10.4 5.6h.01M8 8h.01M5.6 10.4h.01M10.4 10.4h.01",
  share: "M6.5 9.5 9.5 6.5M7 4.6l1.5-1.5a2.8 2.8 0 0 1 4 4L11 8.6M9 11.4l-1.5 1.5a2.8 2.8 0 0 1-4-4L5 7.4",
  save: "M8 2.5v7.5M4.8 7 8 10.2 11.2 7M3 12.5v1h10v-1",
  check: "M3 8.5 6.5 12 13 4.5",
  close: "M4 4l8 8M12 4l-8 8",
  plus: "M8 3.5v9M3.5 8h9",
  minus: "M3.5 8h9",
  arrow: "M2.5 8h10M9 4.5 12.5 8 9 11.5",
  chevron: "M6 4.5 9.5 8 6 11.5",
  anew: "M5 3.2 2.6 5.6 5 8M2.6 5.6h6.9a3.9 3.9 0 0 1 0 7.8H6",
  back: "M6 4 3 7l3 3M3 7h6.5a3.5 3.5 0 0 1 0 7H7",
};
/** @type {Record<string, string>} */
const solids = {
  play: "M4.5 2.8v10.4a.6.6 0 0 0 .9.5l8-5.2a.6.6 0 0 0 0-1l-8-5.2a.6.6 0 0 0-.9.5z",
  pause: "M4 3h2.8v10H4zM9.2 3H12v10H9.2z",
};

/** @param {{name: string}} props */
export function Icon({ name }) {
  const solid = solids[name];
  return html`<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
    ${solid
      ? html`<path d=${solid} fill="currentColor" />`
      : html`<path d=${strokes[name]} fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" />`}
  </svg>`;
}
