/** Composition: the store, one run, and the cards of the page. */
import { render } from "preact";
import { first } from "./boot.js";
import { EngineCard } from "./cards/engine.js";
import { Flow } from "./cards/flow.js";
import { Footer } from "./cards/footer.js";
import { Health } from "./cards/health.js";
import { Metrics } from "./cards/metrics.js";
import { Notices } from "./cards/notices.js";
import { Controls } from "./controls/controls.js";
import { read } from "./engine/link.js";
import { Run } from "./engine/run.js";
import { Header } from "./header.js";
import { html } from "./html.js";
import { startLanguage } from "./i18n.js";
import { startKeys } from "./keys.js";
import { Later } from "./later.js";
import { startMirror } from "./mirror.js";
import { Side, Stage } from "./panels/registry.js";
import { useStore } from "./state.js";

/** @param {{run: Run}} props */
function App({ run }) {
  // A change of language redraws everything below.
  useStore((s) => s.lang);
  return html`
    <${Header} run=${run} />
    <${Notices} />
    <main>
      <section class="column centre"><${Later}><${Stage} run=${run} /><//></section>
      <section class="column right">
        <${Later}><${Health} run=${run} /><${Side} run=${run} /><//>
        <${Later}><${Metrics} /><${EngineCard} /><//>
      </section>
      <section class="column game"><${Later}><${Flow} /><//></section>
      <section class="column left"><${Controls} run=${run} /></section>
    </main>
    <${Later}><${Footer} run=${run} /><//>
    <${Announcer} />`;
}

/** What changed, for those who cannot see it: states and confirmations only, never numbers that run. */
function Announcer() {
  const said = useStore((s) => s.said);
  return html`<p class="unseen" role="status" aria-live="polite">${said}</p>`;
}

startLanguage();
startMirror();
const run = new Run(first);
run.open(read());
startKeys(run);
// In a task of its own: the modules were evaluated in this one.
setTimeout(() => {
  const root = document.getElementById("app");
  if (!root) return;
  root.textContent = "";
  render(html`<${App} run=${run} />`, root);
});
