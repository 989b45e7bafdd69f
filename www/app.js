/** Composition: the store, one run, and the cards of the page. */
import { render } from "preact";
import { first } from "./boot.js";
import { alone, startBeside } from "./beside/child.js";
import { EngineCard } from "./cards/engine.js";
import { Flow } from "./cards/flow.js";
import { Footer } from "./cards/footer.js";
import { Health } from "./cards/health.js";
import { Lede } from "./cards/lede.js";
import { LessonCard } from "./cards/lesson.js";
import { Metrics } from "./cards/metrics.js";
import { Notices } from "./cards/notices.js";
import { Controls } from "./controls/controls.js";
import { startDrops } from "./engine/files.js";
import { Keep } from "./engine/keep.js";
import { read } from "./engine/link.js";
import { startPace } from "./engine/pace.js";
import { Run } from "./engine/run.js";
import { Hand } from "./hand/card.js";
import { Header } from "./header.js";
import { html } from "./html.js";
import { startLanguage, t } from "./i18n.js";
import { startKeys } from "./keys.js";
import { Later } from "./later.js";
import { startLessons } from "./lessons/lesson.js";
import { startMirror } from "./mirror.js";
import { useNarrow } from "./narrow.js";
import { Side, Stage } from "./panels/registry.js";
import { useStore } from "./state.js";
import { Part, Tabs } from "./tabs.js";

/** @param {{run: Run}} props */
function App({ run }) {
  // A change of language redraws everything below.
  useStore((s) => s.lang);
  const narrow = useNarrow();
  const lede = html`<${Lede} run=${run} />`;
  const health = html`<${Later}><${Health} run=${run} /><//>`;
  return html`
    <a class="skip" href="#controls" onClick=${skip}>${t("skip")}</a>
    <${Header} run=${run} />
    <main>
      <${Notices} />
      ${!narrow && lede}
      <div class="bench">
        <section class="see" aria-label=${t("see")}>
          <div class="stays">
            <${Later}><${Stage} run=${run} /><//>
            ${!narrow && health}
          </div>
        </section>
        <div class="desk" id="controls">
          ${narrow && html`<${Tabs} />`}
          <${Part} name="watch" narrow=${narrow}>
            ${narrow && health}
            <${LessonCard} run=${run} />
            ${narrow && lede}
            <div class="watched"><${Hand} run=${run} /><${Later}><${Flow} /><//></div>
          <//>
          <${Part} name="setup" narrow=${narrow}><${Controls} run=${run} part="setup" /><//>
          <${Part} name="tune" narrow=${narrow}><${Controls} run=${run} part="tune" /><//>
          <${Part} name="measure" narrow=${narrow}>
            <div class="column one"><${Later}><${Side} run=${run} /><${EngineCard} /><//></div>
            <div class="column two"><${Later}><${Metrics} /><//></div>
          <//>
          <${Part} name="learn" narrow=${narrow}><${Later}><${Footer} run=${run} /><//><//>
        </div>
      </div>
    </main>
    <${Announcer} />`;
}

/** The picture alone, for a page around it that has the rest. @param {{run: Run}} props */
function Alone({ run }) {
  useStore((s) => s.lang);
  return html`<main class="alone"><${Notices} /><${Later}><${Stage} run=${run} /><//></main>`;
}

/** The hash is the experiment, so a link within the page must not set it. @param {MouseEvent} event */
function skip(event) {
  event.preventDefault();
  const all = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("#controls form :is(input, button, select)"));
  [...all].find((control) => control.checkVisibility())?.focus();
}

/** What changed, for those who cannot see it: states and confirmations only, never numbers that run. */
function Announcer() {
  const said = useStore((s) => s.said);
  return html`<p class="unseen" role="status" aria-live="polite">${said}</p>`;
}

startLanguage();
startMirror();
startLessons();
const run = new Run(first);
// Before the run: its first step has a pace.
startPace(run);
run.open(read());
startKeys(run);
startDrops(run);
startBeside(run);
// In a task of its own: the modules were evaluated in this one.
setTimeout(() => {
  const root = document.getElementById("app");
  if (!root) return;
  root.textContent = "";
  render(alone() ? html`<${Alone} run=${run} />` : html`<${App} run=${run} />`, root);
  if (!alone()) new Keep(run).start();
});
