/** The stage of pictures: samples from noise that never changes, beside real ones of the same size. */
import { useEffect, useRef } from "preact/hooks";
import { html } from "../html.js";
import { t } from "../i18n.js";
import { get, subscribe } from "../state.js";
import { useLabel } from "./label.js";
import { paint, size } from "./mosaic.js";
import { colours, onTheme } from "./palette.js";

/** @import { ImagesPanel, Role, Snapshot } from "../types.d.ts" */

/** Real pictures shown, in columns beside the generated ones (wide) or rows below them (narrow). */
const REAL = 3;

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
      const samples = find(snapshot, "generated");
      if (!samples || width < 2) return;
      const examples = find(snapshot, "real");
      const ramp = colours().ramp;
      const n = samples.shape[0] ?? 0;
      const side = Math.ceil(Math.sqrt(n));
      const wide = width > 560;
      const shown = Math.min(examples?.shape[0] ?? 0, REAL * side);
      const columns = wide ? Math.ceil(shown / side) : side;
      if (generated.current) paint(generated.current, samples, side, n, ramp);
      if (examples && real.current && shown > 0) paint(real.current, examples, columns, shown, ramp);
      // One scale for both; where screen pixels are coarse and there is room, whole ones a texel, so that no pixel of a digit is wider than the next.
      const ratio = devicePixelRatio || 1;
      const [gw, gh] = size(samples, side, n);
      const [rw, rh] = examples && shown > 0 ? size(examples, columns, shown) : [0, 0];
      const across = wide ? (width - 28) / (gw + rw) : width / Math.max(gw, rw);
      const down = wide ? height / gh : Infinity;
      const most = Math.min(across, down);
      const scale = wide && ratio < 2 && most >= 1 ? Math.floor(most * ratio) / ratio : most;
      fit(generated.current, gw * scale, gh * scale);
      fit(real.current, rw * scale, rh * scale);
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
      width = entry.contentRect.width;
      height = Math.max(300, innerHeight - 330);
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
  useLabel(generated, "stage.labelImages");

  return html`<div class="card stage pictures" ref=${box}>
    <figure class="is-generated"><canvas ref=${generated} role="img" aria-label=${t("stage.images")}></canvas>
      <figcaption><i class="swatch"></i>${t("images.generated")}</figcaption></figure>
    <figure class="is-real"><canvas ref=${real} role="img" aria-label=${t("images.real")}></canvas>
      <figcaption><i class="swatch"></i>${t("images.real")}</figcaption></figure>
  </div>`;
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
