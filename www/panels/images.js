/** The stage of pictures: samples from noise that never changes, beside real ones of the same size; or these alone, with what is said of each. */
import { useEffect, useRef } from "preact/hooks";
import { html } from "../html.js";
import { both, t } from "../i18n.js";
import { get, set, subscribe, useStore } from "../state.js";
import { Head } from "./head.js";
import { useLabel } from "./label.js";
import { paint, size } from "./mosaic.js";
import { colours, onTheme } from "./palette.js";

/** @import { ImagesPanel, Role, Snapshot } from "../types.d.ts" */

/** The most columns of real pictures beside the generated ones. */
const REAL = 3;
/** CSS pixels between the two. */
const GAP = 20;

export function Images() {
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const generated = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const real = useRef(/** @type {HTMLCanvasElement | null} */ (null));

  useEffect(() => {
    if (!box.current) return;
    let width = 0;
    let height = 0;
    let frame = 0;
    const draw = () => {
      frame = 0;
      const { snapshot } = get();
      const made = find(snapshot, "generated");
      const given = find(snapshot, "real");
      const samples = made ?? given;
      if (!samples || width < 2) return;
      const examples = made && given;
      const ramp = colours().ramp;
      const n = samples.shape[0] ?? 0;
      const across = samples.columns || Math.ceil(Math.sqrt(n));
      const down = Math.ceil(n / across);
      const { columns, shown, scale } = layout(samples, examples, across, down, width, height);
      if (generated.current) paint(generated.current, samples, across, n, ramp, colours().dis);
      if (examples && real.current && shown > 0) paint(real.current, examples, columns, shown, ramp);
      const [gw, gh] = size(samples, across, n);
      const [rw, rh] = examples && shown > 0 ? size(examples, columns, shown) : [0, 0];
      fit(generated.current, gw * scale, gh * scale);
      fit(real.current, rw * scale, rh * scale);
      if (real.current) real.current.hidden = !examples || shown === 0;
    };
    const soon = () => { if (!document.hidden) frame ||= requestAnimationFrame(draw); };
    let last = get().snapshot;
    const stop = subscribe((s) => {
      if (s.snapshot === last) return;
      last = s.snapshot;
      soon();
    });
    const sizes = new ResizeObserver(([entry]) => {
      if (!entry) return;
      ({ width, height } = entry.contentRect);
      soon();
    });
    sizes.observe(box.current);
    const theme = onTheme(soon);
    document.addEventListener("visibilitychange", soon);
    return () => {
      stop();
      theme();
      sizes.disconnect();
      cancelAnimationFrame(frame);
      document.removeEventListener("visibilitychange", soon);
    };
  }, []);
  const takes = useStore((s) => s.opened !== null && "look" in s.opened.values);
  /** @param {MouseEvent} event */
  const point = ({ offsetX, offsetY, currentTarget }) => {
    const panel = find(get().snapshot, "generated");
    if (!panel || !takes || !(currentTarget instanceof HTMLElement)) return;
    const count = panel.shape[0] ?? 0;
    const across = panel.columns || Math.ceil(Math.sqrt(count));
    const column = Math.floor((offsetX / currentTarget.clientWidth) * across);
    const row = Math.floor((offsetY / currentTarget.clientHeight) * Math.ceil(count / across));
    const n = row * across + column;
    if (n < 0 || n >= count) return;
    // Of classes, a row is one noise and a column a class.
    set({ pointed: panel.columns > 0 ? { n: row, klass: column } : { n, klass: null } });
  };
  useLabel(generated, "stage.labelImages");
  // As text, so that the tree is drawn anew only when a caption changes.
  const said = useStore((s) => {
    const panel = find(s.snapshot, "generated") ?? find(s.snapshot, "real");
    return (panel?.captions ?? []).map(({ text, right }) => `${right === false ? "wrong" : "right"} ${both(text)}`).join("|");
  });
  const captions = said.split("|").filter(Boolean);
  const makes = useStore((s) => !s.snapshot || find(s.snapshot, "generated") !== undefined);
  const game = useStore((s) => s.opened?.networks.some(({ player }) => player === "g") ?? true);
  const made = useStore((s) => both(find(s.snapshot, "generated")?.title));
  const about = useStore((s) => (makes ? "" : both(find(s.snapshot, "real")?.title)));

  const believed = useStore((s) => (find(s.snapshot, "generated")?.believed.length ?? 0) > 0);

  // A canvas that nothing is painted on yet would be 300 pixels wide, more than a phone has for two.
  return html`<div class="card stage">
    <${Head} />
    <div class="pictures" ref=${box}>
      <div class="picture">
        <canvas ref=${generated} width="1" height="1" class=${makes ? `is-generated ${takes ? "can-pick" : ""}` : "is-real"} title=${makes && takes ? t("hand.point") : ""} onClick=${point} role="img" aria-label=${t("stage.images")}></canvas>
        ${captions.length > 0 && html`<div class="captions" style=${`grid-template-columns: repeat(${Math.ceil(Math.sqrt(captions.length))}, 1fr)`}>
          ${captions.map((caption) => html`<span class=${`is-${caption.slice(0, 5)}`}>${caption.slice(6)}</span>`)}
        </div>`}
      </div>
      <canvas ref=${real} width="1" height="1" class="is-real" role="img" aria-label=${t("images.real")}></canvas>
    </div>
    <div class="legend">
      ${makes && html`<span class="layer is-generated"><i class="swatch"></i>${game ? t("images.generated") : made}</span>
      <span class="layer is-real"><i class="swatch"></i>${t("images.real")}</span>`}
      ${believed && html`<span class="layer is-belief" title=${t("images.believed.about")}><i class="bar"></i>${t("images.believed")}</span>`}
      ${about && html`<span class="layer is-real"><i class="swatch"></i>${about}</span>`}
    </div>
  </div>`;
}

/**
 * One scale for both sets, and as many real ones as cost the generated ones no size. Where screen pixels are coarse, a
 * texel is whole ones of them if that loses little, so that no pixel of a digit is wider than the next.
 * @param {ImagesPanel} samples @param {ImagesPanel | undefined} examples @param {number} across @param {number} down @param {number} width @param {number} height
 */
function layout(samples, examples, across, down, width, height) {
  const ratio = devicePixelRatio || 1;
  const [gw, gh] = size(samples, across, samples.shape[0] ?? 0);
  let best = { columns: 0, shown: 0, scale: 0 };
  let most = 0;
  for (let columns = 1; columns <= REAL; columns++) {
    const shown = Math.min(examples?.shape[0] ?? 0, columns * down);
    const rw = examples && shown > 0 ? size(examples, columns, shown)[0] : 0;
    const fits = Math.min((width - GAP) / (gw + rw), height / gh);
    const whole = Math.floor(fits * ratio) / ratio;
    const scale = whole > 0.8 * fits ? whole : fits;
    const area = scale * scale * (gw + rw);
    if (area > most) [best, most] = [{ columns, shown, scale }, area];
  }
  return best;
}

/** @param {Snapshot | null} snapshot @param {Role} role @returns {ImagesPanel | undefined} */
function find(snapshot, role) {
  for (const panel of snapshot?.panels ?? []) if (panel.kind === "images" && panel.role === role) return panel;
  return undefined;
}

/** @param {HTMLCanvasElement | null} canvas @param {number} width @param {number} height CSS pixels */
function fit(canvas, width, height) {
  if (!canvas) return;
  const [w, h] = [`${width}px`, `${height}px`];
  if (canvas.style.width !== w) canvas.style.width = w;
  if (canvas.style.height !== h) canvas.style.height = h;
}
