/**
 * Several experiments side by side on one clock, each in a page of its own with its own worker: `beside.html#LINK;LINK;…`. Under them one
 * table of their measurements, with a dash where a model cannot say.
 */

/** @import { Fare } from "./child.js" */

const WORDS = {
  en: {
    title: "Side by side", back: "gan-playground", pause: "Pause all", play: "Play all", reset: "Start all again", alone: "open alone", remove: "remove",
    add: "Add an experiment", link: "Link of experiment {n}", step: "step", ideal: "ideal", none: "this model does not say", measured: "Measured on each",
    about: "One clock, and a worker for each. Their links stand after the #, with semicolons between them, so this address is what you see.",
  },
  zh: {
    title: "并排比较", back: "gan-playground", pause: "全部暂停", play: "全部继续", reset: "全部重新开始", alone: "单独打开", remove: "移除",
    add: "添加一个实验", link: "第 {n} 个实验的链接", step: "步", ideal: "理想值", none: "这种模型说不出", measured: "各自的测量",
    about: "同一个时钟，各有各的工作线程。# 后面是它们的链接，用分号隔开，所以这个地址就是你看到的内容。",
  },
};
/** What the bare address shows: three models with a likelihood, and one without. */
const FIRST = ["v=2&family=kde", "v=2&family=mixture", "v=2&family=vae", "v=2"];
/** More would not be seen any more. */
const MOST = 6;

/** @type {keyof typeof WORDS} */
const lang = kept() === "zh" || (kept() !== "en" && /^zh\b/i.test(navigator.language)) ? "zh" : "en";
const t = (/** @type {keyof typeof WORDS.en} */ key) => WORDS[lang][key];

/** The language that was chosen on the other page. */
function kept() {
  try {
    return localStorage.getItem("gan-playground-language");
  } catch {
    return null;
  }
}

/** @typedef {{link: string, frame: HTMLIFrameElement, head: HTMLElement, field: HTMLInputElement, away: HTMLButtonElement, card: HTMLElement, report: Fare | null}} Column */
/** @type {Column[]} */
let runs = [];
let plays = true;

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name @param {object} [properties] @param {...(Node | string)} children
 */
function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  Object.assign(made, properties);
  made.append(...children);
  return made;
}

/** The links of the address. */
function links() {
  const text = location.hash.slice(1);
  const found = text.split(";").map((part) => plain(part.trim())).filter(Boolean);
  return found.length > 0 ? found.slice(0, MOST) : FIRST;
}

/** As the core reads what is mangled: as it stands. @param {string} part */
function plain(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** @param {string} link */
const page = (link) => `./?view=stage&pace=0#${link}`;

/** @param {string[]} now */
function write(now) {
  history.replaceState(null, "", `#${now.join(";")}`);
  lay(now);
}

/** Those that stay are left where they are: a frame that is moved begins anew. @param {string[]} now */
function lay(now) {
  const grid = document.querySelector("#runs");
  if (!grid) return;
  const left = [...runs];
  runs = now.map((link) => {
    const at = left.findIndex((run) => run.link === link);
    return (at < 0 ? undefined : left.splice(at, 1)[0]) ?? column(link);
  });
  for (const { card } of left) card.remove();
  let place = grid.firstElementChild;
  for (const [i, { card, field, away }] of runs.entries()) {
    if (card === place) place = card.nextElementSibling;
    else grid.insertBefore(card, place);
    field.ariaLabel = t("link").replace("{n}", String(i + 1));
    away.hidden = runs.length < 2;
  }
  more.disabled = runs.length >= MOST;
  table();
}

/** @param {string} link @returns {Column} */
function column(link) {
  const frame = element("iframe", { src: page(link), title: link });
  const head = element("h2", {}, link);
  const field = element("input", { value: link, spellcheck: false });
  const away = element("button", { type: "button", className: "button small", textContent: t("remove") });
  const card = element("section", { className: "card beside" }, head, frame,
    element("p", { className: "line" }, field, element("a", { href: `./#${link}`, textContent: t("alone") }), away));
  const run = { link, frame, head, field, away, card, report: null };
  field.addEventListener("change", () => {
    const text = field.value.trim().replace(/^.*#/, "").replaceAll(";", "") || link;
    write(runs.map((other) => (other === run ? text : other.link)));
  });
  away.addEventListener("click", () => write(runs.filter((other) => other !== run).map((other) => other.link)));
  return run;
}

/** One row for each measurement that any of them has. */
function table() {
  const place = document.querySelector("#figures");
  if (!place) return;
  /** @type {Map<string, {title: string, ideal: string}>} */
  const rows = new Map();
  for (const { report } of runs) for (const { name, title, ideal } of report?.metrics ?? []) if (!rows.get(name)?.ideal) rows.set(name, { title, ideal });
  const cell = (/** @type {string} */ text, title = "") => element("td", { textContent: text, title });
  place.replaceChildren(element("table", {},
    element("caption", {}, t("measured")),
    element("thead", {}, element("tr", {}, element("td"), ...runs.map(({ report, link }) => element("th", { scope: "col", textContent: report?.title ?? link })), element("th", { scope: "col", textContent: t("ideal") }))),
    element("tbody", {},
      element("tr", {}, element("th", { scope: "row", textContent: t("step") }), ...runs.map(({ report }) => cell(report ? report.step.toLocaleString("en") : "–")), cell("")),
      ...[...rows].map(([name, { title, ideal }]) => element("tr", {}, element("th", { scope: "row", textContent: title }),
        ...runs.map(({ report }) => {
          const found = report?.metrics.find((metric) => metric.name === name);
          return found ? cell(found.value) : cell("–", report && report.metrics.length > 0 ? t("none") : "");
        }), cell(ideal))))));
}

/** @param {string} what */
const all = (what) => runs.forEach(({ frame }) => frame.contentWindow?.postMessage(what, location.origin));

addEventListener("message", ({ origin, source, data }) => {
  const run = runs.find(({ frame }) => frame.contentWindow === source);
  if (origin !== location.origin || !run || typeof data?.step !== "number") return;
  // One that comes while the others are at rest waits with them.
  if (!run.report && !plays) run.frame.contentWindow?.postMessage("pause", location.origin);
  run.report = data;
  run.head.textContent = `${data.title} · ${data.state}`;
  soon ||= setTimeout(() => { soon = undefined; table(); }, 200);
});
/** @type {ReturnType<typeof setTimeout> | undefined} */
let soon;

document.documentElement.lang = lang === "zh" ? "zh-Hans" : "en";
document.title = `${t("title")} · gan-playground`;
const toggle = element("button", { type: "button", className: "button", textContent: t("pause") });
toggle.addEventListener("click", () => {
  plays = !plays;
  toggle.textContent = t(plays ? "pause" : "play");
  all(plays ? "play" : "pause");
});
const again = element("button", { type: "button", className: "button", textContent: t("reset") });
again.addEventListener("click", () => all("reset"));
const more = element("button", { type: "button", className: "button", textContent: t("add") });
more.addEventListener("click", () => write([...runs.map(({ link }) => link), `v=2&seed=${runs.length + 8}`]));
document.body.append(
  element("header", { className: "beside-bar" }, element("a", { href: "./", textContent: t("back") }), element("h1", { textContent: t("title") }), toggle, again, more),
  element("main", {}, element("p", { className: "soft", textContent: t("about") }), element("div", { id: "runs" }), element("div", { id: "figures", className: "card", tabIndex: 0, role: "region", ariaLabel: t("measured") })),
);
addEventListener("hashchange", () => lay(links()));
lay(links());
