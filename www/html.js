/** The view layer: preact's `h` behind htm's template strings, so that the page needs no build step. */
import { h } from "preact";
import htm from "htm";

/** @typedef {import("preact").ComponentChildren} Children */

/** @type {(strings: TemplateStringsArray, ...values: any[]) => any} */
export const html = htm.bind(h);
