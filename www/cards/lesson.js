/** The lesson that is open: what to watch, what to do, a question and its answer. */
import { html } from "../html.js";
import { both, t } from "../i18n.js";
import { Icon } from "../icons.js";
import { leave, lessonOf } from "../lessons/lesson.js";
import { lessons } from "../lessons/list.js";
import { useStore } from "../state.js";
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
    <p><b>${t("lesson.ask")}</b>${t("space")}${both(lesson.ask)}</p>
    <details key=${name}>
      <summary>${t("lesson.answer")}</summary>
      <p>${both(lesson.answer)}</p>
      ${lesson.from && html`<p class="small"><a href=${lesson.from.href} rel="noreferrer">${both(lesson.from.what)}</a></p>`}
    </details>
    <nav class="ways" aria-label=${t("lessons")}>
      ${before && html`<${LessonLink} run=${run} lesson=${before} class="button small quiet" label=${`← ${both(before.title)}`} />`}
      ${after && html`<${LessonLink} run=${run} lesson=${after} class="button small quiet" label=${`${both(after.title)} →`} />`}
    </nav>
  </section>`;
}

/** @param {{run: Run, name: string, deed: Deed}} props */
function Act({ run, name, deed: { what, changes, link, move } }) {
  const label = both(what);
  if (link !== undefined) return html`<${LessonLink} run=${run} lesson=${{ name, link }} class="button small" label=${label} />`;
  const act = move !== undefined ? () => run.move(move) : () => apply(run, Object.fromEntries(new URLSearchParams(changes)));
  return html`<button class="button small" onClick=${act}>${label}</button>`;
}
