/** A text field that keeps what is being typed to itself until it is meant: Enter or leaving it; Escape takes it back. */
import { useEffect, useState } from "preact/hooks";
import { html } from "../html.js";

/**
 * @param {{value: string, stamp: unknown, label: string, set: (value: string) => void, step?: (by: number) => void, mode?: string, class?: string, error?: string}} props
 *   `stamp` changes whenever the core has answered: a refused draft then gives way to the value that holds;
 *   `error` is the id of the text that says why
 */
export function Draft({ value, stamp, label, set, step, mode = "decimal", class: style = "", error }) {
  const [draft, edit] = useState(/** @type {string | null} */ (null));
  useEffect(() => edit(null), [stamp]);
  const commit = () => {
    if (draft === null) edit(null);
    else set(draft.trim());
  };
  /** @param {KeyboardEvent} event */
  const key = (event) => {
    if (event.key === "Enter") commit();
    else if (event.key === "Escape") edit(null);
    else if (step && draft === null && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      step(event.key === "ArrowUp" ? 1 : -1);
    }
  };
  return html`<input class=${`draft ${style}`} type="text" inputmode=${mode} autocomplete="off" spellcheck=${false} aria-label=${label}
    aria-invalid=${error ? "true" : undefined} aria-describedby=${error}
    value=${draft ?? value} onInput=${(/** @type {InputEvent} */ e) => edit(/** @type {HTMLInputElement} */ (e.target).value)}
    onBlur=${commit} onKeyDown=${key} />`;
}
