/** The text alternative of a picture that changes: written every two seconds at most, straight to the element. */
import { useEffect } from "preact/hooks";
import { t, tellAll, titleOf } from "../i18n.js";
import { get } from "../state.js";

/** @param {{current: HTMLElement | null}} element @param {string} key of the sentence */
export function useLabel(element, key) {
  useEffect(() => {
    const write = () => {
      const { snapshot, opened, fresh } = get();
      if (!fresh || !snapshot) return;
      const count = (/** @type {string} */ role) => snapshot.panels
        .reduce((n, panel) => n + ("role" in panel && panel.role === role ? panel.shape[0] ?? 0 : 0), 0);
      const text = t(key, {
        title: titleOf(opened), step: snapshot.step, real: count("real"), generated: count("generated"), sentence: tellAll(snapshot.sentence),
      });
      if (element.current && element.current.getAttribute("aria-label") !== text) element.current.setAttribute("aria-label", text);
    };
    write();
    const timer = setInterval(write, 2000);
    return () => clearInterval(timer);
  }, []);
}
