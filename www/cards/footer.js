/** What a GAN is, experiments to open, and whose data it is. */
import { examples } from "../examples.js";
import { html } from "../html.js";
import { t } from "../i18n.js";
import { lessons } from "../lessons/list.js";
import { useStore } from "../state.js";
import { LessonLink, Open } from "./open.js";

/** @param {{run: import("../engine/run.js").Run}} props */
export function Footer({ run }) {
  const [catalog, opened] = useStore((s) => [s.catalog, s.opened]);
  const name = /** @type {import("../types.d.ts").Opened | null} */ (opened)?.values.data;
  const set = /** @type {import("../types.d.ts").Catalog | null} */ (catalog)?.datasets.find((d) => d.name === name);
  return html`<footer>
    <section>
      <h2>${t("foot.what")}</h2>
      <p>${t("foot.about")} <a href="https://arxiv.org/abs/1406.2661" rel="noreferrer">${t("foot.paper")}</a></p>
    </section>
    <section id="lessons">
      <h2>${t("lessons")}</h2>
      <ol>${lessons.map((lesson) => html`<li><${LessonLink} key=${lesson.name} run=${run} lesson=${lesson} /></li>`)}</ol>
    </section>
    <section>
      <h2>${t("foot.examples")}</h2>
      <ul>${examples.map(([name, link]) => html`<li><${Open} key=${name} run=${run} name=${name} link=${link} /></li>`)}
        <li><a href="beside.html">${t("example.beside")}</a></li></ul>
    </section>
    <section class="small">
      ${set?.attribution && html`<p lang="en">${set.title.en}: ${set.attribution}</p>`}
      <p>${t("foot.licence")}</p>
    </section>
  </footer>`;
}
