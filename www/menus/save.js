/** Save: what the run has come to, as files. */
import { pick } from "../engine/files.js";
import { html } from "../html.js";
import { t } from "../i18n.js";
import { get } from "../state.js";
import { IMAGES, POINTS, saveHistory, savePicture, saveSamples, saveState } from "./export.js";
import { close, Item, Menu } from "./menu.js";

/** @typedef {import("../engine/run.js").Run} Run */

/** @param {{run: Run}} props */
export function Save({ run }) {
  const images = get().opened?.kind === "images";
  const makes = get().snapshot?.panels.some((panel) => panel.kind === "graph" || ("role" in panel && panel.role === "generated"));
  /** @param {(run: Run) => unknown} act */
  const then = (act) => () => {
    close();
    act(run);
  };
  return html`<${Menu} name="save" hint="s">
    <${Item} label=${t("save.state")} about=${t("save.state.about")} onClick=${then(saveState)} />
    ${makes && html`<${Item} label=${t("save.samples")} about=${t(images ? "save.samples.images" : "save.samples.points", { n: images ? IMAGES : POINTS })} onClick=${then(saveSamples)} />`}
    <${Item} label=${t("save.history")} about=${t("save.history.about")} onClick=${then(saveHistory)} />
    <${Item} label=${t("save.picture")} about=${t("save.picture.about")} onClick=${then(savePicture)} />
    <hr />
    <${Item} label=${t("save.open")} about=${t("save.open.about")} onClick=${then(pick)} />
  <//>`;
}
