/**
 * A canvas that redraws itself: when a snapshot arrives, when its size changes, when light turns dark; at most once a
 * frame and never while nobody can see it. Sizes come from an observer, so that drawing never asks for layout.
 */
import { useEffect, useRef } from "preact/hooks";
import { get, subscribe } from "../state.js";
import { onTheme } from "./palette.js";

/** @import { Snapshot } from "../types.d.ts" */

/**
 * @param {(context: CanvasRenderingContext2D, width: number, height: number, snapshot: Snapshot | null, ratio: number) => void} draw
 *   width and height in CSS pixels; the context is scaled to device pixels and cleared already
 * @param {{every?: number, watch?: unknown[]}} [options]  `every`: at least so many milliseconds between two drawings;
 *   `watch`: what else asks for a drawing when it changes
 */
export function useCanvas(draw, { every = 0, watch = [] } = {}) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const latest = useRef(draw);
  latest.current = draw;
  const again = useRef(() => {});

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context) return;
    let width = 0;
    let height = 0;
    let frame = 0;
    let timer = 0;
    let drawn = -Infinity;
    const paint = () => {
      frame = 0;
      if (width < 2 || height < 2) return;
      drawn = performance.now();
      const ratio = Math.min(3, devicePixelRatio || 1);
      const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
      if (element.width !== w || element.height !== h) {
        element.width = w;
        element.height = h;
      }
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, height);
      latest.current(context, width, height, get().snapshot, ratio);
    };
    const soon = () => { frame ||= requestAnimationFrame(paint); };
    const ask = () => {
      if (document.hidden || frame) return;
      const rest = every - (performance.now() - drawn);
      if (rest <= 0) soon();
      else timer ||= window.setTimeout(() => { timer = 0; soon(); }, rest);
    };
    again.current = soon;
    let last = get().snapshot;
    const stop = subscribe((s) => {
      if (s.snapshot === last) return;
      last = s.snapshot;
      ask();
    });
    const sizes = new ResizeObserver(([entry]) => {
      if (!entry) return;
      ({ width, height } = entry.contentRect);
      soon();
    });
    sizes.observe(element);
    const theme = onTheme(soon);
    document.addEventListener("visibilitychange", ask);
    return () => {
      stop();
      theme();
      sizes.disconnect();
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", ask);
    };
  }, []);

  useEffect(() => again.current(), watch);
  return canvas;
}
