/** The first line: what is seen, in one sentence, and three experiments to begin with. */
import { ways } from "../examples.js";
import { html } from "../html.js";
import { both, t } from "../i18n.js";
import { lessonOf } from "../lessons/lesson.js";
import { useStore } from "../state.js";
import { Open } from "./open.js";

/** @param {{run: import("../engine/run.js").Run}} props */
export function Lede({ run }) {
  const kind = useStore((s) => s.opened?.kind ?? "points");
  // What the panels of the stage say of themselves, as text, so that new numbers redraw nothing.
  const shown = useStore((s) => (s.snapshot?.panels ?? []).filter((p) => p.place === "stage").map((p) => `${p.name}${p.kind === "points" && p.labels.length > 0 ? ".classes" : ""}|${both(p.title)}`).join("\n"));
  // Before the first picture, the places of the words.
  const panels = (shown || (kind === "images" ? "generated|\nreal|" : "real|\ngenerated|\nfield|")).split("\n").map((line) => line.split("|"));
  return html`<div class="lede">
    <p>${panels.map(([name = "", title = ""]) => html`<span class=${`is-${name.replace(".", " of-")}`}>
      <i class="swatch"></i><b>${t(`lede.${kind}.${name}`)}</b>${title && t("lede.is", { title })}</span> `)}</p>
    <nav class="ways" aria-label=${t("way")}>
      ${ways.map(({ name, lesson = "", link }) => html`<${Open} key=${name} run=${run} name=${name} lesson=${lesson} link=${link ?? lessonOf(lesson)?.link}
        class="button small" about=${t(`${name}.about`)} />`)}
    </nav>
  </div>`;
}
