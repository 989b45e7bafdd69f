/** The lesson that is open: what to watch, what to do, a question and its answer. */
import { html } from "../html.js";
import { both, t, term } from "../i18n.js";
import { Icon } from "../icons.js";
import { leave, lessonOf } from "../lessons/lesson.js";
import { lessons } from "../lessons/list.js";
import { useStore } from "../state.js";
import { figure } from "./figure.js";
import { LessonLink } from "./open.js";
import { apply } from "./remedies.js";

/** @import { Deed } from "../lessons/list.js" */
/** @typedef {import("../engine/run.js").Run} Run */

/** @param {{run: Run}} props */
export function LessonCard({ run }) {
  const name = useStore((s) => s.lesson);
  const lesson = lessonOf(name);
  if (!lesson) return null;
  const at = lessons.indexOf(lesson);
  const [before, after] = [lessons[at - 1], lessons[at + 1]];
  return html`<section class="card lesson" aria-labelledby="lesson-title">
    <div class="top-line">
      <small class="faint">${t("lesson.of", { n: at + 1, of: lessons.length })}</small>
      <button class="button tool quiet" onClick=${leave} aria-label=${t("lesson.close")} title=${t("lesson.close")}><${Icon} name="close" /></button>
    </div>
    <h2 id="lesson-title">${both(lesson.title)}</h2>
    <p>${both(lesson.watch)}</p>
    <p><b>${t("lesson.task")}</b>${t("space")}${both(lesson.task)}</p>
    <div class="ways">
      <${LessonLink} run=${run} lesson=${lesson} class="button small" label=${t("lesson.begin")} />
      ${lesson.deeds.map((deed) => html`<${Act} key=${deed.what.en} run=${run} name=${name} deed=${deed} />`)}
    </div>
    <${Figures} names=${lesson.figures} />
    <p><b>${t("lesson.ask")}</b>${t("space")}${both(lesson.ask)}</p>
    <details key=${name}>
      <summary>${t("lesson.answer")}</summary>
      <p>${both(lesson.answer)}</p>
      ${lesson.from && html`<p class="small"><a href=${lesson.from.href} rel="noreferrer">${both(lesson.from.what)}</a></p>`}
    </details>
    ${lesson.tried && html`<details key=${`${name} tried`}>
      <summary>${t("lesson.tried")}</summary>
      <p>${both(lesson.tried.about)}</p>
      <table class="tried">
        <thead><tr><td></td>${lesson.tried.head.map((title) => html`<th scope="col">${both(title)}</th>`)}<th scope="col">${t("lesson.helps")}</th></tr></thead>
        <tbody>${lesson.tried.rows.map(({ what, found, helps }) => html`<tr key=${what.en}>
          <th scope="row">${both(what)}</th>${found.map((value) => html`<td>${value}</td>`)}<td>${t(helps ? "lesson.yes" : "lesson.no")}</td></tr>`)}</tbody>
      </table>
    </details>`}
    <nav class="ways" aria-label=${t("lessons")}>
      ${before && html`<${LessonLink} run=${run} lesson=${before} class="button small quiet" label=${`← ${both(before.title)}`} />`}
      ${after && html`<${LessonLink} run=${run} lesson=${after} class="button small quiet" label=${`${both(after.title)} →`} />`}
    </nav>
  </section>`;
}

/** What is to be seen among the measurements, where it is spoken of. @param {{names: string[]}} props */
function Figures({ names }) {
  // As text, so that equal ones redraw nothing.
  const text = useStore((s) => (s.fresh ? s.snapshot?.metrics ?? [] : []).filter((m) => names.includes(m.name))
    .map((m) => [term(`metric.${m.name}`, m.title), ...figure(m)].join("|")).join("\n"));
  const rows = text.split("\n").map((line) => line.split("|"));
  return html`<dl class="figures">${text && rows.map(([title, value, behind]) =>
    html`<div key=${title}><dt>${title}</dt><dd><b>${value}</b>${behind}</dd></div>`)}</dl>`;
}

/** @param {{run: Run, name: string, deed: Deed}} props */
function Act({ run, name, deed: { what, changes, link, move } }) {
  const label = both(what);
  if (link !== undefined) return html`<${LessonLink} run=${run} lesson=${{ name, link }} class="button small" label=${label} />`;
  const act = move !== undefined ? () => run.move(move) : () => apply(run, Object.fromEntries(new URLSearchParams(changes)));
  return html`<button class="button small" onClick=${act}>${label}</button>`;
}
