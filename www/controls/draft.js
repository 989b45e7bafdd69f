/** A text field that keeps what is being typed to itself until it is meant: Enter or leaving it; Escape takes it back. */
import { useEffect, useRef, useState } from "preact/hooks";
import { html } from "../html.js";

/**
 * @param {{value: string, stamp: unknown, label: string, set: (value: string) => void, step?: (by: number) => void, mode?: string, class?: string, error?: string | undefined, note?: string | undefined}} props
 *   `stamp` changes whenever the core has answered: a refused draft then gives way to the value that holds;
 *   `error` is the id of the text that says why, `note` that of another description
 */
export function Draft({ value, stamp, label, set, step, mode = "decimal", class: style = "", error, note }) {
  const [draft, edit] = useState(/** @type {string | null} */ (null));
  // What is still being typed outlives an answer to something else.
  const meant = useRef(false);
  useEffect(() => {
    if (meant.current) edit(null);
    meant.current = false;
  }, [stamp]);
  const commit = () => {
    if (draft === null) return;
    meant.current = true;
    set(draft.trim());
  };
  /** @param {InputEvent} event */
  const type = (event) => {
    meant.current = false;
    edit(/** @type {HTMLInputElement} */ (event.target).value);
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
    aria-invalid=${error ? "true" : undefined} aria-describedby=${[error, note].filter(Boolean).join(" ") || undefined}
    value=${draft ?? value} onInput=${type}
    onBlur=${commit} onKeyDown=${key} />`;
}
