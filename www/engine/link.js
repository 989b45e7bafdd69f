/** The URL's hash is the experiment. Reading it, writing it, hearing of its changes. */

/** The hash as it stands, decoded by the core. */
export const read = () => location.hash;

/** A new run is a new entry in the history. @param {string} link canonical, `v=2&…` */
export const push = (link) => write(link, "pushState");

/** A run that was tuned is the same run: its entry has another address, and the way back leads to the run before. @param {string} link */
export const replace = (link) => write(link, "replaceState");

/** @param {string} link @param {"pushState" | "replaceState"} how */
function write(link, how) {
  const next = new URL("#" + link, location.href);
  if (next.hash === seen) return;
  // What the address should be holds from now on, whatever the browser does with it.
  seen = next.hash;
  clearTimeout(timer);
  try {
    history[how](KNOWN, "", next);
  } catch {
    later();
  }
}

/** The page's address with this lesson and this experiment. @param {string} lesson "" is none @param {string} link */
export function within(lesson, link) {
  const there = new URL("#" + link, location.href);
  if (lesson) there.searchParams.set("lesson", lesson);
  else there.searchParams.delete("lesson");
  return there;
}

/** Goes there, as by a link, without loading the page again. @param {string} lesson @param {string} link */
export function enter(lesson, link) {
  const next = within(lesson, link);
  if (next.href === location.href) return;
  seen = next.hash;
  clearTimeout(timer);
  try {
    history.pushState(KNOWN, "", next);
  } catch {
    location.assign(next);
  }
}

/** Milliseconds until an address that the browser refused is written again. */
const AGAIN = 5000;
let timer = 0;

/** Safari refuses the hundredth change of the address within half a minute; the last one of a burst is made up for. */
function later() {
  timer = window.setTimeout(() => {
    try {
      if (location.hash !== seen) history.replaceState(KNOWN, "", seen);
    } catch {
      later();
    }
  }, AGAIN);
}

/** The whole address of an experiment, without anything else that the page's address may carry. @param {string} link */
export const address = (link) => `${location.origin}${location.pathname}${location.search}#${link}`;

/**
 * The link of an experiment that ends after `step` steps, in the order in which the core writes it.
 * @param {string} link canonical @param {number} step
 */
export function upTo(link, step) {
  const change = (/** @type {string} */ part) => /^(\d+):/.exec(part)?.[1];
  // What changes at the end or later leaves no trace.
  const parts = link.split("&").filter((part) => !part.startsWith("stop=") && !(Number(change(part) ?? -1) >= step));
  const after = parts.findIndex((part) => part.startsWith("engine=") || change(part));
  parts.splice(after < 0 ? parts.length : after, 0, `stop=${step}`);
  return parts.join("&");
}

let seen = location.hash;

/** The mark of a history entry that was here before: whoever comes to an entry without it opens it for the first time. */
const KNOWN = { known: true };

function mark() {
  try {
    history.replaceState(KNOWN, "");
  } catch {
    // Refused as above: the way back to this entry then counts as a visit.
  }
}

/**
 * Back, forward, a clicked example, a hash edited by hand. Browsers announce these by one or two events.
 * @param {(visit: boolean) => void} changed  `visit`: opened by a link or an address, not by going back or forward
 */
export function listen(changed) {
  mark();
  const look = () => {
    if (location.hash === seen) return;
    clearTimeout(timer);
    seen = location.hash;
    const visit = !history.state?.known;
    if (visit) mark();
    changed(visit);
  };
  addEventListener("popstate", look);
  addEventListener("hashchange", look);
}
