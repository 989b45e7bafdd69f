/** The URL's hash is the experiment. Reading it, writing it, hearing of its changes. */

/** The hash as it stands, decoded by the core. */
export const read = () => location.hash;

/** A new experiment is a new entry in the history. @param {string} link canonical, `v=1&…` */
export function push(link) {
  if (location.hash === "#" + link) return;
  history.pushState(null, "", "#" + link);
  seen = location.hash;
}

/** The whole address of an experiment, without anything else that the page's address may carry. @param {string} link */
export const address = (link) => `${location.origin}${location.pathname}${location.search}#${link}`;

let seen = location.hash;

/**
 * Back, forward, a clicked example, a hash edited by hand. Browsers announce these by one or two events.
 * @param {() => void} changed
 */
export function listen(changed) {
  const look = () => {
    if (location.hash === seen) return;
    seen = location.hash;
    changed();
  };
  addEventListener("popstate", look);
  addEventListener("hashchange", look);
}
