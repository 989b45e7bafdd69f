/** Links to experiments of this page. */
import { html } from "../html.js";
import { both, t } from "../i18n.js";
import { addressOf, enter } from "../lessons/lesson.js";

/** @import { Lesson } from "../lessons/list.js" */
/** @typedef {import("../engine/run.js").Run} Run */

/** By a name in i18n, outside of all lessons if none is named. @param {{run: Run, name: string, link: string, lesson?: string, class?: string, about?: string}} props */
export const Open = ({ run, name, link, lesson = "", class: style, about }) =>
  html`<${Enter} run=${run} lesson=${lesson} link=${link} class=${style} about=${about} label=${t(name)} />`;

/** One of a lesson. @param {{run: Run, lesson: Pick<Lesson, "name" | "link"> & Partial<Lesson>, class?: string, label?: string}} props */
export const LessonLink = ({ run, lesson, class: style, label }) =>
  html`<${Enter} run=${run} lesson=${lesson.name} link=${lesson.link} class=${style} label=${label ?? both(lesson.title)} />`;

/** @param {{run: Run, lesson: string, link: string, class?: string, about?: string, label: string}} props */
function Enter({ run, lesson, link, class: style, about, label }) {
  /** A plain click opens it in this page, from the start, also where it is open already. @param {MouseEvent} event */
  const click = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    enter(run, lesson, link);
  };
  return html`<a class=${style} href=${addressOf(lesson, link)} title=${about} onClick=${click}>${label}</a>`;
}
