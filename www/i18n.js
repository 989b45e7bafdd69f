/**
 * Two languages. `t` gives the page's own words; `term` the core's (a field's title, an option, a dataset), which the
 * catalogue has in English and a table has in Chinese. What has no translation stays English.
 */
import { en } from "./i18n/en.js";
import { terms, zh } from "./i18n/zh.js";
import { get, set } from "./state.js";

const KEY = "gan-playground-language";

/** @param {string} key @param {Record<string, string | number>} [args] */
export function t(key, args = {}) {
  const text = (get().lang === "zh" ? zh[key] : undefined) ?? en[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(args[name] ?? whole));
}

/** @param {string} key e.g. `field.glr`, `field.glr.about`, `option.noise.gaussian` @param {string} english */
export const term = (key, english) => (get().lang === "zh" ? terms[key] : undefined) ?? english;

/**
 * What an experiment is called: the core's title, or the same put together from translated parts.
 * @param {import("./types.d.ts").Opened | null} opened
 */
export function titleOf(opened) {
  const { lang, catalog } = get();
  if (!opened || !catalog || lang === "en") return opened?.title ?? "";
  /** @param {string} field @param {string} table of the translations */
  const part = (field, table) => {
    const value = opened.values[field] ?? "";
    const option = catalog.fields.find((f) => f.name === field)?.options?.find((o) => o.value === value);
    return term(`${table}.${value}`, option?.title ?? value);
  };
  return `${part("data", "data")} · ${part("family", "option.family")}，${part("objective", "option.objective")}`;
}

export function startLanguage() {
  let kept = null;
  try {
    kept = localStorage.getItem(KEY);
  } catch {
    // Without storage the browser's language decides each time.
  }
  apply(kept ?? (/^zh\b/i.test(navigator.language) ? "zh" : "en"));
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
