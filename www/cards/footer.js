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
  ["example.collapse", "v=1&data=grid25&glr=0.003&gb1=0.9&dlr=0.0003"],
  ["example.instability", "v=1&objective=leastsquares&g=16,16&gopt=sgd&glr=10&d=16,16&dopt=sgd&dlr=10"],
];

export function Footer() {
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
      <ul>${examples.map(([key, link]) => html`<li><a href=${"#" + link}>${t(key ?? "")}</a></li>`)}</ul>
    </section>
    <section class="small">
      ${set?.attribution && html`<p lang="en">${set.title}: ${set.attribution}</p>`}
      <p>${t("foot.licence")}</p>
    </section>
  </footer>`;
}
