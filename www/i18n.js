/**
 * Two languages. `t` gives the page's own words. What the catalogue names (a field, an option, a dataset) comes from the
 * core in both: `both`. The rest of the core's words come in English, and a table has them in Chinese: `term` for metrics,
 * `tell` for what is said of a run or a link. What has no translation stays English.
 */
import { en } from "./i18n/en.js";
import { messages, terms, zh } from "./i18n/zh.js";
import { get, set } from "./state.js";

/** @import { Message, Text } from "./types.d.ts" */

const KEY = "gan-playground-language";

/** @param {string} key @param {Record<string, string | number>} [args] */
export function t(key, args = {}) {
  return fill((get().lang === "zh" ? zh[key] : undefined) ?? en[key] ?? key, args);
}

/** @param {string} text @param {Record<string, string | number>} args */
const fill = (text, args) => text.replace(/\{(\w+)\}/g, (whole, name) => String(args[name] ?? whole));

/** @param {string} key e.g. `metric.sw`, `metric.sw.about` @param {string} english */
export const term = (key, english) => (get().lang === "zh" ? terms[key] : undefined) ?? english;

/** @param {Message} message */
export function tell({ code, args, text }) {
  const chinese = get().lang === "zh" ? messages[code] : undefined;
  return chinese === undefined ? text : fill(chinese, args);
}

/** Whole sentences, one after the other. @param {Message[]} sentence */
export const tellAll = (sentence) => sentence.map(tell).join(t("space"));

/** What the core says in both languages. @param {Text | undefined} text @param {string} [otherwise] */
export const both = (text, otherwise = "") => text?.[get().lang === "zh" ? "zh" : "en"] ?? otherwise;

/** What an experiment is called. @param {import("./types.d.ts").Opened | null} opened */
export const titleOf = (opened) => both(opened?.title);

export function startLanguage() {
  /** @type {string | null} */
  let kept = null;
  try {
    kept = localStorage.getItem(KEY);
  } catch {
    // Without storage the browser's language decides each time.
  }
  // What is kept may be anything.
  apply(kept === "zh" || kept === "en" ? kept : (/^zh\b/i.test(navigator.language) ? "zh" : "en"));
}

/** @param {string} lang */
export function speak(lang) {
  apply(lang);
  try {
    localStorage.setItem(KEY, lang);
  } catch {
    // As above.
  }
}

/** @param {string} lang */
function apply(lang) {
  document.documentElement.lang = lang === "zh" ? "zh-Hans" : "en";
  set({ lang: lang === "zh" ? "zh" : "en" });
}
