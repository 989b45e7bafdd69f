/** Whether the page is a small one: then the picture stays and everything else shares the rest, tab by tab. */
import { useEffect, useState } from "preact/hooks";

/** As in css/layout.css: a phone, a tablet held upright, or a phone on its side. */
const small = matchMedia("(max-width: 860px), (max-height: 480px)");

export const isNarrow = () => small.matches;

export function useNarrow() {
  const [narrow, set] = useState(small.matches);
  useEffect(() => {
    const look = () => set(small.matches);
    look();
    small.addEventListener("change", look);
    return () => small.removeEventListener("change", look);
  }, []);
  return narrow;
}
