/** What a GAN is, experiments to open, and whose data it is. */
import { html } from "../html.js";
import { t } from "../i18n.js";
import { useStore } from "../state.js";

/** Plain links: each is a whole experiment. */
const examples = [
  ["example.ring", "v=1"],
  ["example.grid", "v=1&data=grid25"],
  ["example.moons", "v=1&data=moons"],
  ["example.mnist", "v=1&data=mnist"],
  ["example.collapse", "v=1&objective=minimax&g=32&glr=0.01&gb1=0.9&d=32&db1=0.9"],
  ["example.instability", "v=1&gopt=sgd&glr=0.5&dopt=sgd&dlr=0.5"],
];

/** @param {{run: import("../engine/run.js").Run}} props */
export function Footer({ run }) {
  // The browser says nothing where the address is this link's already; it plays from the start all the same.
  const again = (/** @type {MouseEvent} */ event) => {
    const { hash } = /** @type {HTMLAnchorElement} */ (event.currentTarget);
    if (hash === location.hash && !event.ctrlKey && !event.metaKey && !event.shiftKey) run.visit();
  };
  const [catalog, opened] = useStore((s) => [s.catalog, s.opened]);
  const name = /** @type {import("../types.d.ts").Opened | null} */ (opened)?.values.data;
  const set = /** @type {import("../types.d.ts").Catalog | null} */ (catalog)?.datasets.find((d) => d.name === name);
  return html`<footer>
    <section>
      <h2>${t("foot.what")}</h2>
      <p>${t("foot.about")} <a href="https://arxiv.org/abs/1406.2661" rel="noreferrer">${t("foot.paper")}</a></p>
    </section>
    <section>
      <h2>${t("foot.examples")}</h2>
      <ul>${examples.map(([key, link]) => html`<li><a href=${"#" + link} onClick=${again}>${t(key ?? "")}</a></li>`)}</ul>
    </section>
    <section class="small">
      ${set?.attribution && html`<p lang="en">${set.title}: ${set.attribution}</p>`}
      <p>${t("foot.licence")}</p>
    </section>
  </footer>`;
}
